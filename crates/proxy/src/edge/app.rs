//! The callers' port: requests go to the engine, and are counted while they last.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use super::connection::{App, Rules};
use crate::admin::{Health, Metrics};
use crate::engine::{BodySource, Engine, Refusal};

/// The application of the API port.
pub struct Edge {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
}

impl App for Edge {
    async fn answer(
        &self,
        head: &Parts,
        _peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> Response<Bytes> {
        self.engine.handle(head, body).await
    }

    fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes> {
        self.engine.refuse(head, refusal)
    }

    fn rules(&self) -> Rules {
        let settings = &self.engine.runtime().settings;
        Rules {
            times: settings.timeouts,
            limits: settings.limits,
            last: self.health.is_draining(),
        }
    }

    fn enter(&self) -> impl Send + '_ {
        (self.health.enter(), self.metrics.count())
    }

    fn expect(&self) -> impl Send + '_ {
        self.health.enter()
    }

    fn closed(&self) {
        self.health.close();
    }
}
