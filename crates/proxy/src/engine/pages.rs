//! The gateway's own pages on the API port.

use contract::router::normal_path;
use contract::{GatewayProblem, Problem};
use http::StatusCode;
use http::request::Parts;
use serde_json::{Value, json};

use super::{Refusal, Reply, Runtime};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    OpenApi,
    Docs,
    Problems,
    Problem(String),
}

impl Page {
    pub fn find(path: &str) -> Option<Self> {
        let path = &*normal_path(path);
        match path {
            "/openapi.json" => Some(Self::OpenApi),
            "/docs" => Some(Self::Docs),
            "/problems" => Some(Self::Problems),
            _ => {
                let code = path.strip_prefix("/problems/")?;
                (!code.is_empty() && !code.contains('/')).then(|| Self::Problem(code.to_owned()))
            }
        }
    }

    pub const fn label(&self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Docs => "docs",
            Self::Problems | Self::Problem(_) => "problems",
        }
    }

    pub const fn route(&self) -> &'static str {
        match self {
            Self::OpenApi => "/openapi.json",
            Self::Docs => "/docs",
            Self::Problems => "/problems",
            Self::Problem(_) => "/problems/{code}",
        }
    }
}

pub fn answer(runtime: &Runtime, page: &Page, _head: &Parts) -> Result<Reply, Refusal> {
    let json =
        |value: Value| Reply::content(StatusCode::OK, "application/json", value.to_string().into());
    match page {
        Page::OpenApi => Ok(Reply::content(
            StatusCode::OK,
            "application/json",
            runtime.openapi.clone(),
        )),
        Page::Docs => {
            let mut reply = Reply::content(
                StatusCode::OK,
                "text/html; charset=utf-8",
                runtime.docs.clone(),
            );
            let policy =
                http::HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
            reply
                .headers
                .insert(http::header::CONTENT_SECURITY_POLICY, policy);
            Ok(reply)
        }
        Page::Problems => {
            let rows: Vec<Value> = runtime.plan.problems.values().map(row).collect();
            Ok(json(json!({"problems": rows})))
        }
        Page::Problem(code) => match runtime.plan.problems.get(code.as_str()) {
            Some(problem) => Ok(json(row(problem))),
            None => Err(Refusal::new(
                GatewayProblem::RouteNotFound,
                "There is no problem of this code; /problems lists them.",
            )),
        },
    }
}

/// One row of the catalogue, as it is served and printed.
pub fn row(problem: &Problem) -> Value {
    json!({
        "type": format!("/problems/{}", problem.code),
        "code": &*problem.code,
        "status": problem.status,
        "title": problem.title,
        "description": problem.description,
        "hint": problem.hint,
        "declared_by": if problem.domain { "contract" } else { "gateway" },
    })
}
