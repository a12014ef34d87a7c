//! A token endpoint that misbehaves: callers are told the truth, and it is not hammered.

use std::time::{Duration, Instant};

use sandbox::{Config, Fault, FaultKind, When};

use crate::support::Sandboxed;

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
    let until = Instant::now() + Duration::from_secs(5);
    while gateway.get(DAY).status != 200 {
        assert!(Instant::now() < until, "it does not come back");
        std::thread::sleep(Duration::from_millis(50));
    }
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
