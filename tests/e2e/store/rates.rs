//! The script that keeps rates says what the pure bucket says.

use std::time::Duration;

use proxy::shared::{Grant, Rate, RateName, Rates, Want};

use super::opened::open;
use crate::support::redis::{Kind, Reply, store};

/// Time passes here while the server is asked.
const NEAR: Duration = Duration::from_secs(60);

fn near(said: Grant, ruled: Grant) -> bool {
    let close = |said: Duration, ruled: Duration| said <= ruled + NEAR && ruled <= said + NEAR;
    said.permits == ruled.permits && close(said.wait, ruled.wait) && close(said.ahead, ruled.ahead)
}

#[test]
fn the_script_says_what_the_bucket_says() {
    let hours = |hours: u64| Duration::from_secs(3_600 * hours);
    let wants = [
        Want::UpTo(0),
        Want::UpTo(1),
        Want::UpTo(1),
        Want::UpTo(4),
        Want::UpTo(5),
        Want::UpTo(1),
        Want::Within(hours(1)),
        Want::Within(hours(11)),
        Want::Within(hours(11)),
        Want::Forced,
        Want::Within(hours(40)),
        Want::UpTo(1),
    ];
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            for (requests, per) in [(7, hours(70)), (3, hours(100)), (1, hours(24))] {
                let rate = Rate::new(requests, per);
                let name = RateName::of_caller("a", rate);
                let mut ahead = Duration::ZERO;
                for (step, want) in wants.into_iter().enumerate() {
                    let said = opened.store.grant(&name, rate, want).await.unwrap();
                    let ruled = rate.pace().grant(ahead, want);
                    assert!(
                        near(said, ruled),
                        "step {step} of {requests}: {said:?}, not {ruled:?}"
                    );
                    if ruled.permits > 0 {
                        ahead = ruled.ahead;
                    }
                }
            }
        });
        for key in server.keys("lms-gateway:rate:*") {
            let Reply::Number(left) = server.command(&["PTTL", &key]) else {
                panic!("{key} has no expiry");
            };
            assert!(left > 0);
        }
    }
}

#[test]
fn a_rate_is_not_exceeded_by_a_fraction_or_a_crowd() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        for requests in [3_u32, 7, 1_000, 999_983] {
            let rate = Rate::new(requests as usize, Duration::from_secs(86_400));
            let name = RateName::of_caller("a", rate);
            let takers = (0..100).map(|_| {
                let (store, name) = (opened.store.clone(), name.clone());
                let most = requests.div_ceil(90);
                tokio::spawn(async move {
                    let granted = store.grant(&name, rate, Want::UpTo(most)).await;
                    granted.unwrap().permits
                })
            });
            let takers: Vec<_> = takers.collect();
            let mut taken = 0;
            for taker in takers {
                taken += taker.await.unwrap();
            }
            // What fills up meanwhile comes on top: a millionth of a day is 86 ms.
            let filled = requests / 5_000;
            assert!(
                (requests..=requests + filled).contains(&taken),
                "{taken} of {requests}"
            );
        }
    });
}

#[test]
fn a_clock_that_was_put_back_closes_no_bucket() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        let rate = Rate::new(2, Duration::from_secs(10));
        let name = RateName::of_caller("a", rate);
        opened
            .store
            .grant(&name, rate, Want::UpTo(1))
            .await
            .unwrap();
        let keys = server.keys("lms-gateway:rate:*");
        // As if it had been taken by a clock that was ten years ahead.
        let later = "2100000000000000";
        server.command(&["SET", &keys[0], later]);
        let refused = opened
            .store
            .grant(&name, rate, Want::UpTo(1))
            .await
            .unwrap();
        assert_eq!(refused.permits, 0);
        assert!(refused.wait <= Duration::from_secs(5), "{refused:?}");
    });
}
