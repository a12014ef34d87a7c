//! No read is older than an answered write, whatever happens to the store and to members; no write comes twice, and
//! no answer is untrue. `./dev soak` plays the same for longer.

use std::time::Duration;

use crate::support::fleet::{Stage, Trouble, Verdict, plan, stage};
use crate::support::redis::Kind;

const CALLERS: u64 = 8;
/// Longer than a lease, and than writers wait for who says nothing.
const TROUBLE: Duration = Duration::from_millis(1300);

fn refusing(kind: Kind, troubles: &[Trouble]) -> Verdict {
    let mut plan = plan();
    // On a busy machine most writes would be refused while the store is there.
    plan.shared = Some("writes_without_store: refuse, budget: 1s".to_owned());
    let mut stage = stage(kind, &plan);
    let verdict = stage.play(CALLERS, |stage, crowd| {
        for (turn, trouble) in troubles.iter().enumerate() {
            crowd.more(200);
            trouble.strike(stage, turn % 3, TROUBLE);
            stage.fleet.settle();
        }
        crowd.more(200);
    });
    judged(&stage, &verdict, troubles);
    verdict
}

fn judged(stage: &Stage, verdict: &Verdict, troubles: &[Trouble]) {
    println!("{:?}, {troubles:?}: {verdict}", stage.store.kind);
    verdict.expect_sound();
    assert!(verdict.hits > 100, "the cache had no part in it: {verdict}");
    assert!(verdict.done > 100, "hardly a write was done: {verdict}");
}

#[test]
fn no_trouble_makes_a_read_older_over_redis() {
    refusing(Kind::Redis, &Trouble::ALL);
}

/// Those that hang on the server.
#[test]
fn no_trouble_makes_a_read_older_over_valkey() {
    let troubles = [
        Trouble::StoreFlushed,
        Trouble::StoreStopped,
        Trouble::JournalTrimmed,
        Trouble::StoreFailedOver,
        Trouble::MemberStopped,
        Trouble::StoreFull,
        Trouble::StoreRestarted,
    ];
    refusing(Kind::Valkey, &troubles);
}

/// Where writes go on without a store, the others see them once they are one fleet again.
#[test]
fn writes_without_a_store_are_told_when_it_is_back() {
    let mut plan = plan();
    // A busy machine must not make a write an uncoordinated one while the store is there.
    plan.shared = Some("writes_without_store: allow, budget: 1s".to_owned());
    let troubles = [
        Trouble::StoreLost,
        Trouble::MemberKilled,
        Trouble::NetworkSilent,
        Trouble::StoreFailedOver,
        Trouble::StoreFull,
    ];
    let mut stage = stage(Kind::Redis, &plan);
    let verdict = stage.play(CALLERS, |stage, crowd| {
        for trouble in troubles {
            crowd.more(200);
            if trouble.is_of_the_store() {
                stage.uncoordinated(|stage| trouble.strike(stage, 0, TROUBLE));
            } else {
                trouble.strike(stage, 0, TROUBLE);
                stage.fleet.settle();
            }
        }
        crowd.more(200);
    });
    judged(&stage, &verdict, &troubles);
    assert!(
        !verdict
            .failed
            .keys()
            .any(|code| code.contains("coordination"))
    );
}
