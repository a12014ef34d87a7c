//! What is wanted of a document, and what is found.

/// A place of which something is to be known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'p> {
    /// Whether there is a value: a path of members; in XML of elements from the root's on, the last of them
    /// in the namespace where one is named.
    Value {
        path: &'p [String],
        namespace: Option<&'p str>,
    },
    /// The texts there, for predicates and error codes. JSON: a path of members and indices to a scalar, or
    /// to an array, which gives each of its scalars. XML: elements without children that are not nil, or
    /// attributes where the last name begins with `@`. Where no element bears the last name, an attribute of
    /// that name is meant: a predicate that looked past it would let a failure pass for a success.
    Texts { path: &'p [String] },
}

impl<'p> Wanted<'p> {
    pub(super) const fn path(&self) -> &'p [String] {
        match *self {
            Self::Value { path, .. } | Self::Texts { path } => path,
        }
    }
}

/// What was found at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// How many values, or elements, stand there.
    pub(crate) values: usize,
    pub(crate) texts: Vec<String>,
}
