//! An answer that is not quite as the contract says is looked through once more.

use contract::{Emit, OperationIndex};
use translate::answer::Success;
use translate::judge::{self, Answer, Known};

use super::redaction::redact_findings;
use crate::engine::catch_panic;
use crate::engine::runtime::Runtime;
use crate::upstream::{CallCredential, Notice};

/// Takes note of what an answer of this entry holds beyond the contract.
pub fn look(
    runtime: &Runtime,
    index: OperationIndex,
    entry: &Success<Emit>,
    answer: &Answer<'_>,
    credential: &CallCredential,
) {
    let operation = runtime.operation(index);
    let status = entry.emit.status.as_u16();
    let listed = operation.listed.iter().filter(|one| one.status == status);
    let known = listed.map(|one| Known {
        at: &one.at,
        texts: &one.texts,
        is_personal: one
            .at
            .rsplit('/')
            .any(|name| operation.sensitive.contains(name)),
    });
    let known: Vec<Known<'_>> = known.collect();
    // What only tells of an answer must not fail it; the panic has a line of its own.
    let found = catch_panic::of(|| {
        runtime.drift.look(index, status, || {
            let mut found = judge::drift(&operation.binding.answer, entry, answer, known);
            redact_findings(&mut found, credential);
            found
        })
    });
    let upstream = runtime.upstream(operation);
    let mut kinds: Vec<_> = found
        .unwrap_or_default()
        .iter()
        .map(|one| one.kind)
        .collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        upstream.notice(&operation.id, Notice::Drift(kind));
    }
}
