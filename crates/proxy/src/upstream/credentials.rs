//! The ways in which vendors let us in.

mod basic;
mod destination;
mod fields;
mod secret_set;
mod secret_watch;
mod secrets;
mod token;

use std::sync::Arc;

use tokio::time::Instant;

use crate::metrics::Rejections;
use crate::secret::{MissingSecret, Vault};
use crate::settings::{Auth, Grant, Masked, UpstreamSettings};
use crate::upstream::call::failure::Failure;
use crate::upstream::call::state::TokenState;
use crate::upstream::redact::call_credential::CallCredential;
use crate::upstream::resilience::gate::Gate;
use crate::upstream::transport::Transport;
use fields::CredentialFields;
use secret_set::SecretSet;
use secrets::Secrets;
use token::{Token, TokenKeeper};

/// Proves to one vendor who we are.
pub struct Credentials {
    secrets: Arc<SecretSet>,
    /// `None`: the credential is fixed, no token is fetched.
    tokens: Option<TokenKeeper>,
    masked: Masked,
}

/// The credential of one call, so that a 401 can be told to the one that was rejected.
pub enum Authorization {
    Fixed(Arc<Secrets>),
    Token(Arc<Token>),
}

impl Authorization {
    pub fn fields(&self) -> &CredentialFields {
        match self {
            Self::Fixed(secrets) => &secrets.fields,
            Self::Token(token) => &token.fields,
        }
    }

    pub fn credential(&self) -> &CallCredential {
        match self {
            Self::Fixed(secrets) => &secrets.credential,
            Self::Token(token) => &token.credential,
        }
    }

    /// The vendor took it.
    pub fn mark_accepted(&self) {
        if let Self::Token(token) = self {
            token.mark_accepted();
        }
    }
}

impl Credentials {
    /// Takes the secrets from those that were read. Tokens are fetched by `transport`; `gate` learns of it, and
    /// `rejections` of those that are refused.
    ///
    /// # Errors
    /// Every secret that is missing, by the name of its variable or file.
    pub fn open(
        settings: &UpstreamSettings,
        vault: &Vault,
        transport: &Arc<Transport>,
        gate: &Arc<Gate>,
        rejections: &Rejections,
    ) -> Result<Self, Vec<MissingSecret>> {
        let auth = &settings.auth;
        let secrets = SecretSet::open(&settings.name, auth, destination::digest(settings), vault)?;
        let tokens = match auth {
            Auth::OAuth2ClientCredentials(grant) => Some(TokenKeeper::new(
                transport.clone(),
                gate.clone(),
                Grant::clone(grant),
                secrets.clone(),
                rejections.clone(),
            )),
            _ => None,
        };
        Ok(Self {
            secrets,
            tokens,
            masked: auth.masked(),
        })
    }

    /// The authorization of one call, where nothing has to be fetched for it.
    pub fn cached(&self) -> Option<Result<Authorization, Failure>> {
        match &self.tokens {
            None => Some(Ok(Authorization::Fixed(self.secrets.now()))),
            Some(keeper) => Some(Ok(Authorization::Token(keeper.cached()?))),
        }
    }

    /// The authorization of one call. May fetch a token, at the latest until `deadline`.
    pub async fn authorize(&self, deadline: Instant) -> Result<Authorization, Failure> {
        match &self.tokens {
            None => Ok(Authorization::Fixed(self.secrets.now())),
            Some(keeper) => keeper.token(deadline).await.map(Authorization::Token),
        }
    }

    /// After a 401: another authorization, if there is one to be had.
    pub async fn renew(
        &self,
        rejected: &Authorization,
        deadline: Instant,
    ) -> Option<Result<Authorization, Failure>> {
        match (&self.tokens, rejected) {
            (Some(keeper), Authorization::Token(token)) => {
                let renewed = keeper.renew(token, deadline).await?;
                Some(renewed.map(Authorization::Token))
            }
            // It was rotated while the call was under way.
            (None, Authorization::Fixed(old)) => {
                let now = self.secrets.now();
                let changed = now.credential.identity() != old.credential.identity();
                changed.then_some(Ok(Authorization::Fixed(now)))
            }
            _ => None,
        }
    }

    /// The token that calls bear now.
    pub fn token(&self) -> TokenState {
        match &self.tokens {
            None => TokenState::NotUsed,
            Some(keeper) => keeper
                .expires_at()
                .map_or(TokenState::None, TokenState::Until),
        }
    }

    /// Digest of place, names and secrets, not of tokens. Made once for each change.
    pub fn identity(&self) -> [u8; 32] {
        self.secrets.identity()
    }

    /// Bytes that a form grows by.
    pub fn form_growth(&self) -> usize {
        self.secrets.now().fields.form_growth()
    }

    /// The fields that every call gets, values masked.
    pub const fn masked(&self) -> &Masked {
        &self.masked
    }
}
