//! `log`: what is told, and how.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    /// A `tracing` filter such as `info` or `proxy=debug`.
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Json,
    Text,
}

pub fn read(root: &Reader<'_>) -> Log {
    let node = root.object("log");
    let (mut format, mut level) = (None, None);
    if let Some(node) = node {
        node.only(&["format", "level"]);
        format = node.one_of("format", &["json", "text"]);
        level = node.optional_string("level");
        if let Some(text) = &level {
            check_level(&node, text);
        }
    }
    Log {
        format: match format.as_deref() {
            Some("text") => LogFormat::Text,
            _ => LogFormat::Json,
        },
        level: level.unwrap_or_else(|| "info".to_owned()),
    }
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// A bare word that is no level would be taken for the name of a target: `inof` alone silences
/// everything.
fn check_level(node: &Reader<'_>, text: &str) {
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
    node.refuse_at("level", "bad-level", &message, &help);
}
