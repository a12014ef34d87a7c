//! From the parser's events to marked nodes. Of two equal keys the first one stays: the loader would
//! stop at the second, and everything behind it would go unchecked.

use std::collections::HashSet;

use saphyr::{MarkedYaml, ScanError, YamlLoader};
use saphyr_parser::{BufferedInput, Event, Parser, Span, SpannedEventReceiver};

/// What a text holds.
pub(super) struct Loaded<'t> {
    pub(super) documents: Vec<MarkedYaml<'t>>,
    /// The keys that stand in their mapping already. They and their values are in no document.
    pub(super) duplicates: Vec<Span>,
}

/// Loads all documents of a text.
///
/// # Errors
/// What is no YAML, and aliases that multiply beyond the loader's limit.
pub(super) fn load(text: &str) -> Result<Loaded<'_>, ScanError> {
    let mut loader = YamlLoader::default();
    // Keys that are no scalars pass the filter; they are refused later, equal or not.
    loader.allow_duplicate_keys(true);
    let mut filter = Filter {
        loader,
        open: Vec::new(),
        duplicates: Vec::new(),
        skipped: None,
    };
    Parser::new(BufferedInput::new(text.chars())).load(&mut filter, true)?;
    if let Some(error) = filter.loader.error() {
        return Err(error.clone());
    }
    Ok(Loaded {
        documents: filter.loader.into_documents(),
        duplicates: filter.duplicates,
    })
}

/// Stands before the loader and keeps duplicates from it.
struct Filter<'t> {
    loader: YamlLoader<'t, MarkedYaml<'t>>,
    open: Vec<Level>,
    duplicates: Vec<Span>,
    /// The collections that are open in a value that is being skipped.
    skipped: Option<usize>,
}

enum Level {
    Sequence,
    Mapping {
        keys: HashSet<String>,
        /// Whether the next node is a value.
        at_value: bool,
    },
}

impl<'t> SpannedEventReceiver<'t> for Filter<'t> {
    fn on_event(&mut self, event: Event<'t>, span: Span) {
        if let Some(depth) = self.skipped {
            self.skipped = skip(&event, depth);
            return;
        }
        match &event {
            Event::Scalar(text, ..) if !self.is_new(text) => {
                self.duplicates.push(span);
                self.skipped = Some(0);
                return;
            }
            Event::Scalar(..) | Event::Alias(_) => self.node(),
            Event::SequenceStart(..) => {
                self.node();
                self.open.push(Level::Sequence);
            }
            Event::MappingStart(..) => {
                self.node();
                self.open.push(Level::Mapping {
                    keys: HashSet::new(),
                    at_value: false,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            _ => {}
        }
        self.loader.on_event(event, span);
    }
}

impl Filter<'_> {
    /// Whether a scalar is no key, or the first of its kind.
    fn is_new(&mut self, text: &str) -> bool {
        match self.open.last_mut() {
            Some(Level::Mapping {
                keys,
                at_value: false,
            }) => keys.insert(text.to_owned()),
            _ => true,
        }
    }

    /// A node begins: after a key comes a value, after a value a key.
    fn node(&mut self) {
        if let Some(Level::Mapping { at_value, .. }) = self.open.last_mut() {
            *at_value = !*at_value;
        }
    }
}

/// The open collections behind an event of a skipped value; `None` when the value is over.
fn skip(event: &Event<'_>, depth: usize) -> Option<usize> {
    let depth = match event {
        Event::SequenceStart(..) | Event::MappingStart(..) => depth + 1,
        Event::SequenceEnd | Event::MappingEnd => depth.saturating_sub(1),
        _ => depth,
    };
    (depth > 0).then_some(depth)
}
