//! `kind: query` and `kind: form`, and other fields that the settings name.

use super::open_secret::{in_the_open, is_secret_field};
use super::{Auth, FieldPlace, NAME, VALUE};
use crate::settings::key::{Names, Need, named_values};
use crate::settings::node::{CredentialValue, NamesNode, Node};

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

/// Fields under free names, plain or secret.
pub fn values(object: &NamesNode<'_>) -> Vec<(String, CredentialValue)> {
    object.distinct("duplicate-field", "many vendors do not tell them apart");
    let mut found = Vec::new();
    for name in object.all() {
        let value = object.value(&name);
        if matches!(value, Some(CredentialValue::Literal(_))) && is_secret_field(&name) {
            in_the_open(object, &name);
        }
        let good = is_good(&name, |code, message, help| {
            object.refuse(&name, code, message, help);
        });
        if let (true, Some(value)) = (good, value) {
            found.push((name, value));
        }
    }
    found
}

/// Tells by `refuse` what is wrong with a name.
fn is_good(name: &str, refuse: impl FnOnce(&'static str, &str, &str)) -> bool {
    let good = !name.is_empty() && !name.contains(|c: char| c.is_control() || c.is_whitespace());
    if !good {
        refuse(
            "bad-field",
            "the name of a field is empty or has a blank in it",
            "Write the vendor's name for it, such as apikey.",
        );
    }
    good
}
