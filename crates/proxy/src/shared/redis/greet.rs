//! Says who we are.

use std::future::Future;
use std::pin::Pin;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisConnectionInfo};

use super::dial::Stream;
use super::error::Fault;
use super::target::Known;
use crate::shared::store::StoreError;

/// A connection, and what moves its bytes.
pub type Greeted = (
    MultiplexedConnection,
    Pin<Box<dyn Future<Output = ()> + Send>>,
);

/// Logs in and chooses the database. It may take for ever.
///
/// # Errors
/// The server does not take us, or is none.
pub async fn greet(
    stream: Box<dyn Stream>,
    known: &Known,
    database: u16,
) -> Result<Greeted, StoreError> {
    let mut info = RedisConnectionInfo::default()
        .set_db(database.into())
        .set_lib_name("lms-gateway", env!("CARGO_PKG_VERSION"));
    if let Some(username) = &known.username {
        info = info.set_username(username);
    }
    if let Some(password) = &known.password {
        info = info.set_password(password.reveal());
    }
    // Times are kept by who asks.
    let config = AsyncConnectionConfig::new()
        .set_response_timeout(None)
        .set_connection_timeout(None);
    let made = MultiplexedConnection::new_with_config(&info, stream, config).await;
    let (connection, driver) = made.map_err(|error| Fault::of(&error).error)?;
    Ok((connection, Box::pin(driver)))
}
