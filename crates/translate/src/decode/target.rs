use super::required::Required;
use crate::shape::Shape;

/// What the value at a place becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'s> {
    pub(crate) shape: &'s Shape,
    /// XML: the namespace of the element that stands for the value; `None`: any.
    pub(crate) namespace: Option<&'s str>,
    /// The wire name of the property that holds the value: what an array's items are called unless the
    /// schema says otherwise.
    pub(crate) holder: Option<&'s str>,
    pub(crate) required: Required,
}
