//! Names that XML can bear.

use grammar::xml::is_nc_name;

use crate::code::Code;
use crate::source::Node;

/// Whether an element or attribute can bear the name; otherwise reported. Prefixes have a keyword
/// of their own, so a colon is refused.
pub(crate) fn is_xml_name(node: &Node<'_>, text: &str) -> bool {
    // `xmlns` declares a namespace.
    let fits = is_nc_name(text) && text != "xmlns";
    if !fits {
        let message = format!("`{text}` cannot be the name of an XML element or attribute");
        node.report(Code::BadValue, message);
    }
    fits
}
