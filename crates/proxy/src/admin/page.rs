//! The pages of the admin port: their paths, for whom they are, and by what method.

use http::Method;

use super::access::Audience;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Metrics,
    Livez,
    Readyz,
    /// In the form that `Accept` asks for.
    Status,
    StatusJson,
    StatusHtml,
    Evidence,
    /// One record; its trace id stands below the path.
    EvidenceRecord,
    Drift,
    Reload,
    CachePurge,
}

/// Below it stand the records by their trace ids.
const RECORDS: &str = "/evidence/";

const PAGES: [(&str, Page); 11] = [
    ("/metrics", Page::Metrics),
    ("/livez", Page::Livez),
    ("/readyz", Page::Readyz),
    ("/status", Page::Status),
    ("/status.json", Page::StatusJson),
    ("/status.html", Page::StatusHtml),
    ("/evidence", Page::Evidence),
    ("/evidence/{trace_id}", Page::EvidenceRecord),
    ("/drift", Page::Drift),
    ("/reload", Page::Reload),
    ("/cache/purge", Page::CachePurge),
];

impl Page {
    /// `None`: nothing is there.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        if Self::trace_id(path).is_some() {
            return Some(Self::EvidenceRecord);
        }
        let found = PAGES.iter().find(|(known, _)| *known == path);
        found.map(|(_, page)| *page)
    }

    /// The trace id of the path of a record.
    #[must_use]
    pub fn trace_id(path: &str) -> Option<&str> {
        let rest = path.strip_prefix(RECORDS)?;
        (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(rest)
    }

    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::Metrics | Self::Livez | Self::Readyz => Audience::Everybody,
            Self::Status | Self::StatusJson | Self::StatusHtml | Self::Drift => Audience::Operators,
            Self::Evidence | Self::EvidenceRecord | Self::Reload | Self::CachePurge => {
                Audience::OwnMachine
            }
        }
    }

    /// What `Allow` says.
    #[must_use]
    pub const fn methods(self) -> &'static str {
        match self {
            Self::Reload | Self::CachePurge => "POST",
            _ => "GET, HEAD",
        }
    }

    #[must_use]
    pub fn allows(self, method: &Method) -> bool {
        let mut methods = self.methods().split(", ");
        methods.any(|known| known == method.as_str())
    }

    /// All paths, for who asks for another.
    #[must_use]
    pub fn list() -> String {
        let paths: Vec<&str> = PAGES.iter().map(|(path, _)| *path).collect();
        format!("here are {}", paths.join(", "))
    }
}
