//! Which way a read goes, by what the contract says of it. Writes have a room of their own.

use super::budget::CallBudget;
use super::result::OperationResult;
use super::{page, vendor_call};
use crate::engine::accept::invocation::Invocation;
use crate::engine::refusal::Refusal;
use crate::upstream::CallKind;

/// A read of a caller's, past the cache.
pub async fn read(
    read: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    match read.binding().paging() {
        Some(paging) => page::read(read, paging, budget).await,
        None => vendor_call::read(read, budget, CallKind::Read).await,
    }
}
