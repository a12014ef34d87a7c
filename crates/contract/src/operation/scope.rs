//! What the sources of one operation can be read from, and what was read.

use std::cell::{Cell, RefCell};

use grammar::Pointer;

use crate::code::Code;
use crate::interface::Interface;
use crate::interface::parameter::Declared;
use crate::keywords::OPERATION;
use crate::model::Model;
use crate::plan::ParameterPlace;
use crate::schema::Schema;
use crate::source::Node;

#[derive(Debug)]
pub(crate) struct Scope<'s, 'a> {
    pub(crate) model: &'s Model<'a>,
    pub(crate) operation: &'s Interface<'a>,
    used: RefCell<Vec<(ParameterPlace, String)>>,
    /// Whether the request body, or a part of it, goes to the vendor.
    pub(crate) body_sent: Cell<bool>,
    /// That there is no body was told.
    pub(crate) body_missed: Cell<bool>,
    /// Fields that `request.set` fills, and whether their source is surely there.
    pub(crate) set: RefCell<Vec<(Pointer, bool)>>,
}

impl<'s, 'a> Scope<'s, 'a> {
    pub(crate) fn new(model: &'s Model<'a>, operation: &'s Interface<'a>) -> Self {
        Self {
            model,
            operation,
            used: RefCell::default(),
            body_sent: Cell::new(false),
            body_missed: Cell::new(operation.node.misspells(&OPERATION, "requestBody")),
            set: RefCell::default(),
        }
    }

    pub(crate) fn is_read(&self) -> bool {
        self.operation.is_read()
    }

    /// A declared parameter, which counts as used from now on. `None`: reported at `node`.
    pub(crate) fn parameter(
        &self,
        place: ParameterPlace,
        name: &str,
        node: &Node<'_>,
    ) -> Option<&'s Declared<'a>> {
        self.mark(place, name);
        let found = self.operation.parameter(place, name);
        if found.is_none() && self.operation.parameters_whole {
            let word = match place {
                ParameterPlace::Path => "path",
                ParameterPlace::Query => "query",
            };
            let declared = self
                .operation
                .parameters
                .iter()
                .filter(|one| one.place == place);
            node.report_unknown(
                Code::UnknownParameter,
                format!("the operation has no {word} parameter `{name}`"),
                name,
                declared.map(|one| one.name.as_str()),
            );
        }
        found
    }

    pub(crate) fn mark(&self, place: ParameterPlace, name: &str) {
        self.used.borrow_mut().push((place, name.to_owned()));
    }

    /// What `read` names does not count as used by it.
    pub(crate) fn unmarked<R>(&self, read: impl FnOnce() -> R) -> R {
        let marks = self.used.borrow().len();
        let result = read();
        self.used.borrow_mut().truncate(marks);
        result
    }

    /// A field of the request, and whether it is surely there after `set`. `None`: reported at
    /// `node`.
    pub(crate) fn field(
        &self,
        pointer: &Pointer,
        node: &Node<'_>,
    ) -> Option<(&'s Schema<'a>, bool)> {
        let Some(body) = &self.operation.body else {
            // One missing body is told once, by `request` or by the first pointer.
            if !self.body_missed.replace(true) {
                node.report(
                    Code::UnknownField,
                    "a pointer reads the request body, and the operation has none",
                );
            }
            return None;
        };
        let (schema, certain) = body.schema.field(pointer, node, "the request")?;
        Some((schema, certain && body.required || self.is_set(pointer)))
    }

    /// Whether a field may be missing only because the whole body may be: reported once, at the body.
    pub(crate) fn lacks_body_alone(&self, pointer: &Pointer) -> bool {
        let Some(body) = &self.operation.body else {
            return false;
        };
        let alone = !body.required && body.schema.find(pointer).is_ok_and(|(_, certain)| certain);
        if alone {
            body.node.key().report_help(
                Code::MissingSource,
                "a request may come without a body, and fields of it are needed",
                "add `required: true` to `requestBody`",
            );
        }
        alone
    }

    /// Whether `set` surely fills the field.
    pub(crate) fn is_set(&self, pointer: &Pointer) -> bool {
        self.set
            .borrow()
            .iter()
            .any(|(field, certain)| field == pointer && *certain)
    }

    /// Whether a field of the request, after `set`, is surely there. Nothing is reported.
    pub(crate) fn certain(&self, pointer: &Pointer) -> Option<(&'s Schema<'a>, bool)> {
        let body = self.operation.body.as_ref()?;
        let (schema, certain) = body.schema.find(pointer).ok()?;
        Some((schema, certain && body.required || self.is_set(pointer)))
    }

    /// Reports the declared parameters that nothing used, and a body that nothing sends.
    pub(crate) fn report_unused(&self) {
        for parameter in &self.operation.parameters {
            let used = self
                .used
                .borrow()
                .iter()
                .any(|(place, name)| *place == parameter.place && *name == parameter.name);
            if !used {
                parameter.node.report_help(
                    Code::UnusedParameter,
                    format!(
                        "nothing uses the parameter `{}` in `{}`",
                        parameter.name, self.operation.id
                    ),
                    "use it in the vendor's `path` or `query`, in `set`, or take it out",
                );
            }
        }
        if let Some(body) = &self.operation.body
            && !self.body_sent.get()
        {
            body.node.key().report_help(
                Code::UnusedBody,
                "the body is validated, and nothing sends it",
                "add `request` to `x-upstream`, or take the body out",
            );
        }
    }
}
