use crate::assumptions::{Assumptions, LocationForm};
use crate::handled::Handled;
use crate::netex::fields::{self, Names, Refused};
use crate::netex::route::ROOMS;
use crate::room::{Room, RoomType};
use crate::server::answer::Answer;
use crate::server::form::Form;
use crate::state::{State, Subject};

/// `POST …/physicalrooms`: 201 and `Location`, or the first validation that fails in the order of
/// the page: ERR001, ROO001, ROO003, ERR006.
pub(crate) fn create(
    form: &Form,
    state: &mut State,
    rules: &Assumptions,
    host: Option<&str>,
) -> Handled {
    match read(form, state, rules) {
        Ok(room) => {
            let room = state.write_room(room);
            Handled {
                answer: created(&room, rules, host),
                subject: Some(Subject::Room(room)),
            }
        }
        Err(refused) => refused.answer(rules).into(),
    }
}

fn read(form: &Form, state: &State, rules: &Assumptions) -> Result<Room, Refused> {
    let names = Names::of(form, rules)?;
    let room_type = match form.filled("type") {
        None => return Err(Refused::Code("ERR001")),
        Some("PHYSICAL_ROOM") => RoomType::PhysicalRoom,
        Some("EXTERNAL_PHYSICAL_ROOM") => RoomType::ExternalPhysicalRoom,
        Some(_) => return Err(Refused::Code("ROO001")),
    };
    let contact_email = fields::contact_email(form, room_type, rules)?.flatten();
    let capacity = fields::capacity(form)?.flatten();
    if state.room_named(names.external_id).is_some() {
        return Err(Refused::Code("ERR006"));
    }
    let text = |name| fields::text(form, name, rules).flatten();
    Ok(Room {
        room_type,
        capacity,
        address: text("address"),
        telephone: text("telephone"),
        postal_code: text("postalCode"),
        city: text("city"),
        province: text("province"),
        observations: text("observations"),
        contact_email,
        ..Room::new(0, names.external_id, names.name)
    })
}

fn created(room: &Room, rules: &Assumptions, host: Option<&str>) -> Answer {
    let host = host.unwrap_or("localhost");
    let path = format!("{ROOMS}/id/{}", room.id);
    let answer = Answer::new(201);
    match rules.location {
        LocationForm::Absolute => answer.with("Location", &format!("http://{host}{path}")),
        LocationForm::Relative => answer.with("Location", &path),
        LocationForm::Missing => answer,
        LocationForm::OtherOrigin => {
            answer.with("Location", &format!("https://other-origin.example{path}"))
        }
        LocationForm::ByExternalId => {
            let name = room.external_id.as_deref().unwrap_or_default();
            let segment = segment(name);
            answer.with(
                "Location",
                &format!("http://{host}{ROOMS}/externalid/{segment}"),
            )
        }
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
