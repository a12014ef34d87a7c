//! A look at a server for somebody who sets it up: what it is, and whether it does for us all that a fleet asks.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::cmd;
use tokio::time::{Instant, sleep};

use super::RedisStore;
use super::connect::{Connected, Refusal, connect, info_text};
use super::error::Fault;
use super::reply;
use super::script::{Call, Script};
use super::target::{OpenError, Server, Target};
use crate::metrics::StoreCommand;
use crate::secret::Vault;
use crate::settings::SharedSettings;
use crate::shared::name::{Account, MemberId};
use crate::shared::store::StoreError;
use crate::shared::store::journal::{Beat, Journal};
use crate::shared::timing::Timing;

/// What the settings say of the server.
pub struct Examination(Target);

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    pub address: Arc<str>,
    pub is_valkey: bool,
    /// As it writes it, such as `7.0.15`.
    pub version: String,
    /// Bytes; 0 is without a limit.
    pub max_memory: u64,
    pub eviction: String,
    /// Replicas that follow.
    pub replicas: u64,
    pub max_clients: u64,
}

impl Examination {
    /// # Errors
    /// What is missing or does not go together.
    pub fn open(settings: &SharedSettings, vault: &Vault) -> Result<Self, OpenError> {
        Target::open(settings, vault).map(Self)
    }

    /// Where it is, without who we are there; of sentinels their name for it.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.0.server {
            Server::Fixed(place) => place.to_string(),
            Server::Sentinels { master, .. } => format!("sentinel:{master}"),
        }
    }

    /// Connects as the gateway does, and asks.
    ///
    /// # Errors
    /// Why there is no connection, or no answer.
    pub async fn facts(&self) -> Result<ServerFacts, Refusal> {
        let Connected {
            mut connection,
            driver,
            place,
        } = connect(&self.0).await?;
        let about = tokio::select! {
            about = ask(&mut connection) => about?,
            () = driver => return Err(StoreError::Broken("the server hung up".into()).into()),
        };
        let value = |name: &str| {
            let lines = about.lines();
            let mut values = lines.filter_map(|line| line.trim_end().split_once(':'));
            let found = values.find(|(key, _)| *key == name);
            found.map_or("", |(_, value)| value)
        };
        let number = |name: &str| value(name).parse().unwrap_or(0);
        let is_online = |line: &&str| line.starts_with("slave") && line.contains("state=online");
        let replicas = about.lines().filter(is_online).count() as u64;
        let valkey = value("valkey_version");
        let is_valkey = !valkey.is_empty();
        let version = if is_valkey {
            valkey
        } else {
            value("redis_version")
        };
        Ok(ServerFacts {
            address: place,
            is_valkey,
            version: version.chars().take(32).collect(),
            max_memory: number("maxmemory"),
            eviction: value("maxmemory_policy").chars().take(32).collect(),
            replicas,
            max_clients: number("maxclients"),
        })
    }
}

impl ServerFacts {
    /// Redis 7 or Valkey 8, or later.
    #[must_use]
    pub fn is_new_enough(&self) -> bool {
        let major = self.version.split('.').next().unwrap_or_default();
        let least = if self.is_valkey { 8 } else { 7 };
        major.parse::<u32>().is_ok_and(|major| major >= least)
    }
}

async fn ask(connection: &mut MultiplexedConnection) -> Result<String, StoreError> {
    let mut about = String::new();
    for section in ["server", "memory", "replication", "clients"] {
        let asked = connection
            .send_packed_command(cmd("INFO").arg(section))
            .await;
        let value = asked.map_err(|error| Fault::of(&error).error)?;
        about.push_str(&info_text(
            reply::good(value).map_err(|fault| fault.error)?,
        )?);
        about.push('\n');
    }
    Ok(about)
}

impl RedisStore {
    /// Does each thing that a member does, in an account of nobody's, and takes it away again.
    ///
    /// # Errors
    /// What was refused.
    pub async fn try_out(&self, limit: Duration) -> Result<(), StoreError> {
        let me = MemberId::random();
        // No base URL is this one.
        let account = Account::new("check", me.as_str());
        let tried = self.try_journal(&account, &me, limit).await;
        let forgotten = self.forget(&account).await;
        tried.and(forgotten)
    }

    async fn try_journal(
        &self,
        account: &Account,
        me: &MemberId,
        limit: Duration,
    ) -> Result<(), StoreError> {
        let retention = Timing::new(Duration::ZERO).retention();
        let until = Instant::now() + limit;
        let appended = loop {
            match self.append(account, b"{}", retention).await {
                // The connections are only just being made.
                Err(StoreError::Away) if Instant::now() < until => {
                    sleep(Duration::from_millis(10)).await;
                }
                result => break result?,
            }
        };
        let beat = Beat {
            account,
            member: me,
            position: None,
            replicas: self.replicas,
        };
        let beaten = self.beat(beat).await?;
        if beaten.epoch != appended.epoch || beaten.last != appended.number {
            return Err(reply::unexpected("what was appended is not there"));
        }
        self.wait(account, "0-0", Timing::BEAT).await?;
        let (_, members) = self.members(account).await?;
        if !members.contains_key(me) {
            return Err(reply::unexpected("who registered is not on the list"));
        }
        self.remove(account, me, None).await
    }

    async fn forget(&self, account: &Account) -> Result<(), StoreError> {
        let script =
            Script::new("for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, 0) end return 1");
        let call = Call {
            command: StoreCommand::Remove,
            script: &script,
            keys: self.names.journal(account),
            arguments: Vec::new(),
            writes: false,
        };
        self.run(&call).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_counts_from_7_and_valkey_from_8() {
        for (is_valkey, version, good) in [
            (false, "7.0.15", true),
            (false, "6.2.14", false),
            (false, "10.0", true),
            (true, "8.0.1", true),
            (true, "7.2.5", false),
            (false, "", false),
        ] {
            let facts = ServerFacts {
                address: "a:1".into(),
                is_valkey,
                version: version.to_owned(),
                max_memory: 0,
                eviction: "noeviction".to_owned(),
                replicas: 0,
                max_clients: 10_000,
            };
            assert_eq!(facts.is_new_enough(), good, "{version}");
        }
    }
}
