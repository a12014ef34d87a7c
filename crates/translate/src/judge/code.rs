//! Which of the things an error answer says is its code.

use super::scan::{self, Scan};
use crate::answer::{AnswerPlan, ErrorMap, VendorErrors};

/// The longest member that passes for a code where nothing says what codes look like.
const MAX_CODE_CHARS: usize = 64;

/// The code. In go the declared members' and elements' texts in their order, and the start of the
/// body for the scan (`cut`: it goes on).
pub(super) fn choose<E>(
    plan: &AnswerPlan<E>,
    members: &[String],
    start: &str,
    cut: bool,
) -> Option<String> {
    let AnswerPlan { errors, vendor, .. } = plan;
    let fits = |text: &&String| {
        vendor
            .scan
            .as_deref()
            .is_some_and(|scan| scan::fits(text, scan))
    };
    let member = members
        .iter()
        .find(|text| is_known(text, errors, vendor))
        .or_else(|| members.iter().find(fits));
    if let Some(member) = member {
        return Some(member.clone());
    }
    // A member may hold a sentence or a status (`{"error": "Bad Request", …}`), so that a code
    // further on is the better one.
    if let Some(pattern) = &vendor.scan {
        match scan::scan(start, cut, pattern, &vendor.catalogue) {
            Scan::Code(code) => return Some(code),
            Scan::Ambiguous => return None,
            Scan::Nothing => {}
        }
    }
    members.iter().find(|text| looks_like_a_code(text)).cloned()
}

fn is_known(text: &String, errors: &ErrorMap, vendor: &VendorErrors) -> bool {
    vendor.catalogue.contains(text) || errors.codes.contains_key(text)
}

fn looks_like_a_code(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= MAX_CODE_CHARS
        && text.chars().all(|c| c.is_ascii_graphic())
}
