//! The script that keeps keys says what the pure rule says, and one of many who take a key gets it.

use std::collections::HashMap;
use std::time::Duration;

use proxy::shared::{
    BootInstant, End, Fingerprint, Holder, Kept, KeyEnd, KeyId, KeyRecord, KeyTimes, Keys, Take,
    Taken,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::opened::open;
use crate::support::redis::{Kind, Reply, store};

const HOUR: Duration = Duration::from_secs(3_600);
const LONG: KeyTimes = KeyTimes {
    busy: HOUR,
    open: HOUR,
    kept: HOUR,
};

/// No time passes here but whole hours, and none of those.
fn without_times(taken: Taken) -> Taken {
    match taken {
        Taken::Running(left) => {
            assert!(left <= HOUR && left > HOUR / 2);
            Taken::Running(HOUR)
        }
        Taken::Open(holder, left) => {
            assert!(left <= HOUR && left > HOUR / 2);
            Taken::Open(holder, HOUR)
        }
        other => other,
    }
}

#[test]
fn the_script_says_what_the_rule_says() {
    let seed = rand::random::<u64>();
    eprintln!("seed {seed}");
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        let mut random = StdRng::seed_from_u64(seed);
        let now = BootInstant::from_nanos(1 << 50);
        let mut records: HashMap<KeyId, Option<KeyRecord>> = HashMap::new();
        opened.runtime.block_on(async {
            opened.until_up().await;
            for step in 0..3_000 {
                let id = KeyId([random.gen_range(0..40); 32]);
                let holder = Holder::named(["a", "b", "c"][random.gen_range(0..3)]);
                let fingerprint = Fingerprint([random.gen_range(0..20) / 19; 32]);
                let record = records.entry(id).or_default();
                let time = |zero: bool| if zero { Duration::ZERO } else { HOUR };
                let (short, shorter) = (random.gen_bool(0.5), random.gen_bool(0.5));
                if random.gen_bool(0.6) {
                    let take = Take {
                        id: &id,
                        fingerprint,
                        me: &holder,
                        times: KeyTimes {
                            busy: time(short || shorter),
                            open: time(short),
                            kept: HOUR,
                        },
                    };
                    let said = opened.store.take(take).await.unwrap();
                    let ruled = KeyRecord::take(record, &take, now);
                    assert_eq!(without_times(said), ruled, "step {step}");
                } else {
                    let answer = [0, 255, b'\r', b'\n', random.r#gen()];
                    let end = End {
                        id: &id,
                        fingerprint,
                        holder: &holder,
                        how: match random.gen_range(0..4) {
                            0 => KeyEnd::Answered(&answer),
                            1 => KeyEnd::Nothing,
                            _ => KeyEnd::Unknown { open: time(short) },
                        },
                        kept: HOUR,
                    };
                    let said = opened.store.end(end).await.unwrap();
                    assert_eq!(said, KeyRecord::end(record, &end, now), "step {step}");
                }
            }
        });
        let there = server.keys("lms-gateway:key:*");
        let kept = records.values().flatten().count();
        assert_eq!(there.len(), kept);
        for key in there {
            let Reply::Number(left) = server.command(&["PTTL", &key]) else {
                panic!("{key} has no expiry");
            };
            assert!((1..=3_600_000).contains(&left), "{key}: {left}");
        }
    }
}

#[test]
fn of_a_hundred_who_take_a_key_at_once_one_gets_it() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            let takers = (0..100).map(|_| {
                let store = opened.store.clone();
                tokio::spawn(async move {
                    let take = Take {
                        id: &KeyId([7; 32]),
                        fingerprint: Fingerprint([1; 32]),
                        me: &Holder::random(),
                        times: LONG,
                    };
                    store.take(take).await.unwrap()
                })
            });
            let takers: Vec<_> = takers.collect();
            let mut fresh = 0;
            for taker in takers {
                match taker.await.unwrap() {
                    Taken::Fresh => fresh += 1,
                    other => assert!(matches!(other, Taken::Running(_)), "{other:?}"),
                }
            }
            assert_eq!(fresh, 1);
        });
    }
}

#[test]
fn a_key_that_was_flushed_is_kept_anew_by_its_end() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        let (id, fingerprint, me) = (KeyId([7; 32]), Fingerprint([1; 32]), Holder::random());
        let take = Take {
            id: &id,
            fingerprint,
            me: &me,
            times: LONG,
        };
        assert_eq!(opened.store.take(take).await.unwrap(), Taken::Fresh);
        server.flush();
        let end = End {
            id: &id,
            fingerprint,
            holder: &me,
            how: KeyEnd::Answered(b"201"),
            kept: HOUR,
        };
        assert_eq!(opened.store.end(end).await.unwrap(), Kept::Kept);
        let again = opened.store.take(take).await.unwrap();
        assert_eq!(again, Taken::Answered(b"201"[..].into()));
    });
}
