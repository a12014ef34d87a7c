//! What is wrong with a document, where, and how to fix it.

mod excerpt;
mod place;
mod printable;
mod render;

use serde_json::{Value, json};

use crate::code::Code;
pub use place::Place;
use printable::printable;
use render::Drawn;

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
    /// What else is shown.
    pub related: Vec<Related>,
}

/// Another place that a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Related {
    /// Where it stands, in the same text.
    pub place: Place,
    /// What stands there, in a few words.
    pub label: &'static str,
}

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
            related: Vec::new(),
        }
    }

    /// The finding as rustc would print it: code and message, place, the line with carets, help.
    ///
    /// `file` is the name to print, `text` the source that was parsed. Ends with a line break.
    #[must_use]
    pub fn render(&self, file: &str, text: &str) -> String {
        self.drawn(file, text).draw(false)
    }

    /// The same in the colours of a terminal.
    #[must_use]
    pub fn render_coloured(&self, file: &str, text: &str) -> String {
        self.drawn(file, text).draw(true)
    }

    fn drawn<'d>(&'d self, file: &'d str, text: &'d str) -> Drawn<'d> {
        let related = self.related.iter().map(|one| (one.place, one.label));
        Drawn {
            code: self.code,
            message: &self.message,
            help: &self.help,
            file,
            text,
            place: self.place,
            related: related.collect(),
        }
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

    /// The finding as data: `file`, `line`, `column`, `length`, `code`, `message`, `pointer`, `help`, and where it
    /// speaks of other places, `related`, each with `line`, `column`, `length` and `message`.
    #[must_use]
    pub fn to_json(&self, file: &str) -> Value {
        let mut finding = json!({
            "file": file,
            "line": self.place.line,
            "column": self.place.column,
            "length": self.place.length,
            "code": self.code,
            "message": self.message,
            "pointer": self.pointer,
            "help": self.help,
        });
        let related = self.related.iter().map(|Related { place, label }| {
            json!({"line": place.line, "column": place.column, "length": place.length, "message": label})
        });
        if !self.related.is_empty() {
            finding["related"] = related.collect();
        }
        finding
    }
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
            related: Vec::new(),
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
             \x20  |\n\
             \x20  = help: did you mean `encoding`?\n"
        );
    }

    /// The column at which a line of the drawing has a text, in cells of a terminal.
    fn cell(line: &str, text: &str) -> usize {
        let before = &line[..line
            .find(text)
            .unwrap_or_else(|| panic!("no {text}: {line}"))];
        unicode_width::UnicodeWidthStr::width(before)
    }

    fn at(line: usize, column: usize, length: usize) -> Place {
        Place {
            line,
            column,
            length,
        }
    }

    #[test]
    fn carets_stand_below_wide_combining_and_tabbed_text() {
        for before in [
            "会议室: ",
            "e\u{301}e\u{301}: ",
            "\ta: ",
            "👩\u{1f4bb}: ",
            "ｆｕｌｌ: ",
            "한국어: ",
        ] {
            let text = format!("{before}NEEDLE");
            let rendered = finding(at(1, before.chars().count() + 1, 6)).render("f", &text);
            let lines: Vec<&str> = rendered.lines().collect();
            assert_eq!(
                cell(lines[3], "NEEDLE"),
                cell(lines[4], "^^^^^^"),
                "{rendered}"
            );
            // And beneath wide characters there are as many as they take.
            let wide = finding(at(1, 1, before.chars().count() - 2)).render("f", &text);
            let carets = wide.lines().nth(4).unwrap().trim_start_matches([' ', '|']);
            let cells =
                unicode_width::UnicodeWidthStr::width(before.replace('\t', "    ").as_str()) - 2;
            assert_eq!(carets.len(), cells, "{wide}");
        }
    }

    #[test]
    fn other_places_have_their_labels() {
        let text = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\na: 6\n";
        let twice = Diagnostic {
            related: vec![Related {
                place: at(1, 1, 1),
                label: "first stands here",
            }],
            ..finding(at(6, 1, 1))
        };
        assert_eq!(
            twice.render("f", text),
            "error[unknown-keyword]: `request` has no keyword `ecnoding`\n\
             \x20--> f:6:1\n\
             \x20 |\n\
             1 | a: 1\n\
             \x20 | - first stands here\n\
             ...\n\
             6 | a: 6\n\
             \x20 | ^\n\
             \x20 |\n\
             \x20 = help: did you mean `encoding`?\n"
        );
        assert_eq!(twice.to_json("f")["related"][0]["line"], 1);
        let coloured = twice.render_coloured("f", text);
        assert!(coloured.contains("\u{1b}["), "{coloured}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}NEEDLE{}", "a".repeat(300), "b".repeat(300));
        let rendered = finding(at(1, 301, 6)).render("f", &text);
        let lines: Vec<&str> = rendered.lines().collect();
        assert_eq!(lines[4].find('^'), lines[3].find("NEEDLE"), "{rendered}");
        assert!(lines.iter().all(|line| line.len() <= 130), "{rendered}");
    }

    #[test]
    fn a_place_at_the_end_of_a_full_line_has_its_caret() {
        let text = "a".repeat(110);
        let rendered = finding(at(1, 111, 1)).render("f", &text);
        assert!(
            rendered.contains(&format!("{}^", " ".repeat(110))),
            "{rendered}"
        );
        // A place that no parser makes does not panic either.
        assert!(finding(at(0, 0, 0)).render("f", "").contains("f:0:0"));
        for place in [
            at(1, 9_999, 9_999),
            at(7, 1, 1),
            at(1, usize::MAX, usize::MAX),
        ] {
            assert!(finding(place).render("f", "a\nb").contains("error["));
        }
    }

    #[test]
    fn lines_of_the_document_cannot_steer_a_terminal() {
        let text = "a: \u{1b}[2J\u{9b}31m\u{202e}\r\u{2028}\u{7f}b\r\n";
        let rendered = finding(at(1, 1, 1)).render("f", text);
        let steers = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!rendered.contains(steers), "{rendered:?}");
    }

    #[test]
    fn a_huge_line_is_drawn_as_fast_as_it_is_read() {
        let text = format!("{}NEEDLE{}", "会".repeat(500_000), "b".repeat(500_000));
        let rendered = finding(at(1, 500_001, 6)).render("f", &text);
        assert!(
            rendered.contains("NEEDLE") && rendered.len() < 2_000,
            "{}",
            rendered.len()
        );
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
