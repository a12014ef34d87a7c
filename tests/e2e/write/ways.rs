//! Every way to write through the gateway, and how to tell from the vendor's true state whether it
//! happened.

use sandbox::{Day, Room, RoomType};
use serde_json::json;

use crate::support::Answer;
use crate::support::lab::Lab;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Write {
    Create,
    UpsertCreate,
    Replace,
    ReplaceRename,
    ReplaceEmail,
    Upsert,
    UpsertRename,
    Status,
    StatusByName,
    Delete,
    DeleteByName,
    Link,
}

/// One write, to a room or day that no other write touches.
#[derive(Clone, Debug)]
pub struct Case {
    pub write: Write,
    /// The external id before, or the id of the day.
    pub name: String,
    /// 0 where the room is to be created.
    id: u64,
}

/// What the caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Done,
    NotDone,
    Unknown,
}

impl Word {
    /// The word of an answer to a write; anything but the three is a defect.
    pub fn of(answer: &Answer) -> Self {
        if (200..300).contains(&answer.status) {
            return Self::Done;
        }
        answer.problem();
        match answer.json()["outcome"].as_str() {
            Some("not-done") => Self::NotDone,
            Some("unknown") => Self::Unknown,
            other => panic!("outcome {other:?}: {answer:?}"),
        }
    }

    pub fn letter(self) -> char {
        match self {
            Self::Done => 'D',
            Self::NotDone => 'N',
            Self::Unknown => 'U',
        }
    }
}

const NAME: &str = "Aula nueva";
const URL: &str = "https://meet.example/nueva";

impl Case {
    /// Puts what the write needs into the vendor's state.
    pub fn prepare(lab: &Lab, write: Write, name: &str) -> Self {
        let mut id = 0;
        match write {
            Write::Create | Write::UpsertCreate => {}
            Write::Link => {
                lab.sandbox.put_day(Day {
                    day_id: name.to_owned(),
                    session_id: "1f6a2d0e-c96a-11ed-8b3c-b6c48b3dc692".to_owned(),
                    training_id: "0c1b7a52-c96a-11ed-a1f0-b6c48b3dc692".to_owned(),
                    start_time: "2026-11-25T10:00:00+01:00".to_owned(),
                    url: Some("https://meet.example/antiga".to_owned()),
                    ..Day::default()
                });
            }
            _ => {
                let mut room = Room::new(0, name, "Aula antigua");
                room.capacity = Some(5);
                room.city = Some("Lugo".to_owned());
                if write == Write::ReplaceEmail {
                    room.room_type = RoomType::ExternalPhysicalRoom;
                }
                id = lab.sandbox.put_room(room).id;
            }
        }
        Self {
            write,
            name: name.to_owned(),
            id,
        }
    }

    /// The external id afterwards.
    fn new_name(&self) -> String {
        match self.write {
            Write::ReplaceRename | Write::UpsertRename => format!("{}-neu", self.name),
            _ => self.name.clone(),
        }
    }

    pub fn method(&self) -> &'static str {
        match self.write {
            Write::Create => "POST",
            Write::Delete | Write::DeleteByName => "DELETE",
            Write::Link => "PATCH",
            _ => "PUT",
        }
    }

    pub fn target(&self) -> String {
        let (id, name) = (self.id, &self.name);
        match self.write {
            Write::Create => "/v1/rooms".to_owned(),
            Write::UpsertCreate | Write::Upsert | Write::UpsertRename | Write::DeleteByName => {
                format!("/v1/rooms/by-external-id/{name}")
            }
            Write::Replace | Write::ReplaceRename | Write::ReplaceEmail | Write::Delete => {
                format!("/v1/rooms/{id}")
            }
            Write::Status => format!("/v1/rooms/{id}/status"),
            Write::StatusByName => format!("/v1/rooms/by-external-id/{name}/status"),
            Write::Link => format!("/v1/training-days/{name}"),
        }
    }

    pub fn body(&self) -> String {
        let name = self.new_name();
        match self.write {
            Write::Create => json!({"type": "PHYSICAL_ROOM", "external_id": name, "name": NAME, "capacity": 9, "observations": ""}),
            Write::UpsertCreate => json!({"type": "EXTERNAL_PHYSICAL_ROOM", "name": NAME, "capacity": 9, "contact_email": "a@b.es"}),
            Write::Upsert => json!({"name": NAME, "capacity": 9, "city": "Coruña"}),
            Write::Replace | Write::ReplaceRename | Write::UpsertRename => json!({"external_id": name, "name": NAME, "capacity": 9}),
            Write::ReplaceEmail => json!({"external_id": name, "name": NAME, "contact_email": "a@b.es"}),
            Write::Status | Write::StatusByName => json!({"status": "inactive"}),
            Write::Link => json!({"url": URL}),
            Write::Delete | Write::DeleteByName => return String::new(),
        }
        .to_string()
    }

    pub fn send(&self, lab: &Lab) -> Answer {
        let body = self.body();
        let headers: &[(&str, &str)] = match body.is_empty() {
            true => &[],
            false => &[("Content-Type", "application/json")],
        };
        lab.gateway
            .request(self.method(), &self.target(), headers, body.as_bytes())
    }

    /// Whether the vendor's state is what the write asks for.
    pub fn is_applied(&self, lab: &Lab) -> bool {
        let is_new = |room: &Room| {
            room.name == NAME && room.external_id.as_deref() == Some(&self.new_name())
        };
        match self.write {
            Write::Create | Write::UpsertCreate => lab
                .sandbox
                .room_named(&self.name)
                .is_some_and(|room| is_new(&room) && room.capacity == Some(9)),
            Write::Delete | Write::DeleteByName => lab.sandbox.room(self.id).is_none(),
            Write::Link => lab
                .sandbox
                .day(&self.name)
                .is_some_and(|day| day.url.as_deref() == Some(URL)),
            Write::Status | Write::StatusByName => {
                lab.sandbox.room(self.id).is_some_and(|room| !room.active)
            }
            Write::ReplaceEmail => lab.sandbox.room(self.id).is_some_and(|room| {
                is_new(&room) && room.contact_email.as_deref() == Some("a@b.es")
            }),
            _ => lab.sandbox.room(self.id).is_some_and(|room| is_new(&room)),
        }
    }

    /// Whether the vendor's state is as before the write.
    pub fn is_untouched(&self, lab: &Lab) -> bool {
        match self.write {
            Write::Create | Write::UpsertCreate => lab.sandbox.room_named(&self.name).is_none(),
            Write::Link => lab
                .sandbox
                .day(&self.name)
                .is_some_and(|day| day.version == 1),
            _ => lab
                .sandbox
                .room(self.id)
                .is_some_and(|room| room.version == 1),
        }
    }

    /// How often the vendor saw this write. (An upsert that creates is told before that there is
    /// nothing to update; only its create counts.)
    pub fn vendor_writes(&self, lab: &Lab) -> usize {
        let operation = match self.write {
            Write::Create | Write::UpsertCreate => "netex.create",
            Write::Status | Write::StatusByName => "netex.status",
            Write::Delete | Write::DeleteByName => "netex.delete",
            Write::Link => "ispring.update_day",
            _ => "netex.replace",
        };
        let by_id = format!("/id/{}", self.id);
        let mut calls = lab.calls(operation);
        calls.retain(|seen| {
            let body = String::from_utf8_lossy(&seen.body);
            let path = seen.target.trim_end_matches("/status");
            path.ends_with(&by_id)
                || path.ends_with(&format!("/{}", self.name))
                || body.contains(&format!("external_id={}&", self.name))
        });
        calls.len()
    }
}
