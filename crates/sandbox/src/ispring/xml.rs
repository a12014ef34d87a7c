//! XML out by hand, XML in by a strict reader that is not the gateway's.

use crate::assumptions::DayWrapping;
use crate::day::Day;
use crate::server::answer::Answer;

const TYPE: &str = "application/xml; charset=utf-8";

pub(crate) fn document(status: u16, root: &str) -> Answer {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}\n");
    Answer::with_body(status, TYPE, text)
}

/// The common error body of the vendor's OpenAPI.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Answer {
    let (code, message) = (escape(code), escape(message));
    document(
        status,
        &format!("<response><code>{code}</code><message>{message}</message></response>"),
    )
}

pub(crate) fn day(day: &Day, wrapping: DayWrapping) -> Answer {
    let duration = day.duration.map(|seconds| seconds.to_string());
    let fields: String = [
        ("dayId", Some(&day.day_id)),
        ("sessionId", Some(&day.session_id)),
        ("trainingId", Some(&day.training_id)),
        ("startTime", Some(&day.start_time)),
        ("duration", duration.as_ref()),
        ("location", day.location.as_ref()),
        ("url", day.url.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| format!("<{name}>{}</{name}>", escape(value))))
    .collect();
    document(
        200,
        &match wrapping {
            DayWrapping::ResponseDay => format!("<response><day>{fields}</day></response>"),
            DayWrapping::Response => format!("<response>{fields}</response>"),
        },
    )
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            '\r' => "&#13;".to_owned(),
            // XML 1.0 cannot carry these; a state set by a test's own hand may hold them.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                '\u{fffd}'.to_string()
            }
            plain => plain.to_string(),
        })
        .collect()
}

/// The `url` of `<request><url>…</url></request>`; `None` where the element is missing.
///
/// # Errors
/// Says what is wrong: not UTF-8, not well-formed, a DOCTYPE, or another structure. The OpenAPI
/// knows no other field; that another one is refused is assumed.
pub(crate) fn url_of_request(body: &[u8]) -> Result<Option<String>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is no UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(declared) = declared_encoding(text)
        && !declared.eq_ignore_ascii_case("utf-8")
    {
        return Err(format!(
            "encoding {declared} is declared, only UTF-8 is read"
        ));
    }
    let options = roxmltree::ParsingOptions {
        nodes_limit: 100, // a request has a handful; keeps a hostile one from filling the memory
        ..roxmltree::ParsingOptions::default()
    };
    let document = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| error.to_string())?;
    let root = document.root_element();
    if !root.has_tag_name("request") {
        return Err(format!(
            "root element {} is not request",
            root.tag_name().name()
        ));
    }
    let mut url = None;
    for child in root.children() {
        match child.node_type() {
            roxmltree::NodeType::Element if child.has_tag_name("url") => {
                if url.is_some() {
                    return Err("element url is repeated".to_owned());
                }
                url = Some(text_of(child)?);
            }
            roxmltree::NodeType::Element => {
                return Err(format!("unknown element {}", child.tag_name().name()));
            }
            roxmltree::NodeType::Text
                if child.text().is_some_and(|text| !text.trim().is_empty()) =>
            {
                return Err("text between the elements".to_owned());
            }
            _ => {}
        }
    }
    Ok(url)
}

/// Text and CDATA of a leaf, joined over comments.
fn text_of(leaf: roxmltree::Node<'_, '_>) -> Result<String, String> {
    let mut text = String::new();
    for child in leaf.children() {
        if child.is_element() {
            return Err(format!("element {} inside url", child.tag_name().name()));
        }
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    Ok(text)
}

fn declared_encoding(text: &str) -> Option<&str> {
    let (declaration, _) = text.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(body: &str) -> Result<Option<String>, String> {
        url_of_request(body.as_bytes())
    }

    fn is(text: &str) -> Result<Option<String>, String> {
        Ok(Some(text.to_owned()))
    }

    #[test]
    fn reads_the_sample_of_the_page() {
        let sample = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request>\n    <url>https://google.meet.com</url>\n</request>";
        assert_eq!(url(sample), is("https://google.meet.com"));
    }

    #[test]
    fn joins_text_cdata_and_references() {
        let text = "<request><url>https://x/?a=1&amp;b=<![CDATA[<]]>]]&gt;<!-- no -->&#241;&#13;</url></request>";
        assert_eq!(url(text), is("https://x/?a=1&b=<]]>ñ\r"));
        assert_eq!(url("<request><url/></request>"), is(""));
        assert_eq!(url("<request></request>"), Ok(None));
    }

    #[test]
    fn refuses_what_is_not_the_one_document() {
        for bad in [
            "",
            "<request><url>a</url>",
            "<request><url>a</url></request><request/>",
            "<request><url>a</url></request>tail",
            "<!DOCTYPE request [<!ENTITY e \"x\">]><request><url>&e;</url></request>",
            "<request><url>a & b</url></request>",
            "<request><url>&nbsp;</url></request>",
            "<request><url>\u{1}</url></request>",
            "<request><url>a</url><url>b</url></request>",
            "<request><url>a</url><location>b</location></request>",
            "<request>x<url>a</url></request>",
            "<request><url><b>a</b></url></request>",
            "<response><url>a</url></response>",
            "<?xml version=\"1.0\" encoding='ISO-8859-1'?><request><url>a</url></request>",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
        assert!(url_of_request(b"<request><url>\xf1</url></request>").is_err());
    }

    #[test]
    fn what_is_written_reads_back() {
        let value = "a<b>&\"'\r\n ]]> ñ 🚀 ";
        let answer = error(400, "400", value);
        let text = String::from_utf8(answer.body).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let message = document
            .descendants()
            .find(|node| node.has_tag_name("message"));
        assert_eq!(message.and_then(|node| node.text()), Some(value));
    }
}
