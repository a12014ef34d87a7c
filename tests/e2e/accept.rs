//! From a request that was read to a checked input, or a refusal: in which order, by which rule.

mod bodies;
mod callers;
mod head_checks;
mod identifiers;
mod limits;
mod many_bodies;
mod precedence;
mod repeated_fields;
mod spellings;
