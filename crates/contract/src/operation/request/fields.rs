//! Pointers of the contract into an operation's request.

use grammar::pointer;

use crate::code::Code;
use crate::operation::scope::Scope;
use crate::source::Node;

/// The tokens of a pointer that stands as a key. `None`: reported.
pub(crate) fn key_tokens(pointer: &str, node: &Node<'_>) -> Option<Vec<String>> {
    let tokens = pointer::tokens(pointer).filter(|tokens| !tokens.is_empty());
    if tokens.is_none() {
        node.report_help(
            Code::BadValue,
            format!("`{pointer}` is no JSON Pointer to a field"),
            format!("it begins with `/`, such as `/{pointer}`"),
        );
    }
    tokens
}

/// A list of pointers to fields of the request.
pub(crate) fn fields<'a>(
    scope: &Scope<'_, 'a>,
    list: &Node<'a>,
) -> Vec<(Vec<String>, Node<'a>, bool)> {
    let field = |(_, entry): (&str, Node<'a>)| {
        let tokens = entry.tokens()?;
        if tokens.is_empty() {
            entry.report(
                Code::BadValue,
                "the empty pointer is the whole body, not a field",
            );
            return None;
        }
        let (_, certain) = scope.field(&tokens, &entry)?;
        Some((tokens, entry, certain))
    };
    list.strings().into_iter().filter_map(field).collect()
}
