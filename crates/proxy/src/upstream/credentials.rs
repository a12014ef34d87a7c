//! The ways in which vendors let us in.

use std::sync::Arc;

use tokio::time::Instant;

use super::borne::Borne;
use super::carried::Carried;
use super::gate::Gate;
use super::secret_set::{SecretSet, Secrets};
use super::token::{Token, TokenKeeper};
use super::{Failure, Transport};
use crate::settings::{Auth, Grant, Masked, MissingSecret, Vault};

/// Proves to one vendor who we are.
pub struct Credentials {
    secrets: Arc<SecretSet>,
    /// `None`: what is borne stands still.
    tokens: Option<TokenKeeper>,
    masked: Masked,
}

/// What one call bears. A 401 can be laid at its door.
pub enum Proof {
    Fixed(Arc<Secrets>),
    Token(Arc<Token>),
}

impl Proof {
    pub fn carried(&self) -> &Carried {
        match self {
            Self::Fixed(secrets) => &secrets.carried,
            Self::Token(token) => &token.carried,
        }
    }

    pub fn borne(&self) -> &Borne {
        match self {
            Self::Fixed(secrets) => &secrets.borne,
            Self::Token(token) => &token.borne,
        }
    }

    /// The vendor took it.
    pub fn worked(&self) {
        if let Self::Token(token) = self {
            token.worked();
        }
    }
}

impl Credentials {
    /// Takes the secrets from those that were read. `place` is a digest of where they are sent.
    ///
    /// # Errors
    /// Every secret that is missing, by the name of its variable or file.
    pub fn open(
        upstream: &str,
        auth: &Auth,
        place: [u8; 32],
        vault: &Vault,
        transport: &Arc<Transport>,
        gate: &Arc<Gate>,
    ) -> Result<Self, Vec<MissingSecret>> {
        let secrets = SecretSet::open(upstream, auth, place, vault)?;
        let tokens = match auth {
            Auth::OAuth2ClientCredentials(grant) => Some(TokenKeeper::new(
                transport.clone(),
                gate.clone(),
                Grant::clone(grant),
                secrets.clone(),
            )),
            _ => None,
        };
        Ok(Self {
            secrets,
            tokens,
            masked: auth.masked(),
        })
    }

    /// The proof of one call, where nothing has to be fetched for it.
    pub fn at_hand(&self) -> Option<Result<Proof, Failure>> {
        match &self.tokens {
            None => Some(Ok(Proof::Fixed(self.secrets.now()))),
            Some(keeper) => Some(Ok(Proof::Token(keeper.at_hand()?))),
        }
    }

    /// The proof of one call. May fetch a token, at the latest until `deadline`.
    pub async fn prove(&self, deadline: Instant) -> Result<Proof, Failure> {
        match &self.tokens {
            None => Ok(Proof::Fixed(self.secrets.now())),
            Some(keeper) => keeper.token(deadline).await.map(Proof::Token),
        }
    }

    /// After a 401: another proof, if there is one to be had.
    pub async fn renew(
        &self,
        rejected: &Proof,
        deadline: Instant,
    ) -> Option<Result<Proof, Failure>> {
        match (&self.tokens, rejected) {
            (Some(keeper), Proof::Token(token)) => {
                let renewed = keeper.renew(token, deadline).await?;
                Some(renewed.map(Proof::Token))
            }
            // It was rotated while the call was under way.
            (None, Proof::Fixed(old)) => {
                let now = self.secrets.now();
                let changed = now.borne.identity() != old.borne.identity();
                changed.then_some(Ok(Proof::Fixed(now)))
            }
            _ => None,
        }
    }

    /// Digest of place, names and secrets, not of tokens. Made once for each change.
    pub fn identity(&self) -> [u8; 32] {
        self.secrets.identity()
    }

    /// Bytes that a form grows by.
    pub fn form_growth(&self) -> usize {
        self.secrets.now().carried.form_growth()
    }

    /// What every call bears, values masked.
    pub const fn masked(&self) -> &Masked {
        &self.masked
    }
}
