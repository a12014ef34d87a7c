use std::time::Duration;

use super::super::keys::{KeyId, KeyTimes};
use super::*;

const ID: KeyId = KeyId([1; 32]);
const BODY: Fingerprint = Fingerprint([2; 32]);
const TIMES: KeyTimes = KeyTimes {
    busy: Duration::from_secs(10),
    open: Duration::from_secs(70),
    kept: Duration::from_secs(1000),
};

fn at(seconds: u64) -> BootInstant {
    BootInstant::from_nanos(seconds * 1_000_000_000)
}

fn left(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// One key, and who comes with it.
#[derive(Default)]
struct Key(Option<KeyRecord>);

impl Key {
    fn take(&mut self, me: &str, now: u64) -> Taken {
        self.take_with(me, BODY, now)
    }

    fn take_with(&mut self, me: &str, fingerprint: Fingerprint, now: u64) -> Taken {
        let take = Take {
            id: &ID,
            fingerprint,
            me: &Holder::named(me),
            times: TIMES,
        };
        KeyRecord::take(&mut self.0, &take, at(now))
    }

    fn end(&mut self, holder: &str, how: KeyEnd<'_>, now: u64) -> Kept {
        let end = End {
            id: &ID,
            fingerprint: BODY,
            holder: &Holder::named(holder),
            how,
            kept: TIMES.kept,
        };
        KeyRecord::end(&mut self.0, &end, at(now))
    }
}

fn answered(text: &str) -> Taken {
    Taken::Answered(text.as_bytes().into())
}

const DONE: KeyEnd<'_> = KeyEnd::Answered(b"201");
const UNKNOWN: KeyEnd<'_> = KeyEnd::Unknown {
    open: Duration::from_secs(60),
};

#[test]
fn of_many_one_runs_and_the_rest_gets_its_answer() {
    let mut key = Key::default();
    assert_eq!(key.take("a", 0), Taken::Fresh);
    assert_eq!(key.take("b", 4), Taken::Running(left(6)));
    assert_eq!(key.take("a", 4), Taken::Fresh, "the command was sent twice");
    assert_eq!(key.end("b", DONE, 5), Kept::NotMine);
    assert_eq!(key.end("a", DONE, 5), Kept::Kept);
    assert_eq!(key.take("b", 6), answered("201"));
    assert_eq!(key.take("b", 999), answered("201"));
    assert_eq!(key.take("b", 1000), Taken::Fresh, "it is forgotten");
}

#[test]
fn another_request_is_told_so_whatever_became_of_the_first() {
    let other = Fingerprint([3; 32]);
    let mut key = Key::default();
    key.take("a", 0);
    assert_eq!(key.take_with("b", other, 0), Taken::OtherRequest);
    assert_eq!(key.take_with("b", other, 500), Taken::OtherRequest);
    key.end("a", UNKNOWN, 5);
    assert_eq!(key.take_with("b", other, 500), Taken::OtherRequest);
    key.end("a", DONE, 5);
    assert_eq!(key.take_with("b", other, 500), Taken::OtherRequest);
    assert_eq!(key.take_with("b", other, 1000), Taken::Fresh);
}

#[test]
fn whose_owner_died_is_taken_over_when_nothing_can_be_applied_any_more() {
    let mut key = Key::default();
    key.take("a", 0);
    assert_eq!(key.take("b", 9), Taken::Running(left(1)));
    let a = Holder::named("a");
    assert_eq!(key.take("b", 10), Taken::Open(a.clone(), left(60)));
    assert_eq!(key.take("b", 69), Taken::Open(a, left(1)));
    assert_eq!(key.take("b", 70), Taken::Over);
    assert_eq!(key.take("c", 71), Taken::Running(left(9)));
}

#[test]
fn who_was_suspended_cannot_end_the_key_of_another() {
    for how in [DONE, UNKNOWN, KeyEnd::Nothing] {
        let mut key = Key::default();
        key.take("a", 0);
        key.take("b", 70);
        assert_eq!(key.end("a", how, 71), Kept::NotMine);
        assert_eq!(key.take("c", 72), Taken::Running(left(8)));
        key.end("b", DONE, 73);
        assert_eq!(key.end("a", how, 74), Kept::NotMine);
        assert_eq!(key.take("c", 75), answered("201"));
    }
}

#[test]
fn an_unknown_outcome_is_kept_and_may_be_settled_before_its_time() {
    let mut key = Key::default();
    key.take("a", 0);
    assert_eq!(key.end("a", UNKNOWN, 5), Kept::Kept);
    let Taken::Open(holder, time) = key.take("b", 6) else {
        panic!("it is open");
    };
    assert_eq!((holder.as_str(), time), ("a", left(59)));
    assert_eq!(key.end(holder.as_str(), DONE, 7), Kept::Kept);
    assert_eq!(key.end("a", KeyEnd::Answered(b"other"), 8), Kept::NotMine);
    assert_eq!(key.take("c", 8), answered("201"));
}

#[test]
fn what_was_unknown_stays_so_until_something_is_known() {
    let mut key = Key::default();
    key.take("a", 0);
    key.end("a", UNKNOWN, 5);
    assert_eq!(key.take("b", 65), Taken::Over);
    key.end("b", KeyEnd::Nothing, 66);
    assert_eq!(key.take("c", 66), Taken::Over, "nothing was sent meanwhile");
    key.end("c", UNKNOWN, 67);
    assert_eq!(key.take("d", 68), Taken::Open(Holder::named("c"), left(59)));
}

#[test]
fn what_ended_in_nothing_leaves_the_key_free() {
    let mut key = Key::default();
    key.take("a", 0);
    assert_eq!(key.end("a", KeyEnd::Nothing, 1), Kept::Kept);
    assert_eq!(key.end("a", KeyEnd::Nothing, 1), Kept::Kept);
    assert_eq!(key.take("b", 1), Taken::Fresh);
    assert_eq!(key.end("a", KeyEnd::Nothing, 2), Kept::NotMine);
}

#[test]
fn an_end_is_kept_also_where_the_store_lost_the_key() {
    let mut key = Key::default();
    key.take("a", 0);
    key.0 = None;
    assert_eq!(key.end("a", DONE, 5), Kept::Kept);
    assert_eq!(key.take("b", 6), answered("201"));
    let mut key = Key::default();
    assert_eq!(key.end("a", UNKNOWN, 5), Kept::Kept);
    assert_eq!(key.take("b", 64), Taken::Open(Holder::named("a"), left(1)));
    assert_eq!(key.take("b", 65), Taken::Over);
}
