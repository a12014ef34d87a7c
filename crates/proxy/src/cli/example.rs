//! The worked example of the demo: two exchanges, made for real, shown from both sides.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use sandbox::{Recorded, Sandbox};

const ROOM: &str = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"demo-1","name":"Sala Coruña","capacity":100,"telephone":"+34981523698","contact_email":"netex@elearning.com"}"#;
const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const LINK: &str = r#"{"url":"https://google.meet.com"}"#;

/// Runs both exchanges and writes them down.
///
/// # Errors
/// The socket's, or the status that was not a success.
pub fn run(
    listen: SocketAddr,
    admin: SocketAddr,
    control: SocketAddr,
    sandbox: &Sandbox,
) -> Result<String, String> {
    let mut text = String::new();
    let create = exchange(listen, "POST", "/v1/rooms", ROOM, "201")?;
    let seen = last(sandbox, "netex.create")?;
    show(
        &mut text,
        "A room: JSON in, a form out",
        "POST /v1/rooms",
        ROOM,
        "Netex got",
        &seen,
        &create,
    );
    let path = format!("/v1/training-days/{DAY}");
    let update = exchange(listen, "PATCH", &path, LINK, "200")?;
    let seen = last(sandbox, "ispring.update_day")?;
    show(
        &mut text,
        "A training day: JSON in, XML out",
        &format!("PATCH {path}"),
        LINK,
        "iSpring got",
        &seen,
        &update,
    );
    let _ = write!(
        text,
        "\nThe gateway is on http://{listen}, metrics and health on http://{admin}, the sandbox's switches on http://{control}.\n\
         Try next:\n\
         \x20 curl -s 'http://{listen}/v1/rooms?limit=3'\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/demo-1\n\
         \x20 curl -s http://{listen}/v1/training-days/{DAY}\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/a%2Fb        # refused before Netex hears of it\n\
         \x20 curl -s http://{admin}/metrics | grep lms_gateway_requests_total\n\
         and look at http://{listen}/docs in a browser.\n\
         Ctrl-C ends it."
    );
    Ok(text)
}

fn show(
    text: &mut String,
    title: &str,
    call: &str,
    body: &str,
    vendor: &str,
    seen: &Recorded,
    answer: &str,
) {
    let _ = write!(
        text,
        "\n== {title}\n\n  {call}\n  {body}\n\n{vendor}\n  {} {}\n  Content-Type: {}\n  {}\n\nThe caller got\n",
        seen.method,
        seen.target,
        seen.header("content-type").unwrap_or_default(),
        String::from_utf8_lossy(&seen.body),
    );
    for line in answer
        .lines()
        .filter(|line| !line.starts_with("Date") && !line.starts_with("Connection"))
    {
        let _ = writeln!(text, "  {line}");
    }
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
