//! Raw parameters and body bytes → [`Input`], or everything that is wrong with them.

mod create;
mod decode;
mod find;
mod path;
mod query;

use contract::{GatewayProblem, OperationIndex};
use validate::{At, JsonBody, JsonError, Unfit, Violation, Violations};

use super::input::Input;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use path::path;
pub use path::takes;
use query::query;

/// A request as it came.
#[derive(Debug)]
pub struct RawRequest<'r> {
    /// The path parameters by name, still percent-encoded.
    pub path: &'r [(&'r str, &'r str)],
    pub query: Option<&'r str>,
    /// `None`: the operation takes none.
    pub body: Option<Vec<u8>>,
}

/// Checks a whole request.
///
/// # Errors
/// Everything that is wrong with it at once; a cursor or JSON that is none alone.
pub fn check(
    runtime: &Runtime,
    index: OperationIndex,
    raw: RawRequest<'_>,
) -> Result<Input, Refusal> {
    let operation = runtime.operation(index);
    let mut violations = Violations::default();
    let path = path(operation, raw.path, &mut violations);
    let query = query(operation, &path, raw.query, &mut violations)?;
    let mut input = Input {
        path,
        query,
        body: None,
    };
    let sound_path = violations.is_empty();
    if let (Some(body), Some(text)) = (&operation.body, raw.body) {
        match JsonBody::parse_for(text, &body.validator) {
            Ok(parsed) => input.body = Some(parsed.into_flat()),
            Err(Unfit {
                error: JsonError::Violations(found),
                body,
            }) => {
                violations.append(found);
                // What is wrong with it as a create is told along, where there is a value to look at.
                input.body = body.map(JsonBody::into_flat);
            }
            Err(unfit) => return Err(malformed(&unfit.error)),
        }
    }
    if sound_path {
        let create = operation.binding.create_if_absent();
        let sent = create.and_then(|_| input.body.clone());
        let mut found = input.apply_set(operation);
        found.append(create::violations(
            runtime,
            operation,
            &input,
            sent.as_ref(),
        ));
        let known = |one: &Violation| violations.listed.iter().any(|other| other.at == one.at);
        found.listed.retain(|one| !known(one));
        violations.append(found);
    }
    if violations.is_empty() {
        Ok(input)
    } else {
        Err(Refusal::violations(violations))
    }
}

fn malformed(error: &JsonError) -> Refusal {
    let mut refusal = Refusal::new(GatewayProblem::MalformedJson, error.to_string());
    let (pointer, code) = match error {
        JsonError::DuplicateKey { pointer, .. } => (pointer, validate::code::DUPLICATE_KEY),
        JsonError::TooDeep { pointer, .. } => (pointer, validate::code::TOO_DEEP),
        _ => return refusal,
    };
    refusal.errors.push(Violation {
        at: At::Pointer(pointer.clone()),
        code,
        detail: error.to_string(),
    });
    refusal
}
