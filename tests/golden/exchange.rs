//! What a file says.

/// A message: its first line, header fields in the order of the file, and the bytes of its body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Behind the mark: `GET /v1/rooms`, `netex GET /admin/…`, `200`.
    pub start: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        let found = fields.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What a vendor does with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    Answer(Message),
    /// The head and a part of the body came, then nothing.
    Cut(Message),
    /// The call left, and no answer came: `closed` or `timeout`.
    Lost(String),
    /// Nothing left: `connect` or `timeout`.
    NotSent(String),
}

/// One vendor call and the reaction to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub call: Message,
    pub reaction: Reaction,
    /// The reaction as the file has it.
    pub reaction_text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Comment and request as the file has them.
    pub opening: String,
    pub request: Message,
    /// Empty: the file says `no vendor call`.
    pub pairs: Vec<Pair>,
    pub answer: Message,
}
