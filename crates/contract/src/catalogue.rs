//! The gateway's own problems: the closed list of RFC 9457 problem types that no contract declares.

/// A problem of the gateway itself. Its code is the last segment of `type` and a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GatewayProblem {
    /// 400: what came is no HTTP that is served.
    MalformedRequest,
    /// 408: head or body did not come in time.
    RequestTimeout,
    /// 400: the body is not JSON.
    MalformedJson,
    /// 400: the contract's rules are broken; all of them are listed.
    ValidationFailed,
    /// 400: a cursor that this list did not give.
    InvalidCursor,
    /// 404: nothing is under the path.
    RouteNotFound,
    /// 405: not for this resource.
    MethodNotAllowed,
    /// 501: for no resource.
    MethodNotImplemented,
    /// 406: `Accept` excludes what there is.
    NotAcceptable,
    /// 413: the body is over the limit.
    ContentTooLarge,
    /// 414: the target is over the limit.
    UriTooLong,
    /// 415: the body's type or coding is not read.
    UnsupportedMediaType,
    /// 431: the head is over the limit.
    HeadersTooLarge,
    /// 412: `If-Match` or `If-None-Match` does not hold.
    PreconditionFailed,
    /// 422: the key came with another request.
    IdempotencyKeyReused,
    /// 409: a request of the key is under way.
    RequestInProgress,
    /// 401: no key of this gateway's.
    Unauthenticated,
    /// 403: the key is not for the operation.
    Forbidden,
    /// 429: the key's quota is used up.
    RateLimited,
    /// 503: no room for the request.
    Overloaded,
    /// 503: the store that replicas share is away, and the request needs it.
    CoordinationUnavailable,
    /// 502: the vendor refuses the gateway's credentials.
    UpstreamCredentialsRejected,
    /// 502: the vendor denies the gateway's account the call.
    UpstreamAccessDenied,
    /// 502: the vendor's answer is not as agreed.
    UpstreamContractViolation,
    /// 502: the vendor's answer is over the limit.
    UpstreamAnswerTooLarge,
    /// 502: the vendor answered an error that no row maps.
    UpstreamError,
    /// 503: the vendor was not reached, or is left alone.
    UpstreamUnavailable,
    /// 504: the vendor did not answer in time.
    UpstreamTimeout,
    /// 504: nobody can say whether the write was done.
    WriteOutcomeUnknown,
    /// 504: `only-if-cached`, and there is no entry.
    NotInCache,
    /// 503: the process ends.
    ShuttingDown,
    /// 500: a fault of the gateway's.
    InternalError,
}

/// What the catalogue says of one problem.
struct Row {
    code: &'static str,
    status: u16,
    title: &'static str,
    description: &'static str,
    hint: &'static str,
}

impl GatewayProblem {
    /// In the order of the documentation.
    pub const ALL: [Self; 32] = [
        Self::MalformedRequest,
        Self::RequestTimeout,
        Self::MalformedJson,
        Self::ValidationFailed,
        Self::InvalidCursor,
        Self::RouteNotFound,
        Self::MethodNotAllowed,
        Self::MethodNotImplemented,
        Self::NotAcceptable,
        Self::ContentTooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::HeadersTooLarge,
        Self::PreconditionFailed,
        Self::IdempotencyKeyReused,
        Self::RequestInProgress,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::RateLimited,
        Self::Overloaded,
        Self::CoordinationUnavailable,
        Self::UpstreamCredentialsRejected,
        Self::UpstreamAccessDenied,
        Self::UpstreamContractViolation,
        Self::UpstreamAnswerTooLarge,
        Self::UpstreamError,
        Self::UpstreamUnavailable,
        Self::UpstreamTimeout,
        Self::WriteOutcomeUnknown,
        Self::NotInCache,
        Self::ShuttingDown,
        Self::InternalError,
    ];

    /// The last segment of the problem's `type`, and its `code`: kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// A short name, the same for every occurrence (RFC 9457 section 3.1.3).
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// When a caller meets it.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.row().description
    }

    /// What the caller, or the operator of the gateway, can do.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        self.row().hint
    }

    /// Whether an error map may name it: the others speak of the caller's own request or of the
    /// gateway's state, which no vendor's answer can tell.
    #[must_use]
    pub const fn answers_a_vendor(self) -> bool {
        matches!(
            self,
            Self::ValidationFailed
                | Self::ContentTooLarge
                | Self::UpstreamCredentialsRejected
                | Self::UpstreamAccessDenied
                | Self::UpstreamContractViolation
                | Self::UpstreamError
                | Self::UpstreamUnavailable
                | Self::UpstreamTimeout
                | Self::WriteOutcomeUnknown
        )
    }

    const fn row(self) -> Row {
        match self {
            Self::MalformedRequest => Row {
                code: "malformed-request",
                status: 400,
                title: "Malformed HTTP request",
                description: "The request is not well-formed HTTP/1.1: its framing is broken, or `Host` is missing, doubled or malformed. The connection is closed.",
                hint: "Send the request with a standard HTTP client.",
            },
            Self::RequestTimeout => Row {
                code: "request-timeout",
                status: 408,
                title: "Request came too slowly",
                description: "The head or the body of the request did not arrive in time. The connection is closed.",
                hint: "Send the whole request at once, on a new connection.",
            },
            Self::MalformedJson => Row {
                code: "malformed-json",
                status: 400,
                title: "Body is not JSON",
                description: "The body is not JSON, has a key twice in one object, or is nested too deeply.",
                hint: "Fix the JSON at the place that `detail` names.",
            },
            Self::ValidationFailed => Row {
                code: "validation-failed",
                status: 400,
                title: "Request is not valid",
                description: "The body or a parameter breaks a rule of the operation, or the vendor refused a value. `errors` lists every violation, at most 100 of them.",
                hint: "Fix every place that `errors` names, then send the request again.",
            },
            Self::InvalidCursor => Row {
                code: "invalid-cursor",
                status: 400,
                title: "Cursor is not valid",
                description: "The cursor is not one that this gateway gave out for this operation, or stands beside another `limit` than its page.",
                hint: "Send the `next_cursor` of the page before unchanged, alone or with the parameters of the first page; or begin again without a cursor.",
            },
            Self::RouteNotFound => Row {
                code: "route-not-found",
                status: 404,
                title: "No such path",
                description: "The gateway serves nothing at this path.",
                hint: "See `/openapi.json` for the paths.",
            },
            Self::MethodNotAllowed => Row {
                code: "method-not-allowed",
                status: 405,
                title: "Method not allowed",
                description: "The path exists, the method does not.",
                hint: "Use one of the methods in the `Allow` header.",
            },
            Self::MethodNotImplemented => Row {
                code: "method-not-implemented",
                status: 501,
                title: "Method not implemented",
                description: "The gateway has no such method at any path. Names of methods are in capitals.",
                hint: "Use one of the methods in the `Allow` header.",
            },
            Self::NotAcceptable => Row {
                code: "not-acceptable",
                status: 406,
                title: "No acceptable representation",
                description: "The operation answers with content, and the `Accept` header admits no type in which it can be given.",
                hint: "Accept `application/json`, or leave `Accept` out.",
            },
            Self::ContentTooLarge => Row {
                code: "content-too-large",
                status: 413,
                title: "Body is too large",
                description: "The body, or what it becomes in the vendor's encoding, is larger than the limit.",
                hint: "Send less; `detail` names the limit.",
            },
            Self::UriTooLong => Row {
                code: "uri-too-long",
                status: 414,
                title: "Request target is too long",
                description: "The path and query together are longer than the limit.",
                hint: "Shorten the path or the query; `detail` names the limit.",
            },
            Self::UnsupportedMediaType => Row {
                code: "unsupported-media-type",
                status: 415,
                title: "Media type not supported",
                description: "The body's `Content-Type` is missing or is not one that the operation takes, or the body is compressed.",
                hint: "Send one of the types in the `Accept` header of the answer, uncompressed.",
            },
            Self::HeadersTooLarge => Row {
                code: "headers-too-large",
                status: 431,
                title: "Headers are too large",
                description: "The header fields together are larger than the limit.",
                hint: "Send fewer or shorter headers; `detail` names the limit.",
            },
            Self::PreconditionFailed => Row {
                code: "precondition-failed",
                status: 412,
                title: "Precondition does not hold",
                description: "`If-Match`, or `If-None-Match: *`, does not hold of the resource as it is now. Nothing was written.",
                hint: "Read the resource again, and decide by what it is now whether to send the request with its new `ETag`.",
            },
            Self::IdempotencyKeyReused => Row {
                code: "idempotency-key-reused",
                status: 422,
                title: "Idempotency key used for another request",
                description: "The `Idempotency-Key` was used before with another body or path.",
                hint: "Use a new key for a new request.",
            },
            Self::RequestInProgress => Row {
                code: "request-in-progress",
                status: 409,
                title: "Request is still running",
                description: "A request with the same `Idempotency-Key` has not been answered yet.",
                hint: "Wait, then send the same request with the same key again.",
            },
            Self::Unauthenticated => Row {
                code: "unauthenticated",
                status: 401,
                title: "Caller is not authenticated",
                description: "The request carries no key of this gateway, or a wrong one. It never speaks of the vendor's credentials.",
                hint: "Send the key that the operator of the gateway gave you.",
            },
            Self::Forbidden => Row {
                code: "forbidden",
                status: 403,
                title: "Caller may not do this",
                description: "The caller's key does not permit the operation.",
                hint: "Ask the operator of the gateway for the permission.",
            },
            Self::RateLimited => Row {
                code: "rate-limited",
                status: 429,
                title: "Too many requests",
                description: "The caller's quota at the gateway is used up.",
                hint: "Wait as long as `Retry-After` says.",
            },
            Self::Overloaded => Row {
                code: "overloaded",
                status: 503,
                title: "Gateway is overloaded",
                description: "What the gateway may hold in memory for requests under way is used up. Nothing was sent to the vendor.",
                hint: "Wait as long as `Retry-After` says, then repeat.",
            },
            Self::CoordinationUnavailable => Row {
                code: "coordination-unavailable",
                status: 503,
                title: "Gateway cannot coordinate with its replicas",
                description: "The store through which the gateway's replicas act as one is away, and without it the request could be made twice or the others would not know of it. Nothing was sent to the vendor.",
                hint: "Wait as long as `Retry-After` says, then repeat.",
            },
            Self::UpstreamCredentialsRejected => Row {
                code: "upstream-credentials-rejected",
                status: 502,
                title: "Vendor rejects the gateway's credentials",
                description: "The vendor answered 401 to the gateway's own credentials.",
                hint: "The operator of the gateway must renew the vendor's credentials; repeating does not help.",
            },
            Self::UpstreamAccessDenied => Row {
                code: "upstream-access-denied",
                status: 502,
                title: "Vendor denies the gateway access",
                description: "The vendor answered 403: the gateway's account lacks the permission.",
                hint: "The operator of the gateway must give the vendor's account the role that the operation needs.",
            },
            Self::UpstreamContractViolation => Row {
                code: "upstream-contract-violation",
                status: 502,
                title: "Vendor's answer cannot be understood",
                description: "The vendor answered a read with something else than its documentation promises: a wrong type, HTML, a document type definition, a truncated body.",
                hint: "Report it to the operator of the gateway with the `trace_id`; the log shows what came.",
            },
            Self::UpstreamAnswerTooLarge => Row {
                code: "upstream-answer-too-large",
                status: 502,
                title: "Vendor's answer is too large",
                description: "The vendor answered a read with more than the gateway takes: more bytes, values or levels. The answer may be right.",
                hint: "Ask for less where the operation lets you; otherwise the operator of the gateway can raise the limit that `detail` names.",
            },
            Self::UpstreamError => Row {
                code: "upstream-error",
                status: 502,
                title: "Vendor failed",
                description: "The vendor answered with an error that is neither the caller's nor the gateway's fault.",
                hint: "Try again later.",
            },
            Self::UpstreamUnavailable => Row {
                code: "upstream-unavailable",
                status: 503,
                title: "Vendor is not available",
                description: "The vendor cannot be reached, asks to slow down, or failed so often that it is left alone for a while. Nothing was sent, or the vendor refused it.",
                hint: "Wait as long as `Retry-After` says, then repeat.",
            },
            Self::UpstreamTimeout => Row {
                code: "upstream-timeout",
                status: 504,
                title: "Vendor did not answer in time",
                description: "No answer came in time, and nothing was written.",
                hint: "Repeat; nothing has changed.",
            },
            Self::WriteOutcomeUnknown => Row {
                code: "write-outcome-unknown",
                status: 504,
                title: "Write may or may not have happened",
                description: "The vendor got the write and did not say whether it did it, and looking it up could not tell either.",
                hint: "Read the resource before you repeat, unless `safe_to_repeat` is true.",
            },
            Self::NotInCache => Row {
                code: "not-in-cache",
                status: 504,
                title: "Not in the cache",
                description: "The request said `only-if-cached`, and nothing fresh is there.",
                hint: "Repeat without `only-if-cached`.",
            },
            Self::ShuttingDown => Row {
                code: "shutting-down",
                status: 503,
                title: "Gateway is shutting down",
                description: "The gateway finishes the requests that run and takes no new ones.",
                hint: "Repeat on a new connection; another instance will take it.",
            },
            Self::InternalError => Row {
                code: "internal-error",
                status: 500,
                title: "Error in the gateway",
                description: "The gateway broke a promise of its own. This is a bug.",
                hint: "Report it with the `trace_id`. Read the resource before you repeat a write.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_complete_and_its_code_unique() {
        let codes: BTreeSet<&str> = GatewayProblem::ALL.iter().map(|one| one.code()).collect();
        assert_eq!(codes.len(), GatewayProblem::ALL.len());
        for problem in GatewayProblem::ALL {
            assert!((400..600).contains(&problem.status()), "{problem:?}");
            let texts = [problem.title(), problem.description(), problem.hint()];
            assert!(texts.iter().all(|text| !text.is_empty()), "{problem:?}");
        }
    }

    #[test]
    fn all_lists_each_variant_at_its_own_index() {
        // The last variant's discriminant counts the enum: a new variant that `ALL` lacks fails here.
        assert_eq!(
            GatewayProblem::InternalError as usize + 1,
            GatewayProblem::ALL.len()
        );
        for (index, problem) in GatewayProblem::ALL.into_iter().enumerate() {
            assert_eq!(problem as usize, index);
        }
    }
}
