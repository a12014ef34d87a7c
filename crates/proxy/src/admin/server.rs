//! `/metrics`, `/livez`, `/readyz`, `/status`, `/cache/purge`.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use pingora::apps::http_app::ServeHttp;
use pingora::protocols::http::ServerSession;
use serde_json::json;

use super::{Health, Metrics, purge};
use crate::engine::Engine;

/// The application of the admin port.
pub struct Admin {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
}

#[async_trait]
impl ServeHttp for Admin {
    async fn response(&self, session: &mut ServerSession) -> Response<Vec<u8>> {
        let head = session.req_header();
        let (method, path) = (head.method.clone(), head.uri.path().to_owned());
        if path == purge::PATH {
            return match purge::answer(&self.engine, session).await {
                Ok(body) => text(StatusCode::OK, "application/json", body),
                Err((status, why)) => refused(status, &why),
            };
        }
        self.answer(&method, &path)
    }
}

impl Admin {
    fn answer(&self, method: &Method, path: &str) -> Response<Vec<u8>> {
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

fn refused(status: StatusCode, why: &str) -> Response<Vec<u8>> {
    let mut response = text(status, "text/plain", format!("{why}\n").into_bytes());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let headers = response.headers_mut();
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

fn text(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response<Vec<u8>> {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}
