//! Paths of names into a vendor's document, such as `response/code`.

use crate::code::Code;
use crate::schema::is_xml_name;
use crate::source::Node;

/// Names parted by `/`, from the root element on. `None`: reported.
pub(crate) fn element_path(text: &str, node: &Node<'_>) -> Option<Vec<String>> {
    let names: Vec<String> = text.split('/').map(str::to_owned).collect();
    if names.iter().any(String::is_empty) {
        node.report_help(
            Code::BadValue,
            format!("`{text}` is no path of names"),
            "names parted by `/`, without one at the beginning or end, such as `response/code`",
        );
        return None;
    }
    Some(names)
}

/// Whether names can lead to an element, or, behind `@` as the last one, to an attribute. Else reported.
pub(crate) fn is_xml_path(node: &Node<'_>, names: &[String]) -> bool {
    names.iter().enumerate().all(|(index, name)| {
        let attribute = name.strip_prefix('@');
        let last = index + 1 == names.len();
        if attribute.is_some() && (!last || index == 0) {
            node.report_help(
                Code::BadValue,
                format!("`{name}` names an attribute, and has nothing inside"),
                "an attribute is the last step, behind the element that bears it",
            );
            return false;
        }
        is_xml_name(node, attribute.unwrap_or(name))
    })
}
