//! A command on its way. Whoever waits for it may stop at any moment, and what that says of the server must not be lost.

use std::time::Duration;

use tokio::time::Instant;

use super::error::Fault;
use super::link::Link;
use super::standing::Standing;
use crate::metrics::{CommandOutcome, Metrics, StoreCommand};
use crate::shared::store::StoreError;

/// Who is told of it.
#[derive(Clone, Copy)]
pub struct Tower<'f> {
    pub standing: &'f Standing,
    pub metrics: &'f Metrics,
    /// The connection for commands.
    pub commands: &'f Link,
    /// Who gave up after so long has waited for the server.
    pub slow: Duration,
}

/// From the sending to the reply, or to the moment at which nobody waits any more.
pub struct Flight<'f> {
    tower: Tower<'f>,
    command: StoreCommand,
    /// By which connection.
    link: &'f Link,
    number: u64,
    started: Instant,
    /// It may be the replicas that it waits for.
    is_replicated: bool,
    is_over: bool,
}

impl<'f> Flight<'f> {
    pub fn new(tower: Tower<'f>, command: StoreCommand, (link, number): (&'f Link, u64)) -> Self {
        Self {
            tower,
            command,
            link,
            number,
            started: Instant::now(),
            is_replicated: false,
            is_over: false,
        }
    }

    /// It waits for replicas too.
    pub const fn replicated(mut self, is_replicated: bool) -> Self {
        self.is_replicated = is_replicated;
        self
    }

    /// What became of it.
    pub fn end<T>(mut self, result: Result<T, Fault>) -> Result<T, StoreError> {
        self.is_over = true;
        match result {
            Ok(value) => {
                self.tower.standing.answered();
                self.count(CommandOutcome::Ok);
                Ok(value)
            }
            Err(fault) => {
                self.failed(&fault);
                Err(fault.error)
            }
        }
    }

    fn failed(&self, fault: &Fault) {
        let Fault { error, reconnect } = fault;
        let standing = self.tower.standing;
        self.count(outcome(error));
        match error {
            // It waits for news, which may never come.
            StoreError::Timeout if self.command == StoreCommand::Listen => standing.note(error),
            StoreError::Timeout if self.is_replicated => standing.doubt(error),
            StoreError::Timeout => standing.suspect(error),
            StoreError::ReadOnly(_) | StoreError::OutOfMemory | StoreError::NotReady(_) => {
                standing.refused(error);
            }
            _ => standing.note(error),
        }
        if *reconnect {
            self.link.give_up(self.number, error);
        }
        // What one connection meets that leads to a replica, the others would meet too.
        if *reconnect && matches!(error, StoreError::ReadOnly(_) | StoreError::NotReady(_)) {
            let commands = self.tower.commands;
            if let Some(live) = commands.get() {
                commands.give_up(live.number, error);
            }
        }
    }

    fn count(&self, outcome: CommandOutcome) {
        let elapsed = (self.command != StoreCommand::Listen).then(|| self.started.elapsed());
        let shared = &self.tower.metrics.shared;
        shared.command(self.command, outcome, elapsed);
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        // Whoever listens for news stops when a beat is due, and hears nothing of a server with which all is well.
        if self.is_over || self.command == StoreCommand::Listen {
            return;
        }
        // A caller may have hung up; only after some time does it say something of the server.
        if self.started.elapsed() < self.tower.slow {
            return;
        }
        self.failed(&Fault {
            error: StoreError::Timeout,
            reconnect: self.command == StoreCommand::Beat,
        });
    }
}

/// What a command that came to this is counted as.
pub fn outcome(error: &StoreError) -> CommandOutcome {
    match error {
        StoreError::Away => CommandOutcome::Away,
        StoreError::Timeout => CommandOutcome::Timeout,
        StoreError::Broken(_) => CommandOutcome::Broken,
        StoreError::ReadOnly(_) => CommandOutcome::ReadOnly,
        StoreError::OutOfMemory => CommandOutcome::OutOfMemory,
        StoreError::NotReady(_) => CommandOutcome::NotReady,
        StoreError::TooFewReplicas(_) => CommandOutcome::TooFewReplicas,
        StoreError::Unexpected(_) => CommandOutcome::Unexpected,
    }
}

/// What of a budget is enough to blame the server.
pub fn slow(budget: Duration) -> Duration {
    (budget / 2).min(Duration::from_millis(10))
}
