//! One event of the log as a line for people.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::escape::{Plain, Word};
use super::fields::Fields;
use super::palette::Palette;

/// Writes events as `TIME LEVEL message field=value …`, and a request as `TIME LEVEL POST /v1/rooms 201 12.30ms …`.
pub struct ForPeople {
    palette: Palette,
    /// Texts of several lines stand below their event, indented. Otherwise each event is one line.
    blocks: bool,
}

impl ForPeople {
    /// `terminal`: who reads is a person at a terminal, and no program.
    pub const fn new(terminal: bool, coloured: bool) -> Self {
        Self {
            palette: if coloured {
                Palette::COLOURED
            } else {
                Palette::PLAIN
            },
            blocks: terminal,
        }
    }

    fn is_block(&self, value: &str) -> bool {
        self.blocks && value.trim_end().contains('\n')
    }

    /// What a request was and became, and what else is known of it.
    fn request(&self, fields: &mut Fields, to: &mut Writer<'_>) -> fmt::Result {
        let mut taken = |name| fields.take(name).unwrap_or_default();
        let (method, route) = (taken("method"), taken("route"));
        let (status, duration) = (taken("status"), taken("duration_ms"));
        let (strong, of_status) = (self.palette.strong, self.palette.status(&status));
        write!(
            to,
            "{strong}{} {}{strong:#} {of_status}{}{of_status:#} {}ms",
            Plain(&method),
            Plain(&route),
            Plain(&status),
            Plain(&duration)
        )
    }

    /// Below the line, so that nothing of it can pass for the beginning of a line.
    fn block(&self, name: &str, value: &str, to: &mut Writer<'_>) -> fmt::Result {
        let quiet = self.palette.quiet;
        write!(to, "\n    {quiet}{name}:{quiet:#}")?;
        for line in value.trim_end().split('\n') {
            write!(to, "\n    {quiet}|{quiet:#} {}", Plain(line))?;
        }
        Ok(())
    }
}

/// The target of the lines of requests.
const REQUESTS: &str = "access";

/// Our own code: its messages say where they come from.
const OURS: &str = env!("CARGO_PKG_NAME");

impl<S, N> FormatEvent<S, N> for ForPeople
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut to: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let (quiet, level) = (self.palette.quiet, *event.metadata().level());
        write!(to, "{quiet}")?;
        SystemTime.format_time(&mut to)?;
        let of_level = self.palette.level(level);
        write!(to, "{quiet:#} {of_level}{level:<5}{of_level:#} ")?;
        let of_log = fields.take("log.target");
        let target = of_log.as_deref().unwrap_or(event.metadata().target());
        let is_request = target == REQUESTS;
        if is_request {
            self.request(&mut fields, &mut to)?;
        } else {
            if target.split("::").next() != Some(OURS) {
                write!(to, "{quiet}{}:{quiet:#} ", Plain(target))?;
            }
            write!(to, "{}", Plain(&fields.message))?;
        }
        // A request without a problem says nothing of one.
        let said = |value: &str| !(is_request && value.is_empty());
        for (name, value) in fields.rest().filter(|(_, value)| said(value)) {
            if !self.is_block(value) {
                write!(to, " {quiet}{name}={quiet:#}{}", Word(value))?;
            }
        }
        for (name, value) in fields.rest().filter(|(_, value)| self.is_block(value)) {
            self.block(name, value, &mut to)?;
        }
        writeln!(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Kept {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    /// What is written, without the times.
    fn written(format: ForPeople, log: impl FnOnce()) -> String {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::fmt()
            .event_format(format)
            .with_writer(kept.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let without_time = |line: &str| match line.strip_prefix("20") {
            Some(line) => line.split_once("Z ").unwrap().1.to_owned(),
            None => line.to_owned(),
        };
        text.lines().map(|line| without_time(line) + "\n").collect()
    }

    #[test]
    fn a_request_is_told_first_by_what_it_was_and_became() {
        let request = || {
            tracing::info!(
                target: "access", method = "POST", route = "/v1/rooms", operation = "createRoom", status = 201_u16,
                problem = "", duration_ms = 12.345, cause = "said \"no\"", trace_id = "4bf9", "request"
            );
        };
        assert_eq!(
            written(ForPeople::new(false, false), request),
            "INFO  POST /v1/rooms 201 12.35ms operation=createRoom cause=\"said \\\"no\\\"\" trace_id=4bf9\n"
        );
    }

    #[test]
    fn what_came_from_outside_stays_one_line_of_plain_text() {
        let forged = "x\u{1b}[31m\n2026-11-29T00:00:00Z INFO  forged";
        let log = || tracing::warn!(cause = %forged, "a vendor said {forged}");
        for format in [ForPeople::new(false, false), ForPeople::new(false, true)] {
            let text = written(format, log);
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(
                !text.contains("\u{1b}[31m\n") && !text.contains("x\u{1b}"),
                "{text:?}"
            );
        }
        let text = written(ForPeople::new(true, false), log);
        assert_eq!(
            text,
            "WARN  a vendor said x\\u{1b}[31m\\n2026-11-29T00:00:00Z INFO  forged\n    cause:\n    | x\\u{1b}[31m\n    | 2026-11-29T00:00:00Z INFO  forged\n"
        );
    }

    #[test]
    fn colours_are_of_our_own_and_end_where_they_began() {
        let log = || tracing::error!(target: "pingora_core", "down");
        let text = written(ForPeople::new(true, true), || {
            log();
            tracing::info!("ready");
        });
        assert!(
            text.contains("\u{1b}[1m\u{1b}[31mERROR\u{1b}[0m"),
            "{text:?}"
        );
        assert!(text.contains("pingora_core:\u{1b}[0m down"), "{text:?}");
        assert!(
            text.lines()
                .all(|line| !line.contains('\u{1b}') || line.contains("\u{1b}[0m"))
        );
        let plain = written(ForPeople::new(true, false), log);
        assert_eq!(plain, "ERROR pingora_core: down\n");
    }
}
