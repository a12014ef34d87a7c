//! What of a request reaches the vendor, held against what a follow-up's read shows: a look-up that can
//! compare nothing would take anything for what was written.

use grammar::pointer;

use crate::code::Code;
use crate::interface::Interface;
use crate::operation::scope::Scope;
use crate::plan::{Compare, Source};
use crate::schema::{Kind, Schema};
use crate::source::Node;

pub(crate) struct Sent<'r, 's, 'a> {
    pub(crate) scope: &'r Scope<'s, 'a>,
    pub(crate) omit: &'r [Vec<String>],
}

impl<'s, 'a> Sent<'_, 's, 'a> {
    /// The fields that can be sent, and whether each surely is. `None`: the body is broken.
    fn fields(&self) -> Option<Vec<(String, &'s Schema<'a>, bool)>> {
        let Some(body) = &self.scope.operation.body else {
            return Some(Vec::new());
        };
        let Kind::Object(object) = &body.schema.kind else {
            return None;
        };
        let named = object.properties.iter().map(|property| {
            let tokens = vec![property.name.clone()];
            let certain = self
                .scope
                .certain(&tokens)
                .is_some_and(|(_, certain)| certain);
            (tokens, &property.schema, certain)
        });
        let sent = named.filter(|(tokens, ..)| self.is_sent(tokens));
        let field = |(tokens, schema, certain): (Vec<String>, _, _)| {
            Some((tokens.into_iter().next()?, schema, certain))
        };
        Some(sent.filter_map(field).collect())
    }

    /// Whether a field can be sent: `omit` leaves it, and a caller may send it or `set` fills it.
    fn is_sent(&self, tokens: &[String]) -> bool {
        let set = self.scope.set.borrow();
        let filled = set
            .iter()
            .any(|(field, _)| field.starts_with(tokens) || tokens.starts_with(field));
        let body = self.scope.operation.body.as_ref();
        let read_only = body
            .and_then(|body| body.schema.find(tokens).ok())
            .is_some_and(|(schema, _)| schema.read_only);
        !self.omit.iter().any(|gone| tokens.starts_with(gone)) && (filled || !read_only)
    }

    /// Reports a field of `compare` that is never sent.
    pub(crate) fn must_be(&self, tokens: &[String], entry: &Node<'_>) {
        if !self.is_sent(tokens) {
            entry.report_help(
                Code::BadFollowUp,
                "the field is never sent, so there is nothing to compare",
                "name fields that the vendor gets",
            );
        }
    }

    /// Reports a look-up that could compare nothing, or not what it looks for.
    pub(crate) fn shown_by_look_up(
        &self,
        node: &Node<'_>,
        target: &Interface<'a>,
        with: &[(String, Source)],
        compare: &Compare,
    ) {
        let Some(fields) = self.fields() else { return };
        let shown: Vec<&Schema<'_>> = target.objects().collect();
        if shown.iter().any(|schema| schema.is_broken()) {
            return;
        }
        if let Compare::Pointers(pointers) = compare {
            let certain = |tokens: &Vec<String>| {
                self.scope
                    .certain(tokens)
                    .is_none_or(|(_, certain)| certain)
            };
            if !pointers.iter().any(certain)
                && !pointers
                    .iter()
                    .any(|tokens| self.scope.lacks_body_alone(tokens))
            {
                node.report_help(
                    Code::BadFollowUp,
                    "a request may lack every field of `compare`",
                    "name one that is required, or that `set` surely fills",
                );
            }
            return;
        }
        let comparable = self.comparable(&fields, &shown, node, &target.id);
        let alone = |name: &String| self.scope.lacks_body_alone(std::slice::from_ref(name));
        if !comparable
            .iter()
            .any(|(name, certain)| *certain || alone(name))
        {
            let (what, help) = if comparable.is_empty() {
                (
                    "shows no field that is sent",
                    "look up by a read of the thing itself, whose answer has fields of the request",
                )
            } else {
                (
                    "shows no field that is surely sent",
                    "add a required field of the request to the answer of the read",
                )
            };
            node.report_help(
                Code::BadFollowUp,
                format!(
                    "`{}` {what}: whatever it finds would pass for what was made",
                    target.id
                ),
                help,
            );
            return;
        }
        for (_, source) in with {
            if let Source::Pointer(tokens) = source
                && !target.shows(tokens)
            {
                let pointer = pointer::of(tokens);
                node.report_help(
                    Code::BadFollowUp,
                    format!(
                        "`with` looks for `{pointer}`, and the answer of `{}` does not have the field",
                        target.id
                    ),
                    "add it to the answer, or say in `compare` what proves that the thing is the one that was made",
                );
            }
        }
    }

    /// Reports a read-back that shows nothing of what is sent.
    pub(crate) fn shown_by_read_back(&self, node: &Node<'_>, target: &Interface<'a>) {
        let Some(fields) = self.fields() else { return };
        let shown: Vec<&Schema<'_>> = target.objects().collect();
        if shown.iter().any(|schema| schema.is_broken()) {
            return;
        }
        if self
            .comparable(&fields, &shown, node, &target.id)
            .is_empty()
        {
            node.report_help(
                Code::BadFollowUp,
                format!(
                    "`{}` shows no field that is sent, so it tells nothing",
                    target.id
                ),
                "read back by an operation that shows what was written, or leave `unclear` out",
            );
        }
    }

    /// The sent fields that a read shows, and whether each is surely sent.
    fn comparable(
        &self,
        fields: &[(String, &Schema<'a>, bool)],
        shown: &[&Schema<'_>],
        node: &Node<'_>,
        id: &str,
    ) -> Vec<(String, bool)> {
        let mut comparable = Vec::new();
        for (name, schema, certain) in fields {
            let tokens = std::slice::from_ref(name);
            let there = shown.iter().find_map(|shown| shown.find(tokens).ok());
            let Some((there, _)) = there else { continue };
            if !same_form(schema, there) {
                node.report_help(
                    Code::TypeMismatch,
                    format!(
                        "`{name}` is sent as type {} and shown by `{id}` as type {}: the two are never equal",
                        schema.type_name(),
                        there.type_name()
                    ),
                    "give both one type, or name the fields to compare",
                );
            }
            comparable.push((name.clone(), *certain));
        }
        comparable
    }
}

/// Scalars are compared by their texts; anything else only with its own kind.
fn same_form(one: &Schema<'_>, other: &Schema<'_>) -> bool {
    one.is_broken()
        || other.is_broken()
        || one.is_scalar() && other.is_scalar()
        || one.type_name() == other.type_name()
}
