//! `Accept-Encoding` (RFC 9110 §12.5.3), for what stands compressed in the binary.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

use super::negotiation::{FULL_WEIGHT, split, thousandths};

/// Whether a caller takes gzip at least as gladly as plain bytes. Who does not say gets plain bytes: a program
/// that asks for a file by hand reads them.
#[must_use]
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut identity, mut other) = (None, None, None);
    let lines = headers.get_all(ACCEPT_ENCODING).iter();
    let lines = lines.filter_map(|value| value.to_str().ok());
    for element in lines.flat_map(|line| split(line, ',')) {
        let mut parts = split(element, ';');
        let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let weight = weight.map_or(FULL_WEIGHT, thousandths);
        match &*coding {
            // §8.4.1.3: the two are one.
            "gzip" | "x-gzip" => gzip = Some(weight),
            "identity" => identity = Some(weight),
            "*" => other = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(other).unwrap_or(0);
    gzip > 0 && gzip >= identity.or(other).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn gzip_goes_to_who_would_have_it() {
        let takes = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            takes_gzip(&headers)
        };
        for accepted in [
            "gzip",
            "x-gzip",
            "GZIP;Q=0.3",
            "gzip, deflate, br, zstd",
            "br;q=1.0, gzip;q=0.8, *;q=0.1",
            "*",
            "identity;q=0, *;q=0.1",
            "gzip ; q=0.5, identity;q=0.5",
        ] {
            assert!(takes(&[accepted]), "{accepted}");
        }
        for refused in [
            "",
            "identity",
            "br",
            "gzip;q=0",
            "gzip; q=0.000",
            "*;q=0",
            "gzip;q=0, *",
            "gzip;q=0.2, identity;q=0.8",
            "gzip;q=0.2, *",
        ] {
            assert!(!takes(&[refused]), "{refused}");
        }
        assert!(!takes(&[]));
        assert!(takes(&["br", "gzip"]), "several fields are one list");
    }
}
