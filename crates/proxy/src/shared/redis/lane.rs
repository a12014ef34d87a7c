//! By which connection a command goes, and how it is waited for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisError, Value, cmd, pipe};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::error::Fault;
use super::flight::{Flight, Tower, outcome, slow};
use super::link::{Link, Live, Role};
use super::reply;
use super::script::Call;
use super::standing::Standing;
use super::target::Target;
use crate::metrics::{Metrics, StoreCommand};
use crate::shared::name::Account;
use crate::shared::store::StoreError;

/// Nobody waits longer for a command, whatever its caller says.
pub const LIMIT: Duration = Duration::from_millis(250);
/// Appends wait for replicas one behind the other on each connection.
const APPENDERS: usize = 4;

/// All connections of the store.
pub struct Lanes {
    target: Arc<Target>,
    pub standing: Arc<Standing>,
    runtime: Handle,
    metrics: Arc<Metrics>,
    slow: Duration,
    commands: Link,
    /// None without replicas.
    appenders: Vec<Link>,
    next_appender: AtomicUsize,
    accounts: Mutex<HashMap<Account, Arc<AccountLinks>>>,
}

/// The connections of one account.
#[derive(Debug)]
pub struct AccountLinks {
    pub beats: Link,
    pub listens: Link,
    /// How many beats were sent.
    pub sent: AtomicU32,
}

/// How many replicas must have what a command wrote, and how long they may take for it.
#[derive(Debug, Clone, Copy)]
pub struct Replicated {
    pub replicas: u32,
    pub within: Duration,
}

impl Lanes {
    /// Begins to connect.
    pub fn start(
        target: &Arc<Target>,
        standing: &Arc<Standing>,
        metrics: &Arc<Metrics>,
        runtime: &Handle,
        (budget, replicas): (Duration, u32),
    ) -> Self {
        let link = |role| Link::start(role, target.clone(), standing.clone(), runtime);
        let appenders = if replicas > 0 { APPENDERS } else { 0 };
        Self {
            commands: link(Role::Commands),
            appenders: (0..appenders).map(|_| link(Role::Other)).collect(),
            next_appender: AtomicUsize::new(0),
            accounts: Mutex::default(),
            slow: slow(budget),
            runtime: runtime.clone(),
            metrics: metrics.clone(),
            standing: standing.clone(),
            target: target.clone(),
        }
    }

    /// The one for commands.
    pub fn commands(&self) -> &Link {
        &self.commands
    }

    fn tower(&self) -> Tower<'_> {
        Tower {
            standing: &self.standing,
            metrics: &self.metrics,
            commands: &self.commands,
            slow: self.slow,
        }
    }

    /// Those of an account; they are made when it is first asked for.
    pub fn account(&self, account: &Account) -> Arc<AccountLinks> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(links) = accounts.get(account) {
            return links.clone();
        }
        let link = || {
            let (target, standing) = (self.target.clone(), self.standing.clone());
            Link::start(Role::Other, target, standing, &self.runtime)
        };
        let links = Arc::new(AccountLinks {
            beats: link(),
            listens: link(),
            sent: AtomicU32::new(0),
        });
        accounts.insert(account.clone(), links.clone());
        links
    }

    /// Nobody of this process is a member there any more.
    pub fn leave(&self, account: &Account) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(account);
    }

    /// The connection for what is appended.
    pub fn appender(&self) -> &Link {
        let next = self.next_appender.fetch_add(1, Ordering::Relaxed);
        let place = next.checked_rem(self.appenders.len());
        let link = place.and_then(|place| self.appenders.get(place));
        link.unwrap_or(&self.commands)
    }

    /// Runs a script by a connection that stands.
    pub async fn run_by(
        &self,
        link: &Link,
        call: &Call<'_>,
        limit: Duration,
        replicated: Option<Replicated>,
    ) -> Result<Value, StoreError> {
        let live = link.get().filter(|_| self.standing.is_open());
        let live = live.ok_or(StoreError::Away);
        let live = live.inspect_err(|error| self.not_sent(call.command, error))?;
        self.run_on((link, live), call, limit, replicated).await
    }

    /// The same by this connection.
    pub async fn run_on(
        &self,
        (link, live): (&Link, Live),
        call: &Call<'_>,
        limit: Duration,
        replicated: Option<Replicated>,
    ) -> Result<Value, StoreError> {
        let flight = Flight::new(self.tower(), call.command, (link, live.number))
            .replicated(replicated.is_some());
        let ran = timeout(limit, scripted(live.connection, call, replicated)).await;
        let result = flight.end(ran.unwrap_or_else(|_| Err(late(call.command))));
        if result.is_ok() && call.writes {
            self.standing.wrote();
        }
        result
    }

    /// One command that is no script.
    pub async fn send_on(
        &self,
        (link, mut live): (&Link, Live),
        (command, what): (&Cmd, StoreCommand),
        limit: Duration,
    ) -> Result<Value, StoreError> {
        let flight = Flight::new(self.tower(), what, (link, live.number));
        let sent = timeout(limit, live.connection.send_packed_command(command)).await;
        let result = match sent {
            Ok(result) => result
                .map_err(|error| Fault::of(&error))
                .and_then(reply::good),
            Err(_) => Err(late(what)),
        };
        flight.end(result)
    }

    pub fn not_sent(&self, command: StoreCommand, error: &StoreError) {
        let shared = &self.metrics.shared;
        shared.command(command, outcome(error), None);
    }
}

/// A connection that blocks, or by which a lease is asked for, is not used again behind what is late.
fn late(command: StoreCommand) -> Fault {
    Fault {
        error: StoreError::Timeout,
        reconnect: matches!(command, StoreCommand::Beat | StoreCommand::Listen),
    }
}

/// By its name; by its text where the server does not know the name.
async fn scripted(
    mut connection: MultiplexedConnection,
    call: &Call<'_>,
    replicated: Option<Replicated>,
) -> Result<Value, Fault> {
    let first = sent(&mut connection, call.by_name(), replicated).await?;
    let is_unknown =
        |value: &Value| matches!(value, Value::ServerError(error) if error.code() == "NOSCRIPT");
    let replies = if first.first().is_some_and(is_unknown) {
        sent(&mut connection, call.by_text(), replicated).await?
    } else {
        first
    };
    let mut replies = replies.into_iter();
    let missing = || Fault {
        error: reply::unexpected("a reply is missing"),
        reconnect: true,
    };
    let value = reply::good(replies.next().ok_or_else(missing)?)?;
    if let Some(replicated) = replicated {
        let count = reply::good(replies.next().ok_or_else(missing)?)?;
        let count = reply::number(count).map_err(|error| Fault {
            error,
            reconnect: true,
        })?;
        if count < u64::from(replicated.replicas) {
            return Err(Fault {
                error: StoreError::TooFewReplicas(count),
                reconnect: false,
            });
        }
    }
    Ok(value)
}

async fn sent(
    connection: &mut MultiplexedConnection,
    command: Cmd,
    replicated: Option<Replicated>,
) -> Result<Vec<Value>, Fault> {
    let fault = |error: RedisError| Fault::of(&error);
    let Some(Replicated { replicas, within }) = replicated else {
        let value = connection.send_packed_command(&command).await;
        return Ok(vec![value.map_err(fault)?]);
    };
    // Of this connection's last write: so it stands right behind it, and nobody else's is in between.
    let mut both = pipe();
    both.add_command(command);
    let within = u64::try_from(within.as_millis()).unwrap_or(u64::MAX).max(1);
    let mut wait = cmd("WAIT");
    wait.arg(replicas).arg(within);
    both.add_command(wait);
    connection
        .send_packed_commands(&both, 0, 2)
        .await
        .map_err(fault)
}
