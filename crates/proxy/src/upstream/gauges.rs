//! What can be read of an upstream from outside, while it is in use.

use std::sync::Arc;
use std::time::SystemTime;

use super::call::state::TokenState;
use super::credentials::Credentials;
use super::resilience::gate::Gate;
use crate::metrics::Gauged;

/// The parts of a client that are read when somebody scrapes.
pub struct Gauges {
    pub gate: Arc<Gate>,
    pub credentials: Arc<Credentials>,
}

impl Gauged for Gauges {
    fn is_circuit_open(&self) -> bool {
        self.gate.is_circuit_open()
    }

    fn in_flight(&self) -> usize {
        self.gate.in_flight()
    }

    fn token_expires_at(&self) -> Option<SystemTime> {
        match self.credentials.token() {
            TokenState::Until(time) => Some(time),
            TokenState::NotUsed | TokenState::None => None,
        }
    }
}
