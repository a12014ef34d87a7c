//! Short words for shapes.

use grammar::Pointer;
use translate::{Array, Field, FormStyle, Kind, Map, Object, Shape, WireType, XmlPlace};

pub fn shape(kind: Kind) -> Shape {
    Shape {
        kind,
        nullable: false,
    }
}

pub fn string() -> Shape {
    shape(Kind::String { date_time: false })
}

pub fn date_time() -> Shape {
    shape(Kind::String { date_time: true })
}

pub fn integer() -> Shape {
    shape(Kind::Integer)
}

pub fn number() -> Shape {
    shape(Kind::Number)
}

pub fn boolean() -> Shape {
    shape(Kind::Boolean)
}

pub fn nullable(mut shape: Shape) -> Shape {
    shape.nullable = true;
    shape
}

pub fn array(items: Shape) -> Shape {
    named_array(items, None)
}

pub fn named_array(items: Shape, item_name: Option<&str>) -> Shape {
    shape(Kind::Array(Box::new(Array {
        items,
        item_name: item_name.map(str::to_owned),
        item_xml: XmlPlace::default(),
    })))
}

pub fn map(values: Shape) -> Shape {
    shape(Kind::Map(Box::new(Map { values })))
}

pub fn object(fields: impl IntoIterator<Item = Field>) -> Shape {
    shape(Kind::Object(Object {
        fields: fields.into_iter().collect(),
    }))
}

pub fn field(name: &str, shape: Shape) -> Field {
    Field {
        name: name.into(),
        wire: name.to_owned(),
        required: false,
        shape,
        wire_type: None,
        xml: XmlPlace::default(),
        form: None,
    }
}

/// Changes of a field, in a row.
pub trait Change {
    fn wire(self, wire: &str) -> Self;
    fn required(self) -> Self;
    fn wire_integer(self) -> Self;
    fn attribute(self) -> Self;
    fn wrapped(self) -> Self;
    fn namespace(self, namespace: &str, prefix: Option<&str>) -> Self;
    fn form(self, style: FormStyle) -> Self;
}

impl Change for Field {
    fn wire(mut self, wire: &str) -> Self {
        self.wire = wire.to_owned();
        self
    }

    fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn wire_integer(mut self) -> Self {
        self.wire_type = Some(WireType::Integer);
        self
    }

    fn attribute(mut self) -> Self {
        self.xml.attribute = true;
        self
    }

    fn wrapped(mut self) -> Self {
        self.xml.wrapped = true;
        self
    }

    fn namespace(mut self, namespace: &str, prefix: Option<&str>) -> Self {
        self.xml.namespace = Some(namespace.to_owned());
        self.xml.prefix = prefix.map(str::to_owned);
        self
    }

    fn form(mut self, style: FormStyle) -> Self {
        self.form = Some(style);
        self
    }
}

/// A path of the contract: `response/day`; empty for the whole document.
/// A pointer without its leading slash; empty for the root.
pub fn place(path: &str) -> Pointer {
    path.split('/')
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

pub fn path(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The room of DESIGN §3, as an answer.
pub fn room() -> Shape {
    object([
        field("id", string()).required().wire_integer(),
        field("external_id", string()),
        field("name", string()),
        field("capacity", integer()),
        field("postal_code", string()).wire("postalCode"),
    ])
}

/// The training day of DESIGN §3, as an answer.
pub fn day() -> Shape {
    object([
        field("day_id", string()).wire("dayId").required(),
        field("start_time", date_time()).wire("startTime"),
        field("location", string()),
        field("url", string()),
        field("duration", integer()),
    ])
}
