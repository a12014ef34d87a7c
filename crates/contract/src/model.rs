//! What every operation may refer to while it is compiled.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalogue::GatewayProblem;
use crate::code::Code;
use crate::interface::Interface;
use crate::plan::Problem;
use crate::source::Node;
use crate::vendor::Vendor;

#[derive(Debug)]
pub(crate) struct Model<'a> {
    pub(crate) vendors: Vec<Vendor>,
    /// `x-vendors` is a mapping.
    pub(crate) vendors_readable: bool,
    pub(crate) problems: BTreeMap<Arc<str>, Problem>,
    /// `x-problems` is a mapping, or is not there.
    pub(crate) problems_readable: bool,
    pub(crate) operations: Vec<Interface<'a>>,
    /// Pointers of error rows, and whether an operation that uses the row has the field. A map is
    /// shared, so a field that one of its operations has is enough.
    pub(crate) row_pointers: RefCell<BTreeMap<Rc<str>, (Node<'a>, bool)>>,
}

impl<'a> Model<'a> {
    pub(crate) fn vendor(&self, node: &Node<'_>) -> Option<&Vendor> {
        let name = node.string()?;
        let vendor = self.vendors.iter().find(|vendor| *vendor.name == *name);
        if vendor.is_none() && self.vendors_readable {
            let known = self.vendors.iter().map(|vendor| &*vendor.name);
            let message = format!("`x-vendors` has no `{name}`");
            node.report_unknown(Code::UnknownName, message, name, known);
        }
        vendor
    }

    /// Whether two operations are known to belong to different vendors.
    pub(crate) fn differ_in_vendor(&self, one: &Interface<'a>, other: &Interface<'a>) -> bool {
        let vendor = |operation: &Interface<'a>| {
            let name = operation
                .node
                .get("x-upstream")?
                .get("upstream")?
                .value
                .as_str()?;
            self.vendors.iter().position(|vendor| *vendor.name == *name)
        };
        matches!((vendor(one), vendor(other)), (Some(one), Some(other)) if one != other)
    }

    pub(crate) fn operation(&self, node: &Node<'_>) -> Option<&Interface<'a>> {
        let name = node.string()?;
        let operation = self
            .operations
            .iter()
            .find(|operation| operation.id == name);
        if operation.is_none() {
            let known = self.operations.iter().map(|operation| operation.id);
            let message = format!("there is no operation `{name}`");
            node.report_unknown(Code::UnknownName, message, name, known);
        }
        operation
    }

    pub(crate) fn problem(&self, node: &Node<'_>) -> Option<Arc<str>> {
        let name = node.string()?;
        let problem = self
            .problems
            .get_key_value(name)
            .map(|(code, _)| Arc::clone(code));
        if problem.is_none() && self.problems_readable {
            let known = self.problems.keys().map(|code| &**code);
            node.report_unknown(
                Code::UnknownName,
                format!("there is no problem `{name}`"),
                name,
                known,
            );
        }
        problem
    }

    /// A problem that a vendor's answer can end in.
    pub(crate) fn vendors_problem(&self, node: &Node<'_>) -> Option<Arc<str>> {
        let code = self.problem(node)?;
        let own = GatewayProblem::ALL
            .into_iter()
            .find(|problem| problem.code() == &*code);
        if own.is_some_and(|problem| !problem.answers_a_vendor()) {
            node.report_help(
                Code::CallersProblem,
                format!(
                    "`{code}` speaks of the caller's own request, which no vendor's answer can tell"
                ),
                "name a problem of `x-problems`, `validation-failed` or an `upstream-` problem",
            );
            return None;
        }
        Some(code)
    }

    /// Reports the rows whose field no operation has.
    pub(crate) fn report_row_pointers(&self) {
        for (node, found) in self.row_pointers.borrow().values() {
            if !found {
                node.report_help(
                    Code::UnknownField,
                    "no operation that uses this row has such a field",
                    "point at a field of a request schema, or leave the pointer out",
                );
            }
        }
    }
}
