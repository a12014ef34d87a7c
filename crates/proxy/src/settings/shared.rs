//! `shared`: the store through which replicas act as one.

mod login;
mod sentinel;
mod store_url;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use super::key::{
    Key, Need, Preset, Row, Section, Span, count, flag, one_of, optional_secret,
    optional_text_or_secret, section, text, time, words,
};
use super::node::{CredentialValue, Node, SECRET_IN_THE_OPEN};
use crate::secret::SecretSource;
pub use login::Login;
pub use sentinel::SentinelSettings;
pub use store_url::{BadStoreUrl, StorePlace, StoreUrl};

/// How replicas find their store, and how they use it.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedSettings {
    pub server: StoreServer,
    /// Of the store, where they do not stand in its URL. A file is read again at each connect.
    pub login: Login,
    /// A CA of the operator's instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Every key begins with it.
    pub prefix: String,
    /// How many replicas must have an entry of the journal before it counts.
    pub replicas: u32,
    /// What one request waits for the store at most, all commands together.
    pub budget: Duration,
    pub writes_without_store: WithoutStore,
    /// Whether answers are shared too.
    pub cache: bool,
}

/// Which server is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum StoreServer {
    Open(StoreUrl),
    /// It is read as a [`StoreUrl`] at the start.
    Secret(SecretSource),
    Sentinel(SentinelSettings),
}

/// What becomes of a write that the others cannot be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutStore {
    Allow,
    Refuse,
}

static URL: Row = optional_text_or_secret(
    "url",
    "this or `sentinel`",
    "`redis://host:port/database`, `rediss://…` for TLS, or `unix:///path?db=0`; as a secret where it holds a password. One server: no Redis Cluster",
);
static USERNAME: Row = optional_text_or_secret(
    "username",
    "the URL's, else none",
    "of an ACL; plain or as a secret",
);
static PASSWORD: Row = optional_secret(
    "password",
    "the URL's, else none",
    "as a secret; a file is read again at each connect, so it can rotate",
);
static CA_FILE: Key<String> = text(
    "ca_file",
    Need::Optional("the system's"),
    "a PEM file of the only CAs to trust; with TLS only",
);
static PREFIX: Preset<Cow<'static, str>> = words(
    "prefix",
    "lms-gateway",
    "what every key begins with: two deployments with one store have two. Letters, digits, `-`, `_`, `.` and `:`, at most 64",
);
static REPLICAS: Preset<usize> = count(
    "replicas",
    (0, 16),
    0,
    "how many replicas of the store must have what is told to the others before it counts; all that can be promoted, or a failover may lose it",
);
static BUDGET: Preset<Duration> = time(
    "budget",
    Span::ABOVE_ZERO,
    Duration::from_millis(25),
    "what one request waits for the store at most, all commands together; at most 1 s. Apart from it, a write waits for the other members",
);
static WRITES_WITHOUT_STORE: Preset<&str> = one_of(
    "writes_without_store",
    &["allow", "refuse"],
    "allow",
    "`refuse`: a write that the others cannot be told of is a 503, and nothing is sent",
);
static CACHE: Preset<bool> = flag(
    "cache",
    false,
    "whether answers of vendors are kept in the store too, so that a fleet asks once for each",
);

pub static SHARED: Section = section(
    "shared",
    Need::Optional("none"),
    ROWS,
    "replicas act as one through a Redis or Valkey; it changes at a restart only",
);
static ROWS: &[&Row] = &[
    &URL,
    &sentinel::SENTINEL.row,
    &USERNAME,
    &PASSWORD,
    &CA_FILE.row,
    &PREFIX.row,
    &REPLICAS.row,
    &BUDGET.row,
    &WRITES_WITHOUT_STORE.row,
    &CACHE.row,
];

impl SharedSettings {
    /// Every secret.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretSource> {
        let (url, sentinel) = match &self.server {
            StoreServer::Open(_) => (None, None),
            StoreServer::Secret(source) => (Some(source), None),
            StoreServer::Sentinel(sentinel) => (None, Some(&sentinel.login)),
        };
        let logins = std::iter::once(&self.login).chain(sentinel);
        url.into_iter().chain(logins.flat_map(Login::secrets))
    }

    /// What works and is probably not meant, as far as the settings alone show it.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let plain = match &self.server {
            StoreServer::Open(url) => url.place.is_plain_to_others(),
            StoreServer::Secret(_) => false,
            StoreServer::Sentinel(sentinel) => !sentinel.tls && !sentinel.is_loopback(),
        };
        let plain = plain && self.login.password.is_some();
        plain
            .then(|| PLAIN_PASSWORD.to_owned())
            .into_iter()
            .collect()
    }
}

/// A password that everybody on the way can read.
pub const PLAIN_PASSWORD: &str = "`shared`: the password of the store goes there in the clear, and so does what the store holds; use TLS (`rediss://`, or `sentinel.tls`) unless the network between is yours alone";

/// `None`: nothing is shared, or it cannot be read.
pub fn read(root: &Node<'_>) -> Option<SharedSettings> {
    let node = root.optional(&SHARED)?;
    let server = read_server(&node);
    let login = Login::read(&node, &USERNAME, &PASSWORD);
    if let Some(StoreServer::Open(url)) = &server
        && url.username.is_some()
    {
        node.refuse(
            &URL,
            SECRET_IN_THE_OPEN,
            "`url` has a user in it and stands here in the open",
            "Write the user as `username`, or the whole URL as {env: NAME} or {file: PATH}.",
        );
    }
    let ca_file = node.ask(&CA_FILE).map(|path| node.path(&path));
    if let Some(path) = &ca_file {
        node.ca_file(&CA_FILE.row, path.clone());
        if server.as_ref().is_some_and(|server| !server.may_be_tls()) {
            node.refuse(
                &CA_FILE.row,
                "useless-ca-file",
                "`ca_file` is never used, because the store is not asked by TLS",
                "Leave it out, or write `rediss://`, or `sentinel.tls: true`.",
            );
        }
    }
    let prefix = node.get(&PREFIX).into_owned();
    if !is_prefix(&prefix) {
        // A brace would move the hash tag that keeps an account's keys together.
        node.refuse(
            &PREFIX.row,
            "bad-prefix",
            "no key of ours can begin with this `prefix`",
            "Write 1 to 64 letters, digits, `-`, `_`, `.` or `:`.",
        );
    }
    let budget = node.get(&BUDGET);
    if budget > LONGEST_BUDGET {
        node.refuse(
            &BUDGET.row,
            "too-long",
            "`budget` is longer than 1s, which every request would wait while the store hangs",
            "Write a time of at most 1s.",
        );
    }
    let replicas = u32::try_from(node.get(&REPLICAS)).unwrap_or(u32::MAX);
    let writes_without_store = match node.get(&WRITES_WITHOUT_STORE) {
        "refuse" => WithoutStore::Refuse,
        _ => WithoutStore::Allow,
    };
    let cache = node.get(&CACHE);
    Some(SharedSettings {
        server: server?,
        login,
        ca_file,
        prefix,
        replicas,
        budget,
        writes_without_store,
        cache,
    })
}

const LONGEST_BUDGET: Duration = Duration::from_secs(1);

fn is_prefix(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

fn read_server(node: &Node<'_>) -> Option<StoreServer> {
    let url = node.text_or_secret(&URL);
    let sentinel = sentinel::read(node);
    match (node.has(&URL), node.has(&sentinel::SENTINEL.row)) {
        (true, true) => {
            node.refuse_pair(
                [&sentinel::SENTINEL.row, &URL],
                "two-servers",
                "`url` and `sentinel` both say where the store is",
                "Keep one: the sentinels name the server themselves.",
            );
            None
        }
        (false, false) => {
            node.refuse_self(
                "missing-key",
                "`url` is missing",
                "Add `url`, such as {env: REDIS_URL}, or `sentinel`.",
            );
            None
        }
        (false, true) => sentinel.map(StoreServer::Sentinel),
        (true, false) => match url? {
            CredentialValue::Secret(source) => Some(StoreServer::Secret(source)),
            CredentialValue::Literal(text) => open_url(node, &text).map(StoreServer::Open),
        },
    }
}

fn open_url(node: &Node<'_>, text: &str) -> Option<StoreUrl> {
    match StoreUrl::parse(text) {
        Ok(url) if url.password.is_some() => {
            node.refuse(
                &URL,
                SECRET_IN_THE_OPEN,
                "`url` has a password in it and stands here in the open",
                "Write {env: NAME} or {file: PATH}, or the password alone as `password`.",
            );
            None
        }
        Ok(url) => Some(url),
        Err(error) => {
            // What is no URL may still hold a password.
            let code = if text.contains('@') {
                SECRET_IN_THE_OPEN
            } else {
                error.code()
            };
            node.refuse(&URL, code, &format!("`url` {error}"), error.help());
            None
        }
    }
}

impl StoreServer {
    /// Whether it is, or may turn out to be, asked by TLS.
    fn may_be_tls(&self) -> bool {
        match self {
            Self::Open(url) => url.place.is_tls(),
            Self::Secret(_) => true,
            Self::Sentinel(sentinel) => sentinel.tls,
        }
    }
}
