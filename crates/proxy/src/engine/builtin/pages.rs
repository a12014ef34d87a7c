//! The gateway's own pages on the API port.

use bytes::Bytes;
use contract::{GatewayProblem, Problem};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::files::File;
use super::{docs, document};
use crate::engine::accept::page::Page;
use crate::engine::accept::route::Options;
use crate::engine::accept::{coding, conditions, negotiation};
use crate::engine::answer::reply::Reply;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::{OwnPage, Runtime};

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// One of the pages.
///
/// # Errors
/// There is no problem of the code or no file of the name; 412 and 400 by `If-Match`.
pub fn answer(runtime: &Runtime, page: &Page, head: &Parts) -> Result<Reply, Refusal> {
    let plan = &runtime.plan;
    match page {
        Page::OpenApi => kept(head, JSON, document::page(runtime)),
        Page::Docs => {
            let page = || OwnPage::new(docs::interactive(plan));
            let reply = kept(head, HTML, runtime.docs.get_or_init(page))?;
            Ok(guarded(reply, docs::interactive_policy()))
        }
        Page::DocsWithSlash => {
            let mut reply = Reply::empty(StatusCode::PERMANENT_REDIRECT);
            // Relative, as the links of the page: the path that a proxy put before it stays.
            reply.locate("../docs");
            Ok(reply)
        }
        Page::PlainDocs => {
            let page = || OwnPage::new(docs::plain(plan, &document::served(runtime)));
            let reply = kept(head, HTML, runtime.plain_docs.get_or_init(page))?;
            Ok(guarded(reply, docs::page_policy()))
        }
        Page::DocsFile(name) => match File::find(name) {
            Some(found) => file(head, found),
            None => Err(Refusal {
                hint: Some("See `/docs`.".to_owned()),
                ..Refusal::new(
                    GatewayProblem::RouteNotFound,
                    "`/docs` has no file of this name.",
                )
            }),
        },
        Page::Problems => {
            let problems = || plan.problems.values();
            Ok(negotiated(
                head,
                || json!({"problems": problems().map(row).collect::<Vec<_>>()}),
                || docs::problems(problems()),
            ))
        }
        Page::Problem(code) => match plan.problems.get(code.as_str()) {
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

/// A page that is kept, or the 304 or 412 that the request's conditions make of it. Whoever keeps it asks before
/// it is used again: another contract or another version of the gateway may serve the next one.
fn kept(head: &Parts, media_type: &'static str, page: &OwnPage) -> Result<Reply, Refusal> {
    conditions::check_read(conditions::of_read(head)?.as_ref(), &page.etag)?;
    let mut reply = if page.etag.is_named_in(&head.headers) {
        Reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        content(media_type, page.body.clone())
    };
    reply.headers.insert(ETAG, page.etag.header());
    reply
        .headers
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(reply)
}

/// A file of `/docs`, compressed for who takes that.
fn file(head: &Parts, file: &File) -> Result<Reply, Refusal> {
    let zipped = file.is_gzipped() && coding::takes_gzip(&head.headers);
    let page = if zipped {
        file.as_stored()
    } else {
        file.decompressed()
    };
    let mut reply = kept(head, file.media_type, page)?;
    if zipped && reply.body.is_some() {
        reply
            .headers
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if file.is_gzipped() {
        reply
            .headers
            .insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    Ok(reply)
}

/// JSON for programs, HTML for who follows the `type` of a problem in a browser (RFC 9457 §3.1.1). Who
/// wants neither gets JSON (RFC 9110 §12.5.1 leaves that to us).
fn negotiated(head: &Parts, json: impl FnOnce() -> Value, page: impl FnOnce() -> String) -> Reply {
    let weight = |kind, subtype| negotiation::weight(&head.headers, kind, subtype);
    let mut reply = if weight("text", "html") > weight("application", "json") {
        guarded(content(HTML, page().into()), docs::page_policy())
    } else {
        content(JSON, json().to_string().into())
    };
    reply
        .headers
        .insert(VARY, HeaderValue::from_static("Accept"));
    reply
}

/// A browser takes it for nothing but what it is said to be.
fn content(media_type: &'static str, body: Bytes) -> Reply {
    let mut reply = Reply::content(StatusCode::OK, media_type, body);
    reply
        .headers
        .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

/// What a page of a browser may do, and that it tells nobody where its reader came from.
fn guarded(mut reply: Reply, policy: HeaderValue) -> Reply {
    let headers = &mut reply.headers;
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
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
