//! `log`: what is told, and how.

use std::borrow::Cow;

use tracing_subscriber::EnvFilter;

use super::key::{Need, Preset, Row, Section, one_of, section, words};
use super::node::Node;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    /// A `tracing` filter such as `info` or `proxy=debug`.
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// By who reads.
    Auto,
    Json,
    Text,
}

impl LogFormat {
    /// Whether lines are for people. `terminal`: that is where they go to.
    #[must_use]
    pub const fn is_text(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal,
            Self::Json => false,
            Self::Text => true,
        }
    }
}

static FORMAT: Preset<&'static str> = one_of(
    "format",
    &["auto", "json", "text"],
    "auto",
    "`json`, `text`, or `auto`: text on a terminal, JSON elsewhere ([below](#logs))",
);
static LEVEL: Preset<Cow<'static, str>> = words(
    "level",
    "info",
    "`off`, `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `warn,access=info`; a bare word that is no level is refused",
);

pub static LOG: Section = section(
    "log",
    Need::Optional("the defaults"),
    ROWS,
    "what is told, and how",
);
static ROWS: &[&Row] = &[&FORMAT.row, &LEVEL.row];

pub fn read(node: &Node<'_>) -> Log {
    let level = node.get(&LEVEL).into_owned();
    check_level(node, &level);
    Log {
        format: match node.get(&FORMAT) {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => LogFormat::Auto,
        },
        level,
    }
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// A bare word that is no level would be taken for the name of a target: `inof` alone silences
/// everything.
fn check_level(node: &Node<'_>, text: &str) {
    let is_level = |word: &str| LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
    let odd = text
        .split(',')
        .map(str::trim)
        .find(|word| !word.contains(['=', '[', ']', '{', '}']) && !is_level(word));
    let help = match odd.and_then(|word| validate::closest(word, LEVELS.into_iter())) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!(
            "Write {}, or a filter such as warn,access=info.",
            LEVELS.join(", ")
        ),
    };
    let message = match odd {
        Some(word) => format!("`{word}` is no log level"),
        None if EnvFilter::try_new(text).is_err() => format!("`{text}` is not a log filter"),
        None => return,
    };
    node.refuse(&LEVEL.row, "bad-level", &message, &help);
}
