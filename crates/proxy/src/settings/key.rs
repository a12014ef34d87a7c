//! One key of the settings: its row in the table, and what code reads it as.
//!
//! The table is the tree of rows below [`super::ROOT`]. From it follow the keys that are known, the
//! JSON Schema, the table in `docs/operations.md`, the overrides by environment and `config print`.

mod parse;
mod row;

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use parse::Parse;
pub use parse::Refusal;
pub use row::{Fallback, Need, Row, Span, ValueType, Variant};

/// A key without a default: it is required, or nothing stands for it.
pub struct Key<T> {
    pub row: Row,
    pub parse: Parse<T>,
}

/// A key with a default.
pub struct Preset<T> {
    pub row: Row,
    pub parse: Parse<T>,
    pub default: T,
}

/// A mapping whose keys have rows.
pub struct Section {
    pub row: Row,
    pub rows: &'static [&'static Row],
}

/// A mapping whose rows depend on its `kind`.
pub struct Variants {
    pub row: Row,
    pub variants: &'static [Variant],
}

/// A mapping under free names, or a list, of mappings whose keys have rows.
pub struct Sections {
    pub row: Row,
    pub rows: &'static [&'static Row],
}

/// A mapping under free names to single values.
pub struct Names {
    pub row: Row,
}

/// In the order of the constructors: name, what the value may be, what holds without it, help.
const fn row(name: &'static str, holds: ValueType, need: Need, help: &'static str) -> Row {
    Row {
        name,
        holds,
        need,
        help,
    }
}

/// Bytes, above zero.
pub const fn size(name: &'static str, default: usize, help: &'static str) -> Preset<usize> {
    let need = Need::Default(Fallback::Size(default));
    Preset {
        row: row(name, ValueType::Size, need, help),
        parse: parse::size,
        default,
    }
}

/// A whole number within bounds, both included.
pub const fn count(
    name: &'static str,
    (least, most): (usize, usize),
    default: usize,
    help: &'static str,
) -> Preset<usize> {
    let need = Need::Default(Fallback::Count(default));
    Preset {
        row: row(name, ValueType::Count { least, most }, need, help),
        parse: parse::count,
        default,
    }
}

/// A number from 0 to 1.
pub const fn ratio(name: &'static str, default: f64, help: &'static str) -> Preset<f64> {
    let need = Need::Default(Fallback::Ratio(default));
    Preset {
        row: row(name, ValueType::Ratio, need, help),
        parse: parse::ratio,
        default,
    }
}

/// [`count`] without a default.
pub const fn number(
    name: &'static str,
    (least, most): (usize, usize),
    need: Need,
    help: &'static str,
) -> Key<usize> {
    Key {
        row: row(name, ValueType::Count { least, most }, need, help),
        parse: parse::count,
    }
}

pub const fn flag(name: &'static str, default: bool, help: &'static str) -> Preset<bool> {
    let need = Need::Default(Fallback::Flag(default));
    Preset {
        row: row(name, ValueType::Flag, need, help),
        parse: parse::flag,
        default,
    }
}

pub const fn address(
    name: &'static str,
    default: SocketAddr,
    help: &'static str,
) -> Preset<SocketAddr> {
    let need = Need::Default(Fallback::Address(default));
    Preset {
        row: row(name, ValueType::Address, need, help),
        parse: parse::address,
        default,
    }
}

pub const fn time(
    name: &'static str,
    span: Span,
    default: Duration,
    help: &'static str,
) -> Preset<Duration> {
    let need = Need::Default(Fallback::Time(default));
    Preset {
        row: row(name, ValueType::Time(span), need, help),
        parse: parse::time,
        default,
    }
}

/// [`time`] without a default.
pub const fn duration(
    name: &'static str,
    span: Span,
    need: Need,
    help: &'static str,
) -> Key<Duration> {
    Key {
        row: row(name, ValueType::Time(span), need, help),
        parse: parse::time,
    }
}

pub const fn text(name: &'static str, need: Need, help: &'static str) -> Key<String> {
    Key {
        row: row(name, ValueType::Text, need, help),
        parse: parse::text,
    }
}

/// [`text`] with a default.
pub const fn words(
    name: &'static str,
    default: &'static str,
    help: &'static str,
) -> Preset<Cow<'static, str>> {
    let need = Need::Default(Fallback::Text(default));
    Preset {
        row: row(name, ValueType::Text, need, help),
        parse: parse::words,
        default: Cow::Borrowed(default),
    }
}

/// One of a choice, which has the default.
pub const fn one_of(
    name: &'static str,
    choice: &'static [&'static str],
    default: &'static str,
    help: &'static str,
) -> Preset<&'static str> {
    let need = Need::Default(Fallback::Text(default));
    Preset {
        row: row(name, ValueType::OneOf(choice), need, help),
        parse: parse::one_of,
        default,
    }
}

/// Texts in a list.
pub const fn texts(name: &'static str, need: Need, help: &'static str) -> Row {
    row(name, ValueType::Texts, need, help)
}

/// A secret by reference.
pub const fn secret(name: &'static str, help: &'static str) -> Row {
    row(name, ValueType::Secret, Need::Required, help)
}

/// A plain text, or a secret by reference.
pub const fn text_or_secret(name: &'static str, help: &'static str) -> Row {
    row(name, ValueType::TextOrSecret, Need::Required, help)
}

/// [`secret`] that may be left out.
pub const fn optional_secret(name: &'static str, without: &'static str, help: &'static str) -> Row {
    row(name, ValueType::Secret, Need::Optional(without), help)
}

/// [`text_or_secret`] that may be left out.
pub const fn optional_text_or_secret(
    name: &'static str,
    without: &'static str,
    help: &'static str,
) -> Row {
    row(name, ValueType::TextOrSecret, Need::Optional(without), help)
}

pub const fn section(
    name: &'static str,
    need: Need,
    rows: &'static [&'static Row],
    help: &'static str,
) -> Section {
    Section {
        row: row(name, ValueType::Section(rows), need, help),
        rows,
    }
}

pub const fn variants(
    name: &'static str,
    variants: &'static [Variant],
    help: &'static str,
) -> Variants {
    Variants {
        row: row(name, ValueType::Variants(variants), Need::Required, help),
        variants,
    }
}

/// Sections under names that are no keys of ours; `placeholder` stands for such a name.
pub const fn named_sections(
    (name, placeholder): (&'static str, &'static str),
    need: Need,
    rows: &'static [&'static Row],
    help: &'static str,
) -> Sections {
    Sections {
        row: row(name, ValueType::Named { placeholder, rows }, need, help),
        rows,
    }
}

/// Sections in a list.
pub const fn listed_sections(
    name: &'static str,
    need: Need,
    rows: &'static [&'static Row],
    help: &'static str,
) -> Sections {
    Sections {
        row: row(name, ValueType::Listed(rows), need, help),
        rows,
    }
}

/// Texts under free names.
pub const fn named_texts(
    (name, placeholder): (&'static str, &'static str),
    need: Need,
    help: &'static str,
) -> Names {
    Names {
        row: row(name, ValueType::NamedTexts { placeholder }, need, help),
    }
}

/// Texts or secrets under free names.
pub const fn named_values(
    (name, placeholder): (&'static str, &'static str),
    need: Need,
    help: &'static str,
) -> Names {
    Names {
        row: row(name, ValueType::NamedValues { placeholder }, need, help),
    }
}
