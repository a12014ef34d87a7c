//! What to do about a problem: the catalogue's hint, unless it speaks of another case.

use std::borrow::Cow;

use contract::{GatewayProblem, Problem};
use translate::judge::VendorError;

use crate::engine::refusal::Refusal;

/// `None` where a problem of the contract has no hint.
pub fn of<'r>(refusal: &'r Refusal, write: bool, row: Option<&'r Problem>) -> Option<Cow<'r, str>> {
    if let Some(hint) = &refusal.hint {
        return Some(hint.into());
    }
    let vendor = refusal.upstream.as_ref().map(|(_, vendor)| vendor);
    let fitting = match vendor {
        Some(vendor) => of_vendor(refusal, vendor),
        None if refusal.is(GatewayProblem::InternalError) && !write => {
            Some("Report it with the `trace_id`.")
        }
        None => None,
    };
    match fitting {
        Some(hint) => Some(hint.into()),
        None => row?.hint.as_deref().map(Cow::from),
    }
}

/// What the catalogue cannot know: the answer came from a vendor.
fn of_vendor(refusal: &Refusal, vendor: &VendorError) -> Option<&'static str> {
    if refusal.is(GatewayProblem::ValidationFailed) && refusal.errors.is_empty() {
        // A vendor that finds fault with a request mostly does not say where; the catalogue's hint
        // speaks of `errors`.
        let has_words = vendor.code.is_some() || vendor.message.is_some();
        return Some(if has_words {
            "The vendor does not say which value it refuses; `upstream` has its own words."
        } else {
            "The vendor says neither which value it refuses nor why; hold the request against its documentation."
        });
    }
    if refusal.is(GatewayProblem::ContentTooLarge) {
        return Some("Send less; the vendor does not say how much it takes.");
    }
    (refusal.is(GatewayProblem::UpstreamError) && !is_passing(vendor.status)).then_some(
        "Repeating does not help: the vendor refuses the request itself, and the contract has no problem of its own for that. Report it to the operator of the gateway with the `trace_id`.",
    )
}

/// Whether a status can be another one at the next try: 408, 425 and 429 of the client errors, and of
/// the server errors those that do not say that there is no such method (RFC 9110 §15.6.2) or version.
const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429)
        || (status >= 500 && !matches!(status, 501 | 505))
        || status < 300
}
