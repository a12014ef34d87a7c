//! A vendor's own text, before it goes into one of ours: our credentials are redacted, and of a server error
//! little is passed on.

use contract::Emit;
use translate::answer::AnswerPlan;
use translate::judge::{VendorError, Verdict};
use translate::mismatch::Mismatch;

use crate::engine::call::result::CallResult;
use crate::upstream::CallCredential;

/// Strikes what the call bore out of all that the vendor says of an error. Values of an answer are data and
/// stay as they are.
pub fn redact(verdict: &mut Verdict<Emit>, credential: &CallCredential) {
    match verdict {
        Verdict::Success { .. } => {}
        Verdict::Problem { vendor, .. } | Verdict::Unmapped { vendor } => {
            let words = [&mut vendor.code, &mut vendor.message];
            words
                .into_iter()
                .flatten()
                .for_each(|text| credential.redact(text));
        }
        Verdict::Unclear(mismatch) => redact_mismatch(mismatch, credential),
    }
}

fn redact_mismatch(mismatch: &mut Mismatch, credential: &CallCredential) {
    credential.redact_fragment(&mut mismatch.found);
    credential.redact_fragment(&mut mismatch.excerpt);
    // A member's name is the vendor's too, and each was cut for itself.
    let names = mismatch.at.split('/').map(|name| {
        let mut name = name.to_owned();
        credential.redact(&mut name);
        name
    });
    mismatch.at = names.collect::<Vec<_>>().join("/");
}

/// Makes the end of the call of what may be passed on of the vendor's error. Of a 5xx that is a code which the contract
/// knows; its message is a stack trace more often than a sentence. What is withheld goes into the log.
pub fn withhold(
    plan: &AnswerPlan<Emit>,
    mut vendor: VendorError,
    end: impl FnOnce(VendorError) -> CallResult,
) -> CallResult {
    if vendor.status < 500 {
        return end(vendor);
    }
    let known = |code: &String| {
        plan.vendor.catalogue.contains(code) || plan.errors.codes.contains_key(code)
    };
    let message = vendor.message.take();
    let code = vendor.code.take_if(|code| !known(code));
    let said: Vec<String> = [code, message].into_iter().flatten().collect();
    let mut result = end(vendor);
    if let (Some(refusal), false) = (result.refusal_mut(), said.is_empty()) {
        let said = format!("the vendor said: {}", said.join(": "));
        refusal.cause = Some(match refusal.cause.take() {
            Some(cause) => format!("{cause}; {said}"),
            None => said,
        });
    }
    result
}
