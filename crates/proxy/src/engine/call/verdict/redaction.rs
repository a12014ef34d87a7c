//! A vendor's own text, before it goes into one of ours: our credentials are redacted, and of a server error
//! little is passed on.

use contract::Emit;
use translate::answer::AnswerPlan;
use translate::judge::{Finding, Guess, VendorError, Verdict};
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

/// Strikes what the call bore out of the names and words by which findings are told: a vendor may name a field by
/// a credential. What may not be told is `?`, as elsewhere in them.
pub fn redact_findings(found: &mut [Finding], credential: &CallCredential) {
    for finding in found {
        let names = finding.at.split('/');
        let names = names.map(|name| {
            if is_clean(name, credential) {
                name
            } else {
                "?"
            }
        });
        finding.at = names.collect::<Vec<_>>().join("/");
        redact_guess(&mut finding.found, credential);
    }
}

fn redact_guess(guess: &mut Guess, credential: &CallCredential) {
    match guess {
        Guess::Word(word) => *word = word.take().filter(|text| is_clean(text, credential)),
        Guess::Array(Some(item)) => redact_guess(item, credential),
        Guess::Object(members) => {
            members.retain(|(name, _)| is_clean(name, credential));
            for (_, member) in members {
                redact_guess(member, credential);
            }
        }
        _ => {}
    }
}

fn is_clean(text: &str, credential: &CallCredential) -> bool {
    let mut redacted = text.to_owned();
    credential.redact(&mut redacted);
    redacted == text
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
