//! The source text by character: spans to places, and the bounds that hold before parsing.

use saphyr::{MarkedYaml, ScanError, YamlData};
use saphyr_parser::Span;

use super::load::Twins;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place, Related};

pub(super) struct Text<'t> {
    text: &'t str,
    /// Byte offset of each character; marks count characters.
    offsets: Vec<usize>,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let offsets = text.char_indices().map(|(offset, _)| offset).collect();
        Self { text, offsets }
    }

    /// Refuses what would be too much for the parser.
    pub(super) fn bounds(&self, bytes: usize, indent: usize) -> Result<(), Diagnostic> {
        let refuse = |code, message: String, place| Diagnostic::new(code, message, "", place, None);
        if self.text.len() > bytes {
            let message = format!("the file is larger than {bytes} bytes");
            return Err(refuse(Code::TooLarge, message, Place::START));
        }
        let too_deep = self.text.split('\n').position(|line| {
            let content = line.trim_start_matches([' ', '\t', '-', '?', ':']);
            line.len() - content.len() > indent
        });
        match too_deep {
            None => Ok(()),
            Some(line) => {
                let message = format!("the line begins more than {indent} columns in");
                let place = Place {
                    line: line + 1,
                    column: 1,
                    length: 1,
                };
                Err(refuse(Code::TooDeep, message, place))
            }
        }
    }

    pub(super) fn scan_error(&self, error: &ScanError) -> Diagnostic {
        let mark = error.marker();
        let place = Place {
            line: mark.line(),
            column: mark.col() + 1,
            length: 1,
        };
        Diagnostic::new(Code::YamlSyntax, error.info(), "", place, None)
    }

    /// A key that its mapping has already. The second value is not read.
    pub(super) fn duplicate(&self, keys: &Twins) -> Diagnostic {
        let text = self.slice(keys.second.start.index(), keys.second.end.index());
        let message = format!("the key `{text}` stands twice in this mapping");
        let place = place_of(&keys.second, text);
        let mut finding = Diagnostic::new(Code::YamlDuplicateKey, message, "", place, None);
        finding.related.push(Related {
            place: place_of(&keys.first, text),
            label: "first stands here",
        });
        finding
    }

    /// The source of a node. The parser's span of a flow collection ends before its bracket.
    pub(super) fn of(&self, node: &MarkedYaml<'_>) -> &'t str {
        let (start, end) = (node.span.start.index(), node.span.end.index());
        let source = self.slice(start, end);
        let flow = source.starts_with(['{', '[']) && !matches!(node.data, YamlData::Value(_));
        if flow {
            self.slice(start, end + 1)
        } else {
            source
        }
    }

    /// The first line of a node's span.
    pub(super) fn place(&self, node: &MarkedYaml<'_>) -> Place {
        place_of(&node.span, self.of(node))
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        let offset = |index: usize| self.offsets.get(index).copied().unwrap_or(self.text.len());
        self.text.get(offset(from)..offset(to)).unwrap_or_default()
    }
}

fn place_of(span: &Span, source: &str) -> Place {
    let line = source.split('\n').next().unwrap_or_default().trim_end();
    Place {
        line: span.start.line(),
        column: span.start.col() + 1,
        length: line.chars().count().max(1),
    }
}
