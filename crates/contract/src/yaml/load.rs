//! From the parser's events to marked nodes. Of two equal keys the first one stays: the loader would
//! stop at the second, and everything behind it would go unchecked.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use saphyr::{MarkedYaml, ScanError, YamlLoader};
use saphyr_parser::{BufferedInput, Event, Parser, Span, SpannedEventReceiver};

/// What a text holds.
pub(super) struct Loaded<'t> {
    pub(super) documents: Vec<MarkedYaml<'t>>,
    /// The keys that stand in their mapping already. They and their values are in no document.
    pub(super) duplicates: Vec<Twins>,
}

/// One key that stands twice in its mapping.
pub(super) struct Twins {
    pub(super) first: Span,
    pub(super) second: Span,
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
    duplicates: Vec<Twins>,
    /// The collections that are open in a value that is being skipped.
    skipped: Option<usize>,
}

enum Level {
    Sequence,
    Mapping {
        keys: HashMap<String, Span>,
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
            Event::Scalar(text, ..) => {
                if let Some(first) = self.known(text, span) {
                    let second = span;
                    self.duplicates.push(Twins { first, second });
                    self.skipped = Some(0);
                    return;
                }
                self.node();
            }
            Event::Alias(_) => self.node(),
            Event::SequenceStart(..) => {
                self.node();
                self.open.push(Level::Sequence);
            }
            Event::MappingStart(..) => {
                self.node();
                self.open.push(Level::Mapping {
                    keys: HashMap::new(),
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
    /// Where the first of its kind stands, if a scalar is a key that its mapping has.
    fn known(&mut self, text: &str, span: Span) -> Option<Span> {
        let Some(Level::Mapping {
            keys,
            at_value: false,
        }) = self.open.last_mut()
        else {
            return None;
        };
        match keys.entry(text.to_owned()) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(free) => {
                free.insert(span);
                None
            }
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
