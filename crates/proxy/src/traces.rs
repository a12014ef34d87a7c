//! Traces (docs/adr/0014): what a request leaves behind becomes spans, which go to an OTLP receiver. Whoever
//! records waits for nobody: a record goes into a bounded queue, all else is the work of a thread of its own.

mod batch;
mod delivery;
mod destination;
mod encode;
mod exporter;
mod instance;
mod names;
mod outlet;
mod queue;
mod record;
mod recording;
mod shape;
mod status;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use contract::Plan;

use crate::metrics::Metrics;
use crate::secret::Vault;
use crate::settings::Settings;
use destination::Destination;
pub use destination::OpenError;
use instance::Instance;
use names::Names;
use outlet::Outlet;
use queue::Queue;
pub use record::{ServerEnd, ServerSpan};
pub use recording::Recording;
pub use status::TracesStatus;

/// The traces of the process: they outlive a reload, and what one makes of them is a [`Recording`].
pub struct Traces {
    metrics: Arc<Metrics>,
    instance: Instance,
    /// There from the first configuration on that has traces.
    queue: OnceLock<Arc<Queue>>,
}

impl Traces {
    /// Starts nothing yet.
    #[must_use]
    pub fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            metrics,
            instance: Instance::random(),
            queue: OnceLock::new(),
        }
    }

    /// What a configuration says of traces; `None`: there are none. Connects nowhere.
    ///
    /// # Errors
    /// A secret that is missing, a host that cannot be named, nobody to trust.
    pub fn open(
        &self,
        settings: &Settings,
        plan: &Plan,
        vault: &Vault,
    ) -> Result<Option<Arc<Recording>>, Vec<OpenError>> {
        let Some(traces) = &settings.traces else {
            return Ok(None);
        };
        let destination = Destination::open(traces, vault)?;
        let queue = self.queue.get_or_init(|| {
            let queue = Arc::new(Queue::new(self.metrics.clone()));
            exporter::start(queue.clone(), self.instance.clone());
            queue
        });
        Ok(Some(Arc::new(Recording::new(
            traces.sample,
            Outlet {
                names: Names::of(settings, plan),
                destination,
            },
            queue.clone(),
        ))))
    }

    /// Sends what was recorded so far, for at most so long. Called before the process ends: what the
    /// receiver does not take at once is lost then.
    pub fn flush(&self, limit: Duration) {
        if let Some(queue) = self.queue.get()
            && !queue.flush(limit)
        {
            let lost = queue.waiting();
            tracing::warn!(
                lost,
                "spans were lost: their receiver did not take them in time"
            );
        }
    }

    /// Whether a configuration of this process had traces.
    #[must_use]
    pub fn have_begun(&self) -> bool {
        self.queue.get().is_some()
    }

    /// How the export goes. `recording` is the present configuration's.
    #[must_use]
    pub fn status(&self, recording: Option<&Recording>) -> TracesStatus {
        TracesStatus::of(
            recording,
            self.queue.get().map(|queue| &**queue),
            &self.metrics,
        )
    }
}
