//! What the other tests rest on: each trouble of a store is one.

use std::time::Duration;

use crate::support::eventually;
use crate::support::ports::free_port;
use crate::support::redis::{Kind, Network, Reply, Sentinel, StoreServer, store, tunnel};

fn set(server: &StoreServer) -> Reply {
    server.connect().ask(&["SET", "key", "value"])
}

fn refused(reply: &Reply, word: &str) -> bool {
    matches!(reply, Reply::Error(text) if text.starts_with(word))
}

#[test]
fn a_store_loses_its_data_or_keeps_them() {
    for kind in Kind::ALL {
        let mut server = store(kind);
        set(&server);
        server.restart_with_its_data();
        assert_eq!(server.keys("*"), ["key"]);
        server.restart_empty();
        assert!(server.keys("*").is_empty());
        set(&server);
        server.flush();
        assert!(server.keys("*").is_empty());
        for _ in 0..3 {
            server.command(&["XADD", "stream", "*", "a", "b"]);
        }
        server.trim("*", 1);
        assert_eq!(server.command(&["XLEN", "stream"]), Reply::Number(1));
        assert_eq!(server.calls(Some("xadd")), 3);
    }
}

#[test]
fn a_store_refuses_writes_in_three_ways() {
    for kind in Kind::ALL {
        let server = store(kind);
        server.refuse_writes(true);
        assert!(refused(&set(&server), "NOREPLICAS"), "{:?}", set(&server));
        server.refuse_writes(false);
        server.fill_memory(true);
        assert!(refused(&set(&server), "OOM"));
        server.fill_memory(false);
        assert_eq!(set(&server), Reply::Text("OK".to_owned()));
        let replica = server.replica(free_port());
        assert_eq!(replica.keys("*"), ["key"]);
        assert!(refused(&set(&replica), "READONLY"));
        replica.promote();
        assert_eq!(set(&replica), Reply::Text("OK".to_owned()));
    }
}

#[test]
fn a_network_is_open_silent_refused_or_leads_elsewhere() {
    let (first, second) = (store(Kind::Redis), store(Kind::Redis));
    set(&first);
    let tunnel = tunnel(&first);
    let open = || trials::store::Connection::open(tunnel.address);
    let size = |connection: &mut trials::store::Connection| connection.ask(&["DBSIZE"]);
    let mut standing = open().unwrap();
    tunnel.set(Network::Slow(Duration::from_millis(1)));
    assert_eq!(size(&mut standing), Reply::Number(1));
    tunnel.set(Network::Refused);
    eventually("a port that refuses", || open().is_none());
    assert_eq!(size(&mut standing), Reply::Number(1));
    tunnel.set(Network::Silent);
    standing.send(&["DBSIZE"]);
    tunnel.set(Network::Open);
    assert_eq!(standing.read(), Reply::Number(1));
    tunnel.lead_to(second.address);
    assert!(refused(&size(&mut standing), "the connection ended"));
    let mut next = eventually("a port that takes connections again", open);
    assert_eq!(size(&mut next), Reply::Number(0));
}

#[test]
fn a_sentinel_promotes_the_replica_of_a_primary_that_died() {
    let mut primary = store(Kind::Redis);
    let replica = primary.replica(free_port());
    let silence = Duration::from_millis(300);
    let sentinel = Sentinel::start(free_port(), "main", &primary, (1, silence));
    eventually("that it knows the replica", || sentinel.replicas() == 1);
    assert_eq!(sentinel.primary(), Some(primary.address));
    primary.kill();
    eventually("the promotion", || {
        let promoted = sentinel.primary() == Some(replica.address);
        promoted.then_some(()).ok_or_else(|| sentinel.log())
    });
    assert_eq!(set(&replica), Reply::Text("OK".to_owned()));
}
