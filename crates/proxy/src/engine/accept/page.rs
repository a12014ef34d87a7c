//! Which of the gateway's own pages a path leads to.

use contract::router::normal_path;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    OpenApi,
    Docs,
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
            "/problems" => Some(Self::Problems),
            _ => {
                let code = path.strip_prefix("/problems/")?;
                (!code.is_empty() && !code.contains('/')).then(|| Self::Problem(code.to_owned()))
            }
        }
    }

    /// Stands for the operation in metrics and the log.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Docs => "docs",
            Self::Problems | Self::Problem(_) => "problems",
        }
    }

    /// The template of the path.
    pub const fn route(&self) -> &'static str {
        match self {
            Self::OpenApi => "/openapi.json",
            Self::Docs => "/docs",
            Self::Problems => "/problems",
            Self::Problem(_) => "/problems/{code}",
        }
    }
}
