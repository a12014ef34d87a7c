//! What the crate and the server say of a failure, in our words.

use redis::{ErrorKind, RedisError, ServerError};

use crate::shared::store::StoreError;

/// A failure, and whether the connection that it came by is of use any longer.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub error: StoreError,
    pub reconnect: bool,
}

pub const CLUSTER: &str = "it is a Redis Cluster, and the fleet needs one server: in a cluster each shard fails over by itself, and no epoch covers them all";
/// A server may write as much as it likes.
const LONGEST: usize = 160;

impl Fault {
    /// What the crate says: of the connection, or of what came by it.
    pub fn of(error: &RedisError) -> Self {
        if let Some(server) = error.clone().into_server_errors()
            && let Some((_, server)) = server.first()
        {
            return Self::of_server(server);
        }
        let error = match error.kind() {
            ErrorKind::Io => StoreError::Broken(cut(&error.to_string()).into()),
            ErrorKind::AuthenticationFailed => {
                let reason = error.detail().unwrap_or("the login was refused");
                StoreError::Unexpected(cut(reason).into())
            }
            ErrorKind::Parse => {
                StoreError::Broken("what came is not the protocol of a store".into())
            }
            _ => StoreError::Unexpected(cut(&error.to_string()).into()),
        };
        Self {
            error,
            reconnect: true,
        }
    }

    /// What the server says, by the first word of it.
    pub fn of_server(error: &ServerError) -> Self {
        let code = error.code();
        let text = || {
            let details = error.details().unwrap_or_default();
            cut(&format!("{code} {details}"))
        };
        let (error, reconnect) = match code {
            // A primary that was demoted ends what waits on it by the last of these.
            "READONLY" | "UNBLOCKED" => (StoreError::ReadOnly(text().into()), true),
            "NOREPLICAS" | "MISCONF" => (StoreError::ReadOnly(text().into()), false),
            "OOM" => (StoreError::OutOfMemory, false),
            "MASTERDOWN" => (StoreError::NotReady(text().into()), true),
            "LOADING" | "BUSY" | "TRYAGAIN" | "CLUSTERDOWN" => {
                (StoreError::NotReady(text().into()), false)
            }
            "MOVED" | "ASK" | "CROSSSLOT" => (StoreError::Unexpected(CLUSTER.into()), true),
            // Who we are there is not told: it may come from a secret.
            "NOPERM" => {
                let text =
                    "NOPERM: the user of the store may not run a command or use a key of ours";
                (StoreError::Unexpected(text.into()), false)
            }
            "NOAUTH" | "WRONGPASS" => (StoreError::Unexpected(text().into()), true),
            _ => (StoreError::Unexpected(text().into()), false),
        };
        Self { error, reconnect }
    }
}

/// One line of it.
fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    line.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}
