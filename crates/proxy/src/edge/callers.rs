//! The callers' port: requests go to the engine, and are counted while they last.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use super::handler::{Handler, Rules};
use super::health::Health;
use crate::engine::{BodySource, Engine, Hit, PlainHead, Refusal};
use crate::metrics::Metrics;

/// What answers on the API port.
pub struct Callers {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
}

impl Handler for Callers {
    async fn answer(
        &self,
        head: &Parts,
        _peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> Response<Bytes> {
        self.engine.handle(head, body).await
    }

    fn at_once(&self, head: &PlainHead<'_>, out: &mut Vec<u8>) -> Option<Hit> {
        self.engine.hit(head, out)
    }

    fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes> {
        self.engine.refuse(head, refusal)
    }

    fn rules(&self) -> Rules {
        self.engine
            .with_settings(|settings| Rules::of(settings, &self.health))
    }

    fn enter(&self) -> impl Send + '_ {
        (self.health.enter(), self.metrics.requests.count())
    }

    fn expect(&self) -> impl Send + '_ {
        self.health.enter()
    }

    fn closed(&self) {
        self.health.close();
    }
}
