//! Paths as a Tomcat takes them: an attack must show, in the answer and in the ledger.

use serde_json::json;

use crate::lab::{Lab, ROOMS};

#[test]
fn a_path_that_climbs_out_reaches_the_neighbour() {
    let lab = Lab::new();
    for attack in [
        "/externalid/../../users/1",
        "/externalid/%2e%2e/%2e%2e/users/1",
        "/externalid/..;/..;/users/1",
    ] {
        let reply = lab.netex("DELETE", &format!("{ROOMS}{attack}"));
        assert_eq!(
            reply.json(),
            json!({"reached": "/admin/rest/administration/api/users/1"}),
            "{attack}"
        );
        let recorded = lab.last();
        assert_eq!(
            (recorded.operation, recorded.escaped),
            ("netex.users", true)
        );
        assert_eq!(recorded.target, format!("{ROOMS}{attack}"));
    }
}

#[test]
fn dots_address_the_collection_and_a_semicolon_cuts_the_id() {
    let lab = Lab::new();
    let collection = lab.netex("GET", &format!("{ROOMS}/externalid/%2e%2e"));
    assert_eq!(collection.json().as_array().unwrap().len(), 25);
    assert_eq!(
        (lab.last().operation, lab.last().escaped),
        ("netex.list", true)
    );

    let cut = lab.netex("GET", &format!("{ROOMS}/externalid/pr001;jsessionid=1"));
    assert_eq!(cut.json()["id"], json!(2145));
    assert_eq!(
        lab.last().resolved.as_deref(),
        Some(format!("{ROOMS}/externalid/pr001").as_str())
    );
    assert!(lab.last().escaped);
}

#[test]
fn encoded_specials_are_themselves() {
    let lab = Lab::new();
    for (segment, external_id) in [
        ("a%3Bb", "a;b"),
        ("a%3Fb", "a?b"),
        ("a%23b", "a#b"),
        ("a%2Bb", "a+b"),
        ("a+b", "a+b"),
        ("a%252Fb", "a%2Fb"),
        ("status", "status"),
        ("%E2%82%AC%20", "€ "),
    ] {
        if lab.sandbox.room_named(external_id).is_none() {
            lab.sandbox
                .put_room(sandbox::Room::new(0, external_id, external_id));
        }
        let reply = lab.netex("GET", &format!("{ROOMS}/externalid/{segment}"));
        assert_eq!(reply.json()["external_id"], json!(external_id), "{segment}");
        assert!(!lab.last().escaped);
    }
}

#[test]
fn what_tomcat_refuses_never_reaches_the_rooms() {
    let lab = Lab::new();
    for bad in ["%2F", "%5c", "%00", "%zz", "%c0%af", "%f1", "|", "ñ", "\\"] {
        let reply = lab.netex("GET", &format!("{ROOMS}/externalid/{bad}"));
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.text().contains("Apache Tomcat"), "{bad}");
        assert_eq!(lab.last().resolved, None);
    }
}

#[test]
fn what_is_no_call_is_404_or_405_with_allow() {
    let lab = Lab::new();
    for target in [
        "/",
        "/admin",
        &format!("{ROOMS}/name/a"),
        &format!("{ROOMS}/id"),
        &format!("{ROOMS}/id/1/x"),
        &format!("{ROOMS}/externalid/"),
    ] {
        assert_eq!(lab.netex("GET", target).status, 404, "{target}");
        assert_eq!(lab.last().operation, "netex.unknown");
    }
    for (method, path, allow) in [
        ("DELETE", "", "GET, HEAD, POST"),
        ("POST", "/id/2145", "GET, HEAD, PUT, DELETE"),
        ("POST", "/id/2145/status", "PUT"),
    ] {
        let reply = lab.netex(method, &format!("{ROOMS}{path}"));
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)));
    }
    assert_eq!(lab.sandbox.rooms().len(), 25);
}

#[test]
fn answers_carry_headers_that_must_not_pass_through() {
    let reply = Lab::new().rooms("GET", "/id/2145", "");
    assert_eq!(reply.header("server"), Some("Apache-Coyote/1.1"));
    assert!(
        reply
            .header("set-cookie")
            .unwrap()
            .starts_with("JSESSIONID=")
    );
}
