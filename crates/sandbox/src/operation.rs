//! The vendors' calls by name, as faults and the ledger know them.

use crate::ledger::Vendor;

pub(crate) const NETEX_CREATE: &str = "netex.create";
pub(crate) const NETEX_REPLACE: &str = "netex.replace";
pub(crate) const NETEX_LIST: &str = "netex.list";
pub(crate) const NETEX_GET: &str = "netex.get";
pub(crate) const NETEX_STATUS: &str = "netex.status";
pub(crate) const NETEX_DELETE: &str = "netex.delete";
/// The API beside the rooms: what a path that climbs out of them would reach.
pub(crate) const NETEX_USERS: &str = "netex.users";
/// No call of the rooms API, by path or by method.
pub(crate) const NETEX_UNKNOWN: &str = "netex.unknown";
/// Not a whole HTTP request.
pub(crate) const NETEX_MALFORMED: &str = "netex.malformed";
pub(crate) const ISPRING_TOKEN: &str = "ispring.token";
pub(crate) const ISPRING_GET_DAY: &str = "ispring.get_day";
pub(crate) const ISPRING_UPDATE_DAY: &str = "ispring.update_day";
pub(crate) const ISPRING_UNKNOWN: &str = "ispring.unknown";
pub(crate) const ISPRING_MALFORMED: &str = "ispring.malformed";

/// Every operation name of the ledger. A fault takes those too, and `*`, `netex.*` or `ispring.*`;
/// only the two `malformed` it does not, which the server itself answers.
pub const OPERATIONS: [&str; 14] = [
    NETEX_CREATE,
    NETEX_REPLACE,
    NETEX_LIST,
    NETEX_GET,
    NETEX_STATUS,
    NETEX_DELETE,
    NETEX_USERS,
    NETEX_UNKNOWN,
    NETEX_MALFORMED,
    ISPRING_TOKEN,
    ISPRING_GET_DAY,
    ISPRING_UPDATE_DAY,
    ISPRING_UNKNOWN,
    ISPRING_MALFORMED,
];

/// The operations that a fault can strike.
pub(crate) fn strikable() -> impl Iterator<Item = &'static str> {
    OPERATIONS
        .into_iter()
        .filter(|name| !matches!(*name, NETEX_MALFORMED | ISPRING_MALFORMED))
}

/// Which calls a fault is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    Every,
    Of(Vendor),
    Only(&'static str),
}

impl Pattern {
    /// `None` where the text names no operation that a fault can strike.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "*" => Some(Self::Every),
            "netex.*" => Some(Self::Of(Vendor::Netex)),
            "ispring.*" => Some(Self::Of(Vendor::Ispring)),
            name => strikable().find(|known| *known == name).map(Self::Only),
        }
    }

    pub(crate) fn covers(self, operation: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Of(vendor) => Vendor::of(operation) == vendor,
            Self::Only(name) => name == operation,
        }
    }

    /// Whether a connection to this vendor may carry such a call.
    pub(crate) fn concerns(self, vendor: Vendor) -> bool {
        match self {
            Self::Every => true,
            Self::Of(own) => own == vendor,
            Self::Only(name) => Vendor::of(name) == vendor,
        }
    }
}
