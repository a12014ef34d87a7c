//! `kind: query` and `kind: form`.

use super::credential::{Auth, FieldPlace};
use super::free_names::{is_good, values};
use super::rows::{NAME, VALUE};
use crate::settings::key::{Names, Need, named_values};
use crate::settings::node::{CredentialValue, Node};

pub static FIELDS: Names = named_values(
    ("fields", "<name>"),
    Need::Required,
    "of `query` and `form`, instead of `name` and `value`: several, each a plain text or a secret",
);

/// One field by `name` and `value`, or several under `fields`.
pub fn read(node: &Node<'_>, place: FieldPlace) -> Option<Auth> {
    if node.has(&FIELDS.row) {
        let object = node.names(&FIELDS)?;
        if object.all().is_empty() {
            node.refuse(
                &FIELDS.row,
                "no-fields",
                "`fields` names none",
                "Write NAME: {env: VARIABLE}, or `kind: none` where the vendor asks for nothing.",
            );
        }
        let fields = values(&object);
        return (!fields.is_empty()).then_some(Auth::Fields { place, fields });
    }
    let name = node.ask(&NAME).filter(|name| {
        is_good(name, |code, message, help| {
            node.refuse(&NAME.row, code, message, help);
        })
    });
    let value = node.secret(&VALUE);
    Some(Auth::Fields {
        place,
        fields: vec![(name?, CredentialValue::Secret(value?))],
    })
}
