//! `POST /reload`: as SIGHUP does, and tells what became of it.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout;

use super::body::{Refused, bad};
use crate::reload::{LastReload, Outcome, Reloader, Trigger};

/// Files are read without a limit, and a mount that is gone never answers. Who asked shall have his terminal back.
const LONGEST: Duration = Duration::from_secs(60);

/// Reloads, and waits for its end; `body` must be empty.
///
/// # Errors
/// Why nothing is told of one, for the operator.
pub async fn answer(
    reloader: &Reloader,
    body: &[u8],
) -> Result<(StatusCode, Arc<LastReload>), Refused> {
    if !body.is_empty() {
        return Err(bad(
            "send no body: what is reloaded stands in the files".to_owned()
        ));
    }
    let ended = timeout(LONGEST, reloader.run(Trigger::Request)).await;
    let ended = ended.map_err(|_| {
        let seconds = LONGEST.as_secs();
        let text =
            format!("the reload has not ended within {seconds} s; /status tells when it has");
        (StatusCode::GATEWAY_TIMEOUT, text)
    })?;
    let last = ended.map_err(|error| (StatusCode::SERVICE_UNAVAILABLE, error.to_string()))?;
    let status = match last.report.outcome {
        Outcome::Accepted => StatusCode::OK,
        Outcome::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Ok((status, last))
}
