//! Names: of accounts, members, epochs, requests and writes.

use std::fmt;
use std::sync::Arc;

use crate::digest;

/// A vendor account: what is written under it is seen by all who read under it. Never its secret, whose rotation
/// would split the fleet in two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account(Arc<str>);

impl Account {
    /// Of a base URL and the account's name there (a client id, or what the settings call it; may be empty).
    #[must_use]
    pub fn new(base_url: &str, name: &str) -> Self {
        let digest = digest::of_parts(&[base_url.trim_end_matches('/'), name]);
        Self(hex(&digest[..12]).into())
    }

    /// The part of a key in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name that nothing else has: 96 random bits, or a text that was one.
macro_rules! unique_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            #[must_use]
            pub fn random() -> Self {
                Self(hex(&rand::random::<[u8; 12]>()).into())
            }

            #[must_use]
            pub fn named(name: &str) -> Self {
                Self(name.into())
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

unique_name! {
    /// A gateway process as long as it runs; another start is another member.
    MemberId
}

unique_name! {
    /// These data of the store, unbroken: after a restart, a promotion or a loss they are of another epoch.
    Epoch
}

unique_name! {
    /// A request that runs under a key, or asks the vendor for all; another one for each request.
    Holder
}

/// One write of one member.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId {
    pub member: MemberId,
    pub number: u64,
}

impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.member.as_str(), self.number)
    }
}

/// Two small letters or digits for each byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
