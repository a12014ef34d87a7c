//! Spans as bytes. The messages are those of `opentelemetry-proto`, and prost writes them; but what spans have in
//! common is written once: two encodings of parts of a message, one after the other, are the encoding of the whole
//! (protobuf.dev/programming-guides/encoding, "Last One Wins"). It takes a twentieth of the instructions of whole
//! messages (docs/adr/0014).

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use foldhash::{HashMap, HashMapExt};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::{Message, encode_length_delimiter};

use super::instance::Instance;
use super::names::Names;
use super::record::{Record, ServerEnd};
use super::shape::{self, Attributes};
use crate::spans::CallEnd;

/// Kinds of spans that are kept: what a contract's operations, statuses and codes make of each other. A bound all
/// the same, lest a bug of ours fills the memory.
const MOST_SHAPES: usize = 4096;

/// The tags of embedded messages: fields 1 and 2.
const FIRST: u8 = 0x0a;
const SECOND: u8 = 0x12;

/// `flags` of a span: the trace is sampled, and whether the parent is another process's is known.
const SAMPLED: u32 = 0x101;
const REMOTE: u32 = 0x200;

pub struct Encoder {
    resource: Vec<u8>,
    scope: Vec<u8>,
    servers: HashMap<ServerEnd, Vec<u8>>,
    calls: HashMap<CallEnd, Vec<u8>>,
    /// Ids and times of the span that is written; it keeps its buffers.
    frame: Span,
    /// How long it is with a parent, and without: ids and times have fixed lengths.
    lengths: (usize, usize),
    clock: Clock,
}

impl Encoder {
    #[must_use]
    pub fn new(instance: &Instance) -> Self {
        let mut attributes = Attributes::default();
        attributes.text("service.name", Some("lms-gateway"));
        attributes.text("service.version", Some(env!("CARGO_PKG_VERSION")));
        attributes.text("service.instance.id", Some(instance.as_str()));
        let resource = Resource {
            attributes: attributes.0,
            ..Resource::default()
        };
        let resource = ResourceSpans {
            resource: Some(resource),
            ..ResourceSpans::default()
        };
        let scope = InstrumentationScope {
            name: "lms-gateway".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let scope = ScopeSpans {
            scope: Some(scope),
            ..ScopeSpans::default()
        };
        let frame = |parent: usize| Span {
            trace_id: vec![1; 16],
            span_id: vec![1; 8],
            parent_span_id: vec![1; parent],
            flags: 1,
            start_time_unix_nano: 1,
            end_time_unix_nano: 1,
            ..Span::default()
        };
        let (with, without) = (frame(8), frame(0));
        Self {
            lengths: (with.encoded_len(), without.encoded_len()),
            frame: with,
            resource: resource.encode_to_vec(),
            scope: scope.encode_to_vec(),
            servers: HashMap::new(),
            calls: HashMap::new(),
            clock: Clock::read(),
        }
    }

    /// What follows is of another configuration, with other names.
    pub fn forget(&mut self) {
        self.servers.clear();
        self.calls.clear();
    }

    /// The clocks are read now: what follows ended before.
    pub fn read_clock(&mut self) {
        self.clock = Clock::read();
    }

    /// Appends the spans of a record, each as a field of `ScopeSpans`.
    pub fn append(&mut self, record: &Record, out: &mut Vec<u8>) {
        let names = &record.outlet.names;
        set(&mut self.frame.trace_id, &record.trace.to_bytes());
        let (with, without) = self.lengths;
        if let Some(server) = &record.server {
            let times = (server.started, server.ended);
            let ids = (record.span, server.parent);
            self.frame(ids, times, server.parent.is_some());
            let length = server.parent.map_or(without, |_| with);
            let shape = shape_of(&mut self.servers, &server.end, names, shape::server);
            append((&self.frame, length), shape, out);
        }
        for call in &record.calls {
            let ids = (call.id, Some(record.span));
            self.frame(ids, (call.started, call.ended), false);
            let shape = shape_of(&mut self.calls, &call.end, names, shape::call);
            append((&self.frame, with), shape, out);
        }
    }

    fn frame(
        &mut self,
        (span, parent): (u64, Option<u64>),
        (started, ended): (Instant, Instant),
        remote: bool,
    ) {
        let frame = &mut self.frame;
        set(&mut frame.span_id, &span.to_be_bytes());
        frame.parent_span_id.clear();
        if let Some(parent) = parent {
            frame.parent_span_id.extend(parent.to_be_bytes());
        }
        frame.flags = if remote { SAMPLED | REMOTE } else { SAMPLED };
        frame.start_time_unix_nano = self.clock.nanoseconds(started);
        frame.end_time_unix_nano = self.clock.nanoseconds(ended);
    }

    /// Room for spans, and for the head that goes before them. `usual` is how many bytes they mostly take.
    #[must_use]
    pub fn room(&self, usual: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.head() + usual);
        out.resize(self.head(), 0);
        out
    }

    /// The longest head: two lengths of at most five bytes with their tags stand in it.
    fn head(&self) -> usize {
        self.resource.len() + self.scope.len() + 12
    }

    /// The `ExportTraceServiceRequest` of the spans that were appended to a [`Self::room`]. They are not copied: the
    /// head is written before them, where its end meets their beginning.
    #[must_use]
    pub fn request(&self, mut out: Vec<u8>) -> Bytes {
        let spans = out.len().saturating_sub(self.head());
        let mut inner = self.resource.clone();
        inner.push(SECOND);
        length(self.scope.len() + spans, &mut inner);
        inner.extend_from_slice(&self.scope);
        let mut head = vec![FIRST];
        length(inner.len() + spans, &mut head);
        head.extend_from_slice(&inner);
        let from = self.head().saturating_sub(head.len());
        if let Some(place) = out.get_mut(from..from + head.len()) {
            place.copy_from_slice(&head);
        }
        Bytes::from(out).slice(from..)
    }
}

fn shape_of<'s, E: Clone + Eq + std::hash::Hash>(
    shapes: &'s mut HashMap<E, Vec<u8>>,
    end: &E,
    names: &Names,
    make: impl FnOnce(&E, &Names) -> Span,
) -> &'s [u8] {
    if !shapes.contains_key(end) {
        if shapes.len() >= MOST_SHAPES {
            shapes.clear();
        }
        shapes.insert(end.clone(), make(end, names).encode_to_vec());
    }
    shapes.get(end).map(Vec::as_slice).unwrap_or_default()
}

fn append((frame, long): (&Span, usize), shape: &[u8], out: &mut Vec<u8>) {
    out.push(SECOND);
    length(long + shape.len(), out);
    // A vector takes all.
    let _ = frame.encode(out);
    out.extend_from_slice(shape);
}

fn length(length: usize, out: &mut Vec<u8>) {
    let _ = encode_length_delimiter(length, out);
}

fn set(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.clear();
    bytes.extend_from_slice(value);
}

/// Both clocks, read together.
struct Clock(Instant, u64);

impl Clock {
    fn read() -> Self {
        let (moment, time) = (Instant::now(), SystemTime::now());
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(moment, u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
    }

    /// Since the epoch.
    fn nanoseconds(&self, moment: Instant) -> u64 {
        let ago = self.0.saturating_duration_since(moment);
        let ago = ago.as_secs() * 1_000_000_000 + u64::from(ago.subsec_nanos());
        self.1.saturating_sub(ago)
    }
}
