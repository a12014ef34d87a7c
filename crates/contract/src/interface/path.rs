//! Path templates: the unified one and the vendor's.

use crate::code::Code;
use crate::plan::{VendorPath, VendorSegment, placeholder};
use crate::source::Node;

/// First segments of the paths that the gateway itself serves on the API port.
const RESERVED: [&str; 3] = ["docs", "openapi.json", "problems"];

/// The placeholders of a unified path, in order. `None`: the template cannot be read, reported.
pub(crate) fn placeholders(template: &str, node: &Node<'_>) -> Option<Vec<String>> {
    let segments = segments(template, node)?;
    if let Some(VendorSegment::Literal(first)) = segments.first()
        && RESERVED.contains(&first.as_str())
    {
        let message = format!("`/{first}` is served by the gateway itself");
        node.report_help(
            Code::ReservedName,
            message,
            "choose another path, such as one under `/v1`",
        );
        return None;
    }
    let names = segments.into_iter().filter_map(|segment| match segment {
        VendorSegment::Parameter(name) => Some(name),
        VendorSegment::Literal(_) => None,
    });
    Some(names.collect())
}

/// The vendor's path; its placeholders are names of unified path parameters.
pub(crate) fn vendor_path(node: &Node<'_>) -> Option<VendorPath> {
    let segments = segments(node.string()?, node)?;
    Some(VendorPath { segments })
}

fn segments(template: &str, node: &Node<'_>) -> Option<Vec<VendorSegment>> {
    let refuse = |message: String, help: &str| {
        node.report_help(Code::BadValue, message, help);
        None
    };
    if template.contains(['?', '#']) {
        let message = "a path holds no query and no fragment".to_owned();
        return refuse(message, "a query of the vendor stands under `query`");
    }
    let Some(rest) = template.strip_prefix('/') else {
        return refuse(
            format!("the path `{template}` does not begin with `/`"),
            "write it from the root on",
        );
    };
    if rest.is_empty() {
        return refuse(
            "the path is `/` alone".to_owned(),
            "write at least one segment",
        );
    }
    if rest.ends_with('/') {
        return refuse(
            format!("the path `{template}` ends with `/`"),
            "take the `/` at its end away",
        );
    }
    if rest.starts_with('/') || rest.contains("//") {
        return refuse(
            format!("the path `{template}` has two `/` beside each other"),
            "take one away: an empty segment addresses nothing",
        );
    }
    let mut segments: Vec<VendorSegment> = Vec::new();
    for segment in rest.split('/') {
        let next = match placeholder(segment) {
            Some(name)
                if !name.is_empty()
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
            {
                VendorSegment::Parameter(name.to_owned())
            }
            None if is_literal(segment) => VendorSegment::Literal(segment.to_owned()),
            _ => {
                let message =
                    format!("`{segment}` is neither a plain segment nor one `{{parameter}}`");
                return refuse(
                    message,
                    "letters, digits and `-._~!$&'()*+,=:@`; a parameter fills a segment alone",
                );
            }
        };
        if matches!(next, VendorSegment::Parameter(_)) && segments.contains(&next) {
            node.report(
                Code::Duplicate,
                format!("`{segment}` stands twice in the path"),
            );
            return None;
        }
        segments.push(next);
    }
    Some(segments)
}

/// RFC 3986 `pchar` without percent-encoding and without `;`, which servers cut off; a segment of
/// dots would be resolved away.
fn is_literal(segment: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,=:@".contains(c);
    !segment.is_empty() && !matches!(segment, "." | "..") && segment.chars().all(plain)
}
