//! What every answer of a deprecated operation says besides: `Deprecation`, `Sunset` and `Link`.

use std::time::{Duration, SystemTime};

use contract::Deprecation;
use http::header::LINK;
use http::{HeaderMap, HeaderName, HeaderValue};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Puts the fields into an answer, whatever it is otherwise: who is refused should leave as well.
#[cold]
pub fn announce(deprecation: &Deprecation, headers: &mut HeaderMap) {
    // RFC 9745 section 2.1: a Date of RFC 9651, `@` and seconds.
    put(headers, DEPRECATION, &format!("@{}", deprecation.since));
    if let Some(sunset) = deprecation.sunset {
        // RFC 8594 section 3: an HTTP-date.
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(sunset);
        put(headers, SUNSET, &httpdate::fmt_http_date(end));
    }
    if let Some(link) = &deprecation.link {
        // RFC 9745 section 3.
        put(headers, LINK, &format!("<{link}>; rel=\"deprecation\""));
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    // The contract holds nothing that a header could not carry.
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_written_as_their_standards_say() {
        let deprecation = Deprecation {
            since: 1_793_491_200,
            sunset: Some(1_809_129_600),
            link: Some("https://docs.example/rooms?v=2#move".to_owned()),
        };
        let mut headers = HeaderMap::new();
        announce(&deprecation, &mut headers);
        assert_eq!(headers["deprecation"], "@1793491200");
        assert_eq!(headers["sunset"], "Sat, 01 May 2027 00:00:00 GMT");
        assert_eq!(
            headers["link"],
            "<https://docs.example/rooms?v=2#move>; rel=\"deprecation\""
        );
    }
}
