//! `Idempotency-Key`s, as the script of the real store keeps them.

use async_trait::async_trait;
use proxy::shared::{Clock, End, Kept, KeyRecord, Keys, StoreError, Take, Taken};

use super::MemoryStore;
use super::faults::Part;

#[async_trait]
impl Keys for MemoryStore {
    async fn take(&self, take: Take<'_>) -> Result<Taken, StoreError> {
        self.command(Part::Take, |state, server| {
            let record = state.servers[server].keys.entry(*take.id).or_default();
            Ok(KeyRecord::take(record, &take, Clock::Tokio.now()))
        })
        .await
    }

    async fn end(&self, end: End<'_>) -> Result<Kept, StoreError> {
        self.command(Part::End, |state, server| {
            let record = state.servers[server].keys.entry(*end.id).or_default();
            Ok(KeyRecord::end(record, &end, Clock::Tokio.now()))
        })
        .await
    }
}
