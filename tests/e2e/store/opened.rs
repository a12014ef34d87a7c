//! A store as the settings say it, in the test's own process.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proxy::metrics::Metrics;
use proxy::secret::Vault;
use proxy::settings::{Settings, SharedSettings};
use proxy::shared::redis::OpenError;
use proxy::shared::{Health, RedisStore, StoreHealth};
use tokio::runtime::Runtime;

/// A store, and what it runs in.
pub struct Opened {
    pub store: Arc<RedisStore>,
    pub metrics: Arc<Metrics>,
    pub runtime: Runtime,
}

pub fn settings(shared: &str) -> SharedSettings {
    let text = format!("upstreams: {{}}\nshared: {shared}\n");
    let settings = Settings::parse(&text, Path::new("/")).expect(shared);
    settings.shared.expect("a store")
}

pub fn try_open(shared: &str) -> Result<Opened, OpenError> {
    let settings = settings(shared);
    let vault = Vault::read(settings.secrets());
    let metrics = Arc::new(Metrics::new().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let store = RedisStore::open(&settings, &vault, &metrics, runtime.handle())?;
    Ok(Opened {
        store: Arc::new(store),
        metrics,
        runtime,
    })
}

/// With the keys of `shared` behind the URL.
pub fn open(url: &str, more: &str) -> Opened {
    let shared = format!("{{url: '{url}'{more}}}");
    let opened = try_open(&shared);
    opened.unwrap_or_else(|error| panic!("{shared}: {error}"))
}

impl Opened {
    /// Returns when commands are sent.
    pub async fn until_up(&self) {
        self.until("up", |health| health.away.is_none()).await;
    }

    pub async fn until_away(&self) {
        self.until("away", |health| health.away.is_some()).await;
    }

    pub async fn until(&self, what: &str, is_so: impl Fn(&StoreHealth) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !is_so(&self.store.health()) {
            assert!(
                Instant::now() < end,
                "never {what}: {:?}",
                self.store.health()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}
