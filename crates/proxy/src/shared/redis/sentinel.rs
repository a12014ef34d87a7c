//! Sentinels say which server is the primary.

use std::time::Duration;

use redis::{Value, cmd};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::dial::dial;
use super::error::Fault;
use super::greet::greet;
use super::reply;
use super::target::Known;
use crate::settings::StorePlace;
use crate::shared::store::StoreError;

/// One that is away must not hide the next.
const PER_SENTINEL: Duration = Duration::from_millis(500);

/// What is asked, and as whom.
pub struct Asking<'a> {
    pub master: &'a str,
    pub tls: bool,
    pub known: &'a Known,
    pub connector: Option<&'a TlsConnector>,
}

/// The primary, as the first sentinel that knows it says.
///
/// # Errors
/// Why the last one could not say it.
pub async fn primary(
    addresses: &[(String, u16)],
    asking: &Asking<'_>,
) -> Result<StorePlace, StoreError> {
    let mut last = StoreError::Broken("there is no sentinel".into());
    for (host, port) in addresses {
        let place = StorePlace::Tcp {
            host: host.clone(),
            port: *port,
            tls: asking.tls,
        };
        let until = Instant::now() + PER_SENTINEL;
        let asked = timeout_at(until, ask(&place, asking, until)).await;
        match asked.unwrap_or(Err(StoreError::Timeout)) {
            Ok(place) => return Ok(place),
            Err(error) => last = of_sentinel(error),
        }
    }
    Err(last)
}

fn of_sentinel(error: StoreError) -> StoreError {
    match error {
        StoreError::Timeout => StoreError::Broken("no sentinel answered in time".into()),
        StoreError::Broken(text) => StoreError::Broken(format!("sentinel: {text}").into()),
        StoreError::Unexpected(text) => StoreError::Unexpected(format!("sentinel: {text}").into()),
        other => other,
    }
}

async fn ask(
    sentinel: &StorePlace,
    asking: &Asking<'_>,
    until: Instant,
) -> Result<StorePlace, StoreError> {
    let stream = dial(sentinel, asking.connector, until).await?;
    let (mut connection, driver) = greet(stream, asking.known, 0).await?;
    let mut command = cmd("SENTINEL");
    command.arg("GET-MASTER-ADDR-BY-NAME").arg(asking.master);
    let value = tokio::select! {
        answered = connection.send_packed_command(&command) => {
            answered.map_err(|error| Fault::of(&error).error)?
        }
        () = driver => return Err(StoreError::Broken("it hung up".into())),
    };
    let value = reply::good(value).map_err(|fault| fault.error)?;
    if value == Value::Nil {
        let text = "it knows no primary of the name in `sentinel.master`";
        return Err(StoreError::Unexpected(text.into()));
    }
    let [host, port] = reply::items(value)?;
    let host = reply::text(host)?.to_string();
    let port = u16::try_from(reply::number(port)?);
    let port = port.map_err(|_| reply::unexpected("the port of the primary is none"))?;
    Ok(StorePlace::Tcp {
        host,
        port,
        tls: asking.tls,
    })
}
