//! Signals: SIGTERM drains, SIGINT ends at once, SIGHUP reloads.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pingora::server::{ShutdownSignal, ShutdownSignalWatch};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::edge::health::Health;
use crate::engine::Engine;
use crate::output;
use crate::reload::{Reloader, Trigger};
use crate::settings::Drain;
use crate::traces::Traces;

/// Pingora asks this when to stop. Its own graceful stop sleeps the whole grace period; ours ends
/// the process when the last request is done.
pub struct Signals {
    pub health: Arc<Health>,
    pub engine: Arc<Engine>,
    pub drain: Drain,
    pub traces: Arc<Traces>,
    pub reloader: Arc<Reloader>,
}

#[async_trait]
impl ShutdownSignalWatch for Signals {
    async fn recv(&self) -> ShutdownSignal {
        let (Some(mut terminate), Some(mut interrupt), Some(mut hangup)) = (
            watch(SignalKind::terminate()),
            watch(SignalKind::interrupt()),
            watch(SignalKind::hangup()),
        ) else {
            std::future::pending::<()>().await;
            return ShutdownSignal::FastShutdown;
        };
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => {
                    tracing::info!("SIGINT: ending at once");
                    return ShutdownSignal::FastShutdown;
                }
                _ = hangup.recv() => {
                    // It says so in the log where nobody hears.
                    let _asked = self.reloader.ask(Trigger::Signal);
                }
            }
        }
        tracing::info!(delay_ms = self.drain.delay.as_millis(), "SIGTERM: draining");
        self.health.drain();
        tokio::select! {
            () = tokio::time::sleep(self.drain.delay) => {}
            _ = terminate.recv() => return ShutdownSignal::FastShutdown,
            _ = interrupt.recv() => return ShutdownSignal::FastShutdown,
        }
        let (health, engine) = (self.health.clone(), self.engine.clone());
        let traces = self.traces.clone();
        let last_spans = if traces.have_begun() {
            LAST_SPANS.min(self.drain.limit / 4)
        } else {
            Duration::ZERO
        };
        let last_ends = match engine.fleet() {
            Some(_) => LAST_ENDS.min(self.drain.limit / 4),
            None => Duration::ZERO,
        };
        let last = LAST_WORDS + last_spans + last_ends;
        let limit = self.drain.limit.saturating_sub(last);
        // The ports close (`port.rs`), and Pingora sleeps; this task outlives this function and ends
        // the process as soon as nothing is in flight.
        tokio::spawn(async move {
            let ended = async {
                if timeout(limit, quiet(&health)).await.is_err() {
                    tracing::warn!(left = health.in_flight(), "drain limit reached");
                    engine.shut_down();
                    let _all_answered = timeout(LAST_WORDS, health.idle()).await;
                }
                // Nobody else waits for this member from now on.
                if let Some(fleet) = engine.fleet() {
                    fleet.leave(last_ends).await;
                }
                // Where there are no traces it returns at once; what it loses it tells.
                let flush = tokio::task::spawn_blocking(move || traces.flush(last_spans));
                let _ended = flush.await;
            };
            tokio::select! {
                () = ended => {}
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("drained");
            output::flush(output::LAST_LINES);
            std::process::exit(0);
        });
        ShutdownSignal::GracefulTerminate
    }
}

/// The end of the drain limit, in which those who still wait get an answer.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// The end of the drain limit, in which the spans of the last requests are sent: a quarter of it at most.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// The end of the drain limit, in which the store is told what it still is to be told: a quarter of it at most.
const LAST_ENDS: Duration = Duration::from_secs(1);

/// A connection that was accepted in the last moment has a request on its way that nobody counts yet.
const SETTLE: Duration = Duration::from_millis(100);

/// Returns when nothing is in flight, and nothing came after the listeners closed.
async fn quiet(health: &Health) {
    loop {
        tokio::time::sleep(SETTLE).await;
        if health.in_flight() == 0 && health.is_closed() {
            return;
        }
        health.idle().await;
    }
}

fn watch(kind: SignalKind) -> Option<Signal> {
    signal(kind)
        .inspect_err(|error| tracing::error!(%error, "signals cannot be watched"))
        .ok()
}
