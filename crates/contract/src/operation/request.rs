//! What goes to the vendor: the body, the query, and which page of a list.

pub(crate) mod body;
pub(crate) mod fields;
pub(crate) mod paging;
pub(crate) mod query;
