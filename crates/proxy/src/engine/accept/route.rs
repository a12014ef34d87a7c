//! Path and method → operation, one of our own pages, or an answer about methods.

use contract::{GatewayProblem, OperationIndex, Route};
use http::Method;

use super::page::Page;
use crate::engine::context::Target;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

/// Where a request goes.
pub enum Routed<'r> {
    Operation {
        index: OperationIndex,
        /// Path parameters by name, still percent-encoded.
        raw: Vec<(&'r str, &'r str)>,
    },
    Page(Page),
    Options(Options),
}

impl Routed<'_> {
    /// What the request is for, as it stands in metrics and the log.
    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::Operation { index, .. } => Target::Operation(*index),
            Self::Page(page) => Target::Builtin {
                label: page.label(),
                route: page.route(),
            },
            Self::Options(_) => Target::Builtin {
                label: "options",
                route: "none",
            },
        }
    }
}

/// What a resource can do.
pub struct Options {
    pub allow: String,
    pub accept_patch: Option<String>,
}

const PAGE_METHODS: &str = "GET, HEAD, OPTIONS";

/// Where a raw path leads under a method.
///
/// # Errors
/// 404, 405 and 501.
pub fn route<'r>(
    runtime: &'r Runtime,
    method: &Method,
    path: &'r str,
) -> Result<Routed<'r>, Refusal> {
    if path == "*" && method == Method::OPTIONS {
        return Ok(Routed::Options(Options {
            allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS".to_owned(),
            accept_patch: None,
        }));
    }
    if let Some(page) = Page::find(path) {
        return match *method {
            Method::GET | Method::HEAD => Ok(Routed::Page(page)),
            Method::OPTIONS => Ok(Routed::Options(Options {
                allow: PAGE_METHODS.to_owned(),
                accept_patch: None,
            })),
            _ => Err(not_allowed(method, PAGE_METHODS)),
        };
    }
    let Some(route) = runtime.plan.router.find(path) else {
        return Err(Refusal::new(
            GatewayProblem::RouteNotFound,
            "There is nothing under this path.",
        ));
    };
    // HEAD runs its GET; the edge leaves the body out.
    let routed = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    match route.operation(routed) {
        Some((index, raw)) => Ok(Routed::Operation { index, raw }),
        None if method == Method::OPTIONS => Ok(Routed::Options(options(runtime, &route))),
        None => Err(not_allowed(method, &allow(&route))),
    }
}

/// The methods that the gateway implements for any resource.
const IMPLEMENTED: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// RFC 9110 §9.1: 501 for a method that is implemented nowhere, 405 for one that is not allowed here.
/// Names of methods are case-sensitive.
fn not_allowed(method: &Method, allow: &str) -> Refusal {
    let name: String = method.as_str().chars().take(20).collect();
    let refusal = if IMPLEMENTED.contains(method) {
        let detail = format!("{name} is not possible here; {allow} are.");
        Refusal::new(GatewayProblem::MethodNotAllowed, detail)
    } else {
        let detail = format!("{name} is no method of this gateway; here {allow} are possible.");
        Refusal::new(GatewayProblem::MethodNotImplemented, detail)
    };
    refusal.allow(allow)
}

fn allow(route: &Route<'_>) -> String {
    let mut methods = Vec::new();
    for method in route.methods() {
        methods.push(method.as_str());
        if method == Method::GET {
            methods.push("HEAD");
        }
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

fn options(runtime: &Runtime, route: &Route<'_>) -> Options {
    let patch = route
        .operation(&Method::PATCH)
        .and_then(|(index, _)| runtime.operation(index).body.as_ref());
    Options {
        allow: allow(route),
        accept_patch: patch.map(|body| body.media_types.join(", ")),
    }
}
