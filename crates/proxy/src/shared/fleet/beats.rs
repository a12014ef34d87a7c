//! The task of one account: it beats, applies what comes, and does what time brings.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::link::Link;
use crate::shared::clock::BootInstant;
use crate::shared::store::journal::Beat;

/// Every so many beats the members are counted: a local share of a rate rests on it.
const COUNT_EVERY: u32 = 20;

/// What a beat came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    /// Another is due at once.
    More,
    All,
    /// It was not sent, or not answered.
    Nothing,
}

pub(super) async fn run(link: Arc<Link>) {
    let mut beats = 0;
    while !link.is_over() {
        let sent = link.clock.now();
        // Without it a write that nobody was told of would stay unknown to them.
        let came = match pay(&link).await {
            true => beat(&link).await,
            false => Came::Nothing,
        };
        if came == Came::More {
            continue;
        }
        if beats % COUNT_EVERY == 0 {
            count(&link).await;
        }
        beats = beats.wrapping_add(1);
        rest(&link, sent, came).await;
    }
    leave(&link).await;
}

/// Appends what is owed; whether nothing is left.
async fn pay(link: &Link) -> bool {
    while let Some(record) = link.owed.first() {
        let limit = link.timing().beat_timeout;
        match timeout(limit, link.append(&record)).await {
            Ok(Ok(_)) => link.owed.paid(&record),
            _ => return false,
        }
    }
    true
}

async fn beat(link: &Link) -> Came {
    let position = link.position();
    let beat = Beat {
        account: &link.account,
        member: &link.me,
        position: position.as_ref(),
        replicas: link.replicas,
    };
    let limit = link.timing().beat_timeout;
    // A lease counts from here, whenever the reply comes.
    let sent = link.clock.now();
    match timeout(limit, link.store.beat(beat)).await {
        Ok(Ok(beaten)) if link.apply(&beaten, sent) => Came::More,
        Ok(Ok(_)) => Came::All,
        // It grants nothing.
        _ => Came::Nothing,
    }
}

async fn count(link: &Link) {
    let limit = link.timing().beat_timeout;
    if let Ok(Ok((epoch, members))) = timeout(limit, link.store.members(&link.account)).await {
        link.saw(&epoch);
        link.count(&members);
    }
}

/// Waits for an entry, or until the next beat is due; meanwhile holds begin and end.
async fn rest(link: &Link, last: BootInstant, came: Came) {
    let since = link.clock.now().saturating_duration_since(last);
    let limit = link.timing().beat.saturating_sub(since);
    let position = link.position();
    let news = async {
        let heard = match &position {
            // What is there was read but for a refused beat, and would be news again at once.
            Some(at) if came == Came::All => {
                link.store.wait(&link.account, &at.id, limit).await.is_ok()
            }
            _ => false,
        };
        if !heard {
            sleep(limit).await;
        }
    };
    let news = timeout(limit, news);
    tokio::pin!(news);
    loop {
        let due = link.tick();
        tokio::select! {
            _ = &mut news => return,
            () = until(link, due) => {}
            () = link.wake.notified() => {
                if link.is_over() || !pay(link).await {
                    return;
                }
            }
        }
    }
}

/// Never, where there is nothing to do.
async fn until(link: &Link, due: Option<BootInstant>) {
    match due {
        Some(due) => sleep(due.saturating_duration_since(link.clock.now())).await,
        None => std::future::pending().await,
    }
}

/// The leases are given up already; so nobody has to wait for this one once it is off the list.
async fn leave(link: &Link) {
    let _told = timeout(LAST_ENDS, pay(link)).await;
    let remove = link.store.remove(&link.account, &link.me, None);
    let _removed = timeout(link.timing().beat_timeout, remove).await;
}

/// The end of a process does not hang on a store that stands still.
const LAST_ENDS: Duration = Duration::from_millis(500);
