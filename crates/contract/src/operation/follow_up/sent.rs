//! What of a request reaches the vendor, held against what a follow-up's read shows: a look-up that can
//! compare nothing would take anything for what was written.

use grammar::Pointer;

use crate::code::Code;
use crate::interface::Interface;
use crate::operation::response::answers::Answers;
use crate::operation::scope::Scope;
use crate::plan::{Compare, Source};
use crate::schema::{Schema, SchemaKind};
use crate::source::Node;

/// The read of a follow-up.
pub(crate) struct Read<'r, 'a> {
    pub(crate) interface: &'r Interface<'a>,
    pub(crate) answers: &'r Answers<'a>,
}

impl Read<'_, '_> {
    /// Whether its answer has a field that the vendor gives.
    pub(crate) fn shows(&self, pointer: &Pointer) -> bool {
        self.interface.shows(pointer) && self.answers.shows(pointer)
    }

    /// Reports that none of the fields to compare is the vendor's word.
    fn report_own(&self, node: &Node<'_>) {
        node.report_help(
            Code::BadFollowUp,
            format!(
                "in the answer of `{}` every field of `compare` is our own word, so it tells nothing",
                self.interface.id
            ),
            "name a field that the vendor gives; what stands there `from: path` only says what was asked for",
        );
    }
}

/// What an operation sends.
pub(crate) struct Sent<'r, 's, 'a> {
    pub(crate) scope: &'r Scope<'s, 'a>,
    pub(crate) omit: &'r [Pointer],
}

impl<'s, 'a> Sent<'_, 's, 'a> {
    /// The fields that can be sent, and whether each surely is. `None`: the body is broken.
    fn fields(&self) -> Option<Vec<(Pointer, &'s Schema<'a>, bool)>> {
        let Some(body) = &self.scope.operation.body else {
            return Some(Vec::new());
        };
        let SchemaKind::Object(object) = &body.schema.kind else {
            return None;
        };
        let fields = object.properties.iter().map(|property| {
            let pointer = Pointer::root().child(property.name.as_str());
            let field = self.scope.certain(&pointer);
            let certain = field.is_some_and(|(_, certain)| certain);
            (pointer, &property.schema, certain)
        });
        Some(
            fields
                .filter(|(pointer, ..)| self.is_sent(pointer))
                .collect(),
        )
    }

    /// Whether a field can be sent: `omit` leaves it, and a caller may send it or `set` fills it.
    fn is_sent(&self, pointer: &Pointer) -> bool {
        let set = self.scope.set.borrow();
        let filled = set
            .iter()
            .any(|(field, _)| field.is_within(pointer) || pointer.is_within(field));
        let body = self.scope.operation.body.as_ref();
        let read_only = body
            .and_then(|body| body.schema.find(pointer).ok())
            .is_some_and(|(schema, _)| schema.read_only);
        !self.omit.iter().any(|gone| pointer.is_within(gone)) && (filled || !read_only)
    }

    /// Reports a field of `compare` that is never sent.
    pub(crate) fn must_be(&self, pointer: &Pointer, entry: &Node<'_>) {
        if !self.is_sent(pointer) {
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
        read: &Read<'_, 'a>,
        with: &[(String, Source)],
        compare: &Compare,
    ) {
        if let Compare::Pointers(pointers) = compare {
            self.surely_compared(node, read, pointers);
            return;
        }
        let Some(comparable) = self.comparable(node, read) else {
            return;
        };
        let alone = |field: &Pointer| self.scope.lacks_body_alone(field);
        if !comparable
            .iter()
            .any(|(field, certain)| *certain || alone(field))
        {
            let (what, help) = if comparable.is_empty() {
                (
                    "shows no field that is sent",
                    "look up by a read of the thing itself, in whose answer the vendor gives fields of the request; \
                     what stands there `from: path` is our own word",
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
                    read.interface.id
                ),
                help,
            );
            return;
        }
        for (_, source) in with {
            if let Source::Pointer(pointer) = source
                && !read.shows(pointer)
            {
                node.report_help(
                    Code::BadFollowUp,
                    format!(
                        "`with` looks for `{pointer}`, and the answer of `{}` does not have the field by the vendor's word",
                        read.interface.id
                    ),
                    "add it to the answer, `from: body`, or say in `compare` what proves that the thing is the one that was made",
                );
            }
        }
    }

    /// Reports fields of `compare` of which the read shows none that is surely sent.
    fn surely_compared(&self, node: &Node<'_>, read: &Read<'_, 'a>, pointers: &[Pointer]) {
        let shown: Vec<&Pointer> = pointers.iter().filter(|one| read.shows(one)).collect();
        if shown.is_empty() {
            read.report_own(node);
            return;
        }
        let certain = |pointer: &&Pointer| {
            let field = self.scope.certain(pointer);
            field.is_none_or(|(_, certain)| certain)
        };
        if !shown.iter().any(certain)
            && !shown
                .iter()
                .any(|pointer| self.scope.lacks_body_alone(pointer))
        {
            node.report_help(
                Code::BadFollowUp,
                "a request may lack every field of `compare`",
                "name one that is required, or that `set` surely fills",
            );
        }
    }

    /// Reports a read-back that shows nothing of what is sent.
    pub(crate) fn shown_by_read_back(
        &self,
        node: &Node<'_>,
        read: &Read<'_, 'a>,
        compare: &Compare,
    ) {
        match compare {
            Compare::Absent => {}
            Compare::Pointers(pointers) => {
                if !pointers.iter().any(|one| read.shows(one)) {
                    read.report_own(node);
                }
            }
            Compare::Returned => {
                let comparable = self.comparable(node, read);
                if comparable.is_some_and(|fields| fields.is_empty()) {
                    node.report_help(
                        Code::BadFollowUp,
                        format!(
                            "`{}` shows no field that is sent, so it tells nothing",
                            read.interface.id
                        ),
                        "read back by an operation in whose answer the vendor gives what was written, or leave \
                         `unclear` out; what stands there `from: path` is our own word",
                    );
                }
            }
        }
    }

    /// The sent fields that the vendor shows in a read, and whether each is surely sent. `None`: the
    /// request or the answer is broken.
    fn comparable(&self, node: &Node<'_>, read: &Read<'_, 'a>) -> Option<Vec<(Pointer, bool)>> {
        let shown: Vec<&Schema<'_>> = read.interface.objects().collect();
        let fields = self.fields()?;
        if shown.iter().any(|schema| schema.is_broken()) {
            return None;
        }
        let mut comparable = Vec::new();
        for (field, schema, certain) in fields {
            let there = shown.iter().find_map(|shown| shown.find(&field).ok());
            let Some((there, _)) = there.filter(|_| read.answers.shows(&field)) else {
                continue;
            };
            if !same_form(schema, there) {
                node.report_help(
                    Code::TypeMismatch,
                    format!(
                        "`{}` is sent as type {} and shown by `{}` as type {}: the two are never equal",
                        field.last(),
                        schema.type_name(),
                        read.interface.id,
                        there.type_name()
                    ),
                    "give both one type, or name the fields to compare",
                );
            }
            comparable.push((field, certain));
        }
        Some(comparable)
    }
}

/// Scalars are compared by their texts; anything else only with its own kind.
fn same_form(one: &Schema<'_>, other: &Schema<'_>) -> bool {
    one.is_broken()
        || other.is_broken()
        || one.is_scalar() && other.is_scalar()
        || one.type_name() == other.type_name()
}
