//! Where a value comes from that is not the vendor's.

use std::sync::Arc;

use grammar::Pointer;
use serde_json::Value;
use translate::Field;
use validate::Validator;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A place in the unified request body after `set`; in the tags of a read, in its unified answer.
    Pointer(Pointer),
    /// The name of a unified path parameter.
    Path(String),
    /// The name of a unified query parameter, which may be absent.
    Query(String),
    /// A string, number or boolean of the contract.
    Const(Value),
}

/// One entry of `x-upstream.query`.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryPair {
    /// Wire name, shape and `x-form` of the value.
    pub field: Field,
    /// The pair is left out where the source gives nothing.
    pub source: Source,
}

/// `request`: what becomes of the unified body on its way to the vendor.
#[derive(Debug, Clone)]
pub struct RequestPlan {
    /// How the body is written.
    pub encoding: translate::Encoding,
    /// The root element; XML only.
    pub root: Option<translate::Root>,
    /// Fills what is absent, never overwrites. In order.
    pub set: Vec<SetField>,
    /// Places of the unified body that are taken out before encoding.
    pub omit: Vec<Pointer>,
    /// The body's shape without the omitted fields.
    pub shape: translate::Shape,
}

/// One entry of `request.set`.
#[derive(Debug, Clone)]
pub struct SetField {
    /// The place in the unified body that is filled; never the whole.
    pub field: Pointer,
    /// What it is filled with.
    pub source: Source,
    /// Of the field's schema. The types of both ends were held against each other at load, and a
    /// constant wholly; a parameter may still have a value that the field does not take.
    pub validator: Arc<Validator>,
}
