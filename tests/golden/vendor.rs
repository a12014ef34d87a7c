//! Vendors that play the pairs of a file in their order and remember what they were asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};
use proxy::phases::Phases;
use proxy::upstream::{
    Attempt, CallCredential, Failure, FailureKind, Upstream, VendorAnswer, VendorRequest,
};
use tokio::time::Instant;
use url::Url;

use crate::exchange::{Message, Reaction};

/// What all vendors of one exchange share.
pub struct Script {
    reactions: Vec<Reaction>,
    seen: Mutex<Vec<Message>>,
}

impl Script {
    pub fn new(reactions: Vec<Reaction>) -> Arc<Self> {
        Arc::new(Self {
            reactions,
            seen: Mutex::default(),
        })
    }

    /// Every call so far, in order.
    pub fn seen(&self) -> Vec<Message> {
        self.seen.lock().unwrap().clone()
    }
}

/// One vendor, by its name in the contract.
pub struct Scripted {
    name: &'static str,
    base_url: Url,
    script: Arc<Script>,
}

impl Scripted {
    pub fn new(name: &'static str, script: &Arc<Script>) -> Self {
        Self {
            name,
            base_url: Url::parse(&format!("https://{name}.example/")).unwrap(),
            script: Arc::clone(script),
        }
    }
}

#[async_trait]
impl Upstream for Scripted {
    async fn call(&self, request: &VendorRequest, _deadline: Instant, _: &Phases) -> Attempt {
        let call = Message {
            start: format!(
                "{} {} {}",
                self.name, request.method, request.path_and_query
            ),
            headers: fields(&request.headers),
            body: request.body.to_vec(),
        };
        let mut seen = self.script.seen.lock().unwrap();
        seen.push(call);
        let reaction = self.script.reactions.get(seen.len() - 1);
        reaction.map_or_else(
            || {
                Attempt::NotSent(Failure::new(
                    FailureKind::Connect,
                    "the file has no such call",
                ))
            },
            attempt,
        )
    }

    fn base_url(&self) -> &Url {
        &self.base_url
    }

    fn identity(&self) -> [u8; 32] {
        [0; 32]
    }

    fn fixed_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &[]
    }

    fn sends_traceparent(&self) -> bool {
        false
    }
}

/// Header fields, sorted by name.
pub fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut fields: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect();
    fields.sort();
    fields
}

fn attempt(reaction: &Reaction) -> Attempt {
    let failure = |kind: &str| {
        let kind = match kind {
            "timeout" => FailureKind::Timeout,
            "connect" => FailureKind::Connect,
            _ => FailureKind::Closed,
        };
        Failure::new(kind, "as the file says")
    };
    match reaction {
        Reaction::Answer(message) => Attempt::Answered(answer(message, None)),
        Reaction::Cut(message) => {
            let cut = Failure::new(FailureKind::Cut, "as the file says");
            Attempt::Answered(answer(message, Some(cut)))
        }
        Reaction::Lost(kind) => Attempt::ResponseLost(failure(kind)),
        Reaction::NotSent(kind) => Attempt::NotSent(failure(kind)),
    }
}

fn answer(message: &Message, cut: Option<Failure>) -> VendorAnswer {
    let headers = message.headers.iter().map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    VendorAnswer {
        status: message.start.parse().unwrap(),
        headers: headers.collect(),
        body: message.body.clone().into(),
        cut,
        credential: CallCredential::default(),
    }
}
