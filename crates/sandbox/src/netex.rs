//! Netex learningCentral, rooms API: forms in, JSON out, on a Tomcat.

mod create;
mod delete;
mod errors;
mod fields;
mod list;
mod replace;
mod room_json;
mod route;
mod status;

use crate::assumptions::Assumptions;
use crate::backend::Backend;
use crate::handled::Handled;
use crate::server::answer::Answer;
use crate::server::form::Form;
use crate::server::request::Request;
use crate::server::target::{BadTarget, Target};

pub(crate) use errors::error;
use route::Call;

/// A request whose operation is known.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    call: Call,
    pub(crate) target: Result<Target, BadTarget>,
}

impl Exchange {
    pub(crate) fn of(request: &Request, rules: &Assumptions) -> Self {
        let target = Target::resolve(&request.target, rules.escaped_slash);
        let call = Call::of(&request.method, target.as_ref().ok());
        Self { call, target }
    }

    pub(crate) fn operation(&self) -> &'static str {
        self.call.operation()
    }

    /// Carries the call out.
    pub(crate) fn handle(&self, request: &Request, backend: Backend<'_>) -> Handled {
        let mut handled = self.dispatch(request, backend);
        // What a Tomcat adds, and what must not pass through a gateway.
        handled.answer = handled
            .answer
            .with("Server", "Apache-Coyote/1.1")
            .with("Set-Cookie", "JSESSIONID=5A4DB0C5; Path=/admin; HttpOnly")
            .with("Cache-Control", "no-cache, no-store, max-age=0");
        handled
    }

    fn dispatch(&self, request: &Request, backend: Backend<'_>) -> Handled {
        let Backend {
            state,
            rules,
            config,
        } = backend;
        let target = match &self.target {
            Ok(target) => target,
            Err(why) => return errors::tomcat_page(400, &why.to_string()).into(),
        };
        if request.header("x-auth-token") != Some(config.netex_token.as_str()) {
            return Answer::new(401).into();
        }
        let form = || Form::of(request, &target.query, rules.undeclared_charset);
        match &self.call {
            Call::Create => create::create(&form(), state, rules, request.header("host")),
            Call::List => list::list(&form(), state, rules).into(),
            Call::Get(reference) => match reference.find(state) {
                Ok(room) => Answer::json(200, &room_json::shown(room, rules)).into(),
                Err(missing) => missing.answer(rules).into(),
            },
            Call::Replace(reference) => replace::replace(reference, &form(), state, rules),
            Call::Status(reference) => status::set(reference, &form(), state, rules),
            Call::Delete(reference) => delete::delete(reference, state, rules),
            Call::Users => Answer::json(200, &serde_json::json!({"reached": target.path()})).into(),
            Call::Unknown { allow: Some(allow) } => {
                errors::tomcat_page(405, "Request method is not supported")
                    .with("Allow", allow)
                    .into()
            }
            Call::Unknown { allow: None } => {
                errors::tomcat_page(404, "The requested resource is not available").into()
            }
        }
    }
}
