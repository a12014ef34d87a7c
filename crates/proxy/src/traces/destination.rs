//! The receiver of one configuration.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::secret::{MissingSecret, SecretSource, Vault};
use crate::settings::{CredentialValue, TracesSettings};
use crate::upstream::{CallKind, Transport, TransportError, VendorRequest};

/// An answer is a few bytes: nothing, or how many spans were not taken.
const ANSWER_LIMIT: usize = 64 * 1024;

pub struct Destination {
    pub transport: Transport,
    headers: HeaderMap,
    shown: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("{0}")]
    Secret(MissingSecret),
    #[error("{0}")]
    Transport(TransportError),
}

impl Destination {
    /// Connects nowhere yet.
    ///
    /// # Errors
    /// Every secret that is missing; a host that cannot be named, nobody to trust.
    pub fn open(settings: &TracesSettings, vault: &Vault) -> Result<Self, Vec<OpenError>> {
        let mut headers = HeaderMap::new();
        let protobuf = HeaderValue::from_static("application/x-protobuf");
        headers.insert(CONTENT_TYPE, protobuf);
        let mut errors = Vec::new();
        for (name, value) in &settings.headers {
            match field(name, value, vault) {
                Ok((name, value)) => {
                    headers.insert(name, value);
                }
                Err(error) => errors.push(OpenError::Secret(error)),
            }
        }
        let endpoint = &settings.endpoint;
        let transport = Transport::new(
            endpoint.clone(),
            settings.ca_file.as_deref(),
            ANSWER_LIMIT,
            &[],
        );
        let host = endpoint.host_str().unwrap_or_default();
        let port = endpoint.port_or_known_default().unwrap_or_default();
        match transport {
            Ok(transport) if errors.is_empty() => Ok(Self {
                transport,
                headers,
                shown: format!("{host}:{port}"),
            }),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.push(OpenError::Transport(error));
                Err(errors)
            }
        }
    }

    /// Host and port.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The export of these bytes, an `ExportTraceServiceRequest`.
    pub fn request(&self, body: Bytes) -> VendorRequest {
        VendorRequest {
            operation: "traces".into(),
            method: Method::POST,
            path_and_query: "/v1/traces".to_owned(),
            headers: self.headers.clone().into(),
            body,
            kind: CallKind::Write,
            sent: None,
            trace: None,
            store: None,
        }
    }
}

fn field(
    name: &HeaderName,
    value: &CredentialValue,
    vault: &Vault,
) -> Result<(HeaderName, HeaderValue), MissingSecret> {
    let not_header = |source: Option<&SecretSource>| {
        MissingSecret::NotHeader(source.map_or_else(|| name.to_string(), ToString::to_string))
    };
    let (text, source) = match value {
        CredentialValue::Literal(text) => (text.clone(), None),
        CredentialValue::Secret(source) => {
            let secret = source.fit_for_header(vault.get(source)?)?;
            (secret.reveal().to_owned(), Some(source))
        }
    };
    let mut field = HeaderValue::from_str(&text).map_err(|_| not_header(source))?;
    field.set_sensitive(true);
    Ok((name.clone(), field))
}
