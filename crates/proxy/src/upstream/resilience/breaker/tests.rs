use super::*;

/// One call from its start to its end.
fn call(breaker: &mut Breaker, succeeded: bool, now: Instant) {
    let permit = breaker.admit(now).expect("it is let through");
    breaker.record(permit, succeeded, now);
}

fn is_open(breaker: &Breaker, now: Instant) -> bool {
    breaker.refuses(now).is_some()
}

fn opened(now: Instant) -> Breaker {
    let mut breaker = Breaker::new(BreakerSettings::default());
    for _ in 0..7 {
        call(&mut breaker, false, now);
    }
    assert!(is_open(&breaker, now));
    breaker
}

#[test]
fn seven_failures_in_a_row_open_it_for_a_second() {
    let now = Instant::now();
    let mut breaker = opened(now);
    assert_eq!(breaker.admit(now), Err(Duration::from_secs(1)));
    assert_eq!(
        breaker.admit(now + Duration::from_millis(400)),
        Err(Duration::from_millis(600))
    );
}

#[test]
fn a_success_in_between_keeps_it_closed() {
    let now = Instant::now();
    let mut breaker = Breaker::new(BreakerSettings::default());
    for number in 0..19 {
        call(&mut breaker, number % 7 == 6, now);
    }
    assert!(!is_open(&breaker, now));
}

#[test]
fn half_of_twenty_calls_failing_opens_it() {
    let now = Instant::now();
    let mut breaker = Breaker::new(BreakerSettings::default());
    for number in 0..20 {
        assert!(!is_open(&breaker, now), "opened after {number}");
        call(&mut breaker, number % 2 == 0, now);
    }
    assert!(is_open(&breaker, now));
}

#[test]
fn failures_of_long_ago_do_not_count() {
    let now = Instant::now();
    let mut fresh = Breaker::new(BreakerSettings::default());
    for second in 0..60 {
        call(
            &mut fresh,
            second % 2 == 0,
            now + Duration::from_secs(second),
        );
    }
    assert!(
        !is_open(&fresh, now + Duration::from_secs(60)),
        "ten calls in the window are too few to judge"
    );
}

#[test]
fn one_probe_goes_and_each_failure_doubles_the_wait_up_to_a_minute() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let wait = breaker.admit(now).expect_err("it is open");
        waits.push(wait.as_secs());
        now += wait;
        assert!(!is_open(&breaker, now), "the next call may go");
        let probe = breaker.admit(now).expect("the probe");
        assert!(breaker.admit(now).is_err(), "only one");
        breaker.record(probe, false, now);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    now += Duration::from_secs(60);
    call(&mut breaker, true, now);
    assert!(!is_open(&breaker, now));
    assert!(breaker.admit(now).is_ok());
}

/// Calls of before the circuit opened, and what they come to while it is open, probing and closed again.
#[test]
fn stragglers_settle_nothing() {
    let now = Instant::now();
    let mut breaker = Breaker::new(BreakerSettings::default());
    let mut old: Vec<Permit> = (0..40).filter_map(|_| breaker.admit(now).ok()).collect();
    let mut straggler = move || old.pop().expect("enough of them");
    for _ in 0..7 {
        call(&mut breaker, false, now);
    }
    breaker.record(straggler(), true, now);
    assert_eq!(breaker.admit(now), Err(Duration::from_secs(1)), "open");
    breaker.record(straggler(), false, now);
    assert_eq!(breaker.admit(now), Err(Duration::from_secs(1)), "no longer");
    let later = now + Duration::from_secs(1);
    let probe = breaker.admit(later).expect("the probe");
    breaker.record(straggler(), true, later);
    assert!(
        is_open(&breaker, later),
        "a success of before does not close it"
    );
    breaker.record(straggler(), false, later);
    breaker.abandon(straggler(), later);
    assert!(breaker.admit(later).is_err(), "nor lets another probe go");
    breaker.record(probe, true, later);
    assert!(!is_open(&breaker, later));
    for _ in 0..30 {
        breaker.record(straggler(), false, later);
    }
    assert!(
        !is_open(&breaker, later),
        "nor do their failures count afterwards"
    );
}

#[test]
fn a_failed_probe_is_not_overridden_by_the_one_before() {
    let now = Instant::now();
    let mut breaker = opened(now);
    let start = now + Duration::from_secs(1);
    let slow = breaker.admit(start).expect("the probe");
    let later = start + PROBE_LIMIT;
    let second = breaker.admit(later).expect("the slow one is given up");
    breaker.record(slow, true, later);
    assert!(is_open(&breaker, later));
    breaker.record(second, false, later);
    assert_eq!(breaker.admit(later), Err(Duration::from_secs(2)));
}

#[test]
fn a_probe_that_says_nothing_makes_the_next_call_the_probe() {
    let now = Instant::now();
    let mut breaker = opened(now);
    let later = now + Duration::from_secs(1);
    let probe = breaker.admit(later).expect("the probe");
    breaker.abandon(probe, later);
    let next = breaker.admit(later).expect("at once");
    assert!(breaker.admit(later).is_err());
    breaker.record(next, false, later);
    assert_eq!(breaker.admit(later), Err(Duration::from_secs(2)));
}

#[test]
fn a_call_that_goes_in_any_case_counts_only_in_a_closed_circuit() {
    let now = Instant::now();
    let mut breaker = Breaker::new(BreakerSettings::default());
    for _ in 0..7 {
        let permit = breaker.pass().expect("it is closed");
        breaker.record(permit, false, now);
    }
    assert!(is_open(&breaker, now));
    assert_eq!(breaker.pass(), None);
    let later = now + Duration::from_secs(1);
    let _probe = breaker.admit(later).expect("the probe");
    assert_eq!(breaker.pass(), None);
}

#[test]
fn a_probe_that_never_reports_blocks_nobody_for_ever() {
    let now = Instant::now();
    let mut breaker = opened(now);
    let later = now + Duration::from_secs(1);
    assert!(breaker.admit(later).is_ok());
    assert!(breaker.admit(later + PROBE_LIMIT).is_ok());
}
