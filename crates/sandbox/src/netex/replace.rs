use crate::assumptions::{Assumptions, BlockedRaise, PutAbsent};
use crate::handled::Handled;
use crate::netex::fields::{self, Names, Refused};
use crate::netex::route::{Missing, Reference};
use crate::room::Room;
use crate::server::answer::Answer;
use crate::server::form::Form;
use crate::state::{State, Subject};

/// `PUT …/id/{id}` or `…/externalid/{external_id}`: 200 without a body. The page lists ERR001,
/// ROO003, ROO005, ERR006 and a 404 without code; that the room is looked for after ERR001 and that
/// ROO005 comes last, when all else is fine, is assumed.
pub(crate) fn replace(
    reference: &Reference,
    form: &Form,
    state: &mut State,
    rules: &Assumptions,
) -> Handled {
    let names = match Names::of(form, rules) {
        Ok(names) => names,
        Err(refused) => return refused.answer(rules).into(),
    };
    let old = match reference.find(state) {
        Ok(room) => room.clone(),
        Err(missing @ Missing::NotNumeric) => return missing.answer(rules).into(),
        Err(Missing::Id | Missing::ExternalId) => return Answer::new(404).into(),
    };
    let new = match merge(&old, names, form, state, rules) {
        Ok(room) => room,
        Err(refused) => return refused.answer(rules).into(),
    };
    if old.waiting_list_blocked && new.capacity.unwrap_or(0) > old.capacity.unwrap_or(0) {
        let refusal = Refused::Code("ROO005").answer(rules);
        return match rules.blocked_raise {
            BlockedRaise::NothingApplied => refusal.into(),
            BlockedRaise::CapacityApplied => written(
                state,
                refusal,
                Room {
                    capacity: new.capacity,
                    ..old
                },
            ),
        };
    }
    written(state, Answer::new(200), new)
}

fn written(state: &mut State, answer: Answer, room: Room) -> Handled {
    Handled {
        answer,
        subject: Some(Subject::Room(state.write_room(room))),
    }
}

fn merge(
    old: &Room,
    names: Names<'_>,
    form: &Form,
    state: &State,
    rules: &Assumptions,
) -> Result<Room, Refused> {
    let contact_email = fields::contact_email(form, old.room_type, rules)?;
    let capacity = fields::capacity(form)?;
    if state
        .room_named(names.external_id)
        .is_some_and(|other| other.id != old.id)
    {
        return Err(Refused::Code("ERR006"));
    }
    let text = |name, old: &Option<String>| kept(fields::text(form, name, rules), old, rules);
    Ok(Room {
        external_id: Some(names.external_id.to_owned()),
        name: names.name.to_owned(),
        capacity: kept(capacity, &old.capacity, rules),
        address: text("address", &old.address),
        telephone: text("telephone", &old.telephone),
        postal_code: text("postalCode", &old.postal_code),
        city: text("city", &old.city),
        province: text("province", &old.province),
        observations: text("observations", &old.observations),
        contact_email: kept(contact_email, &old.contact_email, rules),
        ..old.clone()
    })
}

fn kept<T: Clone>(sent: Option<Option<T>>, old: &Option<T>, rules: &Assumptions) -> Option<T> {
    match (sent, rules.put_absent) {
        (Some(value), _) => value,
        (None, PutAbsent::Cleared) => None,
        (None, PutAbsent::Kept) => old.clone(),
    }
}
