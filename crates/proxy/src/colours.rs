//! Whether what is written may be coloured: on a terminal, unless `NO_COLOR`, `CLICOLOR=0` or `TERM=dumb` say
//! otherwise (`TERM=dumb` not where `CI` is set); elsewhere only where `CLICOLOR_FORCE` does (<https://no-color.org>, <https://bixense.com/clicolors>).

use std::io;

use anstream::{AutoStream, ColorChoice};

#[must_use]
pub fn on_stdout() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

#[must_use]
pub fn on_stderr() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}
