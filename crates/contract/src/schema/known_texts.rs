//! `x-extensible-enum`: the texts that are known of a field, for who wants to hear of others.

use crate::code::Code;
use crate::source::Node;

/// The texts of a schema of this type. What is wrong with them is reported.
pub(super) fn of(node: &Node<'_>, type_name: &str) -> Vec<String> {
    const WORD: &str = "x-extensible-enum";
    let mut texts: Vec<String> = Vec::new();
    let Some(list) = node.get(WORD) else {
        return texts;
    };
    if type_name != "string" || node.get("enum").is_some() {
        list.key().report_help(
            Code::MisplacedKeyword,
            format!("`{WORD}` stands on a string without `enum`"),
            "it lists the texts that are known where others may come",
        );
        return texts;
    }
    if list.list().is_none() {
        return texts;
    }
    for entry in list.entries() {
        let Some(text) = entry.string() else { continue };
        if texts.iter().any(|known| known == text) {
            entry.report(Code::Duplicate, format!("`{text}` is listed twice"));
        } else {
            texts.push(text.to_owned());
        }
    }
    texts
}
