//! A form or a query.

use super::Blanker;
use super::units::{Syntax, Text, text, units};

/// The pairs with what is personal blanked; `k[x]` bears the name `k`.
pub fn blank(blanker: &mut Blanker, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for (index, pair) in body.split(|byte| *byte == b'&').enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        let Some(middle) = pair.iter().position(|byte| *byte == b'=') else {
            out.extend_from_slice(pair);
            continue;
        };
        let name = text(&units(pair, 0..middle, Syntax::Form));
        let name = name.split('[').next().unwrap_or_default();
        let is_personal = blanker.is_personal(name);
        out.extend_from_slice(pair.get(..=middle).unwrap_or_default());
        let value = Text::new(pair, middle + 1..pair.len(), Syntax::Form);
        blanker.write_text(&mut out, &value, is_personal);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_personal_names_are_blanked_as_they_are_spelt() {
        let mut blanker = Blanker::new(["contactEmail".to_owned(), "tel".to_owned()].into());
        let body = b"name=A+b&contactEmail=net%40ex.com&tel=%2B34981&tel[x]=5&contact%45mail=%C3%B1&flag&n=%2B34981";
        assert_eq!(
            String::from_utf8(blank(&mut blanker, body)).unwrap(),
            "name=A+b&contactEmail=xxx%40xx.xxx&tel=%2B00000&tel[x]=1&contact%45mail=x&flag&n=%2B00000"
        );
    }
}
