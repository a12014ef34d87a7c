//! What an operation does at the vendor, and what only a read or only a write has.

use std::sync::Arc;

use grammar::Pointer;

use super::cache::{CacheRule, TagSource};
use super::index::OperationIndex;
use super::source::Source;

/// Whether the vendor call may change something: by the words of the contract, not by the method.
#[derive(Debug)]
pub enum Effect {
    /// It changes nothing: it may be made again, and its answer kept.
    Read(ReadPlan),
    /// It may change something: it is made once, and what became of it is told.
    Write(WritePlan),
}

/// What a read has beside its call.
#[derive(Debug, Default)]
pub struct ReadPlan {
    /// `None`: the whole list, or no list.
    pub paging: Option<Paging>,
    /// `None`: every request asks the vendor.
    pub cache: Option<CacheRule>,
}

/// What a write has beside its call.
#[derive(Debug)]
pub struct WritePlan {
    /// Done twice it leaves the same as done once.
    pub repeatable: bool,
    /// `None`: an unclear write stays unknown, unless it is `repeatable`.
    pub unclear: Option<Unclear>,
    /// What becomes of it where nothing is there to update.
    pub create_if_absent: Option<CreateIfAbsent>,
    /// What may be other than it was, unless the write is proven undone.
    pub invalidates: Vec<TagSource>,
}

/// The last index that a vendor is asked to start a page at: a list that goes on behind it is none, and
/// vendors read the index into 32 bits.
pub const LAST_INDEX: u64 = i32::MAX as u64;

/// `paging.style: offset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// Vendor query name of the start index.
    pub start: String,
    /// The index of the first item, at most half of [`LAST_INDEX`].
    pub first: u64,
    /// Vendor query name of the page size, in items.
    pub count: String,
    /// Vendor statuses that mean "no more" after the first page: 204, or 300 to 599.
    pub end: Vec<u16>,
    /// The member of the unified answer that holds the items.
    pub items: String,
}

/// How often a read looks for an unclear write.
pub const LOOK_UPS: usize = 3;

/// What tells whether an unclear write happened. `with` are the path parameters of the read, by name, all of
/// them: their sources read the write's request.
#[derive(Debug, Clone, PartialEq)]
pub enum Unclear {
    /// For creates: finds what was made.
    LookUp {
        /// The read.
        operation: OperationIndex,
        /// Its path parameters.
        with: Vec<(String, Source)>,
        /// Never [`Compare::Absent`].
        compare: Compare,
        /// The problem when something else is there.
        different: Arc<str>,
    },
    /// For other writes: shows what was written.
    ReadBack {
        /// The read.
        operation: OperationIndex,
        /// Its path parameters.
        with: Vec<(String, Source)>,
        /// What must be as it was sent.
        compare: Compare,
    },
}

impl Unclear {
    /// The read, and the sources of its path parameters.
    #[must_use]
    pub fn read(&self) -> (OperationIndex, &[(String, Source)]) {
        match self {
            Self::LookUp {
                operation, with, ..
            }
            | Self::ReadBack {
                operation, with, ..
            } => (*operation, with),
        }
    }

    /// What must be as it was sent.
    #[must_use]
    pub const fn compare(&self) -> &Compare {
        match self {
            Self::LookUp { compare, .. } | Self::ReadBack { compare, .. } => compare,
        }
    }
}

/// What of a write is held against what a read shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare {
    /// Each field that was sent and that the read's schema has.
    Returned,
    /// These places of the unified request, as far as they were sent, and of the read's unified answer.
    Pointers(Vec<Pointer>),
    /// For deletes: done if the read ends in a 404.
    Absent,
}

/// `create_if_absent`: an update that becomes a create.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIfAbsent {
    /// A POST of the same vendor that needs nothing but the body.
    pub operation: OperationIndex,
    /// Problems of the update that mean that nothing is there.
    pub when: Vec<Arc<str>>,
    /// Places of the unified request without which it is no create.
    pub requires: Vec<Pointer>,
    /// Places of the unified request that must hold the value of their source.
    pub same: Vec<(Pointer, Source)>,
    /// Places that the `set` of this operation fills and that the create's schema calls read-only: no
    /// caller may send them, and what is filled is sent.
    pub filled: Vec<Pointer>,
    /// Problems of the create after which the update is tried once more.
    pub again_when: Vec<Arc<str>>,
}
