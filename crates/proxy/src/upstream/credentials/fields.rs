//! A credential in the fields of a request: in its head, its query or its form.

use std::borrow::Cow;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::secret::Secret;
use crate::settings::{Auth, FieldPlace, encoded};
use crate::upstream::call::request::VendorRequest;

/// Written once for each credential, sent with every call.
#[derive(Default)]
pub struct CredentialFields {
    pub headers: HeaderMap,
    /// `name=value`, encoded, joined by `&`.
    query: String,
    form: String,
}

impl CredentialFields {
    /// The fixed credential of the settings; nothing where a token is fetched.
    pub fn of(auth: &Auth, values: &[Secret]) -> Self {
        let mut whole = Self::default();
        match auth {
            Auth::None | Auth::OAuth2ClientCredentials(_) => {}
            Auth::Header { name, prefix, .. } => {
                for value in values {
                    whole.put(name, &format!("{prefix}{}", value.reveal()));
                }
            }
            Auth::Headers(headers) => {
                for ((name, _), value) in headers.iter().zip(values) {
                    whole.put(name, value.reveal());
                }
            }
            Auth::Fields { place, fields } => {
                let pairs = fields.iter().zip(values).map(|((name, _), value)| {
                    format!("{}={}", encoded(name), encoded(value.reveal()))
                });
                let pairs = pairs.collect::<Vec<_>>().join("&");
                match place {
                    FieldPlace::Query => whole.query = pairs,
                    FieldPlace::Form => whole.form = pairs,
                }
            }
        }
        whole
    }

    /// RFC 6750 §2.1, with the words of the settings before the token.
    pub fn token(before: &str, token: &str) -> Self {
        let mut whole = Self::default();
        whole.put(&AUTHORIZATION, &format!("{before}{token}"));
        whole
    }

    fn put(&mut self, name: &HeaderName, value: &str) {
        // Secrets, tokens and literals were checked when they were read: a header can carry them.
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(name.clone(), value);
        }
    }

    /// Bytes that a form grows by.
    pub fn form_growth(&self) -> usize {
        match self.form.len() {
            0 => 0,
            length => length + 1,
        }
    }

    /// The request with the fields of its query and form. The contract was checked against the settings: a
    /// form field goes to vendors only whose calls are all forms.
    pub fn apply_to<'r>(&self, request: &'r VendorRequest) -> Cow<'r, VendorRequest> {
        if self.query.is_empty() && self.form.is_empty() {
            return Cow::Borrowed(request);
        }
        let mut whole = request.clone();
        if !self.query.is_empty() {
            let joint = if whole.path_and_query.contains('?') {
                '&'
            } else {
                '?'
            };
            whole.path_and_query.push(joint);
            whole.path_and_query.push_str(&self.query);
        }
        if !self.form.is_empty() {
            let mut body = Vec::with_capacity(whole.body.len() + self.form_growth());
            body.extend_from_slice(&whole.body);
            if !body.is_empty() {
                body.push(b'&');
            }
            body.extend_from_slice(self.form.as_bytes());
            whole.body = body.into();
        }
        Cow::Owned(whole)
    }
}
