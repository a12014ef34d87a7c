//! Whole requests through an engine whose vendor panics.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::engine::answer::problem;
use crate::engine::{BodyError, BodySource, Engine, Runtime};
use crate::metrics::Metrics;
use crate::phases::Phases;
use crate::settings::Settings;
use crate::upstream::{AnswerFields, Attempt, Upstream, VendorAnswer, VendorRequest};

const CONTRACT: &str = include_str!("../../../../../config/contract.yaml");
const SETTINGS: &str = "upstreams:
  netex: {base_url: 'http://127.0.0.1:1', auth: {kind: none}}
  ispring: {base_url: 'http://127.0.0.1:1', auth: {kind: none}}
";

/// What the vendor does with a call.
enum Does {
    PanicBefore,
    PanicAfter,
    Answer(u16, Value),
}

struct Vendor {
    base_url: url::Url,
    script: Mutex<VecDeque<Does>>,
    seen: Mutex<Vec<String>>,
}

#[async_trait]
impl Upstream for Vendor {
    async fn call(&self, request: &VendorRequest, _: Instant, _: &Phases) -> Attempt {
        self.seen.lock().unwrap().push(request.method.to_string());
        let next = self.script.lock().unwrap().pop_front();
        match next.expect("the script is at its end") {
            Does::PanicBefore => panic!("on purpose"),
            Does::PanicAfter => {
                request.sent.as_ref().expect("of a write").begin_send();
                // As a transport does, which waits for the answer.
                tokio::task::yield_now().await;
                panic!("on purpose")
            }
            Does::Answer(status, body) => {
                let mut headers = AnswerFields::default();
                headers.push(b"content-type", b"application/json");
                headers.push(b"location", b"/physicalrooms/id/7");
                Attempt::Answered(VendorAnswer {
                    status,
                    headers,
                    body: Bytes::from(body.to_string()),
                    cut: None,
                    credential: Default::default(),
                })
            }
        }
    }

    fn base_url(&self) -> &url::Url {
        &self.base_url
    }

    fn identity(&self) -> [u8; 32] {
        [0; 32]
    }

    fn fixed_headers(&self) -> &[(http::HeaderName, http::HeaderValue)] {
        &[]
    }

    fn sends_traceparent(&self) -> bool {
        false
    }
}

struct Lab {
    engine: Engine,
    vendor: Arc<Vendor>,
    metrics: Arc<Metrics>,
}

impl Lab {
    fn new(script: impl IntoIterator<Item = Does>) -> Self {
        let vendor = Arc::new(Vendor {
            base_url: "http://127.0.0.1:1".parse().unwrap(),
            script: Mutex::new(script.into_iter().collect()),
            seen: Mutex::default(),
        });
        let upstreams: BTreeMap<String, Arc<dyn Upstream>> = ["netex", "ispring"]
            .into_iter()
            .map(|name| (name.to_owned(), vendor.clone() as Arc<dyn Upstream>))
            .collect();
        let plan = contract::compile(CONTRACT).unwrap();
        let settings = Settings::parse(SETTINGS, Path::new("")).unwrap();
        let metrics = Arc::new(Metrics::new().unwrap());
        let Ok(runtime) = Runtime::new(plan, settings, upstreams, Vec::new()) else {
            panic!("the runtime lacks a vendor");
        };
        Self {
            engine: Engine::new(runtime, metrics.clone()),
            vendor,
            metrics,
        }
    }

    async fn send(&self, method: &str, target: &str, body: &str) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "gateway")
            .header("content-type", "application/json")
            .header("idempotency-key", "key");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let mut body = Whole(Some(Bytes::from(body.to_owned())));
        self.engine.handle(&head, &mut body).await
    }

    async fn create(&self) -> Response<Bytes> {
        let room = r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"Aula"}"#;
        self.send("POST", "/v1/rooms", room).await
    }

    fn seen(&self) -> Vec<String> {
        self.vendor.seen.lock().unwrap().clone()
    }

    fn counted(&self, series: &str) -> bool {
        let text = String::from_utf8(self.metrics.text()).unwrap();
        text.lines().any(|line| line == format!("{series} 1"))
    }
}

struct Whole(Option<Bytes>);

#[async_trait]
impl BodySource for Whole {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        Ok(self.0.take())
    }
}

fn problem(response: &Response<Bytes>) -> (u16, Value) {
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body)
}

fn room() -> Value {
    json!({"id": 7, "external_id": "a", "name": "Aula"})
}

#[tokio::test]
async fn a_panic_before_a_byte_left_is_an_answer_and_leaves_the_key_free() {
    let lab = Lab::new([Does::PanicBefore, Does::Answer(201, json!({}))]);
    let (status, body) = problem(&lab.create().await);
    assert_eq!((status, &body["code"]), (500, &json!("internal-error")));
    assert_eq!(body["outcome"], "not-done", "{body}");
    assert!(lab.counted(
        r#"lms_gateway_requests_total{code="internal-error",operation="createRoom",status="500"}"#
    ));
    assert!(lab.counted(r#"lms_gateway_writes_total{operation="createRoom",outcome="not-done"}"#));
    let again = lab.create().await;
    assert_eq!(again.status(), 201, "{again:?}");
    assert_eq!(lab.seen(), ["POST", "POST"], "nothing to look for");
}

#[tokio::test]
async fn a_panic_after_a_byte_left_is_an_unknown_write() {
    let absent = || Does::Answer(404, json!({"code": "ERR005"}));
    let list = || Does::Answer(200, json!([room()]));
    let lab = Lab::new([
        list(),
        Does::PanicAfter,
        list(),
        list(),
        absent(),
        Does::Answer(201, json!({})),
    ]);
    let read = async || lab.send("GET", "/v1/rooms", "").await;
    assert_eq!(read().await.status(), 200);
    assert_eq!(read().await.status(), 200);
    assert_eq!(lab.seen(), ["GET"], "cached");
    let response = lab.create().await;
    assert_eq!(response.headers()["connection"], "close");
    let (status, body) = problem(&response);
    assert_eq!((status, &body["code"]), (500, &json!("internal-error")));
    assert_eq!(body["outcome"], "unknown", "{body}");
    assert!(lab.counted(r#"lms_gateway_writes_total{operation="createRoom",outcome="unknown"}"#));
    // What it may have changed is not kept.
    assert_eq!(read().await.status(), 200);
    assert_eq!(read().await.status(), 200);
    assert_eq!(lab.seen(), ["GET", "POST", "GET", "GET"]);
    // A repetition looks first.
    assert_eq!(lab.create().await.status(), 201);
    assert_eq!(lab.seen()[4..], ["GET", "POST"]);
}

#[tokio::test]
async fn a_panic_in_a_shared_call_is_an_answer_and_the_next_call_flies() {
    let lab = Lab::new([Does::PanicBefore, Does::Answer(200, room())]);
    let read = async || lab.send("GET", "/v1/rooms/7", "").await;
    let (status, body) = problem(&read().await);
    assert_eq!((status, &body["code"]), (500, &json!("internal-error")));
    assert!(lab.counted(
        r#"lms_gateway_requests_total{code="internal-error",operation="getRoom",status="500"}"#
    ));
    assert_eq!(read().await.status(), 200);
}

#[tokio::test]
async fn a_panic_while_the_body_is_read_is_an_answer() {
    struct Broken;
    #[async_trait]
    impl BodySource for Broken {
        async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
            panic!("on purpose")
        }
    }
    let lab = Lab::new([]);
    let request = Request::builder()
        .method("POST")
        .uri("/v1/rooms")
        .header("host", "gateway")
        .header("content-type", "application/json");
    let (head, ()) = request.body(()).unwrap().into_parts();
    let response = lab.engine.handle(&head, &mut Broken).await;
    let (status, body) = problem(&response);
    assert_eq!((status, &body["outcome"]), (500, &json!("not-done")));
    assert_eq!(lab.seen(), [""; 0]);
}

#[test]
fn an_answer_that_cannot_be_written_is_a_bare_problem() {
    let response = problem::bare();
    let (status, body) = problem(&response);
    assert_eq!((status, &body["status"]), (500, &json!(500)));
}

/// No panic, but the same lab: where no key can be kept nothing is sent.
#[tokio::test]
async fn where_only_unknown_outcomes_are_kept_a_new_key_is_told_to_come_again() {
    let lab = Lab::new([]);
    lab.engine.keys.fill();
    let response = lab.create().await;
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, body) = problem(&response);
    assert_eq!((status, &body["code"]), (503, &json!("overloaded")));
    assert_eq!(body["outcome"], "not-done");
    assert_eq!(lab.seen(), [""; 0]);
}
