/// Which of the open brackets are objects: one bit each, so that any depth is cheap, and the first 64 cost
/// no allocation.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    depth: usize,
    /// Bit 0 is the innermost one; of the deepest 64 at most.
    inner: u64,
    /// The others, in full words, outermost first.
    outer: Vec<u64>,
}

impl Nesting {
    const WORD: usize = 64;

    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Whether the innermost bracket is an object's.
    pub(super) const fn is_object(&self) -> bool {
        self.inner & 1 == 1
    }

    pub(super) fn open(&mut self, object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(Self::WORD) {
            self.outer.push(self.inner);
            self.inner = 0;
        }
        self.depth += 1;
        self.inner = self.inner << 1 | u64::from(object);
    }

    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.inner >>= 1;
        if self.depth.is_multiple_of(Self::WORD)
            && let Some(inner) = self.outer.pop()
        {
            self.inner = inner;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Nesting;

    #[test]
    fn every_level_is_remembered_across_the_words() {
        let is_object = |level: usize| level.is_multiple_of(3) || level % 7 == 2;
        let mut nesting = Nesting::default();
        for level in 0..300 {
            nesting.open(is_object(level));
            assert_eq!(nesting.is_object(), is_object(level), "{level}");
        }
        for level in (0..300).rev() {
            assert_eq!(nesting.depth(), level + 1);
            assert_eq!(nesting.is_object(), is_object(level), "{level}");
            nesting.close();
        }
        assert_eq!(nesting.depth(), 0);
    }
}
