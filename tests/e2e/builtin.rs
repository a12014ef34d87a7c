//! What the gateway answers of itself.

mod conditions;
mod docs;
mod files;
mod pages;
mod plain_docs;
