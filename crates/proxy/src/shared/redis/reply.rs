//! Replies of our scripts, read without trust.

use std::sync::Arc;

use redis::Value;

use super::error::Fault;
use crate::shared::store::StoreError;

/// The reply is another one than our scripts give.
pub fn unexpected(what: &'static str) -> StoreError {
    StoreError::Unexpected(what.into())
}

/// A reply that is no error.
pub fn good(value: Value) -> Result<Value, Fault> {
    match value {
        Value::ServerError(error) => Err(Fault::of_server(&error)),
        value => Ok(value),
    }
}

/// The items of a list.
pub fn list(value: Value) -> Result<Vec<Value>, StoreError> {
    match value {
        Value::Array(items) => Ok(items),
        _ => Err(unexpected("a reply is no list")),
    }
}

/// A list of so many items.
pub fn items<const N: usize>(value: Value) -> Result<[Value; N], StoreError> {
    let items = list(value)?;
    items
        .try_into()
        .map_err(|_| unexpected("a list has another length"))
}

pub fn bytes(value: Value) -> Result<Vec<u8>, StoreError> {
    match value {
        Value::BulkString(bytes) => Ok(bytes),
        Value::SimpleString(text) => Ok(text.into_bytes()),
        _ => Err(unexpected("a reply is no text")),
    }
}

pub fn text(value: Value) -> Result<Arc<str>, StoreError> {
    let text = String::from_utf8(bytes(value)?);
    text.map(Arc::from)
        .map_err(|_| unexpected("a reply is no UTF-8 text"))
}

/// A whole number, also as a text.
pub fn number(value: Value) -> Result<u64, StoreError> {
    let wrong = || unexpected("a reply is no whole number");
    match value {
        Value::Int(number) => u64::try_from(number).map_err(|_| wrong()),
        other => text(other)?.parse().map_err(|_| wrong()),
    }
}
