use std::time::Duration;

use super::*;

fn ms(times: &PhaseTimes) -> Vec<(&'static str, u128)> {
    let named = times
        .iter()
        .map(|(phase, time)| (phase.label(), time.as_millis()));
    named.collect()
}

async fn pass(ms: u64) {
    tokio::time::advance(Duration::from_millis(ms)).await;
}

#[test]
fn each_phase_has_a_place_and_a_name_of_its_own() {
    for (place, phase) in Phase::ALL.into_iter().enumerate() {
        assert_eq!(phase as usize, place);
    }
    let mut names = Phase::ALL.map(Phase::label).to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Phase::COUNT);
}

#[tokio::test(start_paused = true)]
async fn phases_follow_each_other_and_are_the_whole() {
    let started = Instant::now();
    let phases = Phases::starting(started);
    pass(1).await;
    phases.enter_now(Phase::Read);
    pass(2).await;
    phases.enter_now(Phase::Vendor);
    pass(4).await;
    // A moment that was read before: nothing is taken back.
    phases.enter(Phase::Translate, started);
    pass(8).await;
    phases.enter_now(Phase::Vendor);
    pass(16).await;
    let times = phases.so_far(Instant::now());
    assert_eq!(
        ms(&times),
        [("read", 2), ("vendor", 16), ("translate", 12), ("other", 1)]
    );
    assert_eq!(times.whole(), started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_a_look_up_does_is_look_up() {
    let started = Instant::now();
    let phases = Phases::starting(started);
    phases.enter_now(Phase::Vendor);
    pass(1).await;
    let look_up = phases.look_up();
    phases.enter_now(Phase::Queue);
    pass(2).await;
    let inner = phases.look_up();
    phases.enter_now(Phase::Vendor);
    pass(4).await;
    drop(inner);
    phases.enter_now(Phase::Translate);
    pass(8).await;
    drop(look_up);
    pass(16).await;
    let times = phases.so_far(Instant::now());
    assert_eq!(ms(&times), [("vendor", 1), ("look-up", 14), ("other", 16)]);
    assert_eq!(times.whole(), started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_shared_call_is_where_that_is() {
    let shared = Phases::default();
    shared.enter_now(Phase::Queue);
    pass(100).await;
    let started = Instant::now();
    let late = Phases::starting(started);
    pass(1).await;
    let following = late.follow(&shared);
    pass(2).await;
    shared.enter_now(Phase::Vendor);
    pass(4).await;
    drop(following);
    pass(8).await;
    let times = late.so_far(Instant::now());
    assert_eq!(ms(&times), [("queue", 2), ("vendor", 4), ("other", 9)]);
    assert_eq!(times.whole(), started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_waits_for_a_shared_call_is_a_look_up() {
    let (shared, phases) = (Phases::default(), Phases::default());
    shared.enter_now(Phase::Vendor);
    let look_up = phases.look_up();
    let following = phases.follow(&shared);
    pass(4).await;
    drop(following);
    drop(look_up);
    let times = phases.so_far(Instant::now());
    assert_eq!(ms(&times), [("look-up", 4)]);
}
