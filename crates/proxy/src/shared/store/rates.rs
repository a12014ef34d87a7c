//! Rates that members keep together: the quotas of callers, and what each vendor gets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::error::StoreError;
use crate::digest;
use crate::shared::name::{Account, MemberId, hex};
use crate::shared::rate::{Rate, Want};

/// A bucket in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateName(Arc<str>);

impl RateName {
    /// Of a caller's quota. With another quota it is another bucket: the old one says nothing of it.
    #[must_use]
    pub fn of_caller(name: &str, rate: Rate) -> Self {
        let (requests, per) = (rate.requests.to_string(), rate.per.as_nanos().to_string());
        let digest = digest::of_parts(&[name, &requests, &per]);
        Self(format!("caller:{}", hex(&digest[..12])).into())
    }

    /// Of a vendor account. It is the same under another rate: the vendor has got what it got.
    #[must_use]
    pub fn of_account(account: &Account) -> Self {
        Self(format!("account:{}", account.as_str()).into())
    }

    /// The part of a key in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A member asks for a place in a rate.
#[derive(Debug, Clone, Copy)]
pub struct RateAsk<'a> {
    pub name: &'a RateName,
    pub rate: Rate,
    pub member: &'a MemberId,
    pub want: Want,
    /// Who has not asked for so long takes no part any more.
    pub forget: Duration,
}

/// What was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateReply {
    pub permits: u32,
    /// With permits: how long until they may be used. Without: how long until there is one.
    pub wait: Duration,
    /// How long until the bucket is full.
    pub ahead: Duration,
    /// Members that take part, the one that asked included.
    pub sharers: u32,
}

/// The rates of all callers and accounts.
#[async_trait]
pub trait Rates: fmt::Debug + Send + Sync {
    /// Takes places, in one step, by the store's clock.
    ///
    /// # Errors
    /// They may have been taken, but for [`StoreError::Away`].
    async fn ask(&self, ask: RateAsk<'_>) -> Result<RateReply, StoreError>;
}
