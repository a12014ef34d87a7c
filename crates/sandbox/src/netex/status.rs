use crate::assumptions::Assumptions;
use crate::handled::Handled;
use crate::netex::errors;
use crate::netex::room_json;
use crate::netex::route::Reference;
use crate::room::Room;
use crate::server::form::Form;
use crate::state::{State, Subject};

/// `PUT …/status` with `value=active` or `value=inactive`. What another value does is not on the
/// page; ERR001 (missing) and ERR002 ("action not valid") of the general table are assumed.
pub(crate) fn set(
    reference: &Reference,
    form: &Form,
    state: &mut State,
    rules: &Assumptions,
) -> Handled {
    let room = match reference.find(state) {
        Ok(room) => room.clone(),
        Err(missing) => return missing.answer(rules).into(),
    };
    let active = match form.filled("value") {
        Some("active") => true,
        Some("inactive") => false,
        Some(_) => return errors::error(400, "ERR002", rules.error_body).into(),
        None => return errors::error(400, "ERR001", rules.error_body).into(),
    };
    Handled {
        answer: room_json::acknowledged(rules.status_answer),
        subject: Some(Subject::Room(state.write_room(Room { active, ..room }))),
    }
}
