//! What is known of each `Idempotency-Key`: one hash for each, which ends by itself.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use redis::Value;

use super::RedisStore;
use super::reply::{bytes, list, number, text, unexpected};
use super::script::{Call, Script};
use crate::metrics::StoreCommand;
use crate::shared::name::Holder;
use crate::shared::store::StoreError;
use crate::shared::store::keys::{End, Kept, KeyEnd, KeyId, Keys, Take, Taken};

static KEYS: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("keys.lua")));

/// Rounded up: a key may be held longer than was meant, never shorter.
fn millis(time: Duration) -> Vec<u8> {
    let whole = time.as_nanos().div_ceil(1_000_000);
    // The longest that the server takes for an expiry.
    whole.min(1 << 52).to_string().into_bytes()
}

impl RedisStore {
    async fn key(&self, id: &KeyId, arguments: Vec<Vec<u8>>) -> Result<Value, StoreError> {
        let call = Call {
            command: StoreCommand::Key,
            script: &KEYS,
            keys: vec![self.names().of("key", &id.text())],
            arguments,
            writes: false,
        };
        self.run(&call).await
    }
}

#[async_trait]
impl Keys for RedisStore {
    async fn take(&self, take: Take<'_>) -> Result<Taken, StoreError> {
        let times = take.times;
        let arguments = vec![
            b"take".to_vec(),
            take.fingerprint.0.to_vec(),
            take.me.as_str().as_bytes().to_vec(),
            millis(times.busy),
            millis(times.open),
            millis(times.kept),
        ];
        taken(self.key(take.id, arguments).await?)
    }

    async fn end(&self, end: End<'_>) -> Result<Kept, StoreError> {
        let (state, open, answer) = match end.how {
            KeyEnd::Answered(answer) => ("a", Duration::ZERO, answer),
            KeyEnd::Unknown { open } => ("u", open, &[][..]),
            KeyEnd::Nothing => ("n", Duration::ZERO, &[][..]),
        };
        let arguments = vec![
            b"end".to_vec(),
            end.fingerprint.0.to_vec(),
            end.holder.as_str().as_bytes().to_vec(),
            state.as_bytes().to_vec(),
            millis(open),
            millis(end.kept),
            answer.to_vec(),
        ];
        match &*bytes(self.key(end.id, arguments).await?)? {
            b"kept" => Ok(Kept::Kept),
            b"not-mine" => Ok(Kept::NotMine),
            _ => Err(unexpected("an end of a key is none")),
        }
    }
}

fn taken(value: Value) -> Result<Taken, StoreError> {
    let mut items = list(value)?.into_iter();
    let mut next = || {
        let item = items.next();
        item.ok_or(unexpected("a reply about a key is too short"))
    };
    let word = bytes(next()?)?;
    Ok(match &*word {
        b"fresh" => Taken::Fresh,
        b"over" => Taken::Over,
        b"other" => Taken::OtherRequest,
        b"answered" => Taken::Answered(bytes(next()?)?.into()),
        b"running" => Taken::Running(Duration::from_millis(number(next()?)?)),
        b"open" => {
            let left = Duration::from_millis(number(next()?)?);
            Taken::Open(Holder::named(&text(next()?)?), left)
        }
        _ => return Err(unexpected("a reply about a key is none")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_reply_of_the_script_is_told_so() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let good = Value::Array(vec![text("open"), text("12"), text("h")]);
        let open = Taken::Open(Holder::named("h"), Duration::from_millis(12));
        assert_eq!(taken(good), Ok(open));
        for bad in [
            Value::Nil,
            text("fresh"),
            Value::Array(vec![]),
            Value::Array(vec![text("else")]),
            Value::Array(vec![text("running")]),
            Value::Array(vec![text("running"), text("-1")]),
            Value::Array(vec![text("answered"), Value::Nil]),
            Value::Array(vec![text("open"), text("1")]),
        ] {
            assert!(matches!(taken(bad), Err(StoreError::Unexpected(_))));
        }
    }
}
