//! What a port needs of who answers on it.

use std::future::Future;
use std::net::IpAddr;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use super::health::Health;
use crate::engine::{BodySource, Hit, PlainHead, Refusal};
use crate::settings::{Limits, Settings, Timeouts};

/// What answers the requests of a port.
pub trait Handler: Send + Sync + 'static {
    /// Answers a request, whatever is wrong with it.
    fn answer(
        &self,
        head: &Parts,
        peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> impl Future<Output = Response<Bytes>> + Send;

    /// Answers a request for which nothing must be waited: appends head and body to `out`. `None`: nothing was
    /// done, and [`Self::answer`] is to be asked.
    fn at_once(&self, _head: &PlainHead<'_>, _out: &mut Vec<u8>) -> Option<Hit> {
        None
    }

    /// Answers a head that could not be read. The connection ends with it.
    fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes>;

    fn rules(&self) -> Rules;

    /// Counts a request until it is dropped.
    fn enter(&self) -> impl Send + '_;

    /// Counts a connection whose first request is on its way until it is dropped.
    fn expect(&self) -> impl Send + '_;

    /// The listener is closed: nobody else comes.
    fn closed(&self) {}
}

/// What holds for one request of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub times: Timeouts,
    pub limits: Limits,
    /// No request is taken after this one.
    pub last: bool,
}

impl Rules {
    #[must_use]
    pub fn of(settings: &Settings, health: &Health) -> Self {
        Self {
            times: settings.timeouts,
            limits: settings.limits,
            last: health.is_draining(),
        }
    }
}
