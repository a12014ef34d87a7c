//! What a member tells the others of a write.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::name::{MemberId, WriteId};

/// What a write may change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    All,
    /// Tags as they are written.
    Tags(Vec<Arc<str>>),
}

/// How far a write is. Times are lengths: the clocks of two machines have nothing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// It may be applied for so long from now on.
    Begin {
        keep: Duration,
    },
    Done,
    /// It may still be applied for so long.
    Unknown {
        hold: Duration,
    },
    NotDone,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Record {
    pub write: WriteId,
    /// Of the writer's contract: another one may give the same tags another meaning.
    pub digest: Arc<str>,
    pub scope: Scope,
    pub event: Event,
}

/// A record of somebody who speaks otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an entry of the journal cannot be read: {0}")]
pub struct Unreadable(String);

/// As it is written. Members that a later version adds are passed over.
#[derive(Serialize, Deserialize)]
struct Written {
    member: String,
    write: u64,
    contract: String,
    /// `None`: everything.
    tags: Option<Vec<String>>,
    event: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Begin,
    Done,
    Unknown,
    NotDone,
}

impl Record {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (event, time) = match self.event {
            Event::Begin { keep } => (Word::Begin, Some(keep)),
            Event::Done => (Word::Done, None),
            Event::Unknown { hold } => (Word::Unknown, Some(hold)),
            Event::NotDone => (Word::NotDone, None),
        };
        let written = Written {
            member: self.write.member.as_str().to_owned(),
            write: self.write.number,
            contract: self.digest.to_string(),
            tags: match &self.scope {
                Scope::All => None,
                Scope::Tags(tags) => Some(tags.iter().map(|tag| tag.to_string()).collect()),
            },
            event,
            // Rounded up: a hold may last longer than was meant, never shorter.
            ms: time.map(|time| {
                let whole = u64::try_from(time.as_millis()).unwrap_or(u64::MAX - 1);
                whole + 1
            }),
        };
        // Texts and numbers alone: that is written in any case.
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// # Errors
    /// It is none of ours, or of a later version that says something else.
    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        let written: Written =
            serde_json::from_slice(bytes).map_err(|error| Unreadable(error.to_string()))?;
        let time = written.ms.map(Duration::from_millis);
        let time = time.ok_or_else(|| Unreadable("`ms` is missing".to_owned()));
        Ok(Self {
            write: WriteId {
                member: MemberId::named(&written.member),
                number: written.write,
            },
            digest: written.contract.into(),
            scope: written.tags.map_or(Scope::All, |tags| {
                Scope::Tags(tags.into_iter().map(Arc::from).collect())
            }),
            event: match written.event {
                Word::Begin => Event::Begin { keep: time? },
                Word::Done => Event::Done,
                Word::Unknown => Event::Unknown { hold: time? },
                Word::NotDone => Event::NotDone,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_as_it_was_written() {
        let events = [
            Event::Begin {
                keep: Duration::from_millis(70_001),
            },
            Event::Done,
            Event::Unknown {
                hold: Duration::from_millis(60_001),
            },
            Event::NotDone,
        ];
        let scopes = [
            Scope::All,
            Scope::Tags(vec![]),
            Scope::Tags(vec!["room.list".into(), "room.id=\"é\u{0}".into()]),
        ];
        for event in events {
            for scope in &scopes {
                let record = Record {
                    write: WriteId {
                        member: MemberId::named("a"),
                        number: u64::MAX,
                    },
                    digest: "sha256:0".into(),
                    scope: scope.clone(),
                    event,
                };
                let read = Record::decode(&record.encode()).unwrap();
                assert_eq!(read.scope, record.scope);
                assert_eq!((read.write, read.digest), (record.write, record.digest));
                match (event, read.event) {
                    (Event::Begin { keep: time }, Event::Begin { keep: read })
                    | (Event::Unknown { hold: time }, Event::Unknown { hold: read }) => {
                        assert!(read >= time && read <= time + Duration::from_millis(1));
                    }
                    (event, read) => assert_eq!(event, read),
                }
            }
        }
    }

    #[test]
    fn what_a_later_version_adds_is_passed_over_and_what_is_none_is_refused() {
        let good =
            br#"{"member":"a","write":1,"contract":"c","tags":null,"event":"done","more":{"x":1}}"#;
        assert_eq!(Record::decode(good).unwrap().scope, Scope::All);
        for bad in [
            &b""[..],
            b"null",
            b"\xff",
            br#"{"member":"a","write":1,"contract":"c","tags":null,"event":"half-done"}"#,
            br#"{"member":"a","write":1,"contract":"c","tags":null,"event":"begin"}"#,
        ] {
            assert!(Record::decode(bad).is_err());
        }
    }
}
