//! A secret inside of a text that was written in base64 (RFC 4648 §4, §5), wherever in that text it stood.

use base64::Engine;
use base64::alphabet;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};

const ALPHABETS: [GeneralPurpose; 2] = [
    GeneralPurpose::new(&alphabet::STANDARD, NO_PAD),
    GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD),
];

/// What every such text holds: the characters that hang on the secret alone, for each place at which it can begin
/// within a group of three bytes.
pub fn cores(secret: &str) -> Vec<String> {
    let mut found = Vec::new();
    for alphabet in &ALPHABETS {
        // After so many bytes so many characters hang on those before.
        for (before, skipped) in [(0, 0), (1, 2), (2, 3)] {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret.as_bytes());
            let whole = bytes.len() * 8 / 6;
            let encoded = alphabet.encode(bytes);
            found.extend(encoded.get(skipped..whole).map(str::to_owned));
        }
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn a_secret_is_found_wherever_it_stood_in_the_text() {
        let secret = "s3cret?~>token";
        for (before, after) in [
            ("", ""),
            ("a", ""),
            ("ab", "c"),
            ("abc", "de"),
            ("user:", "\n"),
        ] {
            let text = format!("{before}{secret}{after}");
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let held = cores(secret)
                    .iter()
                    .any(|core| encoded.contains(core.as_str()));
                assert!(held, "{encoded} {:?}", cores(secret));
            }
        }
        assert!(
            cores(secret).iter().all(|core| core.len() > 14),
            "{:?}",
            cores(secret)
        );
    }
}
