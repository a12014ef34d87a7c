use super::opened::open;
use crate::promises;
use crate::support::redis::{Kind, store};

#[test]
fn a_real_server_keeps_every_promise_of_a_store() {
    for kind in Kind::ALL {
        let server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            promises::hold(opened.store.clone()).await;
        });
        // An account has two keys, which one hash tag keeps together.
        for key in server.keys("*") {
            let (before, tag) = key.split_once('{').expect("a hash tag");
            assert!(
                ["lms-gateway:journal:", "lms-gateway:fleet:"].contains(&before)
                    && tag.ends_with('}'),
                "{key}"
            );
        }
    }
}
