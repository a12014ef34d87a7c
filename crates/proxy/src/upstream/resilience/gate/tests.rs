use bytes::Bytes;

use super::*;
use crate::shared::Rate;
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

/// Two at once, then one in each 5 s; who waits does so for at most 8 s.
fn paced() -> Gate {
    let queue = QueueSettings {
        wait: Duration::from_secs(8),
        waiting: 3,
        ..QueueSettings::default()
    };
    let rate = Rate::new(2, Duration::from_secs(10));
    let gate = Gate::new(queue, BreakerSettings::default());
    gate.paced(Some(Allowance::alone(rate)))
}

async fn turn(gate: &Gate, kind: CallKind, time: Duration) -> Result<(), Failure> {
    let store = StoreBudget::new(Duration::ZERO);
    gate.turn(kind, Instant::now() + time, &store).await
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_turn_as_long_as_for_a_place() {
    let (gate, start) = (paced(), Instant::now());
    for _ in 0..2 {
        turn(&gate, CallKind::Read, FAIR).await.expect("at once");
    }
    let read = turn(&gate, CallKind::Read, FAIR).await.unwrap_err();
    assert_eq!(read.kind, FailureKind::Shed);
    assert_eq!(read.retry_after, Some(Duration::from_secs(5)));
    let hasty = turn(&gate, CallKind::Write, Duration::from_secs(4)).await;
    assert_eq!(hasty.unwrap_err().kind, FailureKind::Shed);
    assert_eq!(start.elapsed(), Duration::ZERO);
    turn(&gate, CallKind::Write, FAIR).await.expect("its turn");
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    assert_eq!(gate.in_flight(), 0, "who waits takes no place");
}

#[tokio::test(start_paused = true)]
async fn a_look_up_and_a_token_count_and_are_never_refused() {
    let (gate, start) = (paced(), Instant::now());
    for _ in 0..4 {
        turn(&gate, CallKind::FollowUp, FAIR)
            .await
            .expect("it goes");
    }
    let fetched = gate.fetching(async { Ok(1) }).await;
    assert_eq!((fetched, start.elapsed()), (Ok(1), Duration::ZERO));
    let write = turn(&gate, CallKind::Write, FAIR).await.unwrap_err();
    assert_eq!(write.retry_after, Some(Duration::from_secs(15)));
}

#[tokio::test(start_paused = true)]
async fn what_an_open_circuit_refuses_takes_nobodys_turn() {
    let gate = paced();
    for _ in 0..2 {
        turn(&gate, CallKind::Read, FAIR).await.expect("at once");
    }
    for _ in 0..7 {
        call(&gate, &answered(500)).await;
    }
    for _ in 0..9 {
        let refused = turn(&gate, CallKind::Write, FAIR).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::CircuitOpen);
    }
    tokio::time::advance(Duration::from_secs(5)).await;
    turn(&gate, CallKind::Write, FAIR).await.expect("its turn");
}

#[tokio::test(start_paused = true)]
async fn no_more_wait_for_their_turn_than_may() {
    let queue = QueueSettings {
        wait: Duration::from_secs(60),
        waiting: 3,
        ..QueueSettings::default()
    };
    let rate = Rate::new(1, Duration::from_secs(1));
    let gate = Gate::new(queue, BreakerSettings::default());
    let gate = gate.paced(Some(Allowance::alone(rate)));
    turn(&gate, CallKind::Write, FAIR).await.expect("at once");
    let next = || turn(&gate, CallKind::Write, FAIR);
    let (a, b, c, d, e) = tokio::join!(next(), next(), next(), next(), next());
    let gone = [a, b, c, d, e].map(|ended| ended.is_ok());
    assert_eq!(gone, [true, true, true, false, false]);
}
