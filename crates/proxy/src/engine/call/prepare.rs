//! A good request → the vendor's: path, query, headers and body as they leave.

use bytes::Bytes;
use contract::{GatewayProblem, Operation, RequestPlan, Source};
use serde_json::json;
use translate::Encoding;
use translate::encode::{EncodeError, EncodeErrors, form_pairs, write_form};
use validate::{At, Violation};

use super::path::vendor_path;
use crate::engine::accept::cursor;
use crate::engine::accept::input::{self, Input};
use crate::engine::accept::invocation::Invocation;
use crate::engine::refusal::Refusal;
use crate::upstream::{CallKind, VendorRequest};

/// Builds the vendor call of an operation. A value that the vendor's encoding cannot carry is a
/// `validation-failed` with its pointer.
pub fn prepare(invocation: Invocation<'_>) -> Result<VendorRequest, Refusal> {
    let operation = invocation.operation();
    let binding = &operation.binding;
    let path = vendor_path(operation, invocation.input);
    let query = query(operation, invocation.input)?;
    let path_and_query = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let body = body(invocation)?;
    Ok(VendorRequest {
        operation: operation.id.shared(),
        method: binding.method.clone(),
        path_and_query,
        headers: invocation.runtime.vendor_fields(invocation.index),
        body,
        kind: if binding.is_write() {
            CallKind::Write
        } else {
            CallKind::Read
        },
        sent: None,
        trace: None,
        store: None,
    })
}

fn query(operation: &Operation, input: &Input) -> Result<String, Refusal> {
    let mut pairs = Vec::new();
    for pair in &operation.binding.query {
        if let Some(value) = input.resolve_typed(operation, &pair.source) {
            let written = form_pairs(&pair.field, &value);
            pairs.extend(written.map_err(|errors| not_representable(errors, &pair.source))?);
        }
    }
    if let Some(paging) = operation.binding.paging()
        && let Some(limit) = input.query.get(cursor::LIMIT)
    {
        let first = json!(paging.first);
        let start = input.query.get(cursor::PARAMETER).unwrap_or(&first);
        pairs.push((paging.start.clone(), start.to_string()));
        pairs.push((paging.count.clone(), limit.to_string()));
    }
    Ok(write_form(&pairs))
}

fn body(invocation: Invocation<'_>) -> Result<Bytes, Refusal> {
    let encoder = invocation.runtime.encoder(invocation.index);
    let (Some(request), Some(encoder)) = (&invocation.binding().request, encoder) else {
        return Ok(Bytes::new());
    };
    // The encoder's shape lacks what `omit` leaves out.
    let encoded = match &invocation.input.body {
        Some(body) => encoder.encode(body),
        None => encoder.encode(&input::empty()),
    };
    match encoded {
        // What is added on the way out counts as well: the vendor reads one form.
        Ok(bytes) if bytes.len() + growth(invocation, request) > encoder.limit => {
            Err(too_large(encoder.limit))
        }
        Ok(bytes) => Ok(bytes.into()),
        Err(EncodeErrors::Values(errors)) => Err(violations(errors)),
        Err(EncodeErrors::TooLarge { limit }) => Err(too_large(limit)),
    }
}

/// The error's own pointer begins with the vendor's name, which says nothing to a caller.
fn not_representable(errors: Vec<EncodeError>, source: &Source) -> Refusal {
    let errors = errors.into_iter().map(|error| Violation {
        code: error.kind.code(),
        detail: error.kind.to_string(),
        at: match source {
            Source::Path(name) | Source::Query(name) => At::Parameter(name.clone()),
            Source::Pointer(place) => {
                let inside = error.pointer.splitn(3, '/').nth(2);
                let inside = inside.map_or_else(String::new, |inside| format!("/{inside}"));
                At::Pointer(format!("{place}{inside}"))
            }
            Source::Const(_) => At::Pointer(error.pointer),
        },
    });
    Refusal::violations(errors.collect())
}

fn growth(invocation: Invocation<'_>, request: &RequestPlan) -> usize {
    let upstream = invocation.runtime.upstream(invocation.operation());
    match request.encoding {
        Encoding::Form => upstream.form_growth(),
        Encoding::Json | Encoding::Xml => 0,
    }
}

fn too_large(limit: usize) -> Refusal {
    let detail = format!("Encoded for the vendor the body is larger than {limit} bytes.");
    Refusal::new(GatewayProblem::ContentTooLarge, detail)
}

fn violations(errors: Vec<EncodeError>) -> Refusal {
    let errors = errors.into_iter().map(|error| Violation {
        code: error.kind.code(),
        detail: error.to_string(),
        at: At::Pointer(error.pointer),
    });
    Refusal::violations(errors.collect())
}
