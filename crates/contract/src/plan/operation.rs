//! One operation as callers see it.

use std::collections::BTreeSet;

use http::Method;
use validate::Validator;

use super::binding::Binding;
use super::id::OperationId;
use super::path::placeholder;

/// One operation of the unified interface, and the vendor call that it is bound to.
#[derive(Debug)]
pub struct Operation {
    /// Unique in the plan.
    pub id: OperationId,
    /// One line for people; empty where the contract has none.
    pub summary: String,
    /// GET, POST, PUT, PATCH or DELETE. Whether a call may change something says [`Binding::effect`].
    pub method: Method,
    /// The unified path template, e.g. `/v1/books/{isbn}`.
    pub path: String,
    /// In the order of the contract, those of the path item first.
    pub parameters: Vec<Parameter>,
    /// `None`: a request with a body is refused.
    pub body: Option<RequestBody>,
    /// What every answer says of the operation's end; `None` where it has none.
    pub deprecation: Option<Deprecation>,
    /// `x-upstream`.
    pub binding: Binding,
    /// The names under which values marked `x-sensitive` stand in its requests and answers: ours, the vendor's, and
    /// those of the items of an array.
    pub sensitive: BTreeSet<String>,
    /// The texts that are known of its answers' fields: `x-extensible-enum`.
    pub listed: Vec<Listed>,
}

/// A field of an answer that is one of few texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Of the answer that is sent with this status.
    pub status: u16,
    /// A pointer into the unified answer; `*` stands for each item and each entry.
    pub at: String,
    /// The texts.
    pub texts: Vec<String>,
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

impl Operation {
    /// The parameter of a place and name; `None` if none is declared.
    #[must_use]
    pub fn parameter(&self, place: ParameterPlace, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|one| one.place == place && one.name == name)
    }

    /// The names of the path's placeholders, in its order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(placeholder)
    }
}

/// A parameter of the unified path or query.
#[derive(Debug)]
pub struct Parameter {
    /// Unique in its place.
    pub name: String,
    /// Where callers write it.
    pub place: ParameterPlace,
    /// Always true in a path.
    pub required: bool,
    /// Checks the value as JSON; for an array the whole of it.
    pub validator: Validator,
    /// Arrays only: checks and converts each raw value.
    pub item: Option<Validator>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// One whole segment of the path.
    Path,
    /// A pair of the query string.
    Query,
}

/// The JSON body of a request.
#[derive(Debug)]
pub struct RequestBody {
    /// A request without one is refused.
    pub required: bool,
    /// Lower case, without parameters, e.g. `application/json`, `application/merge-patch+json`.
    pub media_types: Vec<String>,
    /// Checks the whole body.
    pub validator: Validator,
}
