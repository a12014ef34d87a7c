//! The stages of one request, over plain `http` types: testable without a socket.

mod accept;
mod answer;
mod builtin;
mod call;
mod catch_panic;
mod context;
mod outcome;
mod read;
mod refusal;
mod replay;
mod runtime;
mod shutdown;
mod standing;
mod trace;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::Response;
use http::request::Parts;

use crate::evidence::{Evidence, Record};
use crate::metrics::Metrics;
use crate::phases::Phase;
use crate::settings::Settings;
use crate::shared::{Fleet, FleetReport, Timing, Touched, WritePlan};
use crate::time_of_day;
use accept::admit::{self, Admitted};
pub use accept::authenticate::key as bearer_key;
use accept::body_budget::BodyBudget;
pub use accept::head_checks::{check_head, is_plain_host};
use accept::invocation::{Invocation, OwnedInvocation};
pub use accept::negotiation::weight as media_weight;
pub use accept::plain_head::PlainHead;
pub use accept::read_body::{BodyError, BodySource};
use accept::route::Routed;
use accept::{authenticate, check, conditions, content, head_checks, negotiation, read_body};
pub use answer::recent_problems::RecentProblem;
use answer::recent_problems::RecentProblems;
use answer::record::{self, Ending};
use answer::served::Served;
use answer::{deprecation, evidence, problem, success};
pub use builtin::document::{document as served_document, text as served_text};
pub use builtin::explain::{ExplainError, explain};
use builtin::pages;
pub use builtin::pages::row as problem_row;
pub use builtin::probe::{Healthy, probe};
use call::budget::{CallBudget, CallTally};
pub use catch_panic::of_future as catch_panic;
use context::{RequestContext, Target};
pub use outcome::Outcome;
pub use read::hit::Hit;
use read::purge::purge;
pub use read::purge::{Purge, PurgeError, Purged};
use read::read_cache::ReadCache;
use read::{hit, invalidation};
pub use refusal::Refusal;
use replay::Again;
pub use replay::{ReplayError, Replayed};
pub use runtime::{CallerKey, OperatorKey, Runtime, RuntimeError};
use shutdown::Shutdown;
pub use standing::stand;
pub use trace::Trace;
use write::idempotency;
use write::precondition::{Conditional, KeyedLock};
use write::told::{Others, Untold};

/// Answers unified requests.
pub struct Engine {
    runtime: ArcSwap<Runtime>,
    metrics: Arc<Metrics>,
    /// These outlive a reload.
    keys: idempotency::Keys,
    /// With a store they take the place of those.
    shared_keys: Option<idempotency::SharedKeys>,
    cache: Arc<ReadCache>,
    shutdown: Shutdown,
    conditional_writes: KeyedLock,
    /// One reload at a time.
    replacing: Mutex<()>,
    bodies: BodyBudget,
    problems: RecentProblems,
    evidence: Evidence,
    /// `None`: there is no store, and this replica is alone.
    fleet: Option<Arc<Fleet>>,
}

impl Engine {
    /// One that is alone.
    #[must_use]
    pub fn new(runtime: Runtime, metrics: Arc<Metrics>) -> Self {
        Self::in_fleet(runtime, metrics, None)
    }

    /// One that acts as one with others.
    #[must_use]
    pub fn in_fleet(
        mut runtime: Runtime,
        metrics: Arc<Metrics>,
        fleet: Option<Arc<Fleet>>,
    ) -> Self {
        let evidence = Evidence::default();
        evidence.set(runtime.settings.evidence);
        stand(&runtime, &metrics);
        let cache = Arc::new(ReadCache::new(&runtime, metrics.clone()));
        if let Some(fleet) = &fleet {
            cache.join(fleet, &mut runtime);
        }
        Self {
            evidence,
            bodies: BodyBudget::new(runtime.settings.limits.bodies),
            cache,
            runtime: ArcSwap::from_pointee(runtime),
            metrics,
            keys: idempotency::Keys::default(),
            shared_keys: fleet.as_deref().map(idempotency::SharedKeys::new),
            fleet,
            shutdown: Shutdown::default(),
            conditional_writes: KeyedLock::default(),
            replacing: Mutex::default(),
            problems: RecentProblems::default(),
        }
    }

    /// The process ends now: every request under way is answered as it stands.
    pub fn shut_down(&self) {
        self.shutdown.trigger();
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
        self.evidence.set(runtime.settings.evidence);
        stand(&runtime, &self.metrics);
        if let Some(fleet) = &self.fleet {
            self.cache.join(fleet, &mut runtime);
        }
        let old = self.runtime();
        if old.answers_like(&runtime) {
            runtime.generation = old.generation;
        } else {
            self.cache.begin(&mut runtime);
        }
        self.runtime.store(Arc::new(runtime));
    }

    /// Drops what is kept, here and at the other members; see [`Purge`].
    ///
    /// # Errors
    /// The tag is none of this contract's.
    pub async fn purge(&self, what: &Purge) -> Result<Purged, PurgeError> {
        let runtime = self.runtime();
        let entries = purge(&self.cache, &runtime, what)?;
        let others = self.fleet.as_deref().zip(runtime.memberships.as_ref());
        let all_members = match others {
            Some((fleet, memberships)) => {
                let touched = memberships.all().map(|one| Touched {
                    membership: one.membership.clone(),
                    scope: what.scope(),
                });
                let digest = runtime.plan.digest.as_str().into();
                Some(fleet.purge(touched.collect(), digest).await)
            }
            None => None,
        };
        Ok(Purged {
            entries,
            all_members,
        })
    }

    /// The metrics, with what the cache holds at this moment.
    #[must_use]
    pub fn metrics_text(&self) -> Vec<u8> {
        let kept = self.cache.measure();
        self.metrics
            .cache
            .measure(kept.bytes, kept.entries, kept.evicted);
        self.metrics.text()
    }

    /// What the cache holds at this moment, and what cached reads came to since the start.
    #[must_use]
    pub fn cache_report(&self) -> CacheReport {
        let kept = self.cache.measure();
        CacheReport {
            entries: kept.entries,
            bytes: kept.bytes,
            results: self.metrics.cache.results(),
        }
    }

    /// What replicas share, at this moment; `None`: nothing.
    #[must_use]
    pub fn fleet_report(&self) -> Option<FleetReport> {
        self.fleet.as_ref().map(|fleet| fleet.report())
    }

    /// The last problems that were answered, the latest first.
    #[must_use]
    pub fn recent_problems(&self) -> Vec<Arc<RecentProblem>> {
        self.problems.list()
    }

    /// What this replica shares with others; `None`: it is alone.
    #[must_use]
    pub fn fleet(&self) -> Option<&Arc<Fleet>> {
        self.fleet.as_ref()
    }

    /// What is kept of requests that failed.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Answers a read out of the cache, where that takes no waiting: appends head and body to `out`. `None`:
    /// nothing was done, and [`Self::handle`] is to be asked.
    pub fn hit(&self, head: &PlainHead<'_>, out: &mut Vec<u8>) -> Option<Hit> {
        let (runtime, length) = (self.runtime.load(), out.len());
        let served = catch_panic::of(|| hit::serve(&runtime, &self.cache, head, out));
        let hit = served.ok().flatten();
        if hit.is_none() {
            out.truncate(length);
        }
        hit
    }

    /// What the settings say at this moment.
    pub fn with_settings<T>(&self, then: impl FnOnce(&Settings) -> T) -> T {
        then(&self.runtime.load().settings)
    }

    /// Answers one request, whatever is wrong with it.
    ///
    /// Each request allocates this future and copies it into its place, and it is as large as the
    /// largest thing that is awaited in it. Vendor calls take tens of kilobytes, which cost a hit more
    /// than all its own work; so they are boxed where they begin.
    pub async fn handle(&self, head: &Parts, body: &mut dyn BodySource) -> Response<Bytes> {
        let runtime = self.runtime();
        let mut context = RequestContext::start(&runtime, head);
        let admitted = catch_panic::of(|| admit::admit(&runtime, head, &mut context));
        let mut tally = CallTally::default();
        let end = match admitted {
            Ok(Ok(admitted)) => {
                // Dropped before its end is recorded: its guards have their say in it.
                let incoming = Incoming { head, body };
                let served = std::pin::pin!(self.serve(&context, admitted, incoming, &mut tally));
                tokio::select! {
                    // The end of one request frees a place in the queue: whoever waits for it must not send now.
                    biased;
                    () = self.shutdown.triggered() => None,
                    result = catch_panic::of_future(served) => Some(result),
                }
            }
            Ok(Err(refusal)) => Some(Ok(Err(refusal))),
            Err(panicked) => Some(Err(panicked)),
        };
        let so_far = context.is_write().then(|| tally.outcome());
        let result = match end {
            Some(Ok(result)) => result,
            // Of a bug of ours only what has left tells the outcome.
            Some(Err(panicked)) => Err(Refusal {
                outcome: so_far,
                ..panicked.refusal()
            }),
            None => Err(shutdown::refusal(so_far)),
        };
        self.finish(&context, &mut tally, result)
    }

    /// Answers a request whose head could not be read as HTTP, or not in time.
    pub fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes> {
        let context = admit::refused(&self.runtime(), head);
        self.finish(&context, &mut CallTally::default(), Err(refusal))
    }

    /// The end of every request: its answer, and its record.
    fn finish(
        &self,
        context: &RequestContext,
        tally: &mut CallTally,
        result: Result<Served, Refusal>,
    ) -> Response<Bytes> {
        let ending = Ending::of(&result);
        let wanted = evidence::wanted(context, tally, &result);
        let response = catch_panic::of(|| match result {
            Ok(served) => served.reply.into_response(),
            Err(refusal) => problem::respond(context, &refusal),
        });
        let mut response = response.unwrap_or_else(|_| problem::bare());
        let operation = context.operation();
        if let Some(deprecation) = operation.and_then(|one| one.deprecation.as_ref()) {
            deprecation::announce(deprecation, response.headers_mut());
        }
        // The answer goes out also without a record; the panic has a line of its own.
        let _ = catch_panic::of(|| {
            let status = response.status();
            record::write(&self.metrics, context, tally, &ending, status);
            if let Some(code) = ending.problem() {
                let now = time_of_day::at(std::time::Instant::now());
                self.problems.add(context, code, status, now);
            }
            let draft =
                wanted.and_then(|wanted| evidence::draft(context, tally, wanted, &response));
            if let Some(draft) = draft {
                self.evidence.offer(draft);
            }
        });
        response
    }
}

/// A record run again.
impl Engine {
    /// The stages behind the check, over vendors that answer what the record says.
    ///
    /// # Errors
    /// The record is not enough for it, or the contract is another one.
    pub async fn replay(&self, record: &Record) -> Result<Replayed, ReplayError> {
        let runtime = self.runtime();
        let again = replay::prepare(&runtime, record)?;
        let mut context = RequestContext::start(&runtime, &again.head);
        context.set_target(Target::Operation(again.invocation.index));
        let mut tally = CallTally::default();
        let ended = {
            let after_unknown = record.request.after_unknown;
            let run = std::pin::pin!(self.run_again(&context, again, after_unknown, &mut tally));
            catch_panic::of_future(run).await
        };
        let so_far = context.is_write().then(|| tally.outcome());
        let result = ended.unwrap_or_else(|panicked| {
            Err(Refusal {
                outcome: so_far,
                ..panicked.refusal()
            })
        });
        let response = self.finish(&context, &mut tally, result);
        Ok(replay::compare(record, &response))
    }

    async fn run_again(
        &self,
        context: &RequestContext,
        Again {
            head,
            invocation,
            limit,
        }: Again,
        after_unknown: bool,
        tally: &mut CallTally,
    ) -> Result<Served, Refusal> {
        let mut budget = CallBudget::starting_now(context, limit, tally);
        if invocation.get().binding().read().is_some() {
            return read::run::serve(&self.cache, &head, invocation, &mut budget).await;
        }
        let write = invocation.get();
        if !after_unknown {
            return self.write(context, &head, write, &mut budget).await;
        }
        let conditions = conditions::of_write(&head)?;
        let request = Conditional {
            write,
            conditions: conditions.as_ref(),
            uri: &head.uri,
            locks: &self.conditional_writes,
        };
        budget.begin_write().follows_unknown();
        let result = idempotency::second(request, &mut budget).await?;
        Ok(success::served(write.runtime, result))
    }
}

/// See [`Engine::cache_report`].
pub struct CacheReport {
    pub entries: u64,
    pub bytes: u64,
    /// By the `result` of the metric.
    pub results: BTreeMap<String, u64>,
}

/// A request on its way in.
struct Incoming<'r> {
    head: &'r Parts,
    body: &'r mut dyn BodySource,
}

impl Engine {
    /// read → validate → cache → translate → call → translate back → answer. Of the head all is known already.
    async fn serve(
        &self,
        context: &RequestContext,
        admitted: Admitted<'_>,
        incoming: Incoming<'_>,
        tally: &mut CallTally,
    ) -> Result<Served, Refusal> {
        let Incoming { head, body } = incoming;
        let runtime = context.runtime();
        if let Some(quota) = &admitted.quota {
            Box::pin(authenticate::ask(quota, context)).await?;
        }
        let (index, path) = match admitted.routed {
            Routed::Operation { index, raw } => (index, raw),
            Routed::Page(page) => return pages::answer(runtime, &page, head).map(Served::from),
            Routed::Options(options) => return Ok(pages::options(&options).into()),
        };
        let operation = runtime.operation(index);
        negotiation::check(runtime, operation, head)?;
        if operation.body.is_some() {
            context.phases.enter_now(Phase::Read);
        }
        let read = read_body::read(operation, head, body, &runtime.settings, &self.bodies).await?;
        context.phases.enter_now(Phase::Validate);
        let (body, _share) = read.map(|body| (body.bytes, body.share)).unzip();
        content::check_whole(operation, head)?;
        let query = head.uri.query();
        let raw = check::RawRequest {
            path: &path,
            query,
            body,
        };
        let input = check::check(runtime, index, raw)?;
        let limit = head_checks::caller_deadline(head, runtime.settings.deadline)?;
        let mut budget = CallBudget::starting_now(context, limit, tally);
        let invocation = OwnedInvocation {
            runtime: runtime.clone(),
            index,
            input,
        };
        if operation.binding.read().is_some() {
            return read::run::serve(&self.cache, head, invocation, &mut budget).await;
        }
        Box::pin(self.write(context, head, invocation.get(), &mut budget)).await
    }

    /// A write. The cache and the other members are told of it before its vendor call, and of its end before its answer.
    async fn write(
        &self,
        context: &RequestContext,
        head: &Parts,
        write: Invocation<'_>,
        budget: &mut CallBudget<'_>,
    ) -> Result<Served, Refusal> {
        let key = idempotency::read(head)?;
        let conditions = conditions::of_write(head)?;
        let request = Conditional {
            write,
            conditions: conditions.as_ref(),
            uri: &head.uri,
            locks: &self.conditional_writes,
        };
        if self.fleet.is_some() {
            budget.keep_back(Timing::WAIT);
        }
        if write.runtime.settings.evidence.is_some() {
            let limit = budget.left();
            budget
                .tally
                .capture()
                .ask(write.input, conditions::as_text(head), limit);
        }
        let untold = self.untold(write);
        match key {
            Some(key) => {
                let kept_in = idempotency::KeptIn {
                    own: &self.keys,
                    shared: self.shared_keys.as_ref(),
                };
                let with_key = (kept_in, &*key);
                let under_key =
                    idempotency::under_key(with_key, (request, untold), context, budget);
                Box::pin(under_key).await
            }
            None => {
                let told = untold.begin(context, budget).await?;
                let result = request.serve(budget).await;
                told.end(&result, context).await;
                result
            }
        }
    }

    /// A write with all who are to be told of it.
    fn untold<'w>(&'w self, write: Invocation<'w>) -> Untold<'w> {
        let (pending, touched) = invalidation::begin(&self.cache, write);
        let settings = &write.runtime.settings;
        let hold = settings.cache.unknown_hold;
        let others = self.fleet.as_deref().zip(touched);
        Untold {
            pending,
            others: others.map(|(fleet, touched)| Others {
                fleet,
                touched,
                plan: WritePlan {
                    digest: write.runtime.plan.digest.as_str().into(),
                    keep: settings.deadline + hold,
                    hold,
                },
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    mod panics;

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
