use crate::shape::XmlPlace;

/// The root element of an XML request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its local name.
    pub name: String,
    /// Namespace and prefix: the `xml` of the body's own schema.
    pub place: XmlPlace,
}

impl From<&str> for Root {
    /// A root in no namespace.
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            place: XmlPlace::default(),
        }
    }
}
