//! What an answer holds that the contract does not say of it.

use grammar::pointer;

use super::call::Answer;
use super::merge;
use super::produce::{namespace, required};
use crate::answer::{AnswerPlan, BodyRule, Produced, Success};
use crate::decode::Target;
use crate::decode::drift::{Finding, Findings, Known, examine};
use crate::document::{Document, says_nothing};

/// All that differs; at most 64 findings, each once. Nothing where the answer is no success or cannot be read.
#[must_use]
pub fn drift<E>(
    plan: &AnswerPlan<E>,
    success: &Success<E>,
    answer: &Answer<'_>,
    known: Vec<Known<'_>>,
) -> Vec<Finding> {
    let mut findings = Findings::new(known);
    if success.body == BodyRule::Ignored || says_nothing(answer.body) {
        return findings.list;
    }
    let (content_type, limits) = (answer.content_type, &answer.limits);
    let Ok(document) = Document::of(plan.encoding, content_type, answer.body, limits) else {
        return findings.list;
    };
    let Some(shape) = &success.shape else {
        return findings.list;
    };
    let reads = success.producers.iter().enumerate();
    for (index, producer) in reads.filter(|(_, one)| one.from == Produced::Body) {
        let Some((target, field)) = merge::shape_at(shape, producer.to.tokens()) else {
            continue;
        };
        let others = success.producers.iter().enumerate();
        let others = others.filter(|(other, _)| *other != index);
        let given = others.map(|(_, one)| one.to.to_string()).collect();
        findings.begin(pointer::of(producer.to.tokens()), given);
        let target = Target {
            shape: target,
            namespace: namespace(success, field),
            holder: field.map(|field| field.wire.as_str()),
            required: required(success, producer),
        };
        // What cannot be read has been told by the verdict.
        let _ = examine(&document, &success.at, target, &mut findings);
    }
    findings.list
}
