//! `config schema`: JSON Schemas for editors.

use std::process::ExitCode;

use serde_json::json;

use super::{SchemaOf, print};
use crate::settings;

pub fn run(of: Option<SchemaOf>) -> ExitCode {
    let schema = match of {
        Some(SchemaOf::Gateway) => settings::schema(),
        Some(SchemaOf::Contract) => contract::schema(),
        None => json!({"gateway": settings::schema(), "contract": contract::schema()}),
    };
    print(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    ExitCode::SUCCESS
}
