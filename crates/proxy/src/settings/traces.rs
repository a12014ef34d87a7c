//! `traces`: where the spans of requests go, and of how many.

use std::path::PathBuf;

use http::HeaderName;
use url::Url;

use super::auth;
use super::base_url::{self, Place};
use super::key::{Key, Names, Need, Preset, Row, Section, named_values, ratio, section, text};
use super::node::{CredentialValue, Node};
use crate::secret::SecretSource;

#[derive(Debug, Clone, PartialEq)]
pub struct TracesSettings {
    /// Scheme, host, port and an optional path prefix, below which `/v1/traces` stands.
    pub endpoint: Url,
    /// From 0 to 1: of the requests that come without a trace of their caller's.
    pub sample: f64,
    /// Sent with every export.
    pub headers: Vec<(HeaderName, CredentialValue)>,
    /// A CA of the operator's instead of the system's.
    pub ca_file: Option<PathBuf>,
}

static ENDPOINT: Key<String> = text(
    "endpoint",
    Need::Required,
    "the OTLP receiver, such as `http://127.0.0.1:4318`; spans go to `/v1/traces` below it. `http` to loopback only, as for the vendors",
);
static SAMPLE: Preset<f64> = ratio(
    "sample",
    1.0,
    "share of the requests that are traced among those whose caller sends no `traceparent`; where one is sent, its flag decides",
);
static HEADERS: Names = named_values(
    ("headers", "<name>"),
    Need::Optional("none"),
    "sent with every export: each a plain text or a secret, which is read at the start and at a reload",
);
static CA_FILE: Key<String> = text(
    "ca_file",
    Need::Optional("the system's"),
    "a PEM file of the only CAs to trust; with https only",
);

pub static TRACES: Section = section(
    "traces",
    Need::Optional("none"),
    ROWS,
    "spans of requests and vendor calls go to an OTLP receiver ([Traces](#traces))",
);
static ROWS: &[&Row] = &[&ENDPOINT.row, &SAMPLE.row, &HEADERS.row, &CA_FILE.row];

static RECEIVER: Place = Place {
    key: &ENDPOINT,
    sends: "spans and credentials",
    credentials: "headers",
};

impl TracesSettings {
    /// Every secret.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretSource> {
        self.headers.iter().filter_map(|(_, value)| match value {
            CredentialValue::Secret(source) => Some(source),
            CredentialValue::Literal(_) => None,
        })
    }
}

/// `None`: there are no traces, or they cannot be read.
pub fn read(root: &Node<'_>) -> Option<TracesSettings> {
    let node = root.optional(&TRACES)?;
    let endpoint = base_url::read_place(&node, &RECEIVER);
    let sample = node.get(&SAMPLE);
    let headers = auth::read_headers(&node, &HEADERS).unwrap_or_default();
    let ca_file = base_url::read_ca_file(&node, &CA_FILE, (ENDPOINT.row.name, endpoint.as_ref()));
    Some(TracesSettings {
        endpoint: endpoint?,
        sample,
        headers,
        ca_file,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::settings::Settings;

    fn parse(traces: &str) -> Result<Settings, Vec<&'static str>> {
        let text = format!("upstreams: {{}}\ntraces: {traces}\n");
        Settings::parse(&text, Path::new(""))
            .map_err(|found| found.iter().map(|one| one.code).collect())
    }

    #[test]
    fn traces_are_off_until_an_endpoint_is_named() {
        let none = Settings::parse("upstreams: {}", Path::new("")).unwrap();
        assert_eq!(none.traces, None);
        let traces = parse("{endpoint: 'http://127.0.0.1:4318'}").unwrap().traces;
        let traces = traces.unwrap();
        assert_eq!(traces.endpoint.as_str(), "http://127.0.0.1:4318/");
        assert!((traces.sample - 1.0).abs() < f64::EPSILON);
        assert_eq!(parse("{}"), Err(vec!["missing-key"]));
    }

    #[test]
    fn an_endpoint_has_the_rules_of_a_vendor() {
        for (traces, code) in [
            ("{endpoint: 'http://collector:4318'}", "bad-base-url"),
            ("{endpoint: 'https://u:p@collector'}", "secret-in-the-open"),
            ("{endpoint: 'grpc://collector'}", "bad-base-url"),
            ("{endpoint: 'https://c', sample: 1.5}", "wrong-type"),
            ("{endpoint: 'https://c', sample: '0.5'}", "wrong-type"),
            (
                "{endpoint: 'https://c', headers: {api-key: abc}}",
                "secret-in-the-open",
            ),
            (
                "{endpoint: 'https://c', headers: {Content-Type: text/plain}}",
                "reserved-header",
            ),
            (
                "{endpoint: 'http://localhost', ca_file: a.pem}",
                "useless-ca-file",
            ),
            ("{endpoint: 'https://c', smaple: 1}", "unknown-key"),
        ] {
            assert_eq!(parse(traces), Err(vec![code]), "{traces}");
        }
        let good = "{endpoint: 'https://c/otlp', sample: 0.25, headers: {api-key: {env: X}, X-Scope: a}, ca_file: a.pem}";
        let traces = parse(good).unwrap().traces.unwrap();
        assert_eq!(traces.secrets().count(), 1);
    }
}
