//! The three ways in which vendors let us in.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;

use super::gate::Gate;
use super::secret_cell::SecretCell;
use super::token::{Token, TokenKeeper};
use super::{Failure, FailureKind, Transport};
use crate::settings::{Auth, MissingSecret, Secret};

/// Proves to one vendor who we are.
pub enum Credentials {
    /// Headers with values that stand still, or none.
    Fixed(Vec<(HeaderName, SecretCell)>),
    Token {
        keeper: TokenKeeper,
        scheme: String,
    },
}

/// What one call carries, and the token in it, so that a 401 can be laid at its door.
pub struct Proof {
    pub headers: HeaderMap,
    pub token: Option<Arc<Token>>,
}

impl Proof {
    /// The vendor took it.
    pub fn worked(&self) {
        if let Some(token) = &self.token {
            token.worked();
        }
    }
}

impl Credentials {
    /// Reads all secrets.
    ///
    /// # Errors
    /// The first secret that is missing, by the name of its variable or file.
    pub fn open(
        auth: &Auth,
        transport: &Arc<Transport>,
        gate: &Arc<Gate>,
    ) -> Result<Self, MissingSecret> {
        match auth {
            Auth::None => Ok(Self::Fixed(Vec::new())),
            Auth::Header { name, value } => {
                Ok(Self::Fixed(vec![(name.clone(), SecretCell::open(value)?)]))
            }
            Auth::Headers(headers) => {
                let cells = headers
                    .iter()
                    .map(|(name, source)| Ok((name.clone(), SecretCell::open_header(source)?)));
                Ok(Self::Fixed(cells.collect::<Result<_, _>>()?))
            }
            Auth::OAuth2ClientCredentials {
                token_path,
                client_id,
                client_secret,
                scheme,
            } => Ok(Self::Token {
                keeper: TokenKeeper::new(
                    transport.clone(),
                    gate.clone(),
                    token_path.clone(),
                    SecretCell::open_header(client_id)?,
                    SecretCell::open(client_secret)?,
                ),
                scheme: scheme.clone(),
            }),
        }
    }

    /// The headers of one call, where nothing has to be fetched for them.
    pub fn at_hand(&self) -> Option<Result<Proof, Failure>> {
        match self {
            Self::Fixed(cells) => Some(fixed_proof(cells)),
            Self::Token { keeper, scheme } => {
                let token = keeper.at_hand()?;
                Some(token_proof(scheme, token))
            }
        }
    }

    /// The headers of one call. May fetch a token, at the latest until `deadline`.
    pub async fn prove(&self, deadline: Instant) -> Result<Proof, Failure> {
        match self {
            Self::Fixed(cells) => fixed_proof(cells),
            Self::Token { keeper, scheme } => {
                let token = keeper.token(deadline).await?;
                token_proof(scheme, token)
            }
        }
    }

    /// After a 401: another proof, if there is one to be had.
    pub async fn renew(
        &self,
        rejected: &Proof,
        deadline: Instant,
    ) -> Option<Result<Proof, Failure>> {
        let (Self::Token { keeper, scheme }, Some(token)) = (self, &rejected.token) else {
            return None;
        };
        let renewed = keeper.renew(token, deadline).await?;
        Some(renewed.and_then(|token| token_proof(scheme, token)))
    }

    /// Whether a secret can be another one later.
    pub fn may_change(&self) -> bool {
        match self {
            Self::Fixed(cells) => cells.iter().any(|(_, cell)| cell.may_change()),
            Self::Token { keeper, .. } => keeper.may_change(),
        }
    }

    /// Feeds names and secrets, not tokens, into a digest.
    pub fn identify(&self, feed: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Fixed(cells) => {
                for (name, cell) in cells {
                    feed(name.as_str().as_bytes());
                    feed(cell.current().reveal().as_bytes());
                }
            }
            Self::Token { keeper, scheme } => {
                feed(scheme.as_bytes());
                keeper.identify(feed);
            }
        }
    }

    /// What must not be shown to anybody.
    pub fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Fixed(cells) => cells.iter().filter_map(|(_, cell)| cell.secret()).collect(),
            Self::Token { keeper, .. } => keeper.secrets(),
        }
    }

    /// The headers by name, values masked.
    pub fn masked(&self) -> Vec<(String, String)> {
        match self {
            Self::Fixed(cells) => cells
                .iter()
                .map(|(name, _)| (name.to_string(), "***".to_owned()))
                .collect(),
            Self::Token { scheme, .. } => {
                let value = if scheme.is_empty() {
                    "***".to_owned()
                } else {
                    format!("{scheme} ***")
                };
                vec![("authorization".to_owned(), value)]
            }
        }
    }
}

fn fixed_proof(cells: &[(HeaderName, SecretCell)]) -> Result<Proof, Failure> {
    let mut headers = HeaderMap::new();
    for (name, cell) in cells {
        headers.insert(name.clone(), sensitive(cell.current().reveal())?);
    }
    Ok(Proof {
        headers,
        token: None,
    })
}

fn token_proof(scheme: &str, token: Arc<Token>) -> Result<Proof, Failure> {
    let text = token.value.reveal();
    let value = if scheme.is_empty() {
        text.to_owned()
    } else {
        format!("{scheme} {text}")
    };
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, sensitive(&value)?);
    Ok(Proof {
        headers,
        token: Some(token),
    })
}

fn sensitive(text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Failure::new(
            FailureKind::CredentialsRejected,
            "the credential holds characters that a header cannot carry",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
