//! What a span says beside its ids and times, by the semantic conventions of OpenTelemetry for HTTP
//! (opentelemetry.io/docs/specs/semconv/http/http-spans, stable). `url.path` and `url.full` are left out, though the
//! conventions ask for them: they hold ids and addresses of people. The templates stand for them.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{Span, Status};

use super::names::Names;
use super::record::ServerEnd;
use crate::spans::CallEnd;

/// The span of a request, without ids and times.
#[must_use]
pub fn server(end: &ServerEnd, names: &Names) -> Span {
    let operation = end.operation.and_then(|index| names.operation(index));
    let (page, template) = end.page;
    let route = match operation {
        Some(operation) => Some(operation.route.as_str()),
        // Nothing that is there: no template fits.
        None if page == "none" => None,
        None => Some(template),
    };
    let is_error = end.status >= 500;
    let mut attributes = Attributes::default();
    attributes.text("http.request.method", Some(end.method));
    attributes.text("http.route", route);
    attributes.text("url.scheme", Some("http"));
    attributes.text("server.address", Some(&names.listen.ip().to_string()));
    attributes.number("server.port", i64::from(names.listen.port()));
    attributes.number("http.response.status_code", i64::from(end.status));
    if is_error {
        let status = end.status.to_string();
        let kind = end.problem.as_deref().unwrap_or(&status);
        attributes.text("error.type", Some(kind));
    }
    let id = operation.map_or(page, |operation| &operation.id);
    attributes.text("lms_gateway.operation", Some(id));
    let upstream = operation.map(|operation| &*operation.upstream);
    attributes.text("lms_gateway.upstream", upstream);
    attributes.text("lms_gateway.cache.result", end.cache);
    attributes.text("lms_gateway.problem.code", end.problem.as_deref());
    attributes.text("lms_gateway.outcome", end.outcome);
    let name = name(end.method, route);
    shape(name, SpanKind::Server, attributes, is_error)
}

/// The span of a vendor call, or of the wait for a token, without ids and times.
#[must_use]
pub fn call(end: &CallEnd, names: &Names) -> Span {
    let operation = names.called(&end.operation);
    let upstream = operation.map_or("", |operation| &operation.upstream);
    let is_token = end.kind == "token";
    let mut attributes = Attributes::default();
    let mut title = format!("token {upstream}");
    if let Some(operation) = operation
        && !is_token
    {
        let call = &operation.call;
        title = name(&call.method, Some(&call.template));
        attributes.text("http.request.method", Some(&call.method));
        attributes.text("url.scheme", Some(&call.scheme));
        attributes.text("url.template", Some(&call.template));
        attributes.text("server.address", Some(&call.address));
        attributes.number("server.port", i64::from(call.port));
    }
    if let Some(status) = end.status {
        attributes.number("http.response.status_code", i64::from(status));
    }
    if end.resends > 0 {
        attributes.number("http.request.resend_count", i64::from(end.resends));
    }
    let failed = end.status.filter(|status| *status >= 400);
    let failed = failed.map(|status| status.to_string());
    let error = end.failure.or(failed.as_deref());
    attributes.text("error.type", error);
    attributes.text("lms_gateway.operation", Some(&end.operation));
    attributes.text("lms_gateway.upstream", Some(upstream));
    attributes.text("lms_gateway.call", Some(end.kind));
    let kind = if is_token {
        SpanKind::Internal
    } else {
        SpanKind::Client
    };
    shape(title, kind, attributes, error.is_some())
}

/// `{method} {template}`; a method that nobody knows is not named.
fn name(method: &str, template: Option<&str>) -> String {
    let method = if method == "_OTHER" { "HTTP" } else { method };
    template.map_or_else(
        || method.to_owned(),
        |template| format!("{method} {template}"),
    )
}

fn shape(name: String, kind: SpanKind, attributes: Attributes, is_error: bool) -> Span {
    let status = is_error.then(|| Status {
        code: StatusCode::Error.into(),
        ..Status::default()
    });
    Span {
        name,
        kind: kind.into(),
        attributes: attributes.0,
        status,
        ..Span::default()
    }
}

#[derive(Default)]
pub struct Attributes(pub Vec<KeyValue>);

impl Attributes {
    pub fn text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(key, Value::StringValue(value.to_owned()));
        }
    }

    fn number(&mut self, key: &str, value: i64) {
        self.add(key, Value::IntValue(value));
    }

    fn add(&mut self, key: &str, value: Value) {
        self.0.push(KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        });
    }
}
