//! Callers who take their time: each wait has an end, and nobody else feels it.

use std::time::Duration;

use sandbox::Config;

use crate::support::eventually;
use crate::support::{Client, Sandboxed};

const ROOM: &str = "/v1/rooms/2101";

/// The idle time is in whole seconds and counts into the wait for a head.
fn impatient() -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!(
            "timeouts: {{head: 300ms, body: 400ms, idle: 1s}}\n{}",
            setup.settings
        );
        setup
    })
}

/// Sends a byte now and then until the peer closes; a test of whole time, not of the next byte.
fn dribble(client: &mut Client, bytes: impl Iterator<Item = u8>) {
    for byte in bytes.take(400) {
        if !client.try_send_raw(&[byte]) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let gateway = impatient();
    let mut client = gateway.client();
    client.send_raw(b"GET /v1/rooms/2101 HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    dribble(&mut client, std::iter::repeat_n(b'x', 120));
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.status, 408, "{answer:?}");
    assert_eq!(answer.problem(), "request-timeout");
    assert!(client.is_closed());
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    let gateway = impatient();
    let head = "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for framing in [
        "Content-Length: 100\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ] {
        // Nothing more at all.
        let mut silent = gateway.client();
        silent.send_raw(format!("{head}{framing}").as_bytes());
        let answer = silent.read(false).expect("an answer");
        assert_eq!(answer.status, 408, "{answer:?}");
        assert_eq!(answer.problem(), "request-timeout");
        assert_eq!(
            answer.json()["outcome"],
            "not-done",
            "a write that was refused"
        );
        assert!(silent.is_closed());
    }
    // A byte now and then.
    let mut slow = gateway.client();
    slow.send_raw(format!("{head}Content-Length: 100\r\n\r\n").as_bytes());
    dribble(&mut slow, std::iter::repeat_n(b' ', 60));
    assert_eq!(
        slow.read(false).expect("an answer").problem(),
        "request-timeout"
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn who_was_told_to_go_on_and_does_not_is_given_up() {
    let gateway = impatient();
    let mut client = gateway.client();
    client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n");
    client.wait_for_continue();
    assert_eq!(
        client.read(false).expect("an answer").problem(),
        "request-timeout"
    );
}

#[test]
fn an_idle_connection_is_closed_in_silence() {
    let gateway = impatient();
    let mut used = gateway.client();
    assert_eq!(used.request("GET", ROOM, &[], b"").status, 200);
    assert!(
        used.read(false).is_none(),
        "nobody asked, so nothing is answered"
    );
    let mut fresh = gateway.client();
    let answer = fresh.read(false);
    // Before the first byte there is nothing to answer either; a 408 is allowed (RFC 9110 §15.5.9).
    assert!(answer.is_none_or(|answer| answer.status == 408));
}

#[test]
fn slow_callers_hold_up_nobody() {
    let gateway = impatient();
    let waiting: Vec<Client> = (0..50)
        .map(|index| {
            let mut client = gateway.client();
            let head = if index % 2 == 0 { "GET /v1" } else { "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n" };
            client.send_raw(head.as_bytes());
            client
        })
        .collect();
    for _ in 0..10 {
        assert_eq!(gateway.get(ROOM).status, 200);
    }
    assert_eq!(gateway.admin_get("/livez").status, 200);
    drop(waiting);
}

#[test]
fn who_does_not_read_its_answers_is_given_up() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!("timeouts: {{write: 300ms}}\n{}", setup.settings);
        setup
    });
    let mut client = gateway.client();
    // More answers than all buffers between us hold.
    let request = b"GET /docs HTTP/1.1\r\nHost: a\r\n\r\n";
    let many = request.repeat(100);
    for _ in 0..20 {
        if !client.try_send_raw(&many) {
            break;
        }
    }
    eventually("the end of the connection", || {
        !client.try_send_raw(b"\r\n")
    });
    assert_eq!(gateway.metric("lms_gateway_requests_in_flight"), 0.0);
    assert_eq!(gateway.get(ROOM).status, 200);
}

/// Rooms of some megabytes, more than the buffers between us hold.
fn much() -> (crate::support::Vendor, crate::support::Gateway, usize) {
    let vendor = crate::support::Vendor::start();
    let name = "a".repeat(20_000);
    let rooms: Vec<String> = (1..=250)
        .map(|id| format!(r#"{{"id":{id},"name":"{name}"}}"#))
        .collect();
    vendor.always(crate::support::Scripted::json(
        200,
        &format!("[{}]", rooms.join(",")),
    ));
    let mut setup = vendor.setup();
    setup.settings = format!(
        "timeouts: {{write: 1s}}\ncache: {{enabled: false}}\n{}",
        setup.settings
    );
    (vendor, setup.start(), 250 * 20_000)
}

fn ask_for_much(gateway: &crate::support::Gateway) -> std::net::TcpStream {
    let mut stream = std::net::TcpStream::connect(gateway.api).expect("it listens");
    let request = b"GET /v1/rooms HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, request).expect("it reads");
    stream
}

/// `timeouts.write` is for progress: the whole answer may take longer.
#[test]
fn who_reads_steadily_gets_all_of_it() {
    let (_vendor, gateway, size) = much();
    let mut stream = ask_for_much(&gateway);
    let started = std::time::Instant::now();
    let mut piece = vec![0; 64 * 1024];
    let mut count = 0;
    while let Ok(more @ 1..) = std::io::Read::read(&mut stream, &mut piece) {
        count += more;
        std::thread::sleep(Duration::from_millis(30));
    }
    assert!(count > size, "{count} of {size}");
    assert!(
        started.elapsed() > Duration::from_secs(2),
        "longer than the deadline"
    );
}

#[test]
fn who_reads_nothing_is_cut() {
    let (_vendor, gateway, size) = much();
    let mut stream = ask_for_much(&gateway);
    let under_way = || gateway.metric("lms_gateway_requests_in_flight");
    eventually("its beginning", || under_way() > 0.0);
    eventually("its end", || under_way() == 0.0);
    let mut rest = Vec::new();
    let _cut = std::io::Read::read_to_end(&mut stream, &mut rest);
    assert!(rest.len() < size, "{} of {size}", rest.len());
}
