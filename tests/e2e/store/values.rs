//! Answers that members share, in a real server.

use std::time::Duration;

use proxy::shared::{Found, Values};

use super::opened::open;
use crate::support::redis::{Kind, store};

const LOCK: Duration = Duration::from_secs(60);

#[test]
fn one_asks_for_all_and_what_it_keeps_is_there_until_its_end() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            let store = &opened.store;
            assert_eq!(store.look("a", "me", LOCK).await, Ok(Found::Mine));
            assert_eq!(store.look("a", "you", LOCK).await, Ok(Found::Asked));
            store.give_back("a", "you").await.unwrap();
            assert_eq!(
                store.look("a", "you", LOCK).await,
                Ok(Found::Asked),
                "it is not theirs"
            );
            store.give_back("a", "me").await.unwrap();
            assert_eq!(store.look("a", "you", LOCK).await, Ok(Found::Mine));
            store.keep("a", b"\x00value", LOCK).await.unwrap();
            let Ok(Found::Value(bytes, left)) = store.look("a", "me", LOCK).await else {
                panic!("it was kept");
            };
            assert_eq!(&*bytes, b"\x00value");
            assert!(left <= LOCK && left > LOCK / 2, "{left:?}");
            // A holder that is gone, and a value whose time is over, are in nobody's way.
            let brief = Duration::from_millis(1);
            store.keep("a", b"x", brief).await.unwrap();
            store.look("b", "me", brief).await.unwrap();
            for name in ["a", "b"] {
                while store.look(name, "you", LOCK).await != Ok(Found::Mine) {
                    tokio::time::sleep(brief).await;
                }
            }
            for key in server.keys("*") {
                assert!(key.starts_with("lms-gateway:value:{"), "{key}");
                assert_ne!(server.command(&["PTTL", &key]).number(), -1, "{key} ends");
            }
        });
    }
}
