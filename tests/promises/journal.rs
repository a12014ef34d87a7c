use std::sync::Arc;
use std::time::Duration;

use proxy::shared::{Account, Appended, Beat, Beaten, Epoch, Journal, MemberId, Members, Position};

type Store = Arc<dyn Journal>;

const RETENTION: Duration = Duration::from_secs(150);

async fn append(store: &Store, account: &Account, record: &str) -> Appended {
    let appended = store.append(account, record.as_bytes(), RETENTION).await;
    appended.expect(record)
}

async fn beat(
    store: &Store,
    account: &Account,
    (member, position): (&str, Option<&Position>),
) -> Beaten {
    let member = MemberId::named(member);
    let beat = Beat {
        account,
        member: &member,
        position,
        replicas: 0,
    };
    store.beat(beat).await.expect("a beat")
}

/// Where a member is that has applied all of it.
fn behind(beaten: &Beaten) -> Position {
    let id = beaten.entries.last().map_or("0-0", |entry| &*entry.id);
    Position {
        epoch: beaten.epoch.clone(),
        number: beaten.last,
        id: id.into(),
    }
}

fn applied(members: &Members, name: &str) -> Option<Option<u64>> {
    let registration = members.get(&MemberId::named(name));
    registration.map(|one| one.applied)
}

fn numbers(beaten: &Beaten) -> Vec<u64> {
    let entries = beaten.entries.iter();
    // One that marks where an epoch began is no record.
    let records = entries.filter(|entry| !entry.record.is_empty());
    records.map(|entry| entry.number).collect()
}

pub async fn a_beat_registers_and_brings_what_is_behind_its_position(
    store: Store,
    account: Account,
) {
    let first = append(&store, &account, "one").await;
    let second = append(&store, &account, "two").await;
    let beaten = beat(&store, &account, ("a", None)).await;
    assert_eq!(beaten.epoch, first.epoch);
    assert_eq!(beaten.last, second.number);
    assert_eq!(numbers(&beaten), [first.number, second.number]);
    let texts = beaten.entries.iter().rev().take(2);
    let texts: Vec<&[u8]> = texts.map(|entry| &*entry.record).collect();
    assert_eq!(texts, [&b"two"[..], b"one"]);
    let (_, members) = store.members(&account).await.unwrap();
    assert_eq!(
        applied(&members, "a"),
        Some(None),
        "it has told nothing yet"
    );

    let position = behind(&beaten);
    let again = beat(&store, &account, ("a", Some(&position))).await;
    assert_eq!((again.last, again.entries.len()), (second.number, 0));
    let (epoch, members) = store.members(&account).await.unwrap();
    assert_eq!(epoch, beaten.epoch);
    assert_eq!(applied(&members, "a"), Some(Some(second.number)));

    let third = append(&store, &account, "three").await;
    let news = beat(&store, &account, ("a", Some(&position))).await;
    assert_eq!(numbers(&news), [third.number]);
}

pub async fn numbers_have_no_gaps_whoever_appends(store: Store, account: Account) {
    let before = append(&store, &account, "first").await.number;
    let writers = (0..20).map(|_| {
        let (store, account) = (store.clone(), account.clone());
        tokio::spawn(async move { append(&store, &account, "x").await.number })
    });
    let mut found = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        found.push(writer.await.unwrap());
    }
    found.sort_unstable();
    let expected: Vec<u64> = (before + 1..=before + 20).collect();
    assert_eq!(found, expected);
    let beaten = beat(&store, &account, ("a", None)).await;
    let all: Vec<u64> = (before..=before + 20).collect();
    assert_eq!(numbers(&beaten), all, "in the order of the numbers");
}

pub async fn an_append_names_who_is_registered_at_that_moment(store: Store, account: Account) {
    let nobody = append(&store, &account, "x").await;
    assert_eq!(nobody.members, Members::new());
    let beaten = beat(&store, &account, ("a", None)).await;
    beat(&store, &account, ("a", Some(&behind(&beaten)))).await;
    beat(&store, &account, ("b", None)).await;
    let named = append(&store, &account, "y").await.members;
    assert_eq!(applied(&named, "a"), Some(Some(nobody.number)));
    assert_eq!(applied(&named, "b"), Some(None));
    assert_eq!(named.len(), 2);
}

pub async fn a_member_is_taken_off_only_as_it_was_seen(store: Store, account: Account) {
    let (a, b) = (MemberId::named("a"), MemberId::named("b"));
    beat(&store, &account, ("a", None)).await;
    let seen = append(&store, &account, "x").await.members[&a].token;
    beat(&store, &account, ("a", None)).await;
    store.remove(&account, &a, Some(seen)).await.unwrap();
    let (_, members) = store.members(&account).await.unwrap();
    let now = members.get(&a).expect("it has registered since").token;
    assert_ne!(now, seen);
    store.remove(&account, &b, None).await.unwrap();
    store.remove(&account, &a, Some(now)).await.unwrap();
    assert_eq!(store.members(&account).await.unwrap().1, Members::new());
    beat(&store, &account, ("b", None)).await;
    store.remove(&account, &b, None).await.unwrap();
    assert_eq!(store.members(&account).await.unwrap().1, Members::new());
}

pub async fn what_is_too_much_for_one_beat_comes_with_the_next(store: Store, account: Account) {
    let record = "x".repeat(20_000);
    for _ in 0..150 {
        append(&store, &account, &record).await;
    }
    let mut position = None;
    let mut found = Vec::new();
    let mut beats = 0;
    loop {
        let beaten = beat(&store, &account, ("a", position.as_ref())).await;
        beats += 1;
        let Some(last) = beaten.entries.last() else {
            break assert_eq!(found.last(), Some(&beaten.last));
        };
        found.extend(numbers(&beaten));
        position = Some(Position {
            epoch: beaten.epoch.clone(),
            number: last.number,
            id: last.id.clone(),
        });
    }
    let first = found[0];
    let all: Vec<u64> = (first..first + 150).collect();
    assert_eq!(found, all);
    assert!(beats > 2, "3 MB came with one beat");
}

pub async fn whoever_listens_is_woken_by_an_entry(store: Store, account: Account) {
    append(&store, &account, "x").await;
    let beaten = beat(&store, &account, ("a", None)).await;
    let position = behind(&beaten);
    let nothing = store.wait(&account, &position.id, Duration::from_millis(20));
    assert_eq!(nothing.await, Ok(()));
    let listening = {
        let (store, account, id) = (store.clone(), account.clone(), position.id.clone());
        tokio::spawn(async move { store.wait(&account, &id, Duration::from_secs(60)).await })
    };
    // Before or after it listens: it ends long before its minute.
    append(&store, &account, "y").await;
    let woken = tokio::time::timeout(Duration::from_secs(30), listening).await;
    assert_eq!(woken.expect("woken").unwrap(), Ok(()));
}

pub async fn a_position_of_another_epoch_is_none(store: Store, account: Account) {
    let first = append(&store, &account, "x").await;
    let beaten = beat(&store, &account, ("a", None)).await;
    let elsewhere = Position {
        epoch: Epoch::named("elsewhere"),
        ..behind(&beaten)
    };
    let all = beat(&store, &account, ("a", Some(&elsewhere))).await;
    assert_eq!(all.epoch, first.epoch);
    assert_eq!(numbers(&all), [first.number]);
    let (_, members) = store.members(&account).await.unwrap();
    assert_eq!(applied(&members, "a"), Some(None));
}

pub async fn accounts_know_nothing_of_each_other(store: Store, account: Account) {
    let other = Account::new("https://w.example", "other");
    append(&store, &account, "x").await;
    beat(&store, &account, ("a", None)).await;
    let appended = append(&store, &other, "y").await;
    assert_eq!(appended.members, Members::new());
    let beaten = beat(&store, &other, ("b", None)).await;
    assert_eq!(numbers(&beaten), [appended.number]);
    assert_ne!(beaten.epoch, append(&store, &account, "z").await.epoch);
}
