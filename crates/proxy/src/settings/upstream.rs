//! One vendor's deployment: where it is and how we show who we are.

mod fixed_headers;
mod gate;

use http::{HeaderName, HeaderValue};
use url::Url;

use super::auth::{self, Auth};
use super::base_url;
use super::key::{Key, Need, Preset, Row, Sections, flag, named_sections, text};
use super::node::Node;
use super::rate::RateSettings;
pub use gate::{BreakerSettings, QueueSettings};

#[derive(Debug, Clone, PartialEq)]
pub struct UpstreamSettings {
    /// The same key as under `x-vendors` in the contract.
    pub name: String,
    /// Scheme, host, port and an optional path prefix; no query, fragment or user.
    pub base_url: Url,
    pub auth: Auth,
    /// The name of the account at the vendor. `None`: the client id of a grant, else none.
    pub account: Option<String>,
    /// Sent with every call; `Accept` overrides the one of the declared encoding.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the vendor gets our `traceparent`.
    pub send_traceparent: bool,
    /// A CA of the operator's instead of the system's.
    pub ca_file: Option<std::path::PathBuf>,
    pub queue: QueueSettings,
    /// `None`: as many as come.
    pub rate: Option<RateSettings>,
    pub breaker: BreakerSettings,
}

static ACCOUNT: Key<String> = text(
    "account",
    Need::Optional("the client id of a grant, else none"),
    "names the account at the vendor for `shared`: what is written under one name is seen by all who read under it. It is no credential, and stays where a credential is rotated",
);
static SEND_TRACEPARENT: Preset<bool> = flag(
    "send_traceparent",
    false,
    "whether the vendor gets our `traceparent`, and with it the `tracestate` that came with the caller's (W3C Trace Context; at most 512 characters)",
);
static CA_FILE: Key<String> = text(
    "ca_file",
    Need::Optional("the system's"),
    "a PEM file of the only CAs to trust; with https only ([below](#tls-to-the-vendors))",
);

/// The keys of each vendor.
pub static UPSTREAM: &[&Row] = &[
    &base_url::BASE_URL.row,
    &auth::AUTH.row,
    &ACCOUNT.row,
    &fixed_headers::HEADERS.row,
    &SEND_TRACEPARENT.row,
    &CA_FILE.row,
    &gate::QUEUE.row,
    &gate::RATE.row,
    &gate::BREAKER.row,
];
pub static UPSTREAMS: Sections = named_sections(
    ("upstreams", "<name>"),
    Need::Required,
    UPSTREAM,
    "the vendors, by the names in the contract's `x-vendors`; the keys of each stand in the second table",
);

impl UpstreamSettings {
    /// An upstream with the defaults.
    #[must_use]
    pub fn new(name: &str, base_url: Url, auth: Auth) -> Self {
        Self {
            name: name.to_owned(),
            base_url,
            auth,
            account: None,
            headers: Vec::new(),
            send_traceparent: false,
            ca_file: None,
            queue: QueueSettings::default(),
            rate: None,
            breaker: BreakerSettings::default(),
        }
    }
}

pub fn read_all(root: &Node<'_>) -> Vec<UpstreamSettings> {
    let upstreams = root.named(&UPSTREAMS).into_iter();
    upstreams
        .filter_map(|(name, node)| read(name, &node))
        .collect()
}

fn read(name: String, node: &Node<'_>) -> Option<UpstreamSettings> {
    let base_url = base_url::read(node);
    let auth = auth::read(node);
    let account = node.ask(&ACCOUNT);
    if account.as_deref().is_some_and(|name| !is_account(name)) {
        node.refuse(
            &ACCOUNT.row,
            "bad-account",
            "`account` is empty, longer than 128 characters, or has a control character in it",
            "Write a name, such as the user or the tenant that calls run under.",
        );
    }
    let headers = fixed_headers::read(node);
    let send_traceparent = node.get(&SEND_TRACEPARENT);
    let ca_file = base_url::read_ca_file(node, &CA_FILE, ("base_url", base_url.as_ref()));
    let queue = gate::read_queue(&node.section(&gate::QUEUE));
    let rate = gate::read_rate(node);
    let breaker = gate::read_breaker(&node.section(&gate::BREAKER));
    Some(UpstreamSettings {
        name,
        base_url: base_url?,
        auth: auth?,
        account,
        headers,
        send_traceparent,
        ca_file,
        queue,
        rate,
        breaker,
    })
}

fn is_account(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= 128 && !name.contains(char::is_control)
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

    #[test]
    fn an_account_is_a_name() {
        for (name, good) in [
            ("'tenant 7'", true),
            ("''", false),
            ("' '", false),
            ("7", false),
        ] {
            let text = format!(
                "upstreams: {{v: {{base_url: 'https://v.example', auth: {{kind: none}}, account: {name}}}}}"
            );
            let settings = Settings::parse(&text, Path::new(""));
            assert_eq!(settings.is_ok(), good, "{name}");
        }
    }
}
