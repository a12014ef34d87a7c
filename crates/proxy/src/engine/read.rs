//! The body of a request: its type, its size, its bytes.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use contract::{GatewayProblem, Operation, RequestBody};
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use tokio::time::{Instant, timeout_at};
use validate::grammar::media_type;

use super::Refusal;
use crate::settings::Settings;

/// Where body bytes come from.
#[async_trait]
pub trait BodySource: Send {
    /// The next bytes, or `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// The caller left, or the framing of the body is broken.
    Broken(String),
    Timeout,
}

/// The bytes of the body, or `None` where the operation takes none. 415 before 413, both before a
/// byte is read where the head already tells.
pub async fn read(
    operation: &Operation,
    head: &Parts,
    source: &mut dyn BodySource,
    settings: &Settings,
) -> Result<Option<Bytes>, Refusal> {
    let Some(body) = &operation.body else {
        return Ok(None);
    };
    let empty_allowed = !body.required && head.headers.get(CONTENT_TYPE).is_none();
    if !empty_allowed {
        check_type(body, head)?;
    }
    let limit = settings.limits.body;
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let until = Instant::now() + settings.timeouts.body;
    let mut bytes = BytesMut::new();
    loop {
        let chunk = match timeout_at(until, source.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(BodyError::Broken(cause))) => {
                return Err(Refusal::new(
                    GatewayProblem::MalformedRequest,
                    "The body ended early or is framed wrongly.",
                )
                .because(cause));
            }
            Ok(Err(BodyError::Timeout)) | Err(_) => {
                return Err(Refusal::new(
                    GatewayProblem::RequestTimeout,
                    "The body did not come in time.",
                ));
            }
        };
        let Some(chunk) = chunk else {
            break;
        };
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() && empty_allowed {
        return Ok(None);
    }
    Ok(Some(bytes.freeze()))
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        GatewayProblem::ContentTooLarge,
        format!("The body is larger than {limit} bytes."),
    )
}

fn check_type(body: &RequestBody, head: &Parts) -> Result<(), Refusal> {
    let accepted = body.media_types.join(", ");
    let refuse = |detail: String| {
        Err(Refusal::new(GatewayProblem::UnsupportedMediaType, detail)
            .with_header(ACCEPT, &accepted))
    };
    let encodings = head.headers.get_all(CONTENT_ENCODING).iter();
    for encoding in encodings {
        if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") {
            return refuse("Compressed bodies are not read; send the JSON as it is.".to_owned());
        }
    }
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return refuse(format!(
            "Content-Type is missing or there twice; send {accepted}."
        ));
    };
    let text = value.to_str().unwrap_or_default();
    let media_type = media_type::essence(text).to_ascii_lowercase();
    if !body.media_types.contains(&media_type) {
        return refuse(format!("The body must be {accepted}."));
    }
    for (name, charset) in media_type::parameters(text) {
        if name.eq_ignore_ascii_case("charset")
            && !["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|known| charset.eq_ignore_ascii_case(known))
        {
            return refuse("JSON is UTF-8; no other charset is read.".to_owned());
        }
    }
    Ok(())
}
