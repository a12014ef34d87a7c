//! A vendor of one room, which knows what is true: every write gives the room another name.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue, Method};
use proxy::phases::Phases;
use proxy::upstream::{
    AnswerFields, Attempt, CallCredential, Failure, FailureKind, SendState, Upstream, VendorAnswer,
    VendorRequest,
};
use tokio::time::{Instant, sleep, sleep_until};
use url::Url;

/// What becomes of a write.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    Done,
    /// The vendor refuses it.
    Refused,
    /// Its answer is lost; it is applied so much later.
    LostThenApplied(Duration),
    /// Its answer is lost, and nothing comes of it.
    Lost,
}

pub struct Rooms {
    base_url: Url,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    version: u64,
    /// How long calls take. What a read shows is what was true when it came; a write is applied then.
    read: Duration,
    write: Duration,
    fates: VecDeque<Fate>,
    /// The vendor fails all reads.
    fails: bool,
    reads: usize,
    writes: usize,
    most_reads_at_once: usize,
    reading: usize,
}

impl Rooms {
    pub fn new() -> Arc<Self> {
        Self::at("https://vendor.example/")
    }

    /// Another account's place. It is another vendor, so it has a room of its own.
    pub fn at(base_url: &str) -> Arc<Self> {
        Arc::new(Self {
            base_url: Url::parse(base_url).unwrap(),
            state: Arc::default(),
        })
    }

    /// The same vendor under another base URL.
    pub fn also_at(&self, base_url: &str) -> Arc<Self> {
        Arc::new(Self {
            base_url: Url::parse(base_url).unwrap(),
            state: self.state.clone(),
        })
    }

    pub fn takes(&self, read: u64, write: u64) {
        let mut state = self.state.lock().unwrap();
        state.read = Duration::from_millis(read);
        state.write = Duration::from_millis(write);
    }

    pub fn next_write(&self, fate: Fate) {
        self.state.lock().unwrap().fates.push_back(fate);
    }

    pub fn fail(&self, fails: bool) {
        self.state.lock().unwrap().fails = fails;
    }

    /// The room's name now.
    pub fn name(&self) -> String {
        name(self.state.lock().unwrap().version)
    }

    pub fn reads(&self) -> usize {
        self.state.lock().unwrap().reads
    }

    pub fn writes(&self) -> usize {
        self.state.lock().unwrap().writes
    }

    pub fn most_reads_at_once(&self) -> usize {
        self.state.lock().unwrap().most_reads_at_once
    }

    async fn read(&self, deadline: Instant) -> Attempt {
        let (version, takes, fails) = {
            let mut state = self.state.lock().unwrap();
            state.reads += 1;
            state.reading += 1;
            state.most_reads_at_once = state.most_reads_at_once.max(state.reading);
            (state.version, state.read, state.fails)
        };
        sleep_until(deadline.min(Instant::now() + takes)).await;
        self.state.lock().unwrap().reading -= 1;
        if fails {
            return answer(503, "");
        }
        let name = name(version);
        let body = format!(r#"{{"id": 2145, "external_id": "pr001", "name": "{name}"}}"#);
        answer(200, &body)
    }

    async fn write(&self, deadline: Instant) -> Attempt {
        let (fate, takes) = {
            let mut state = self.state.lock().unwrap();
            state.writes += 1;
            let fate = state.fates.pop_front().unwrap_or(Fate::Done);
            if matches!(fate, Fate::Done) {
                state.version += 1;
            }
            (fate, state.write)
        };
        let end = Instant::now() + takes;
        sleep_until(end.min(deadline)).await;
        if end > deadline {
            return lost();
        }
        match fate {
            Fate::Done => answer(200, ""),
            Fate::Refused => answer(400, r#"{"code": "ROO003"}"#),
            Fate::Lost => lost(),
            Fate::LostThenApplied(later) => {
                let state = self.state.clone();
                tokio::spawn(async move {
                    sleep(later).await;
                    state.lock().unwrap().version += 1;
                });
                lost()
            }
        }
    }
}

fn name(version: u64) -> String {
    format!("Sala {version}")
}

fn lost() -> Attempt {
    Attempt::ResponseLost(Failure::new(FailureKind::Closed, "as the test says"))
}

fn answer(status: u16, body: &str) -> Attempt {
    let mut headers = AnswerFields::default();
    let json = HeaderValue::from_static("application/json");
    headers.insert(http::header::CONTENT_TYPE, json);
    Attempt::Answered(VendorAnswer {
        status,
        headers,
        body: body.to_owned().into(),
        cut: None,
        credential: CallCredential::default(),
    })
}

#[async_trait]
impl Upstream for Rooms {
    async fn call(&self, request: &VendorRequest, deadline: Instant, _: &Phases) -> Attempt {
        if request.method == Method::GET {
            return self.read(deadline).await;
        }
        request.sent.iter().for_each(SendState::begin_send);
        self.write(deadline).await
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
