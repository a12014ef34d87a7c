//! The series that a configuration makes stand in the metrics from the start, with 0: `increase()` sees no
//! first event of a series that was not there before it.

mod answers;

use std::collections::BTreeMap;

use contract::OperationIndex;

use super::runtime::Runtime;
use crate::metrics::{Metrics, NewOperation};
use answers::answers;

/// Opens every series whose labels the contract and the settings tell. Those of a configuration before stay.
pub fn stand(runtime: &Runtime, metrics: &Metrics) {
    for (place, operation) in runtime.plan.operations.iter().enumerate() {
        let index = OperationIndex(place);
        let (id, binding) = (&*operation.id, &operation.binding);
        for (status, code) in answers(runtime, index) {
            metrics.requests.stand(id, status, &code);
        }
        let _with_its_series = runtime.telemetry(index, metrics);
        if binding.is_write() {
            metrics.requests.stand_write(id);
        } else {
            let is_cached = runtime.cache_policy(index).is_some();
            metrics.cache.stand(id, is_cached);
        }
        let success = &binding.answer.success;
        metrics.upstreams.stand_operation(NewOperation {
            upstream: &binding.upstream,
            operation: id,
            has_location: success.iter().any(|one| one.emit.location.is_some()),
        });
    }
    let upstreams = runtime.settings.upstreams.iter();
    let known = upstreams.map(|one| (one.name.clone(), one.auth.fetches_tokens()));
    let known: BTreeMap<String, bool> = known.collect();
    for (name, fetches_tokens) in &known {
        metrics.upstreams.stand(name, *fetches_tokens);
    }
    if let Some(shared) = &runtime.settings.shared {
        let upstreams = known.keys().cloned().collect();
        metrics.shared.stand(upstreams, shared.cache);
    }
    metrics.upstreams.now.stand(known);
    metrics.set_contract(&runtime.plan.digest);
}
