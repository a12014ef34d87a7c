//! The store goes away, in every way, and comes back.

use std::time::Duration;

use proxy::shared::{Account, Journal, StoreError};

use super::opened::{Opened, open};
use crate::support::redis::{Kind, store};

const RETENTION: Duration = Duration::from_secs(150);

async fn append(opened: &Opened) -> Result<u64, StoreError> {
    let account = Account::new("https://v.example", "a");
    let appended = opened.store.append(&account, b"x", RETENTION).await;
    appended.map(|appended| appended.number)
}

#[test]
fn a_server_that_is_killed_is_away_at_once_and_back_as_soon_as_it_runs() {
    for kind in Kind::ALL {
        let mut server = store(kind);
        let opened = open(&server.url(), "");
        opened.runtime.block_on(async {
            opened.until_up().await;
            assert_eq!(append(&opened).await, Ok(1));
            server.kill();
            opened.until_away().await;
            assert_eq!(append(&opened).await, Err(StoreError::Away));
            server.restart_empty();
            opened.until_up().await;
            assert_eq!(append(&opened).await, Ok(1));
            let health = proxy::shared::Health::health(&*opened.store);
            assert!(health.away_in_all > Duration::ZERO);
        });
        let text = String::from_utf8(opened.metrics.text()).unwrap();
        assert!(
            text.contains(
                r#"lms_gateway_shared_commands_total{command="append",outcome="away"} 1"#
            ),
            "{text}"
        );
    }
}
