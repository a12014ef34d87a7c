//! The gateway's own pages on the API port.

use bytes::Bytes;
use contract::{GatewayProblem, Problem};
use http::header::{ALLOW, CONTENT_SECURITY_POLICY, VARY};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{docs, document};
use crate::engine::accept::negotiation;
use crate::engine::accept::page::Page;
use crate::engine::accept::route::Options;
use crate::engine::answer::reply::Reply;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

/// One of the pages.
///
/// # Errors
/// There is no problem of the code.
pub fn answer(runtime: &Runtime, page: &Page, head: &Parts) -> Result<Reply, Refusal> {
    match page {
        Page::OpenApi => Ok(Reply::content(
            StatusCode::OK,
            "application/json",
            document::text(runtime).clone(),
        )),
        Page::Docs => {
            let page = runtime
                .docs
                .get_or_init(|| docs::page(&runtime.plan).into());
            Ok(html(page.clone()))
        }
        Page::Problems => {
            let problems = || runtime.plan.problems.values();
            Ok(negotiated(
                head,
                || json!({"problems": problems().map(row).collect::<Vec<_>>()}),
                || docs::problems(problems()),
            ))
        }
        Page::Problem(code) => match runtime.plan.problems.get(code.as_str()) {
            Some(problem) => Ok(negotiated(head, || row(problem), || docs::problem(problem))),
            None => Err(Refusal {
                hint: Some("See `/problems` for the codes.".to_owned()),
                ..Refusal::new(
                    GatewayProblem::RouteNotFound,
                    "There is no problem of this code.",
                )
            }),
        },
    }
}

/// JSON for programs, HTML for who follows the `type` of a problem in a browser (RFC 9457 §3.1.1). Who
/// wants neither gets JSON (RFC 9110 §12.5.1 leaves that to us).
fn negotiated(head: &Parts, json: impl FnOnce() -> Value, page: impl FnOnce() -> String) -> Reply {
    let weight = |kind, subtype| negotiation::weight(&head.headers, kind, subtype);
    let mut reply = if weight("text", "html") > weight("application", "json") {
        html(page().into())
    } else {
        Reply::content(
            StatusCode::OK,
            "application/json",
            json().to_string().into(),
        )
    };
    reply
        .headers
        .insert(VARY, HeaderValue::from_static("Accept"));
    reply
}

fn html(page: Bytes) -> Reply {
    let mut reply = Reply::content(StatusCode::OK, "text/html; charset=utf-8", page);
    reply.headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
    );
    reply
}

/// 204 with `Allow`, and `Accept-Patch` (RFC 5789 §3.1) where there is a PATCH.
#[must_use]
pub fn options(options: &Options) -> Reply {
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    if let Ok(value) = HeaderValue::from_str(&options.allow) {
        reply.headers.insert(ALLOW, value);
    }
    let patch = options.accept_patch.as_deref();
    if let Some(value) = patch.and_then(|text| HeaderValue::from_str(text).ok()) {
        let name = HeaderName::from_static("accept-patch");
        reply.headers.insert(name, value);
    }
    reply
}

/// One row of the catalogue, as it is served and printed.
pub fn row(problem: &Problem) -> Value {
    json!({
        "type": format!("/problems/{}", problem.code),
        "code": &*problem.code,
        "status": problem.status,
        "title": problem.title,
        "description": problem.description,
        "hint": problem.hint,
        "declared_by": if problem.domain { "contract" } else { "gateway" },
    })
}
