//! `encoding`: how a body is written, of a request or of an answer.

use translate::Encoding;

use crate::code::Code;
use crate::source::Node;

/// The word of `encoding`, out of those that fit the place. `None`: reported.
pub(crate) fn encoding(node: &Node<'_>, words: &[&'static str]) -> Option<Encoding> {
    let node = node.get("encoding")?;
    let word = node.string()?;
    if !words.contains(&word) {
        let message = format!("an encoding here cannot be `{word}`");
        node.report_unknown(Code::BadValue, message, word, words.iter().copied());
        return None;
    }
    match word {
        "form" => Some(Encoding::Form),
        "xml" => Some(Encoding::Xml),
        _ => Some(Encoding::Json),
    }
}
