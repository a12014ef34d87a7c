/// Whether a required field must be in the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    Now,
    /// Another source may give it; the caller checks the merged value. Holds for the value and the
    /// objects in it, not for the entries of arrays and maps.
    Later,
}
