//! The head of a request: where it leads, whether it is well made, and who sends it.

use std::sync::Arc;

use http::request::Parts;

use super::route::{Routed, route};
use super::{authenticate, head_checks};
use crate::engine::context::{RequestContext, Target};
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

/// The context of a request, and where it goes. The order of the checks is the order of refusals
/// (docs/life-of-a-request.md).
pub fn admit<'r>(
    runtime: &'r Arc<Runtime>,
    head: &'r Parts,
) -> (RequestContext, Result<Routed<'r>, Refusal>) {
    let context = RequestContext::start(runtime, head);
    // The route comes first for its labels only: a refusal of a write tells its outcome.
    let routed = route(runtime, &head.method, head.uri.path());
    let target = routed.as_ref().map_or(Target::NONE, Routed::target);
    let mut caller = None;
    let admitted = head_checks::check_head(head, &runtime.settings.limits)
        .and(routed)
        .and_then(|routed| {
            let Routed::Operation { index, .. } = routed else {
                return Ok(routed);
            };
            if let Some(known) = authenticate::identify(runtime, &head.headers)? {
                caller = Some(known.name.clone());
                authenticate::authorize(known, runtime.operation(index))?;
            }
            Ok(routed)
        });
    (context.with_target(target).with_caller(caller), admitted)
}

/// The context of a request that is refused in any case, for its labels and the outcome of a write.
pub fn context(runtime: &Arc<Runtime>, head: &Parts) -> RequestContext {
    let routed = route(runtime, &head.method, head.uri.path());
    let target = routed.map_or(Target::NONE, |routed| routed.target());
    RequestContext::start(runtime, head).with_target(target)
}
