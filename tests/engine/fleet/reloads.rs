//! Another configuration in one process, and two contracts side by side in the fleet.

use proxy::shared::{Account, FleetFence, Joining, Scope, WriteId};

use super::door::{Door, ms, settle};
use super::rooms::Rooms;
use crate::stage::{CONTRACT, replace};
use crate::store::MemoryStore;

/// Another contract: the same operations, and other names for what they change.
fn other() -> String {
    let other = CONTRACT.replace("room.list", "room.catalogue");
    assert_ne!(other, CONTRACT);
    other
}

async fn is_cached(door: &Door) -> bool {
    door.read().await;
    door.read().await.1.contains("; hit")
}

#[tokio::test(start_paused = true)]
async fn what_another_contract_writes_concerns_everything() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.reload(&other(), [&vendor, &vendor]);
    settle().await;
    for door in [&a, &b] {
        assert!(is_cached(door).await);
    }
    for (writer, reader) in [(&a, &b), (&b, &a)] {
        let (took, _) = writer.write().await;
        assert!(took <= 10, "{took}");
        assert_eq!(reader.name().await, vendor.name());
        assert!(is_cached(reader).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reload_keeps_the_membership_what_is_cached_and_what_is_held() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    b.reload(CONTRACT, [&vendor, &vendor]);
    assert!(b.read().await.1.contains("; hit"), "under a new lease");
    // A write whose writer says nothing more: held by b, also after it speaks another contract.
    vendor.takes(0, 60_000);
    let write = a.start(replace());
    settle().await;
    a.store.fail(|faults| faults.away = true);
    write.abort();
    ms(1_500).await;
    for contract in [CONTRACT.to_owned(), other(), CONTRACT.to_owned()] {
        b.reload(&contract, [&vendor, &vendor]);
        settle().await;
        assert!(!is_cached(&b).await);
    }
    ms(70_000).await;
    assert!(is_cached(&b).await);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_ends_after_a_reload_is_seen_at_once_everywhere() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    vendor.takes(0, 500);
    let write = a.start(replace());
    settle().await;
    a.reload(&other(), [&vendor, &vendor]);
    settle().await;
    for door in [&a, &b] {
        assert!(is_cached(door).await);
    }
    assert_eq!(write.await.unwrap().status, 204);
    for door in [&a, &b] {
        assert_eq!(door.name().await, vendor.name());
    }
}

/// A request of before a reload reads by names that the journal speaks no longer.
#[tokio::test(start_paused = true)]
async fn who_began_before_a_reload_has_no_lease_after_it() {
    struct Deaf;
    impl FleetFence for Deaf {
        fn stamp(&self, _: &Scope) {}
        fn hold(&self, _: &WriteId, _: &Scope) {}
        fn release(&self, _: &WriteId) {}
    }
    let vendor = Rooms::new();
    let [a] = Door::several(&vendor).await;
    let join = |digest: &str| {
        a.fleet.join(Joining {
            account: Account::new("https://vendor.example", "another"),
            upstreams: vec!["netex".into()],
            digest: digest.into(),
            keep: std::time::Duration::from_secs(70),
            fence: Deaf,
        })
    };
    let mut before = join("one");
    settle().await;
    for digest in ["one", "two"] {
        assert!(before.has_lease());
        let now = join(digest);
        assert!(now.has_lease() && !before.has_lease());
        ms(500).await;
        assert!(now.has_lease() && !before.has_lease(), "nor later");
        before = now;
    }
}

#[tokio::test(start_paused = true)]
async fn accounts_come_and_go_and_a_write_touches_those_of_its_own() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let elsewhere = vendor.also_at("https://elsewhere.example/");
    let [a, b] = [(); 2].map(|()| Door::new(&store, &vendor));
    ms(1_200).await;
    assert!(is_cached(&b).await);
    let accounts = || b.fleet.report().members.len();
    assert_eq!(accounts(), 1);
    // b reads the rooms under another account's name from now on; what it has of the first is nothing there.
    b.reload(CONTRACT, [&elsewhere, &vendor]);
    settle().await;
    assert!(b.read().await.1.contains("; hit") || is_cached(&b).await);
    a.write().await;
    assert_eq!(accounts(), 2);
    let account = |rooms: &Rooms| proxy::upstream::Upstream::account(rooms);
    assert_eq!(store.registered(&account(&vendor)).len(), 2);
    assert_eq!(store.registered(&account(&elsewhere)).len(), 1);
    // And back: it is a member of the first again, and shows what was written meanwhile.
    b.reload(CONTRACT, [&vendor, &vendor]);
    settle().await;
    assert_eq!(b.name().await, vendor.name());
    ms(500).await;
    assert_eq!(
        store.registered(&account(&elsewhere)).len(),
        0,
        "it has left"
    );
    assert_eq!(accounts(), 1, "nor is an operator told of it");
    a.write().await;
    assert_eq!(b.name().await, vendor.name());
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_left_and_joined_again_is_another_member() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let elsewhere = vendor.also_at("https://elsewhere.example/");
    let [a, b] = [(); 2].map(|()| Door::new(&store, &vendor));
    ms(1_200).await;
    for _ in 0..3 {
        b.reload(CONTRACT, [&elsewhere, &elsewhere]);
        b.reload(CONTRACT, [&vendor, &vendor]);
        settle().await;
        assert!(is_cached(&b).await);
        a.write().await;
        assert_eq!(b.name().await, vendor.name());
    }
    ms(500).await;
    let account = proxy::upstream::Upstream::account(&*vendor);
    assert_eq!(store.registered(&account).len(), 2);
}
