//! `gateway.yaml`: the facts of one deployment. Text → [`Settings`], every error at once.
//!
//! Nothing is opened, resolved or bound here: `check` reads settings on machines without secrets.

mod admin_keys;
mod auth;
mod base_url;
mod cache;
mod callers;
pub mod contract_checks;
mod effective;
mod evidence;
mod header;
mod key;
mod limits;
mod log;
mod node;
mod rate;
mod reading;
mod schema;
mod shared;
mod source;
#[cfg(test)]
mod table_tests;
mod timeouts;
mod traces;
mod units;
mod upstream;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use admin_keys::AdminKey;
pub use auth::{Auth, ClientAuthentication, FieldPlace, Grant, Masked, ValueSource, encoded};
pub use cache::{CacheSettings, Override};
pub use callers::Caller;
use contract::Diagnostic;
pub use effective::{Effective, Shown};
pub use evidence::EvidenceSettings;
use key::{Key, Need, Preset, Row, Span, address, number, time, words};
pub use limits::Limits;
pub use log::{Log, LogFormat};
use node::Node;
pub use node::{CredentialValue, SECRET_IN_THE_OPEN};
pub use rate::RateSettings;
use reading::Reading;
pub use shared::{
    BadStoreUrl, Login, PLAIN_PASSWORD, SentinelSettings, SharedSettings, StorePlace, StoreServer,
    StoreUrl, WithoutStore,
};
pub use source::{Mistake, Origin, PREFIX, Source, Variable};
pub use timeouts::{Drain, Timeouts};
pub use traces::TracesSettings;
pub use upstream::{BreakerSettings, QueueSettings, UpstreamSettings};

/// One deployment, as `config/gateway.yaml` says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub listen: SocketAddr,
    pub admin: SocketAddr,
    pub admin_keys: Vec<AdminKey>,
    /// Resolved against the folder of the settings file.
    pub contract: PathBuf,
    pub upstreams: Vec<UpstreamSettings>,
    /// Total time for the vendor's part of one request: token, queue, call, retry and look-up. It
    /// starts when the request is read and found good.
    pub deadline: Duration,
    pub limits: Limits,
    pub timeouts: Timeouts,
    pub drain: Drain,
    pub log: Log,
    pub callers: Vec<Caller>,
    pub cache: CacheSettings,
    /// `None`: nothing is traced.
    pub traces: Option<TracesSettings>,
    /// `None`: nothing is kept.
    pub evidence: Option<EvidenceSettings>,
    /// `None`: each replica is alone.
    pub shared: Option<SharedSettings>,
    pub threads: usize,
}

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

static LISTEN: Preset<SocketAddr> = address(
    "listen",
    loopback(8080),
    "IP:PORT for callers. Another address than loopback needs `callers`",
);
static ADMIN: Preset<SocketAddr> = address(
    "admin",
    loopback(9464),
    "IP:PORT for operators. On another address than loopback it shows metrics and health to all, and the rest as `admin_keys` say",
);
static CONTRACT: Preset<Cow<'static, str>> =
    words("contract", "contract.yaml", "relative to the settings file");
static DEADLINE: Preset<Duration> = time(
    "deadline",
    Span::ABOVE_ZERO,
    Duration::from_secs(10),
    "the vendor's part of one request: token, queue, call, retry, look-up. It starts when the request is read and found good; a caller may shorten it by `Request-Timeout: <seconds>`",
);
static THREADS: Key<usize> = number(
    "threads",
    (1, 1024),
    Need::Optional("number of cores"),
    "threads that serve callers; the admin port has one of its own",
);

/// The table of all keys.
static ROOT: &[&Row] = &[
    &LISTEN.row,
    &ADMIN.row,
    &admin_keys::ADMIN_KEYS.row,
    &CONTRACT.row,
    &DEADLINE.row,
    &THREADS.row,
    &upstream::UPSTREAMS.row,
    &callers::CALLERS.row,
    &limits::LIMITS.row,
    &timeouts::TIMEOUTS.row,
    &timeouts::DRAIN.row,
    &cache::CACHE.row,
    &evidence::EVIDENCE.row,
    &log::LOG.row,
    &shared::SHARED.row,
    &traces::TRACES.row,
];

/// What one reading of the settings came to.
#[derive(Debug)]
pub struct ReadSettings {
    /// `None`: there are mistakes.
    pub settings: Option<Settings>,
    pub mistakes: Vec<Mistake>,
    /// Where the contract stands, also beside other mistakes. `None`: the settings do not say.
    pub contract: Option<PathBuf>,
    /// Files of CAs by the pointer of their key, also beside other mistakes. They were not opened.
    pub ca_files: Vec<(String, PathBuf)>,
    /// Every key that was read, with what holds.
    pub effective: Vec<Effective>,
}

/// The JSON Schema of a settings file, of draft 2020-12.
#[must_use]
pub fn schema() -> serde_json::Value {
    schema::of(ROOT)
}

/// The text of a settings file, with the environment's overrides (`LMS_GATEWAY__…`) laid over it; a value
/// that is no text is `None`.
///
/// # Errors
/// What leaves nothing to go on with: bad syntax, several documents or none.
pub fn source(
    text: &str,
    overrides: Vec<(String, Option<String>)>,
) -> Result<Source, Vec<Diagnostic>> {
    Source::read(text, overrides, ROOT)
}

impl Settings {
    /// Reads settings from YAML text. `folder` is where relative paths start.
    ///
    /// # Errors
    /// Every mistake of the text, each with its place.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let outcome = Self::read(&source(text, Vec::new())?, folder);
        let mistakes = outcome.mistakes.into_iter();
        outcome
            .settings
            .ok_or_else(|| mistakes.map(|one| one.diagnostic).collect())
    }

    /// Reads settings from a file's text with the environment's overrides. `folder` is where relative paths
    /// start.
    #[must_use]
    pub fn read(source: &Source, folder: &Path) -> ReadSettings {
        let reading = Reading::new(source, folder);
        let (settings, contract) = read(&Node::root(&reading, ROOT), folder);
        let mut found = reading.finish();
        found
            .mistakes
            .sort_by_key(|one| (one.variable.is_some(), one.diagnostic.place));
        ReadSettings {
            settings: settings.filter(|_| found.mistakes.is_empty()),
            effective: effective::of(source, &found.asked),
            mistakes: found.mistakes,
            contract,
            ca_files: found.ca_files,
        }
    }
}

/// The settings, if they could be read, and where the contract stands, if they say so.
fn read(root: &Node<'_>, folder: &Path) -> (Option<Settings>, Option<PathBuf>) {
    let (listen, admin) = (root.read(&LISTEN), root.read(&ADMIN));
    let admin_keys = admin_keys::read(root);
    let contract = root.read(&CONTRACT).map(|name| folder.join(&*name));
    let deadline = root.get(&DEADLINE);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = root.ask_or(&THREADS, cores);
    let upstreams = upstream::read_all(root);
    let callers = callers::read(root);
    let limits = limits::read(&root.section(&limits::LIMITS));
    let timeouts = timeouts::read(&root.section(&timeouts::TIMEOUTS));
    let drain = timeouts::read_drain(&root.section(&timeouts::DRAIN));
    let cache = cache::read(&root.section(&cache::CACHE));
    let evidence = evidence::read(root);
    let shared = shared::read(root);
    let log = log::read(&root.section(&log::LOG));
    let traces = traces::read(root);
    check_addresses(root, listen, admin, !callers.is_empty());
    let places = listen.zip(admin).zip(contract.clone());
    let settings = places.map(|((listen, admin), contract)| Settings {
        listen,
        admin,
        admin_keys,
        contract,
        upstreams,
        deadline,
        limits,
        timeouts,
        drain,
        log,
        callers,
        cache,
        traces,
        evidence,
        shared,
        threads,
    });
    (settings, contract)
}

fn check_addresses(
    root: &Node<'_>,
    listen: Option<SocketAddr>,
    admin: Option<SocketAddr>,
    has_callers: bool,
) {
    let Some(listen) = listen else { return };
    if admin == Some(listen) && listen.port() != 0 {
        root.refuse_pair(
            [&ADMIN.row, &LISTEN.row],
            "same-address",
            "`admin` is the address of `listen`",
            "Give the admin port an address of its own.",
        );
    }
    if !listen.ip().is_loopback() && !has_callers {
        root.refuse(
            &LISTEN.row,
            "open-listener",
            &format!("`listen: {listen}` is reachable from other machines, and anybody could call the vendors through it"),
            "Name who may call under `callers`, or listen on 127.0.0.1.",
        );
    }
}
