use std::collections::VecDeque;

use serde::Serialize;

/// Whose API a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    Netex,
    Ispring,
}

impl Vendor {
    pub(crate) fn of(operation: &str) -> Self {
        if operation.starts_with("netex.") {
            Self::Netex
        } else {
            Self::Ispring
        }
    }
}

/// One request that the sandbox saw, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Position among all requests since the start, from 1; never reused, not even after a clear.
    pub sequence: u64,
    /// Which connection carried it, counted over both vendors: equal numbers mean reuse.
    pub connection: u64,
    pub vendor: Vendor,
    /// One of [`crate::OPERATIONS`].
    pub operation: &'static str,
    pub method: String,
    /// The request target as it came.
    pub target: String,
    /// The path after the vendor's own decoding; `None` where it was refused.
    pub resolved: Option<String>,
    /// The path addressed something else than its text says: a `..`, a `;…`, an empty segment or an
    /// encoded slash took effect. An attack that got through.
    pub escaped: bool,
    /// Names as they came, values with bad UTF-8 replaced.
    pub headers: Vec<(String, String)>,
    #[serde(serialize_with = "text_or_hex")]
    pub body: Vec<u8>,
    /// Status of the answer, set when its first byte leaves; `None` before, and for ever where the
    /// answer was cut or never sent.
    pub status: Option<u16>,
    /// A write took effect, whole or in part.
    pub applied: bool,
    /// Name of the fault that hit it.
    pub fault: Option<&'static str>,
}

impl Recorded {
    /// First value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn text_or_hex<S: serde::Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(body) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => {
            let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
            serializer.serialize_str(&format!("hex:{hex}"))
        }
    }
}

/// The requests in the order in which they came, at most `limit` of them.
#[derive(Debug)]
pub(crate) struct Ledger {
    entries: VecDeque<Recorded>,
    limit: usize,
    next: u64,
    forgotten: u64,
}

impl Ledger {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            limit,
            next: 1,
            forgotten: 0,
        }
    }

    /// Stores a request and returns its sequence number.
    pub(crate) fn open(&mut self, mut entry: Recorded) -> u64 {
        let sequence = self.next;
        self.next += 1;
        entry.sequence = sequence;
        self.entries.push_back(entry);
        while self.entries.len() > self.limit {
            self.entries.pop_front();
            self.forgotten += 1;
        }
        sequence
    }

    /// The entry of that number, unless it was cleared or forgotten.
    pub(crate) fn entry(&mut self, sequence: u64) -> Option<&mut Recorded> {
        let first = self.entries.front()?.sequence;
        let index = usize::try_from(sequence.checked_sub(first)?).ok()?;
        self.entries.get_mut(index)
    }

    pub(crate) fn entries(&self) -> Vec<Recorded> {
        self.entries.iter().cloned().collect()
    }

    /// How many requests the limit pushed out.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.forgotten = 0;
    }
}
