use crate::assumptions::Assumptions;
use crate::netex::errors;
use crate::operation;
use crate::room::Room;
use crate::server::answer::Answer;
use crate::server::target::Target;
use crate::state::State;

/// Path of the rooms, without a slash at the end.
pub(crate) const ROOMS: &str = "/admin/rest/administration/api/physicalrooms";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Create,
    List,
    Get(Reference),
    Replace(Reference),
    Status(Reference),
    Delete(Reference),
    /// The neighbour API, which a path that climbs out of the rooms reaches.
    Users,
    Unknown {
        /// The methods of the path, where the path exists.
        allow: Option<&'static str>,
    },
}

/// A room as a path names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Id(String),
    ExternalId(String),
}

/// Why a reference finds no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// "All ids must be numeric": ERR003 of the vendor's general table; status inferred.
    NotNumeric,
    Id,
    ExternalId,
}

impl Call {
    /// `target` is `None` where it was refused.
    pub(crate) fn of(method: &str, target: Option<&Target>) -> Self {
        let Some(target) = target else {
            return Self::Unknown { allow: None };
        };
        let segments: Vec<&str> = target.segments.iter().map(String::as_str).collect();
        let ["admin", "rest", "administration", "api", rest @ ..] = segments.as_slice() else {
            return Self::Unknown { allow: None };
        };
        let rest = match rest {
            ["users", ..] => return Self::Users,
            ["physicalrooms", rest @ ..] => rest,
            _ => return Self::Unknown { allow: None },
        };
        let reference = |kind: &str, name: &str| match kind {
            "id" => Some(Reference::Id(name.to_owned())),
            "externalid" => Some(Reference::ExternalId(name.to_owned())),
            _ => None,
        };
        match rest {
            [] => match method {
                "POST" => Self::Create,
                "GET" | "HEAD" => Self::List,
                _ => not_allowed("GET, HEAD, POST"),
            },
            [kind, name] => match (reference(kind, name), method) {
                (None, _) => Self::Unknown { allow: None },
                (Some(reference), "GET" | "HEAD") => Self::Get(reference),
                (Some(reference), "PUT") => Self::Replace(reference),
                (Some(reference), "DELETE") => Self::Delete(reference),
                _ => not_allowed("GET, HEAD, PUT, DELETE"),
            },
            [kind, name, "status"] => match (reference(kind, name), method) {
                (None, _) => Self::Unknown { allow: None },
                (Some(reference), "PUT") => Self::Status(reference),
                _ => not_allowed("PUT"),
            },
            _ => Self::Unknown { allow: None },
        }
    }

    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Create => operation::NETEX_CREATE,
            Self::List => operation::NETEX_LIST,
            Self::Get(_) => operation::NETEX_GET,
            Self::Replace(_) => operation::NETEX_REPLACE,
            Self::Status(_) => operation::NETEX_STATUS,
            Self::Delete(_) => operation::NETEX_DELETE,
            Self::Users => operation::NETEX_USERS,
            Self::Unknown { .. } => operation::NETEX_UNKNOWN,
        }
    }
}

fn not_allowed(allow: &'static str) -> Call {
    Call::Unknown { allow: Some(allow) }
}

impl Reference {
    pub(crate) fn find<'a>(&self, state: &'a State) -> Result<&'a Room, Missing> {
        match self {
            Self::Id(digits) => {
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Missing::NotNumeric);
                }
                let id: u64 = digits.parse().map_err(|_| Missing::NotNumeric)?;
                state.room(id).ok_or(Missing::Id)
            }
            Self::ExternalId(name) => state.room_named(name).ok_or(Missing::ExternalId),
        }
    }
}

impl Missing {
    pub(crate) fn answer(self, rules: &Assumptions) -> Answer {
        let (status, code) = match self {
            Self::NotNumeric => (400, "ERR003"),
            Self::Id => (404, "ERR004"),
            Self::ExternalId => (404, "ERR005"),
        };
        errors::error(status, code, rules.error_body)
    }
}
