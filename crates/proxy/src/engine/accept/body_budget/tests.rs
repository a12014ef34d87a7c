use super::ledger::SLOW;
use super::*;

#[tokio::test(start_paused = true)]
async fn what_a_body_holds_is_free_again_when_it_ends() {
    let bodies = BodyBudget::new(100);
    let mut share = bodies.begin();
    assert_eq!(share.hold(60, 60).await, Ok(()));
    assert_eq!(share.hold(80, 20).await, Ok(()));
    assert_eq!(bodies.used(), 80);
    share.is_whole();
    assert_eq!(bodies.used(), 80, "its request goes on");
    drop(share);
    assert_eq!(bodies.used(), 0);
    assert_eq!(bodies.begin().hold(101, 101).await, Err(Exhausted), "never");
}

#[tokio::test(start_paused = true)]
async fn who_finds_no_room_waits_for_it() {
    let bodies = BodyBudget::new(100);
    let mut first = bodies.begin();
    first.hold(100, 100).await.unwrap();
    first.is_whole();
    let mut second = bodies.begin();
    let (held, ()) = tokio::join!(second.hold(10, 10), async {
        tokio::time::sleep(MAX_WAIT / 2).await;
        drop(first);
    });
    assert_eq!(held, Ok(()));
    assert_eq!(bodies.used(), 10);
}

#[tokio::test(start_paused = true)]
async fn of_whole_bodies_none_must_go() {
    let bodies = BodyBudget::new(100);
    let mut first = bodies.begin();
    first.hold(100, 100).await.unwrap();
    first.is_whole();
    let started = Instant::now();
    assert_eq!(bodies.begin().hold(1, 1).await, Err(Exhausted));
    assert_eq!(started.elapsed(), MAX_WAIT);
    drop(first);
    assert_eq!(bodies.used(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_holds_and_sends_nothing_makes_room() {
    let bodies = BodyBudget::new(100);
    let mut hog = bodies.begin();
    hog.hold(100, 100).await.unwrap();
    let mut small = bodies.begin();
    let (held, ()) = tokio::join!(small.hold(1, 1), async {
        hog.refused().await;
        drop(hog);
    });
    assert_eq!(held, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn who_sends_steadily_need_not_go_for_another() {
    let bodies = BodyBudget::new(1024 * 1024);
    let mut steady = bodies.begin();
    steady.hold(1024 * 1024, 0).await.unwrap();
    let mut late = bodies.begin();
    let sending = async {
        for _ in 0..40 {
            tokio::time::sleep(MAX_WAIT / 10).await;
            steady.hold(1024 * 1024, SLOW).await.unwrap();
        }
    };
    let (held, ()) = tokio::join!(late.hold(1, 1), sending);
    assert_eq!(held, Err(Exhausted));
}

/// Everybody holds a part and waits for the rest.
#[tokio::test(start_paused = true)]
async fn of_many_who_hold_a_part_the_first_come_to_their_end() {
    let bodies = Arc::new(BodyBudget::new(100));
    let mut all = Vec::new();
    for _ in 0..10 {
        let mut share = bodies.begin();
        share.hold(10, 10).await.unwrap();
        all.push(tokio::spawn(async move {
            share.hold(40, 30).await?;
            share.is_whole();
            tokio::time::sleep(MAX_WAIT / 4).await;
            Ok::<(), Exhausted>(())
        }));
    }
    let mut ends = Vec::new();
    for one in all {
        ends.push(one.await.unwrap().is_ok());
    }
    assert!(ends[0] && ends[1], "{ends:?}");
    let done = ends.iter().filter(|done| **done).count();
    assert!(ends[..done].iter().all(|done| *done), "the first: {ends:?}");
    assert_eq!(bodies.used(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_leaves_while_waiting_leaves_nothing_behind() {
    let bodies = BodyBudget::new(100);
    let mut first = bodies.begin();
    first.hold(100, 100).await.unwrap();
    {
        let mut leaver = bodies.begin();
        let left = tokio::time::timeout(MAX_WAIT / 2, leaver.hold(1, 1)).await;
        assert!(left.is_err());
        drop(first);
        assert_eq!(bodies.used(), 1, "it was given while it left");
    }
    assert_eq!(bodies.used(), 0);
    assert!(bodies.0.lock().reading.is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_limit_holds_at_once() {
    let bodies = BodyBudget::new(10);
    let mut first = bodies.begin();
    first.hold(10, 10).await.unwrap();
    let mut second = bodies.begin();
    let (held, ()) = tokio::join!(second.hold(10, 10), async { bodies.resize(20) });
    assert_eq!(held, Ok(()));
    bodies.resize(5);
    assert_eq!(bodies.begin().hold(6, 6).await, Err(Exhausted));
    drop((first, second));
    assert_eq!(bodies.used(), 0);
}
