//! The typed tree of a schema: what a value looks like on both sides of a translation.

mod member_name;

pub use member_name::MemberName;

/// A schema, reduced to what translation needs. Property order is wire order.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What the value is.
    pub kind: Kind,
    /// The schema's `type` is `[T, "null"]`.
    pub nullable: bool,
}

/// The `type` of a schema, with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A text.
    String {
        /// `format: date-time`: kept as it came, offset included, but it must be one (RFC 3339).
        date_time: bool,
    },
    /// A whole number within 64 bits.
    Integer,
    /// A number; a fraction is a double.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Named members.
    Object(Object),
    /// Items of one shape.
    Array(Box<Array>),
    /// Members of free names and one shape.
    Map(Box<Map>),
}

impl Kind {
    /// What a value of this kind is called in a message.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::String { date_time: false } => "a string",
            Self::String { date_time: true } => "an RFC 3339 date-time with an offset",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Object(_) => "an object",
            Self::Array(_) => "an array",
            Self::Map(_) => "an object with free names",
        }
    }
}

/// `type: object` with `properties`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// In the order of the schema.
    pub fields: Vec<Field>,
}

impl Object {
    /// Whether a property of it stands in an attribute.
    pub(crate) fn has_attributes(&self) -> bool {
        self.fields.iter().any(|field| field.xml.attribute)
    }
}

/// A property, and how each encoding writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the unified JSON.
    pub name: MemberName,
    /// The vendor's name in every encoding: `x-name`, or else `name`.
    pub wire: String,
    /// Whether the schema lists it in `required`.
    pub required: bool,
    /// What its value looks like.
    pub shape: Shape,
    /// `x-type`: the vendor's type where it differs from ours.
    pub wire_type: Option<WireType>,
    /// Its `xml`.
    pub xml: XmlPlace,
    /// `x-form`: how an array or a map stands in a form or a query.
    pub form: Option<FormStyle>,
}

/// A type that only the wire has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireType {
    /// We say string, JSON sends a number: 1–18 digits, else the request is refused (400).
    Integer,
}

/// The OpenAPI `xml` object of a property (its `name` stands on `items` only).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct XmlPlace {
    /// The value stands in an attribute, not in an element.
    pub attribute: bool,
    /// Arrays only: the items stand inside an element of the property's name.
    pub wrapped: bool,
    /// The namespace's URI.
    pub namespace: Option<String>,
    /// The prefix to write it with; without one it is the default namespace.
    pub prefix: Option<String>,
}

/// How a property with several values stands in a form or a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormStyle {
    /// Arrays: `k=a&k=b`.
    Repeat,
    /// Maps: `k[x]=a`.
    Brackets,
}

/// `type: array`.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// The shape of each item.
    pub items: Shape,
    /// `items.xml.name`; absent: the items bear the property's wire name.
    pub item_name: Option<String>,
    /// Namespace and prefix of `items.xml`.
    pub item_xml: XmlPlace,
}

/// `additionalProperties: {type: …}`: free names, one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The shape of each value.
    pub values: Shape,
}

impl Array {
    /// The element name of the items: `items.xml.name`, or else the name of the property (or of the
    /// enclosing element) that holds the array.
    pub(crate) fn item_name<'a>(&'a self, holder: &'a str) -> &'a str {
        self.item_name.as_deref().unwrap_or(holder)
    }

    /// The namespace of the items. Unwrapped items stand in the place of the property itself, so they
    /// take its namespace where `items.xml` declares none.
    pub(crate) fn item_place<'a>(&'a self, field: &'a Field) -> &'a XmlPlace {
        if self.item_xml.namespace.is_none() && !field.xml.wrapped {
            &field.xml
        } else {
            &self.item_xml
        }
    }
}
