//! `Location`: where what was made can be read.

use contract::{Operation, placeholder};
use translate::JsonText;

use crate::engine::accept::check;
use crate::engine::call::path::segment;

/// Why there is no `Location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoLocation {
    /// The answer does not have the member.
    Unknown,
    /// The route itself would refuse its value: a dead link.
    Refused,
}

/// The path of an operation, filled from the members of a value.
pub fn of(target: &Operation, value: &JsonText) -> Result<String, NoLocation> {
    let parts = target.path.split('/').map(|part| {
        let Some(name) = placeholder(part) else {
            return Ok(part.to_owned());
        };
        let text = value
            .scalar(&[name.to_owned()])
            .ok_or(NoLocation::Unknown)?;
        if check::takes(target, name, &text) {
            Ok(segment(&text))
        } else {
            Err(NoLocation::Refused)
        }
    });
    Ok(parts.collect::<Result<Vec<_>, _>>()?.join("/"))
}
