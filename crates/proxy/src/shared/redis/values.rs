//! The second level of the cache: a hash for each name, of the value or of who asks for it.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use redis::Value;

use super::RedisStore;
use super::reply::{bytes, items, number, unexpected};
use super::script::{Call, Script};
use crate::metrics::StoreCommand;
use crate::shared::store::StoreError;
use crate::shared::store::values::{Found, Values};

static VALUES: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("values.lua")));

impl RedisStore {
    async fn value(
        &self,
        (what, name): (&str, &str),
        text: &[u8],
        time: Duration,
    ) -> Result<Value, StoreError> {
        let millis = time.as_millis().max(1).to_string();
        let call = Call {
            command: StoreCommand::Value,
            script: &VALUES,
            keys: vec![self.names().of("value", name)],
            arguments: vec![what.as_bytes().to_vec(), text.to_vec(), millis.into_bytes()],
            writes: false,
        };
        self.run(&call).await
    }
}

#[async_trait]
impl Values for RedisStore {
    async fn look(&self, name: &str, owner: &str, lock: Duration) -> Result<Found, StoreError> {
        let found = self.value(("look", name), owner.as_bytes(), lock).await?;
        let [how, value, left] = items(found)?;
        match bytes(how)?.as_slice() {
            b"value" => Ok(Found::Value(
                bytes(value)?.into(),
                Duration::from_millis(number(left)?),
            )),
            b"mine" => Ok(Found::Mine),
            b"asked" => Ok(Found::Asked),
            _ => Err(unexpected("a value is kept otherwise than by us")),
        }
    }

    async fn keep(&self, name: &str, value: &[u8], life: Duration) -> Result<(), StoreError> {
        self.value(("keep", name), value, life).await.map(drop)
    }

    async fn give_back(&self, name: &str, owner: &str) -> Result<(), StoreError> {
        let time = Duration::ZERO;
        self.value(("give-back", name), owner.as_bytes(), time)
            .await
            .map(drop)
    }
}
