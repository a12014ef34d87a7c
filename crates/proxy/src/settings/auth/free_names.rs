//! Fields that the settings name: of a query, a form or a token request.

use super::open_secret::{in_the_open, is_secret_field};
use crate::settings::node::{CredentialValue, NamesNode};

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
pub fn is_good(name: &str, refuse: impl FnOnce(&'static str, &str, &str)) -> bool {
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
