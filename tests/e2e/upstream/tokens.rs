//! One token for all, renewed once, and a credential that stays rejected is not hammered.

use std::time::{Duration, Instant};

use sandbox::{FaultKind, When};

use crate::support::Answer;
use crate::support::eventually;
use crate::support::lab::{Lab, Plan};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn logins(lab: &Lab) -> usize {
    lab.calls("ispring.token").len()
}

/// Two hundred callers at once.
fn all_at_once(lab: &Lab) -> Vec<Answer> {
    let start = std::sync::Barrier::new(200);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..200)
            .map(|_| {
                let start = &start;
                scope.spawn(move || {
                    let mut client = lab.gateway.client();
                    start.wait();
                    client.request("GET", DAY, &[], b"")
                })
            })
            .collect();
        let answers = callers.into_iter().map(|caller| caller.join());
        answers
            .map(|answer| answer.expect("each is answered"))
            .collect()
    })
}

#[test]
fn two_hundred_callers_at_an_expired_token_fetch_one() {
    let lab = Plan::default()
        .settings("deadline: 10s\n")
        .config(|config| config.token_lifetime = Duration::from_secs(1))
        .start();
    lab.break_all(&["ispring.token"], When::Before, |_| FaultKind::Delay {
        ms: 100,
    });
    assert_eq!(lab.gateway.get(DAY).status, 200);
    // A token lives for whole seconds, on the clock of the process; nobody may ask meanwhile, or it would
    // be renewed early.
    std::thread::sleep(Duration::from_millis(1_050));
    lab.sandbox.clear_ledger();
    let answers = all_at_once(&lab);
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{:?}",
        answers.iter().find(|answer| answer.status != 200)
    );
    // The next is due at 80 % of two seconds.
    let first = logins(&lab);
    assert!((1..=2).contains(&first), "{first}");
    let calls = lab.calls("ispring.get_day");
    assert_eq!(calls.len(), 200);
    assert!(calls.iter().all(|call| call.status == Some(200)));
}

#[test]
fn two_hundred_callers_at_a_revoked_token_fetch_one() {
    let lab = Plan::default().settings("deadline: 10s\n").start();
    assert_eq!(lab.gateway.get(DAY).status, 200);
    lab.sandbox.revoke_tokens();
    lab.sandbox.clear_ledger();
    let answers = all_at_once(&lab);
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(logins(&lab), 1);
    let calls = lab.calls("ispring.get_day").len();
    assert!(
        (200..=400).contains(&calls),
        "at most one repetition each: {calls}"
    );
}

#[test]
fn a_token_that_is_revoked_at_once_is_renewed_all_the_same() {
    let lab = Lab::start();
    for round in 0..2 {
        assert_eq!(lab.gateway.get(DAY).status, 200);
        lab.sandbox.revoke_tokens();
        lab.sandbox.clear_ledger();
        let answer = lab.gateway.send_json(
            "PATCH",
            DAY,
            &format!(r#"{{"url":"https://a.example/{round}"}}"#),
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        let statuses: Vec<_> = lab
            .calls("ispring.update_day")
            .iter()
            .map(|call| (call.status, call.applied))
            .collect();
        assert_eq!(
            statuses,
            [(Some(401), false), (Some(200), true)],
            "a 401 says that nothing was done"
        );
        assert_eq!(logins(&lab), 1);
    }
}

/// Calls for some three seconds, as fast as they are answered.
fn hammer(lab: &Lab, problem: &str) {
    let until = Instant::now() + Duration::from_secs(3);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while Instant::now() < until {
                    let answer = lab.gateway.get(DAY);
                    assert_eq!(answer.problem(), problem, "{answer:?}");
                }
            });
        }
    });
}

fn is_asked_once_a_second(lab: &Lab) {
    let started = Instant::now();
    hammer(lab, "upstream-credentials-rejected");
    let most = started.elapsed().as_secs() as usize + 1;
    let logins = logins(lab);
    assert!((2..=most).contains(&logins), "{logins} logins");
}

#[test]
fn a_client_that_stays_rejected_logs_in_once_a_second() {
    let lab = Lab::start();
    lab.break_all(&["ispring.token"], When::Before, |_| FaultKind::status(401));
    is_asked_once_a_second(&lab);
    assert_eq!(lab.calls("ispring.get_day").len(), 0);
    lab.sandbox.clear_faults();
    eventually("recovery", || lab.gateway.get(DAY).status == 200);
}

#[test]
fn a_token_that_is_never_taken_is_renewed_once_a_second() {
    let lab = Lab::start();
    lab.break_all(&["ispring.get_day"], When::Before, |_| {
        FaultKind::status(401)
    });
    is_asked_once_a_second(&lab);
}

#[test]
fn a_changed_secret_file_is_used_within_10_seconds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (token, secret) = (folder.path().join("token"), folder.path().join("secret"));
    std::fs::write(&token, "old\n").expect("writable");
    std::fs::write(&secret, "old\n").expect("writable");
    let config = sandbox::Config::default();
    let lab = Plan::default().start_with(|mut setup| {
        let file = |path: &std::path::Path| format!("{{file: {}}}", path.display());
        setup.settings = setup
            .settings
            .replace("{env: NETEX_TOKEN}", &file(&token))
            .replace("{env: ISPRING_CLIENT_SECRET}", &file(&secret));
        setup
    });
    for target in ["/v1/rooms/2101", DAY] {
        assert_eq!(
            lab.gateway.get(target).problem(),
            "upstream-credentials-rejected"
        );
    }
    std::fs::write(&token, format!("{}\n", config.netex_token)).expect("writable");
    std::fs::write(&secret, format!("{}\n", config.ispring_client_secret)).expect("writable");
    let changed = Instant::now();
    for target in ["/v1/rooms/2101", DAY] {
        eventually(target, || lab.gateway.get(target).status == 200);
        // The promise is 10 seconds; the rest is for a busy machine.
        assert!(changed.elapsed() < Duration::from_secs(15), "{target}");
    }
}
