//! Credentials in the query or the form of each call, against the calls of the contract.

use contract::{Diagnostic, Operation, Plan};
use grammar::pointer;
use serde_json::Value;
use translate::{Encoding, Kind};

use crate::settings::source::Source;

/// One credential field of the settings.
struct Credential<'d> {
    upstream: &'d str,
    name: &'d str,
    pointer: String,
}

/// What cannot be sent, or would be one field with another of the call: the vendor would read one of the two.
pub fn check(source: &Source, plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let upstreams = source.value().get("upstreams").and_then(Value::as_object);
    for (upstream, settings) in upstreams.into_iter().flatten() {
        let Some(auth) = settings.get("auth") else {
            continue;
        };
        let calls = plan
            .operations
            .iter()
            .filter(|operation| *operation.binding.upstream == **upstream);
        let calls: Vec<&Operation> = calls.collect();
        let kind = auth.get("kind").and_then(Value::as_str);
        let credentials = credentials(upstream, auth);
        match kind {
            Some("query") => {
                for credential in credentials {
                    let taken = |operation: &Operation| has_query(operation, credential.name);
                    found.extend(collision(source, &credential, "query field", &calls, taken));
                }
            }
            Some("form") => {
                found.extend(without_form(source, upstream, &calls));
                for credential in credentials {
                    let taken = |operation: &Operation| has_form(operation, credential.name);
                    found.extend(collision(source, &credential, "form field", &calls, taken));
                }
            }
            _ => {}
        }
    }
    found
}

fn credentials<'d>(upstream: &'d str, auth: &'d Value) -> Vec<Credential<'d>> {
    let at = format!("/upstreams/{}/auth", pointer::escape(upstream));
    let several = auth.get("fields").and_then(Value::as_object);
    let several = several.into_iter().flat_map(|fields| fields.keys());
    let several = several.map(|name| Credential {
        upstream,
        name,
        pointer: format!("{at}/fields/{}", pointer::escape(name)),
    });
    let one = auth
        .get("name")
        .and_then(Value::as_str)
        .map(|name| Credential {
            upstream,
            name,
            pointer: format!("{at}/name"),
        });
    several.chain(one).collect()
}

/// Many servers do not tell case apart, and `a[b]` is a part of `a`.
fn same(one: &str, other: &str) -> bool {
    let base = |name: &str| {
        name.split('[')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    base(one) == base(other)
}

fn has_query(operation: &Operation, name: &str) -> bool {
    let binding = &operation.binding;
    let own = binding.query.iter().map(|pair| pair.field.wire.as_str());
    let pages = binding.paging().into_iter();
    let pages = pages.flat_map(|paging| [paging.start.as_str(), paging.count.as_str()]);
    own.chain(pages).any(|own| same(own, name))
}

fn has_form(operation: &Operation, name: &str) -> bool {
    let request = operation.binding.request.as_ref();
    let shape = request.map(|request| &request.shape.kind);
    match shape {
        Some(Kind::Object(object)) => object.fields.iter().any(|field| same(&field.wire, name)),
        _ => false,
    }
}

fn collision(
    source: &Source,
    credential: &Credential<'_>,
    what: &str,
    calls: &[&Operation],
    taken: impl Fn(&Operation) -> bool,
) -> Option<Diagnostic> {
    let taken = calls.iter().copied().filter(|operation| taken(operation));
    let ids: Vec<&str> = taken.map(|operation| &*operation.id).collect();
    if ids.is_empty() {
        return None;
    }
    Some(Diagnostic {
        code: "credential-collision",
        message: format!(
            "`{}` is a {what} of the contract too, in {}",
            credential.name,
            list(&ids)
        ),
        place: source.place(&credential.pointer),
        pointer: credential.pointer.clone(),
        help: format!(
            "`upstreams.{}.auth` adds it to every call, and the vendor would read one of the two: name another, or take it out of the contract.",
            credential.upstream
        ),
        related: Vec::new(),
    })
}

fn without_form(source: &Source, upstream: &str, calls: &[&Operation]) -> Option<Diagnostic> {
    let is_form = |operation: &&Operation| {
        let request = operation.binding.request.as_ref();
        request.is_some_and(|request| request.encoding == Encoding::Form)
    };
    let others = calls.iter().copied().filter(|call| !is_form(call));
    let ids: Vec<&str> = others.map(|operation| &*operation.id).collect();
    if ids.is_empty() {
        return None;
    }
    let pointer = format!("/upstreams/{}/auth/kind", pointer::escape(upstream));
    Some(Diagnostic {
        code: "credential-unsendable",
        message: format!("the credential of `{upstream}` stands in a form, and {} without one", sends(&ids)),
        place: source.place(&pointer),
        pointer,
        help: "Use `kind: query` or `kind: header` if the vendor takes it there; in the contract a form is `request: {encoding: form}`.".to_owned(), related: Vec::new(), })
}

fn sends(ids: &[&str]) -> String {
    let verb = if ids.len() == 1 { "calls" } else { "call" };
    format!("{} {verb} it", list(ids))
}

/// The first three, and how many more.
fn list(ids: &[&str]) -> String {
    let shown: Vec<String> = ids.iter().take(3).map(|id| format!("`{id}`")).collect();
    let more = match ids.len().saturating_sub(3) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}
