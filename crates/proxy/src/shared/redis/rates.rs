//! Buckets that members take out of together: one number for each, which ends when the bucket is full.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;

use super::RedisStore;
use super::reply::{items, number, unexpected};
use super::script::{Call, Script};
use crate::metrics::StoreCommand;
use crate::shared::rate::{Grant, LONGEST_WAIT, Rate, Want};
use crate::shared::store::StoreError;
use crate::shared::store::rates::{RateName, Rates};

static RATES: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("rates.lua")));

fn micros(time: Duration) -> Vec<u8> {
    let nanos = time.as_nanos();
    let (whole, rest) = (nanos / 1_000, nanos % 1_000);
    format!("{whole}.{rest:03}").into_bytes()
}

#[async_trait]
impl Rates for RedisStore {
    async fn grant(&self, name: &RateName, rate: Rate, want: Want) -> Result<Grant, StoreError> {
        let pace = rate.pace();
        let (word, number_of) = match want {
            Want::UpTo(most) => ("upto", most.to_string().into_bytes()),
            Want::Within(patience) => ("within", micros(patience)),
            Want::Forced => ("forced", Vec::new()),
        };
        let call = Call {
            command: StoreCommand::Rate,
            script: &RATES,
            keys: vec![self.names().of("rate", name.as_str())],
            arguments: vec![
                micros(pace.one()),
                micros(pace.whole()),
                micros(LONGEST_WAIT),
                word.as_bytes().to_vec(),
                number_of,
            ],
            writes: false,
        };
        let [permits, wait, ahead] = items(self.run(&call).await?)?;
        let permits = u32::try_from(number(permits)?);
        let time = |value| number(value).map(Duration::from_micros);
        Ok(Grant {
            permits: permits.map_err(|_| unexpected("more permits than were asked for"))?,
            wait: time(wait)?,
            ahead: time(ahead)?,
        })
    }
}
