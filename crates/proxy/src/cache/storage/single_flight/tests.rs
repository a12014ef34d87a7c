use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

use super::*;
use crate::cache::coherence::shared_fence::SharedFence;
use crate::cache::coherence::tag::Tag;

type Shared = SingleFlight<&'static str, Result<u32, &'static str>>;

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

fn room() -> Vec<Tag> {
    vec![Tag::parse("room.id=1").unwrap()]
}

/// Work that waits until the test lets it end.
fn held(
    calls: &Arc<AtomicUsize>,
) -> (
    oneshot::Sender<Result<u32, &'static str>>,
    impl FnOnce(Ticket, ()) -> BoxedWork + use<>,
) {
    let (end, ended) = oneshot::channel();
    let calls = calls.clone();
    let work = move |_, ()| -> BoxedWork {
        calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { ended.await.unwrap() })
    };
    (end, work)
}

type BoxedWork = std::pin::Pin<Box<dyn Future<Output = Result<u32, &'static str>> + Send>>;

#[tokio::test]
async fn many_wait_for_one() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (end, work) = held(&calls);
    let leader = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    let mut waiters = vec![leader];
    for _ in 0..1_000 {
        let (_, work) = held(&calls);
        waiters.push(flights.join_or_start("a", || fence.start(), |_| Join::Yes, work));
    }
    assert_eq!(waiters.iter().filter(|waiter| waiter.joined).count(), 1_000);
    end.send(Ok(7)).unwrap();
    for waiter in waiters {
        assert_eq!(waiter.wait(soon()).await, Ok(Ok(7)));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert!(!flights.is_running(&"a"));
}

#[tokio::test]
async fn a_leader_that_leaves_cancels_nobody() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (end, work) = held(&calls);
    let leader = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    let (_, work) = held(&calls);
    let waiter = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    drop(leader);
    end.send(Ok(1)).unwrap();
    assert_eq!(waiter.wait(soon()).await, Ok(Ok(1)));
}

#[tokio::test]
async fn a_failure_is_for_those_who_waited_and_the_next_starts_a_new_call() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (end, work) = held(&calls);
    let mut waiters = vec![flights.join_or_start("a", || fence.start(), |_| Join::Yes, work)];
    for _ in 0..20 {
        let (_, work) = held(&calls);
        waiters.push(flights.join_or_start("a", || fence.start(), |_| Join::Yes, work));
    }
    end.send(Err("down")).unwrap();
    for waiter in waiters {
        assert_eq!(
            waiter.wait(soon()).await,
            Ok(Err("down")),
            "all at once, none after another"
        );
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let (end, work) = held(&calls);
    let later = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    assert!(!later.joined);
    end.send(Ok(2)).unwrap();
    assert_eq!(later.wait(soon()).await, Ok(Ok(2)));
}

#[tokio::test]
async fn who_comes_after_a_write_does_not_join_an_older_call() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let joinable = |fence: &SharedFence| {
        let fence = fence.clone();
        move |ticket| {
            if fence.admits(ticket, &room()) {
                Join::Yes
            } else {
                Join::No
            }
        }
    };
    let (end_old, work) = held(&calls);
    let old = flights.join_or_start("a", || fence.start(), joinable(&fence), work);
    fence.stamp(&room());
    let (end_new, work) = held(&calls);
    let new = flights.join_or_start("a", || fence.start(), joinable(&fence), work);
    assert!(!new.joined);
    end_old.send(Ok(1)).unwrap();
    assert_eq!(old.wait(soon()).await, Ok(Ok(1)));
    assert!(
        flights.is_running(&"a"),
        "the end of the old call leaves the new one listed"
    );
    let (_, work) = held(&calls);
    let third = flights.join_or_start("a", || fence.start(), joinable(&fence), work);
    assert!(third.joined);
    end_new.send(Ok(2)).unwrap();
    assert_eq!(new.wait(soon()).await, Ok(Ok(2)));
    assert_eq!(third.wait(soon()).await, Ok(Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_has_its_own_deadline() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (end, work) = held(&calls);
    let patient = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    let (_, work) = held(&calls);
    let hasty = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    assert_eq!(
        hasty.wait(Instant::now() + Duration::from_millis(50)).await,
        Err(Lost::Deadline)
    );
    end.send(Ok(3)).unwrap();
    assert_eq!(patient.wait(soon()).await, Ok(Ok(3)));
}

#[tokio::test]
async fn a_call_that_dies_strands_nobody() {
    let (flights, fence) = (Shared::default(), SharedFence::default());
    let crash = |_, ()| async {
        tokio::task::yield_now().await;
        panic!("on purpose")
    };
    let leader = flights.join_or_start("a", || fence.start(), |_| Join::Yes, crash);
    let waiter = flights.join_or_start(
        "a",
        || fence.start(),
        |_| Join::Yes,
        |_, ()| async { Ok(1) },
    );
    assert_eq!(leader.wait(soon()).await, Err(Lost::Crashed));
    assert_eq!(waiter.wait(soon()).await, Err(Lost::Crashed));
    assert!(!flights.is_running(&"a"));
    let next = flights.join_or_start(
        "a",
        || fence.start(),
        |_| Join::Yes,
        |_, ()| async { Ok(1) },
    );
    assert_eq!(next.wait(soon()).await, Ok(Ok(1)));
}

#[tokio::test]
async fn keys_do_not_wait_for_each_other() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (_end, work) = held(&calls);
    let _slow = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    let other = flights.join_or_start(
        "b",
        || fence.start(),
        |_| Join::Yes,
        |_, ()| async { Ok(9) },
    );
    assert!(!other.joined);
    assert_eq!(other.wait(soon()).await, Ok(Ok(9)));
}

/// github.com/nginx/nginx/pull/1189: waiters look every 500 ms whether the call has ended.
#[tokio::test(start_paused = true)]
async fn nginx_1189_waiters_wake_when_the_call_ends() {
    let (flights, fence) = (Shared::default(), SharedFence::default());
    let started = Instant::now();
    let call = Duration::from_millis(123);
    let join = || {
        let work = move |_, ()| async move {
            tokio::time::sleep(call).await;
            Ok(1)
        };
        flights.join_or_start("a", || fence.start(), |_| Join::Yes, work)
    };
    let waiters: Vec<_> = (0..50).map(|_| join()).collect();
    for waiter in waiters {
        assert_eq!(waiter.wait(soon()).await, Ok(Ok(1)));
        // The clock stands still but for sleeps.
        assert_eq!(started.elapsed(), call);
    }
}

#[tokio::test]
async fn who_comes_too_late_for_a_call_shares_the_next_with_all_who_did() {
    let (flights, fence, calls) = (Shared::default(), SharedFence::default(), Arc::default());
    let (end, work) = held(&calls);
    let first = flights.join_or_start("a", || fence.start(), |_| Join::Yes, work);
    let late: Vec<_> = (0..100)
        .map(|_| {
            let (_, work) = held(&calls);
            let waiter = flights.join_or_start("a", || fence.start(), |_| Join::AfterIt, work);
            assert!(waiter.too_old && waiter.joined);
            waiter
        })
        .collect();
    end.send(Ok(1)).unwrap();
    assert_eq!(first.wait(soon()).await, Ok(Ok(1)));
    let (end, work) = held(&calls);
    let mut work = Some(work);
    let mut next = Vec::new();
    for waiter in late {
        waiter.wait(soon()).await.unwrap().unwrap();
        let work = work.take().unwrap_or_else(|| held(&calls).1);
        next.push(flights.join_or_start("a", || fence.start(), |_| Join::Yes, work));
    }
    end.send(Ok(2)).unwrap();
    for waiter in next {
        assert!(!waiter.too_old);
        assert_eq!(waiter.wait(soon()).await, Ok(Ok(2)));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}
