//! Logs go to standard output, one JSON object or one line for people each, and nobody waits for who reads them.

use std::io::{IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::settings::Log;
use crate::text_log::ForPeople;
use crate::{access_log, colours, output, panics};

/// Starts logging. Pingora's own messages come from `warn` on: it logs each connection's end.
pub fn start(log: &Log) {
    let directives = format!("{},pingora_core=warn,pingora_proxy=warn", log.level);
    let filter = EnvFilter::try_new(&directives).unwrap_or_else(|_| EnvFilter::new("info"));
    output::start();
    let terminal = std::io::stdout().is_terminal();
    let is_text = log.format.is_text(terminal);
    let result = if is_text {
        fmt()
            .with_env_filter(filter)
            .with_writer(output::Lines)
            .event_format(ForPeople::new(terminal, colours::on_stdout()))
            .try_init()
    } else {
        fmt()
            .with_env_filter(filter)
            .with_writer(output::Lines)
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init()
    };
    if let Err(error) = result {
        let _ = writeln!(std::io::stderr(), "logging cannot start: {error}");
    }
    panics::log_them();
    if !is_text {
        access_log::start();
    }
}
