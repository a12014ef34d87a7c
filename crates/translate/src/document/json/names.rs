use std::borrow::Cow;

/// The names of all objects that are open, outermost first: one list, so that an object costs no allocation.
#[derive(Default)]
pub(super) struct Names<'t>(Vec<Cow<'t, str>>);

impl<'t> Names<'t> {
    /// Where the names of an object begin that is opened now.
    pub(super) const fn open(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, name: Cow<'t, str>) {
        self.0.push(name);
    }

    /// Whether two of the names from `start` on are equal; they are forgotten. A few are compared each with
    /// each; of many, whose number is the vendor's, that would be quadratic.
    pub(super) fn close(&mut self, start: usize) -> bool {
        const FEW: usize = 8;
        let names = self.0.get_mut(start..).unwrap_or_default();
        let twice = if names.len() <= FEW {
            let mut behind = &*names;
            let mut twice = false;
            while let Some((name, others)) = behind.split_first() {
                twice |= others.contains(name);
                behind = others;
            }
            twice
        } else {
            names.sort_unstable();
            !names.is_sorted_by(|before, after| before < after)
        };
        self.0.truncate(start);
        twice
    }
}
