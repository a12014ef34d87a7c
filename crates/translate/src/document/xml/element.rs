use grammar::xml::XML_SPACE;

/// The namespace of `xsi:nil` and its like (XML Schema part 1 section 2.6).
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Element {
    /// The local name.
    pub(crate) name: Box<str>,
    pub(crate) namespace: Option<Box<str>>,
    /// Without `xmlns` declarations.
    pub(crate) attributes: Vec<Attribute>,
    /// The text directly inside: character data, CDATA sections and references, joined.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: Box<str>,
    pub(crate) namespace: Option<Box<str>>,
    pub(crate) value: String,
}

impl Element {
    /// `xsi:nil="true"`: the element stands for no value.
    pub(crate) fn is_nil(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            attribute.namespace.as_deref() == Some(XSI)
                && &*attribute.name == "nil"
                && matches!(attribute.value.trim_matches(XML_SPACE), "true" | "1")
        })
    }

    pub(crate) fn has_text(&self) -> bool {
        !self.text.trim_matches(XML_SPACE).is_empty()
    }

    /// All elements at a path of local names that begins with this one's.
    pub(crate) fn at_path(&self, path: &[String]) -> Vec<&Self> {
        let Some((root, rest)) = path.split_first() else {
            return vec![self];
        };
        if *self.name != **root {
            return Vec::new();
        }
        rest.iter().fold(vec![self], |found, name| {
            let children = found.into_iter().flat_map(|element| &element.children);
            children.filter(|child| *child.name == **name).collect()
        })
    }

    /// Whether the element is in a namespace; any will do where none is named.
    pub(crate) fn is_in(&self, namespace: Option<&str>) -> bool {
        namespace.is_none() || self.namespace.as_deref() == namespace
    }

    /// The texts at a path of names: of elements without children, or of attributes where the last
    /// name begins with `@`. Where no element bears the last name, an attribute of that name is meant:
    /// a predicate that looked past it would let a failure pass for a success.
    pub(crate) fn texts_at(&self, path: &[String]) -> Vec<&str> {
        let attributes = |parents: &[String], name: &str| -> Vec<&str> {
            let attributes = self
                .at_path(parents)
                .into_iter()
                .flat_map(|element| &element.attributes);
            attributes
                .filter(|attribute| *attribute.name == *name)
                .map(|attribute| attribute.value.as_str())
                .collect()
        };
        match path.split_last() {
            Some((last, parents)) if last.starts_with('@') => {
                attributes(parents, last.trim_start_matches('@'))
            }
            Some((last, parents)) if !parents.is_empty() && self.at_path(path).is_empty() => {
                attributes(parents, last)
            }
            _ => self
                .at_path(path)
                .into_iter()
                .filter(|element| element.children.is_empty() && !element.is_nil())
                .map(|element| element.text.as_str())
                .collect(),
        }
    }
}
