//! How the store is, as far as this process sees it: whether commands are sent, and what is told of it.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use redis::aio::MultiplexedConnection;
use redis::cmd;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::metrics::{StoreGauged, StoreGauges};
use crate::shared::store::StoreError;
use crate::shared::store::health::StoreHealth;

/// A server that does not even say `PONG` within this time has its connection taken away.
const PATIENCE: Duration = Duration::from_millis(250);
/// A server that answers `PING` and nothing else is tried again after this time at the latest.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// The breaker of the server, and what an operator sees of it.
#[derive(Debug)]
pub struct Standing {
    state: Mutex<State>,
    /// Commands are sent.
    is_open: AtomicBool,
    /// It answers, and takes no writes.
    is_ailing: AtomicBool,
    connected: watch::Sender<bool>,
    suspected: Notify,
    /// Commands that came to nothing since one was answered.
    suspicions: AtomicU32,
    /// What a request waits: a server that is slower is of no use.
    budget: Duration,
}

#[derive(Debug)]
struct State {
    address: Arc<str>,
    away: Option<StoreError>,
    /// Since when it is away, or there.
    since: (Instant, SystemTime),
    /// The log has a line of this absence.
    is_told: bool,
    last_error: Option<(SystemTime, StoreError)>,
    away_before: Duration,
}

impl Standing {
    /// Away until there is a connection.
    pub fn new(address: Arc<str>, budget: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                address,
                away: Some(StoreError::Away),
                since: (Instant::now(), SystemTime::now()),
                is_told: false,
                last_error: None,
                away_before: Duration::ZERO,
            }),
            is_open: AtomicBool::new(false),
            is_ailing: AtomicBool::new(false),
            connected: watch::Sender::new(false),
            suspected: Notify::new(),
            suspicions: AtomicU32::new(0),
            budget,
        }
    }

    /// Whether a command may be sent.
    pub fn is_open(&self) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }

    /// A command was answered.
    pub fn answered(&self) {
        if self.suspicions.load(Ordering::Relaxed) != 0 {
            self.suspicions.store(0, Ordering::Relaxed);
        }
    }

    /// A command that writes was executed.
    pub fn wrote(&self) {
        if self.is_ailing.load(Ordering::Relaxed) {
            self.is_ailing.store(false, Ordering::Relaxed);
            self.back();
        }
    }

    /// There is a connection to this place.
    pub fn connected(&self, place: &Arc<str>) {
        self.lock().address = place.clone();
        self.is_ailing.store(false, Ordering::Relaxed);
        self.back();
        self.is_open.store(true, Ordering::SeqCst);
        self.connected.send_replace(true);
    }

    /// There is none any more. It may be there again at once, so nothing is told yet.
    pub fn lost(&self, error: &StoreError) {
        self.is_open.store(false, Ordering::SeqCst);
        self.connected.send_replace(false);
        self.gone(error);
    }

    /// No connection could be had.
    pub fn failed(&self, error: &StoreError) {
        self.lost(error);
        self.tell();
    }

    /// A command took longer than it may: no other is sent before the server has answered a `PING`.
    pub fn suspect(&self, error: &StoreError) {
        self.note(error);
        // Of those that waited for the same server one is enough.
        if self.is_open.swap(false, Ordering::SeqCst) {
            self.suspicions.fetch_add(1, Ordering::Relaxed);
            self.gone(error);
            self.suspected.notify_one();
        }
    }

    /// A command that may have waited for replicas took longer than it may. The server is asked; commands go on.
    pub fn doubt(&self, error: &StoreError) {
        self.note(error);
        self.suspected.notify_one();
    }

    /// It answers, and takes no writes. Commands go on: each is refused at once, and the next may not be.
    pub fn refused(&self, error: &StoreError) {
        self.note(error);
        if !self.is_ailing.swap(true, Ordering::Relaxed) {
            self.gone(error);
            self.tell();
        }
    }

    /// An error that says nothing of the server as such.
    pub fn note(&self, error: &StoreError) {
        self.lock().last_error = Some((SystemTime::now(), error.clone()));
    }

    /// Returns when there is a connection for commands.
    pub async fn until_connected(&self) {
        // The sender is ours and lives.
        let _ = self.connected.subscribe().wait_for(|there| *there).await;
    }

    /// Watches a connection for as long as it is of use; says why it no longer is.
    pub async fn watch(&self, mut connection: MultiplexedConnection) -> StoreError {
        loop {
            self.suspected.notified().await;
            let mut pause = Duration::ZERO;
            // The first time at once; then later and later, or a server that answers `PING` alone would cost requests
            // their time again and again.
            let again = self.suspicions.load(Ordering::Relaxed).saturating_sub(1);
            if again > 0 {
                pause = FIRST_PAUSE * 2_u32.saturating_pow(again.min(16));
            }
            loop {
                sleep(pause.min(LONGEST_PAUSE)).await;
                let ping = cmd("PING");
                let mut answered = pin!(connection.send_packed_command(&ping));
                let in_time = timeout(self.budget, &mut answered).await;
                let late = in_time.is_err();
                if late {
                    self.is_open.store(false, Ordering::SeqCst);
                    self.gone(&StoreError::Timeout);
                }
                let answer = match in_time {
                    Ok(answer) => Ok(answer),
                    Err(_) => timeout(PATIENCE, answered).await,
                };
                match answer {
                    Ok(Ok(_)) if !late => break,
                    // Slow, but there.
                    Ok(Ok(_)) => pause = (pause * 2).max(FIRST_PAUSE),
                    Ok(Err(_)) => return StoreError::Broken("the connection broke".into()),
                    Err(_) => {
                        self.tell();
                        return StoreError::Timeout;
                    }
                }
            }
            self.back();
            self.is_open.store(true, Ordering::SeqCst);
        }
    }

    fn gone(&self, error: &StoreError) {
        let mut state = self.lock();
        let now = (Instant::now(), SystemTime::now());
        state.last_error = Some((now.1, error.clone()));
        if state.away.replace(error.clone()).is_none() {
            state.since = now;
            state.is_told = false;
        }
    }

    fn tell(&self) {
        let mut state = self.lock();
        let Some(reason) = state.away.clone().filter(|_| !state.is_told) else {
            return;
        };
        state.is_told = true;
        let address = state.address.clone();
        drop(state);
        tracing::warn!(%address, %reason, "the shared store is away");
    }

    fn back(&self) {
        let mut state = self.lock();
        if state.away.take().is_none() {
            return;
        }
        let now = (Instant::now(), SystemTime::now());
        let away = now.0.saturating_duration_since(state.since.0);
        state.away_before += away;
        state.since = now;
        let (was_told, address) = (state.is_told, state.address.clone());
        drop(state);
        if was_told {
            let away_ms = u64::try_from(away.as_millis()).unwrap_or(u64::MAX);
            tracing::info!(%address, away_ms, "the shared store is back");
        }
    }

    pub fn health(&self) -> StoreHealth {
        let state = self.lock();
        StoreHealth {
            address: state.address.clone(),
            away: state.away.clone(),
            since: state.since.1,
            last_error: state.last_error.clone(),
            away_in_all: state.away_in_all(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn away_in_all(&self) -> Duration {
        let now = self.away.as_ref().map(|_| self.since.0.elapsed());
        self.away_before + now.unwrap_or_default()
    }
}

impl StoreGauged for Standing {
    fn gauges(&self) -> StoreGauges {
        let state = self.lock();
        StoreGauges {
            is_up: state.away.is_none(),
            away: state.away_in_all(),
        }
    }
}
