//! One try to deliver a batch, and what its end means (OTLP 1.10 §OTLP/HTTP Response,
//! opentelemetry.io/docs/specs/otlp).

use std::time::Duration;

use http::HeaderMap;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use tokio::time::Instant;

use super::batch::Batch;
use crate::phases::Phases;
use crate::upstream::{Attempt, VendorAnswer, wait_of};

/// A receiver that takes longer than this is given up: the default of OpenTelemetry.
const LONGEST: Duration = Duration::from_secs(10);

/// What became of a try.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All but `rejected` spans are the receiver's.
    Taken { rejected: u64 },
    /// Sending the same once more helps nobody.
    Refused { why: String },
    /// It may go better later, `after` so long at least if the receiver said so.
    Later {
        why: String,
        after: Option<Duration>,
    },
}

pub async fn deliver(batch: &Batch) -> Delivery {
    let destination = &batch.outlet.destination;
    let request = destination.request(batch.body.clone());
    let deadline = Instant::now() + LONGEST;
    let (none, phases) = (HeaderMap::new(), Phases::default());
    let call = destination
        .transport
        .call(&request, &none, deadline, &phases);
    match call.await {
        Attempt::Answered(answer) => understand(&answer, batch.spans),
        // The kind alone: a detail is for the log of a vendor's call.
        Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => Delivery::Later {
            why: format!("no answer: {}", failure.kind.label()),
            after: None,
        },
    }
}

/// What an answer means. What the receiver says in words is not repeated.
fn understand(answer: &VendorAnswer, spans: u64) -> Delivery {
    match answer.status {
        200..=299 if answer.cut.is_some() => Delivery::Taken { rejected: 0 },
        200..=299 => match ExportTraceServiceResponse::decode(&*answer.body) {
            Ok(response) => {
                let partial = response.partial_success.unwrap_or_default();
                let rejected = u64::try_from(partial.rejected_spans).unwrap_or_default();
                Delivery::Taken {
                    rejected: rejected.min(spans),
                }
            }
            // A web page that answers 200 to everything.
            Err(_) => Delivery::Refused {
                why: "what answered is no OTLP receiver".to_owned(),
            },
        },
        status @ (429 | 502 | 503 | 504) => Delivery::Later {
            why: format!("status {status}"),
            after: wait_of(answer),
        },
        status => Delivery::Refused {
            why: format!("status {status}"),
        },
    }
}
