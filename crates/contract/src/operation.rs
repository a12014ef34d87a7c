//! One operation: what callers see of it, and the vendor call that it is bound to.

pub(crate) mod answer;
pub(crate) mod answer_check;
pub(crate) mod answer_place;
pub(crate) mod binding;
pub(crate) mod body;
pub(crate) mod cache;
pub(crate) mod create;
pub(crate) mod emit;
pub(crate) mod error_map;
pub(crate) mod fails_if;
pub(crate) mod interface;
pub(crate) mod paging;
pub(crate) mod parameter;
pub(crate) mod path;
pub(crate) mod producer;
pub(crate) mod query;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod scope;
pub(crate) mod segment;
pub(crate) mod sent;
pub(crate) mod tag;
pub(crate) mod value;
pub(crate) mod write;
