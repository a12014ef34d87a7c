use serde_json::{Map, Value};

use crate::mismatch::Mismatch;
use crate::shape::Field;

/// Whether a required field must be in the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    Now,
    /// Another source may give it; the caller checks the merged value. Holds for the value and the
    /// objects in it, not for the entries of arrays and maps.
    Later,
}

/// Puts a field's value where the shape wants it. Absence is `None`; a field that must be there and
/// may be null is written null, since absence and null mean the same and the shape allows one
/// spelling only.
pub(super) fn put(
    out: &mut Map<String, Value>,
    field: &Field,
    value: Option<Value>,
    required: Required,
) -> Result<(), Mismatch> {
    let value = match value {
        Some(Value::Null) | None if field.required && field.shape.nullable => Some(Value::Null),
        None if field.required && required == Required::Now => {
            return Err(Mismatch::new(field.shape.kind.words(), "nothing"));
        }
        Some(Value::Null) | None => None,
        some => some,
    };
    if let Some(value) = value {
        out.insert(field.name.clone(), value);
    }
    Ok(())
}
