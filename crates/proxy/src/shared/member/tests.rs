use std::cell::RefCell;
use std::time::Duration;

use super::*;
use crate::shared::name::Epoch;

const KEEP: Duration = Duration::from_secs(70);

/// Writes down what it is told.
#[derive(Default)]
struct Told(RefCell<Vec<String>>);

impl Told {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

fn text(scope: &Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Tags(tags) => tags.join(" "),
    }
}

impl FleetFence for Told {
    fn stamp(&self, scope: &Scope) {
        self.0.borrow_mut().push(format!("stamp {}", text(scope)));
    }

    fn hold(&self, write: &WriteId, scope: &Scope) {
        let line = format!("hold {write} {}", text(scope));
        self.0.borrow_mut().push(line);
    }

    fn release(&self, write: &WriteId) {
        self.0.borrow_mut().push(format!("release {write}"));
    }
}

fn at(millis: u64) -> BootInstant {
    BootInstant::from_nanos(millis * 1_000_000)
}

fn entry(number: u64, write: u64, event: Event) -> JournalEntry {
    of("a", "c", (number, write), event)
}

fn of(member: &str, digest: &str, (number, write): (u64, u64), event: Event) -> JournalEntry {
    let record = Record {
        write: WriteId {
            member: MemberId::named(member),
            number: write,
        },
        digest: digest.into(),
        scope: Scope::Tags(vec!["room.list".into()]),
        event,
    };
    JournalEntry {
        id: format!("{number}-0").into(),
        number,
        record: record.encode().into(),
    }
}

fn beaten(epoch: &str, age: u64, last: u64, entries: Vec<JournalEntry>) -> Beaten {
    Beaten {
        epoch: Epoch::named(epoch),
        age: Duration::from_secs(age),
        kept_journal: true,
        last,
        entries,
    }
}

fn member() -> Member {
    Member::new(MemberId::named("me"), "c".into(), Timing::new(KEEP), false)
}

/// One that is in an old epoch, at entry 5, with a lease until 2000.
fn joined() -> (Member, Told) {
    let (mut member, told) = (member(), Told::default());
    let progress = member.apply(&beaten("e", 1000, 5, vec![]), (at(1000), at(1001)), &told);
    assert_eq!(progress, Progress::Lease(at(2000)));
    assert_eq!(told.take(), ["stamp all"]);
    (member, told)
}

const BEGIN: Event = Event::Begin { keep: KEEP };

#[test]
fn who_joins_holds_what_is_open_and_voids_the_rest_before_its_lease() {
    let (mut member, told) = (member(), Told::default());
    let entries = vec![entry(4, 1, BEGIN), entry(5, 2, Event::Done)];
    let progress = member.apply(&beaten("e", 1000, 5, entries), (at(1000), at(1001)), &told);
    assert_eq!(
        told.take(),
        ["hold a.1 room.list", "stamp room.list", "stamp all"]
    );
    assert_eq!(progress, Progress::Lease(at(2000)));
}

#[test]
fn a_young_epoch_is_held_whole_until_nothing_can_be_lost() {
    for (replicated, kept_journal, held) in [
        (false, true, true),
        (true, false, true),
        (true, true, false),
    ] {
        let told = Told::default();
        let mut member = Member {
            replicated,
            ..member()
        };
        let reply = Beaten {
            kept_journal,
            ..beaten("e", 10, 5, vec![])
        };
        member.apply(&reply, (at(1000), at(1000)), &told);
        let expected: &[&str] = if held {
            &["hold me.0 all", "stamp all"]
        } else {
            &["stamp all"]
        };
        assert_eq!(told.take(), expected);
        if held {
            assert_eq!(member.tick(at(60_999), &told), Some(at(61_000)));
            assert_eq!(told.take(), [""; 0]);
            assert_eq!(member.tick(at(61_000), &told), None);
            assert_eq!(told.take(), ["stamp all", "release me.0"]);
        }
    }
}

#[test]
fn a_begin_is_noted_and_becomes_a_hold_when_it_is_a_lease_old() {
    let (mut member, told) = joined();
    let reply = beaten("e", 1000, 6, vec![entry(6, 1, BEGIN)]);
    let progress = member.apply(&reply, (at(1200), at(1210)), &told);
    assert_eq!(told.take(), [""; 0]);
    assert_eq!(progress, Progress::Lease(at(2200)));
    // The lease of a later beat ends where the note becomes a hold.
    let progress = member.apply(&beaten("e", 1000, 6, vec![]), (at(1400), at(1401)), &told);
    assert_eq!(progress, Progress::Lease(at(2200)));
    assert_eq!(
        member.tick(at(2200), &told),
        Some(at(1210) + KEEP + Duration::from_millis(1))
    );
    assert_eq!(told.take(), ["hold a.1 room.list"]);
    let reply = beaten("e", 1000, 7, vec![entry(7, 1, Event::Done)]);
    let progress = member.apply(&reply, (at(2300), at(2301)), &told);
    assert_eq!(progress, Progress::Lease(at(3300)));
    assert_eq!(told.take(), ["stamp room.list", "release a.1"]);
}

#[test]
fn an_end_settles_its_note() {
    for (event, expected) in [
        (Event::Done, &["stamp room.list"][..]),
        (Event::NotDone, &[]),
        (Event::Unknown { hold: KEEP }, &["hold a.1 room.list"]),
    ] {
        let (mut member, told) = joined();
        let entries = vec![entry(6, 1, BEGIN), entry(7, 1, event)];
        member.apply(&beaten("e", 1000, 7, entries), (at(1200), at(1210)), &told);
        assert_eq!(told.take(), expected);
        member.tick(at(5000), &told);
        assert_eq!(told.take(), [""; 0]);
    }
}

#[test]
fn a_begin_that_is_read_without_a_lease_is_held_at_once() {
    let (mut member, told) = joined();
    let reply = beaten("e", 1000, 6, vec![entry(6, 1, BEGIN)]);
    member.apply(&reply, (at(2500), at(2501)), &told);
    assert_eq!(told.take(), ["hold a.1 room.list"]);
}

#[test]
fn a_gap_another_epoch_and_numbers_that_went_back_are_a_new_beginning() {
    for reply in [
        beaten("e", 1000, 8, vec![entry(8, 1, Event::NotDone)]),
        beaten("e", 1000, 8, vec![]),
        beaten("f", 1000, 5, vec![]),
        beaten("f", 1000, 6, vec![entry(6, 1, Event::NotDone)]),
        beaten("e", 1000, 3, vec![]),
        beaten("e", 1000, 5, vec![entry(5, 1, Event::NotDone)]),
    ] {
        let (mut member, told) = joined();
        let progress = member.apply(&reply, (at(1200), at(1210)), &told);
        assert_eq!(told.take(), ["stamp all"], "{reply:?}");
        assert_eq!(progress, Progress::Lease(at(2200)));
        let position = member.position().unwrap();
        assert_eq!(
            (position.number, &position.epoch),
            (reply.last, &reply.epoch)
        );
    }
}

#[test]
fn there_is_no_lease_while_there_is_more_to_read() {
    let (mut member, told) = joined();
    let reply = beaten("e", 1000, 7, vec![entry(6, 1, Event::Done)]);
    let progress = member.apply(&reply, (at(1200), at(1210)), &told);
    assert_eq!(progress, Progress::More);
    assert_eq!(told.take(), ["stamp room.list"]);
    let reply = beaten("e", 1000, 7, vec![entry(7, 2, Event::Done)]);
    let progress = member.apply(&reply, (at(1220), at(1230)), &told);
    assert_eq!(progress, Progress::Lease(at(2220)));
}

#[test]
fn what_speaks_another_contract_or_cannot_be_read_concerns_everything() {
    let (mut member, told) = joined();
    let odd = JournalEntry {
        record: b"?"[..].into(),
        ..entry(8, 0, Event::Done)
    };
    let entries = vec![
        of("a", "other", (6, 1), Event::Done),
        of("a", "other", (7, 2), Event::Unknown { hold: KEEP }),
        odd,
    ];
    member.apply(&beaten("e", 1000, 8, entries), (at(1200), at(1210)), &told);
    assert_eq!(told.take(), ["stamp all", "hold a.2 all", "hold ?.8 all"]);
}

#[test]
fn ones_own_writes_are_passed_over() {
    let (mut member, told) = joined();
    let entries = vec![
        of("me", "c", (6, 1), BEGIN),
        of("me", "c", (7, 1), Event::Done),
    ];
    member.apply(&beaten("e", 1000, 7, entries), (at(1200), at(1210)), &told);
    assert_eq!(told.take(), [""; 0]);
    assert_eq!(member.position().unwrap().number, 7);
}

#[test]
fn under_another_contract_what_is_noted_and_held_concerns_everything() {
    let (mut member, told) = joined();
    let entries = vec![
        entry(6, 1, BEGIN),
        entry(7, 2, Event::Unknown { hold: KEEP }),
    ];
    member.apply(&beaten("e", 1000, 7, entries), (at(1200), at(1210)), &told);
    told.take();
    member.change_contract("d".into(), &told);
    assert_eq!(told.take(), ["hold a.2 all"]);
    member.tick(at(3000), &told);
    assert_eq!(told.take(), ["hold a.1 all"]);
}

/// The beat that follows acknowledges the first page, while the lease of the one before lasts.
#[test]
fn a_gap_before_the_first_of_two_pages_voids_before_it_is_acknowledged() {
    for first in [
        beaten("e", 1000, 8, vec![entry(7, 1, Event::NotDone)]),
        beaten("f", 1000, 8, vec![entry(7, 1, Event::NotDone)]),
    ] {
        let (mut member, told) = joined();
        let progress = member.apply(&first, (at(1200), at(1210)), &told);
        assert_eq!(progress, Progress::More);
        assert_eq!(told.take(), ["stamp all"]);
        let second = Beaten {
            entries: vec![entry(8, 1, Event::NotDone)],
            ..first
        };
        let progress = member.apply(&second, (at(1220), at(1230)), &told);
        assert_eq!(progress, Progress::Lease(at(2220)));
        assert_eq!(told.take(), ["stamp all"]);
    }
}

#[test]
fn a_begin_that_is_read_again_in_another_epoch_is_held_once() {
    let (mut member, told) = joined();
    member.apply(
        &beaten("e", 1000, 6, vec![entry(6, 1, BEGIN)]),
        (at(1200), at(1210)),
        &told,
    );
    let reply = beaten("f", 1000, 6, vec![entry(6, 1, BEGIN)]);
    let progress = member.apply(&reply, (at(1400), at(1410)), &told);
    assert_eq!(told.take(), ["hold a.1 room.list", "stamp all"]);
    // No note is left that would end the lease at 2200.
    assert_eq!(progress, Progress::Lease(at(2400)));
    assert_eq!(member.open(), (0, 1));
}
