//! The two ways out: what was asked for, and why it was not done.

use std::process::ExitCode;

use crate::app::Mistakes;
use crate::colours;

/// Writes to standard output; a reader that left (`| head`) is no error.
pub(super) fn print(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Writes to standard error why a command failed.
pub(super) fn print_error(text: &str) -> ExitCode {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitCode::FAILURE
}

/// Writes to standard error what is wrong with the files of a configuration.
pub(super) fn print_mistakes(mistakes: &Mistakes) -> ExitCode {
    print_error(&if colours::on_stderr() {
        mistakes.coloured_text()
    } else {
        mistakes.text()
    })
}
