//! The header fields, out of their lines.

use contract::GatewayProblem;
use http::{HeaderMap, HeaderName, HeaderValue};

/// More fields than this are no request of ours; it bounds what is kept of a head.
const MOST_FIELDS: usize = 256;

/// What nearly all requests have; to make room for the most costs more than to read so few.
const FEW_FIELDS: usize = 32;

/// Reads the lines with the blank one that ends them.
///
/// # Errors
/// The problem and what is said of it: a line that is no field, or too many fields.
pub fn fields(bytes: &[u8]) -> Result<HeaderMap, (GatewayProblem, &'static str)> {
    const BAD: (GatewayProblem, &str) = (
        GatewayProblem::MalformedRequest,
        "A header line is not `Name: value`.",
    );
    let mut few = [httparse::EMPTY_HEADER; FEW_FIELDS];
    let mut most;
    let mut lines = httparse::parse_headers(bytes, &mut few);
    if lines == Err(httparse::Error::TooManyHeaders) {
        most = [httparse::EMPTY_HEADER; MOST_FIELDS];
        lines = httparse::parse_headers(bytes, &mut most);
    }
    let lines = match lines {
        Ok(httparse::Status::Complete((_, lines))) => lines,
        Err(httparse::Error::TooManyHeaders) => {
            let detail = "The request has too many header fields; at most 256 are read.";
            return Err((GatewayProblem::HeadersTooLarge, detail));
        }
        Ok(httparse::Status::Partial) | Err(_) => return Err(BAD),
    };
    let mut headers = HeaderMap::with_capacity(lines.len());
    for line in lines {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| BAD)?;
        let value = HeaderValue::from_bytes(line.value).map_err(|_| BAD)?;
        headers.append(name, value);
    }
    Ok(headers)
}
