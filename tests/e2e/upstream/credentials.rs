//! How the gateway shows a vendor who it is, and what a caller is told when the vendor will not have
//! it.

use std::time::Duration;

use sandbox::{Authorization, Config, Fault, FaultKind, LegacyHeaders, When};

use crate::support::Sandboxed;
use crate::support::eventually;

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn count(gateway: &Sandboxed, operation: &str) -> usize {
    gateway
        .sandbox
        .ledger()
        .iter()
        .filter(|seen| seen.operation == operation)
        .count()
}

/// Repeats until the request is answered 200; returns how often it was not.
fn until_served(gateway: &Sandboxed) -> usize {
    let mut failures = 0;
    eventually("recovery", || {
        let served = gateway.get(DAY).status == 200;
        failures += usize::from(!served);
        served
    });
    failures
}

#[test]
fn a_header_with_the_right_value_opens_and_a_wrong_one_is_told() {
    let gateway = Sandboxed::plain();
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    let wrong = Sandboxed::plain_with(Config::default(), |setup| setup.env("NETEX_TOKEN", "wrong"));
    let answer = wrong.get("/v1/rooms/2101");
    assert_eq!(answer.status, 502);
    assert_eq!(answer.problem(), "upstream-credentials-rejected");
    assert_eq!(answer.json()["upstream"]["status"], 401);
    assert_eq!(
        wrong.sandbox.ledger().len(),
        1,
        "a token that stands still is not tried again"
    );
    let write = wrong.send_json("PUT", "/v1/rooms/2101/status", r#"{"status":"inactive"}"#);
    assert_eq!(write.problem(), "upstream-credentials-rejected");
    assert_eq!(write.json()["outcome"], "not-done");
}

#[test]
fn the_older_headers_open_as_well() {
    let gateway = Sandboxed::plain_with(Config::default(), |mut setup| {
        let at = setup
            .settings
            .find("auth: {kind: oauth2")
            .expect("the sandbox's settings");
        setup.settings.truncate(at);
        setup.settings.push_str("auth: {kind: headers, headers: {X-Auth-Account-Url: https://myaccount.ispringlearn.ru, X-Auth-Email: email@email.com, X-Auth-Password: {env: ISPRING_PASSWORD}}}\n");
        setup.env("ISPRING_PASSWORD", "password")
    });
    assert_eq!(gateway.get(DAY).status, 200);
    assert_eq!(
        gateway
            .send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#)
            .status,
        200
    );
    assert_eq!(count(&gateway, "ispring.token"), 0);
    let seen = gateway.sandbox.ledger().pop().expect("a call");
    assert_eq!(seen.header("x-auth-email"), Some("email@email.com"));
    assert_eq!(seen.header("authorization"), None, "one way at a time");
    gateway
        .sandbox
        .set_assumptions(|rules| rules.legacy_headers = LegacyHeaders::Refused);
    assert_eq!(gateway.get(DAY).problem(), "upstream-credentials-rejected");
}

#[test]
fn fifty_callers_wait_for_one_token() {
    let gateway = Sandboxed::plain();
    gateway.sandbox.add_fault(Fault::next(
        "ispring.token",
        When::Before,
        FaultKind::Delay { ms: 300 },
    ));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..50)
            .map(|_| scope.spawn(|| gateway.get(DAY).status))
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().expect("it ends"))
            .collect()
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(count(&gateway, "ispring.token"), 1);
}

#[test]
fn a_token_is_renewed_early_and_the_old_one_serves_meanwhile() {
    let gateway = Sandboxed::plain_with(
        Config {
            token_lifetime: Duration::from_secs(5),
            ..Config::default()
        },
        |setup| setup,
    );
    gateway.sandbox.add_fault(Fault {
        skip: 1,
        ..Fault::next("ispring.token", When::Before, FaultKind::Delay { ms: 400 })
    });
    eventually("a renewal", || {
        assert_eq!(gateway.get(DAY).status, 200, "no gap");
        count(&gateway, "ispring.token") >= 2
    });
    // The renewal is under way for 400 ms; the old token has a second left.
    assert_eq!(gateway.get(DAY).status, 200);
    let used = || -> Vec<String> {
        let ledger = gateway.sandbox.ledger();
        let calls = ledger
            .iter()
            .filter(|seen| seen.operation == "ispring.get_day");
        calls
            .filter_map(|seen| seen.header("authorization").map(str::to_owned))
            .collect()
    };
    let old = used().first().expect("calls").clone();
    let after = used().len();
    eventually("the use of the new token", || {
        assert_eq!(gateway.get(DAY).status, 200, "no gap");
        used().last() != Some(&old)
    });
    assert!(used()[after - 1] == old, "used while the renewal ran");
    assert!(
        gateway
            .sandbox
            .ledger()
            .iter()
            .all(|seen| seen.status != Some(401)),
        "renewed before it ended"
    );
}

#[test]
fn a_revoked_token_is_renewed_once_and_the_request_repeated_once() {
    let gateway = Sandboxed::plain();
    until_served(&gateway);
    gateway.sandbox.revoke_tokens();
    until_served(&gateway); // at most one token a second
    gateway.sandbox.revoke_tokens();
    std::thread::sleep(Duration::from_millis(1_100)); // so that the next token may be fetched at once
    gateway.sandbox.clear_ledger();
    let answer = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example/1"}"#);
    assert_eq!(answer.status, 200, "{answer:?}");
    let operations: Vec<(&str, Option<u16>)> = gateway
        .sandbox
        .ledger()
        .iter()
        .map(|seen| (seen.operation, seen.status))
        .collect();
    assert_eq!(
        operations,
        [
            ("ispring.update_day", Some(401)),
            ("ispring.token", Some(200)),
            ("ispring.update_day", Some(200))
        ],
        "a 401 says that nothing was done, so even a write may go once more"
    );
}

#[test]
fn who_is_refused_with_a_fresh_token_is_refused() {
    let gateway = Sandboxed::plain();
    gateway.sandbox.add_fault(Fault::every(
        "ispring.get_day",
        When::Before,
        FaultKind::status(401),
    ));
    for _ in 0..5 {
        let answer = gateway.get(DAY);
        assert_eq!(answer.status, 502);
        assert_eq!(answer.problem(), "upstream-credentials-rejected");
    }
    assert!(count(&gateway, "ispring.token") <= 2, "no storm of logins");
    assert!(
        count(&gateway, "ispring.get_day") <= 10,
        "each request at most twice"
    );
    gateway.sandbox.clear_faults();
    until_served(&gateway);
}

#[test]
fn a_scheme_that_the_vendor_does_not_take_is_not_guessed() {
    let gateway = Sandboxed::plain();
    gateway
        .sandbox
        .set_assumptions(|rules| rules.authorization = Authorization::Bare);
    assert_eq!(gateway.get(DAY).problem(), "upstream-credentials-rejected");
    let ledger = gateway.sandbox.ledger();
    let mut sent = ledger
        .iter()
        .filter_map(|seen| seen.header("authorization"));
    assert!(
        sent.all(|value| value.starts_with("Bearer ")),
        "never flipped on a 401"
    );
}

#[test]
fn a_login_says_what_it_must() {
    let gateway = Sandboxed::plain();
    gateway.get(DAY);
    let ledger = gateway.sandbox.ledger();
    let login = ledger
        .iter()
        .find(|seen| seen.operation == "ispring.token")
        .expect("a login");
    assert_eq!(
        (login.method.as_str(), login.target.as_str()),
        ("POST", "/api/v3/token")
    );
    assert!(
        login
            .header("content-type")
            .expect("a type")
            .starts_with("application/x-www-form-urlencoded")
    );
    let mut pairs: Vec<(String, String)> =
        form_urlencoded::parse(&login.body).into_owned().collect();
    pairs.sort();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("client_id", "sandbox-client"),
            ("client_secret", "sandbox-secret"),
            ("grant_type", "client_credentials")
        ]
    );
}
