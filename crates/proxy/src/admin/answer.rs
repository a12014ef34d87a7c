//! Answers of the admin port: for people and programs of the operator's, no problems.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};

use super::access::Denied;

/// An answer with a body. What is true of this moment is kept by nobody.
pub fn text(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, length);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A value as JSON, with a line end for terminals.
pub fn json(status: StatusCode, value: &impl serde::Serialize) -> Response<Bytes> {
    // What is sent here are structs of ours with string keys, which serialize.
    let mut body = serde_json::to_vec(value).unwrap_or_default();
    body.push(b'\n');
    text(status, "application/json", body)
}

/// A line of plain text.
pub fn words(status: StatusCode, line: &str) -> Response<Bytes> {
    text(status, "text/plain", format!("{line}\n").into_bytes())
}

/// A refusal in words.
pub fn refused(status: StatusCode, why: &str) -> Response<Bytes> {
    let mut response = words(status, why);
    // Where the body of this request ends is not known.
    if status == StatusCode::REQUEST_TIMEOUT {
        response = closing(response);
    }
    response
}

/// The connection ends with this answer.
pub fn closing(mut response: Response<Bytes>) -> Response<Bytes> {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

pub fn method_not_allowed(allowed: &'static str) -> Response<Bytes> {
    let why = format!("only {}", allowed.replace(", ", " and "));
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, &why);
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

pub fn denied(denied: Denied) -> Response<Bytes> {
    let mut response = refused(denied.status(), &denied.to_string());
    if let Some(challenge) = denied.challenge() {
        let challenge = HeaderValue::from_static(challenge);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
