//! One file against the real engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use proxy::engine::{BodyError, BodySource, Engine, Runtime, served_text};
use proxy::metrics::Metrics;
use proxy::settings::Settings;
use proxy::upstream::Upstream;

use crate::compare;
use crate::exchange::{Exchange, Message};
use crate::files::File;
use crate::served::{self, Served};
use crate::vendor::{Script, Scripted, fields};
use crate::{read, write};

const CONTRACT: &str = include_str!("../../config/contract.yaml");
const SETTINGS: &str = "
upstreams:
  netex: {base_url: 'https://netex.example', auth: {kind: none}}
  ispring: {base_url: 'https://ispring.example', auth: {kind: none}}
";

/// The trace that every request continues, and what stands for it in the files.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACE_SHOWN: &str = "(trace)";

/// Header fields of an answer that a file must tell; others (of caches, say) only if it names them.
const TOLD: [&str; 9] = [
    "accept",
    "accept-patch",
    "allow",
    "content-type",
    "content-encoding",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
];

/// What happened.
pub struct Played {
    pub calls: Vec<Message>,
    pub answer: Message,
    /// What the served OpenAPI document says against the answer.
    pub against: Vec<String>,
    pub covered: Option<Served>,
}

/// Plays a file, and either compares what happens with it or writes that into it.
pub async fn file(file: &File, update: bool) -> Result<Option<Served>, String> {
    let exchange = read::exchange(&file.text)?;
    let played = play(&exchange).await?;
    if update {
        let text = write::file(&exchange, &played.calls, &played.answer);
        std::fs::write(&file.path, text).unwrap();
    }
    let complaints = complaints(&exchange, &played, update);
    if complaints.is_empty() {
        Ok(played.covered)
    } else {
        Err(complaints.join("\n"))
    }
}

/// Everything in which what happened differs from the file or from the served document.
pub fn complaints(exchange: &Exchange, played: &Played, update: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    if !update {
        let wanted: Vec<Message> = exchange
            .pairs
            .iter()
            .map(|pair| pair.call.clone())
            .collect();
        complaints.extend(compare::calls(&wanted, &played.calls));
        complaints.extend(compare::answers(&exchange.answer, &played.answer));
    }
    let against = played.against.iter();
    complaints.extend(against.map(|wrong| format!("  the served OpenAPI document: {wrong}")));
    complaints
}

/// A fresh engine for each exchange, so that none sees what another left in a cache.
pub async fn play(exchange: &Exchange) -> Result<Played, String> {
    let reactions = exchange.pairs.iter().map(|pair| pair.reaction.clone());
    let script = Script::new(reactions.collect());
    let engine = engine(&script);
    let head = head(&exchange.request)?;
    let mut body = Whole(Some(exchange.request.body.clone().into()));
    let response = engine.handle(&head, &mut body).await;
    let runtime = engine.runtime();
    let (against, covered) = served::check(served_text(&runtime), &head, &response);
    Ok(Played {
        calls: script.seen(),
        answer: told(&response, &exchange.answer),
        against,
        covered,
    })
}

fn engine(script: &Arc<Script>) -> Engine {
    let plan = contract::compile(CONTRACT).unwrap();
    let settings = Settings::parse(SETTINGS, Path::new("")).unwrap();
    let upstreams = ["netex", "ispring"].map(|name| {
        let vendor: Arc<dyn Upstream> = Arc::new(Scripted::new(name, script));
        (name.to_owned(), vendor)
    });
    let upstreams = BTreeMap::from(upstreams);
    let runtime = Runtime::new(plan, settings, upstreams, Vec::new()).unwrap();
    Engine::new(runtime, Arc::new(Metrics::new().unwrap()))
}

fn head(message: &Message) -> Result<Parts, String> {
    let (method, target) = message
        .start
        .split_once(' ')
        .ok_or("a request begins with a method and a target")?;
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in &message.headers {
        request = request.header(name, value);
    }
    if message.header("traceparent").is_none() {
        request = request.header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"));
    }
    let request = request.body(()).map_err(|wrong| wrong.to_string())?;
    let (mut head, ()) = request.into_parts();
    let host = HeaderValue::from_static("gateway.example");
    head.headers.entry(HOST).or_insert(host);
    Ok(head)
}

/// The answer as a file tells it.
fn told(response: &Response<Bytes>, expected: &Message) -> Message {
    let named = |name: &str| TOLD.contains(&name) || expected.header(name).is_some();
    let fields = fields(response.headers()).into_iter();
    let body = match std::str::from_utf8(response.body()) {
        Ok(text) => {
            let (real, shown) = [TRACE, TRACE_SHOWN]
                .map(|id| format!(r#""trace_id":"{id}""#))
                .into();
            text.replace(&real, &shown).into_bytes()
        }
        Err(_) => response.body().to_vec(),
    };
    Message {
        start: response.status().as_u16().to_string(),
        headers: fields.filter(|(name, _)| named(name)).collect(),
        body,
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
