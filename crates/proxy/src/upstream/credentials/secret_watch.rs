//! The thread that has secret files read again. It reads none itself, so no file can hold it up.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

/// A rotated secret is in use within five seconds; this leaves time for the read.
const EVERY: Duration = Duration::from_secs(2);

/// What is told to look.
pub trait Watched: Send + Sync {
    /// Looks whether something changed; returns at once.
    fn look(self: Arc<Self>);
}

/// Sets whose upstreams are still in use.
static SETS: Mutex<Vec<Weak<dyn Watched>>> = Mutex::new(Vec::new());

/// From now on the set is told to look every two seconds, until it is dropped.
pub fn add(set: &Arc<dyn Watched>) {
    let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
    let idle = sets.is_empty();
    sets.push(Arc::downgrade(set));
    if !idle {
        return;
    }
    let thread = std::thread::Builder::new().name("secrets".to_owned());
    if let Err(error) = thread.spawn(watch) {
        sets.clear();
        tracing::error!(%error, "no thread to watch secret files: a change is seen at a reload only");
    }
}

fn watch() {
    loop {
        std::thread::sleep(EVERY);
        let live: Vec<Arc<dyn Watched>> = {
            let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
            sets.retain(|set| set.strong_count() > 0);
            if sets.is_empty() {
                // The next set starts another thread.
                return;
            }
            sets.iter().filter_map(Weak::upgrade).collect()
        };
        live.into_iter().for_each(Watched::look);
    }
}
