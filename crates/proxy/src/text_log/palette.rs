//! Colours by meaning. Only the eight of every terminal: it chose them to be read on its ground.

use anstyle::{AnsiColor, Style};
use tracing::Level;

/// How each part of a line looks.
pub struct Palette {
    pub quiet: Style,
    pub strong: Style,
    good: Style,
    note: Style,
    warn: Style,
    bad: Style,
}

impl Palette {
    pub const PLAIN: Self = Self {
        quiet: Style::new(),
        strong: Style::new(),
        good: Style::new(),
        note: Style::new(),
        warn: Style::new(),
        bad: Style::new(),
    };

    pub const COLOURED: Self = Self {
        quiet: Style::new().dimmed(),
        strong: Style::new().bold(),
        good: AnsiColor::Green.on_default(),
        note: AnsiColor::Blue.on_default(),
        warn: AnsiColor::Yellow.on_default(),
        bad: AnsiColor::Red.on_default().bold(),
    };

    pub fn level(&self, level: Level) -> Style {
        match level {
            Level::ERROR => self.bad,
            Level::WARN => self.warn,
            Level::INFO => self.good,
            Level::DEBUG => self.note,
            Level::TRACE => self.quiet,
        }
    }

    /// By the class of an HTTP status.
    pub fn status(&self, status: &str) -> Style {
        match status.as_bytes().first() {
            Some(b'2' | b'3') => self.good,
            Some(b'5') => self.bad,
            _ => self.warn,
        }
    }
}
