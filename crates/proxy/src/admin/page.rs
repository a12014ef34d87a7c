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
    Reload,
    CachePurge,
}

const PAGES: [(&str, Page); 8] = [
    ("/metrics", Page::Metrics),
    ("/livez", Page::Livez),
    ("/readyz", Page::Readyz),
    ("/status", Page::Status),
    ("/status.json", Page::StatusJson),
    ("/status.html", Page::StatusHtml),
    ("/reload", Page::Reload),
    ("/cache/purge", Page::CachePurge),
];

impl Page {
    /// `None`: nothing is there.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let found = PAGES.iter().find(|(known, _)| *known == path);
        found.map(|(_, page)| *page)
    }

    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::Metrics | Self::Livez | Self::Readyz => Audience::Everybody,
            Self::Status | Self::StatusJson | Self::StatusHtml => Audience::Operators,
            Self::Reload | Self::CachePurge => Audience::OwnMachine,
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
