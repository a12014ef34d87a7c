//! Answers that members share, as the script of the real store keeps them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use proxy::shared::{Found, StoreError, Values};
use tokio::time::Instant;

use super::MemoryStore;
use super::faults::Part;

/// What is kept under a name, and until when.
#[derive(Clone)]
pub enum Cell {
    Value(Arc<[u8]>, Instant),
    Asked(String, Instant),
}

#[async_trait]
impl Values for MemoryStore {
    async fn look(&self, name: &str, owner: &str, lock: Duration) -> Result<Found, StoreError> {
        let (name, owner) = (name.to_owned(), owner.to_owned());
        self.command(Part::Value, |state, server| {
            let (values, now) = (&mut state.servers[server].values, Instant::now());
            match values.get(&name) {
                Some(Cell::Value(bytes, end)) if *end > now => {
                    return Ok(Found::Value(bytes.clone(), *end - now));
                }
                Some(Cell::Asked(_, end)) if *end > now => return Ok(Found::Asked),
                _ => {}
            }
            values.insert(name, Cell::Asked(owner, now + lock));
            Ok(Found::Mine)
        })
        .await
    }

    async fn keep(&self, name: &str, value: &[u8], life: Duration) -> Result<(), StoreError> {
        let cell = Cell::Value(value.into(), Instant::now() + life);
        self.command(Part::Value, |state, server| {
            let values = &mut state.servers[server].values;
            values.insert(name.to_owned(), cell);
            Ok(())
        })
        .await
    }

    async fn give_back(&self, name: &str, owner: &str) -> Result<(), StoreError> {
        self.command(Part::Value, |state, server| {
            let values = &mut state.servers[server].values;
            if matches!(values.get(name), Some(Cell::Asked(mine, _)) if mine == owner) {
                values.remove(name);
            }
            Ok(())
        })
        .await
    }
}
