//! The fields of answers: each is described once, under `components.headers`.

use http::Method;
use serde_json::{Map, Value, json};

use super::facts::has_keys;
use crate::catalogue::GatewayProblem;
use crate::plan::{Operation, Problem};

/// A field of an answer, as `components.headers` describes it.
struct Field {
    name: &'static str,
    description: &'static str,
    kind: &'static str,
}

const fn field(name: &'static str, kind: &'static str, description: &'static str) -> Field {
    Field {
        name,
        description,
        kind,
    }
}

/// All of them, in the order of their names.
const FIELDS: [Field; 15] = [
    field(
        "Accept",
        "string",
        "The media types that the operation takes.",
    ),
    field(
        "Accept-Patch",
        "string",
        "The media types that the operation takes (RFC 5789).",
    ),
    field(
        "Age",
        "integer",
        "Seconds since the vendor was asked; only where the answer was kept.",
    ),
    field(
        "Cache-Control",
        "string",
        "How long the answer may be kept by its caller.",
    ),
    field("Cache-Status", "string", "What the cache did (RFC 9211)."),
    field(
        "Deprecation",
        "string",
        "Since when the operation is deprecated: `@` and seconds since the epoch (RFC 9745).",
    ),
    field(
        "ETag",
        "string",
        "A strong entity tag, for `If-None-Match` and `If-Match`.",
    ),
    field(
        "Idempotent-Replayed",
        "string",
        "`true` where this is the kept answer of the first request with the `Idempotency-Key`.",
    ),
    field(
        "Link",
        "string",
        "Where to read what to use instead: `<url>; rel=\"deprecation\"` (RFC 9745).",
    ),
    field(
        "Location",
        "string",
        "The path of the resource; left out where its id could not be learned.",
    ),
    field(
        "Retry-After",
        "integer",
        "Seconds to wait before the request is sent again.",
    ),
    field(
        "Sunset",
        "string",
        "From when on the operation may be gone: an HTTP-date (RFC 8594).",
    ),
    field(
        "WWW-Authenticate",
        "string",
        "The challenge (RFC 6750): how to send a key, and what is wrong with the one that came.",
    ),
    field(
        "Accept-Encoding",
        "string",
        "`identity`, where the coding of the body was refused.",
    ),
    field("Allow", "string", "The methods of the path."),
];

/// What `components.headers` says of the fields that the rest of a document refers to.
pub(super) fn components(is_used: impl Fn(&str) -> bool) -> Map<String, Value> {
    let used = FIELDS.iter().filter(|field| is_used(field.name));
    used.map(|field| {
        let mut schema = json!({"type": field.kind});
        if field.kind == "integer" {
            schema["minimum"] = json!(0);
        }
        (
            field.name.to_owned(),
            json!({"description": field.description, "schema": schema}),
        )
    })
    .collect()
}

/// References to described fields.
pub(super) fn references(names: &[&str]) -> Map<String, Value> {
    let reference = |name: &&str| {
        (
            (*name).to_owned(),
            json!({"$ref": format!("#/components/headers/{name}")}),
        )
    };
    names.iter().map(reference).collect()
}

pub(super) fn with_headers(mut response: Value, headers: Map<String, Value>) -> Value {
    if let Some(members) = response.as_object_mut() {
        members.insert("headers".to_owned(), Value::Object(headers));
    }
    response
}

/// What every answer of an operation may bear, whatever became of it.
pub(super) fn of_all(operation: &Operation) -> Vec<&'static str> {
    let Some(deprecation) = &operation.deprecation else {
        return Vec::new();
    };
    let mut names = vec!["Deprecation"];
    names.extend(deprecation.sunset.map(|_| "Sunset"));
    names.extend(deprecation.link.as_ref().map(|_| "Link"));
    names
}

/// What the answer of a success may bear.
pub(super) fn of_success(operation: &Operation, has_location: bool) -> Vec<&'static str> {
    let mut names = Vec::new();
    if has_location {
        names.push("Location");
    }
    if has_keys(operation) {
        names.push("Idempotent-Replayed");
    }
    names
}

/// What an answer with one of the problems may bear.
pub(super) fn of_problems(operation: &Operation, problems: &[&Problem]) -> Map<String, Value> {
    let own: Vec<GatewayProblem> = GatewayProblem::ALL
        .into_iter()
        .filter(|one| problems.iter().any(|problem| *problem.code == *one.code()))
        .collect();
    let has = |wanted: &[GatewayProblem]| own.iter().any(|one| wanted.contains(one));
    let after_the_head =
        own.len() < problems.len() || own.iter().any(|one| !is_of_the_request(*one));
    use GatewayProblem as P;
    let mut names = Vec::new();
    if has(&[P::Unauthenticated, P::Forbidden]) {
        names.push("WWW-Authenticate");
    }
    if has(&[P::UnsupportedMediaType]) {
        names.extend(["Accept", "Accept-Encoding"]);
        names.extend((operation.method == Method::PATCH).then_some("Accept-Patch"));
    }
    if has(&[
        P::RateLimited,
        P::Overloaded,
        P::CoordinationUnavailable,
        P::RequestInProgress,
        P::ShuttingDown,
        P::UpstreamUnavailable,
        // As long as the vendor asks for.
        P::UpstreamError,
        P::WriteOutcomeUnknown,
    ]) {
        names.push("Retry-After");
    }
    let read = !operation.binding.is_write();
    if has(&[P::NotInCache]) || (after_the_head && read && operation.binding.cache().is_some()) {
        names.extend(["Cache-Control", "Cache-Status"]);
        let keeps = operation
            .binding
            .cache()
            .is_some_and(|rule| rule.not_found.is_some());
        let absent = problems.iter().any(|problem| problem.status == 404);
        names.extend((keeps && absent).then_some("Age"));
    }
    // Kept is what the vendor says of the request.
    if has_keys(operation)
        && (own.len() < problems.len() || own.iter().any(|one| one.answers_a_vendor()))
    {
        names.push("Idempotent-Replayed");
    }
    names.extend(of_all(operation));
    references(&names)
}

/// Told of the request alone, before the cache is asked.
const fn is_of_the_request(problem: GatewayProblem) -> bool {
    use GatewayProblem as P;
    matches!(
        problem,
        P::MalformedRequest
            | P::RequestTimeout
            | P::UriTooLong
            | P::HeadersTooLarge
            | P::NotAcceptable
            | P::Unauthenticated
            | P::Forbidden
            | P::RateLimited
            | P::InvalidCursor
            | P::InternalError
    )
}
