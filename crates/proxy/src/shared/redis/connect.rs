//! A connection that is ready for commands: logged in, at a server that may be used.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Value, cmd};
use tokio::time::{Instant, timeout_at};

use super::dial::dial;
use super::error::{CLUSTER, Fault};
use super::greet::greet;
use super::reply;
use super::sentinel;
use super::target::{Server, Target};
use crate::shared::store::StoreError;

/// Connection, TLS, login and the look at who it is, together. A server that stands still takes connections and says
/// nothing; whoever gave up at once would fill its queue of connections.
const LIMIT: Duration = Duration::from_secs(1);

/// A connection, and what moves its bytes; it ends with that.
pub struct Connected {
    pub connection: MultiplexedConnection,
    pub driver: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Where it leads.
    pub place: Arc<str>,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    Store(StoreError),
    /// No wait and no other try helps.
    Cluster,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error,
            Refusal::Cluster => Self::Unexpected(CLUSTER.into()),
        }
    }
}

/// Connects to the primary.
///
/// # Errors
/// Why not. A server that is a replica or a cluster is none that we use.
pub async fn connect(target: &Target) -> Result<Connected, Refusal> {
    let known = target.credentials.now().await;
    let until = Instant::now() + LIMIT;
    let place = match &target.server {
        Server::Fixed(place) => place.clone(),
        Server::Sentinels {
            master,
            addresses,
            tls,
            credentials,
        } => {
            let asking = sentinel::Asking {
                master,
                tls: *tls,
                known: &credentials.now().await,
                connector: target.tls.as_ref(),
            };
            sentinel::primary(addresses, &asking).await?
        }
    };
    // The sentinels' time is theirs.
    let until = until.max(Instant::now() + LIMIT / 2);
    let stream = dial(&place, target.tls.as_ref(), until).await?;
    let greeted = greet(stream, &known, target.database);
    let (mut connection, mut driver) = timeout_at(until, greeted)
        .await
        .unwrap_or(Err(StoreError::Timeout))?;
    let examined = async {
        tokio::select! {
            result = examine(&mut connection) => result,
            () = &mut driver => Err(Refusal::Store(StoreError::Broken("the server hung up".into()))),
        }
    };
    timeout_at(until, examined)
        .await
        .unwrap_or(Err(Refusal::Store(StoreError::Timeout)))?;
    Ok(Connected {
        connection,
        driver,
        place: place.to_string().into(),
    })
}

/// Who the server is. Scripts ask `INFO` too, so a user that may not is found here.
async fn examine(connection: &mut MultiplexedConnection) -> Result<(), Refusal> {
    let mut about = String::new();
    for section in ["replication", "cluster"] {
        let asked = connection
            .send_packed_command(cmd("INFO").arg(section))
            .await;
        let value = asked.map_err(|error| Fault::of(&error).error)?;
        let value = reply::good(value).map_err(|fault| fault.error)?;
        about.push_str(&info_text(value)?);
        about.push('\n');
    }
    let says = |line: &str| about.lines().any(|told| told.trim_end() == line);
    if says("cluster_enabled:1") {
        return Err(Refusal::Cluster);
    }
    if !says("role:master") {
        let text = "it is a replica, and only a primary takes what is told";
        return Err(StoreError::ReadOnly(text.into()).into());
    }
    Ok(())
}

pub fn info_text(value: Value) -> Result<String, StoreError> {
    match value {
        Value::VerbatimString { text, .. } => Ok(text),
        other => Ok(reply::text(other)?.to_string()),
    }
}
