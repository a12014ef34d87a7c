//! A server that takes commands and says nothing, or says it too late.

use std::time::Duration;

use proxy::shared::{Account, Beat, Health, Journal, MemberId, StoreBudget, StoreError};

use super::opened::{Opened, open};
use crate::support::redis::{Kind, Network, store, tunnel};

const RETENTION: Duration = Duration::from_secs(150);
const BUDGET: Duration = Duration::from_millis(25);

fn account() -> Account {
    Account::new("https://v.example", "a")
}

/// As a request does it.
async fn within_its_budget(opened: &Opened) -> Result<u64, StoreError> {
    let budget = StoreBudget::new(BUDGET);
    let account = account();
    let appended = budget.spend(opened.store.append(&account, b"x", RETENTION));
    appended.await.map(|appended| appended.number)
}

async fn beat(opened: &Opened) -> Result<u64, StoreError> {
    let (account, member) = (account(), MemberId::named("me"));
    let beat = Beat {
        account: &account,
        member: &member,
        position: None,
        replicas: 0,
    };
    opened.store.beat(beat).await.map(|beaten| beaten.last)
}

/// It costs those that wait their budget, and nobody after them anything.
async fn costs_once(opened: &Opened) {
    let waiting = (0..8).map(|_| within_its_budget(opened));
    let mut late = 0;
    for result in futures(waiting).await {
        match result {
            Err(StoreError::Timeout) => late += 1,
            Err(StoreError::Away) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(late > 0);
    assert!(opened.store.health().away.is_some());
    for _ in 0..1_000 {
        assert_eq!(within_its_budget(opened).await, Err(StoreError::Away));
    }
    assert_eq!(beat(opened).await, Err(StoreError::Away));
}

async fn futures<T: Send + 'static>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        let mut pending = false;
        for (future, done) in all.iter_mut().filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => *done = Some(value),
                std::task::Poll::Pending => pending = true,
            }
        }
        if pending {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    })
    .await;
    all.into_iter().filter_map(|(_, done)| done).collect()
}

#[test]
fn a_server_that_stands_still_costs_the_budget_once() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            let before = within_its_budget(&opened).await.unwrap();
            server.stop();
            costs_once(&opened).await;
            server.go_on();
            opened.until_up().await;
            // Those that were sent may have been executed.
            let after = within_its_budget(&opened).await.unwrap();
            assert!((before + 1..=before + 9).contains(&after), "{after}");
        });
    }
}

#[test]
fn a_server_whose_clients_are_paused_is_away_until_they_are_not() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        server.pause(Duration::from_secs(2));
        costs_once(&opened).await;
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
    });
}

#[test]
fn a_server_that_is_slower_than_the_budget_is_of_no_use() {
    let server = store(Kind::Redis);
    let door = tunnel(&server);
    let opened = open(&door.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
        door.set(Network::Slow(Duration::from_millis(30)));
        costs_once(&opened).await;
        door.set(Network::Open);
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
    });
}

#[test]
fn a_network_that_swallows_everything_is_noticed() {
    let server = store(Kind::Redis);
    let door = tunnel(&server);
    let opened = open(&door.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
        beat(&opened).await.unwrap();
        door.set(Network::Silent);
        costs_once(&opened).await;
        door.cut();
        door.set(Network::Open);
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
        beat(&opened).await.unwrap();
    });
}

/// Nobody else asks anything meanwhile: the beat alone finds out.
#[test]
fn a_beat_without_a_reply_is_given_up_with_its_connection() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        beat(&opened).await.unwrap();
        server.stop();
        assert_eq!(beat(&opened).await, Err(StoreError::Timeout));
        assert_eq!(beat(&opened).await, Err(StoreError::Away));
        server.go_on();
        opened.until_up().await;
        beat(&opened).await.unwrap();
    });
}

#[test]
fn a_wait_for_news_ends_with_its_time_also_where_nobody_answers() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        let account = account();
        let limit = Duration::from_millis(20);
        opened.store.wait(&account, "0-0", limit).await.unwrap();
        server.stop();
        let waited = opened.store.wait(&account, "0-0", limit).await;
        assert_eq!(waited, Err(StoreError::Timeout));
        server.go_on();
    });
}

#[test]
fn whoever_stops_listening_blames_nobody() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        within_its_budget(&opened).await.unwrap();
        let account = account();
        for _ in 0..5 {
            let listening =
                opened
                    .store
                    .wait(&account, "9999999999999-0", Duration::from_millis(100));
            let stopped = tokio::time::timeout(BUDGET, listening).await;
            assert!(stopped.is_err());
            within_its_budget(&opened).await.unwrap();
        }
        let health = opened.store.health();
        assert_eq!((health.away, health.last_error), (None, None));
    });
}

#[test]
fn connections_that_are_cut_are_made_again() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            for _ in 0..5 {
                server.cut_connections();
                let mut ended = within_its_budget(&opened).await;
                while ended.is_err() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    ended = within_its_budget(&opened).await;
                }
                while beat(&opened).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        });
    }
}
