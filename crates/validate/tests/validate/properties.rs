use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use unicode_normalization::UnicodeNormalization;
use validate::{ExternalId, Format, JsonBody, JsonError, text};

/// Texts that may stand in a body.
fn clean_text() -> impl Strategy<Value = String> {
    ".{0,12}".prop_map(|text: String| text.chars().filter(|c| !text::is_forbidden(*c)).collect())
}

fn fraction() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite, not whole", |f| f.is_finite() && f.fract() != 0.0)
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        fraction().prop_map(Value::from),
        clean_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((clean_text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Escapes every character as `\uXXXX`: another spelling of the same text.
fn spelled_with_escapes(text: &str) -> String {
    text.encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

fn decoded_once(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        match part.get(..2).and_then(|digits| {
            let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
            plain.then(|| u8::from_str_radix(digits, 16).unwrap())
        }) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part[2..].bytes());
            }
            None => bytes.extend(format!("%{part}").bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #[test]
    fn a_body_written_by_serde_json_is_read_as_it_was(value in json()) {
        let compact = serde_json::to_vec(&value).unwrap();
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(JsonBody::parse(&compact).unwrap().into_value(), value.clone());
        prop_assert_eq!(JsonBody::parse(&pretty).unwrap().into_value(), value);
    }

    #[test]
    fn escapes_spell_the_same_text(text in clean_text()) {
        let body = format!("\"{}\"", spelled_with_escapes(&text));
        prop_assert_eq!(JsonBody::parse(body.as_bytes()).unwrap().into_value(), Value::from(text));
    }

    /// Nothing panics; what is accepted is what serde_json reads (numbers apart, which it rounds),
    /// and is stable when written and read again.
    #[test]
    fn near_json_is_read_like_serde_json_or_refused(
        text in r#"[\[\]{},:"0-9eE.+\-\\utrfalsn \x{0}-\x{2}ñ]{0,24}"#
    ) {
        match JsonBody::parse(text.as_bytes()) {
            Ok(body) => {
                let again = serde_json::to_vec(&body.flat().root()).unwrap();
                prop_assert_eq!(JsonBody::parse(&again).unwrap(), body);
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
            }
            Err(JsonError::Malformed { line, column, .. }) => {
                prop_assert!(line == 1 && column >= 1 && column <= text.chars().count() + 1);
                prop_assert!(serde_json::from_str::<Value>(&text).is_err());
            }
            Err(_) => {}
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64)) {
        let _ = JsonBody::parse(&bytes);
    }

    /// An integer in any spelling is that integer, or refused: never its neighbour.
    #[test]
    fn integers_are_exact_however_they_are_spelled(integer in any::<i64>(), zeros in 0_usize..20) {
        let digits = integer.unsigned_abs().to_string();
        let sign = if integer < 0 { "-" } else { "" };
        let (head, tail) = digits.split_at(digits.len() / 2);
        for spelling in [
            format!("{integer}"),
            format!("{integer}.{}", "0".repeat(zeros + 1)),
            format!("{sign}{digits}{}e-{zeros}", "0".repeat(zeros)),
            format!("{sign}0.{head}{tail}E+{}", digits.len()),
        ] {
            let read = JsonBody::parse(spelling.as_bytes()).unwrap().into_value();
            prop_assert_eq!(read, Value::Number(Number::from(integer)), "{}", spelling);
        }
    }

    #[test]
    fn an_identifier_never_hides_a_slash_or_a_dot_segment(
        text in "[%0-9a-fA-F./\\\\;a\u{ff05}\u{ff0f}\u{ff3c}\u{ff0e}\u{2024}\u{2025}\u{ff12}\u{ff15}\u{ff26}\u{ff23}]{1,14}"
    ) {
        if let Ok(id) = ExternalId::parse(&text) {
            let mut forms = vec![id.as_str().to_owned(), id.as_str().nfkc().collect()];
            for _ in 0..8 {
                let next = decoded_once(forms.last().unwrap());
                forms.push(next.clone());
                forms.push(next.nfkc().collect());
                forms.push(decoded_once(&forms[0]));
            }
            let mut plain = id.as_str().to_owned();
            for _ in 0..8 {
                plain = decoded_once(&plain);
                forms.push(plain.clone());
            }
            for form in forms {
                prop_assert!(!form.contains(['/', '\\']), "{text:?} hides {form:?}");
                prop_assert!(form != "." && form != "..", "{text:?} hides {form:?}");
            }
            prop_assert_eq!(id.as_str(), text);
        }
    }

    #[test]
    fn an_identifier_of_any_text_is_that_text_or_refused(text in any::<String>()) {
        if let Ok(id) = ExternalId::parse(&text) {
            prop_assert_eq!(id.as_str(), &text);
            prop_assert!(!text.is_empty() && text.trim() == text);
            prop_assert!(!text.chars().any(char::is_control));
        }
    }

    /// What the identifier is for: encoded once, it is one segment to a URL parser of another make.
    #[test]
    fn an_identifier_stays_one_segment_of_a_url(text in "[ -~ñ日]{1,20}") {
        if let Ok(id) = ExternalId::parse(&text) {
            let mut url = url::Url::parse("http://host/rooms/id/").unwrap();
            url.path_segments_mut().unwrap().pop_if_empty().push(id.as_str());
            let parsed = url::Url::parse(url.as_str()).unwrap();
            let segments: Vec<&str> = parsed.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            prop_assert_eq!(decoded_once(segments[2]), text);
        }
    }

    #[test]
    fn formats_never_panic(text in any::<String>()) {
        for format in Format::ALL {
            let _ = format.check(&text);
        }
    }

    /// Every real instant passes; the calendar is computed here by day numbers, not by month lengths.
    #[test]
    fn every_day_of_the_calendar_is_a_date_time(days in 0_i64..1_000_000, minutes in -1439_i64..1440) {
        let (year, month, day) = civil_from_days(days);
        let sign = if minutes < 0 { '-' } else { '+' };
        let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        let text = format!("{year:04}-{month:02}-{day:02}T12:34:56{offset}");
        prop_assert_eq!(Format::DateTime.check(&text), Ok(()), "{}", text);
    }
}

/// Days since 0000-03-01 to year, month, day (proleptic Gregorian), after Howard Hinnant's
/// `civil_from_days`.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
