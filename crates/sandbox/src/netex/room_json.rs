use serde_json::{Map, Value, json};

use crate::assumptions::{AbsentFields, Assumptions, RoomIdForm, WriteAnswer};
use crate::room::Room;
use crate::server::answer::Answer;

/// A room as the vendor shows it: the fields of the page and no other, so neither `type` nor
/// `contactEmail` nor the status.
pub(crate) fn shown(room: &Room, rules: &Assumptions) -> Value {
    let id = match rules.room_id {
        RoomIdForm::Number => Value::from(room.id),
        RoomIdForm::String => Value::from(room.id.to_string()),
    };
    let fields = [
        ("id", id),
        ("external_id", json!(room.external_id)),
        ("name", json!(room.name)),
        ("capacity", json!(room.capacity)),
        ("address", json!(room.address)),
        ("telephone", json!(room.telephone)),
        ("postalCode", json!(room.postal_code)),
        ("city", json!(room.city)),
        ("province", json!(room.province)),
        ("observations", json!(room.observations)),
    ];
    let shown: Map<String, Value> = fields
        .into_iter()
        .filter(|(_, value)| rules.absent_fields == AbsentFields::Null || !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Value::Object(shown)
}

/// The "200 (OK) + JSON" of status and delete; the page names no field.
pub(crate) fn acknowledged(form: WriteAnswer) -> Answer {
    match form {
        WriteAnswer::Json => Answer::json(200, &json!({"status": "OK"})),
        WriteAnswer::Empty => Answer::new(200),
    }
}
