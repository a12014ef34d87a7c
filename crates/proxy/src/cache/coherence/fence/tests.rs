use std::time::Duration;

use super::*;
use crate::cache::coherence::hold_ends::MOST;

/// A name and a value; value 0 is the whole name.
type Pair = (u8, u32);

impl FenceTag for Pair {
    fn whole(&self) -> Self {
        (self.0, 0)
    }
}

const ROOM: Pair = (1, 1);
const OTHER_ROOM: Pair = (1, 2);
const ROOMS: Pair = (1, 0);
const DAY: Pair = (2, 1);

fn fence() -> (Fence<Pair>, Instant) {
    (Fence::new(100), Instant::now())
}

#[test]
fn a_write_voids_the_tickets_before_it_and_no_others() {
    let (mut fence, now) = fence();
    let before = fence.start(now);
    fence.stamp(&[ROOM]);
    let after = fence.start(now);
    assert!(!fence.admits(before, &[ROOM]));
    assert!(!fence.admits(before, &[DAY, ROOM]), "one tag is enough");
    assert!(fence.admits(before, &[OTHER_ROOM, DAY]));
    assert!(fence.admits(before, &[]));
    assert!(fence.admits(after, &[ROOM]));
}

#[test]
fn a_whole_name_voids_all_its_tags_and_is_voided_by_each() {
    let (mut fence, now) = fence();
    let first = fence.start(now);
    fence.stamp(&[ROOMS]);
    assert!(!fence.admits(first, &[ROOM]));
    assert!(fence.admits(first, &[DAY]));
    let second = fence.start(now);
    assert!(fence.admits(second, &[ROOMS]));
    fence.stamp(&[OTHER_ROOM]);
    assert!(!fence.admits(second, &[ROOMS]));
    assert!(fence.admits(second, &[ROOM]));
}

#[test]
fn while_held_nothing_passes_and_afterwards_only_what_began_afterwards() {
    let (mut fence, now) = fence();
    let second = Duration::from_secs(1);
    fence.hold(&[ROOM], now + second * 60);
    let inside = fence.start(now + second * 59);
    assert!(
        !fence.admits(inside, &[ROOM]),
        "the vendor may still apply the write"
    );
    assert!(!fence.admits(inside, &[ROOMS]));
    assert!(fence.admits(inside, &[OTHER_ROOM]));
    let outside = fence.start(now + second * 60);
    assert!(fence.admits(outside, &[ROOM]));
    assert!(
        !fence.admits(inside, &[ROOM]),
        "also when it ends after the hold"
    );
}

#[test]
fn a_later_write_does_not_end_a_hold() {
    let (mut fence, now) = fence();
    let hold = Duration::from_secs(60);
    fence.hold(&[ROOM], now + hold);
    fence.stamp(&[ROOM]);
    fence.hold(&[ROOM], now + hold / 2);
    assert!(!fence.admits(fence.start(now + hold / 2), &[ROOM]));
    assert!(fence.admits(fence.start(now + hold), &[ROOM]));
}

#[test]
fn readers_share_while_held_what_began_after_the_last_answered_write() {
    let (mut fence, now) = fence();
    let second = Duration::from_secs(1);
    let before = fence.start(now);
    fence.hold(&[ROOM], now + second * 60);
    let flight = fence.start(now + second);
    let reader = fence.start(now + second * 2);
    assert!(!fence.admits(flight, &[ROOM]), "not to be kept");
    assert_eq!(fence.shares(flight, reader, &[ROOM]), Sharing::Yes);
    assert_eq!(fence.shares(flight, reader, &[ROOMS]), Sharing::Yes);
    assert_eq!(
        fence.shares(before, reader, &[ROOM]),
        Sharing::No,
        "older than the write"
    );
    let late = fence.start(now + second * 60);
    assert_eq!(
        fence.shares(flight, late, &[ROOM]),
        Sharing::No,
        "who comes after the hold must see the write"
    );
    assert_eq!(fence.shares(late, late, &[ROOM]), Sharing::Yes);
    fence.stamp(&[ROOM]);
    let reader = fence.start(now + second * 3);
    assert_eq!(
        fence.shares(flight, reader, &[ROOM]),
        Sharing::No,
        "an answered write"
    );
    assert_eq!(fence.shares(flight, reader, &[DAY]), Sharing::Yes);
    fence.hold_all(now + second * 90);
    assert_eq!(fence.shares(flight, reader, &[DAY]), Sharing::No);
    let flight = fence.start(now + second * 4);
    assert!(!fence.admits(flight, &[DAY]));
    assert_eq!(
        fence.shares(flight, fence.start(now + second * 5), &[DAY, ROOM]),
        Sharing::Yes
    );
    assert_eq!(fence.held_until(), Some(now + second * 90));
}

#[test]
fn the_end_of_the_first_of_two_holds_counts_too() {
    let (mut fence, now) = fence();
    let second = Duration::from_secs(1);
    fence.hold(&[ROOM], now + second * 10);
    fence.hold(&[ROOM], now + second * 20);
    let flight = fence.start(now + second * 5);
    let early = fence.start(now + second * 9);
    assert_eq!(fence.shares(flight, early, &[ROOM]), Sharing::Yes);
    let late = fence.start(now + second * 10);
    assert_eq!(fence.shares(flight, late, &[ROOM]), Sharing::No);
    let next = fence.start(now + second * 10);
    assert_eq!(
        fence.shares(next, fence.start(now + second * 19), &[ROOM]),
        Sharing::Yes
    );
    assert_eq!(
        fence.shares(next, fence.start(now + second * 20), &[ROOM]),
        Sharing::No
    );
}

#[test]
fn ends_of_holds_are_bounded_and_a_dropped_one_still_counts() {
    let (mut fence, now) = fence();
    let millisecond = Duration::from_millis(1);
    for end in 1..=5_000 {
        fence.hold(&[ROOM], now + millisecond * end);
    }
    assert_eq!(fence.ends.len(), MOST);
    let ticket = fence.start(now);
    assert_eq!(fence.shares(ticket, ticket, &[ROOM]), Sharing::No);
    let later = fence.start(now + millisecond * 4_000);
    assert_eq!(fence.shares(later, later, &[ROOM]), Sharing::Yes);
}

#[test]
fn stamps_are_bounded_and_a_dropped_one_still_voids() {
    let now = Instant::now();
    let mut fence = Fence::new(10);
    let ancient = fence.start(now);
    fence.stamp(&[ROOM]);
    let old = fence.start(now);
    for value in 100..109 {
        fence.stamp(&[(1, value)]);
    }
    assert!(fence.admits(old, &[ROOM]), "ten stamps are kept");
    for value in 109..1_000 {
        fence.stamp(&[(1, value)]);
    }
    assert_eq!(fence.stamps.len(), 10);
    assert_eq!(fence.order.len(), 10);
    assert!(!fence.admits(ancient, &[ROOM]));
    assert!(
        !fence.admits(old, &[DAY]),
        "what the floor forgot may be anything"
    );
    assert!(fence.admits(fence.start(now), &[ROOM]));
}

#[test]
fn stamping_again_keeps_one_stamp() {
    let (mut fence, now) = fence();
    for _ in 0..1_000 {
        fence.stamp(&[ROOM, ROOMS]);
    }
    assert_eq!(
        (fence.stamps.len(), fence.order.len(), fence.names.len()),
        (2, 2, 1)
    );
    assert!(fence.admits(fence.start(now), &[ROOM]));
}

#[test]
fn a_dropped_hold_holds_everything() {
    let now = Instant::now();
    let until = now + Duration::from_secs(60);
    let mut fence = Fence::new(1);
    fence.hold(&[ROOM], until);
    fence.stamp(&[DAY]);
    assert!(!fence.admits(fence.start(now), &[ROOM]));
    assert!(fence.admits(fence.start(until), &[ROOM]));
}

#[test]
fn forgotten_names_void_too() {
    let now = Instant::now();
    let mut fence = Fence::new(1);
    let ticket = fence.start(now);
    fence.stamp(&[ROOM]);
    fence.stamp(&[DAY]);
    assert!(!fence.admits(ticket, &[ROOMS]));
}

#[test]
fn stamp_all_voids_everything_before_it() {
    let (mut fence, now) = fence();
    let before = fence.start(now);
    fence.stamp_all();
    assert!(!fence.admits(before, &[DAY]));
    assert!(!fence.admits(before, &[]));
    assert!(fence.admits(fence.start(now), &[DAY]));
}

fn write(number: u64) -> HoldId {
    let member = crate::shared::MemberId::named("other");
    HoldId {
        holder: 1,
        write: crate::shared::WriteId { member, number },
    }
}

#[test]
fn a_held_write_keeps_its_tags_out_and_its_release_changes_nothing_else() {
    let (mut fence, now) = fence();
    let before = fence.start(now);
    fence.hold_write(write(1), Held::Tags(vec![ROOM]));
    let (meanwhile, reader) = (fence.start(now), fence.start(now + Duration::from_secs(1)));
    for ticket in [before, meanwhile] {
        assert!(!fence.admits(ticket, &[ROOM]));
        assert!(!fence.admits(ticket, &[DAY, ROOM]));
        assert!(!fence.admits(ticket, &[ROOMS]), "a whole name shows it");
        assert!(fence.admits(ticket, &[OTHER_ROOM, DAY]));
        assert!(fence.admits(ticket, &[]));
        assert_eq!(fence.shares(ticket, reader, &[ROOM]), Sharing::Held);
        assert_eq!(fence.shares(ticket, ticket, &[ROOM]), Sharing::Yes);
        assert_eq!(fence.shares(ticket, reader, &[DAY]), Sharing::Yes);
    }
    fence.release(&write(1));
    for ticket in [before, meanwhile] {
        assert!(fence.admits(ticket, &[ROOM, ROOMS]));
        assert_eq!(fence.shares(ticket, reader, &[ROOM]), Sharing::Yes);
    }
}

#[test]
fn a_held_name_keeps_all_its_tags_out_and_a_hold_of_all_keeps_out_everything() {
    let (mut fence, now) = fence();
    let ticket = fence.start(now);
    fence.hold_write(write(1), Held::Tags(vec![ROOMS]));
    assert!(!fence.admits(ticket, &[ROOM]));
    assert!(!fence.admits(ticket, &[ROOMS]));
    assert!(fence.admits(ticket, &[DAY]));
    fence.hold_write(write(2), Held::All);
    assert!(!fence.admits(ticket, &[DAY]));
    assert!(!fence.admits(ticket, &[]));
    fence.release(&write(2));
    assert!(fence.admits(ticket, &[DAY]));
    assert!(!fence.admits(ticket, &[ROOM]));
}

#[test]
fn each_write_holds_for_itself_and_again_in_the_place_of_its_first_hold() {
    let (mut fence, now) = fence();
    let ticket = fence.start(now);
    for number in [1, 2] {
        fence.hold_write(write(number), Held::Tags(vec![ROOM, DAY]));
    }
    fence.hold_write(write(1), Held::Tags(vec![ROOM]));
    fence.release(&write(2));
    fence.release(&write(2));
    assert!(fence.admits(ticket, &[DAY]));
    assert!(!fence.admits(ticket, &[ROOM]));
    let of_another = HoldId {
        holder: 2,
        ..write(1)
    };
    fence.release(&of_another);
    assert!(!fence.admits(ticket, &[ROOM]));
    fence.hold_write(write(1), Held::All);
    fence.release(&write(1));
    assert!(fence.admits(ticket, &[ROOM, DAY]));
    assert_eq!(fence.writes.sizes(), (0, 0, 0, 0), "nothing is left of it");
}

#[test]
fn a_stamp_under_a_hold_outlasts_it() {
    let (mut fence, now) = fence();
    let before = fence.start(now);
    fence.hold_write(write(1), Held::Tags(vec![ROOM]));
    fence.stamp(&[ROOM]);
    fence.release(&write(1));
    assert!(!fence.admits(before, &[ROOM]));
    assert!(fence.admits(fence.start(now), &[ROOM]));
}
