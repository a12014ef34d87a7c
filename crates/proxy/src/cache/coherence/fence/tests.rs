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
    assert!(fence.shares(flight, reader, &[ROOM]));
    assert!(fence.shares(flight, reader, &[ROOMS]));
    assert!(
        !fence.shares(before, reader, &[ROOM]),
        "older than the write"
    );
    let late = fence.start(now + second * 60);
    assert!(
        !fence.shares(flight, late, &[ROOM]),
        "who comes after the hold must see the write"
    );
    assert!(fence.shares(late, late, &[ROOM]));
    fence.stamp(&[ROOM]);
    let reader = fence.start(now + second * 3);
    assert!(!fence.shares(flight, reader, &[ROOM]), "an answered write");
    assert!(fence.shares(flight, reader, &[DAY]));
    fence.hold_all(now + second * 90);
    assert!(!fence.shares(flight, reader, &[DAY]));
    let flight = fence.start(now + second * 4);
    assert!(!fence.admits(flight, &[DAY]));
    assert!(fence.shares(flight, fence.start(now + second * 5), &[DAY, ROOM]));
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
    assert!(fence.shares(flight, early, &[ROOM]));
    let late = fence.start(now + second * 10);
    assert!(!fence.shares(flight, late, &[ROOM]));
    let next = fence.start(now + second * 10);
    assert!(fence.shares(next, fence.start(now + second * 19), &[ROOM]));
    assert!(!fence.shares(next, fence.start(now + second * 20), &[ROOM]));
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
    assert!(!fence.shares(ticket, ticket, &[ROOM]));
    let later = fence.start(now + millisecond * 4_000);
    assert!(fence.shares(later, later, &[ROOM]));
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
