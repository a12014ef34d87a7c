//! `x-vendors`: how each vendor words its errors.

use std::sync::Arc;

use grammar::Pointer;
use translate::answer::VendorErrors;

use crate::code::Code;
use crate::element_path::{element_path, is_xml_path};
use crate::keywords::{ERROR_CODE, ERROR_MESSAGE, VENDOR};
use crate::source::Node;

#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) name: Arc<str>,
    /// Something of it was reported: what it lacks is not told a second time.
    pub(crate) broken: bool,
    pub(crate) errors: VendorErrors,
}

impl Vendor {
    /// Whether a code can be read from an error answer at all.
    pub(crate) fn tells_codes(&self) -> bool {
        let errors = &self.errors;
        self.broken
            || !errors.code_json.is_empty()
            || !errors.code_xml.is_empty()
            || errors.scan.is_some()
    }
}

/// Reads `x-vendors` of the document.
pub(crate) fn vendors(root: &Node<'_>) -> Vec<Vendor> {
    let Some(vendors) = root.get("x-vendors") else {
        return Vec::new();
    };
    if vendors.map().is_none() {
        return Vec::new();
    }
    vendors
        .members()
        .map(|(name, node)| vendor(name, &node))
        .collect()
}

fn vendor(name: &str, node: &Node<'_>) -> Vendor {
    let mut vendor = Vendor {
        name: Arc::from(name),
        broken: node
            .members()
            .any(|(word, _)| !VENDOR.names().any(|known| known == word)),
        errors: VendorErrors::default(),
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
        node.key().report_help(
            Code::BadValue,
            format!("`{name}` cannot be the name of a vendor"),
            "lower-case letters, digits, `-` and `_`; it is a metric label and a key of `gateway.yaml`",
        );
    }
    if node.object(&VENDOR).is_none() {
        vendor.broken = true;
        return vendor;
    }
    let errors = &mut vendor.errors;
    if let Some(code) = node.get("error_code") {
        vendor.broken |= code.object(&ERROR_CODE).is_none();
        errors.code_json = pointers(&code);
        errors.code_xml = elements(&code);
        errors.scan = code.get("scan").and_then(|scan| pattern(&scan));
    }
    if let Some(message) = node.get("error_message")
        && message.object(&ERROR_MESSAGE).is_some()
    {
        errors.message_json = pointers(&message);
        errors.message_xml = elements(&message);
    }
    if let Some(catalogue) = node.get("catalogue") {
        errors.catalogue = catalogue
            .strings()
            .into_iter()
            .map(|(code, _)| code.to_owned())
            .collect();
        vendor.broken |= catalogue
            .value
            .as_array()
            .is_none_or(|codes| codes.len() != vendor.errors.catalogue.len());
        if !vendor.tells_codes() {
            vendor.broken = true;
            catalogue.key().report_help(
                Code::DeadKeyword,
                "a catalogue of codes that nothing reads",
                "say in `error_code` where a code stands",
            );
        }
    }
    vendor
}

fn pointers(node: &Node<'_>) -> Vec<Pointer> {
    let Some(list) = node.get("json") else {
        return Vec::new();
    };
    list.strings()
        .into_iter()
        .filter_map(|(_, entry)| entry.json_pointer())
        .collect()
}

fn elements(node: &Node<'_>) -> Vec<Vec<String>> {
    let Some(list) = node.get("xml") else {
        return Vec::new();
    };
    list.strings()
        .into_iter()
        .filter_map(|(text, entry)| {
            let names = element_path(text, &entry)?;
            is_xml_path(&entry, &names).then_some(names)
        })
        .collect()
}

/// `A` for a letter, `9` for a digit.
fn pattern(node: &Node<'_>) -> Option<String> {
    /// Longer words are text, not codes.
    const LONGEST: usize = 32;
    let text = node.string()?;
    if text.is_empty() || text.len() > LONGEST || !text.chars().all(|c| matches!(c, 'A' | '9')) {
        node.report_help(
            Code::BadValue,
            format!("`{text}` is no scan pattern"),
            format!(
                "`A` stands for a letter A–Z, `9` for a digit, such as `AAA999`; at most {LONGEST}"
            ),
        );
        return None;
    }
    Some(text.to_owned())
}
