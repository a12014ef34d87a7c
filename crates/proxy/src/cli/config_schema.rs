//! `config schema`: JSON Schemas for editors.

use std::process::ExitCode;

use serde_json::json;

use super::{SchemaOf, print, print_error};

const GATEWAY: &str = include_str!("../settings/gateway.schema.json");

pub fn run(of: Option<SchemaOf>) -> ExitCode {
    let gateway: serde_json::Value = match serde_json::from_str(GATEWAY) {
        Ok(schema) => schema,
        Err(error) => {
            return print_error(&format!("error: the built-in schema is broken: {error}"));
        }
    };
    let schema = match of {
        Some(SchemaOf::Gateway) => gateway,
        Some(SchemaOf::Contract) => contract::schema(),
        None => json!({"gateway": gateway, "contract": contract::schema()}),
    };
    print(&serde_json::to_string_pretty(&schema).unwrap_or_default());
    ExitCode::SUCCESS
}
