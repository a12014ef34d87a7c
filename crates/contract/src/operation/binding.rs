//! `x-upstream`: the vendor call of an operation, put together.

use crate::code::Code;
use crate::keywords::UPSTREAM;
use crate::model::Model;
use crate::operation::answer::{self, Answers};
use crate::operation::cache::{self, Caching};
use crate::operation::interface::Interface;
use crate::operation::scope::Scope;
use crate::operation::{create, paging, path, query, request, write};
use crate::source::Node;
use crate::{
    Binding, CreateIfAbsent, LOOK_UPS, Operation, Paging, ParameterPlace, QueryPair, RequestPlan,
    Source, Unclear, VendorPath, VendorSegment, WritePlan,
};

/// An operation whose own words were read; what refers to other operations is still open.
#[derive(Debug)]
pub(crate) struct Draft<'s, 'a> {
    pub(crate) scope: Scope<'s, 'a>,
    pub(crate) upstream: Option<Node<'a>>,
    pub(crate) answers: Answers<'a>,
    pub(crate) vendor: Option<std::sync::Arc<str>>,
    pub(crate) caching: Caching<'a>,
    method: Option<String>,
    path: Option<VendorPath>,
    query: Vec<QueryPair>,
    request: Option<RequestPlan>,
    paging: Option<Paging>,
    write: Option<WritePlan>,
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
    draft.vendor = vendor.map(|vendor| std::sync::Arc::clone(&vendor.name));
    draft.method = upstream
        .get("method")
        .and_then(|method| self::method(&method, scope));
    draft.path = upstream
        .get("path")
        .and_then(|path| vendor_path(scope, &path));
    // `set` decides which fields are surely there, so the request comes before all other sources.
    draft.request = request::read(scope, &upstream);
    draft.query = query::read(scope, &upstream);
    draft.paging = paging::read(scope, &upstream);
    query::check_names(
        &upstream,
        &draft.query,
        draft.paging.as_ref(),
        draft.request.as_ref(),
    );
    let paged = upstream.get("paging").is_some();
    draft.answers = answer::read(scope, &upstream, vendor, paged);
    draft.write = write::read(scope, &upstream, draft.request.as_ref());
    draft.caching = cache::read(scope, &upstream, draft.answers.problems.as_deref());
    write::check_look_ups(
        scope,
        draft.write.as_ref(),
        &draft.answers.look_ups,
        &upstream,
    );
    draft
}

fn method(node: &Node<'_>, scope: &Scope<'_, '_>) -> Option<String> {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let method = node.string()?;
    if !METHODS.contains(&method) {
        let message = format!("a vendor call cannot be `{method}`");
        node.report_unknown(Code::BadValue, message, method, METHODS.into_iter());
        return None;
    }
    if scope.is_read() && !matches!(method, "GET" | "POST") {
        node.report_help(
            Code::BadValue,
            format!("a GET of ours would become a {method} of the vendor's"),
            "a read may be repeated and cached; let the operation be a write",
        );
        return None;
    }
    Some(method.to_owned())
}

fn vendor_path(scope: &Scope<'_, '_>, node: &Node<'_>) -> Option<VendorPath> {
    let path = path::vendor(node)?;
    let mut whole = true;
    for segment in &path.segments {
        if let VendorSegment::Parameter(name) = segment {
            whole &= scope.parameter(ParameterPlace::Path, name, node).is_some();
        }
    }
    whole.then_some(path)
}

/// Reads what refers to other operations, checks what is left unused, and puts the plan together.
/// `None` for an operation of which something was reported.
pub(crate) fn finish(mut drafts: Vec<Draft<'_, '_>>) -> Vec<Option<Operation>> {
    let creates: Vec<Option<CreateIfAbsent>> = drafts
        .iter()
        .map(|draft| create::read(&draft.scope, draft.upstream.as_ref()?, draft, &drafts))
        .collect();
    let calls: Vec<usize> = drafts
        .iter()
        .zip(&creates)
        .map(|(draft, create)| max_vendor_calls(draft, create.as_ref(), &drafts))
        .collect();
    cache::check(&drafts);
    for (draft, create) in drafts.iter().zip(&creates) {
        let emitted_by_create = create
            .as_ref()
            .and_then(|create| drafts.get(create.operation.0));
        unused(draft, emitted_by_create);
    }
    for create in creates.iter().flatten() {
        if let Some(draft) = drafts.get_mut(create.operation.0) {
            draft.also_filled(&create.filled);
        }
    }
    let parts = drafts.into_iter().zip(creates).zip(calls);
    parts
        .map(|((draft, create), calls)| draft.operation(create, calls))
        .collect()
}

/// The vendor calls of the operation alone: its own, and the longer of what may follow. A missing
/// `Location` follows a success, look-ups or a repetition follow an unclear end; never both.
fn own_calls(draft: &Draft<'_, '_>) -> usize {
    let location = usize::from(!draft.answers.look_ups.is_empty());
    let unclear = match &draft.write {
        None => 0,
        Some(write) => match &write.unclear {
            None => usize::from(write.repeatable),
            Some(unclear) => LOOK_UPS * reads_of_a_look_up(draft, unclear),
        },
    };
    1 + location.max(unclear)
}

/// Two where the write may rename what its path names: the old name must be gone as well.
fn reads_of_a_look_up(draft: &Draft<'_, '_>, unclear: &Unclear) -> usize {
    let (Unclear::LookUp { with, .. } | Unclear::ReadBack { with, .. }) = unclear;
    let renames = with.iter().any(|(name, source)| {
        let interface = draft.scope.operation;
        let in_path = interface.path.contains(&format!("{{{name}}}"));
        in_path && !matches!(source, Source::Path(_))
    });
    1 + usize::from(renames)
}

/// See [`Binding::max_vendor_calls`].
fn max_vendor_calls(
    draft: &Draft<'_, '_>,
    create: Option<&CreateIfAbsent>,
    drafts: &[Draft<'_, '_>],
) -> usize {
    let own = own_calls(draft);
    let Some(create) = create else {
        return own;
    };
    // Only an update that certainly found nothing leads to the create, and only a create that
    // certainly lost its race back to the update.
    let created = drafts.get(create.operation.0).map_or(0, own_calls) + 1;
    let again = if create.again_when.is_empty() {
        0
    } else {
        2 + own
    };
    own.max(created).max(again)
}

fn unused(draft: &Draft<'_, '_>, create: Option<&Draft<'_, '_>>) {
    let Some(upstream) = &draft.upstream else {
        return;
    };
    draft.scope.report_unused();
    // Without a readable list of emits every response would look unused.
    let known = |draft: &Draft<'_, '_>| draft.answers.plan.is_some() && !draft.answers.emits_more;
    let create_known = match upstream.get("create_if_absent") {
        Some(_) => create.is_some_and(known),
        None => true,
    };
    if !known(draft) || !create_known {
        return;
    }
    for response in &draft.scope.operation.responses {
        let emitted = |answers: &Answers<'_>| answers.emitted.contains(&response.status);
        if !emitted(&draft.answers) && !create.is_some_and(|create| emitted(&create.answers)) {
            response.node.key().report_help(
                Code::UnusedResponse,
                format!("nothing emits {}", response.status),
                "add an `emit` for it, or take it out; problems are documented by `default`",
            );
        }
    }
}

impl Draft<'_, '_> {
    pub(crate) fn request(&self) -> Option<&RequestPlan> {
        self.request.as_ref()
    }

    /// What another operation fills of this create's read-only fields is sent as well.
    fn also_filled(&mut self, filled: &[Vec<String>]) {
        let (Some(request), Some(body)) = (&mut self.request, &self.scope.operation.body) else {
            return;
        };
        let own = request.set.iter().map(|field| field.tokens.clone());
        let filled: Vec<Vec<String>> = own.chain(filled.iter().cloned()).collect();
        let left_out = request::left_out(&body.schema, &request.omit, &filled);
        if let Some(shape) = body.schema.shape(&left_out) {
            request.shape = shape;
        }
    }

    fn operation(
        self,
        create_if_absent: Option<CreateIfAbsent>,
        max_vendor_calls: usize,
    ) -> Option<Operation> {
        let interface = self.scope.operation;
        let stands = |word: &str| {
            self.upstream
                .as_ref()
                .is_some_and(|all| all.get(word).is_some())
        };
        let lost = stands("request") && self.request.is_none()
            || stands("paging") && self.paging.is_none()
            || stands("write") && self.write.is_none()
            || stands("create_if_absent") && create_if_absent.is_none()
            || self.caching.broken;
        if lost {
            return None;
        }
        let parameters = interface.parameters.iter().map(|one| one.compile());
        let body = match &interface.body {
            Some(body) => Some(body.compile()?),
            None => None,
        };
        Some(Operation {
            id: std::sync::Arc::clone(&interface.id),
            summary: interface.summary.clone(),
            method: interface.method.to_owned(),
            path: interface.path.clone(),
            parameters: parameters.collect::<Option<_>>()?,
            body,
            binding: Binding {
                upstream: self.vendor?,
                method: self.method?,
                path: self.path?,
                query: self.query,
                request: self.request,
                answer: self.answers.plan?,
                emits: self.answers.emits,
                paging: self.paging,
                write: self.write,
                create_if_absent,
                invalidates: match self.caching.rule {
                    Some(_) => Vec::new(),
                    None => self.caching.tags.into_iter().map(|one| one.tag).collect(),
                },
                cache: self.caching.rule,
                max_vendor_calls,
            },
        })
    }
}
