use crate::{excerpt, pointer};

/// Where a reader stands, as a chain on the stack: costs nothing until a pointer is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// The whole value.
    Root,
    /// A member of an object, by its key.
    Key(&'a Place<'a>, &'a str),
    /// An item of an array, from 0.
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The JSON Pointer of the place, or of its nearest ancestor whose pointer is short enough
    /// (see [`MAX_POINTER_BYTES`](crate::MAX_POINTER_BYTES)).
    pub fn pointer(&self) -> String {
        self.write().unwrap_or_else(|ancestor| ancestor)
    }

    /// What a sentence about the place begins with.
    pub(crate) fn subject(&self) -> String {
        match self {
            Self::Root => "the body".to_owned(),
            Self::Key(_, key) => excerpt::quote(key),
            Self::Index(_, index) => format!("the item at index {index}"),
        }
    }

    /// `Err` is the pointer of an ancestor: nothing may be joined to it any more.
    fn write(&self) -> Result<String, String> {
        match self {
            Self::Root => Ok(String::new()),
            Self::Key(parent, key) => pointer::join(parent.write()?, key),
            Self::Index(parent, index) => pointer::join(parent.write()?, &index.to_string()),
        }
    }
}
