//! A server that answers, and does not do what it is asked.

use std::time::Duration;

use proxy::shared::{Account, Beat, Journal, MemberId, StoreError};

use super::opened::{Opened, open};
use crate::support::ports::free_port;
use crate::support::redis::{Kind, StoreServer, store};

const RETENTION: Duration = Duration::from_secs(150);

fn account() -> Account {
    Account::new("https://v.example", "a")
}

async fn append(opened: &Opened) -> Result<u64, StoreError> {
    let appended = opened.store.append(&account(), b"x", RETENTION).await;
    appended.map(|appended| appended.number)
}

async fn beat(opened: &Opened, replicas: u32) -> Result<u64, StoreError> {
    let (account, member) = (account(), MemberId::named("me"));
    let beat = Beat {
        account: &account,
        member: &member,
        position: None,
        replicas,
    };
    opened.store.beat(beat).await.map(|beaten| beaten.last)
}

/// Both refuse it, and both do it when it is over; it is told in between.
fn refused(server: &StoreServer, trouble: impl Fn(bool), expected: impl Fn(&StoreError) -> bool) {
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        append(&opened).await.unwrap();
        trouble(true);
        for error in [append(&opened).await, beat(&opened, 0).await] {
            let error = error.expect_err("refused");
            assert!(expected(&error), "{error:?}");
        }
        opened.until_away().await;
        trouble(false);
        append(&opened).await.unwrap();
        beat(&opened, 0).await.unwrap();
        opened.until_up().await;
    });
}

#[test]
fn a_server_without_memory_or_without_its_replicas_says_so() {
    for kind in Kind::ALL {
        let server = store(kind);
        refused(
            &server,
            |full| server.fill_memory(full),
            |error| *error == StoreError::OutOfMemory,
        );
        refused(
            &server,
            |refuse| server.refuse_writes(refuse),
            |error| matches!(error, StoreError::ReadOnly(text) if text.starts_with("NOREPLICAS")),
        );
    }
}

#[test]
fn a_primary_that_is_demoted_is_away_until_it_is_one_again() {
    for kind in Kind::ALL {
        let (server, other) = (store(kind), store(kind));
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            append(&opened).await.unwrap();
            server.demote(&other);
            let mut error = append(&opened)
                .await
                .expect_err("a replica takes no writes");
            while matches!(error, StoreError::ReadOnly(_) | StoreError::Broken(_)) {
                error = append(&opened).await.expect_err("nor later");
            }
            assert_eq!(error, StoreError::Away);
            assert!(matches!(beat(&opened, 0).await, Err(StoreError::Away)));
            server.promote();
            opened.until_up().await;
            append(&opened).await.unwrap();
        });
    }
}

#[test]
fn a_script_that_the_server_has_forgotten_is_sent_again() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            for number in 1..=3 {
                server.command(&["SCRIPT", "FLUSH"]);
                assert_eq!(append(&opened).await, Ok(number));
                assert_eq!(append(&opened).await.map(|_| number), Ok(number));
                server.command(&["DEL", &server.keys("*:fleet:*")[0]]);
                server.flush();
                for _ in 0..number {
                    append(&opened).await.unwrap();
                }
            }
        });
    }
}

#[test]
fn a_key_of_another_kind_is_an_error_and_no_more() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        append(&opened).await.unwrap();
        let key = server.keys("*:fleet:*").remove(0);
        server.command(&["SET", &key, "?"]);
        for error in [append(&opened).await, beat(&opened, 0).await] {
            let error = error.expect_err("no hash is there");
            assert!(
                matches!(&error, StoreError::Unexpected(text) if text.starts_with("WRONGTYPE")),
                "{error:?}"
            );
        }
        let (epoch, rubbish) = (server.keys("*:journal:*").remove(0), "not a number");
        server.command(&["DEL", &key]);
        server.command(&["DEL", &epoch]);
        append(&opened).await.unwrap();
        server.command(&["HSET", &key, "m:me", rubbish]);
        let error = append(&opened).await.expect_err("nobody registers so");
        assert!(matches!(error, StoreError::Unexpected(_)), "{error:?}");
        opened.until_up().await;
    });
}

#[test]
fn what_too_few_replicas_have_counts_for_nothing() {
    for kind in Kind::ALL {
        let server = store(kind);
        let replica = server.replica(free_port());
        let opened = open(&server.url(), ", replicas: 1");
        let alone = open(&server.url(), ", replicas: 2");
        opened.runtime.block_on(async {
            opened.until_up().await;
            alone.until_up().await;
            // Its connections for appends are made by then, or soon.
            while append(&opened).await == Err(StoreError::Away) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            append(&opened).await.unwrap();
            beat(&opened, 1).await.unwrap();
            while append(&alone).await == Err(StoreError::Away) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let few = Err(StoreError::TooFewReplicas(1));
            assert_eq!(append(&alone).await, few);
            assert_eq!(beat(&alone, 2).await, few);
            opened.until_up().await;
        });
        drop(replica);
    }
}
