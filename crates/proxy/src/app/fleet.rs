//! Makes this process a member of its fleets, where the settings name a store.

use std::fmt;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use crate::metrics::Metrics;
use crate::secret::Vault;
use crate::settings::{SharedSettings, WithoutStore};
use crate::shared::redis::OpenError;
use crate::shared::{Clock, Crowd, Fleet, FleetOptions, RateSharing, RedisStore, Store};

/// Connections and beats have a thread of their own: requests that keep theirs busy must not cost the lease.
const THREADS: usize = 1;

/// What the process shares with others, whatever it is reloaded with.
pub struct Sharing {
    pub fleet: Arc<Fleet>,
    pub rates: RateSharing,
}

/// Begins to connect to the store; one that is away is no reason not to start.
///
/// # Errors
/// A secret that is missing, nobody to trust, a Redis Cluster.
pub fn open(shared: &SharedSettings, metrics: &Arc<Metrics>) -> Result<Sharing, OpenError> {
    let vault = Vault::read(shared.secrets());
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_name("shared")
        .enable_all()
        .build()
        .map_err(|error| OpenError::Thread(error.to_string()))?;
    // It lives as long as the process: dropped, it would end what runs in it.
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    let store = RedisStore::open(shared, &vault, metrics, runtime.handle())?;
    let store: Arc<dyn Store> = Arc::new(store);
    let fleet = Arc::new(Fleet::new(FleetOptions {
        store: store.clone(),
        clock: Clock::Boot,
        replicas: shared.replicas,
        refuses_alone: shared.writes_without_store == WithoutStore::Refuse,
        metrics: metrics.clone(),
        runtime: runtime.handle().clone(),
    }));
    let rates = RateSharing {
        store,
        crowd: Arc::new(Members(fleet.clone())),
        metrics: metrics.clone(),
        runtime: runtime.handle().clone(),
    };
    Ok(Sharing { fleet, rates })
}

/// Among whom a rate is divided while the store is away.
struct Members(Arc<Fleet>);

impl Crowd for Members {
    fn members(&self) -> u64 {
        self.0.members()
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Members")
    }
}
