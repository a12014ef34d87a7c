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

#[cfg(test)]
mod tests {
    use redis::{Value, parse_redis_value};

    use super::*;

    fn fault(line: &str) -> Fault {
        match parse_redis_value(format!("-{line}\r\n").as_bytes()) {
            Ok(Value::ServerError(error)) => Fault::of_server(&error),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_server_says_has_one_meaning() {
        let read_only = |text: &str| StoreError::ReadOnly(text.into());
        let not_ready = |text: &str| StoreError::NotReady(text.into());
        for (line, error, reconnect) in [
            (
                "READONLY You can't write against a read only replica.",
                read_only("READONLY You can't write against a read only replica."),
                true,
            ),
            (
                "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
                read_only(
                    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
                ),
                true,
            ),
            (
                "NOREPLICAS Not enough good replicas to write.",
                read_only("NOREPLICAS Not enough good replicas to write."),
                false,
            ),
            (
                "MISCONF Redis is configured",
                read_only("MISCONF Redis is configured"),
                false,
            ),
            (
                "OOM command not allowed when used memory > 'maxmemory'.",
                StoreError::OutOfMemory,
                false,
            ),
            (
                "LOADING Redis is loading",
                not_ready("LOADING Redis is loading"),
                false,
            ),
            ("BUSY Redis is busy", not_ready("BUSY Redis is busy"), false),
            (
                "TRYAGAIN Multiple keys",
                not_ready("TRYAGAIN Multiple keys"),
                false,
            ),
            ("CLUSTERDOWN", not_ready("CLUSTERDOWN"), false),
            (
                "MASTERDOWN Link with MASTER is down",
                not_ready("MASTERDOWN Link with MASTER is down"),
                true,
            ),
            (
                "MOVED 3999 10.0.0.1:6381",
                StoreError::Unexpected(CLUSTER.into()),
                true,
            ),
            (
                "WRONGTYPE Operation against a key",
                StoreError::Unexpected("WRONGTYPE Operation against a key".into()),
                false,
            ),
            (
                "NOSCRIPT No matching script.",
                StoreError::Unexpected("NOSCRIPT No matching script.".into()),
                false,
            ),
            (
                "WRONGPASS invalid username-password pair or user is disabled.",
                StoreError::Unexpected(
                    "WRONGPASS invalid username-password pair or user is disabled.".into(),
                ),
                true,
            ),
        ] {
            assert_eq!(fault(line), Fault { error, reconnect }, "{line}");
        }
    }

    #[test]
    fn nothing_of_who_we_are_and_no_page_of_text_is_told() {
        let denied = fault("NOPERM User s3cret has no permissions to run the 'evalsha' command");
        assert!(!denied.error.to_string().contains("s3cret"));
        let long = fault(&format!("ERR {}", "x".repeat(10_000)));
        assert!(long.error.to_string().len() < 300);
    }
}
