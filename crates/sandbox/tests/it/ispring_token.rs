use std::time::Duration;

use sandbox::Config;
use serde_json::json;

use crate::lab::{DAY, FORM, Lab, Reply, refused};

const CREDENTIALS: &str =
    "client_id=sandbox-client&client_secret=sandbox-secret&grant_type=client_credentials";

fn ask(lab: &Lab, body: &str) -> Reply {
    lab.ispring("POST", "/api/v3/token", &[("Content-Type", FORM)], body)
}

fn day_with(lab: &Lab, headers: &[(&str, &str)]) -> u16 {
    lab.ispring("GET", DAY, headers, "").status
}

#[test]
fn a_token_is_json_with_its_lifetime() {
    let lab = Lab::new();
    let reply = ask(&lab, CREDENTIALS);
    let body = reply.json();
    assert_eq!(reply.status, 200);
    assert_eq!(body["expires_in"], json!(1800));
    assert_eq!(body["token_type"], json!("bearer"));
    assert_eq!(body["access_token"].as_str().unwrap().len(), 43);
    assert_ne!(lab.token(), lab.token());
    assert_eq!(lab.last().operation, "ispring.token");
    assert!(!lab.last().applied, "a token is no change of the state");
}

#[test]
fn a_token_is_xml_where_xml_is_asked_for() {
    let lab = Lab::new();
    let headers = [("Content-Type", FORM), ("Accept", "application/xml")];
    let reply = lab.ispring("POST", "/api/v3/token", &headers, CREDENTIALS);
    assert!(
        reply.text().contains("<response><access_token>"),
        "{}",
        reply.text()
    );
}

#[test]
fn a_wrong_client_is_401_and_a_missing_field_400() {
    let lab = Lab::new();
    for wrong in [
        "client_id=sandbox-client&client_secret=no&grant_type=client_credentials",
        "client_id=no&client_secret=sandbox-secret&grant_type=client_credentials",
    ] {
        assert_eq!(ask(&lab, wrong).error(), refused(401, "401"), "{wrong}");
    }
    for wrong in [
        "",
        "client_id=sandbox-client&grant_type=client_credentials",
        "client_id=sandbox-client&client_secret=sandbox-secret",
        "client_id=sandbox-client&client_secret=sandbox-secret&grant_type=password",
    ] {
        assert_eq!(ask(&lab, wrong).error(), refused(400, "400"), "{wrong}");
    }
    assert_eq!(lab.sandbox.valid_tokens(), 0);
    assert_eq!(
        lab.ispring("GET", "/api/v3/token", &[], "").header("allow"),
        Some("POST")
    );
}

#[test]
fn only_a_living_token_opens_the_days() {
    let lab = Lab::new();
    let token = lab.token();
    let bearer = format!("Bearer {token}");
    assert_eq!(day_with(&lab, &[("Authorization", &bearer)]), 200);
    assert_eq!(
        day_with(&lab, &[("Authorization", &format!("{token} "))]),
        200,
        "the seed's sample ends in a blank"
    );
    assert_eq!(day_with(&lab, &[("Authorization", "Bearer no")]), 401);
    assert_eq!(day_with(&lab, &[]), 401);
    lab.sandbox.revoke_tokens();
    assert_eq!(day_with(&lab, &[("Authorization", &bearer)]), 401);
    let bearer = format!("Bearer {}", lab.token());
    assert_eq!(day_with(&lab, &[("Authorization", &bearer)]), 200);
    lab.sandbox.expire_tokens();
    assert_eq!(day_with(&lab, &[("Authorization", &bearer)]), 401);
}

#[test]
fn a_token_of_no_lifetime_is_dead_on_arrival() {
    let lab = Lab::with(Config {
        token_lifetime: Duration::ZERO,
        ..Config::default()
    });
    assert_eq!(ask(&lab, CREDENTIALS).json()["expires_in"], json!(0));
    assert_eq!(
        day_with(
            &lab,
            &[("Authorization", &format!("Bearer {}", lab.token()))]
        ),
        401
    );
}

#[test]
fn the_older_headers_open_the_days_unless_authorization_is_there() {
    let lab = Lab::new();
    let trio = [
        ("X-Auth-Account-Url", "https://myaccount.ispringlearn.ru/"),
        ("X-Auth-Email", "email@email.com"),
        ("X-Auth-Password", "password"),
    ];
    assert_eq!(day_with(&lab, &trio), 200);
    for left_out in 0..3 {
        let mut two = trio.to_vec();
        two.remove(left_out);
        assert_eq!(day_with(&lab, &two), 401);
    }
    assert_eq!(
        day_with(
            &lab,
            &[&trio[..], &[("Authorization", "Bearer no")]].concat()
        ),
        401
    );
}
