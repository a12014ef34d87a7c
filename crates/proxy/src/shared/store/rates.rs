//! Rates that members keep together: the quotas of callers, and what each vendor gets.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::error::StoreError;
use crate::digest;
use crate::shared::name::{Account, hex};
use crate::shared::rate::{Grant, Rate, Want};

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

/// The rates of all callers and accounts.
#[async_trait]
pub trait Rates: fmt::Debug + Send + Sync {
    /// Takes what is wanted of a bucket, in one step, by the store's clock.
    ///
    /// # Errors
    /// It may have been taken, but for [`StoreError::Away`].
    async fn grant(&self, name: &RateName, rate: Rate, want: Want) -> Result<Grant, StoreError>;
}
