use bytes::Bytes;

use super::*;
use crate::upstream::call::attempt::VendorAnswer;

const FAIR: Duration = Duration::from_secs(10);

/// Opens after two failures, and lets a probe go at once.
fn gate() -> Gate {
    let breaker = BreakerSettings {
        failures: 2,
        wait: Duration::ZERO,
        ..BreakerSettings::default()
    };
    Gate::new(QueueSettings::default(), breaker)
}

async fn enter(gate: &Gate, kind: CallKind) -> Result<Admitted<'_>, FailureKind> {
    let entered = gate.enter(kind, Instant::now() + FAIR).await;
    entered.map_err(|failure| failure.kind)
}

fn answered(status: u16) -> Attempt {
    Attempt::Answered(VendorAnswer {
        status,
        headers: Default::default(),
        body: Bytes::new(),
        cut: None,
        credential: Default::default(),
    })
}

fn lost(kind: FailureKind) -> Attempt {
    Attempt::ResponseLost(Failure::new(kind, "test"))
}

async fn call(gate: &Gate, attempt: &Attempt) {
    let admitted = enter(gate, CallKind::Read).await.ok();
    admitted.expect("it is let through").settle(attempt, FAIR);
}

/// Whether a probe is under way: then another call is refused.
async fn is_probing(gate: &Gate) -> bool {
    gate.is_circuit_open()
        && enter(gate, CallKind::Read).await.err() == Some(FailureKind::CircuitOpen)
}

#[tokio::test]
async fn only_the_probe_settles_the_circuit() {
    let gate = gate();
    let old = enter(&gate, CallKind::Write).await.expect("closed");
    let other = enter(&gate, CallKind::Write).await.expect("closed");
    call(&gate, &answered(500)).await;
    call(&gate, &answered(500)).await;
    let probe = enter(&gate, CallKind::Read).await.expect("the probe");
    assert!(is_probing(&gate).await);
    old.settle(&answered(200), FAIR);
    assert!(is_probing(&gate).await, "a straggler's success");
    other.settle(&lost(FailureKind::Closed), FAIR);
    assert!(is_probing(&gate).await, "a straggler's failure");
    let follow_up = enter(&gate, CallKind::FollowUp).await.ok();
    follow_up
        .expect("it always goes")
        .settle(&answered(200), FAIR);
    assert!(is_probing(&gate).await, "a follow-up");
    drop(enter(&gate, CallKind::FollowUp).await);
    assert!(is_probing(&gate).await, "a follow-up that was given up");
    probe.settle(&answered(200), FAIR);
    assert!(!gate.is_circuit_open());
    call(&gate, &answered(500)).await;
    assert!(!gate.is_circuit_open(), "closed, and counting anew");
}

#[tokio::test]
async fn a_probe_without_a_word_makes_room_for_the_next() {
    let gate = gate();
    call(&gate, &answered(500)).await;
    call(&gate, &answered(500)).await;
    drop(enter(&gate, CallKind::Read).await.expect("the probe"));
    let hasty = enter(&gate, CallKind::Read).await.expect("the next");
    hasty.settle(&lost(FailureKind::Timeout), Duration::from_millis(10));
    let denied = enter(&gate, CallKind::Read).await.expect("the third");
    denied.settle(&answered(401), FAIR);
    assert!(!gate.is_circuit_open(), "a 401 is an answer");
}

#[tokio::test]
async fn a_fetch_is_one_failure_and_its_success_none() {
    let gate = gate();
    let failed = || async {
        let failure = Failure::new(FailureKind::TokenUnavailable, "test");
        Err::<(), _>(failure)
    };
    assert!(gate.fetching(failed()).await.is_err());
    assert!(gate.fetching(async { Ok(()) }).await.is_ok());
    call(&gate, &answered(200)).await;
    assert!(gate.fetching(failed()).await.is_err());
    assert!(enter(&gate, CallKind::Read).await.is_ok());
    assert!(gate.fetching(failed()).await.is_err());
    // Open, and its wait is over: the next fetch is the probe while it lasts.
    let held = gate.fetching(async {
        assert!(is_probing(&gate).await);
        Ok(())
    });
    assert!(held.await.is_ok());
    call(&gate, &answered(200)).await;
    assert!(
        !gate.is_circuit_open(),
        "the call that it was for settles it"
    );
    // Wrong credentials are an answer about us.
    for _ in 0..5 {
        let rejected = Failure::new(FailureKind::CredentialsRejected, "test");
        let rejected = gate.fetching(async { Err::<(), _>(rejected) }).await;
        assert!(rejected.is_err());
    }
    assert!(enter(&gate, CallKind::Read).await.is_ok());
}
