//! The operators' port is served as the callers' one is: the same sessions, deadlines and log.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use sandbox::Config;

use crate::support::{Answer, Client, Sandboxed};

const LIVE: &str = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";

fn impatient() -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        let times = "timeouts: {head: 300ms, body: 400ms, idle: 300ms, write: 400ms}\n";
        setup.settings = format!("{times}{}", setup.settings);
        setup
    })
}

fn ask(gateway: &Sandboxed, bytes: &[u8]) -> (Answer, Client) {
    let mut client = Client::connect(gateway.admin);
    client.send_raw(bytes);
    (client.read(false).expect("an answer"), client)
}

#[test]
fn connections_are_kept_pipelined_and_closed() {
    let gateway = Sandboxed::start();
    let mut client = Client::connect(gateway.admin);
    client.send_raw(
        format!("{LIVE}{LIVE}GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").as_bytes(),
    );
    for _ in 0..3 {
        let answer = client.read(false).expect("an answer");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("connection"), Some("keep-alive"));
    }
    for head in [
        "GET /livez HTTP/1.0\r\n\r\n",
        "GET /livez HTTP/1.0\r\nConnection: TE\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n",
    ] {
        let (answer, mut client) = ask(&gateway, head.as_bytes());
        assert_eq!(answer.status, 200, "{head}");
        assert_eq!(answer.header("connection"), Some("close"), "{head}");
        assert!(client.is_closed(), "{head}");
    }
    let (_, mut client) = ask(
        &gateway,
        b"GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    );
    assert_eq!(client.request("HEAD", "/livez", &[], b"").body, b"");
    assert_eq!(client.request("GET", "/readyz", &[], b"").status, 200);
}

#[test]
fn what_is_not_http_is_refused_in_words() {
    let gateway = Sandboxed::start();
    for (head, status) in [
        ("GET /livez HTTP/1.1\r\n\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (
            "POST /cache/purge HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
        ),
        (
            "POST /cache/purge HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\n",
            400,
        ),
    ] {
        let (answer, mut client) = ask(&gateway, head.as_bytes());
        assert_eq!(answer.status, status, "{head}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        assert!(answer.text().len() > 10, "{head}: {answer:?}");
        assert!(client.is_closed(), "{head}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9_000));
    assert_eq!(ask(&gateway, long.as_bytes()).0.status, 414);
    let wide = format!(
        "GET /livez HTTP/1.1\r\nHost: a\r\nA: {}\r\n\r\n",
        "a".repeat(70_000)
    );
    assert_eq!(ask(&gateway, wide.as_bytes()).0.status, 431);
}

#[test]
fn an_expectation_is_met_here_too() {
    let gateway = Sandboxed::start();
    let purge = r#"{"all": true}"#;
    let head = format!(
        "POST /cache/purge HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        purge.len()
    );
    let mut client = Client::connect(gateway.admin);
    client.send_raw(head.as_bytes());
    client.wait_for_continue();
    client.send_raw(purge.as_bytes());
    assert_eq!(client.read(false).expect("an answer").status, 200);
    assert_eq!(client.request("GET", "/livez", &[], b"").status, 200);
}

#[test]
fn every_wait_has_an_end() {
    let gateway = impatient();
    // Nothing at all, and a connection that was used.
    let mut silent = Client::connect(gateway.admin);
    let (_, mut used) = ask(&gateway, LIVE.as_bytes());
    assert!(silent.is_closed());
    assert!(used.is_closed());
    // Half a head, half a body.
    let (answer, mut client) = ask(&gateway, b"GET /livez HTTP/1.1\r\nHost: a\r\nX: ");
    assert_eq!(answer.status, 408, "{answer:?}");
    assert!(client.is_closed());
    let (answer, mut client) = ask(
        &gateway,
        b"POST /cache/purge HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n{",
    );
    assert_eq!(answer.status, 408, "{answer:?}");
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(client.is_closed());
}

/// Descriptors are shared by both ports.
#[test]
fn slow_operators_take_nothing_from_callers() {
    let gateway = Sandboxed::start();
    let pid = gateway.id().to_string();
    let limit = Command::new("prlimit")
        .args(["--pid", &pid, "--nofile=200:200"])
        .status()
        .expect("prlimit runs");
    assert!(limit.success());
    let slow: Vec<TcpStream> = (0..300)
        .filter_map(|_| {
            let mut stream = TcpStream::connect(gateway.admin).ok()?;
            stream.write_all(b"GET /livez HTTP/1.1\r\nX: ").ok()?;
            Some(stream)
        })
        .collect();
    assert_eq!(slow.len(), 300);
    for _ in 0..20 {
        assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    }
    drop(slow);
    let until = Instant::now() + Duration::from_secs(30);
    while gateway.admin_get("/livez").status != 200 {
        assert!(Instant::now() < until);
    }
}

/// Neither port puts a head, a query or a credential into its log, at any level.
#[test]
fn connections_that_nobody_uses_keep_no_health_check_out() {
    let gateway = Sandboxed::start();
    // Kept after a request, within a head, and without a byte: more of each than there are places.
    let mut unused = Vec::new();
    for bytes in [LIVE, "GET /livez HTTP/1.1\r\nHo", ""] {
        for _ in 0..70 {
            let mut client = Client::connect(gateway.admin);
            client.send_raw(bytes.as_bytes());
            if bytes == LIVE {
                assert_eq!(client.read(false).expect("an answer").status, 200);
            }
            unused.push(client);
        }
        let (answer, _) = ask(&gateway, b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(answer.status, 200, "{bytes:?}");
    }
    assert!(unused[0].is_closed(), "who waited longest gave way");
    let last = unused.last_mut().expect("there are some");
    last.send_raw(LIVE.as_bytes());
    let answer = last.read(false).expect("who came last is still there");
    assert_eq!(answer.status, 200);
}

#[test]
fn no_line_of_the_log_holds_what_was_sent() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!(
            "log: {{level: \"trace,pingora_core=trace\"}}\ntimeouts: {{head: 300ms, body: 300ms}}\n{}",
            setup.settings
        );
        setup
    });
    const WORD: &str = "canary-head-91c2";
    for address in [gateway.api, gateway.admin] {
        for text in [
            format!(
                "GET /livez?key={WORD} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {WORD}\r\n\r\n"
            ),
            format!("GET /a b?{WORD} HTTP/1.1\r\nHost: a\r\nAuthorization: {WORD}\r\n\r\n"),
            format!("GET /livez HTTP/1.1\r\nAuthorization {WORD}\r\n\r\n"),
            format!("GET /livez HTTP/1.1\r\nAuthorization: {WORD}\u{0}\r\n\r\n"),
            format!("GET /livez HTTP/1.1\r\nHost: a\r\nAuthorization: {WORD}"),
            format!("{WORD}\r\n\r\n"),
            format!(
                "POST /cache/purge HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;{WORD}\nb\r\n"
            ),
            format!(
                "POST /v1/rooms?{WORD} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{WORD}\r\n"
            ),
            format!(
                "GET /{}{WORD} HTTP/1.1\r\nHost: a\r\n\r\n",
                "a".repeat(70_000)
            ),
        ] {
            let mut stream = TcpStream::connect(address).expect("it listens");
            stream.write_all(text.as_bytes()).expect("it reads");
            stream
                .shutdown(std::net::Shutdown::Write)
                .expect("a half close");
            let mut answer = Vec::new();
            let _ended = stream.read_to_end(&mut answer);
            assert!(answer.starts_with(b"HTTP/1.1 "), "{text}");
        }
    }
    let last = gateway.get("/v1/rooms/1");
    gateway.wait_for_log(last.json()["trace_id"].as_str().expect("an id"));
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(WORD));
    assert_eq!(line, None);
}
