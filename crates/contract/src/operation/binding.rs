//! `x-upstream`: the vendor call of an operation, put together.

use crate::code::Code;
use crate::model::Model;
use crate::operation::cache::across::{Cached, check_tags};
use crate::operation::calls::max_vendor_calls;
use crate::operation::draft::{Draft, draft};
use crate::operation::follow_up::create::create_if_absent;
use crate::operation::follow_up::unclear::check_follow_up;
use crate::operation::response::answers::Answers;
use crate::operation::{listed, sensitive};
use crate::plan::{Binding, CreateIfAbsent, Effect, Operation, OperationId, ReadPlan, WritePlan};

/// All operations of the model, checked against each other and for what is left unused. `None` for
/// one of which something was reported.
pub(crate) fn bound_operations(model: &Model<'_>) -> Vec<Option<Operation>> {
    let operations = model.operations.iter();
    let mut drafts: Vec<Draft<'_, '_>> = operations
        .map(|operation| draft(model, operation))
        .collect();
    let answers: Vec<&Answers<'_>> = drafts.iter().map(|draft| &draft.answers).collect();
    let creates = creates(&drafts, &answers);
    for draft in &drafts {
        if let (Some(upstream), Some(write)) = (&draft.upstream, &draft.write) {
            check_follow_up(
                &draft.scope,
                upstream,
                write,
                draft.request.as_ref(),
                &answers,
            );
        }
    }
    let calls: Vec<usize> = drafts
        .iter()
        .zip(&creates)
        .map(|(draft, create)| max_vendor_calls(draft, create.as_ref(), &drafts))
        .collect();
    let cached: Vec<Cached<'_, '_>> = drafts.iter().filter_map(Draft::cached).collect();
    check_tags(&cached);
    for (draft, create) in drafts.iter().zip(&creates) {
        let emitted_by_create = create
            .as_ref()
            .and_then(|create| drafts.get(create.operation.0));
        report_unused(draft, emitted_by_create);
    }
    for create in creates.iter().flatten() {
        if let Some(draft) = drafts.get_mut(create.operation.0) {
            draft.also_filled(&create.filled);
        }
    }
    let parts = drafts.into_iter().zip(creates).zip(calls);
    parts
        .map(|((draft, create), calls)| operation(draft, create, calls))
        .collect()
}

fn creates<'a>(drafts: &[Draft<'_, 'a>], answers: &[&Answers<'a>]) -> Vec<Option<CreateIfAbsent>> {
    let create = |draft: &Draft<'_, 'a>| {
        let upstream = draft.upstream.as_ref()?;
        create_if_absent(&draft.scope, upstream, draft.request.as_ref(), answers)
    };
    drafts.iter().map(create).collect()
}

fn report_unused(draft: &Draft<'_, '_>, create: Option<&Draft<'_, '_>>) {
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

fn operation(
    draft: Draft<'_, '_>,
    create_if_absent: Option<CreateIfAbsent>,
    max_vendor_calls: usize,
) -> Option<Operation> {
    let interface = draft.scope.operation;
    let says = |word: &str| {
        let upstream = draft.upstream.as_ref();
        upstream.is_some_and(|upstream| upstream.get(word).is_some())
    };
    let lost = says("request") && draft.request.is_none()
        || says("paging") && draft.paging.is_none()
        || says("write") && draft.write.is_none()
        || says("create_if_absent") && create_if_absent.is_none()
        || draft.caching.broken;
    if lost {
        return None;
    }
    let parameters = interface.parameters.iter().map(|one| one.compile());
    let body = match &interface.body {
        Some(body) => Some(body.compile()?),
        None => None,
    };
    let effect = match draft.write {
        None => Effect::Read(ReadPlan {
            paging: draft.paging,
            cache: draft.caching.rule,
        }),
        Some(write) => Effect::Write(WritePlan {
            repeatable: write.repeatable,
            unclear: write.unclear,
            create_if_absent,
            invalidates: draft.caching.tags.into_iter().map(|one| one.tag).collect(),
        }),
    };
    Some(Operation {
        sensitive: sensitive::of(interface, &draft.query),
        listed: listed::of(interface),
        id: OperationId::parse(interface.id)?,
        summary: interface.summary.clone(),
        method: interface.method.clone(),
        path: interface.path.clone(),
        parameters: parameters.collect::<Option<_>>()?,
        body,
        deprecation: interface.deprecation.clone(),
        binding: Binding {
            upstream: draft.vendor?,
            method: draft.method?,
            path: draft.path?,
            query: draft.query,
            request: draft.request,
            answer: draft.answers.plan?,
            effect,
            max_vendor_calls,
        },
    })
}
