//! iSpring Learn: a token by form, training days by XML (or JSON, which its OpenAPI declares too).

mod auth;
mod day_call;
mod dialect;
mod token;
mod update;
mod xml;

use crate::assumptions::{EscapedSlash, Permission};
use crate::backend::Backend;
use crate::handled::Handled;
use crate::operation;
use crate::server::answer::Answer;
use crate::server::request::Request;
use crate::server::target::{BadTarget, Target};

use dialect::Dialect;
pub(crate) use token::Mint;
pub(crate) use xml::error as error_xml;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    Token,
    GetDay(String),
    UpdateDay(String),
    Unknown { allow: Option<&'static str> },
}

/// A request whose operation is known.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    call: Call,
    pub(crate) target: Result<Target, BadTarget>,
}

/// 200 with a body that says KO, in this vendor's encoding.
pub(crate) fn ko() -> Answer {
    xml::document(200, "<response><status>KO</status></response>")
}

impl Exchange {
    pub(crate) fn of(request: &Request) -> Self {
        // Encoded slashes are decoded (assumed), so that an attack shows.
        let target = Target::resolve(&request.target, EscapedSlash::Decoded);
        let segments: Vec<&str> = target
            .iter()
            .flat_map(|target| target.segments.iter().map(String::as_str))
            .collect();
        let call = match (segments.as_slice(), request.method.as_str()) {
            (["api", "v3", "token"], "POST") => Call::Token,
            (["api", "v3", "token"], _) => Call::Unknown {
                allow: Some("POST"),
            },
            (["training", "day", day], "GET" | "HEAD") => Call::GetDay((*day).to_owned()),
            (["training", "day", day], "POST") => Call::UpdateDay((*day).to_owned()),
            (["training", "day", _], _) => Call::Unknown {
                allow: Some("GET, HEAD, POST"),
            },
            _ => Call::Unknown { allow: None },
        };
        Self { call, target }
    }

    pub(crate) fn operation(&self) -> &'static str {
        match self.call {
            Call::Token => operation::ISPRING_TOKEN,
            Call::GetDay(_) => operation::ISPRING_GET_DAY,
            Call::UpdateDay(_) => operation::ISPRING_UPDATE_DAY,
            Call::Unknown { .. } => operation::ISPRING_UNKNOWN,
        }
    }

    /// Carries the call out.
    pub(crate) fn handle(&self, request: &Request, backend: Backend<'_>, mint: &Mint) -> Handled {
        let Backend {
            state,
            rules,
            config,
        } = backend;
        let dialect = Dialect::wanted(request.header("accept"));
        match &self.call {
            Call::Token => token::issue(request, state, config, mint).into(),
            Call::Unknown { allow: Some(allow) } => dialect
                .error(405, "Method Not Allowed")
                .with("Allow", allow)
                .into(),
            Call::Unknown { allow: None } => dialect.error(404, "Not Found").into(),
            _ if !auth::accepts(request, state, rules, config) => {
                dialect.error(401, "Unauthorized").into()
            }
            _ if rules.permission == Permission::Denied => {
                dialect.error(403, "Permission Denied").into()
            }
            Call::GetDay(day) => day_call::get(day, dialect, state, rules).into(),
            Call::UpdateDay(day) => update::update(day, request, dialect, state, rules),
        }
    }
}
