//! A finding as rustc would print it. Drawn by rustc's own library, which knows how wide characters are and how
//! several labels keep out of each other's way (docs/adr/0015).

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::excerpt::Excerpt;
use super::place::Place;
use super::printable::printable;

/// Source columns that are shown at most. A line can be a whole flow mapping; what is far from the error would wrap
/// the terminal and part the carets from their text.
pub(super) const WIDTH: usize = 120;

/// What is drawn.
pub(super) struct Drawn<'d> {
    pub(super) code: &'d str,
    pub(super) message: &'d str,
    pub(super) help: &'d str,
    /// The name of the file, and its text.
    pub(super) file: &'d str,
    pub(super) text: &'d str,
    /// Where it is, then what else is shown, each with what it is.
    pub(super) place: Place,
    pub(super) related: Vec<(Place, &'d str)>,
}

impl Drawn<'_> {
    /// Ends with a line break.
    pub(super) fn draw(&self, coloured: bool) -> String {
        let renderer = if coloured {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let title = Level::ERROR
            .primary_title(printable(self.message))
            .id(self.code);
        let group = self.shown(Group::with_title(title));
        let report = [group.element(Level::HELP.message(printable(self.help)))];
        renderer.term_width(WIDTH).render(&report) + "\n"
    }

    /// With the lines, or with the place alone where there are none.
    fn shown<'g>(&self, group: Group<'g>) -> Group<'g> {
        let file = printable(self.file);
        let Place { line, column, .. } = self.place;
        let related = self.related.iter().map(|(place, _)| *place);
        let places: Vec<Place> = [self.place].into_iter().chain(related).collect();
        let Some(excerpt) = Excerpt::of(self.text, &places) else {
            return group.element(Origin::path(file).line(line).char_column(column));
        };
        let mut spans = excerpt.spans.into_iter();
        let primary = spans.next().map(|span| AnnotationKind::Primary.span(span));
        let labels = self.related.iter().map(|(_, label)| printable(label));
        let others = spans.zip(labels);
        let others = others.map(|(span, label)| AnnotationKind::Context.span(span).label(label));
        let snippet = Snippet::source(excerpt.text)
            .line_start(excerpt.first)
            .path(file);
        group.element(snippet.annotations(primary.into_iter().chain(others)))
    }
}
