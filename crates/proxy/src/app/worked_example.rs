//! The worked example of the demo: two exchanges, made for real and seen from both sides.

use std::net::SocketAddr;
use std::time::Duration;

use sandbox::{Recorded, Sandbox};

use super::demo::Addresses;
use super::one_request::{OneRequest, status};

const ROOM: &str = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"demo-1","name":"Sala Coruña","capacity":100,"telephone":"+34981523698","contact_email":"netex@elearning.com"}"#;
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const LINK: &str = r#"{"url":"https://google.meet.com"}"#;

/// Both ends are in this process.
const LIMIT: Duration = Duration::from_secs(15);

/// One exchange, from both sides.
#[derive(Debug, Clone)]
pub struct Exchanged {
    pub title: &'static str,
    /// The unified call.
    pub request: OneRequest<'static>,
    pub vendor: &'static str,
    /// What the vendor got.
    pub seen: Recorded,
    /// What the caller got, head and body.
    pub answer: String,
}

/// Makes both exchanges.
///
/// # Errors
/// The socket's, or the status that was not a success.
pub fn worked_example(addresses: Addresses, sandbox: &Sandbox) -> Result<[Exchanged; 2], String> {
    let room = OneRequest {
        method: "POST",
        path: "/v1/rooms",
        body: Some(ROOM),
    };
    let day = OneRequest {
        method: "PATCH",
        path: DAY,
        body: Some(LINK),
    };
    Ok([
        Exchanged {
            title: "A room: JSON in, a form out",
            request: room,
            vendor: "Netex",
            answer: exchange(addresses.listen, room, "201")?,
            seen: last(sandbox, "netex.create")?,
        },
        Exchanged {
            title: "A training day: JSON in, XML out",
            request: day,
            vendor: "iSpring",
            answer: exchange(addresses.listen, day, "200")?,
            seen: last(sandbox, "ispring.update_day")?,
        },
    ])
}

fn last(sandbox: &Sandbox, operation: &str) -> Result<Recorded, String> {
    let seen = sandbox
        .ledger()
        .into_iter()
        .rev()
        .find(|seen| seen.operation == operation);
    seen.ok_or_else(|| format!("the sandbox saw no {operation}"))
}

fn exchange(address: SocketAddr, request: OneRequest<'_>, wanted: &str) -> Result<String, String> {
    let OneRequest { method, path, .. } = request;
    let answer = request
        .send(address, LIMIT)
        .map_err(|error| format!("{method} {path}: {error}"))?;
    if status(&answer) == wanted {
        Ok(answer)
    } else {
        Err(format!("{method} {path} was answered {answer}"))
    }
}
