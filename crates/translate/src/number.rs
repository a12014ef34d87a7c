//! Numbers that stay what they are.

use grammar::number::{is_decimal, is_integer};
use serde_json::Number;

/// A decimal number. Integers stay exact or are refused; a fraction becomes the nearest double,
/// as everyone who reads our JSON would make of it.
pub(crate) fn exact(lexeme: &str) -> Option<Number> {
    if !is_decimal(lexeme) {
        return None;
    }
    if let Ok(integer) = lexeme.parse::<i64>() {
        return Some(Number::from(integer));
    }
    if let Ok(integer) = lexeme.parse::<u64>() {
        return Some(Number::from(integer));
    }
    let float = lexeme.parse::<f64>().ok()?;
    // Beyond 64 bits the double must stand for the very digits that came.
    if is_integer(lexeme) && float.to_string() != lexeme {
        return None;
    }
    Number::from_f64(float)
}
