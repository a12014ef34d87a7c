//! The body of a request to the admin port: short, and here in time.

use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout;

use crate::engine::{BodyError, BodySource};

/// A tag's value is at most as long as an identifier; nothing that is longer is asked here.
const MAX_BODY: usize = 4096;

/// Status and text of a refusal.
pub type Refused = (StatusCode, String);

/// The whole body, within `limit`.
///
/// # Errors
/// Why it cannot be read, for the operator.
pub async fn read(body: &mut dyn BodySource, limit: Duration) -> Result<Vec<u8>, Refused> {
    timeout(limit, collect(body)).await.map_err(|_| late())?
}

async fn collect(body: &mut dyn BodySource) -> Result<Vec<u8>, Refused> {
    let mut text = Vec::new();
    loop {
        match body.chunk().await {
            Ok(Some(chunk)) if text.len() + chunk.len() <= MAX_BODY => {
                text.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                let text = format!("the body is larger than {MAX_BODY} bytes");
                return Err((StatusCode::PAYLOAD_TOO_LARGE, text));
            }
            Ok(None) => return Ok(text),
            Err(BodyError::Broken(_)) => {
                return Err(bad("the body ended early or is framed wrongly".to_owned()));
            }
            Err(BodyError::Timeout) => return Err(late()),
        }
    }
}

fn late() -> Refused {
    let text = "the body did not come in time".to_owned();
    (StatusCode::REQUEST_TIMEOUT, text)
}

/// The request is none that can be done.
pub fn bad(text: String) -> Refused {
    (StatusCode::BAD_REQUEST, text)
}
