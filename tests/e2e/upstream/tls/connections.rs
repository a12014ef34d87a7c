//! Pooled TLS connections at a vendor that ends them, and the secrets of a session.

use super::lab::{
    CREATE, DAY, Files, PATCH, ROOM, addresses, before_sandbox, must_hold_no_secret, read,
    talkative, trusted,
};
use crate::support::tls::{Door, Farewell};

#[test]
fn a_connection_that_the_vendor_ended_while_idle_fails_nobody() {
    let (authority, identity) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    for farewell in [Farewell::Polite, Farewell::Rude, Farewell::Word] {
        let at = addresses();
        let (netex, ispring) = (Door::before(at.0, &identity), Door::before(at.1, &identity));
        let doors = (&netex, &ispring);
        let lab = before_sandbox(at, doors, "localhost", Some(&ca_file), |setup| setup);
        let gateway = &lab.gateway;
        assert_eq!(read(gateway, ROOM).status, 200);
        assert_eq!(read(gateway, DAY).status, 200);
        for door in [&netex, &ispring] {
            door.hang_up(farewell);
        }
        let created = gateway.send_json("POST", "/v1/rooms", CREATE);
        assert_eq!(created.status, 201, "{farewell:?}: {created:?}");
        let patched = gateway.send_json("PATCH", DAY, PATCH);
        assert_eq!(patched.status, 200, "{farewell:?}: {patched:?}");
        for door in [&netex, &ispring] {
            door.hang_up(farewell);
        }
        assert_eq!(read(gateway, ROOM).status, 200, "{farewell:?}");
        let day = read(gateway, DAY);
        assert_eq!(day.json()["url"], "https://a.example/tls", "{farewell:?}");
        // The sandbox names http in its `Location`, so a look-up follows the create.
        for (operation, times) in [
            ("netex.create", 1),
            ("ispring.update_day", 1),
            ("netex.get", 3),
            ("ispring.get_day", 2),
        ] {
            assert_eq!(
                lab.calls(operation).len(),
                times,
                "{farewell:?}: {operation}"
            );
        }
        for door in [&netex, &ispring] {
            assert_eq!(door.visits().len(), 3, "{farewell:?}: {:?}", door.visits());
        }
    }
}

#[test]
fn neither_the_log_nor_a_key_log_tells_what_tls_hides() {
    let (authority, identity) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let keys = files.write("keys.log", "");
    let at = addresses();
    let (netex, ispring) = (Door::before(at.0, &identity), Door::before(at.1, &identity));
    let doors = (&netex, &ispring);
    let lab = before_sandbox(at, doors, "localhost", Some(&ca_file), |setup| {
        talkative(setup).env("SSLKEYLOGFILE", &keys.display().to_string())
    });
    assert_eq!(read(&lab.gateway, ROOM).status, 200);
    let patched = lab.gateway.send_json("PATCH", DAY, PATCH);
    assert_eq!(patched.status, 200, "{patched:?}");
    lab.gateway.wait_for_log("updateTrainingDay");
    let log = lab.gateway.log();
    must_hold_no_secret("the log", log.as_bytes());
    // The token that the sandbox gave out.
    let call = lab.calls("ispring.update_day").remove(0);
    let bearer = call
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let (_, bearer) = bearer.expect("a token");
    let token = bearer.rsplit(' ').next().expect("a token");
    assert!(!log.contains(token), "{log}");
    let keys = std::fs::read(&keys).expect("it is there");
    assert!(keys.is_empty(), "session keys in a file");
}
