//! The head of a request: where it leads, whether it is well made, and who sends it.

use std::sync::Arc;

use http::request::Parts;

use super::route::{Routed, route};
use super::{authenticate, head_checks};
use crate::engine::context::RequestContext;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::shared::Allowance;

/// A request that may go on.
pub struct Admitted<'r> {
    pub routed: Routed<'r>,
    /// Whether its caller's quota has room has to be asked yet.
    pub quota: Option<Arc<Allowance>>,
}

/// Where a request goes; its context gets to know what it is for and who sends it. The order of the checks is
/// the order of refusals (docs/life-of-a-request.md).
pub fn admit<'r>(
    runtime: &'r Runtime,
    head: &'r Parts,
    context: &mut RequestContext,
) -> Result<Admitted<'r>, Refusal> {
    // The route comes first for its labels only: a refusal of a write tells its outcome.
    let routed = route(runtime, &head.method, head.uri.path());
    if let Ok(routed) = &routed {
        context.set_target(routed.target());
    }
    head_checks::check_head(head, &runtime.settings.limits)?;
    let routed = routed?;
    let mut quota = None;
    if let Routed::Operation { index, .. } = routed
        && let Some(caller) = authenticate::identify(runtime, &head.headers)?
    {
        context.set_caller(&caller.name);
        quota = authenticate::authorize(caller, runtime.operation(index))?.cloned();
    }
    Ok(Admitted { routed, quota })
}

/// The context of a request that is refused in any case, for its labels and the outcome of a write.
pub fn refused(runtime: &Arc<Runtime>, head: &Parts) -> RequestContext {
    let mut context = RequestContext::start(runtime, head);
    if let Ok(routed) = route(runtime, &head.method, head.uri.path()) {
        context.set_target(routed.target());
    }
    context
}
