//! The field value: a structured-field string (RFC 9651 §3.3.3) or a bare token.

use http::HeaderValue;

/// Longer keys are somebody's data, not a key.
const MAX_LENGTH: usize = 255;

/// The key of a field value, or what is wrong with it.
pub fn parse(value: &HeaderValue) -> Result<String, &'static str> {
    let text = value
        .to_str()
        .map_err(|_| "it holds characters that are not visible ASCII")?
        .trim();
    let key = match text.strip_prefix('"') {
        Some(rest) => unquote(rest)?,
        None if text.contains(['"', ' ', '\t', ',', ';']) => {
            return Err("a bare key holds no blank, quote, comma or semicolon");
        }
        None => text.to_owned(),
    };
    match key.len() {
        0 => Err("it is empty"),
        length if length > MAX_LENGTH => Err("it is longer than 255 characters"),
        _ => Ok(key),
    }
}

fn unquote(rest: &str) -> Result<String, &'static str> {
    let mut key = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next() {
            None => return Err("its closing quote is missing"),
            Some('"') => break,
            Some('\\') => match characters.next() {
                Some(escaped @ ('"' | '\\')) => key.push(escaped),
                _ => return Err("a backslash escapes only a quote or a backslash"),
            },
            Some(character) => key.push(character),
        }
    }
    if characters.next().is_some() {
        Err("something follows its closing quote")
    } else {
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Result<String, &'static str> {
        parse(&HeaderValue::from_str(text).unwrap())
    }

    #[test]
    fn quoted_and_bare_are_one_key() {
        assert_eq!(key("8e03978e-40d5"), Ok("8e03978e-40d5".to_owned()));
        assert_eq!(key("\"8e03978e-40d5\""), Ok("8e03978e-40d5".to_owned()));
        assert_eq!(key(r#""a \"b\" \\""#), Ok(r#"a "b" \"#.to_owned()));
        assert_eq!(key(&"x".repeat(255)).map(|key| key.len()), Ok(255));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "\"\"",
            "\"open",
            "\"a\"b",
            "a b",
            "a,b",
            r#""a\x""#,
            &"x".repeat(256),
        ] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_served_document_says_the_same() {
        let text = include_str!("../../../../../../config/contract.yaml");
        let document = contract::compile(text).unwrap().openapi;
        let fields = document["paths"]["/v1/rooms"]["post"]["parameters"]
            .as_array()
            .unwrap();
        let field = fields
            .iter()
            .find(|one| one["name"] == "Idempotency-Key")
            .unwrap();
        let client = jsonschema::validator_for(&field["schema"]).unwrap();
        let mut texts = vec![
            "x".repeat(255),
            "x".repeat(256),
            format!("\"{}\"", "\\\\".repeat(255)),
        ];
        for one in ' '..='~' {
            texts.extend([
                format!("a{one}b"),
                format!("\"a{one}b\""),
                format!("\"{one}\""),
                format!("\"{one}"),
                format!("\"a\\{one}\""),
            ]);
        }
        for text in texts {
            assert_eq!(
                client.is_valid(&text.clone().into()),
                key(&text).is_ok(),
                "{text}"
            );
        }
    }
}
