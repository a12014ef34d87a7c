//! How the answer of a write waits for the other members.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::acknowledgements::News;
use super::link::Link;
use crate::shared::acknowledgement::{Awaited, Standing};

/// The first question comes so soon, since members read at once; each further one after twice the time.
const SOON: Duration = Duration::from_millis(1);
/// Who has not answered by then stands still, or is far away.
const LATEST: Duration = Duration::from_millis(32);

/// Waits as long as the answer of a write must. Whoever said nothing is taken off the list; whether there was none.
pub(super) async fn wait(link: &Arc<Link>, mut awaited: Awaited) -> bool {
    let mut standing = awaited.standing(link.clock.now(), None);
    if standing == Standing::Waiting {
        // What was asked before the entry was appended says nothing of it: a member that registered in between
        // would look like one that has left.
        let before = link.acknowledgements.sent.load(Ordering::SeqCst);
        let mut news = link.acknowledgements.news.subscribe();
        let _waiting = Waiting::begin(link);
        while standing == Standing::Waiting {
            let left = awaited.until().saturating_duration_since(link.clock.now());
            tokio::select! {
                _ = news.changed() => {}
                () = sleep(left) => {}
            }
            let said = news.borrow_and_update().clone();
            let said = said.filter(|news| news.number > before);
            let said = said.as_ref().map(|news| (&news.epoch, &news.members));
            standing = awaited.standing(link.clock.now(), said);
        }
    }
    let Standing::Elapsed(silent) = standing else {
        return true;
    };
    let removing = link.clone();
    link.runtime.spawn(async move {
        let limit = removing.timing().beat_timeout;
        for (member, token) in silent {
            let remove = removing
                .store
                .remove(&removing.account, &member, Some(token));
            let _next_time = timeout(limit, remove).await;
        }
    });
    false
}

struct Waiting<'l>(&'l Arc<Link>);

impl<'l> Waiting<'l> {
    fn begin(link: &'l Arc<Link>) -> Self {
        let mut state = link.acknowledgements.lock();
        state.waiting += 1;
        if !state.runs {
            state.runs = true;
            link.runtime.spawn(ask(link.clone()));
        }
        link.acknowledgements.sooner.notify_one();
        Self(link)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.acknowledgements.lock().waiting -= 1;
    }
}

/// Asks as long as somebody waits.
async fn ask(link: Arc<Link>) {
    let asking = &link.acknowledgements;
    let mut pause = SOON;
    loop {
        let mut next = Instant::now() + pause;
        pause = (pause * 2).min(LATEST);
        loop {
            tokio::select! {
                () = sleep_until(next) => break,
                () = asking.sooner.notified() => {
                    next = next.min(Instant::now() + SOON);
                    pause = SOON * 2;
                }
            }
        }
        {
            let mut state = asking.lock();
            if state.waiting == 0 {
                state.runs = false;
                return;
            }
        }
        let number = asking.sent.fetch_add(1, Ordering::SeqCst) + 1;
        let limit = link.timing().beat_timeout;
        let reply = timeout(limit, link.store.members(&link.account)).await;
        if let Ok(Ok((epoch, members))) = reply {
            link.saw(&epoch);
            link.count(&members);
            asking.news.send_replace(Some(Arc::new(News {
                number,
                epoch,
                members,
            })));
        }
    }
}
