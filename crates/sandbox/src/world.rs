//! State, faults, assumptions and ledger behind one lock, so that they never disagree.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::assumptions::Assumptions;
use crate::backend::Backend;
use crate::config::Config;
use crate::faults::{Book, Hit};
use crate::handled::Handled;
use crate::ispring::Mint;
use crate::ledger::{Ledger, Recorded, Vendor};
use crate::server::answer::Answer;
use crate::server::request::Request;
use crate::server::target::{BadTarget, Target};
use crate::state::{Change, State, Subject};
use crate::{ispring, netex, operation};

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: Config,
    mint: Mint,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) state: State,
    pub(crate) rules: Assumptions,
    pub(crate) faults: Book,
    pub(crate) ledger: Ledger,
    history: VecDeque<Change>,
    next_change: u64,
    limit: usize,
    /// Counts the resets.
    epoch: u64,
}

/// A request that the ledger knows, before it is carried out.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) sequence: u64,
    pub(crate) hit: Option<Hit>,
    exchange: Exchange,
    epoch: u64,
}

#[derive(Debug)]
enum Exchange {
    Netex(netex::Exchange),
    Ispring(ispring::Exchange),
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let inner = Inner {
            state: State::seeded(config.seed),
            rules: config.assumptions.clone(),
            faults: Book::default(),
            ledger: Ledger::new(config.ledger_limit),
            history: VecDeque::new(),
            next_change: 1,
            limit: config.ledger_limit,
            epoch: 0,
        };
        Self {
            config,
            mint: Mint::default(),
            inner: Mutex::new(inner),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names the operation, takes the fault that waits for it, and writes both down.
    pub(crate) fn open(&self, vendor: Vendor, connection: u64, request: &Request) -> Opened {
        let mut inner = self.lock();
        let exchange = match vendor {
            Vendor::Netex => Exchange::Netex(netex::Exchange::of(request, &inner.rules)),
            Vendor::Ispring => Exchange::Ispring(ispring::Exchange::of(request)),
        };
        let operation = exchange.operation();
        let hit = inner.faults.strike(operation);
        let target = exchange.target().as_ref().ok();
        let sequence = inner.ledger.open(Recorded {
            resolved: target.map(Target::path),
            escaped: target.is_some_and(|target| target.escaped),
            fault: hit.as_ref().map(|hit| hit.kind.name()),
            ..record(vendor, connection, operation, request)
        });
        Opened {
            sequence,
            hit,
            exchange,
            epoch: inner.epoch,
        }
    }

    /// Writes down what came instead of a request.
    pub(crate) fn open_malformed(&self, vendor: Vendor, connection: u64, seen: &Request) -> u64 {
        let operation = match vendor {
            Vendor::Netex => operation::NETEX_MALFORMED,
            Vendor::Ispring => operation::ISPRING_MALFORMED,
        };
        let entry = record(vendor, connection, operation, seen);
        self.lock().ledger.open(entry)
    }

    /// Carries the call out and returns the vendor's answer. A delayed call from before a reset
    /// changes nothing: it belongs to a test that is over.
    pub(crate) fn carry_out(&self, opened: &Opened, request: &Request) -> Answer {
        let mut inner = self.lock();
        let inner = &mut *inner;
        if opened.epoch != inner.epoch {
            let mut copy = inner.state.clone();
            return self.handle(opened, request, &mut copy, &inner.rules).answer;
        }
        let handled = self.handle(opened, request, &mut inner.state, &inner.rules);
        if let Some(subject) = handled.subject {
            inner.note(Some(opened.exchange.operation()), subject);
            if let Some(entry) = inner.ledger.entry(opened.sequence) {
                entry.applied = true;
            }
        }
        handled.answer
    }

    /// The answer that the call would get, with the state left as it is.
    pub(crate) fn rehearse(&self, opened: &Opened, request: &Request) -> Answer {
        let inner = self.lock();
        let mut copy = inner.state.clone();
        self.handle(opened, request, &mut copy, &inner.rules).answer
    }

    /// Writes down the status that leaves, or that none does after all.
    pub(crate) fn answered(&self, sequence: u64, status: Option<u16>) {
        if let Some(entry) = self.lock().ledger.entry(sequence) {
            entry.status = status;
        }
    }

    /// Back to the configuration: state, assumptions, faults, ledger and history.
    pub(crate) fn reset(&self) {
        let mut inner = self.lock();
        inner.state = State::seeded(self.config.seed);
        inner.rules = self.config.assumptions.clone();
        inner.faults.clear();
        inner.ledger.clear();
        inner.history.clear();
        inner.epoch += 1;
    }

    fn handle(
        &self,
        opened: &Opened,
        request: &Request,
        state: &mut State,
        rules: &Assumptions,
    ) -> Handled {
        let backend = Backend {
            state,
            rules,
            config: &self.config,
        };
        match &opened.exchange {
            Exchange::Netex(call) => call.handle(request, backend),
            Exchange::Ispring(call) => call.handle(request, backend, &self.mint),
        }
    }
}

impl Inner {
    /// Adds a change to the history; `operation` is `None` for a test's own hand.
    pub(crate) fn note(&mut self, operation: Option<&'static str>, subject: Subject) {
        self.history.push_back(Change {
            sequence: self.next_change,
            operation,
            subject,
        });
        self.next_change += 1;
        while self.history.len() > self.limit {
            self.history.pop_front();
        }
    }

    pub(crate) fn history(&self) -> Vec<Change> {
        self.history.iter().cloned().collect()
    }
}

impl Exchange {
    fn operation(&self) -> &'static str {
        match self {
            Self::Netex(call) => call.operation(),
            Self::Ispring(call) => call.operation(),
        }
    }

    fn target(&self) -> &Result<Target, BadTarget> {
        match self {
            Self::Netex(call) => &call.target,
            Self::Ispring(call) => &call.target,
        }
    }
}

fn record(vendor: Vendor, connection: u64, operation: &'static str, request: &Request) -> Recorded {
    Recorded {
        sequence: 0, // given by the ledger
        connection,
        vendor,
        operation,
        method: request.method.clone(),
        target: request.target.clone(),
        resolved: None,
        escaped: false,
        headers: request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
            .collect(),
        body: request.body.clone(),
        status: None,
        applied: false,
        fault: None,
    }
}
