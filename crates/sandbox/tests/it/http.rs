//! The server itself: framing, keep-alive, HEAD, and what is not HTTP.

use std::io::Write;
use std::time::Duration;

use sandbox::Config;
use serde_json::json;

use crate::lab::{
    Cut, Lab, PATIENCE, ROOMS, comes_true, connect, read_reply, room_request, send, send_on,
};

#[test]
fn one_connection_carries_many_requests() {
    let lab = Lab::new();
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    for id in [2101, 2102, 2103] {
        let reply = send_on(
            &mut stream,
            &room_request("GET", &format!("{ROOMS}/id/{id}"), ""),
        )
        .unwrap();
        assert_eq!(reply.json()["id"], json!(id));
    }
    let connections: Vec<u64> = lab
        .sandbox
        .ledger()
        .iter()
        .map(|entry| entry.connection)
        .collect();
    assert_eq!(connections.len(), 3);
    assert!(connections.windows(2).all(|pair| pair[0] == pair[1]));
    lab.rooms("GET", "/id/2101", "");
    assert_ne!(lab.last().connection, connections[0]);
    let sequences: Vec<u64> = lab
        .sandbox
        .ledger()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(sequences, [1, 2, 3, 4]);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let lab = Lab::new();
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    let two = [
        room_request("GET", &format!("{ROOMS}/id/2101"), ""),
        room_request("GET", &format!("{ROOMS}/id/2102"), ""),
    ]
    .concat();
    stream.write_all(&two).unwrap();
    assert_eq!(
        read_reply(&mut stream, false).unwrap().json()["id"],
        json!(2101)
    );
    assert_eq!(
        read_reply(&mut stream, false).unwrap().json()["id"],
        json!(2102)
    );
}

#[test]
fn connection_close_and_http_10_end_the_connection() {
    let lab = Lab::new();
    for request in [
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ] {
        let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
        assert_eq!(
            send_on(&mut stream, request.as_bytes())
                .unwrap()
                .header("connection"),
            Some("close")
        );
        assert_eq!(read_reply(&mut stream, false), Err(Cut::Closed(vec![])));
    }
}

#[test]
fn head_has_the_headers_and_no_body() {
    let lab = Lab::new();
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    let get = send_on(
        &mut stream,
        &room_request("GET", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    let head = send_on(
        &mut stream,
        &room_request("HEAD", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    assert_eq!(
        head.header("content-length"),
        Some(get.body.len().to_string().as_str())
    );
    let again = send_on(
        &mut stream,
        &room_request("GET", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    assert_eq!(again, get, "nothing of a body lay between");
}

#[test]
fn a_chunked_form_is_a_form() {
    let lab = Lab::new();
    let head = format!(
        "POST {ROOMS} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: sandbox-netex-token\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    for part in [
        head.as_str(),
        "12\r\ntype=PHYSICAL_ROOM\r\n",
        "14\r\n&external_id=c&name=",
        "\r\n1\r\nC\r\n0\r\n\r\n",
    ] {
        stream.write_all(part.as_bytes()).unwrap();
    }
    assert_eq!(read_reply(&mut stream, false).unwrap().status, 201);
    assert_eq!(lab.last().body, b"type=PHYSICAL_ROOM&external_id=c&name=C");
}

#[test]
fn what_is_no_request_is_400_recorded_and_the_connection_ends() {
    let lab = Lab::new();
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9000));
    for bad in [
        "\x16\x03\x01 hello\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx",
        &long,
    ] {
        let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
        assert_eq!(
            send_on(&mut stream, bad.as_bytes()).unwrap().status,
            400,
            "{bad:.60}"
        );
        assert_eq!(read_reply(&mut stream, false), Err(Cut::Closed(vec![])));
        assert_eq!(
            (lab.last().operation, lab.last().status),
            ("netex.malformed", Some(400))
        );
    }
    let huge = format!("POST {ROOMS} HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n");
    assert_eq!(
        send(lab.sandbox.ispring_addr(), huge.as_bytes())
            .unwrap()
            .status,
        413
    );
    assert_eq!(lab.last().operation, "ispring.malformed");
    assert_eq!(
        lab.rooms("GET", "/id/2145", "").status,
        200,
        "the next client is served"
    );
}

#[test]
fn a_body_that_ends_early_is_recorded_and_not_applied() {
    let lab = Lab::new();
    let whole = room_request(
        "POST",
        ROOMS,
        "type=PHYSICAL_ROOM&external_id=short&name=A&city=Burgo",
    );
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    stream.write_all(&whole[..whole.len() - 5]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(read_reply(&mut stream, false).unwrap().status, 400);
    let recorded = lab.last();
    assert_eq!(
        (recorded.operation, recorded.applied),
        ("netex.malformed", false)
    );
    assert_eq!(
        recorded.body,
        b"type=PHYSICAL_ROOM&external_id=short&name=A&city="
    );
    assert_eq!(lab.sandbox.room_named("short"), None);
}

#[test]
fn an_idle_connection_is_closed_where_the_configuration_says_so() {
    let lab = Lab::with(Config {
        idle_close: Some(Duration::from_millis(20)),
        ..Config::default()
    });
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    assert_eq!(
        send_on(
            &mut stream,
            &room_request("GET", &format!("{ROOMS}/id/2145"), "")
        )
        .unwrap()
        .status,
        200
    );
    assert_eq!(
        read_reply(&mut stream, false),
        Err(Cut::Closed(vec![])),
        "within {PATIENCE:?}"
    );
}

#[test]
fn the_ledger_is_bounded_and_says_what_it_forgot() {
    let lab = Lab::with(Config {
        ledger_limit: 2,
        ..Config::default()
    });
    for _ in 0..5 {
        lab.rooms("PUT", "/id/2145/status", "value=active");
    }
    let kept: Vec<u64> = lab
        .sandbox
        .ledger()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!((kept, lab.sandbox.ledger_forgotten()), (vec![4, 5], 3));
    assert!(
        lab.sandbox
            .ledger()
            .iter()
            .all(|entry| entry.status == Some(200) && entry.applied)
    );
    assert_eq!(lab.sandbox.history().len(), 2);
    lab.sandbox.clear_ledger();
    assert_eq!(
        (lab.sandbox.ledger(), lab.sandbox.ledger_forgotten()),
        (vec![], 0)
    );
    lab.rooms("GET", "/id/2145", "");
    assert_eq!(lab.last().sequence, 6);
}

#[test]
fn many_clients_are_served_at_once() {
    let lab = Lab::new();
    std::thread::scope(|scope| {
        for client in 0..20 {
            let lab = &lab;
            scope.spawn(move || {
                let form = format!("type=PHYSICAL_ROOM&external_id=many-{client}&name=A");
                assert_eq!(lab.rooms("POST", "", &form).status, 201);
            });
        }
    });
    assert!(comes_true(|| lab.sandbox.rooms().len() == 45));
    assert_eq!(
        lab.sandbox
            .ledger()
            .iter()
            .filter(|entry| entry.applied)
            .count(),
        20
    );
}
