//! An engine before scripted vendors, and callers who note when they were answered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use http::request::Parts;
use proxy::engine::{BodyError, BodySource, Engine, Runtime};
use proxy::metrics::Metrics;
use proxy::settings::Settings;
use proxy::upstream::Upstream;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::vendor::{Scripted, Step};

pub const CONTRACT: &str = include_str!("../../config/contract.yaml");
const SETTINGS: &str = "
deadline: 10s
upstreams:
  netex: {base_url: 'https://vendor.example', auth: {kind: none}}
  ispring: {base_url: 'https://vendor.example', auth: {kind: none}}
";

/// One room as the vendor shows it.
pub const ROOM: &str = r#"{"id": 2145, "external_id": "pr001", "name": "Sala 1"}"#;
/// The vendor's word that there is none.
pub const ABSENT: &str = r#"{"code": "ERR005"}"#;

pub struct Stage {
    engine: Arc<Engine>,
    vendor: Arc<Scripted>,
    start: Instant,
}

impl Stage {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with("", steps)
    }

    /// Under another contract than the shipped one.
    pub fn under(contract: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        Self::built(contract, "", steps)
    }

    /// With these settings beside the ones that every stage has.
    pub fn with(settings: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        Self::built(CONTRACT, settings, steps)
    }

    fn built(contract: &str, settings: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        let start = Instant::now();
        let vendor = Arc::new(Scripted::new(start, steps));
        let upstreams = ["netex", "ispring"].map(|name| {
            let upstream: Arc<dyn Upstream> = vendor.clone();
            (name.to_owned(), upstream)
        });
        let plan = contract::compile(contract).unwrap();
        let settings = Settings::parse(&format!("{SETTINGS}{settings}"), Path::new("")).unwrap();
        let runtime = Runtime::new(plan, settings, BTreeMap::from(upstreams), Vec::new()).unwrap();
        Self {
            engine: Arc::new(Engine::new(runtime, Arc::new(Metrics::new().unwrap()))),
            vendor,
            start,
        }
    }

    pub async fn send(&self, ask: Ask) -> Answer {
        self.start(ask).await.unwrap()
    }

    /// The request in a task of its own, which has begun when this returns.
    pub fn start(&self, ask: Ask) -> JoinHandle<Answer> {
        tokio::spawn(answered(self.engine.clone(), self.start, ask))
    }

    /// How many milliseconds each phase of all requests took together, those that happened, and their whole.
    pub fn phases(&self) -> (BTreeMap<String, u64>, u64) {
        let text = String::from_utf8(self.engine.metrics_text()).unwrap();
        let (mut phases, mut whole) = (BTreeMap::new(), 0);
        for line in text.lines() {
            let Some((series, seconds)) = line.rsplit_once(' ') else {
                continue;
            };
            let ms = || (seconds.parse::<f64>().unwrap() * 1e3).round() as u64;
            if series.starts_with("lms_gateway_request_duration_seconds_sum") {
                whole += ms();
            } else if series.starts_with("lms_gateway_request_phase_seconds_sum") && ms() > 0 {
                let phase = series.split('"').nth(1).unwrap();
                *phases.entry(phase.to_owned()).or_default() += ms();
            }
        }
        (phases, whole)
    }

    /// Waits until so many milliseconds have passed since the beginning.
    pub async fn until(&self, ms: u64) {
        tokio::time::sleep_until(self.start + Duration::from_millis(ms)).await;
    }

    /// Every request under way is answered as it stands.
    pub fn leave(&self) {
        self.engine.shut_down();
    }

    /// What the vendor was asked, and when.
    pub fn calls(&self) -> Vec<String> {
        let calls = self.vendor.calls();
        calls.iter().map(ToString::to_string).collect()
    }

    /// Until when each call may last.
    pub fn deadlines(&self) -> Vec<u64> {
        let calls = self.vendor.calls();
        calls.iter().map(|call| call.until).collect()
    }
}

/// What an engine answers, with the time since `start`.
pub async fn answered(engine: Arc<Engine>, start: Instant, ask: Ask) -> Answer {
    let Ask { head, mut body } = ask;
    let body = &mut *body;
    let response = engine.handle(&head, body).await;
    let (parts, body) = response.into_parts();
    Answer {
        at: millis(start),
        status: parts.status.as_u16(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        headers: parts.headers,
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.vendor.left(), 0, "steps that nobody asked for");
        }
    }
}

fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap()
}

/// A request.
pub struct Ask {
    head: Parts,
    body: Box<dyn BodySource>,
}

impl Ask {
    pub fn new(method: &str, target: &str, body: &str) -> Self {
        let request = Request::builder().method(method).uri(target);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let ask = Self {
            head,
            body: Box::new(Whole(Some(body.to_owned().into()))),
        };
        ask.header("host", "gateway.example")
            .header("content-type", "application/json")
    }

    /// The body comes so many milliseconds later, or breaks off then.
    pub fn slowly(mut self, ms: u64, breaks: bool) -> Self {
        self.body = Box::new(Slow {
            wait: Duration::from_millis(ms),
            body: self.body,
            breaks,
        });
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.head.headers.insert(name, value.parse().unwrap());
        self
    }
}

pub fn get(target: &str) -> Ask {
    let mut ask = Ask::new("GET", target, "");
    ask.head.headers.remove("content-type");
    ask
}

pub fn delete(target: &str) -> Ask {
    let mut ask = Ask::new("DELETE", target, "");
    ask.head.headers.remove("content-type");
    ask
}

/// A create of the room that [`ROOM`] shows.
pub fn create() -> Ask {
    let body = r#"{"type": "PHYSICAL_ROOM", "external_id": "pr001", "name": "Sala 1"}"#;
    Ask::new("POST", "/v1/rooms", body)
}

/// A replacement of a room by what [`ROOM`] shows.
pub fn replace() -> Ask {
    let body = r#"{"external_id": "pr001", "name": "Sala 1"}"#;
    Ask::new("PUT", "/v1/rooms/2145", body)
}

pub struct Answer {
    /// Milliseconds since the beginning.
    pub at: u64,
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// When it came, its status, and what it says of a write.
    pub fn brief(&self) -> (u64, u16, &str) {
        let outcome = self.body["outcome"].as_str();
        (self.at, self.status, outcome.unwrap_or_default())
    }
}

/// A body that comes at once.
struct Whole(Option<Bytes>);

#[async_trait]
impl BodySource for Whole {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        Ok(self.0.take().filter(|bytes| !bytes.is_empty()))
    }
}

/// A body of a caller who takes time, and may leave.
struct Slow {
    wait: Duration,
    body: Box<dyn BodySource>,
    breaks: bool,
}

#[async_trait]
impl BodySource for Slow {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        tokio::time::sleep(std::mem::take(&mut self.wait)).await;
        if self.breaks {
            return Err(BodyError::Broken("as the script says".to_owned()));
        }
        self.body.chunk().await
    }
}
