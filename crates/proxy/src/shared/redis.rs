//! The store in a Redis 7 or a Valkey 8, or later ones.
//!
//! One connection carries commands; each account has two more, since nothing may wait behind a command that blocks:
//! one for beats, one that listens. Connections are kept by tasks of their own. A command is sent at once or not at
//! all, and its reply is waited for no longer than the caller likes.

mod connect;
mod dial;
mod error;
pub mod examination;
mod flight;
mod greet;
mod journal;
mod keys;
mod lane;
mod link;
mod names;
mod rates;
mod reply;
mod script;
mod sentinel;
mod standing;
mod target;
mod values;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::Value;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::store::StoreError;
use super::store::health::{Health, StoreHealth};
use crate::metrics::{Metrics, StoreGauged};
use crate::secret::Vault;
use crate::settings::SharedSettings;
pub use connect::Refusal;
use connect::connect;
use lane::{LIMIT, Lanes};
use names::Names;
pub use script::{Call, Script};
use standing::Standing;
pub use target::OpenError;
use target::{Server, Target};

/// The start waits so long for what the server says of itself. One that is away is waited for by nobody.
const FIRST_LOOK: Duration = Duration::from_millis(500);
/// The store of one process.
pub struct RedisStore {
    names: Names,
    lanes: Lanes,
    replicas: u32,
}

impl RedisStore {
    /// Begins to connect, and waits a moment for the server: one that turns out to be a cluster is refused. A server
    /// that is away is not. Its tasks run in `runtime`. Called once, where nothing else waits.
    ///
    /// # Errors
    /// A secret that is missing or no URL, nobody to trust, a Redis Cluster.
    pub fn open(
        settings: &SharedSettings,
        vault: &Vault,
        metrics: &Arc<Metrics>,
        runtime: &Handle,
    ) -> Result<Self, OpenError> {
        let target = Arc::new(Target::open(settings, vault)?);
        if let Some(warning) = target.warning {
            tracing::warn!("{warning}");
        }
        let looked = runtime.block_on(async { timeout(FIRST_LOOK, connect(&target)).await });
        if let Ok(Err(Refusal::Cluster)) = looked {
            return Err(OpenError::Cluster(error::CLUSTER));
        }
        let address = match &target.server {
            Server::Fixed(place) => place.to_string(),
            Server::Sentinels { master, .. } => format!("sentinel:{master}"),
        };
        let standing = Arc::new(Standing::new(address.into(), settings.budget));
        let gauged: Arc<dyn StoreGauged> = standing.clone();
        metrics.shared.watch_store(&gauged);
        let times = (settings.budget, settings.replicas);
        Ok(Self {
            names: Names::new(&settings.prefix),
            lanes: Lanes::start(&target, &standing, metrics, runtime, times),
            replicas: settings.replicas,
        })
    }

    /// The name of a key: `of("key", …)` is `<prefix>:key:{…}`.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Runs a script by the connection for commands. It is sent at once or not at all, and waited for no longer than a
    /// quarter of a second; a caller with less time drops the future.
    ///
    /// # Errors
    /// Nothing was sent ([`StoreError::Away`]), or what it came to.
    pub async fn run(&self, call: &Call<'_>) -> Result<Value, StoreError> {
        let commands = self.lanes.commands();
        self.lanes.run_by(commands, call, LIMIT, None).await
    }
}

impl Health for RedisStore {
    fn health(&self) -> StoreHealth {
        self.lanes.standing.health()
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = &self.lanes.standing;
        f.debug_struct("RedisStore")
            .field("standing", standing)
            .finish_non_exhaustive()
    }
}
