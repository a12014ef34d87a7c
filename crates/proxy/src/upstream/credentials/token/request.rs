//! The request for a token (RFC 6749 §4.4.2), by the way in which the endpoint wants to be shown who asks.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};
use url::form_urlencoded::Serializer;

use crate::secret::Secret;
use crate::settings::{ClientAuthentication, Grant};
use crate::upstream::call::request::{CallKind, VendorRequest};
use crate::upstream::credentials::basic::basic;

/// The request. `values` are the grant's, in its order.
pub fn of(grant: &Grant, values: &[Secret]) -> VendorRequest {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let (client, more) = values.split_at(values.len().min(2));
    let mut fields: Vec<(&str, &str)> = Vec::new();
    if let [id, secret] = client {
        match grant.client_authentication {
            ClientAuthentication::Body | ClientAuthentication::Json => {
                fields.push(("client_id", id.reveal()));
                fields.push(("client_secret", secret.reveal()));
            }
            ClientAuthentication::Basic => {
                let value = format!("Basic {}", basic(id, secret).reveal());
                if let Ok(mut value) = HeaderValue::from_str(&value) {
                    value.set_sensitive(true);
                    headers.insert(AUTHORIZATION, value);
                }
            }
        }
    }
    fields.push(("grant_type", "client_credentials"));
    fields.extend(grant.scope.as_deref().map(|scope| ("scope", scope)));
    fields.extend(
        grant
            .audience
            .as_deref()
            .map(|audience| ("audience", audience)),
    );
    let names = grant.parameters.iter().map(|(name, _)| name.as_str());
    fields.extend(names.zip(more.iter().map(Secret::reveal)));
    let (content_type, body) = match grant.client_authentication {
        ClientAuthentication::Json => {
            let members = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            (
                "application/json",
                Value::Object(members.collect::<Map<_, _>>()).to_string(),
            )
        }
        ClientAuthentication::Body | ClientAuthentication::Basic => {
            let mut form = Serializer::new(String::new());
            form.extend_pairs(fields);
            ("application/x-www-form-urlencoded", form.finish())
        }
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    VendorRequest {
        operation: "token".into(),
        method: Method::POST,
        path_and_query: grant.token_path.clone(),
        headers: headers.into(),
        body: body.into(),
        kind: CallKind::Write,
        sent: None,
        trace: None,
        store: None,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::secret::SecretSource;
    use crate::settings::CredentialValue;

    fn asked(authentication: ClientAuthentication) -> VendorRequest {
        let mut grant = Grant::new(
            "/token",
            CredentialValue::Literal(String::new()),
            SecretSource::Env("X".to_owned()),
        );
        grant.client_authentication = authentication;
        grant.scope = Some("rooms:read rooms:write".to_owned());
        grant.audience = Some("https://api.example/".to_owned());
        grant.parameters = vec![("tenant".to_owned(), CredentialValue::Literal(String::new()))];
        let values = ["a:b +\u{e9}", "p%&=\"", "t 1"].map(Secret::new);
        of(&grant, &values)
    }

    fn text(request: &VendorRequest) -> &str {
        std::str::from_utf8(&request.body).unwrap()
    }

    #[test]
    fn a_form_or_json_says_the_client_and_all_else() {
        let body = asked(ClientAuthentication::Body);
        assert_eq!(
            text(&body),
            "client_id=a%3Ab+%2B%C3%A9&client_secret=p%25%26%3D%22&grant_type=client_credentials\
             &scope=rooms%3Aread+rooms%3Awrite&audience=https%3A%2F%2Fapi.example%2F&tenant=t+1"
        );
        assert_eq!(body.headers.get(AUTHORIZATION), None);
        let json = asked(ClientAuthentication::Json);
        assert_eq!(
            text(&json),
            r#"{"client_id":"a:b +é","client_secret":"p%&=\"","grant_type":"client_credentials","scope":"rooms:read rooms:write","audience":"https://api.example/","tenant":"t 1"}"#
        );
        assert_eq!(json.headers[CONTENT_TYPE], "application/json");
    }

    #[test]
    fn basic_encodes_each_half_before_it_joins_them() {
        let request = asked(ClientAuthentication::Basic);
        let sent = request.headers[AUTHORIZATION].to_str().unwrap();
        let pair = STANDARD
            .decode(sent.strip_prefix("Basic ").unwrap())
            .unwrap();
        assert_eq!(pair, b"a%3Ab+%2B%C3%A9:p%25%26%3D%22");
        assert!(request.headers[AUTHORIZATION].is_sensitive());
        assert!(!text(&request).contains("client_id"), "one way at a time");
        assert!(text(&request).starts_with("grant_type=client_credentials&scope="));
    }
}
