//! What an operation would send, without sending it.

use bytes::Bytes;
use contract::OperationIndex;
use http::{HeaderMap, HeaderName};

use super::given::Given;
use crate::engine::accept::check::{RawRequest, check};
use crate::engine::accept::invocation::Invocation;
use crate::engine::call::prepare::prepare;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::engine::trace::Trace;
use crate::upstream::{VendorRequest, content_length, default_headers};

/// The vendor call of a request that was not made.
pub struct Explained {
    pub url: String,
    pub request: VendorRequest,
    /// All header fields in the order of sending, secrets masked.
    pub headers: Vec<(String, String)>,
    /// As it would leave, secrets masked.
    pub body: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error("there is no operation `{0}`")]
    UnknownOperation(String),
    #[error("`{operation}` has no parameter `{name}`")]
    UnknownParameter { operation: String, name: String },
    #[error("`{operation}` needs --param {name}=…")]
    MissingParameter { operation: String, name: String },
    #[error("`{0}` takes no body; leave --body out")]
    UnwantedBody(String),
    #[error("{}", .0.detail)]
    Refused(Box<Refusal>),
}

/// Runs the stages up to the vendor call.
///
/// # Errors
/// What a caller would be told.
pub fn explain(
    runtime: &Runtime,
    operation: &str,
    parameters: &[(String, String)],
    body: Option<Bytes>,
) -> Result<Explained, ExplainError> {
    let found = runtime
        .plan
        .operations
        .iter()
        .position(|known| &*known.id == operation);
    let index =
        OperationIndex(found.ok_or_else(|| ExplainError::UnknownOperation(operation.to_owned()))?);
    let plan = runtime.operation(index);
    let pairs = parameters.iter();
    let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
    let given = Given::of(plan, pairs).map_err(|name| ExplainError::UnknownParameter {
        operation: operation.to_owned(),
        name,
    })?;
    let mut wanted = plan
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    if let Some(missing) =
        wanted.find(|parameter| !parameters.iter().any(|(name, _)| *name == parameter.name))
    {
        return Err(ExplainError::MissingParameter {
            operation: operation.to_owned(),
            name: missing.name.clone(),
        });
    }
    if body.is_some() && plan.body.is_none() {
        return Err(ExplainError::UnwantedBody(operation.to_owned()));
    }
    let refused = |refusal| ExplainError::Refused(Box::new(refusal));
    let body = plan.body.is_some().then(|| body.unwrap_or_default().into());
    let raw = RawRequest {
        path: &given.path(),
        query: Some(&given.query),
        body,
    };
    let input = check(runtime, index, raw).map_err(refused)?;
    let invocation = Invocation {
        runtime,
        index,
        input: &input,
    };
    let request = prepare(invocation).map_err(refused)?;
    let upstream = runtime.upstream(plan);
    let base = upstream.base_url();
    let mut headers = vec![("host".to_owned(), authority(base))];
    headers.extend(
        request
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), shown(name, value))),
    );
    let trace = Trace::from_headers(&HeaderMap::new(), None);
    let told = trace.call(upstream.sends_traceparent(), &mut None);
    if let Some(traceparent) = told.map(|call| call.traceparent()) {
        headers.push(("traceparent".to_owned(), traceparent));
    }
    let masked = upstream.masked();
    headers.extend(masked.headers);
    for (name, value) in &default_headers(upstream.fixed_headers()) {
        if !headers.iter().any(|(known, _)| known == name.as_str()) {
            headers.push((name.to_string(), shown(name, value)));
        }
    }
    let mut url = format!(
        "{}{}",
        base.as_str().trim_end_matches('/'),
        request.path_and_query
    );
    for pair in masked.query {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&pair);
    }
    let mut body = String::from_utf8_lossy(&request.body).into_owned();
    for pair in &masked.form {
        if !body.is_empty() {
            body.push('&');
        }
        body.push_str(pair);
    }
    // The length of a secret is nobody's business either.
    let length = if masked.form.is_empty() {
        content_length(&request.method, request.body.len()).map(|length| length.to_string())
    } else {
        Some("***".to_owned())
    };
    if let Some(length) = length {
        headers.push(("content-length".to_owned(), length));
    }
    Ok(Explained {
        url,
        request,
        headers,
        body,
    })
}

fn authority(base: &url::Url) -> String {
    let host = base.host_str().unwrap_or_default();
    base.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn shown(name: &HeaderName, value: &http::HeaderValue) -> String {
    // A fixed header may hold a credential that somebody put there.
    let secret =
        ["authorization", "cookie", "x-auth-token", "x-auth-password"].contains(&name.as_str());
    if secret {
        "***".to_owned()
    } else {
        value.to_str().unwrap_or("***").to_owned()
    }
}
