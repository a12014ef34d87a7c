//! The compiled contract: what the engine runs. Nothing in here refers back to the document.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use translate::answer::AnswerPlan;
use translate::{Field, FormStyle, Shape};
use validate::Validator;

mod index;
pub mod router;

pub use index::OperationIndex;
pub use router::{Route, Router};

/// A whole contract, resolved and checked.
#[derive(Debug)]
pub struct Plan {
    /// Hex SHA-256 over the document, order included: where anything differs that a caller could see,
    /// the digests differ.
    pub digest: String,
    pub title: String,
    pub version: String,
    pub operations: Vec<Operation>,
    pub router: Router,
    /// The gateway's own problems and the contract's, by code.
    pub problems: BTreeMap<Arc<str>, Problem>,
    /// The keys of `x-vendors`: each needs an entry under `upstreams` in `gateway.yaml`.
    pub upstreams: Vec<String>,
    /// The document without its internals, as `/openapi.json` serves it.
    pub openapi: Value,
    /// What loads and has a better successor, in the order of the text.
    pub warnings: Vec<crate::Diagnostic>,
}

impl Plan {
    /// The GET of an operation's path, however the two name its parameters.
    #[must_use]
    pub fn read_of(&self, operation: &Operation) -> Option<OperationIndex> {
        read_of(&self.operations, &operation.path).map(OperationIndex)
    }
}

/// Where among the operations the GET of a path stands.
pub(crate) fn read_of(operations: &[Operation], path: &str) -> Option<usize> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let is_same = |other: &Operation| {
        let (mut one, mut other) = (path.split('/'), other.path.split('/'));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if one == other => {}
                (Some(one), Some(other)) if is_parameter(one) && is_parameter(other) => {}
                _ => return false,
            }
        }
    };
    operations
        .iter()
        .position(|other| other.method == "GET" && is_same(other))
}

#[derive(Debug)]
pub struct Operation {
    pub id: Arc<str>,
    pub summary: String,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The unified path template, e.g. `/v1/books/{isbn}`.
    pub path: String,
    pub parameters: Vec<Parameter>,
    pub body: Option<RequestBody>,
    /// What every answer says of the operation's end; `None` where it has none.
    pub deprecation: Option<Deprecation>,
    pub binding: Binding,
}

/// That callers should leave an operation. Times are seconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// RFC 9745: from here on new callers should not take it up.
    pub since: u64,
    /// RFC 8594, not before `since`: from here on it may be gone.
    pub sunset: Option<u64>,
    /// An absolute http or https URL, in characters that a header can carry between `<` and `>`.
    pub link: Option<String>,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub place: ParameterPlace,
    pub required: bool,
    /// Checks the value as JSON; for an array the whole of it.
    pub validator: Validator,
    /// Arrays only: checks and converts each raw value.
    pub item: Option<Validator>,
    pub shape: Shape,
    pub form: Option<FormStyle>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    Path,
    Query,
}

#[derive(Debug)]
pub struct RequestBody {
    pub required: bool,
    /// Lower case, without parameters, e.g. `application/json`, `application/merge-patch+json`.
    pub media_types: Vec<String>,
    pub validator: Validator,
    pub shape: Shape,
}

/// The last index that a vendor is asked to start a page at: a list that goes on behind it is none, and
/// vendors read the index into 32 bits.
pub const LAST_INDEX: u64 = i32::MAX as u64;

/// How often a read looks for an unclear write.
pub const LOOK_UPS: usize = 3;

/// `x-upstream`: one vendor call and what may follow it.
#[derive(Debug)]
pub struct Binding {
    pub upstream: Arc<str>,
    pub method: String,
    pub path: VendorPath,
    pub query: Vec<QueryPair>,
    /// `None`: the vendor call has no body.
    pub request: Option<RequestPlan>,
    pub answer: AnswerPlan<Emit>,
    pub paging: Option<Paging>,
    /// `None`: a read.
    pub write: Option<WritePlan>,
    pub create_if_absent: Option<CreateIfAbsent>,
    /// Reads only. `None`: every request asks the vendor.
    pub cache: Option<CacheRule>,
    /// Writes only: what may be other than it was, unless the write is proven undone.
    pub invalidates: Vec<TagSource>,
    /// The most vendor calls that one request can cause, follow-ups included: 1, and after a write the
    /// longer of 1 (a field says `missing: look_up`) and [`LOOK_UPS`] reads (`unclear`; twice as many
    /// where a rename must have left its old name) or 1 repetition (`repeatable`). With
    /// `create_if_absent` the longest of the ways through update and create. Not counted are the fetch
    /// of a token, the repetition of a call that provably did not happen, the one retry of a read, the
    /// read that a precondition (`If-Match`) needs, and what a request under an `Idempotency-Key` of unknown outcome looks up before and after.
    pub max_vendor_calls: usize,
}

/// A vendor path whose parameters become exactly one encoded segment each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPath {
    pub segments: Vec<VendorSegment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendorSegment {
    Literal(String),
    /// The name of a unified path parameter.
    Parameter(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct QueryPair {
    /// Wire name, shape and `x-form` of the value.
    pub field: Field,
    pub source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Unescaped tokens of a JSON Pointer into the request (in a read's tags: into the answer).
    Pointer(Vec<String>),
    Path(String),
    Query(String),
    Const(Value),
}

#[derive(Debug, Clone)]
pub struct RequestPlan {
    pub encoding: translate::Encoding,
    /// XML only.
    pub root: Option<translate::Root>,
    /// Fills what is absent, never overwrites. In order.
    pub set: Vec<SetField>,
    /// Taken out before encoding.
    pub omit: Vec<Vec<String>>,
    /// The body's shape without the omitted fields.
    pub shape: Shape,
}

/// One entry of `request.set`.
#[derive(Debug, Clone)]
pub struct SetField {
    /// Unescaped tokens of the JSON Pointer to the field.
    pub tokens: Vec<String>,
    pub source: Source,
    /// Of the field's schema. The types of both ends were held against each other at load, and a
    /// constant wholly; a parameter may still have a value that the field does not take.
    pub validator: Arc<Validator>,
}

/// How long an answer may be given again.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheRule {
    pub ttl: Duration,
    /// Counted from the end of `ttl`, as is `stale_if_error`. Zero: not at all.
    pub stale_while_revalidate: Duration,
    pub stale_if_error: Duration,
    /// How long a problem of status 404 may be given again. `None`: not at all.
    pub not_found: Option<Duration>,
    /// What an answer shows. A pointer reads the answer.
    pub tags: Vec<TagSource>,
}

/// A tag whose value is known when a request, or an answer, is there.
#[derive(Debug, Clone, PartialEq)]
pub struct TagSource {
    pub name: Arc<str>,
    pub reach: TagReach,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TagReach {
    /// `name.*`
    All,
    Kind {
        kind: Arc<str>,
        value: Option<Source>,
    },
}

/// What callers are sent for a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emit {
    pub status: u16,
    /// `Location` names this operation's path; each of its path parameters is the member of the
    /// answer with the same name.
    pub location: Option<OperationIndex>,
}

/// `paging.style: offset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// Vendor query name of the start index, and the index of the first item.
    pub start: String,
    pub first: u64,
    /// Vendor query name of the page size.
    pub count: String,
    /// Statuses that mean "no more" after the first page.
    pub end: Vec<u16>,
    /// Where the items stand in the unified answer.
    pub items: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct WritePlan {
    pub repeatable: bool,
    pub unclear: Option<Unclear>,
}

/// What tells whether an unclear write happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Unclear {
    LookUp {
        operation: OperationIndex,
        with: Vec<(String, Source)>,
        compare: Compare,
        /// The problem when something else is there.
        different: Arc<str>,
    },
    ReadBack {
        operation: OperationIndex,
        with: Vec<(String, Source)>,
        compare: Compare,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare {
    /// Each field that was sent and that the read's schema has.
    Returned,
    Pointers(Vec<Vec<String>>),
    /// For deletes: done if the read ends in a 404.
    Absent,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateIfAbsent {
    pub operation: OperationIndex,
    pub when: Vec<Arc<str>>,
    pub requires: Vec<Vec<String>>,
    pub same: Vec<(Vec<String>, Source)>,
    /// Fields that the `set` of this operation fills and that the create's schema calls read-only: no
    /// caller may send them, and what is filled is sent.
    pub filled: Vec<Vec<String>>,
    pub again_when: Vec<Arc<str>>,
}

/// One row of the problem catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Arc<str>,
    pub status: u16,
    pub title: String,
    pub hint: Option<String>,
    /// When a caller meets it, for `/problems` and the docs.
    pub description: String,
    /// Declared by the contract's `x-problems` rather than by the gateway.
    pub domain: bool,
}
