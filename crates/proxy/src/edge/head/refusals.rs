//! What is said of a request line that is refused.

use contract::GatewayProblem;

use crate::engine::Refusal;

pub fn malformed(detail: &str) -> Refusal {
    Refusal::new(GatewayProblem::MalformedRequest, detail)
}

pub fn no_request_line() -> Refusal {
    malformed("The first line is not `METHOD target HTTP/1.1` with single blanks.")
}

pub fn too_long() -> Refusal {
    Refusal::new(
        GatewayProblem::UriTooLong,
        "The request target is too long to be read.",
    )
}
