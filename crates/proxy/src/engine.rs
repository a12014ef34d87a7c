//! The stages of one request, over plain `http` types: testable without a socket.

mod accept;
mod answer;
mod builtin;
mod call;
mod caught;
mod context;
mod outcome;
mod read;
mod refusal;
mod runtime;
mod shutdown;
mod trace;
mod write;

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use bytes::Bytes;
use contract::OperationIndex;
use http::Response;
use http::request::Parts;

pub use accept::authenticate::CallerKey;
use accept::body_budget::Bodies;
pub use accept::head_checks::check_head;
use accept::input::Input;
pub use accept::read_body::{BodyError, BodySource};
pub use accept::route::Routed;
use accept::{authenticate, check, content, head_checks, negotiation, read_body, route};
pub use answer::reply::Reply;
use answer::{problem, record, success};
pub use builtin::document::document as served_document;
pub use builtin::explain::{ExplainError, explain};
use builtin::pages;
pub use builtin::pages::row as problem_row;
pub use caught::caught;
pub use context::Exchange;
pub use outcome::Outcome;
use read::cached_read::Cached;
use read::invalidation;
pub use read::purge::{Purge, PurgeError};
pub use refusal::Refusal;
pub use runtime::{Runtime, RuntimeError};
use shutdown::Leaving;
pub use trace::Trace;
use write::{idempotency, precondition};

use crate::metrics::Metrics;

/// Answers unified requests.
pub struct Engine {
    runtime: ArcSwap<Runtime>,
    metrics: Arc<Metrics>,
    /// These outlive a reload.
    keys: idempotency::Keys,
    cached: Arc<Cached>,
    leaving: Leaving,
    turns: precondition::Turns,
    /// One reload at a time.
    replacing: Mutex<()>,
    bodies: Bodies,
}

impl Engine {
    #[must_use]
    pub fn new(runtime: Runtime, metrics: Arc<Metrics>) -> Self {
        Self {
            bodies: Bodies::new(runtime.settings.limits.bodies),
            cached: Arc::new(Cached::new(&runtime, metrics.clone())),
            runtime: ArcSwap::from_pointee(runtime),
            metrics,
            keys: idempotency::Keys::default(),
            leaving: Leaving::default(),
            turns: precondition::Turns::default(),
            replacing: Mutex::default(),
        }
    }

    /// The process ends now: every request under way is answered as it stands.
    pub fn leave(&self) {
        self.leaving.now();
    }

    /// The plan and upstreams that new requests get.
    #[must_use]
    pub fn runtime(&self) -> Arc<Runtime> {
        self.runtime.load_full()
    }

    /// Swaps plan and upstreams; requests under way keep theirs. Where callers could see a difference,
    /// the cache starts empty, also if the configuration is one that was there before: a write in
    /// between spoke the names of another.
    pub fn replace(&self, mut runtime: Runtime) {
        // Nothing panics while the lock is held that would leave half a change behind.
        let _one = self
            .replacing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.bodies.resize(runtime.settings.limits.bodies);
        let old = self.runtime();
        if old.answers_like(&runtime) {
            runtime.generation = old.generation;
        } else {
            self.cached.begin(&mut runtime);
        }
        self.runtime.store(Arc::new(runtime));
    }

    /// Drops what is kept; see [`Purge`].
    ///
    /// # Errors
    /// The tag is none of this contract's.
    pub fn purge(&self, purge: &Purge) -> Result<usize, PurgeError> {
        self.cached.purge(&self.runtime(), purge)
    }

    /// The metrics, with what the cache holds at this moment.
    #[must_use]
    pub fn metrics_text(&self) -> Vec<u8> {
        let kept = self.cached.measure();
        self.metrics
            .cache
            .measure(kept.bytes, kept.entries, kept.evicted);
        self.metrics.text()
    }

    /// Answers one request, whatever is wrong with it.
    ///
    /// Each request allocates this future and copies it into its place, and it is as large as the
    /// largest thing that is awaited in it. Vendor calls take tens of kilobytes, which cost a hit more
    /// than all its own work; so they are boxed where they begin.
    pub async fn handle(&self, head: &Parts, body: &mut dyn BodySource) -> Response<Bytes> {
        let runtime = self.runtime();
        let mut exchange = Exchange::start(head, &runtime);
        let end = {
            // Dropped before its end is told: its guards have their say in it.
            let served = std::pin::pin!(self.serve(&runtime, &mut exchange, head, body));
            tokio::select! {
                biased;
                result = caught::caught(served) => Some(result),
                () = self.leaving.come() => None,
            }
        };
        let result = match end {
            Some(Ok(result)) => result,
            Some(Err(panicked)) => Err(panicked.refusal()),
            None => Err(shutdown::refusal(&exchange)),
        };
        let result = result.map_err(|refusal| exchange.told(refusal));
        let response = caught::answered(|| match result {
            Ok(reply) => reply.into_response(),
            Err(refusal) => problem::respond(&runtime, &mut exchange, refusal),
        });
        caught::quietly(|| record::record(&self.metrics, &exchange, &response));
        response
    }

    /// Answers a request whose head could not be read as HTTP, or not in time.
    pub fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes> {
        let runtime = self.runtime();
        let mut exchange = Exchange::start(head, &runtime);
        // For the labels, and the outcome of a write.
        if let Ok(routed) = route::route(&runtime, head) {
            exchange.routed(&runtime, &routed);
        }
        let response = problem::respond(&runtime, &mut exchange, refusal);
        record::record(&self.metrics, &exchange, &response);
        response
    }
}

impl Engine {
    /// route → authenticate → read → validate → cache → translate → call → translate back → answer.
    /// The order of the checks is the order of refusals (DESIGN §3 "Manners").
    async fn serve(
        &self,
        runtime: &Arc<Runtime>,
        exchange: &mut Exchange,
        head: &Parts,
        body: &mut dyn BodySource,
    ) -> Result<Reply, Refusal> {
        // The route comes first for its labels only: a refusal of a write tells its outcome.
        let routed = route::route(runtime, head);
        if let Ok(routed) = &routed {
            exchange.routed(runtime, routed);
        }
        head_checks::check_head(head, &runtime.settings.limits)?;
        let routed = routed?;
        authenticate::check(runtime, exchange, head, &routed)?;
        let (index, raw) = match routed {
            Routed::Operation { index, raw } => (index, raw),
            Routed::Page(page) => return pages::answer(runtime, &page, head),
            Routed::Options(options) => return Ok(Reply::options(&options)),
        };
        let operation = runtime.operation(index);
        negotiation::check(runtime, operation, head)?;
        let read = read_body::read(operation, head, body, &runtime.settings, &self.bodies).await?;
        let (text, _share) = read.map(|body| (body.bytes, body.share)).unzip();
        content::check_whole(operation, head)?;
        let input = check::check(runtime, operation, &raw, head.uri.query(), text)?;
        exchange.start_deadline(head_checks::deadline(head, runtime.settings.deadline)?);
        if operation.binding.write.is_none() {
            return self
                .cached
                .read(runtime, exchange, head, index, input)
                .await;
        }
        Box::pin(self.write(runtime, exchange, head, index, &input)).await
    }

    /// A write, told to the cache from before its vendor call until after it.
    async fn write(
        &self,
        runtime: &Arc<Runtime>,
        exchange: &mut Exchange,
        head: &Parts,
        index: OperationIndex,
        input: &Input,
    ) -> Result<Reply, Refusal> {
        let key = idempotency::read(head)?;
        let conditions = precondition::of_write(&self.turns, head)?;
        let conditions = conditions.as_ref();
        let sent = exchange.begin_write();
        let pending = self.cached.begin_write(runtime, index, input).with(sent);
        let result = match key {
            Some(key) => {
                let keys = &self.keys;
                idempotency::under_key(keys, runtime, exchange, index, input, conditions, &key)
                    .await
            }
            None => precondition::run(runtime, exchange, index, input, conditions)
                .await
                .and_then(|answered| success::reply(runtime, answered)),
        };
        let result = result.map_err(|refusal| exchange.told(refusal));
        pending.end(invalidation::end_of(exchange, &result));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<'a, F>(
        _: fn(&'a Engine, &'a Parts, &'a mut (dyn BodySource + 'a)) -> F,
    ) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_request_has_no_room_for_the_vendor_calls_of_others() {
        let size = size_of_future(Engine::handle);
        assert!(size <= 4096, "{size} bytes");
    }
}
