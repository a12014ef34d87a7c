//! What one server holds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proxy::shared::{Account, Epoch, JournalEntry, KeyId, KeyRecord, MemberId, RateName};
use tokio::time::Instant;

use super::values::Cell;

#[derive(Clone)]
pub struct Server {
    /// Another one after each start and promotion.
    pub replid: String,
    pub accounts: BTreeMap<Account, Data>,
    pub keys: BTreeMap<KeyId, Option<KeyRecord>>,
    /// When each bucket is full.
    pub rates: BTreeMap<RateName, Instant>,
    pub values: BTreeMap<String, Cell>,
}

/// What is kept of one account.
#[derive(Clone, Default)]
pub struct Data {
    pub epoch: Option<EpochData>,
    /// The last number; it stays where the journal is lost alone.
    pub last: u64,
    pub journal: Option<Vec<Kept>>,
    pub members: BTreeMap<MemberId, Told>,
    pub tokens: u64,
}

#[derive(Clone)]
pub struct EpochData {
    pub name: Epoch,
    pub replid: String,
    pub born: Instant,
    /// How old it was then.
    pub older: Duration,
    pub kept_journal: bool,
}

#[derive(Clone)]
pub struct Kept {
    pub entry: JournalEntry,
    pub at: Instant,
}

/// What a member said of itself.
#[derive(Clone)]
pub struct Told {
    pub epoch: Epoch,
    pub applied: Option<u64>,
    pub token: u64,
}

impl Server {
    pub fn new(replid: &str) -> Self {
        Self {
            replid: replid.to_owned(),
            accounts: BTreeMap::new(),
            keys: BTreeMap::new(),
            rates: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    pub fn flush(&mut self) {
        self.accounts.clear();
        self.keys.clear();
        self.rates.clear();
        self.values.clear();
    }
}

impl EpochData {
    /// In whole seconds, as the real store tells it.
    pub fn age(&self) -> Duration {
        Duration::from_secs((self.older + self.born.elapsed()).as_secs())
    }
}

impl Data {
    /// Sees to it that there is an epoch of this server and these data; `name` is for a new one.
    pub fn renew(&mut self, replid: &str, (name, older): (Epoch, Duration)) -> EpochData {
        let known = self.epoch.clone();
        let known = known.filter(|epoch| epoch.replid == replid && self.journal.is_some());
        known.unwrap_or_else(|| {
            let kept_journal = self.journal.is_some();
            if !kept_journal {
                // The number of the last entry must be found in it.
                self.journal = Some(vec![Kept {
                    entry: entry(self.last, Arc::default()),
                    at: Instant::now(),
                }]);
            }
            let epoch = EpochData {
                name,
                replid: replid.to_owned(),
                born: Instant::now(),
                older,
                kept_journal,
            };
            self.epoch = Some(epoch.clone());
            epoch
        })
    }
}

pub fn entry(number: u64, record: Arc<[u8]>) -> JournalEntry {
    JournalEntry {
        id: format!("{number}-0").into(),
        number,
        record,
    }
}
