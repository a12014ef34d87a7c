//! The source text by character: spans to places, and the bounds that hold before parsing.

use saphyr::{MarkedYaml, ScanError, YamlData};

use crate::code::Code;
use crate::{Diagnostic, Place};

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
        let refuse = |code: Code, message, place| Diagnostic {
            code: code.as_str(),
            message,
            pointer: String::new(),
            place,
            help: None,
        };
        if self.text.len() > bytes {
            let message = format!("the file is larger than {bytes} bytes");
            return Err(refuse(Code::TooLarge, message, None));
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
                Err(refuse(Code::TooDeep, message, Some(place)))
            }
        }
    }

    pub(super) fn scan_error(&self, error: &ScanError) -> Diagnostic {
        let mark = error.marker();
        let duplicate = error.info() == "duplicated key in mapping";
        let place = Place {
            line: mark.line(),
            column: mark.col() + 1,
            length: if duplicate {
                self.word(mark.index())
            } else {
                1
            },
        };
        let (code, message, help) = if duplicate {
            let key = self.slice(mark.index(), mark.index() + place.length);
            let help = "keep one of the two; neither would win silently";
            (
                Code::YamlDuplicateKey,
                format!("the key `{key}` stands twice in this mapping"),
                Some(help),
            )
        } else {
            (Code::YamlSyntax, error.info().to_owned(), None)
        };
        Diagnostic {
            code: code.as_str(),
            message,
            pointer: String::new(),
            place: Some(place),
            help: help.map(str::to_owned),
        }
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
        let source = self.of(node);
        let line = source.split('\n').next().unwrap_or_default().trim_end();
        Place {
            line: node.span.start.line(),
            column: node.span.start.col() + 1,
            length: line.chars().count().max(1),
        }
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        let offset = |index: usize| self.offsets.get(index).copied().unwrap_or(self.text.len());
        self.text.get(offset(from)..offset(to)).unwrap_or_default()
    }

    /// Characters of the key that begins at an index.
    fn word(&self, index: usize) -> usize {
        let rest = self.slice(index, usize::MAX);
        let end = rest.find([':', '\n']).unwrap_or(rest.len());
        rest.get(..end)
            .map_or(1, |key| key.trim_end().chars().count().max(1))
    }
}
