//! Every way in which data are no longer what they were begins another epoch.

use std::sync::Arc;
use std::time::Duration;

use proxy::shared::{
    Account, Appended, Beat, Beaten, Epoch, Journal, MemberId, Position, RedisStore, StoreError,
};

use super::opened::{Opened, open};
use crate::support::redis::{Kind, StoreServer, store, tunnel};

const RETENTION: Duration = Duration::from_secs(150);

fn account() -> Account {
    Account::new("https://v.example", "a")
}

async fn append(store: &Arc<RedisStore>) -> Appended {
    // It may be connecting.
    loop {
        match store.append(&account(), b"x", RETENTION).await {
            Ok(appended) => return appended,
            Err(StoreError::Away | StoreError::Broken(_)) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

async fn beat(store: &Arc<RedisStore>, position: Option<&Position>) -> Beaten {
    let (account, member) = (account(), MemberId::named("me"));
    let beat = Beat {
        account: &account,
        member: &member,
        position,
        replicas: 0,
    };
    loop {
        match store.beat(beat).await {
            Ok(beaten) => return beaten,
            Err(StoreError::Away | StoreError::Broken(_)) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// A member that has applied two entries, before what happens and after it; `kept`: whether the journal was still there.
fn broken(opened: &Opened, kept: bool, happens: impl FnOnce()) {
    opened.runtime.block_on(async {
        let store = &opened.store;
        opened.until_up().await;
        let first = append(store).await;
        append(store).await;
        let before = beat(store, None).await;
        let last = before.entries.last().unwrap();
        let position = Position {
            epoch: before.epoch.clone(),
            number: last.number,
            id: last.id.clone(),
        };
        let same = beat(store, Some(&position)).await;
        assert_eq!((&same.epoch, same.entries.len()), (&first.epoch, 0));

        happens();

        let mut after = beat(store, Some(&position)).await;
        // A connection to the server of before may have been used once more.
        while after.epoch == before.epoch {
            after = beat(store, Some(&position)).await;
        }
        assert_eq!(after.kept_journal, kept);
        assert!(after.age < Duration::from_secs(60));
        let records = after.entries.iter().filter(|one| !one.record.is_empty());
        assert_eq!(records.count(), if kept { 2 } else { 0 });
        let last = after.entries.last().unwrap();
        assert_eq!((last.number, last.record.is_empty()), (after.last, !kept));
        let appended = append(store).await;
        assert_eq!(appended.epoch, after.epoch);
        assert_eq!(appended.number, after.last + 1);
        let registration = appended.members[&MemberId::named("me")];
        assert_eq!(
            registration.applied, None,
            "of that epoch it has told nothing"
        );
    });
}

#[test]
fn a_restart_with_all_data_begins_an_epoch() {
    for kind in Kind::ALL {
        let mut server = store(kind);
        let opened = open(&server.url(), "");
        broken(&opened, true, || server.restart_with_its_data());
    }
}

#[test]
fn a_restart_without_data_begins_an_epoch() {
    for kind in Kind::ALL {
        let mut server = store(kind);
        let opened = open(&server.url(), "");
        broken(&opened, false, || server.restart_empty());
    }
}

#[test]
fn data_that_are_flushed_or_thrown_away_begin_an_epoch() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        let delete = |server: &StoreServer, pattern: &str| {
            for key in server.keys(pattern) {
                server.command(&["DEL", &key]);
            }
        };
        broken(&opened, false, || server.flush());
        server.flush();
        broken(&opened, false, || delete(&server, "*:journal:*"));
        server.flush();
        broken(&opened, true, || delete(&server, "*:fleet:*"));
    }
}

#[test]
fn a_replica_that_is_promoted_begins_an_epoch() {
    for kind in Kind::ALL {
        let mut primary = store(kind);
        let replica = primary.replica(crate::support::ports::free_port());
        let door = tunnel(&primary);
        let opened = open(&door.url(), "");
        broken(&opened, true, || {
            primary.until_copied_to(&replica);
            primary.kill();
            replica.promote();
            door.lead_to(replica.address);
        });
    }
}

#[test]
fn who_only_asks_who_is_there_begins_no_epoch() {
    let server = store(Kind::Redis);
    let opened = open(&server.url(), "");
    opened.runtime.block_on(async {
        opened.until_up().await;
        let known = beat(&opened.store, None).await.epoch;
        let (epoch, members) = opened.store.members(&account()).await.unwrap();
        assert_eq!((epoch, members.len()), (known.clone(), 1));
        server.flush();
        let mut seen: Vec<Epoch> = vec![known];
        for _ in 0..2 {
            let (epoch, members) = opened.store.members(&account()).await.unwrap();
            assert_eq!(members.len(), 0);
            assert!(!seen.contains(&epoch), "none that anybody knows");
            seen.push(epoch);
        }
        assert_eq!(server.keys("*"), [""; 0]);
    });
}

#[test]
fn entries_older_than_they_have_to_be_go_and_leave_numbers_without_gaps() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            for _ in 0..500 {
                let brief = Duration::from_millis(1);
                opened.store.append(&account(), b"x", brief).await.unwrap();
            }
            let beaten = beat(&opened.store, None).await;
            let numbers: Vec<u64> = beaten.entries.iter().map(|one| one.number).collect();
            let first = numbers[0];
            assert!(first > 1, "nothing was trimmed");
            assert_eq!(numbers, (first..=500).collect::<Vec<_>>());
            assert_eq!(beaten.last, 500);
        });
    }
}
