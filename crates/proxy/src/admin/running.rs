//! What the pages tell of.

use std::sync::Arc;
use std::time::Instant;

use crate::edge::Health;
use crate::engine::Engine;
use crate::reload::Reloader;
use crate::traces::Traces;

/// The parts of the process that operators look at.
pub struct Running {
    pub engine: Arc<Engine>,
    pub health: Arc<Health>,
    pub reloader: Arc<Reloader>,
    pub traces: Arc<Traces>,
    /// When the process started.
    pub started: Instant,
}
