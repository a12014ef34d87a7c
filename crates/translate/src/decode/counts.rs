/// What a document held beyond the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) unknown: usize,
    pub(crate) lenient: usize,
}
