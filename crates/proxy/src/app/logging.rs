//! Logs go to standard output, one JSON object or one line each, and nobody waits for who reads them.

use std::io::{IsTerminal, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::settings::{Log, LogFormat};
use crate::{access_log, output, panics};

/// Starts logging. Pingora's own messages come from `warn` on: it logs each connection's end.
pub fn start(log: &Log) {
    let directives = format!("{},pingora_core=warn,pingora_proxy=warn", log.level);
    let filter = EnvFilter::try_new(&directives).unwrap_or_else(|_| EnvFilter::new("info"));
    output::start();
    let result = match log.format {
        LogFormat::Json => fmt()
            .with_env_filter(filter)
            .with_writer(output::Lines)
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init(),
        // Colours are for people who look; in a file they are noise.
        LogFormat::Text => fmt()
            .with_env_filter(filter)
            .with_writer(output::Lines)
            .with_ansi(std::io::stdout().is_terminal())
            .compact()
            .try_init(),
    };
    if let Err(error) = result {
        let _ = writeln!(std::io::stderr(), "logging cannot start: {error}");
    }
    panics::log_them();
    if log.format == LogFormat::Json {
        access_log::start();
    }
}
