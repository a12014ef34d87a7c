//! The store itself: what the protocol rests on.

use std::time::Duration;

use proxy::shared::{Account, Beat, Beaten, Journal, MemberId, Position, StoreError};

use super::faults::{Fault, Part};
use super::*;

const RETENTION: Duration = Duration::from_secs(150);

fn account() -> Account {
    Account::new("https://vendor.example", "")
}

async fn beat(store: &MemoryStore, position: Option<&Position>) -> Beaten {
    let (account, member) = (account(), MemberId::named("m"));
    let beat = Beat {
        account: &account,
        member: &member,
        position,
        replicas: 0,
    };
    store.beat(beat).await.unwrap()
}

fn position(beaten: &Beaten) -> Position {
    Position {
        epoch: beaten.epoch.clone(),
        number: beaten.last,
        id: format!("{}-0", beaten.last).into(),
    }
}

#[tokio::test(start_paused = true)]
async fn numbers_have_no_gap_and_a_beat_brings_what_is_behind() {
    let store = MemoryStore::new();
    let first = beat(&store, None).await;
    let at = position(&first);
    for number in 1..=3 {
        let appended = store.append(&account(), b"x", RETENTION).await.unwrap();
        assert_eq!((appended.number, appended.members.len()), (number, 1));
        assert_eq!(appended.epoch, first.epoch);
    }
    let numbers = beat(&store, Some(&at)).await.entries;
    let numbers: Vec<_> = numbers.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    tokio::time::advance(RETENTION).await;
    store.append(&account(), b"x", RETENTION).await.unwrap();
    assert_eq!(beat(&store, Some(&at)).await.entries.len(), 1, "trimmed");
}

#[tokio::test(start_paused = true)]
async fn an_epoch_ends_with_the_server_and_with_its_data() {
    let store = MemoryStore::new();
    let mut last = beat(&store, None).await.epoch;
    let copy = store.copy();
    let breaks: [&dyn Fn(); 5] = [
        &|| store.flush(),
        &|| store.restart(true),
        &|| store.restart(false),
        &|| store.lose_journal(&account()),
        &|| store.promote(copy),
    ];
    for (number, broken) in breaks.iter().enumerate() {
        store.append(&account(), b"x", RETENTION).await.unwrap();
        broken();
        let now = beat(&store, None).await;
        assert_ne!(now.epoch, last, "{number}");
        assert_eq!(now.kept_journal, matches!(number, 1 | 4), "{number}");
        assert_eq!(now.entries.last().unwrap().number, now.last);
        last = now.epoch;
    }
}

#[tokio::test(start_paused = true)]
async fn faults_are_of_one_way_and_a_lost_reply_was_executed() {
    let store = MemoryStore::new();
    let other = store.of_another();
    store.fail(|faults| faults.once(Part::Append, Fault::ReplyLost));
    let lost = store.append(&account(), b"x", RETENTION).await;
    assert!(matches!(lost, Err(StoreError::Broken(_))));
    assert_eq!(
        other
            .append(&account(), b"x", RETENTION)
            .await
            .unwrap()
            .number,
        2
    );
    store.fail(|faults| faults.stands_still = true);
    let account = account();
    let still = store.append(&account, b"x", RETENTION);
    assert!(tokio::time::timeout(RETENTION, still).await.is_err());
    store.fail(|faults| faults.away = true);
    let away = store.append(&account, b"x", RETENTION).await;
    assert_eq!(away.unwrap_err(), StoreError::Away);
    assert_eq!(other.records(&account).len(), 3);
}
