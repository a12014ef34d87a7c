use super::*;
use bytes::Bytes;
use http::StatusCode;

fn id(number: usize) -> Id {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

fn started(keys: &Keys, number: usize, now: Instant) -> Option<Started<'_>> {
    match begin(keys, number, 0, now) {
        Begin::Started(started) => Some(started),
        _ => None,
    }
}

fn begin(keys: &Keys, number: usize, body: u8, now: Instant) -> Begin<'_> {
    keys.begin_at(id(number), [body; 32], SendState::default(), now)
}

fn answered() -> Ended {
    Ended::Answered(Reply::empty(StatusCode::CREATED), None)
}

#[test]
fn an_answer_is_replayed_for_a_day() {
    let (keys, now) = (Keys::default(), Instant::now());
    started(&keys, 1, now).unwrap().end(answered());
    let almost = now + RETENTION - Duration::from_secs(1);
    assert!(
        matches!(begin(&keys, 1, 0, almost), Begin::Replay(reply, _) if reply.status == StatusCode::CREATED)
    );
    assert!(matches!(begin(&keys, 1, 1, almost), Begin::OtherBody));
    assert!(matches!(
        begin(&keys, 1, 0, now + RETENTION),
        Begin::Started(_)
    ));
}

#[test]
fn a_running_key_runs_once_and_survives_the_crowd() {
    let (keys, now) = (Keys::default(), Instant::now());
    let running = started(&keys, 0, now).unwrap();
    for number in 1..MAX_KEYS + 50 {
        started(&keys, number, now)
            .expect("there is always a place")
            .end(answered());
    }
    assert!(matches!(begin(&keys, 0, 0, now), Begin::Running));
    assert!(keys.lock().entries.len() <= MAX_KEYS);
    assert!(
        matches!(begin(&keys, 1, 0, now), Begin::Started(_)),
        "the oldest went"
    );
    running.end(answered());
    assert!(matches!(begin(&keys, 0, 0, now), Begin::Replay(..)));
}

#[test]
fn many_large_answers_push_out_the_oldest() {
    let (keys, now) = (Keys::default(), Instant::now());
    let large = || {
        let body = vec![b' '; MAX_BYTES / 4].into();
        let reply = Reply::content(StatusCode::CREATED, "application/json", body);
        Ended::Answered(reply, None)
    };
    for number in 0..5 {
        started(&keys, number, now).unwrap().end(large());
    }
    assert!(keys.lock().bytes <= MAX_BYTES);
    assert!(started(&keys, 0, now).is_some(), "the oldest went");
    assert!(started(&keys, 4, now).is_none(), "the latest is kept");
}

#[test]
fn keys_that_ended_in_nothing_leave_nothing_behind() {
    let (keys, now) = (Keys::default(), Instant::now());
    let running = started(&keys, 0, now).unwrap();
    for number in 1..3 * MAX_KEYS {
        started(&keys, number, now).unwrap().end(Ended::Nothing);
    }
    assert_eq!(keys.lock().entries.len(), 1);
    running.end(answered());
    assert!(
        started(&keys, 0, now + RETENTION).is_some(),
        "it still ages"
    );
    let state = keys.lock();
    assert_eq!((state.answered.len(), state.unknown.len()), (0, 0));
}

/// Pushed out, a repetition would write without looking.
#[test]
fn an_unknown_outcome_gives_way_to_nobody() {
    let (keys, now) = (Keys::default(), Instant::now());
    started(&keys, 0, now).unwrap().end(Ended::Unknown);
    for number in 1..3 * MAX_KEYS {
        started(&keys, number, now).unwrap().end(answered());
    }
    let large = vec![b' '; MAX_BYTES / 2].into();
    for number in 1..5 {
        let reply = Reply::content(
            StatusCode::CREATED,
            "application/json",
            Bytes::clone(&large),
        );
        let number = 4 * MAX_KEYS + number;
        let request = started(&keys, number, now).unwrap();
        request.end(Ended::Answered(reply, None));
    }
    let again = started(&keys, 0, now + RETENTION - Duration::from_secs(1)).unwrap();
    assert!(again.was_unknown);
    // Unless it was looked at again: then it is as old as that.
    again.end(Ended::Unknown);
    let day = now + RETENTION;
    assert!(started(&keys, 0, day).unwrap().was_unknown);
    let last = started(&keys, 0, day + 2 * RETENTION).unwrap();
    assert!(!last.was_unknown, "a day later it is forgotten");
}

#[test]
fn where_nothing_but_unknown_outcomes_is_left_a_new_key_finds_no_place() {
    let (keys, now) = (Keys::default(), Instant::now());
    for number in 0..MAX_KEYS {
        started(&keys, number, now).unwrap().end(Ended::Unknown);
    }
    assert!(matches!(begin(&keys, MAX_KEYS, 0, now), Begin::Full));
    let again = started(&keys, 7, now).expect("a known key needs no new place");
    again.end(answered());
    assert!(
        matches!(begin(&keys, MAX_KEYS, 0, now), Begin::Started(_)),
        "an answer gives way"
    );
    assert!(matches!(
        begin(&keys, MAX_KEYS + 1, 0, now + RETENTION),
        Begin::Started(_)
    ));
}

#[test]
fn who_is_dropped_is_unknown_once_a_byte_may_have_left() {
    let (keys, now) = (Keys::default(), Instant::now());
    for left in [false, true] {
        let sent = SendState::default();
        let request = keys.begin_at(id(1), [0; 32], sent.clone(), now);
        if left {
            sent.begin_send();
        }
        drop(request);
        assert_eq!(started(&keys, 1, now).unwrap().was_unknown, left);
    }
}

#[test]
fn where_everything_runs_nothing_is_forgotten() {
    let (keys, now) = (Keys::default(), Instant::now());
    let all: Vec<_> = (0..MAX_KEYS)
        .map(|number| started(&keys, number, now).unwrap())
        .collect();
    assert!(matches!(begin(&keys, MAX_KEYS, 0, now), Begin::Full));
    drop(all);
}

#[test]
fn unknown_stays_unknown_until_something_is_known() {
    let (keys, now) = (Keys::default(), Instant::now());
    started(&keys, 1, now).unwrap().end(Ended::Unknown);
    let second = started(&keys, 1, now).unwrap();
    assert!(second.was_unknown);
    second.end(Ended::Nothing);
    let third = started(&keys, 1, now).unwrap();
    assert!(
        third.was_unknown,
        "a refusal of ours tells nothing of the first"
    );
    drop(third);
    started(&keys, 1, now).unwrap().end(answered());
    assert!(matches!(begin(&keys, 1, 0, now), Begin::Replay(..)));
}

#[test]
fn what_ended_in_nothing_may_start_afresh() {
    let (keys, now) = (Keys::default(), Instant::now());
    started(&keys, 1, now).unwrap().end(Ended::Nothing);
    let again = started(&keys, 1, now).unwrap();
    assert!(!again.was_unknown);
}
