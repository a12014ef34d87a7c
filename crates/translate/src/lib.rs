//! Schema-directed translation between the unified JSON and what a vendor speaks.
//!
//! Everything here is a function of a [`Shape`] and bytes: no I/O, no HTTP server, no OpenAPI. The
//! shape decides what is an array, an integer or a string; the data never does.
//!
//! - [`Encoder`] writes a unified value as a form, XML or JSON.
//! - [`Document`] is a vendor's answer as text, and [`decode`](fn@decode) takes a unified value out of it.
//! - [`judge`](fn@judge) applies all that an operation declares about answers: a value, a problem,
//!   or "unclear".
//!
//! ```
//! use serde_json::json;
//! use translate::{
//!     AnswerLimits, Document, Encoder, Encoding, Field, Kind, Object, Shape, XmlPlace, decode,
//! };
//!
//! let field = |name: &str, wire: &str, kind| Field {
//!     name: name.into(),
//!     wire: wire.to_owned(),
//!     required: false,
//!     shape: Shape { kind, nullable: false },
//!     wire_type: None,
//!     xml: XmlPlace::default(),
//!     form: None,
//! };
//! let fields = vec![
//!     field("day_id", "dayId", Kind::String { date_time: false }),
//!     field("duration", "duration", Kind::Integer),
//! ];
//! let shape = Shape { kind: Kind::Object(Object { fields }), nullable: false };
//!
//! let answer = b"<response><dayId>4728</dayId><duration> 5400 </duration></response>";
//! let limits = AnswerLimits::default();
//! let document = Document::of(Encoding::Xml, Some("text/xml"), answer, &limits)?;
//! let day = decode(&document, &[vec!["response".to_owned()]], &shape)?.json;
//! assert_eq!(day.as_str(), r#"{"day_id":"4728","duration":5400}"#);
//!
//! let encoder = Encoder { encoding: Encoding::Form, root: None, shape, limit: 2 << 20 };
//! let day = json!({"day_id": "4728", "duration": 5400});
//! assert_eq!(encoder.encode(&day)?, b"dayId=4728&duration=5400");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod answer;
pub mod decode;
pub mod document;
pub mod encode;
pub mod encoding;
pub mod json_text;
pub mod judge;
pub mod mismatch;
mod number;
pub mod shape;

pub use decode::{Decoded, decode};
pub use document::{AnswerLimits, Document, content_type_fits};
pub use encode::{
    EncodeError, EncodeErrorKind, EncodeErrors, Encoder, Root, form_pairs, write_form,
};
pub use encoding::Encoding;
pub use json_text::JsonText;
pub use judge::{Answer, Called, Context, MatchedBy, VendorError, Verdict, judge};
pub use mismatch::{Limit, Mismatch};
pub use shape::{
    Array, Field, FormStyle, Kind, Map, MemberName, Object, Shape, WireType, XmlPlace,
};
