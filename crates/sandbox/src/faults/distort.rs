use serde_json::Value;

use crate::assumptions::Assumptions;
use crate::faults::FaultKind;
use crate::ledger::Vendor;
use crate::server::answer::Answer;
use crate::{ispring, netex};

/// How an answer leaves the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole(Answer),
    WholeThenClose(Answer),
    Drip {
        answer: Answer,
        ms_per_byte: u64,
    },
    Cut {
        answer: Answer,
        bytes: usize,
    },
    /// Then a close.
    Raw(Vec<u8>),
    Hang,
    Reset,
    Close,
}

const HTML: &str = "text/html;charset=utf-8";
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Mantenimiento</title></head><body>\
<h1>Estamos realizando tareas de mantenimiento</h1><p>Apache Tomcat/10.1.60</p></body></html>\n";
/// No status line, and bytes that are no UTF-8.
const GARBAGE: &[u8] = b"\x00\xff\xfe%PDF-1.7 this is no HTTP\r\n\x80\x81\r\n\r\n";

/// What a fault makes of the answer that the vendor would have given. Time (`Delay`) and listeners
/// (`Refuse`, `ResetOnConnect`) are not its business: for those the answer passes.
pub(crate) fn distort(
    kind: &FaultKind,
    vendor: Vendor,
    rules: &Assumptions,
    answer: Answer,
) -> Delivery {
    match kind {
        FaultKind::Delay { .. } | FaultKind::Refuse | FaultKind::ResetOnConnect => {
            Delivery::Whole(answer)
        }
        FaultKind::Hang => Delivery::Hang,
        FaultKind::Reset => Delivery::Reset,
        FaultKind::Close => Delivery::Close,
        FaultKind::Truncate { bytes } => Delivery::Cut {
            answer,
            bytes: *bytes,
        },
        FaultKind::Garbage { raw } => Delivery::Raw(
            raw.as_ref()
                .map_or_else(|| GARBAGE.to_vec(), |raw| raw.clone().into_bytes()),
        ),
        FaultKind::ContentType { value } => Delivery::Whole(answer.with("Content-Type", value)),
        FaultKind::Html { status } => Delivery::Whole(Answer::with_body(*status, HTML, PAGE)),
        FaultKind::Status {
            status,
            body,
            content_type,
            code,
            headers,
        } => {
            let mut answer = match code {
                Some(code) => coded(vendor, rules, *status, code),
                None => Answer::new(*status),
            };
            if let Some(body) = body {
                answer.body = body.clone().into_bytes();
            }
            if let Some(value) = content_type {
                answer = answer.with("Content-Type", value);
            }
            let answer = headers
                .iter()
                .fold(answer, |answer, (name, value)| answer.with(name, value));
            Delivery::Whole(answer)
        }
        FaultKind::Drip { ms_per_byte } => Delivery::Drip {
            answer,
            ms_per_byte: *ms_per_byte,
        },
        FaultKind::Redirect { location, status } => {
            Delivery::Whole(Answer::new(*status).with("Location", location))
        }
        FaultKind::Status200Ko => Delivery::Whole(match vendor {
            Vendor::Netex => Answer::json(200, &serde_json::json!({"status": "KO"})),
            Vendor::Ispring => ispring::ko(),
        }),
        FaultKind::ErrorCode { code } => Delivery::Whole(coded(vendor, rules, 400, code)),
        FaultKind::SetMember { name, raw } => {
            Delivery::Whole(set_member(answer, name, raw.as_deref()))
        }
        FaultKind::Pad { bytes } => {
            let mut answer = answer;
            let length = answer.body.len().max(*bytes);
            answer.body.resize(length, b' ');
            Delivery::Whole(answer)
        }
        FaultKind::AnswerThenClose => Delivery::WholeThenClose(answer),
    }
}

fn coded(vendor: Vendor, rules: &Assumptions, status: u16, code: &str) -> Answer {
    match vendor {
        Vendor::Netex => netex::error(status, code, rules.error_body),
        Vendor::Ispring => ispring::error_xml(status, code, "Fault on request"),
    }
}

/// Stands for the raw text while the answer is a tree; no seed holds it.
const MARK: &str = "@@raw@@";

fn set_member(mut answer: Answer, name: &str, raw: Option<&str>) -> Answer {
    let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else {
        return answer; // an empty or an XML answer has no members
    };
    let objects: Vec<&mut Value> = match &mut body {
        Value::Array(items) => items.iter_mut().collect(),
        object => vec![object],
    };
    for members in objects.into_iter().filter_map(Value::as_object_mut) {
        if raw.is_some() {
            members.insert(name.to_owned(), Value::from(MARK));
        } else {
            members.shift_remove(name);
        }
    }
    let text = body.to_string();
    answer.body = match raw {
        Some(raw) => text.replace(&format!("\"{MARK}\""), raw),
        None => text,
    }
    .into_bytes();
    answer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole(kind: &FaultKind) -> Answer {
        let own = Answer::json(200, &json!({"expires_in": 1800, "token_type": "bearer"}));
        match distort(kind, Vendor::Netex, &Assumptions::default(), own) {
            Delivery::Whole(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn text(kind: &FaultKind) -> String {
        String::from_utf8(whole(kind).body).unwrap()
    }

    #[test]
    fn members_are_pasted_unread_or_taken_away() {
        for raw in ["0", "-5", "\"1800\"", "1e400", "null"] {
            assert_eq!(
                text(&FaultKind::expires_in(Some(raw))),
                format!("{{\"expires_in\":{raw},\"token_type\":\"bearer\"}}")
            );
        }
        assert_eq!(
            text(&FaultKind::expires_in(None)),
            r#"{"token_type":"bearer"}"#
        );
    }

    #[test]
    fn a_status_carries_code_body_and_headers() {
        let kind = FaultKind::Status {
            status: 503,
            body: None,
            content_type: None,
            code: Some("ROO005".to_owned()),
            headers: [("Retry-After".to_owned(), "7".to_owned())].into(),
        };
        let answer = whole(&kind);
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), Some("7"));
        assert!(String::from_utf8(answer.body).unwrap().contains("ROO005"));
    }

    #[test]
    fn padding_keeps_the_json() {
        let padded = text(&FaultKind::Pad { bytes: 1000 });
        assert_eq!(padded.len(), 1000);
        assert!(serde_json::from_str::<Value>(&padded).is_ok());
    }
}
