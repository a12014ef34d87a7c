//! The codings of a vendor's answer (RFC 9110 §8.4, RFC 9112 §7): gzip and deflate are decoded, though
//! nobody asked for them.

mod inflate;

use crate::upstream::call::answer_fields::{AnswerFields, text};
use crate::upstream::call::failure::{Failure, FailureKind};
pub use inflate::Coding;
use inflate::{Inflate, InflateError};

/// One coding upon another is rare, and more than this is an attack.
const MOST: usize = 4;
/// A coding makes little of its input larger, so what lies between two codings may be a bit over the
/// limit of the answer.
const SLACK: usize = 64 * 1024;

/// The codings of an answer in the order in which they were applied: those of the content, then those
/// of the transfer, without the `chunked` that frames it.
///
/// # Errors
/// One that we do not know, too many of them, or a `chunked` that is not the last.
pub fn of(fields: &AnswerFields) -> Result<Vec<Coding>, Failure> {
    let mut transfer: Vec<String> = names(fields, "transfer-encoding")?;
    transfer.pop_if(|last| last == "chunked");
    if transfer.iter().any(|name| name == "chunked") {
        return Err(Failure::new(
            FailureKind::Garbled,
            "the body is chunked before another coding",
        ));
    }
    let mut codings = Vec::new();
    for name in names(fields, "content-encoding")?.iter().chain(&transfer) {
        match name.as_str() {
            "identity" => {}
            // RFC 9110 §8.4.1.3: `x-gzip` is `gzip`.
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            _ => return Err(unknown()),
        }
    }
    if codings.len() > MOST {
        return Err(Failure::new(
            FailureKind::ContentEncoding,
            format!("the body has more than {MOST} codings"),
        ));
    }
    Ok(codings)
}

/// The members of a list field, in lower case and without parameters; empty ones do not count
/// (RFC 9110 §5.6.1.2).
fn names(fields: &AnswerFields, field: &'static str) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for value in fields.get_all(field) {
        let members = text(value)
            .ok_or_else(unknown)?
            .split(',')
            .filter_map(|member| member.split(';').next());
        let members = members.map(str::trim).filter(|member| !member.is_empty());
        names.extend(members.map(str::to_ascii_lowercase));
    }
    Ok(names)
}

fn unknown() -> Failure {
    Failure::new(
        FailureKind::ContentEncoding,
        "the body is in a coding that we neither asked for nor know",
    )
}

/// Undoes codings piece by piece; holds no more than the decoded body and a window for each coding.
pub struct Decoder {
    /// The outermost first.
    stages: Vec<Inflate>,
    body: Vec<u8>,
    limit: usize,
}

impl Decoder {
    /// `codings` as they were applied; the decoded body may have `limit` bytes.
    pub fn new(codings: &[Coding], limit: usize) -> Self {
        Self {
            stages: codings
                .iter()
                .rev()
                .map(|coding| Inflate::new(*coding, limit.saturating_add(SLACK)))
                .collect(),
            body: Vec::new(),
            limit,
        }
    }

    /// The next bytes as they came.
    ///
    /// # Errors
    /// They are not of the coding, or what they become is too large.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Failure> {
        let limit = self.limit;
        feed(&mut self.stages, piece, &mut self.body, limit).map_err(|error| failure(error, limit))
    }

    /// The decoded body. None at all came as none, whatever its coding.
    ///
    /// # Errors
    /// A coding did not come to its end.
    pub fn finish(self) -> Result<Vec<u8>, Failure> {
        for stage in &self.stages {
            stage.finish().map_err(|error| failure(error, self.limit))?;
        }
        Ok(self.body)
    }
}

fn feed(
    stages: &mut [Inflate],
    piece: &[u8],
    body: &mut Vec<u8>,
    limit: usize,
) -> Result<(), InflateError> {
    match stages.split_first_mut() {
        Some((first, inner)) => first.push(piece, &mut |part| feed(inner, part, body, limit)),
        None if body.len() + piece.len() > limit => Err(InflateError::TooLarge),
        None => {
            body.extend_from_slice(piece);
            Ok(())
        }
    }
}

fn failure(error: InflateError, limit: usize) -> Failure {
    match error {
        InflateError::TooLarge => too_large(limit),
        InflateError::TooManyMembers => Failure::new(
            FailureKind::ContentEncoding,
            "the compressed body has too many members",
        ),
        InflateError::Corrupt => Failure::new(
            FailureKind::ContentEncoding,
            "the compressed body is damaged",
        ),
        InflateError::Truncated => {
            Failure::new(FailureKind::Cut, "the compressed body ends too early")
        }
    }
}

/// The body of an answer is over `limits.answer`.
pub fn too_large(limit: usize) -> Failure {
    Failure::new(
        FailureKind::TooLarge,
        format!("the body is larger than {limit} bytes"),
    )
}

#[cfg(test)]
mod tests;
