//! `drift`: what would make the contract accept what the vendors answer now.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::Value;

use super::{Format, admin_address, print, print_error};
use crate::app::{self, load};
use crate::drift::{DriftReport, Proposal, propose};

const LIMIT: Duration = Duration::from_secs(10);

/// Prints an overlay of the contract. What `check` would not take is left out of it, and told.
pub fn run(config: &Path, admin: Option<SocketAddr>, format: Format) -> ExitCode {
    match proposal(config, admin) {
        Ok(proposal) => {
            print(&match format {
                Format::Json => proposal.overlay(TITLE).to_string(),
                Format::Text => yaml(&proposal),
            });
            ExitCode::SUCCESS
        }
        Err(text) => print_error(&text),
    }
}

const TITLE: &str = "What vendors answer that the contract does not say: a proposal of lms-gateway";

fn proposal(config: &Path, admin: Option<SocketAddr>) -> Result<Proposal, String> {
    let loaded = load(config).map_err(|mistakes| mistakes.text())?;
    let address = admin_address(config, admin).map_err(|mistakes| mistakes.text())?;
    let answer = app::ask(address, "/drift", None, LIMIT)
        .map_err(|error| format!("error: {address}: {error}"))?;
    if answer.status != "200" {
        let body = answer.body.trim().escape_debug();
        return Err(format!(
            "error: the gateway answered {}: {body}",
            answer.status
        ));
    }
    let report: DriftReport = serde_json::from_str(&answer.body)
        .map_err(|error| format!("error: the gateway's answer is none of this version: {error}"))?;
    let path = &loaded.settings.contract;
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("error: {} cannot be read: {error}", path.display()))?;
    let document = contract::yaml::Document::parse(&text)
        .map_err(|_| format!("error: {} cannot be read", path.display()))?;
    let mut proposal = propose(&document.value, &report);
    if report.contract != loaded.plan.digest {
        let comment = "The gateway runs another contract than the one that this is for.";
        proposal.comments.insert(0, comment.to_owned());
    }
    Ok(checked(proposal, document.value))
}

/// Without the actions that a contract would be refused for.
fn checked(proposal: Proposal, mut document: Value) -> Proposal {
    let mut kept = Proposal {
        actions: Vec::new(),
        comments: proposal.comments,
    };
    let mut actions = proposal.actions.into_iter().peekable();
    while let Some(action) = actions.next() {
        let mut step = vec![action];
        // What is taken out and what stands in its place go together.
        let is_pair = |first: &crate::drift::Action, second: &crate::drift::Action| {
            first
                .path
                .split_last()
                .is_some_and(|(last, rest)| last == "required" && rest == second.path)
        };
        if step
            .first()
            .zip(actions.peek())
            .is_some_and(|(first, second)| is_pair(first, second))
        {
            step.extend(actions.next());
        }
        let mut next = document.clone();
        step.iter().for_each(|action| action.apply(&mut next));
        match contract::compile(&next.to_string()) {
            Ok(_) => {
                document = next;
                kept.actions.append(&mut step);
            }
            Err(findings) => {
                let why = findings.first().map(|one| one.message.clone());
                for action in step {
                    let why = why.as_deref().unwrap_or("it would not load");
                    kept.comments
                        .push(format!("{}; not proposed, since {why}", action.description));
                }
            }
        }
    }
    kept
}

/// YAML, each part in JSON: that is YAML too.
fn yaml(proposal: &Proposal) -> String {
    let overlay = proposal.overlay(TITLE);
    let mut out = String::new();
    for comment in &proposal.comments {
        let _ = writeln!(out, "# {}", comment.replace('\n', " "));
    }
    let _ = writeln!(out, "overlay: {}\ninfo:", overlay["overlay"]);
    for (name, value) in overlay["info"].as_object().into_iter().flatten() {
        let _ = writeln!(out, "  {name}: {value}");
    }
    let actions = overlay["actions"].as_array().map_or(&[][..], Vec::as_slice);
    if actions.is_empty() {
        // The specification asks for one action at least; there is nothing to propose.
        let _ = write!(out, "actions: []");
        return out;
    }
    let _ = write!(out, "actions:");
    for action in actions {
        for (index, (name, value)) in action.as_object().into_iter().flatten().enumerate() {
            let lead = if index == 0 { "  - " } else { "    " };
            let _ = write!(out, "\n{lead}{name}: {value}");
        }
    }
    out
}
