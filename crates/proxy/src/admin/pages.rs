//! `/metrics`, `/livez`, `/readyz`, `/status`, `/cache/purge`.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use contract::router::normal_path;
use http::header::{ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::json;

use super::purge;
use crate::edge::{Handler, Health, Rules};
use crate::engine::{BodySource, Engine, Refusal, catch_panic, check_head};

/// What answers on the admin port. Its answers are for people and scrapers: plain text, no problems.
pub struct Admin {
    pub engine: Arc<Engine>,
    pub health: Arc<Health>,
}

impl Handler for Admin {
    async fn answer(
        &self,
        head: &Parts,
        peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> Response<Bytes> {
        let answered = std::pin::pin!(self.respond(head, peer, body));
        catch_panic(answered).await.unwrap_or_else(|_| {
            let why = "an error in the gateway; its log says where";
            let mut response = refused(StatusCode::INTERNAL_SERVER_ERROR, why);
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
            response
        })
    }

    fn refuse(&self, _head: &Parts, refusal: Refusal) -> Response<Bytes> {
        let runtime = self.engine.runtime();
        let row = runtime.plan.problems.get(&refusal.code);
        let status = row.and_then(|row| StatusCode::from_u16(row.status).ok());
        let mut response = refused(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            &refusal.detail,
        );
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
        response
    }

    fn rules(&self) -> Rules {
        Rules::of(&self.engine.runtime().settings, &self.health)
    }

    /// The drain waits for callers, not for who looks on.
    fn enter(&self) -> impl Send + '_ {}

    fn expect(&self) -> impl Send + '_ {}
}

impl Admin {
    async fn respond(
        &self,
        head: &Parts,
        peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> Response<Bytes> {
        if let Err(refusal) = check_head(head, &self.engine.runtime().settings.limits) {
            return self.refuse(head, refusal);
        }
        let path = &*normal_path(head.uri.path());
        if path == purge::PATH {
            return match purge::answer(&self.engine, head, peer, body).await {
                Ok(body) => text(StatusCode::OK, "application/json", body),
                Err((status, why)) => refused(status, &why),
            };
        }
        self.page(&head.method, path)
    }

    fn page(&self, method: &Method, path: &str) -> Response<Bytes> {
        let known = ["/metrics", "/livez", "/readyz", "/status"].contains(&path);
        if known && !matches!(*method, Method::GET | Method::HEAD) {
            let mut response = text(
                StatusCode::METHOD_NOT_ALLOWED,
                "text/plain",
                "only GET and HEAD\n".into(),
            );
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match path {
            "/metrics" => text(
                StatusCode::OK,
                "text/plain; version=0.0.4; charset=utf-8",
                self.engine.metrics_text(),
            ),
            "/livez" => text(StatusCode::OK, "text/plain", "ok\n".into()),
            "/readyz" if self.health.is_ready() => {
                text(StatusCode::OK, "text/plain", "ok\n".into())
            }
            "/readyz" if self.health.is_draining() => text(
                StatusCode::SERVICE_UNAVAILABLE,
                "text/plain",
                "draining\n".into(),
            ),
            "/readyz" => text(
                StatusCode::SERVICE_UNAVAILABLE,
                "text/plain",
                "starting\n".into(),
            ),
            "/status" => text(StatusCode::OK, "application/json", self.status()),
            _ => text(
                StatusCode::NOT_FOUND,
                "text/plain",
                "/metrics, /livez, /readyz, /status and /cache/purge are here\n".into(),
            ),
        }
    }

    fn status(&self) -> Vec<u8> {
        let runtime = self.engine.runtime();
        let upstreams: Vec<_> = runtime
            .upstreams
            .iter()
            .map(|(name, upstream)| json!({"name": name, "base_url": upstream.base_url().as_str()}))
            .collect();
        let status = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "ready": self.health.is_ready(),
            "draining": self.health.is_draining(),
            "requests_in_flight": self.health.in_flight(),
            "contract": {"title": runtime.plan.title, "version": runtime.plan.version, "digest": runtime.plan.digest},
            "operations": runtime.plan.operations.len(),
            "upstreams": upstreams,
        });
        format!("{status}\n").into_bytes()
    }
}

fn refused(status: StatusCode, why: &str) -> Response<Bytes> {
    let mut response = text(status, "text/plain", format!("{why}\n").into_bytes());
    let headers = response.headers_mut();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    // Where the body of this request ends is not known.
    if status == StatusCode::REQUEST_TIMEOUT {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn text(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}
