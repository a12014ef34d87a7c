//! Answers on the admin port.

use std::net::IpAddr;

use bytes::Bytes;
use contract::router::normal_path;
use http::request::Parts;
use http::{Response, StatusCode};

use super::access;
use super::answer::{closing, denied, json, method_not_allowed, refused, text, words};
use super::body::{self, Refused};
use super::page::Page;
use super::running::Running;
use super::status::{Form, Status};
use super::{evidence, purge, reload};
use crate::edge::{Handler, Rules};
use crate::engine::{BodySource, Refusal, catch_panic, check_head};

/// What answers on the admin port. Its answers are for people and scrapers: plain text, no problems.
pub struct Admin(pub Running);

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
            closing(refused(StatusCode::INTERNAL_SERVER_ERROR, why))
        })
    }

    fn refuse(&self, _head: &Parts, refusal: Refusal) -> Response<Bytes> {
        let runtime = self.0.engine.runtime();
        let row = runtime.plan.problems.get(&refusal.code);
        let status = row.and_then(|row| StatusCode::from_u16(row.status).ok());
        closing(refused(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            &refusal.detail,
        ))
    }

    fn rules(&self) -> Rules {
        Rules::of(&self.0.engine.runtime().settings, &self.0.health)
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
        let runtime = self.0.engine.runtime();
        if let Err(refusal) = check_head(head, &runtime.settings.limits) {
            return self.refuse(head, refusal);
        }
        let path = &*normal_path(head.uri.path());
        let Some(page) = Page::at(path) else {
            return refused(StatusCode::NOT_FOUND, &Page::list());
        };
        if !page.allows(&head.method) {
            return method_not_allowed(page.methods());
        }
        if let Err(why) = access::check(page.audience(), head, peer, &runtime.operators) {
            return denied(why);
        }
        match page {
            Page::Metrics => text(
                StatusCode::OK,
                "text/plain; version=0.0.4; charset=utf-8",
                self.0.engine.metrics_text(),
            ),
            Page::Livez => words(StatusCode::OK, "ok"),
            Page::Readyz => self.readiness(),
            Page::Status => Status::of(&self.0).answer(Form::of(&head.headers), &head.uri),
            Page::StatusJson => Status::of(&self.0).answer(Form::Json, &head.uri),
            Page::StatusHtml => Status::of(&self.0).answer(Form::Html, &head.uri),
            Page::Drift => json(StatusCode::OK, &runtime.drift_report()),
            Page::Evidence => evidence::list(&self.0.engine),
            Page::EvidenceRecord => evidence::record(&self.0.engine, path),
            Page::Reload | Page::CachePurge => self
                .command(page, body)
                .await
                .unwrap_or_else(|(status, why)| refused(status, &why)),
        }
    }

    fn readiness(&self) -> Response<Bytes> {
        let not = |why| words(StatusCode::SERVICE_UNAVAILABLE, why);
        if self.0.health.is_ready() {
            words(StatusCode::OK, "ok")
        } else if self.0.health.is_draining() {
            not("draining")
        } else {
            not("starting")
        }
    }

    /// Does what changes something.
    async fn command(
        &self,
        page: Page,
        body: &mut dyn BodySource,
    ) -> Result<Response<Bytes>, Refused> {
        let limit = self.0.engine.runtime().settings.timeouts.body;
        let body = body::read(body, limit).await?;
        if page == Page::CachePurge {
            let purged = purge::answer(&self.0.engine, &body).await?;
            return Ok(json(StatusCode::OK, &purged));
        }
        if self.0.health.is_draining() {
            let why = "the gateway drains: nothing is reloaded any more";
            return Err((StatusCode::CONFLICT, why.to_owned()));
        }
        let (status, last) = reload::answer(&self.0.reloader, &body).await?;
        Ok(json(status, &*last))
    }
}
