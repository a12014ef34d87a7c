//! Bodies of the control port; whatever is refused is named, with what is allowed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::faults::Fault;

/// A JSON object of settings.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("the body must be a JSON object".to_owned()),
        Err(error) => Err(format!("the body is no JSON: {error}")),
    }
}

/// `current` with the given members in place; every wrong member is named at once.
pub(crate) fn patched<T: Serialize + DeserializeOwned>(
    current: &T,
    members: Map<String, Value>,
) -> Result<T, String> {
    let Ok(Value::Object(base)) = serde_json::to_value(current) else {
        return Err("the current value is no object".to_owned());
    };
    let mut patched = base.clone();
    let mut wrong = Vec::new();
    for (key, value) in members {
        if !base.contains_key(&key) {
            let allowed: Vec<String> = base.keys().map(|key| format!("`{key}`")).collect();
            let allowed = allowed.join(", ");
            wrong.push(format!("unknown member `{key}`; allowed are {allowed}"));
            continue;
        }
        let mut alone = base.clone();
        alone.insert(key.clone(), value.clone());
        if let Err(error) = serde_json::from_value::<T>(Value::Object(alone)) {
            wrong.push(format!("`{key}`: {error}"));
        }
        patched.insert(key, value);
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    serde_json::from_value(Value::Object(patched)).map_err(|error| error.to_string())
}

/// One fault or an array of them; all are fine, or none is taken.
pub(crate) fn faults(body: &[u8]) -> Result<Vec<Fault>, String> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| fault(item).map_err(|why| format!("fault {index}: {why}")))
            .collect(),
        Ok(item) => Ok(vec![fault(item)?]),
        Err(error) => Err(format!("the body is no JSON: {error}")),
    }
}

fn fault(mut item: Value) -> Result<Fault, String> {
    let fault: Fault = match serde_json::from_value(item.clone()) {
        Ok(fault) => fault,
        Err(first) => {
            // A bare name may stand for a kind whose settings have defaults; where they have none,
            // the second error names the missing one.
            let Some(Value::String(name)) = item.get("kind").cloned() else {
                return Err(first.to_string());
            };
            if !first.to_string().contains("unit variant") {
                return Err(first.to_string());
            }
            if let Some(kind) = item.get_mut("kind") {
                *kind = Value::from(Map::from_iter([(name, Value::from(Map::new()))]));
            }
            serde_json::from_value(item).map_err(|error| format!("`kind`: {error}"))?
        }
    };
    fault.check().map_err(|refused| refused.to_string())?;
    Ok(fault)
}
