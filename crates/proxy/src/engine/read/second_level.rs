//! The second level of the cache: what another member was answered by the vendor.
//!
//! A value is of a **place** in the account's journal: the epoch, and the number up to which all entries were applied
//! when its vendor call began. It is taken over only by a member that has a lease, is at that very place, and knows of
//! no write that is under way, held or still to be told. Whatever was answered before is at or before the place, so the
//! value shows it; a write of anything in the account makes it void. (A finer rule would ask which tags were written.)

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::cached_read::CachedRead;
use crate::cache::Tag;
use crate::digest;
use crate::engine::answer::reply::Reply;
use crate::metrics::{Metrics, SecondLevel as Did};
use crate::shared::{Epoch, Found, Holder, Membership, Place, StoreBudget, StoreError};

/// Where a fleet keeps what one read is answered.
pub struct SecondLevel {
    membership: Arc<Membership>,
    metrics: Arc<Metrics>,
    name: String,
    owner: Holder,
    /// Before the vendor is asked. `None`: what it says is kept by nobody else.
    place: Option<Place>,
    budget: Arc<StoreBudget>,
    /// A vendor call has ended by then, or its member is gone.
    lock: Duration,
    has_lock: bool,
}

/// What was found there.
pub struct Shared {
    pub reply: Reply,
    pub tags: Vec<Tag>,
    pub age: Duration,
}

/// More than this stays with the member that asked: it would keep all others waiting for the store.
const LARGEST: usize = 1 << 20;
/// Between two looks at what somebody else asks for.
const PAUSE: Duration = Duration::from_millis(4);

#[derive(Serialize, Deserialize)]
struct Written {
    epoch: String,
    number: u64,
    status: u16,
    headers: Vec<(String, String)>,
    tags: Vec<String>,
    /// Of all of its life, in ms; what the store says of the rest tells its age.
    life: u64,
    body: String,
}

impl SecondLevel {
    /// `None`: nothing is shared, or the caller wants something younger.
    pub fn of(
        read: &CachedRead,
        metrics: &Arc<Metrics>,
        budget: Option<&Arc<StoreBudget>>,
    ) -> Option<Self> {
        let runtime = read.runtime();
        let shared = runtime.settings.shared.as_ref();
        let shared = shared.filter(|shared| shared.cache)?;
        read.policy()?;
        let directives = &read.directives;
        if directives.no_cache
            || directives.no_store
            || directives.max_age.is_some()
            || directives.min_fresh.is_some()
        {
            return None;
        }
        let membership = runtime.memberships.as_ref()?.of(read.invocation.index)?;
        let membership = membership.membership.clone();
        let identity = crate::shared::hex(&read.identity);
        let parts = [
            &*runtime.plan.digest,
            &identity,
            &read.operation().id,
            read.key.parameters(),
        ];
        Some(Self {
            name: crate::shared::hex(&digest::of_parts(&parts)[..16]),
            owner: Holder::random(),
            place: membership.place(),
            membership,
            metrics: metrics.clone(),
            budget: budget
                .cloned()
                .unwrap_or_else(|| Arc::new(StoreBudget::new(shared.budget))),
            lock: runtime.settings.deadline,
            has_lock: false,
        })
    }

    /// What another member was answered, if it is good here. It waits for another member's call as long as the budget
    /// lasts.
    pub async fn find(&mut self) -> Option<Shared> {
        self.place.as_ref()?;
        let (store, owner) = (self.membership.store().clone(), self.owner.clone());
        let mut waited = false;
        loop {
            let looked = store.look(&self.name, owner.as_str(), self.lock);
            let did = match self.budget.spend(looked).await {
                Ok(Found::Value(bytes, left)) => {
                    if let Some(shared) = self.good(&bytes, left) {
                        let did = if waited { Did::Collapsed } else { Did::Hit };
                        self.metrics.shared.value(did);
                        return Some(shared);
                    }
                    Did::Void
                }
                Ok(Found::Mine) => {
                    self.has_lock = true;
                    Did::Miss
                }
                Ok(Found::Asked) => {
                    waited = true;
                    let pause = async {
                        tokio::time::sleep(PAUSE).await;
                        Ok::<_, StoreError>(())
                    };
                    if self.budget.spend(pause).await.is_ok() {
                        continue;
                    }
                    Did::Miss
                }
                Err(_) => Did::Away,
            };
            self.metrics.shared.value(did);
            return None;
        }
    }

    fn good(&self, bytes: &[u8], left: Duration) -> Option<Shared> {
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let place = Place {
            epoch: Epoch::named(&written.epoch),
            number: written.number,
        };
        // Asked after the read began: whatever was answered before it is behind this place.
        if self.membership.place()? != place {
            return None;
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &written.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_str(value).ok()?);
        }
        let tags = written.tags.iter().map(|tag| Tag::parse(tag).ok());
        Some(Shared {
            reply: Reply {
                status: StatusCode::from_u16(written.status).ok()?,
                headers,
                body: Some(Bytes::from(written.body)),
            },
            tags: tags.collect::<Option<_>>()?,
            age: Duration::from_millis(written.life).saturating_sub(left),
        })
    }

    /// Keeps what the vendor has just said, in the background, if nothing has happened since it was asked.
    /// `life` is all of its life, of which it has lived `age`.
    pub fn keep(mut self, reply: &Reply, tags: &[Tag], (life, age): (Duration, Duration)) {
        let left = life.saturating_sub(age);
        let unchanged = self.place.is_some() && self.membership.place() == self.place;
        let body = reply.body.as_deref().map(std::str::from_utf8);
        let (Some(place), true, Some(Ok(body))) = (self.place.clone(), unchanged, body) else {
            return self.give_back();
        };
        let headers = reply.headers.iter().map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.to_string(), value.to_owned()))
        });
        let Some(headers) = headers.collect::<Option<Vec<_>>>() else {
            return self.give_back();
        };
        let written = Written {
            epoch: place.epoch.as_str().to_owned(),
            number: place.number,
            status: reply.status.as_u16(),
            headers,
            tags: tags.iter().map(ToString::to_string).collect(),
            // Rounded up: it may count as older than it is, never as younger.
            life: u64::try_from(life.as_millis()).unwrap_or(u64::MAX - 1) + 1,
            body: body.to_owned(),
        };
        let value = serde_json::to_vec(&written).unwrap_or_default();
        if value.is_empty() || value.len() > LARGEST || left.is_zero() {
            return self.give_back();
        }
        self.has_lock = false;
        let (store, name) = (self.membership.store().clone(), self.name.clone());
        let metrics = self.metrics.clone();
        tokio::spawn(async move {
            if store.keep(&name, &value, left).await.is_ok() {
                metrics.shared.value(Did::Stored);
            }
        });
    }

    /// Others need not wait for what does not come.
    pub fn give_back(mut self) {
        self.free();
    }

    fn free(&mut self) {
        if !std::mem::take(&mut self.has_lock) {
            return;
        }
        let (store, name) = (self.membership.store().clone(), self.name.clone());
        let owner = self.owner.clone();
        tokio::spawn(async move {
            let _ends_by_itself = store.give_back(&name, owner.as_str()).await;
        });
    }
}
