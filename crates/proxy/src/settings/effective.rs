//! What holds, key by key, and where each value was written. No secret shows itself here.

use grammar::pointer;
use serde_json::Value;

use super::auth::MASK;
use super::key::{Fallback, Need, ValueType};
use super::reading::ReadKey;
use super::source::{Origin, Source};

/// One key as it is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// `upstreams.netex.base_url`, `callers[0].name`.
    pub key: String,
    pub shown: Shown,
    pub origin: Origin,
}

/// A value as it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    Value(Value),
    /// Nothing stands for the key; in words what that means.
    Nothing(String),
    /// A secret, masked; where it is kept, if the settings say so: `{"env": "NAME"}`.
    Secret(Option<Value>),
}

/// Request fields of HTTP whose values are no credentials.
const PUBLIC_HEADERS: [&str; 6] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "user-agent",
];

/// The keys that were read, in that order, without those that hold other keys.
pub fn of(source: &Source, asked: &[ReadKey]) -> Vec<Effective> {
    let single = asked.iter().filter_map(|asked| {
        let value = source.value().pointer(&asked.pointer);
        let shown = match value {
            Some(value) => present(asked, value)?,
            None => absent(asked)?,
        };
        Some(Effective {
            key: path(&asked.pointer, source.value()),
            shown,
            origin: source.origin(&asked.pointer),
        })
    });
    single.collect()
}

/// `None`: the value holds others, which are asked for themselves.
fn present(asked: &ReadKey, value: &Value) -> Option<Shown> {
    let reference = || value.is_object().then(|| value.clone());
    match &asked.row.holds {
        ValueType::Section(_)
        | ValueType::Variants(_)
        | ValueType::Named { .. }
        | ValueType::Listed(_) => None,
        ValueType::Secret => Some(Shown::Secret(reference())),
        ValueType::TextOrSecret => Some(match reference() {
            Some(reference) => Shown::Secret(Some(reference)),
            None => Shown::Value(without_user(value)),
        }),
        ValueType::NamedTexts { .. } | ValueType::NamedValues { .. } => {
            let name = asked.member.as_ref()?;
            let public = PUBLIC_HEADERS.contains(&name.to_ascii_lowercase().as_str());
            Some(match reference() {
                None if public => Shown::Value(without_user(value)),
                reference => Shown::Secret(reference),
            })
        }
        _ => Some(Shown::Value(without_user(value))),
    }
}

fn absent(asked: &ReadKey) -> Option<Shown> {
    if let Some(chosen) = &asked.chosen {
        let number = chosen.parse::<u64>().map(Value::from);
        return Some(Shown::Value(
            number.unwrap_or_else(|_| Value::from(chosen.as_str())),
        ));
    }
    match (&asked.row.need, &asked.row.holds) {
        (_, ValueType::Section(_)) | (Need::Required, _) => None,
        (Need::Optional(words), _) => Some(Shown::Nothing((*words).to_owned())),
        (Need::Default(fallback), _) => Some(Shown::Value(value_of(fallback))),
    }
}

/// A default as the settings file would hold it.
pub fn value_of(fallback: &Fallback) -> Value {
    match fallback {
        Fallback::Flag(flag) => Value::from(*flag),
        Fallback::Count(count) => Value::from(*count),
        Fallback::Ratio(ratio) => Value::from(*ratio),
        other => Value::from(other.to_string()),
    }
}

/// A URL's user and password are not shown, wherever a URL stands.
fn without_user(value: &Value) -> Value {
    let Value::String(text) = value else {
        return value.clone();
    };
    let Some((scheme, rest)) = text.split_once("://") else {
        return value.clone();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => Value::from(format!("{scheme}://{MASK}@{host}{behind}")),
        None => value.clone(),
    }
}

/// A pointer as people write it.
fn path(at: &str, document: &Value) -> String {
    let mut path = String::new();
    let mut node = Some(document);
    for token in pointer::tokens(at).unwrap_or_default() {
        if node.is_some_and(Value::is_array) {
            path.push_str(&format!("[{token}]"));
            node = token
                .parse::<usize>()
                .ok()
                .and_then(|index| node?.get(index));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&token);
            node = node.and_then(|node| node.get(&token));
        }
    }
    path
}
