//! One replica: an engine in the fleet, over a way of its own to the store.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use proxy::engine::{Engine, Runtime};
use proxy::metrics::Metrics;
use proxy::settings::Settings;
use proxy::shared::{Clock, Fleet, FleetOptions};
use proxy::upstream::Upstream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::rooms::Rooms;
use crate::stage::{Answer, Ask, CONTRACT, answered, get, replace};
use crate::store::MemoryStore;

const SETTINGS: &str = "
deadline: 10s
shared: {url: 'redis://127.0.0.1:6379', writes_without_store: allow}
upstreams:
  netex: {base_url: 'https://vendor.example', auth: {kind: none}}
  ispring: {base_url: 'https://vendor.example', auth: {kind: none}}
";
pub const ROOM: &str = "/v1/rooms/2145";

/// A replica.
pub struct Door {
    engine: Arc<Engine>,
    pub fleet: Arc<Fleet>,
    /// The store as this one reaches it.
    pub store: MemoryStore,
    start: Instant,
}

/// How a replica is set up.
#[derive(Clone, Default)]
pub struct Setup {
    pub refuses: bool,
    pub replicas: u32,
    /// With the second level.
    pub cache: bool,
    pub settings: &'static str,
}

impl Door {
    pub fn new(store: &MemoryStore, vendor: &Arc<Rooms>) -> Self {
        Self::with(store, vendor, &Setup::default())
    }

    pub fn with(store: &MemoryStore, vendor: &Arc<Rooms>, setup: &Setup) -> Self {
        Self::over(store, vendor.clone(), setup)
    }

    /// Before any vendor.
    pub fn over(store: &MemoryStore, vendor: Arc<dyn Upstream>, setup: &Setup) -> Self {
        let store = store.of_another();
        let metrics = Arc::new(Metrics::new().unwrap());
        let fleet = Arc::new(Fleet::new(FleetOptions {
            store: Arc::new(store.clone()),
            clock: Clock::Tokio,
            replicas: setup.replicas,
            refuses_alone: setup.refuses,
            metrics: metrics.clone(),
            runtime: Handle::current(),
        }));
        let runtime = of_upstreams(
            CONTRACT,
            (setup.settings, setup.cache),
            [vendor.clone(), vendor],
        );
        Self {
            engine: Arc::new(Engine::in_fleet(runtime, metrics, Some(fleet.clone()))),
            fleet,
            store,
            start: Instant::now(),
        }
    }

    /// Several in one fleet, which have known it for long enough.
    pub async fn several<const N: usize>(vendor: &Arc<Rooms>) -> [Self; N] {
        let store = MemoryStore::new();
        let doors = [(); N].map(|()| Self::new(&store, vendor));
        // Before that acknowledgements say nothing: members may have a lease of a store from before.
        ms(1_200).await;
        doors
    }

    pub fn reload(&self, contract: &str, vendors: [&Arc<Rooms>; 2]) {
        self.engine.replace(runtime(contract, "", vendors));
    }

    /// A request in a task of its own, which has begun when this returns.
    pub fn start(&self, ask: Ask) -> JoinHandle<Answer> {
        tokio::spawn(answered(self.engine.clone(), self.start, ask))
    }

    pub async fn send(&self, ask: Ask) -> Answer {
        self.start(ask).await.unwrap()
    }

    /// The room's name as this one shows it, and what its cache did.
    pub async fn read(&self) -> (String, String) {
        shown(&self.send(get(ROOM)).await)
    }

    /// The room's name alone.
    pub async fn name(&self) -> String {
        self.read().await.0
    }

    /// A write; how many milliseconds it took, and its status.
    pub async fn write(&self) -> (u64, u16) {
        let before = Instant::now();
        let answer = self.send(replace()).await;
        let took = before.elapsed().as_millis();
        (u64::try_from(took).unwrap(), answer.status)
    }

    pub fn metric(&self, series: &str) -> f64 {
        let text = String::from_utf8(self.engine.metrics_text()).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(series));
        line.map_or(0.0, |value| value.trim().parse().unwrap())
    }

    /// Every request under way is answered as it stands.
    pub fn leave(&self) {
        self.engine.shut_down();
    }

    pub async fn purge(&self) -> (usize, Option<bool>) {
        let purged = self.engine.purge(&proxy::engine::Purge::All).await.unwrap();
        (purged.entries, purged.all_members)
    }
}

fn runtime(contract: &str, settings: &str, [netex, ispring]: [&Arc<Rooms>; 2]) -> Runtime {
    of_upstreams(
        contract,
        (settings, false),
        [netex.clone(), ispring.clone()],
    )
}

fn of_upstreams(
    contract: &str,
    (settings, cache): (&str, bool),
    [netex, ispring]: [Arc<dyn Upstream>; 2],
) -> Runtime {
    let upstreams = [("netex", netex), ("ispring", ispring)];
    let upstreams = upstreams.map(|(name, upstream)| (name.to_owned(), upstream));
    let plan = contract::compile(contract).unwrap();
    let level = format!("writes_without_store: allow, cache: {cache}");
    let common = SETTINGS.replace("writes_without_store: allow", &level);
    let settings = Settings::parse(&format!("{common}{settings}"), Path::new("")).unwrap();
    Runtime::new(plan, settings, BTreeMap::from(upstreams), Vec::new()).unwrap()
}

pub fn shown(answer: &Answer) -> (String, String) {
    let name = answer.body["name"].as_str().unwrap_or_default();
    (name.to_owned(), answer.header("cache-status").to_owned())
}

/// Until all tasks have done what they could.
pub async fn settle() {
    sleep(Duration::from_millis(20)).await;
}

pub async fn ms(time: u64) {
    sleep(Duration::from_millis(time)).await;
}
