//! A receiver of traces: takes OTLP over HTTP, decodes it by the published messages, and remembers the spans.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span as Message;
use prost::Message as _;

use super::eventually;
use super::vendor::{Scripted, Seen, Vendor};

/// A span as it came.
#[derive(Clone, Debug)]
pub struct Span {
    pub trace: String,
    pub id: String,
    /// Empty: it has none.
    pub parent: String,
    pub name: String,
    /// 1 internal, 2 server, 3 client.
    pub kind: i32,
    pub attributes: BTreeMap<String, String>,
    pub failed: bool,
    pub flags: u32,
    pub times: (u64, u64),
    /// Of the process that sent it.
    pub resource: BTreeMap<String, String>,
}

impl Span {
    /// Empty where there is none.
    pub fn get(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }
}

/// A server that answers 200 to every export, unless it is told otherwise.
pub struct Receiver {
    pub server: Vendor,
}

impl Receiver {
    pub fn start() -> Self {
        let server = Vendor::start();
        server.always(taken());
        Self { server }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The setting that sends spans here; `more` are further keys, each with a comma before it.
    pub fn setting(&self, more: &str) -> String {
        format!("traces: {{endpoint: 'http://{}'{more}}}\n", self.address())
    }

    pub fn exports(&self) -> Vec<Seen> {
        self.server.seen()
    }

    /// All spans that came, also more than once.
    pub fn spans(&self) -> Vec<Span> {
        self.exports().iter().flat_map(decode).collect()
    }

    /// The spans of a trace.
    pub fn of(&self, trace: &str) -> Vec<Span> {
        let mut spans = self.spans();
        spans.retain(|span| span.trace == trace);
        spans
    }

    /// Waits until a trace has so many spans.
    pub fn wait_for(&self, trace: &str, count: usize) -> Vec<Span> {
        eventually("the spans of a trace", || {
            let spans = self.of(trace);
            if spans.len() >= count {
                Ok(spans)
            } else {
                Err(spans)
            }
        })
    }
}

/// Everything was taken: the empty message.
pub fn taken() -> Scripted {
    Scripted::answer(200, &[("Content-Type", "application/x-protobuf")], "")
}

fn decode(export: &Seen) -> Vec<Span> {
    assert_eq!(export.method, "POST");
    assert_eq!(export.target, "/v1/traces");
    assert_eq!(
        export.header("content-type"),
        Some("application/x-protobuf")
    );
    let request = ExportTraceServiceRequest::decode(&*export.body).expect("it is protobuf");
    let mut spans = Vec::new();
    for group in request.resource_spans {
        let resource = group.resource.expect("a resource");
        for scope in group.scope_spans {
            let name = scope.scope.expect("a scope").name;
            assert_eq!(name, "lms-gateway");
            let read = |span| read(span, &resource.attributes);
            spans.extend(scope.spans.into_iter().map(read));
        }
    }
    spans
}

fn read(span: Message, resource: &[KeyValue]) -> Span {
    assert_eq!(span.trace_id.len(), 16);
    assert_eq!(span.span_id.len(), 8);
    Span {
        trace: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        name: span.name,
        kind: span.kind,
        attributes: texts(&span.attributes),
        failed: span.status.is_some_and(|status| status.code == 2),
        flags: span.flags,
        times: (span.start_time_unix_nano, span.end_time_unix_nano),
        resource: texts(resource),
    }
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| {
        let value = attribute.value.clone().and_then(|value| value.value);
        let text = match value {
            Some(Value::StringValue(text)) => text,
            Some(Value::IntValue(number)) => number.to_string(),
            other => panic!("{other:?} of {}", attribute.key),
        };
        (attribute.key.clone(), text)
    };
    let texts: BTreeMap<String, String> = attributes.iter().map(text).collect();
    assert_eq!(texts.len(), attributes.len(), "keys are unique");
    texts
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
