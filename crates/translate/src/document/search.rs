//! What stands at a few places of a document, of which the rest is only checked.

mod in_json;
mod in_xml;
mod lead;
mod place;

pub(crate) use in_json::search as json;
pub(crate) use in_xml::search as xml;
pub(crate) use place::{Found, Wanted};
