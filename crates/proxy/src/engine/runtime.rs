//! What one request works with: a plan, the vendors it names, and the settings.

mod cache_policy;
mod caller;
mod hit_plan;
mod memberships;
mod operator_key;
mod own_page;
mod telemetry;
mod vendor_fields;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use contract::{Operation, OperationIndex, Plan};
use http::HeaderMap;
use translate::encode::Encoder;

use crate::drift::{Drift, DriftOfOperation, DriftReport};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::shared::StoreBudget;
use crate::traces::Recording;
use crate::upstream::Upstream;
pub use cache_policy::CachePolicy;
pub use caller::CallerKey;
pub use hit_plan::HitPlan;
pub use memberships::Memberships;
pub use operator_key::OperatorKey;
pub use own_page::OwnPage;
use telemetry::Telemetry;
use vendor_fields::vendor_fields;

/// An immutable snapshot; a reload makes a new one.
pub struct Runtime {
    pub plan: Plan,
    pub settings: Settings,
    pub upstreams: BTreeMap<String, Arc<dyn Upstream>>,
    pub callers: Vec<CallerKey>,
    /// Who may read the operators' pages from another machine.
    pub operators: Vec<OperatorKey>,
    /// Parallel to the plan's operations.
    encoders: Vec<Option<Encoder>>,
    /// Parallel to the plan's operations: the contract's rules with the settings' overrides.
    cache_policies: Vec<Option<CachePolicy>>,
    /// Parallel to the plan's operations: the GET of the same path.
    reads: Vec<Option<OperationIndex>>,
    /// Parallel to the plan's operations.
    vendor_fields: Vec<Arc<HeaderMap>>,
    /// Parallel to the plan's operations.
    telemetry: Vec<OnceLock<Telemetry>>,
    /// Parallel to the plan's operations.
    hit_plans: Vec<OnceLock<HitPlan>>,
    /// Who takes the spans of requests; `None`: there are no traces.
    pub recording: Option<Arc<Recording>>,
    /// What its vendors' answers held beyond the contract.
    pub drift: Drift,
    /// Which of the configurations that callers can tell apart this is; see [`crate::cache::Fences`].
    pub generation: u64,
    /// The fleets it takes part in; `None`: there is no store, and each replica is alone.
    pub memberships: Option<Memberships>,
    /// `/openapi.json`, `/docs` and `/docs/plain`, written when they are first asked for.
    pub openapi: OnceLock<OwnPage>,
    pub docs: OnceLock<OwnPage>,
    pub plain_docs: OnceLock<OwnPage>,
}

/// The contract names a vendor that the settings lack, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    #[error("the contract uses the upstream `{0}`, and the settings have no `upstreams.{0}`")]
    MissingUpstream(String),
}

impl Runtime {
    /// Joins a plan with its vendors.
    ///
    /// # Errors
    /// Every vendor of the contract that `upstreams` lacks.
    pub fn new(
        plan: Plan,
        settings: Settings,
        upstreams: BTreeMap<String, Arc<dyn Upstream>>,
        callers: Vec<CallerKey>,
    ) -> Result<Self, Vec<RuntimeError>> {
        let missing = plan
            .upstreams
            .iter()
            .filter(|name| !upstreams.contains_key(*name));
        let missing: Vec<_> = missing
            .map(|name| RuntimeError::MissingUpstream(name.clone()))
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let limit = settings.limits.form;
        let encoders = plan.operations.iter().map(|operation| {
            let request = operation.binding.request.as_ref()?;
            Some(Encoder {
                encoding: request.encoding,
                root: request.root.clone(),
                shape: request.shape.clone(),
                limit,
            })
        });
        let fields = plan.operations.iter().map(|operation| {
            let binding = &operation.binding;
            let upstream = upstreams.get(&*binding.upstream);
            Arc::new(upstream.map_or_else(HeaderMap::new, |upstream| {
                vendor_fields(binding, &**upstream)
            }))
        });
        let cache_policies = plan
            .operations
            .iter()
            .map(|operation| CachePolicy::of(operation, &settings.cache));
        Ok(Self {
            encoders: encoders.collect(),
            vendor_fields: fields.collect(),
            cache_policies: cache_policies.collect(),
            reads: plan
                .operations
                .iter()
                .map(|operation| plan.read_of(operation))
                .collect(),
            telemetry: plan.operations.iter().map(|_| OnceLock::new()).collect(),
            hit_plans: plan.operations.iter().map(|_| OnceLock::new()).collect(),
            recording: None,
            drift: Drift::new(plan.operations.len()),
            generation: 0,
            memberships: None,
            openapi: OnceLock::new(),
            docs: OnceLock::new(),
            plain_docs: OnceLock::new(),
            plan,
            settings,
            upstreams,
            callers,
            operators: Vec::new(),
        })
    }

    /// Whether every answer that was kept under the one is right under the other as well, where vendor
    /// and credential are the same: those have a digest of their own ([`Upstream::identity`]).
    #[must_use]
    pub fn answers_like(&self, other: &Self) -> bool {
        self.plan.digest == other.plan.digest
            && self.settings.cache == other.settings.cache
            && self.settings.limits == other.settings.limits
    }

    /// What was seen of its vendors' answers that the contract does not say, operation by operation.
    #[must_use]
    pub fn drift_report(&self) -> DriftReport {
        let operations = self.plan.operations.iter().enumerate();
        let operations = operations.filter_map(|(index, operation)| {
            let (findings, more) = self.drift.lines(OperationIndex(index));
            (!findings.is_empty()).then(|| DriftOfOperation {
                operation: operation.id.to_string(),
                upstream: operation.binding.upstream.to_string(),
                encoding: operation.binding.answer.encoding.word().to_owned(),
                findings,
                more,
            })
        });
        DriftReport {
            contract: self.plan.digest.clone(),
            operations: operations.collect(),
        }
    }

    /// Indices come from the same plan, so they are in range.
    #[must_use]
    pub fn operation(&self, index: OperationIndex) -> &Operation {
        &self.plan.operations[index.0]
    }

    #[must_use]
    pub fn encoder(&self, index: OperationIndex) -> Option<&Encoder> {
        self.encoders.get(index.0)?.as_ref()
    }

    /// The header fields that all vendor calls of an operation have.
    #[must_use]
    pub fn vendor_fields(&self, index: OperationIndex) -> Arc<HeaderMap> {
        self.vendor_fields[index.0].clone()
    }

    /// What one request may wait for the store, all commands together. `None`: nothing is shared.
    #[must_use]
    pub fn store_budget(&self) -> Option<Arc<StoreBudget>> {
        let shared = self.settings.shared.as_ref()?;
        Some(Arc::new(StoreBudget::new(shared.budget)))
    }

    /// Whose key this is.
    #[must_use]
    pub fn caller(&self, key: &str) -> Option<&CallerKey> {
        let digest = CallerKey::digest(key);
        self.callers.iter().find(|caller| caller.has(&digest))
    }

    /// What every hit of an operation needs, made by `new` when the first one asks.
    pub fn hit_plan(&self, index: OperationIndex, new: impl FnOnce() -> HitPlan) -> &HitPlan {
        self.hit_plans[index.0].get_or_init(new)
    }

    /// `None`: the operation is not cached.
    #[must_use]
    pub fn cache_policy(&self, index: OperationIndex) -> Option<&CachePolicy> {
        self.cache_policies.get(index.0)?.as_ref()
    }

    /// Whether a request that is here already may look at what the cache holds for an operation. Ask this before
    /// the fence: what the fence does not know yet can have been answered only after a lease was over.
    #[must_use]
    pub fn has_lease(&self, index: OperationIndex) -> bool {
        let Some(memberships) = &self.memberships else {
            return true;
        };
        let account = memberships.of(index);
        account.is_some_and(|one| one.membership.has_lease())
    }

    /// What the records of an operation say alike. A process has one set of metrics.
    #[must_use]
    pub fn telemetry(&self, index: OperationIndex, metrics: &Metrics) -> &Telemetry {
        let new = || {
            let has_store = self.settings.shared.is_some();
            Telemetry::of(self.operation(index), metrics, has_store)
        };
        self.telemetry[index.0].get_or_init(new)
    }

    /// The GET of an operation's path.
    #[must_use]
    pub fn read_of(&self, index: OperationIndex) -> Option<OperationIndex> {
        *self.reads.get(index.0)?
    }

    /// `new` saw to it that each operation's vendor is there.
    #[must_use]
    pub fn upstream(&self, operation: &Operation) -> &Arc<dyn Upstream> {
        &self.upstreams[&*operation.binding.upstream]
    }
}
