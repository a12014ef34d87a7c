//! The URL of a store: which server, as whom.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::secret::Secret;

/// What a URL of a store says. Nothing of it may be shown but the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUrl {
    pub place: StorePlace,
    pub username: Option<String>,
    pub password: Option<Secret>,
    pub database: u16,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorePlace {
    Tcp { host: String, port: u16, tls: bool },
    Unix(PathBuf),
}

/// Why a text is not the URL of a store. It says nothing of the text, which is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadStoreUrl {
    #[error(
        "names a Redis Cluster, and the fleet needs one server: in a cluster each shard fails over by itself, and no epoch covers them all"
    )]
    Cluster,
    #[error("names several servers, as for a Redis Cluster, and the fleet needs one")]
    SeveralServers,
    #[error("is not a URL of redis://, rediss:// or unix://")]
    Scheme,
    #[error("names no host")]
    NoHost,
    #[error("names port 0, on which nothing listens")]
    NoPort,
    #[error("names something else than the number of a database behind the host")]
    Database,
    #[error("has a query or a fragment of which nothing is known")]
    Unknown,
    #[error("has a user or a password that is not UTF-8 text, or a user without a password")]
    Login,
}

const PORT: u16 = 6379;

impl BadStoreUrl {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Cluster | Self::SeveralServers => "redis-cluster",
            _ => "bad-store-url",
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Cluster | Self::SeveralServers => {
                "Name the primary of a Redis or Valkey without cluster mode, or `sentinel` for several that stand in for each other."
            }
            Self::Login => {
                "Write redis://user:password@host, with what is no letter or digit as %XX."
            }
            _ => "Write redis://host:6379/0, rediss://host:6379/0 or unix:///run/redis.sock?db=0.",
        }
    }
}

impl StoreUrl {
    /// Reads `redis://`, `rediss://` (TLS) and `unix://`, with `valkey` for `redis` if one likes.
    ///
    /// # Errors
    /// What keeps it from being the URL of one server.
    pub fn parse(text: &str) -> Result<Self, BadStoreUrl> {
        let (scheme, rest) = text.split_once("://").ok_or(BadStoreUrl::Scheme)?;
        if scheme.contains("cluster") {
            return Err(BadStoreUrl::Cluster);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let hosts = authority.rsplit('@').next().unwrap_or_default();
        if hosts.contains([',', ';']) {
            return Err(BadStoreUrl::SeveralServers);
        }
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if text.contains(odd) {
            return Err(BadStoreUrl::Scheme);
        }
        match scheme {
            "redis" | "valkey" => tcp(text, false),
            "rediss" | "valkeys" => tcp(text, true),
            "unix" | "redis+unix" | "valkey+unix" => unix(text),
            _ => Err(BadStoreUrl::Scheme),
        }
    }
}

fn tcp(text: &str, tls: bool) -> Result<StoreUrl, BadStoreUrl> {
    let url = Url::parse(text).map_err(|_| BadStoreUrl::NoHost)?;
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = match (url.host(), host) {
        // Without the brackets, as a resolver takes it.
        (Some(Host::Ipv6(address)), _) => address.to_string(),
        (_, Some(host)) => host.to_owned(),
        _ => return Err(BadStoreUrl::NoHost),
    };
    let port = url.port().unwrap_or(PORT);
    if port == 0 {
        return Err(BadStoreUrl::NoPort);
    }
    let mut words = url.query_pairs();
    if words.any(|(name, _)| name.contains("cluster")) {
        return Err(BadStoreUrl::Cluster);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BadStoreUrl::Unknown);
    }
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.map(|text| text.into_owned())
            .map_err(|_| BadStoreUrl::Login)
    };
    let username = decoded(url.username())?;
    let password = url.password().map(decoded).transpose()?;
    let password = password.filter(|text| !text.is_empty());
    Ok(StoreUrl {
        place: StorePlace::Tcp { host, port, tls },
        username: Some(username).filter(|text| !text.is_empty()),
        password: password.map(Secret::new),
        database: database(url.path().trim_start_matches('/'))?,
    })
}

fn unix(text: &str) -> Result<StoreUrl, BadStoreUrl> {
    let (_, rest) = text.split_once("://").ok_or(BadStoreUrl::Scheme)?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') || path.len() < 2 {
        return Err(BadStoreUrl::NoHost);
    }
    let path = percent_decode_str(path).decode_utf8();
    let path = path.map_err(|_| BadStoreUrl::NoHost)?;
    let number = match query.split_once('=') {
        Some(("db", number)) => number,
        None if query.is_empty() => "",
        _ => return Err(BadStoreUrl::Unknown),
    };
    Ok(StoreUrl {
        place: StorePlace::Unix(PathBuf::from(path.into_owned())),
        username: None,
        password: None,
        database: database(number)?,
    })
}

fn database(text: &str) -> Result<u16, BadStoreUrl> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| BadStoreUrl::Database)
}

impl StorePlace {
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        matches!(self, Self::Tcp { tls: true, .. })
    }

    /// Whether others could read what is sent there.
    #[must_use]
    pub fn is_plain_to_others(&self) -> bool {
        match self {
            Self::Tcp { host, tls, .. } => !tls && !is_loopback(host),
            Self::Unix(_) => false,
        }
    }
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port, .. } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port, .. } => write!(f, "{host}:{port}"),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

pub fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// `host:port` or `[address]:port`.
pub fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')?
            .parse::<Ipv6Addr>()
            .ok()?
            .to_string(),
        None => host.to_owned(),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    (!host.is_empty() && host.chars().all(fits)).then_some((host, port))
}
