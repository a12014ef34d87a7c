//! Which of the gateway's own pages a path leads to.

use contract::router::normal_path;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    OpenApi,
    Docs,
    /// `/docs/`, as people write it.
    DocsWithSlash,
    /// For readers without scripts, and for print.
    PlainDocs,
    /// What `/docs` loads, by the name.
    DocsFile(String),
    Problems,
    /// By the code.
    Problem(String),
}

impl Page {
    pub fn find(path: &str) -> Option<Self> {
        let path = &*normal_path(path);
        match path {
            "/openapi.json" => Some(Self::OpenApi),
            "/docs" => Some(Self::Docs),
            "/docs/" => Some(Self::DocsWithSlash),
            "/docs/plain" => Some(Self::PlainDocs),
            "/problems" => Some(Self::Problems),
            _ => below(path, "/docs/")
                .map(Self::DocsFile)
                .or_else(|| below(path, "/problems/").map(Self::Problem)),
        }
    }

    /// Stands for the operation in metrics and the log.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Docs | Self::DocsWithSlash | Self::PlainDocs | Self::DocsFile(_) => "docs",
            Self::Problems | Self::Problem(_) => "problems",
        }
    }

    /// The template of the path.
    pub const fn route(&self) -> &'static str {
        match self {
            Self::OpenApi => "/openapi.json",
            Self::Docs | Self::DocsWithSlash => "/docs",
            Self::PlainDocs => "/docs/plain",
            Self::DocsFile(_) => "/docs/{file}",
            Self::Problems => "/problems",
            Self::Problem(_) => "/problems/{code}",
        }
    }
}

/// The one segment of a path behind a prefix.
fn below(path: &str, prefix: &str) -> Option<String> {
    let segment = path.strip_prefix(prefix)?;
    (!segment.is_empty() && !segment.contains('/')).then(|| segment.to_owned())
}
