//! Rates, as the script of the real store keeps them.

use async_trait::async_trait;
use proxy::shared::{Grant, Rate, RateName, Rates, StoreError, Want};
use tokio::time::Instant;

use super::MemoryStore;
use super::faults::Part;

#[async_trait]
impl Rates for MemoryStore {
    async fn grant(&self, name: &RateName, rate: Rate, want: Want) -> Result<Grant, StoreError> {
        self.command(Part::Rate, |state, server| {
            let (rates, now) = (&mut state.servers[server].rates, Instant::now());
            let full = rates.get(name).copied().unwrap_or(now);
            let grant = rate.pace().grant(full.saturating_duration_since(now), want);
            if grant.permits > 0 {
                rates.insert(name.clone(), now + grant.ahead);
            }
            Ok(grant)
        })
        .await
    }
}
