//! `gateway.yaml`: the facts of one deployment. Text → [`Settings`], every error at once.
//!
//! Nothing is opened, resolved or bound here: `check` reads settings on machines without secrets.

mod auth;
mod base_url;
mod cache;
mod callers;
pub mod credential_checks;
mod header;
mod log;
mod reader;
mod units;
mod upstream;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use auth::{
    Auth, ClientAuthentication, FieldPlace, Grant, HeaderSource, Masked, ValueSource, encoded,
};
pub use cache::{CacheSettings, Override};
pub use callers::{Caller, QuotaSettings};
use contract::Diagnostic;
use contract::yaml::Document;
pub use log::{Log, LogFormat};
use reader::Reader;
pub use reader::SECRET_IN_THE_OPEN;
pub use upstream::{BreakerSettings, QueueSettings, UpstreamSettings};

/// One deployment, as `config/gateway.yaml` says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub listen: SocketAddr,
    pub admin: SocketAddr,
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
    pub threads: usize,
}

/// Sizes in bytes. Each bounds what one message can cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Request target; longer is 414.
    pub request_target: usize,
    /// All request header lines together; larger is 431.
    pub headers: usize,
    /// Request body; larger is 413.
    pub body: usize,
    /// What the bodies of all requests may hold together; where nothing is left 503.
    pub bodies: usize,
    /// A form after encoding; larger is 413. Tomcat drops every field of a form over 2 MiB in silence.
    pub form: usize,
    /// A vendor's answer.
    pub answer: usize,
    /// JSON values or XML elements of a vendor's answer; in memory each takes 130 to 220 bytes,
    /// however short it was written.
    pub answer_values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_target: 8 * 1024,
            headers: 64 * 1024,
            body: 1024 * 1024,
            bodies: 64 * 1024 * 1024,
            form: 2 * 1024 * 1024,
            answer: 8 * 1024 * 1024,
            answer_values: 2_000_000,
        }
    }
}

/// How long a caller may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The whole request head, from its first byte on. Without it one byte a minute holds a connection for ever.
    pub head: Duration,
    /// The whole request body.
    pub body: Duration,
    /// From an answer to the first byte of the next request.
    pub idle: Duration,
    /// Until the caller takes more of an answer.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            write: Duration::from_secs(30),
        }
    }
}

/// What SIGTERM starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// The listener stays open after readiness turned, so that balancers notice.
    pub delay: Duration,
    /// The longest wait for accepted requests afterwards.
    pub limit: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(1),
            limit: Duration::from_secs(25),
        }
    }
}

const KEYS: &[&str] = &[
    "listen",
    "admin",
    "contract",
    "upstreams",
    "deadline",
    "limits",
    "timeouts",
    "drain",
    "log",
    "callers",
    "cache",
    "threads",
];

impl Settings {
    /// Reads settings from YAML text. `folder` is where relative paths start.
    ///
    /// # Errors
    /// Every mistake of the text, each with its place.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (document, refused) = Document::read(text)?;
        let errors = std::cell::RefCell::new(refused);
        let root = Reader::root(&document, &errors, folder);
        let settings = read(&root, folder);
        let mut errors = errors.into_inner();
        errors.sort_by_key(|error| error.place);
        match settings {
            Some(settings) if errors.is_empty() => Ok(settings),
            _ => Err(errors),
        }
    }
}

fn read(root: &Reader<'_>, folder: &Path) -> Option<Settings> {
    root.only(KEYS);
    let listen = root.address("listen", "127.0.0.1:8080");
    let admin = root.address("admin", "127.0.0.1:9464");
    let contract = root.optional_string("contract");
    let contract = folder.join(contract.unwrap_or_else(|| "contract.yaml".to_owned()));
    let upstreams = upstream::read_all(root);
    let callers = callers::read(root);
    let cache = cache::read(root);
    let limits = limits(root);
    let timeouts = timeouts(root);
    let drain = drain(root);
    let log = log::read(root);
    let deadline = root.duration("deadline", Duration::from_secs(10));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = root.count("threads", cores, 1..=1024);
    check_addresses(root, listen, admin, !callers.is_empty());
    Some(Settings {
        listen: listen?,
        admin: admin?,
        contract,
        upstreams,
        deadline,
        limits,
        timeouts,
        drain,
        log,
        callers,
        cache,
        threads,
    })
}

fn check_addresses(
    root: &Reader<'_>,
    listen: Option<SocketAddr>,
    admin: Option<SocketAddr>,
    has_callers: bool,
) {
    let Some(listen) = listen else { return };
    if admin == Some(listen) && listen.port() != 0 {
        root.refuse_at(
            "admin",
            "same-address",
            "`admin` is the address of `listen`",
            "Give the admin port an address of its own.",
        );
    }
    if !listen.ip().is_loopback() && !has_callers {
        root.refuse_at(
            "listen",
            "open-listener",
            &format!("`listen: {listen}` is reachable from other machines, and anybody could call the vendors through it"),
            "Name who may call under `callers`, or listen on 127.0.0.1.",
        );
    }
}

fn limits(root: &Reader<'_>) -> Limits {
    let default = Limits::default();
    let Some(node) = root.object("limits") else {
        return default;
    };
    node.only(&[
        "request_target",
        "headers",
        "body",
        "bodies",
        "form",
        "answer",
        "answer_values",
    ]);
    Limits {
        request_target: node.size("request_target", default.request_target),
        headers: node.size("headers", default.headers),
        body: node.size("body", default.body),
        bodies: node.size("bodies", default.bodies),
        form: node.size("form", default.form),
        answer: node.size("answer", default.answer),
        answer_values: node.count("answer_values", default.answer_values, 1..=100_000_000),
    }
}

fn timeouts(root: &Reader<'_>) -> Timeouts {
    let default = Timeouts::default();
    let Some(node) = root.object("timeouts") else {
        return default;
    };
    node.only(&["head", "body", "idle", "write"]);
    Timeouts {
        head: node.duration("head", default.head),
        body: node.duration("body", default.body),
        idle: node.duration("idle", default.idle),
        write: node.duration("write", default.write),
    }
}

fn drain(root: &Reader<'_>) -> Drain {
    let default = Drain::default();
    let Some(node) = root.object("drain") else {
        return default;
    };
    node.only(&["delay", "limit"]);
    Drain {
        delay: node.duration_or_zero("delay", default.delay),
        limit: node.duration("limit", default.limit),
    }
}
