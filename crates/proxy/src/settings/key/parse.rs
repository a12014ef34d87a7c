//! From a value of the file to what code reads: one function for each type of value.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use super::row::{Row, Span, ValueType};
use crate::settings::units;

/// Reads the value of a row.
pub type Parse<T> = fn(&Row, &Value) -> Result<T, Refusal>;

/// Why a value is not taken.
pub enum Refusal {
    /// It is not what [`ValueType::wanted`] says.
    WrongType,
    Other {
        code: &'static str,
        message: String,
        help: String,
    },
}

pub fn text(_row: &Row, value: &Value) -> Result<String, Refusal> {
    str_of(value).map(str::to_owned)
}

pub fn words(row: &Row, value: &Value) -> Result<Cow<'static, str>, Refusal> {
    text(row, value).map(Cow::Owned)
}

pub fn flag(_row: &Row, value: &Value) -> Result<bool, Refusal> {
    value.as_bool().ok_or(Refusal::WrongType)
}

pub fn count(row: &Row, value: &Value) -> Result<usize, Refusal> {
    let ValueType::Count { least, most } = row.holds else {
        return Err(Refusal::WrongType);
    };
    let number = value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok());
    let fits = number.filter(|number| (least..=most).contains(number));
    fits.ok_or(Refusal::WrongType)
}

pub fn ratio(_row: &Row, value: &Value) -> Result<f64, Refusal> {
    let ratio = value.as_f64().filter(|ratio| (0.0..=1.0).contains(ratio));
    ratio.ok_or(Refusal::WrongType)
}

pub fn size(_row: &Row, value: &Value) -> Result<usize, Refusal> {
    let size = units::size(str_of(value)?).filter(|size| *size > 0);
    size.ok_or(Refusal::WrongType)
}

pub fn time(row: &Row, value: &Value) -> Result<Duration, Refusal> {
    let ValueType::Time(Span { zero, longest }) = row.holds else {
        return Err(Refusal::WrongType);
    };
    let time = contract::duration(str_of(value)?).filter(|time| zero || !time.is_zero());
    let time = time.ok_or(Refusal::WrongType)?;
    match longest {
        Some(longest) if time > longest => {
            let hours = longest.as_secs() / 3600;
            Err(Refusal::Other {
                code: "too-long",
                message: format!("`{}` is longer than {hours}h", row.name),
                help: format!("Write a time of at most {hours}h."),
            })
        }
        _ => Ok(time),
    }
}

pub fn address(_row: &Row, value: &Value) -> Result<SocketAddr, Refusal> {
    let text = str_of(value)?;
    text.parse().map_err(|_| Refusal::Other {
        code: "bad-address",
        message: format!("`{text}` is not an address"),
        help: "Write IP:PORT, for example 127.0.0.1:8080.".to_owned(),
    })
}

pub fn one_of(row: &Row, value: &Value) -> Result<&'static str, Refusal> {
    let text = str_of(value)?;
    let ValueType::OneOf(choice) = row.holds else {
        return Err(Refusal::WrongType);
    };
    let known = choice.iter().find(|word| **word == text);
    known.copied().ok_or_else(|| Refusal::Other {
        code: "unknown-word",
        message: format!("`{}` cannot be `{text}`", row.name),
        help: format!("Use one of {}.", choice.join(", ")),
    })
}

fn str_of(value: &Value) -> Result<&str, Refusal> {
    value.as_str().ok_or(Refusal::WrongType)
}
