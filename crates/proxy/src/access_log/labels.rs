//! What the lines of one operation say alike.

use super::member::{put, put_some};

/// Names of an operation as they stand in each of its lines, escaped once.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The template of the path, from the contract.
    pub route: String,
    pub operation: String,
    /// The name of the vendor.
    pub upstream: Option<String>,
    /// The members from `route` to `operation`.
    pub(super) names: Vec<u8>,
    /// The member `upstream`, if there is one.
    pub(super) vendor: Vec<u8>,
}

impl Labels {
    #[must_use]
    pub fn new(route: &str, operation: &str, upstream: Option<&str>) -> Self {
        let (mut names, mut vendor) = (Vec::new(), Vec::new());
        put(&mut names, b",\"route\":", route);
        put(&mut names, b",\"operation\":", operation);
        put_some(&mut vendor, b",\"upstream\":", upstream);
        Self {
            route: route.to_owned(),
            operation: operation.to_owned(),
            upstream: upstream.map(str::to_owned),
            names,
            vendor,
        }
    }
}
