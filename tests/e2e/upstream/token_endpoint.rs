//! A token endpoint that misbehaves: callers are told the truth, and it is not hammered.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sandbox::{Config, Fault, FaultKind, When};

use crate::support::eventually;
use crate::support::gateway::Setup;
use crate::support::{Gateway, Sandboxed, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn gateway() -> Sandboxed {
    Sandboxed::plain_with(Config::default(), |mut setup| {
        setup.settings = format!("deadline: 1s\n{}", setup.settings);
        setup
    })
}

fn logins(gateway: &Sandboxed) -> usize {
    gateway
        .sandbox
        .ledger()
        .iter()
        .filter(|seen| seen.operation == "ispring.token")
        .count()
}

#[test]
fn without_a_token_the_problem_says_why_and_nothing_is_sent() {
    let member = |name: &str, raw: Option<&str>| FaultKind::SetMember {
        name: name.to_owned(),
        raw: raw.map(str::to_owned),
    };
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n";
    let cut = FaultKind::Garbage {
        raw: Some(format!(
            "{head}{{\"access_token\":\"abc\",\"expires_in\":1800}}"
        )),
    };
    for (kind, problem) in [
        (FaultKind::status(401), "upstream-credentials-rejected"),
        (FaultKind::status(400), "upstream-credentials-rejected"),
        (FaultKind::status(403), "upstream-credentials-rejected"),
        (FaultKind::status(500), "upstream-unavailable"),
        (FaultKind::status(404), "upstream-unavailable"),
        (FaultKind::Html { status: 200 }, "upstream-unavailable"),
        (FaultKind::Close, "upstream-unavailable"),
        (FaultKind::Reset, "upstream-unavailable"),
        (FaultKind::Garbage { raw: None }, "upstream-unavailable"),
        (cut, "upstream-unavailable"),
        (
            FaultKind::Redirect {
                location: "https://evil.example/".to_owned(),
                status: 307,
            },
            "upstream-unavailable",
        ),
        (member("access_token", None), "upstream-unavailable"),
        (member("access_token", Some("\"\"")), "upstream-unavailable"),
        (member("access_token", Some("7")), "upstream-unavailable"),
        (
            member("access_token", Some("\"a\\r\\nX: y\"")),
            "upstream-unavailable",
        ),
        (FaultKind::Hang, "upstream-timeout"),
        (FaultKind::Delay { ms: 5_000 }, "upstream-timeout"),
    ] {
        let gateway = gateway();
        gateway
            .sandbox
            .add_fault(Fault::every("ispring.token", When::Before, kind.clone()));
        let answer = gateway.get(DAY);
        assert_eq!(answer.problem(), problem, "{kind:?}: {answer:?}");
        assert_eq!(
            answer.header("retry-after").is_some(),
            problem == "upstream-unavailable",
            "{kind:?}"
        );
        if problem != "upstream-timeout" {
            let write = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#);
            assert_eq!(write.problem(), problem, "{kind:?}");
            assert_eq!(
                write.json()["outcome"],
                "not-done",
                "{kind:?}: nothing was sent"
            );
        }
        let ledger = gateway.sandbox.ledger();
        assert!(
            ledger.iter().all(|seen| seen.operation == "ispring.token"),
            "{kind:?}"
        );
        assert!(
            logins(&gateway) <= 2,
            "{kind:?}: at most one attempt a second"
        );
        assert_eq!(
            gateway.get("/v1/rooms/2101").status,
            200,
            "the other vendor is served"
        );
    }
}

#[test]
fn an_odd_lifetime_is_no_reason_to_fail() {
    for raw in [
        Some("0"),
        Some("-1"),
        Some("\"1800\""),
        Some("\"soon\""),
        Some("null"),
        Some("1e99"),
        Some("{}"),
        None,
    ] {
        let gateway = gateway();
        gateway.sandbox.add_fault(Fault::every(
            "ispring.token",
            When::Before,
            FaultKind::expires_in(raw),
        ));
        for _ in 0..10 {
            let answer = gateway.get(DAY);
            assert_eq!(answer.status, 200, "{raw:?}: {answer:?}");
        }
        assert!(
            logins(&gateway) <= 2,
            "{raw:?}: {} logins",
            logins(&gateway)
        );
    }
}

#[test]
fn an_endpoint_that_is_down_is_asked_once_a_second_and_comes_back() {
    let gateway = gateway();
    gateway.sandbox.add_fault(Fault::every(
        "ispring.token",
        When::Before,
        FaultKind::status(503),
    ));
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(2_500) {
        assert_eq!(gateway.get(DAY).problem(), "upstream-unavailable");
    }
    assert!(
        logins(&gateway) <= 4,
        "{} logins in 2.5 s",
        logins(&gateway)
    );
    gateway.sandbox.clear_faults();
    eventually("a day that is served again", || {
        gateway.get(DAY).status == 200
    });
}

#[test]
fn an_old_token_serves_while_the_endpoint_is_down() {
    let gateway = gateway();
    assert_eq!(gateway.get(DAY).status, 200);
    for kind in [FaultKind::status(500), FaultKind::Refuse] {
        let operation = if kind == FaultKind::Refuse {
            "netex.*"
        } else {
            "ispring.token"
        };
        gateway.while_failing(operation, kind, || assert_eq!(gateway.get(DAY).status, 200));
    }
    assert_eq!(logins(&gateway), 1);
}

/// A gateway whose iSpring is a scripted vendor with an OAuth login of these further settings.
fn scripted(more: &str) -> (Vendor, Gateway) {
    scripted_with(more, CLIENT_SECRET)
}

fn scripted_with(more: &str, secret: &str) -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let at = vendor.settings(&["netex"]);
    let settings = format!(
        "cache: {{enabled: false}}\nlog: {{level: trace}}\n{at}  ispring:\n    base_url: http://{}\n    auth:\n      kind: oauth2_client_credentials\n      token_path: /t?v=1\n      client_id: 'id:1 & co'\n      client_secret: {{env: CLIENT_SECRET}}\n{more}",
        vendor.address
    );
    let setup = Setup::new(settings)
        .env("VENDOR_TOKEN", "vendor-token")
        .env("CLIENT_SECRET", secret)
        .env("TENANT", "tenant-secret");
    (vendor, setup.start())
}

const CLIENT_SECRET: &str = "s3cr%t+kG7vQ2m";
/// What an OAuth endpoint and an iSpring give.
const TOKEN: &str = r#"{"access_token":"t0ken-xyz","token_type":"BEARER","expires_in":"900","refresh_token":"never-used"}"#;

fn day() -> Scripted {
    Scripted::xml(
        200,
        "<response><dayId>4728d47a-c96a-11ed-97ec-b6c48b3dc692</dayId></response>",
    )
}

#[test]
fn a_wait_that_the_endpoint_asks_for_is_kept_and_told() {
    for (status, problem) in [(429, "upstream-unavailable"), (503, "upstream-unavailable")] {
        let (vendor, gateway) = scripted("");
        vendor.always(Scripted::answer(status, &[("Retry-After", "40")], ""));
        let started = Instant::now();
        let mut waits = Vec::new();
        while started.elapsed() < Duration::from_millis(2_500) {
            let read = gateway.get(DAY);
            let write = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#);
            assert_eq!(write.json()["outcome"], "not-done");
            for answer in [read, write] {
                assert_eq!(answer.problem(), problem, "{answer:?}");
                let wait = answer.header("retry-after").expect("told");
                waits.push(wait.parse::<u64>().expect("seconds"));
            }
        }
        assert_eq!(vendor.seen().len(), 1, "{status}: asked once");
        assert!(
            waits.iter().all(|wait| (30..=40).contains(wait)),
            "{waits:?}"
        );
        assert!(
            waits.last() < waits.first(),
            "the time that is left: {waits:?}"
        );
        // The pause is the token endpoint's, not the other vendor's.
        vendor.always(Scripted::json(200, r#"{"id":1}"#));
        assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    }
}

#[test]
fn a_short_wait_of_the_endpoint_is_waited_for() {
    let (vendor, gateway) = scripted("");
    vendor
        .will(Scripted::answer(429, &[("Retry-After", "1")], ""))
        .will(Scripted::json(200, TOKEN))
        .always(day());
    let answer = gateway.get(DAY);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(vendor.seen().len(), 3);
}

#[test]
fn the_client_is_shown_as_the_endpoint_wants_it() {
    let more = "      scope: 'rooms days'\n      audience: https://api.example\n      parameters: {tenant: {env: TENANT}, token_format: opaque}\n";
    let rest = "grant_type=client_credentials&scope=rooms+days&audience=https%3A%2F%2Fapi.example&tenant=tenant-secret&token_format=opaque";
    for way in ["body", "basic", "json"] {
        let (vendor, gateway) = scripted(&format!("      client_authentication: {way}\n{more}"));
        vendor.will(Scripted::json(200, TOKEN)).always(day());
        assert_eq!(gateway.get(DAY).status, 200);
        let seen = vendor.seen();
        assert_eq!(seen[0].target, "/t?v=1", "its query stays (RFC 6749 §3.2)");
        assert_eq!(seen[0].method, "POST");
        assert_eq!(seen[1].header("authorization"), Some("Bearer t0ken-xyz"));
        let (sent, text) = (seen[0].header("authorization"), seen[0].text());
        match way {
            "body" => {
                assert_eq!(sent, None);
                assert_eq!(
                    text,
                    format!("client_id=id%3A1+%26+co&client_secret=s3cr%25t%2BkG7vQ2m&{rest}")
                );
            }
            "basic" => {
                // id%3A1+%26+co:s3cr%25t%2BkG7vQ2m
                assert_eq!(
                    sent,
                    Some("Basic aWQlM0ExKyUyNitjbzpzM2NyJTI1dCUyQmtHN3ZRMm0=")
                );
                assert_eq!(text, rest);
            }
            _ => {
                assert_eq!(sent, None);
                assert_eq!(seen[0].header("content-type"), Some("application/json"));
                let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(body["client_id"], "id:1 & co");
                assert_eq!(body["client_secret"], CLIENT_SECRET);
                assert_eq!(body["grant_type"], "client_credentials");
                assert_eq!(body["tenant"], "tenant-secret");
            }
        }
        let log = gateway.log();
        for secret in ["kG7vQ2m", "t0ken-xyz", "tenant-secret", "aWQlM0Ex"] {
            assert_eq!(
                log.lines().find(|line| line.contains(secret)),
                None,
                "{way}"
            );
        }
    }
}

/// It goes into no header field as it is.
#[test]
fn a_client_secret_beyond_ascii_is_sent_in_every_way() {
    const ODD: &str = "contrase\u{f1}a-\u{1f511}";
    const ENCODED: &str = "contrase%C3%B1a-%F0%9F%94%91";
    for way in ["body", "basic", "json"] {
        let (vendor, gateway) =
            scripted_with(&format!("      client_authentication: {way}\n"), ODD);
        vendor.will(Scripted::json(200, TOKEN)).always(day());
        assert_eq!(gateway.get(DAY).status, 200, "{way}");
        let login = &vendor.seen()[0];
        let text = login.text();
        match way {
            "body" => assert!(
                text.contains(&format!("client_secret={ENCODED}&")),
                "{text}"
            ),
            "basic" => {
                let sent = login.header("authorization").expect("a credential");
                let pair = sent.strip_prefix("Basic ").expect("of this scheme");
                let pair = STANDARD.decode(pair).expect("base64");
                assert_eq!(pair, format!("id%3A1+%26+co:{ENCODED}").into_bytes());
            }
            _ => {
                let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(body["client_secret"], ODD);
            }
        }
        let log = gateway.log();
        for secret in [ODD, ENCODED] {
            assert!(!log.contains(secret), "{way}: {log}");
        }
    }
}

#[test]
fn an_error_of_the_endpoint_says_who_can_mend_it_and_no_word_of_its_own() {
    for (status, body, problem, cause) in [
        (
            401,
            r#"{"error":"invalid_client","error_description":"bad s3cr%t+kG7vQ2m"}"#,
            "upstream-credentials-rejected",
            "invalid_client",
        ),
        (
            400,
            r#"{"error":"invalid_client"}"#,
            "upstream-credentials-rejected",
            "client_authentication",
        ),
        (
            400,
            r#"{"error":"invalid_scope"}"#,
            "upstream-credentials-rejected",
            "`scope`",
        ),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            "upstream-credentials-rejected",
            "unauthorized_client",
        ),
        (
            400,
            r#"{"error":"temporarily_unavailable"}"#,
            "upstream-unavailable",
            "answered 400",
        ),
        (
            400,
            r#"{"error":"s3cr%t+kG7vQ2m"}"#,
            "upstream-credentials-rejected",
            "answered 400",
        ),
        (
            500,
            r#"{"error":"java.lang.Exception"}"#,
            "upstream-unavailable",
            "answered 500",
        ),
        (
            200,
            r#"{"access_token":"a-b-c","token_type":"mac"}"#,
            "upstream-unavailable",
            "token_type",
        ),
    ] {
        let (vendor, gateway) = scripted("");
        vendor.always(Scripted::json(status, body));
        let answer = gateway.get(DAY);
        assert_eq!(answer.problem(), problem, "{body}: {answer:?}");
        assert!(answer.json().get("upstream").is_none(), "{answer:?}");
        gateway.wait_for_log(cause);
        for text in [answer.text(), gateway.log()] {
            for word in ["kG7vQ2m", "java.lang"] {
                assert!(!text.contains(word), "{body}: {text}");
            }
        }
    }
}
