use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::*;

fn queue(waiting: usize) -> Queue {
    Queue::new(QueueSettings {
        concurrency: 1,
        waiting,
        wait: Duration::from_millis(20),
    })
}

fn later() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

#[tokio::test]
async fn a_place_that_is_freed_goes_to_a_waiter() {
    let queue = queue(2);
    let slot = queue.enter(false, later()).await.unwrap();
    assert_eq!(queue.in_flight(), 1);
    let (waiter, ()) = tokio::join!(queue.enter(false, later()), async { drop(slot) });
    assert_eq!(queue.in_flight(), 1);
    drop(waiter);
    assert_eq!(queue.in_flight(), 0);
}

#[tokio::test]
async fn a_waiting_read_gives_way_to_a_write() {
    let queue = queue(4);
    let slot = queue.enter(false, later()).await.unwrap();
    let (old, young, third, write, more, last, ()) = tokio::join!(
        queue.enter(false, later()),
        queue.enter(false, later()),
        queue.enter(false, later()),
        queue.enter(true, later()),
        queue.enter(true, later()),
        queue.enter(true, later()),
        async { drop(slot) },
    );
    assert_eq!(
        third.err(),
        Some(Shed::Full),
        "half of the room is for reads"
    );
    assert_eq!(young.err(), Some(Shed::Full), "the youngest gave way");
    assert!(write.is_ok(), "a write goes before an older read");
    for waiter in [old, more, last] {
        assert_eq!(waiter.err(), Some(Shed::WaitedTooLong));
    }
}

#[tokio::test]
async fn a_write_without_room_or_read_is_shed() {
    let queue = queue(1);
    let _place = queue.enter(true, later()).await.unwrap();
    let (first, second) = tokio::join!(queue.enter(true, later()), queue.enter(true, later()));
    assert_eq!(first.err(), Some(Shed::WaitedTooLong));
    assert_eq!(second.err(), Some(Shed::Full));
}

#[tokio::test]
async fn a_waiter_who_leaves_frees_its_seat() {
    let queue = queue(2);
    let _place = queue.enter(true, later()).await.unwrap();
    for _ in 0..10 {
        let left = tokio::time::timeout(Duration::from_millis(1), queue.enter(true, later())).await;
        assert!(left.is_err());
    }
    assert_eq!(queue.0.lock().waiting(), 0);
}

#[tokio::test]
async fn a_place_that_came_to_somebody_who_left_goes_on() {
    let queue = queue(2);
    let slot = queue.enter(true, later()).await.unwrap();
    {
        let mut leaver = pin!(queue.enter(true, later()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(leaver.as_mut().poll(&mut context), Poll::Pending));
        drop(slot);
    }
    assert_eq!(
        queue.in_flight(),
        0,
        "it was given, never taken, and is free again"
    );
    assert!(queue.enter(false, later()).await.is_ok());
}
