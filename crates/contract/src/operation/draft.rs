//! `x-upstream` of one operation, read by itself.

use std::sync::Arc;

use grammar::Pointer;
use http::Method;

use crate::code::Code;
use crate::interface::{Interface, path};
use crate::keywords::UPSTREAM;
use crate::model::Model;
use crate::operation::cache::across::Cached;
use crate::operation::cache::rule::{self, Caching};
use crate::operation::follow_up::unclear::{self, WriteWords};
use crate::operation::request::{body, paging, query};
use crate::operation::response::answers::{self, Answers};
use crate::operation::scope::Scope;
use crate::plan::{Paging, ParameterPlace, QueryPair, RequestPlan, VendorPath, VendorSegment};
use crate::source::Node;

/// An operation whose own words were read; what refers to other operations is still open.
#[derive(Debug)]
pub(crate) struct Draft<'s, 'a> {
    pub(crate) scope: Scope<'s, 'a>,
    pub(crate) upstream: Option<Node<'a>>,
    pub(crate) answers: Answers<'a>,
    pub(crate) vendor: Option<Arc<str>>,
    pub(crate) caching: Caching<'a>,
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<VendorPath>,
    pub(crate) query: Vec<QueryPair>,
    pub(crate) request: Option<RequestPlan>,
    pub(crate) paging: Option<Paging>,
    pub(crate) write: Option<WriteWords>,
}

/// Reads `x-upstream` of an operation.
pub(crate) fn draft<'s, 'a>(model: &'s Model<'a>, operation: &'s Interface<'a>) -> Draft<'s, 'a> {
    let mut draft = Draft {
        scope: Scope::new(model, operation),
        upstream: operation.node.get("x-upstream"),
        answers: Answers::default(),
        vendor: None,
        caching: Caching::default(),
        method: None,
        path: None,
        query: Vec::new(),
        request: None,
        paging: None,
        write: None,
    };
    let Some(upstream) = draft.upstream.clone() else {
        return draft;
    };
    if upstream.object(&UPSTREAM).is_none() {
        draft.upstream = None;
        return draft;
    }
    let scope = &draft.scope;
    let vendor = upstream
        .get("upstream")
        .and_then(|name| model.vendor(&name));
    draft.vendor = vendor.map(|vendor| Arc::clone(&vendor.name));
    draft.method = upstream
        .get("method")
        .and_then(|method| self::method(&method, scope));
    draft.path = upstream
        .get("path")
        .and_then(|path| vendor_path(scope, &path));
    // `set` decides which fields are surely there, so the request comes before all other sources.
    draft.request = body::request_plan(scope, &upstream);
    draft.query = query::query_pairs(scope, &upstream);
    draft.paging = paging::paging(scope, &upstream);
    query::check_names(
        &upstream,
        &draft.query,
        draft.paging.as_ref(),
        draft.request.as_ref(),
    );
    let paged = upstream.get("paging").is_some();
    draft.answers = answers::answers(scope, &upstream, vendor, paged);
    draft.write = unclear::write_words(scope, &upstream, draft.request.as_ref());
    draft.caching = rule::caching(scope, &upstream, draft.answers.problems.as_deref());
    unclear::check_look_ups(draft.write.as_ref(), &draft.answers.look_ups, &upstream);
    draft
}

fn method(node: &Node<'_>, scope: &Scope<'_, '_>) -> Option<Method> {
    const METHODS: [Method; 5] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    let text = node.string()?;
    let Some(method) = METHODS.iter().find(|method| *method == text) else {
        let message = format!("a vendor call cannot be `{text}`");
        node.report_unknown(
            Code::BadValue,
            message,
            text,
            METHODS.iter().map(Method::as_str),
        );
        return None;
    };
    if scope.is_read() && !matches!(*method, Method::GET | Method::POST) {
        node.report_help(
            Code::BadValue,
            format!("a GET of ours would become a {method} of the vendor's"),
            "a read may be repeated and cached; let the operation be a write",
        );
        return None;
    }
    Some(method.clone())
}

fn vendor_path(scope: &Scope<'_, '_>, node: &Node<'_>) -> Option<VendorPath> {
    let path = path::vendor_path(node)?;
    let mut whole = true;
    for segment in &path.segments {
        if let VendorSegment::Parameter(name) = segment {
            whole &= scope.parameter(ParameterPlace::Path, name, node).is_some();
        }
    }
    whole.then_some(path)
}

impl<'a> Draft<'_, 'a> {
    /// What it says of caches; `None` without a readable `x-upstream`.
    pub(crate) fn cached(&self) -> Option<Cached<'_, 'a>> {
        Some(Cached {
            id: self.scope.operation.id,
            is_read: self.scope.is_read(),
            vendor: self.vendor.as_ref(),
            upstream: self.upstream.as_ref()?,
            caching: &self.caching,
        })
    }

    /// What another operation fills of this create's read-only fields is sent as well.
    pub(crate) fn also_filled(&mut self, filled: &[Pointer]) {
        let (Some(request), Some(body)) = (&mut self.request, &self.scope.operation.body) else {
            return;
        };
        let own = request.set.iter().map(|field| field.field.clone());
        let filled: Vec<Pointer> = own.chain(filled.iter().cloned()).collect();
        let left_out = body::left_out(&body.schema, &request.omit, &filled);
        if let Some(shape) = body.schema.shape(&left_out) {
            request.shape = shape;
        }
    }
}
