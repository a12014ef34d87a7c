//! Every keyword that the compiler reads, by the object it stands in. What is not here is refused;
//! `extensions.json` says the same of the extensions, for editors.

mod deprecated;
mod extensions;
mod openapi;
mod table;

pub(crate) use deprecated::deprecated;
pub use deprecated::{DEPRECATED_WORDS, DeprecatedWord};
pub(crate) use extensions::*;
pub(crate) use openapi::*;
pub(crate) use table::{Note, Table, Use};
