//! One vendor's deployment: where it is and how we show who we are.

use std::time::Duration;

use http::header::ACCEPT_ENCODING;
use http::{HeaderName, HeaderValue};
use url::Url;

use super::auth::{self, Auth, refuse_open_secret};
use super::base_url;
use super::reader::Reader;
use crate::upstream::check_ca_file;

#[derive(Debug, Clone, PartialEq)]
pub struct UpstreamSettings {
    /// The same key as under `x-vendors` in the contract.
    pub name: String,
    /// Scheme, host, port and an optional path prefix; no query, fragment or user.
    pub base_url: Url,
    pub auth: Auth,
    /// Sent with every call; `Accept` overrides the one of the declared encoding.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the vendor gets our `traceparent`.
    pub send_traceparent: bool,
    /// A CA of the operator's instead of the system's.
    pub ca_file: Option<std::path::PathBuf>,
    pub queue: QueueSettings,
    pub breaker: BreakerSettings,
}

/// What one upstream may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// Calls at once. A vendor that hangs holds at most so many.
    pub concurrency: usize,
    /// Calls that wait for a place. Reads fill at most half, and the youngest of them gives way to a
    /// write that finds no room.
    pub waiting: usize,
    /// The longest wait.
    pub wait: Duration,
}

impl UpstreamSettings {
    /// An upstream with the defaults.
    #[must_use]
    pub fn new(name: &str, base_url: Url, auth: Auth) -> Self {
        Self {
            name: name.to_owned(),
            base_url,
            auth,
            headers: Vec::new(),
            send_traceparent: false,
            ca_file: None,
            queue: QueueSettings::default(),
            breaker: BreakerSettings::default(),
        }
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            concurrency: 64,
            waiting: 512,
            wait: Duration::from_secs(1),
        }
    }
}

/// When the circuit opens and how long it stays so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerSettings {
    /// Consecutive failures that open it.
    pub failures: usize,
    /// Share of failures among the calls of the last ten seconds that opens it, in percent.
    pub failure_percent: usize,
    /// With fewer calls than this the share says nothing.
    pub minimum_calls: usize,
    /// The first wait; each failed probe doubles it.
    pub wait: Duration,
    pub max_wait: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 7,
            failure_percent: 50,
            minimum_calls: 20,
            wait: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
        }
    }
}

const KEYS: &[&str] = &[
    "base_url",
    "auth",
    "headers",
    "send_traceparent",
    "ca_file",
    "queue",
    "breaker",
];

pub fn read_all(root: &Reader<'_>) -> Vec<UpstreamSettings> {
    let Some(node) = root.required_object("upstreams") else {
        return Vec::new();
    };
    node.members()
        .into_iter()
        .filter_map(|(name, node)| read(name, &node))
        .collect()
}

fn read(name: String, node: &Reader<'_>) -> Option<UpstreamSettings> {
    node.only(KEYS);
    let base_url = node
        .string("base_url")
        .and_then(|text| base_url::read(node, &text));
    let auth = match node.required_object("auth") {
        Some(auth) => auth::read(&auth),
        None => None,
    };
    let mut headers = Vec::new();
    if let Some(object) = node.object("headers") {
        object.distinct_headers();
        for (key, _) in object.members() {
            let Some(value) = object.string(&key) else {
                continue;
            };
            let header = object.header_name(&key);
            refuse_open_secret(&object, &key);
            if header
                .as_ref()
                .is_some_and(|header| *header == ACCEPT_ENCODING)
            {
                refuse_unread_codings(&object, &key, &value);
            }
            match HeaderValue::from_str(&value) {
                Ok(value) => headers.extend(header.map(|header| (header, value))),
                Err(_) => object.refuse_at(
                    &key,
                    "bad-header",
                    "a header cannot carry this value",
                    "Use visible ASCII.",
                ),
            }
        }
    }
    Some(UpstreamSettings {
        name,
        send_traceparent: node.flag("send_traceparent", false),
        ca_file: ca_file(node, base_url.as_ref()),
        queue: queue(node),
        breaker: breaker(node),
        base_url: base_url?,
        auth: auth?,
        headers,
    })
}

/// Codings that we undo, as `Accept-Encoding` names them.
const READ_CODINGS: [&str; 4] = ["identity", "gzip", "x-gzip", "deflate"];

/// A vendor that sends what it was asked for must be understood.
fn refuse_unread_codings(headers: &Reader<'_>, name: &str, value: &str) {
    let read = |member: &str| {
        let (coding, weight) = member.split_once(';').unwrap_or((member, ""));
        let never = ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&weight.trim());
        let coding = coding.trim().to_ascii_lowercase();
        never || coding.is_empty() || READ_CODINGS.contains(&coding.as_str())
    };
    if !value.split(',').all(read) {
        headers.refuse_at(
            name,
            "unread-coding",
            "the gateway reads no answers in one of these codings",
            "Name `identity`, `gzip` or `deflate` only, or leave it out: then `identity` is asked for.",
        );
    }
}

/// `base_url` is what it belongs to, where that is good.
fn ca_file(node: &Reader<'_>, base_url: Option<&Url>) -> Option<std::path::PathBuf> {
    let path = node.path(&node.optional_string("ca_file")?);
    if base_url.is_some_and(|url| url.scheme() == "http") {
        node.refuse_at(
            "ca_file",
            "useless-ca-file",
            "`ca_file` is never used, because `base_url` is http",
            "Leave it out, or write https.",
        );
        return None;
    }
    if let Err(error) = check_ca_file(&path) {
        node.refuse_at(
            "ca_file",
            "bad-ca-file",
            &error.to_string(),
            "Name a PEM file with the certificates of the CA; `openssl x509 -inform der` makes PEM of DER.",
        );
        return None;
    }
    Some(path)
}

fn queue(node: &Reader<'_>) -> QueueSettings {
    let default = QueueSettings::default();
    let Some(node) = node.object("queue") else {
        return default;
    };
    node.only(&["concurrency", "waiting", "wait"]);
    QueueSettings {
        concurrency: node.count("concurrency", default.concurrency, 1..=100_000),
        waiting: node.count("waiting", default.waiting, 0..=1_000_000),
        wait: node.duration("wait", default.wait),
    }
}

fn breaker(node: &Reader<'_>) -> BreakerSettings {
    let default = BreakerSettings::default();
    let Some(node) = node.object("breaker") else {
        return default;
    };
    node.only(&[
        "failures",
        "failure_percent",
        "minimum_calls",
        "wait",
        "max_wait",
    ]);
    let settings = BreakerSettings {
        failures: node.count("failures", default.failures, 1..=1_000_000),
        failure_percent: node.count("failure_percent", default.failure_percent, 1..=100),
        minimum_calls: node.count("minimum_calls", default.minimum_calls, 1..=1_000),
        wait: node.duration("wait", default.wait),
        max_wait: node.duration("max_wait", default.max_wait),
    };
    if settings.wait > settings.max_wait {
        node.refuse_at(
            "wait",
            "bad-wait",
            "`wait` is longer than `max_wait`",
            "The first wait doubles up to `max_wait`.",
        );
    }
    settings
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::settings::Settings;

    #[test]
    fn no_header_of_the_settings_reframes_a_call() {
        for name in [
            "Content-Length",
            "Host",
            "transfer-encoding",
            "Content-Type",
            "traceparent",
            "TraceState",
        ] {
            for place in [
                format!("auth: {{kind: none}}, headers: {{{name}: '5'}}"),
                format!("auth: {{kind: header, name: {name}, value: {{env: X}}}}"),
                format!("auth: {{kind: headers, headers: {{{name}: '5'}}}}"),
            ] {
                let text = format!("upstreams: {{v: {{base_url: 'https://v.example', {place}}}}}");
                let codes: Vec<_> = Settings::parse(&text, Path::new(""))
                    .expect_err(&text)
                    .iter()
                    .map(|error| error.code)
                    .collect();
                assert!(codes.contains(&"reserved-header"), "{text}: {codes:?}");
            }
        }
        for (value, good) in [
            ("gzip", true),
            ("identity, gzip;q=0.5,*;q=0", true),
            ("br", false),
            ("gzip, zstd", false),
            ("*", false),
        ] {
            let text = format!(
                "upstreams: {{v: {{base_url: 'https://v.example', auth: {{kind: none}}, headers: {{accept-Encoding: '{value}'}}}}}}"
            );
            assert_eq!(
                Settings::parse(&text, Path::new("")).is_ok(),
                good,
                "{value}"
            );
        }
        let accept = "upstreams: {v: {base_url: 'https://v.example', auth: {kind: none}, headers: {Accept: text/xml}}}";
        assert!(Settings::parse(accept, Path::new("")).is_ok());
    }
}
