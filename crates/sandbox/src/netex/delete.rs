use crate::assumptions::Assumptions;
use crate::handled::Handled;
use crate::netex::errors;
use crate::netex::room_json;
use crate::netex::route::Reference;
use crate::state::{State, Subject};

/// `DELETE …`: 200, ERR004, ERR005, or ROO004 where the room is reserved.
pub(crate) fn delete(reference: &Reference, state: &mut State, rules: &Assumptions) -> Handled {
    let (id, reserved) = match reference.find(state) {
        Ok(room) => (room.id, room.reserved),
        Err(missing) => return missing.answer(rules).into(),
    };
    if reserved {
        return errors::error(400, "ROO004", rules.error_body).into();
    }
    Handled {
        answer: room_json::acknowledged(rules.delete_answer),
        subject: state.remove_room(id).map(Subject::RoomDeleted),
    }
}
