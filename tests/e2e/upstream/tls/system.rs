//! The certificates of the system: where they count, and what is said where there are none.

use super::lab::{
    DAY, Files, ROOM, addresses, before_sandbox, must_be_unreachable, read, refused, serve,
    trusted, with_ca_file,
};
use crate::settings::lab::GOOD;
use crate::support::Sandboxed;
use crate::support::gateway::Setup;
use crate::support::tls::{Authority, Door};

const NOWHERE: [(&str, &str); 2] = [
    ("SSL_CERT_FILE", "/nonexistent"),
    ("SSL_CERT_DIR", "/nonexistent"),
];

fn without_system(mut setup: Setup) -> Setup {
    for (name, value) in NOWHERE {
        setup = setup.env(name, value);
    }
    setup
}

#[test]
fn a_system_without_certificates_serves_who_needs_none() {
    let plain = Sandboxed::with(sandbox::Config::default(), without_system);
    assert_eq!(plain.get(ROOM).status, 200, "http to loopback");
    assert_eq!(plain.get(DAY).status, 200);

    let (authority, identity) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let at = addresses();
    let (netex, ispring) = (Door::before(at.0, &identity), Door::before(at.1, &identity));
    let doors = (&netex, &ispring);
    let own = before_sandbox(at, doors, "localhost", Some(&ca_file), without_system);
    assert_eq!(own.gateway.get(ROOM).status, 200, "a CA of its own");
    assert_eq!(own.gateway.get(DAY).status, 200);
}

#[test]
fn a_system_without_certificates_is_named_where_they_are_needed() {
    let files = Files::new();
    let empty = files.write("empty.pem", "").display().to_string();
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let damaged = files.write("damaged.pem", damaged).display().to_string();
    for file in ["/nonexistent", &empty, &damaged] {
        let env = [("SSL_CERT_FILE", file), NOWHERE[1]];
        let text = refused(&serve(GOOD, &env));
        for part in [
            "upstreams.netex: ",
            "upstreams.ispring: ",
            "the system has no usable CA certificates",
            "SSL_CERT_FILE",
            "`ca_file`",
        ] {
            assert!(text.contains(part), "{file}: no {part}: {text}");
        }
        let ca_file = files.write("ca.pem", Authority::new("Test CA").pem());
        let text = refused(&serve(&with_ca_file(&ca_file), &env));
        assert!(!text.contains("upstreams.netex"), "it has its own: {text}");
        assert!(text.contains("upstreams.ispring: "), "{text}");
    }
}

#[test]
fn the_certificates_of_the_system_count_where_no_file_is_named() {
    let (authority, identity) = trusted();
    let files = Files::new();
    let bundle = files.write("bundle.pem", authority.pem());
    let bundle = bundle.display().to_string();
    let at = addresses();
    let (netex, ispring) = (Door::before(at.0, &identity), Door::before(at.1, &identity));
    let doors = (&netex, &ispring);
    let system = |setup: Setup| {
        setup
            .env("SSL_CERT_FILE", &bundle)
            .env("SSL_CERT_DIR", "/nonexistent")
    };
    let lab = before_sandbox(at, doors, "localhost", None, system);
    assert_eq!(read(&lab.gateway, ROOM).status, 200);
    assert_eq!(read(&lab.gateway, DAY).status, 200);

    // A reload looks again.
    files.write("bundle.pem", "");
    lab.gateway.signal("HUP");
    lab.gateway.wait_for_log("reload refused");
    lab.gateway
        .wait_for_log("the system has no usable CA certificates");
    assert_eq!(read(&lab.gateway, ROOM).status, 200, "the old ones count");
    files.write("bundle.pem", authority.pem());

    // And a file is trusted instead of them, not beside them.
    let other = files.write("other.pem", Authority::new("Other").pem());
    let at = addresses();
    let (netex, ispring) = (Door::before(at.0, &identity), Door::before(at.1, &identity));
    let doors = (&netex, &ispring);
    let lab = before_sandbox(at, doors, "localhost", Some(&other), system);
    must_be_unreachable(&read(&lab.gateway, ROOM), false, "another CA");
    assert_eq!(netex.bytes(), b"");
}
