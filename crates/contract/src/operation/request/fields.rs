//! Pointers of the contract into an operation's request.

use grammar::Pointer;

use crate::code::Code;
use crate::operation::scope::Scope;
use crate::source::Node;

/// A pointer to a field that stands as a key. `None`: reported.
pub(crate) fn key_pointer(text: &str, node: &Node<'_>) -> Option<Pointer> {
    let pointer = text
        .parse()
        .ok()
        .filter(|pointer: &Pointer| !pointer.is_root());
    if pointer.is_none() {
        node.report_help(
            Code::BadValue,
            format!("`{text}` is no JSON Pointer to a field"),
            format!("it begins with `/`, such as `/{text}`"),
        );
    }
    pointer
}

/// A field of the request that the contract points at.
pub(crate) struct Field<'a> {
    pub(crate) pointer: Pointer,
    /// Where the pointer stands.
    pub(crate) node: Node<'a>,
    /// It is in every request, after `set`.
    pub(crate) certain: bool,
}

/// A list of pointers to fields of the request.
pub(crate) fn fields<'a>(scope: &Scope<'_, 'a>, list: &Node<'a>) -> Vec<Field<'a>> {
    let field = |(_, entry): (&str, Node<'a>)| {
        let pointer = entry.json_pointer()?;
        if pointer.is_root() {
            entry.report(
                Code::BadValue,
                "the empty pointer is the whole body, not a field",
            );
            return None;
        }
        let (_, certain) = scope.field(&pointer, &entry)?;
        Some(Field {
            pointer,
            node: entry,
            certain,
        })
    };
    list.strings().into_iter().filter_map(field).collect()
}
