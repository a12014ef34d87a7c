use serde::{Deserialize, Serialize};

/// The true state of a Netex room, more than the vendor ever shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Room {
    /// Numeric id; 0 means "the next one" to [`crate::Sandbox::put_room`].
    pub id: u64,
    /// Absent only on rooms older than the API.
    pub external_id: Option<String>,
    pub name: String,
    /// Written on create, never shown by the vendor.
    pub room_type: RoomType,
    pub capacity: Option<i32>,
    pub address: Option<String>,
    pub telephone: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub observations: Option<String>,
    /// Only on external rooms, never shown by the vendor.
    pub contact_email: Option<String>,
    /// Set by the status call, never shown by the vendor.
    pub active: bool,
    /// A reserved room cannot be deleted: ROO004.
    pub reserved: bool,
    /// Raising the capacity fails to move the waiting list: ROO005.
    pub waiting_list_blocked: bool,
    /// Counts the writes that reached this room, from 1; kept by the sandbox.
    pub version: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoomType {
    #[default]
    PhysicalRoom,
    ExternalPhysicalRoom,
}

impl Room {
    /// An active `PHYSICAL_ROOM` with nothing but its names.
    pub fn new(id: u64, external_id: &str, name: &str) -> Self {
        Self {
            id,
            external_id: Some(external_id.to_owned()),
            name: name.to_owned(),
            active: true,
            ..Self::default()
        }
    }
}
