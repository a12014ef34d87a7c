//! The thread that sends spans. It has a runtime of its own: what it waits for holds up nobody who answers callers.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::batch::{Batch, Batches};
use super::delivery::{Delivery, deliver};
use super::encode::Encoder;
use super::instance::Instance;
use super::queue::Queue;
use crate::metrics::SpanResult;

/// A span waits at most about this long before it is sent.
const EVERY: Duration = Duration::from_millis(500);
/// After so many tries a batch is given up; those behind it are younger, and worth more.
const TRIES: u32 = 4;
/// Before the second try; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// A receiver may ask for more (`Retry-After`), and is asked again all the same.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Starts the thread. It lives as long as the process.
pub fn start(queue: Arc<Queue>, instance: Instance) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let spawned = runtime.and_then(|runtime| {
        std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || runtime.block_on(run(&queue, &instance)))
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "no span can be sent");
    }
}

async fn run(queue: &Queue, instance: &Instance) {
    let mut batches = Batches::new(Encoder::new(instance));
    loop {
        queue.wait(EVERY).await;
        // Before the records are taken: whoever waits had put its own in.
        let flushes = queue.flushes();
        while let Some(batch) = batches.next(queue) {
            send(queue, &batch).await;
        }
        for flush in flushes {
            // Who asked may have given up.
            let _ = flush.send(());
        }
    }
}

/// Sends a batch, or gives it up; either way it is counted.
async fn send(queue: &Queue, batch: &Batch) {
    let traces = &queue.metrics.traces;
    let mut wait = FIRST_WAIT;
    for tried in 1..=TRIES {
        let after = match deliver(batch).await {
            Delivery::Taken { rejected } => {
                traces.count(SpanResult::Sent, batch.spans - rejected);
                traces.count(SpanResult::Rejected, rejected);
                if rejected > 0 {
                    queue.failed("the receiver rejected some of the spans", SystemTime::now());
                }
                if queue.worked() && rejected == 0 {
                    tracing::info!("spans are sent again");
                }
                return;
            }
            Delivery::Refused { why } => {
                tell(queue, batch, &why);
                traces.count(SpanResult::Refused, batch.spans);
                return;
            }
            Delivery::Later { why, after } => {
                tell(queue, batch, &why);
                after
            }
        };
        if tried == TRIES || queue.is_closing() {
            break;
        }
        // Jitter: processes that failed together do not come back together.
        let jitter = wait.mul_f64(rand::random::<f64>() / 2.0);
        let rest = after.unwrap_or(wait).max(wait).min(LONGEST_WAIT) + jitter;
        pause(queue, Instant::now() + rest).await;
        wait *= 2;
    }
    traces.count(SpanResult::Unreachable, batch.spans);
}

/// Waits, but not where the process ends.
async fn pause(queue: &Queue, until: Instant) {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || queue.is_closing() {
            return;
        }
        queue.wait(left).await;
    }
}

/// One line of the log, when it begins; `/status` and the metrics tell the rest.
fn tell(queue: &Queue, batch: &Batch, why: &str) {
    if queue.failed(why, SystemTime::now()) {
        let endpoint = batch.outlet.destination.shown();
        tracing::warn!(
            endpoint,
            why,
            "spans cannot be sent; they are dropped and counted"
        );
    }
}
