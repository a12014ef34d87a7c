//! Whom the gateway believes, and that nobody else gets a byte of HTTP.

use rustls::{ProtocolVersion, version};

use super::lab::{
    CREATE, DAY, Files, PATCH, ROOM, addresses, before_sandbox, must_be_unreachable,
    must_hold_no_secret, read, talkative, trusted,
};
use crate::support::tls::{Authority, Door, Farewell, Life};

#[test]
fn reads_and_writes_of_a_vendor_share_one_connection() {
    let (authority, identity) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    for (versions, expected) in [
        (&[&version::TLS13], ProtocolVersion::TLSv1_3),
        (&[&version::TLS12], ProtocolVersion::TLSv1_2),
    ] {
        let at = addresses();
        let netex = Door::with(at.0, &identity, versions, Farewell::Polite);
        let ispring = Door::with(at.1, &identity, versions, Farewell::Polite);
        let lab = before_sandbox(
            at,
            (&netex, &ispring),
            "localhost",
            Some(&ca_file),
            |setup| setup,
        );
        let gateway = &lab.gateway;

        assert_eq!(read(gateway, ROOM).status, 200);
        let created = gateway.send_json("POST", "/v1/rooms", CREATE);
        assert_eq!(created.status, 201, "{created:?}");
        let place = created.header("location").expect("a place").to_owned();
        assert_eq!(read(gateway, &place).json()["external_id"], "tls-1");
        assert_eq!(read(gateway, DAY).status, 200);
        let patched = gateway.send_json("PATCH", DAY, PATCH);
        assert_eq!(patched.status, 200, "{patched:?}");
        assert_eq!(read(gateway, DAY).json()["url"], "https://a.example/tls");

        let create = lab.calls("netex.create");
        assert_eq!(create.len(), 1);
        assert!(create[0].body.starts_with(b"type=PHYSICAL_ROOM&"), "a form");
        let update = lab.calls("ispring.update_day");
        assert_eq!(update.len(), 1);
        assert!(String::from_utf8_lossy(&update[0].body).contains("<url>"));
        assert_eq!(lab.calls("ispring.token").len(), 1, "over the same door");
        for door in [&netex, &ispring] {
            let visits = door.visits();
            assert_eq!(visits.len(), 1, "{visits:?}");
            assert_eq!(visits[0].server_name.as_deref(), Some("localhost"));
            assert_eq!(
                visits[0].offered,
                ["http/1.1"],
                "no h2, which we do not speak"
            );
            assert_eq!(visits[0].agreed.as_deref(), Some("http/1.1"));
            assert_eq!(visits[0].version, Some(expected));
            assert!(visits[0].bytes.windows(8).any(|part| part == b"HTTP/1.1"));
        }
    }
}

#[test]
fn an_ip_address_in_the_url_is_looked_for_in_the_certificate() {
    let (authority, by_name) = trusted();
    let by_address = authority.issue(&["127.0.0.1"], Life::Now);
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let at = addresses();
    let (netex, ispring) = (
        Door::before(at.0, &by_address),
        Door::before(at.1, &by_name),
    );
    let lab = before_sandbox(
        at,
        (&netex, &ispring),
        "127.0.0.1",
        Some(&ca_file),
        |setup| setup,
    );
    assert_eq!(read(&lab.gateway, ROOM).status, 200);
    let created = lab.gateway.send_json("POST", "/v1/rooms", CREATE);
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(
        netex.visits()[0].server_name,
        None,
        "RFC 6066 §3: no address"
    );
    must_be_unreachable(&read(&lab.gateway, DAY), false, "a host name only");
    assert_eq!(ispring.bytes(), b"");
}

#[test]
fn a_vendor_that_cannot_prove_who_it_is_gets_no_byte() {
    let (authority, _) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let unknown = Authority::new("Some CA").issue(&["localhost"], Life::Now);
    let renewed = Authority::new("Test CA").issue(&["localhost"], Life::Now);
    let other = authority.issue(&["vendor.example", "127.0.0.1"], Life::Now);
    for (what, identity, said) in [
        ("an unknown CA", unknown, "a CA that is not trusted here"),
        ("a CA of the same name", renewed, "and another key"),
        ("another name", other, "for another host name"),
        (
            "expired",
            authority.issue(&["localhost"], Life::Over),
            "has expired",
        ),
        (
            "not yet",
            authority.issue(&["localhost"], Life::NotYet),
            "not valid yet",
        ),
    ] {
        for versions in [&[&version::TLS13], &[&version::TLS12]] {
            let at = addresses();
            let netex = Door::with(at.0, &identity, versions, Farewell::Polite);
            let ispring = Door::with(at.1, &identity, versions, Farewell::Polite);
            let doors = (&netex, &ispring);
            let lab = before_sandbox(at, doors, "localhost", Some(&ca_file), talkative);
            let gateway = &lab.gateway;
            must_be_unreachable(&read(gateway, ROOM), false, what);
            must_be_unreachable(&read(gateway, DAY), false, what);
            let create = gateway.send_json("POST", "/v1/rooms", CREATE);
            must_be_unreachable(&create, true, what);
            must_be_unreachable(&gateway.send_json("PATCH", DAY, PATCH), true, what);

            for door in [&netex, &ispring] {
                door.wait_until("the end of all handshakes", || {
                    door.visits().iter().all(|visit| visit.over)
                });
                let visits = door.visits();
                assert!(!visits.is_empty(), "{what}: nobody came");
                assert!(
                    visits.iter().all(|visit| visit.failed.is_some()),
                    "{what}: {visits:?}"
                );
                assert_eq!(door.bytes(), b"", "{what}");
            }
            assert!(lab.sandbox.ledger().is_empty(), "{what}");
            gateway.wait_for_log(said);
            let log = gateway.log();
            must_hold_no_secret("the log", log.as_bytes());
            assert!(!log.contains("vendor.example"), "a text of the vendor's");
        }
    }
}

#[test]
fn a_port_that_speaks_plain_text_gets_no_byte_of_http() {
    let (authority, _) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let (at, netex, ispring) = (addresses(), Door::plain(), Door::plain());
    let doors = (&netex, &ispring);
    let lab = before_sandbox(at, doors, "localhost", Some(&ca_file), talkative);
    let gateway = &lab.gateway;
    must_be_unreachable(&read(gateway, ROOM), false, "a room");
    must_be_unreachable(&read(gateway, DAY), false, "a day");
    let create = gateway.send_json("POST", "/v1/rooms", CREATE);
    must_be_unreachable(&create, true, "a create");
    must_be_unreachable(&gateway.send_json("PATCH", DAY, PATCH), true, "a patch");
    for door in [&netex, &ispring] {
        must_be_a_greeting_only(door);
    }
    gateway.wait_for_log("the port does not speak TLS");
    must_hold_no_secret("the log", gateway.log().as_bytes());
}

#[test]
fn a_handshake_that_hangs_ends_by_the_deadline_and_nothing_was_sent() {
    let (authority, _) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let (at, netex, ispring) = (addresses(), Door::silent(), Door::silent());
    let doors = (&netex, &ispring);
    let lab = before_sandbox(at, doors, "localhost", Some(&ca_file), talkative);
    let json = ("Content-Type", "application/json");
    let soon = ("Request-Timeout", "0.4");
    for (method, target, body) in [
        ("GET", ROOM, ""),
        ("GET", DAY, ""),
        ("POST", "/v1/rooms", CREATE),
        ("PATCH", DAY, PATCH),
    ] {
        let answer = lab
            .gateway
            .request(method, target, &[json, soon], body.as_bytes());
        assert_eq!(answer.problem(), "upstream-timeout", "{method}: {answer:?}");
        if !body.is_empty() {
            assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
        }
    }
    for door in [&netex, &ispring] {
        must_be_a_greeting_only(door);
    }
    must_hold_no_secret("the log", lab.gateway.log().as_bytes());
}

/// Each connection brought a ClientHello (RFC 8446 §5.1) and nothing of HTTP.
fn must_be_a_greeting_only(door: &Door) {
    door.wait_until("the end of all connections", || {
        door.visits().iter().all(|visit| visit.over)
    });
    assert!(!door.visits().is_empty(), "nobody came");
    for visit in door.visits() {
        assert!(visit.bytes.starts_with(&[0x16, 0x03]), "{visit:?}");
        // ALPN holds "http/1.1", in small letters.
        assert!(!visit.bytes.windows(5).any(|part| part == b"HTTP/"));
        must_hold_no_secret("the greeting", &visit.bytes);
    }
}
