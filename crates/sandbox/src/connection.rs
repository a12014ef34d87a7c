use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::faults::{Delivery, FaultKind, Hit, When, distort};
use crate::ledger::Vendor;
use crate::server::answer::Answer;
use crate::server::request::{self, Read, Request};
use crate::server::wire::Wire;
use crate::world::World;

/// One connection of a vendor, from its accept to its end.
pub(crate) struct Connection {
    pub(crate) world: Arc<World>,
    pub(crate) vendor: Vendor,
    pub(crate) number: u64,
    /// Ends before a byte is read.
    pub(crate) reset: bool,
}

enum After {
    Keep,
    /// Nothing more comes; the answer went out and must arrive.
    Finish,
    /// Drop what is left.
    Drop,
    Reset,
}

impl Connection {
    pub(crate) async fn serve(self, wire: Wire) {
        if self.reset {
            return reset(wire);
        }
        let mut buffer = Vec::new();
        loop {
            if buffer.is_empty() && !self.woken(&wire, &mut buffer).await {
                return;
            }
            let after = match request::read(&wire, &mut buffer).await {
                Read::Gone => return,
                Read::Whole(request) => self.exchange(&wire, &request).await,
                Read::Malformed { status, why, seen } => {
                    let sequence = self.world.open_malformed(self.vendor, self.number, &seen);
                    let answer = Answer::with_body(status, "text/plain", why);
                    let outgoing = Outgoing {
                        world: &self.world,
                        wire: &wire,
                        sequence,
                        head: false,
                        close: true,
                    };
                    outgoing.send(&answer).await;
                    After::Finish
                }
            };
            match after {
                After::Keep => {}
                After::Finish => return wire.finish().await,
                After::Drop => return,
                After::Reset => return reset(wire),
            }
        }
    }

    /// Waits for the first byte of a request; false where the connection ends first.
    async fn woken(&self, wire: &Wire, buffer: &mut Vec<u8>) -> bool {
        let first = wire.read(buffer);
        let read = match self.world.config.idle_close {
            Some(limit) => match timeout(limit, first).await {
                Ok(read) => read,
                Err(_) => return false,
            },
            None => first.await,
        };
        matches!(read, Ok(1..))
    }

    async fn exchange(&self, wire: &Wire, request: &Request) -> After {
        let opened = self.world.open(self.vendor, self.number, request);
        let delivery = match &opened.hit {
            None => Delivery::Whole(self.world.carry_out(&opened, request)),
            Some(Hit { when, kind }) => {
                if let (FaultKind::Delay { ms }, When::Before) = (kind, when) {
                    sleep(Duration::from_millis(*ms)).await;
                }
                let answer = if *when == When::After || kind.passes_own_answer() {
                    self.world.carry_out(&opened, request)
                } else {
                    self.world.rehearse(&opened, request)
                };
                if let (FaultKind::Delay { ms }, When::After) = (kind, when) {
                    sleep(Duration::from_millis(*ms)).await;
                }
                let rules = self.world.lock().rules.clone();
                distort(kind, self.vendor, &rules, answer)
            }
        };
        self.deliver(wire, request, opened.sequence, delivery).await
    }

    async fn deliver(
        &self,
        wire: &Wire,
        request: &Request,
        sequence: u64,
        delivery: Delivery,
    ) -> After {
        let close = !request.keep_alive;
        let kept = if close { After::Finish } else { After::Keep };
        let outgoing = Outgoing {
            world: &self.world,
            wire,
            sequence,
            head: request.method == "HEAD",
            close,
        };
        match delivery {
            Delivery::Whole(answer) => match outgoing.send(&answer).await {
                true => kept,
                false => After::Drop,
            },
            // It closes without a word of it before.
            Delivery::WholeThenClose(answer) => {
                self.world.answered(sequence, Some(answer.status));
                let bytes = answer.to_bytes(outgoing.head, false);
                if wire.write_last(&bytes).await.is_err() {
                    self.world.answered(sequence, None);
                }
                After::Drop
            }
            Delivery::Drip {
                answer,
                ms_per_byte,
            } => {
                self.world.answered(sequence, Some(answer.status));
                for byte in outgoing.bytes(&answer) {
                    sleep(Duration::from_millis(ms_per_byte)).await;
                    if wire.write(&[byte]).await.is_err() {
                        self.world.answered(sequence, None);
                        return After::Drop;
                    }
                }
                kept
            }
            Delivery::Cut { answer, bytes } => {
                let whole = outgoing.bytes(&answer);
                let (sent, lost) = whole.split_at(bytes.min(whole.len()));
                if lost.is_empty() {
                    self.world.answered(sequence, Some(answer.status));
                }
                // A client that is gone already has lost the answer as well.
                let _gone = wire.write(sent).await;
                After::Drop
            }
            Delivery::Raw(bytes) => {
                let _gone = wire.write(&bytes).await;
                After::Drop
            }
            Delivery::Hang => {
                wire.until_closed().await;
                After::Drop
            }
            Delivery::Reset => After::Reset,
            Delivery::Close => After::Drop,
        }
    }
}

/// Where an answer goes, and in which form.
struct Outgoing<'c> {
    world: &'c World,
    wire: &'c Wire,
    /// Of the request in the ledger.
    sequence: u64,
    /// Without a body.
    head: bool,
    /// Says that the connection ends.
    close: bool,
}

impl Outgoing<'_> {
    fn bytes(&self, answer: &Answer) -> Vec<u8> {
        answer.to_bytes(self.head, self.close)
    }

    /// Writes the status down before the first byte leaves, so that a client that has the answer
    /// finds it in the ledger. False where the client was gone.
    async fn send(&self, answer: &Answer) -> bool {
        self.world.answered(self.sequence, Some(answer.status));
        let sent = self.wire.write(&self.bytes(answer)).await.is_ok();
        if !sent {
            self.world.answered(self.sequence, None);
        }
        sent
    }
}

fn reset(wire: Wire) {
    // Fails only where the peer is gone already.
    let _gone = wire.reset();
}
