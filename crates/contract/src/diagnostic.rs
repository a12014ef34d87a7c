//! What is wrong with a document, where, and how to fix it.

use serde_json::{Value, json};

use crate::code::Code;

/// A stretch of one line of the source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// In characters, at least 1; it never leaves the line.
    pub length: usize,
}

impl Place {
    /// The first character: what is wrong with a file as a whole is shown there.
    pub const START: Place = Place {
        line: 1,
        column: 1,
        length: 1,
    };
}

/// One finding: an error, unless it stands among the warnings of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable, kebab-case; one of [`crate::CODES`].
    pub code: &'static str,
    /// What is wrong, as one clause without a full stop.
    pub message: String,
    /// JSON Pointer (RFC 6901) into the document.
    pub pointer: String,
    /// Where that stands in the text.
    pub place: Place,
    /// How to fix it.
    pub help: String,
}

/// Source columns that a snippet shows at most. A contract line can be a whole flow mapping; what
/// is far from the error would wrap the terminal and part the carets from their text.
const SNIPPET_WIDTH: usize = 110;

impl Diagnostic {
    /// A finding; without a help it gets that of its code.
    pub(crate) fn new(
        code: Code,
        message: impl Into<String>,
        pointer: &str,
        place: Place,
        help: Option<String>,
    ) -> Self {
        Self {
            code: code.as_str(),
            message: message.into(),
            pointer: pointer.to_owned(),
            place,
            help: help.unwrap_or_else(|| code.help().to_owned()),
        }
    }

    /// The finding as rustc would print it: code and message, place, the line with carets, help.
    ///
    /// `file` is the name to print, `text` the source that was parsed. Ends with a line break.
    #[must_use]
    pub fn render(&self, file: &str, text: &str) -> String {
        let mut out = format!("error[{}]: {}\n", self.code, printable(&self.message));
        let place = self.place;
        let number = place.line.to_string();
        let pad = " ".repeat(number.len());
        out.push_str(&format!(
            "{pad}--> {file}:{}:{}\n",
            place.line, place.column
        ));
        let line = text.split('\n').nth(place.line.saturating_sub(1));
        // A file that could not be read has no lines to show.
        if let Some(line) = line.filter(|_| !text.is_empty()) {
            let (shown, offset) = excerpt(line, place);
            let room = SNIPPET_WIDTH.saturating_sub(offset).max(1);
            let carets = "^".repeat(place.length.clamp(1, room));
            out.push_str(&format!("{pad} |\n{number} | {shown}\n"));
            out.push_str(&format!("{pad} | {}{carets}\n", " ".repeat(offset)));
        }
        out.push_str(&format!("{pad} = help: {}\n", printable(&self.help)));
        out
    }

    /// The finding in one line, for a log.
    ///
    /// `file` is the name to print.
    #[must_use]
    pub fn line(&self, file: impl std::fmt::Display) -> String {
        let Place { line, column, .. } = self.place;
        let (message, help) = (printable(&self.message), printable(&self.help));
        format!("{file}:{line}:{column}: {message}; {help}")
    }

    /// The finding as data: `file`, `line`, `column`, `length`, `code`, `message`, `pointer`, `help`.
    #[must_use]
    pub fn to_json(&self, file: &str) -> Value {
        json!({
            "file": file,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.place.length,
            "code": self.code,
            "message": self.message,
            "pointer": self.pointer,
            "help": self.help,
        })
    }
}

/// A name from the document may hold a line break or an escape sequence of a terminal.
fn printable(text: &str) -> String {
    let escape = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(escape).collect()
}

/// The part of a line around a place, and how far in the place begins.
fn excerpt(line: &str, place: Place) -> (String, usize) {
    let printable: Vec<char> = line
        .trim_end_matches('\r')
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let start = place.column.saturating_sub(1).min(printable.len());
    if printable.len() <= SNIPPET_WIDTH {
        return (printable.iter().collect(), start);
    }
    const ELLIPSIS: &str = "... ";
    let room = SNIPPET_WIDTH - 2 * ELLIPSIS.len();
    let from = if start + place.length <= room {
        0
    } else {
        start.saturating_sub(room / 3)
    };
    let to = (from + room).min(printable.len());
    let before = if from > 0 { ELLIPSIS } else { "" };
    let after = if to < printable.len() { " ..." } else { "" };
    let shown: String = printable.iter().skip(from).take(to - from).collect();
    (
        format!("{before}{shown}{after}"),
        before.len() + start - from,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(place: Place) -> Diagnostic {
        Diagnostic {
            code: "unknown-keyword",
            message: "`request` has no keyword `ecnoding`".to_owned(),
            pointer: "/a/ecnoding".to_owned(),
            place,
            help: "did you mean `encoding`?".to_owned(),
        }
    }

    #[test]
    fn rendering_shows_the_line_with_carets() {
        let place = Place {
            line: 10,
            column: 3,
            length: 8,
        };
        let text = format!("{}a:\n\tecnoding: form\r\n", "\n".repeat(8)).replace("\tec", "  ec");
        assert_eq!(
            finding(place).render("contract.yaml", &text),
            "error[unknown-keyword]: `request` has no keyword `ecnoding`\n\
             \x20 --> contract.yaml:10:3\n\
             \x20  |\n\
             10 |   ecnoding: form\n\
             \x20  |   ^^^^^^^^\n\
             \x20  = help: did you mean `encoding`?\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}NEEDLE{}", "a".repeat(300), "b".repeat(300));
        let place = Place {
            line: 1,
            column: 301,
            length: 6,
        };
        let rendered = finding(place).render("f", &text);
        let lines: Vec<&str> = rendered.lines().collect();
        let at = lines[3].find("NEEDLE").unwrap();
        assert_eq!(lines[4].find('^'), Some(at));
        assert!(
            lines.iter().all(|line| line.len() <= SNIPPET_WIDTH + 8),
            "{rendered}"
        );
    }

    #[test]
    fn a_place_at_the_end_of_a_full_line_has_its_caret() {
        let text = "a".repeat(SNIPPET_WIDTH);
        let place = Place {
            line: 1,
            column: SNIPPET_WIDTH + 1,
            length: 1,
        };
        let rendered = finding(place).render("f", &text);
        assert!(
            rendered.contains(&format!("{}^", " ".repeat(SNIPPET_WIDTH))),
            "{rendered}"
        );
        // A place that no parser makes does not panic either.
        let nowhere = Place {
            line: 0,
            column: 0,
            length: 0,
        };
        assert!(finding(nowhere).render("f", "").contains("f:0:0"));
    }

    #[test]
    fn control_characters_of_the_document_are_escaped() {
        let finding = Diagnostic {
            message: "no `a\n\u{1b}[31m`".to_owned(),
            ..finding(Place::START)
        };
        assert!(
            finding
                .render("f", "")
                .starts_with("error[unknown-keyword]: no `a\\n\\u{1b}[31m`\n")
        );
    }

    #[test]
    fn without_a_help_that_of_the_code_is_told() {
        let finding = Diagnostic::new(Code::YamlTag, "tags are refused", "", Place::START, None);
        assert_eq!(finding.help, "quote what shall be a string");
        assert_eq!(finding.to_json("f.yaml")["line"], 1);
    }
}
