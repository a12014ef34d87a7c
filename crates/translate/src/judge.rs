//! All that the contract says about an answer, applied to one: a value, a problem, or "unclear".
//! No path leads from an answer that was not understood to a success.

mod call;
mod code;
mod drift;
mod fails_if;
mod fit;
mod location;
mod merge;
mod produce;
mod scan;
mod status;
mod vendor_error;

use std::sync::Arc;

use grammar::Pointer;
use serde_json::Value;

use crate::answer::{AnswerPlan, BodyRule, ErrorRow, Success};
use crate::document::{Document, content_type_fits, foreign, says_nothing};
use crate::json_text::JsonText;
use crate::mismatch::Mismatch;

use produce::Vendor;

pub use crate::decode::drift::{Finding, FindingKind, Guess, Known};
pub use call::{Answer, Called, Context};
pub use drift::drift;
pub use status::understood;
pub use vendor_error::VendorError;

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<E> {
    /// It is as agreed.
    Success {
        /// The plan's entry that says so.
        entry: Arc<Success<E>>,
        /// The unified answer; `None` where the entry has no shape.
        value: Option<JsonText>,
        /// Fields that a `Location` should have given and did not, and that ask for a look-up.
        look_up: Vec<Pointer>,
        /// Members, elements and attributes that the schema does not know.
        unknown_fields: usize,
        /// Values in another type than the schema's that could mean one thing only.
        lenient_values: usize,
    },
    /// A row of the error map, or a `fails_if` with a problem.
    Problem {
        /// The problem that it becomes.
        row: ErrorRow,
        /// What led to the row.
        by: MatchedBy,
        /// What the vendor says.
        vendor: VendorError,
        /// Pointers of the request's entries that `fails_if.items` names; at most 100.
        items: Vec<String>,
    },
    /// An error status without a row: the default of its class applies.
    Unmapped {
        /// What the vendor says.
        vendor: VendorError,
    },
    /// A status below 400 that cannot be understood, or a `fails_if` without a problem.
    Unclear(Mismatch),
}

/// What led to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedBy {
    /// The vendor's code.
    Code,
    /// The HTTP status, or the class that it belongs to.
    Status,
    /// The predicate of a success that says that it is none.
    FailsIf,
}

/// Judges an answer by the operation's plan.
#[must_use]
pub fn judge<E>(plan: &AnswerPlan<E>, answer: &Answer<'_>, context: &Context<'_>) -> Verdict<E> {
    match plan.success.of_status(answer.status) {
        Some(entry) => accept(plan, entry, answer, context).unwrap_or_else(Verdict::Unclear),
        None => refuse(plan, answer),
    }
}

/// An answer with a success status.
fn accept<E>(
    plan: &AnswerPlan<E>,
    success: &Arc<Success<E>>,
    answer: &Answer<'_>,
    context: &Context<'_>,
) -> Result<Verdict<E>, Mismatch> {
    let document = read(plan, success, answer)?;
    if let (Some(fails_if), Some(document)) = (&success.fails_if, &document)
        && fails_if::holds(success, fails_if, document)?
    {
        let Some(row) = &fails_if.row else {
            return Err(fails_if::unclear(fails_if));
        };
        return Ok(Verdict::Problem {
            row: row.clone(),
            by: MatchedBy::FailsIf,
            vendor: vendor_error::of_document(plan, answer.status, document)?,
            items: fails_if::named_entries(fails_if, document, context.request)?,
        });
    }
    let vendor = Vendor::Answer {
        document: document.as_ref(),
        answer,
    };
    let produced = produce::answer(success, &vendor, context)?;
    Ok(Verdict::Success {
        entry: Arc::clone(success),
        value: produced.value,
        look_up: produced.look_up,
        unknown_fields: produced.counts.unknown,
        lenient_values: produced.counts.lenient,
    })
}

/// The unified answer of a success whose own answer was lost: what the vendor would have said is taken
/// from `there`, the unified value of a read that showed it. `None` where the entry has no shape.
///
/// # Errors
/// A required field that neither the request nor the read gives.
pub fn assemble<E>(
    success: &Success<E>,
    context: &Context<'_>,
    there: Option<&Value>,
) -> Result<Option<JsonText>, Mismatch> {
    Ok(produce::answer(success, &Vendor::Read(there), context)?.value)
}

/// A part of one operation's unified value in the types of another's: what stands at `to` in `there`,
/// as the answer of `success` would say it there. `None` if it is not there or does not fit.
#[must_use]
pub fn part<E>(success: &Success<E>, to: &Pointer, there: &Value) -> Option<Value> {
    let (target, _) = merge::shape_at(success.shape.as_ref()?, to.tokens())?;
    fit::fitted(to.find(there)?, target)
}

/// The body, where there is one and the entry reads it. A type describes content (RFC 9110 §8.3), so
/// where there is none, whatever type is stated says nothing: many servers state `text/html` for want
/// of a better one.
fn read<'b, E>(
    plan: &AnswerPlan<E>,
    success: &Success<E>,
    answer: &Answer<'b>,
) -> Result<Option<Document<'b>>, Mismatch> {
    let empty = answer.whole && says_nothing(answer.body);
    // 204 and 205 have no content (RFC 9110 §15.3.5 and .6).
    let no_content = empty || matches!(answer.status, 204 | 205);
    if !no_content && !content_type_fits(plan.encoding, answer.content_type) {
        return Err(foreign(plan.encoding, answer.content_type, answer.body));
    }
    match success.body {
        BodyRule::Ignored => Ok(None),
        BodyRule::Optional if empty => Ok(None),
        BodyRule::Required if empty => Err(Mismatch::new(plan.encoding.accept(), "an empty body")),
        BodyRule::Optional | BodyRule::Required => Document::of(
            plan.encoding,
            answer.content_type,
            answer.body,
            &answer.limits,
        )
        .map(Some),
    }
}

/// An answer with any other status: by code, by status, or by neither.
fn refuse<E>(plan: &AnswerPlan<E>, answer: &Answer<'_>) -> Verdict<E> {
    let problem = |row: &ErrorRow, by, vendor| Verdict::Problem {
        row: row.clone(),
        by,
        vendor,
        items: Vec::new(),
    };
    let vendor = vendor_error::of_answer(plan, answer);
    let by_code = vendor
        .code
        .as_ref()
        .and_then(|code| plan.errors.codes.get(code));
    // A code is how a vendor words an error. What it puts into a success or a redirect that the
    // contract does not expect is not one.
    if let Some(row) = by_code.filter(|_| answer.status >= 400) {
        return problem(row, MatchedBy::Code, vendor);
    }
    let row = plan.errors.statuses.get(&answer.status);
    // Only of errors: which success the contract expects it says itself.
    let class = (answer.status >= 400)
        .then(|| plan.errors.statuses.get(&understood(answer.status)))
        .flatten();
    if let Some(row) = row.or(class) {
        return problem(row, MatchedBy::Status, vendor);
    }
    if answer.status >= 400 {
        return Verdict::Unmapped { vendor };
    }
    Verdict::Unclear(unexpected_status(plan, answer))
}

fn unexpected_status<E>(plan: &AnswerPlan<E>, answer: &Answer<'_>) -> Mismatch {
    let statuses: Vec<String> = plan
        .success
        .iter()
        .flat_map(|success| &success.statuses)
        .map(u16::to_string)
        .collect();
    let mut mismatch = Mismatch::new(
        format!("status {}", statuses.join(", ")),
        format!("status {}", answer.status),
    );
    mismatch.excerpt = crate::mismatch::excerpt_of_bytes(answer.body);
    mismatch
}
