//! The worked example of the demo: two exchanges, made for real, shown from both sides.

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use sandbox::{Recorded, Sandbox};

use crate::app::Addresses;

const ROOM: &str = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"demo-1","name":"Sala Coruña","capacity":100,"telephone":"+34981523698","contact_email":"netex@elearning.com"}"#;
const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const LINK: &str = r#"{"url":"https://google.meet.com"}"#;

/// One exchange, from both sides.
struct Shown<'a> {
    title: &'a str,
    /// Method and path of the unified call.
    call: &'a str,
    body: &'a str,
    vendor: &'a str,
    /// What the vendor got.
    seen: Recorded,
    /// What the caller got.
    answer: String,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (call, body, seen) = (self.call, self.body, &self.seen);
        let content_type = seen.header("content-type").unwrap_or_default();
        let sent = String::from_utf8_lossy(&seen.body);
        write!(f, "\n== {}\n\n  {call}\n  {body}\n", self.title)?;
        write!(
            f,
            "\n{} got\n  {} {}\n",
            self.vendor, seen.method, seen.target
        )?;
        write!(
            f,
            "  Content-Type: {content_type}\n  {sent}\n\nThe caller got\n"
        )?;
        let varies = |line: &str| line.starts_with("Date") || line.starts_with("Connection");
        for line in self.answer.lines().filter(|line| !varies(line)) {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

/// Runs both exchanges and writes them down.
///
/// # Errors
/// The socket's, or the status that was not a success.
pub fn run(addresses: Addresses, sandbox: &Sandbox) -> Result<String, String> {
    let Addresses {
        listen,
        admin,
        sandbox: control,
    } = addresses;
    let answer = exchange(listen, "POST", "/v1/rooms", ROOM, "201")?;
    let room = Shown {
        title: "A room: JSON in, a form out",
        call: "POST /v1/rooms",
        body: ROOM,
        vendor: "Netex",
        seen: last(sandbox, "netex.create")?,
        answer,
    };
    let path = format!("/v1/training-days/{DAY}");
    let answer = exchange(listen, "PATCH", &path, LINK, "200")?;
    let day = Shown {
        title: "A training day: JSON in, XML out",
        call: &format!("PATCH {path}"),
        body: LINK,
        vendor: "iSpring",
        seen: last(sandbox, "ispring.update_day")?,
        answer,
    };
    Ok(format!(
        "{room}{day}\n\
         The gateway is on http://{listen}, metrics and health on http://{admin}, the sandbox's switches on http://{control}.\n\
         Try next:\n\
         \x20 curl -s 'http://{listen}/v1/rooms?limit=3'\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/demo-1\n\
         \x20 curl -s http://{listen}/v1/training-days/{DAY}\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/a%2Fb        # refused before Netex hears of it\n\
         \x20 curl -s http://{admin}/metrics | grep lms_gateway_requests_total\n\
         and look at http://{listen}/docs in a browser.\n\
         Ctrl-C ends it."
    ))
}

fn last(sandbox: &Sandbox, operation: &str) -> Result<Recorded, String> {
    let seen = sandbox
        .ledger()
        .into_iter()
        .rev()
        .find(|seen| seen.operation == operation);
    seen.ok_or_else(|| format!("the sandbox saw no {operation}"))
}

/// One request on a connection of its own; the whole answer as text.
fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
    wanted: &str,
) -> Result<String, String> {
    let fail = |error: std::io::Error| format!("{method} {path}: {error}");
    let mut stream = TcpStream::connect(address).map_err(fail)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(15)))
        .map_err(fail)?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).map_err(fail)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(fail)?;
    if answer.split(' ').nth(1) == Some(wanted) {
        Ok(answer)
    } else {
        Err(format!("{method} {path} was answered {answer}"))
    }
}
