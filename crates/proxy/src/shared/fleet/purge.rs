//! A purge reaches all members.

use std::sync::Arc;

use tokio::time::timeout;

use super::waiting::wait;
use super::write::{Touched, awaited};
use crate::shared::name::WriteId;
use crate::shared::record::{Event, Record};

/// An end without a begin; whether all members of the account have it.
pub(super) async fn purge(touched: Touched, digest: &Arc<str>, number: u64) -> bool {
    let link = &touched.membership.link;
    let record = Record {
        write: WriteId {
            member: link.me.clone(),
            number,
        },
        digest: digest.clone(),
        scope: touched.scope,
        event: Event::Done,
    };
    let limit = link.timing().beat_timeout;
    match timeout(limit, link.append(&record)).await {
        Ok(Ok(appended)) => {
            // Who said nothing has no lease any more.
            let _acknowledged = wait(link, awaited(link, &appended, None)).await;
            true
        }
        _ => {
            link.owe(record);
            false
        }
    }
}
