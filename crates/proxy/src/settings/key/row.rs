//! A row of the table: what every reader of the table needs to know of one key.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// One key. Rows are statics, so that a row is known by its address.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub holds: ValueType,
    pub need: Need,
    /// One sentence or more in Markdown, without a full stop at its end. A pair of brackets that begins
    /// with a link is for the documentation alone.
    pub help: &'static str,
}

/// What holds where a key is missing.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    Required,
    /// Nothing stands for it; in words what that means.
    Optional(&'static str),
    Default(Fallback),
}

/// A default, which shows itself as the settings file would say it.
#[derive(Debug, Clone, Copy)]
pub enum Fallback {
    Text(&'static str),
    Address(SocketAddr),
    Flag(bool),
    Count(usize),
    Ratio(f64),
    /// In bytes.
    Size(usize),
    Time(Duration),
}

/// Which times are taken.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub zero: bool,
    pub longest: Option<Duration>,
}

impl Span {
    pub const ABOVE_ZERO: Self = Self {
        zero: false,
        longest: None,
    };
    pub const FROM_ZERO: Self = Self {
        zero: true,
        longest: None,
    };

    pub const fn up_to(self, longest: Duration) -> Self {
        Self {
            longest: Some(longest),
            ..self
        }
    }
}

/// What the value of a key may be.
#[derive(Debug)]
pub enum ValueType {
    Text,
    /// IP:PORT.
    Address,
    Flag,
    /// A whole number, bounds included.
    Count {
        least: usize,
        most: usize,
    },
    Size,
    /// A number from 0 to 1.
    Ratio,
    Time(Span),
    OneOf(&'static [&'static str]),
    /// A reference to a secret.
    Secret,
    TextOrSecret,
    /// A list of texts.
    Texts,
    Section(&'static [&'static Row]),
    Variants(&'static [Variant]),
    /// Sections under free names.
    Named {
        placeholder: &'static str,
        rows: &'static [&'static Row],
    },
    /// Sections in a list.
    Listed(&'static [&'static Row]),
    NamedTexts {
        placeholder: &'static str,
    },
    NamedValues {
        placeholder: &'static str,
    },
}

/// The rows of a mapping for one or more values of its `kind`. Where several variants share a kind, the
/// first stands unless the last row of another is there.
#[derive(Debug)]
pub struct Variant {
    pub kinds: &'static [&'static str],
    pub rows: &'static [&'static Row],
}

impl ValueType {
    /// With an article, as a message names it.
    pub fn wanted(&self) -> String {
        match self {
            Self::Text | Self::Address | Self::OneOf(_) => "a string".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Count { least, most } => format!("a whole number from {least} to {most}"),
            Self::Ratio => "a number from 0 to 1".to_owned(),
            Self::Size => "a size with its unit, such as 64KiB or 1MiB".to_owned(),
            Self::Time(Span { zero: true, .. }) => {
                "a time with its unit, such as 500ms, 10s or 2m".to_owned()
            }
            Self::Time(_) => "a time above zero, such as 500ms, 10s or 2m".to_owned(),
            Self::Secret | Self::TextOrSecret => "{env: NAME} or {file: PATH}".to_owned(),
            Self::Texts | Self::Listed(_) => "a list".to_owned(),
            Self::Section(_)
            | Self::Variants(_)
            | Self::Named { .. }
            | Self::NamedTexts { .. }
            | Self::NamedValues { .. } => "a mapping".to_owned(),
        }
    }
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Address(address) => address.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Ratio(ratio) => ratio.fmt(f),
            Self::Size(bytes) => {
                let units = [
                    ("GiB", 1 << 30),
                    ("MiB", 1 << 20),
                    ("KiB", 1 << 10),
                    ("B", 1),
                ];
                let fits = units.iter().find(|(_, factor)| bytes % factor == 0);
                let (unit, factor) = fits.unwrap_or(&("B", 1));
                write!(f, "{}{unit}", bytes / factor)
            }
            Self::Time(time) if time.subsec_nanos() == 0 => write!(f, "{}s", time.as_secs()),
            Self::Time(time) => write!(f, "{}ms", time.as_millis()),
        }
    }
}
