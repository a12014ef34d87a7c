//! What the export needs of one configuration.

use super::destination::Destination;
use super::names::Names;

/// What spans are called, and who gets them.
pub struct Outlet {
    pub names: Names,
    pub destination: Destination,
}
