//! What is asked of each proxy, and what must come.

use std::net::SocketAddr;

use crate::http::{Answer, Connection};

/// Rooms that hits go round.
const ROOMS: u64 = 64;

/// Four exchanges, in the order in which they are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Hit,
    NotModified,
    Form,
    Xml,
}

pub const TASKS: [Task; 4] = [Task::Hit, Task::NotModified, Task::Form, Task::Xml];

impl Task {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hit => "cached GET",
            Self::NotModified => "304 (If-None-Match)",
            Self::Form => "JSON → form → JSON",
            Self::Xml => "JSON → XML → JSON",
        }
    }
}

/// One request, or the same for several targets.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub task: Task,
    pub targets: Vec<String>,
    pub headers: Vec<(&'static str, String)>,
    /// JSON, or empty for a GET.
    pub body: &'static str,
    pub status: u16,
    /// Stand in the answer.
    parts: &'static [&'static str],
}

impl Exchange {
    /// `prefix` is what stands before `/rooms` and `/days`.
    #[must_use]
    pub fn of(task: Task, prefix: &str) -> Self {
        let exchange = |targets, body, status, parts| Self {
            task,
            targets,
            headers: Vec::new(),
            body,
            status,
            parts,
        };
        let room = |number| format!("{prefix}/rooms/{number}");
        match task {
            Task::Hit => exchange(
                (1..=ROOMS).map(room).collect(),
                "",
                200,
                &["ROOM-0", "Xoán"],
            ),
            Task::NotModified => exchange(vec![room(1)], "", 304, &[]),
            Task::Form => exchange(
                vec![format!("{prefix}/rooms")],
                include_str!("../bodies/room.json"),
                201,
                &["4217"],
            ),
            Task::Xml => exchange(
                vec![format!("{prefix}/days/2026-12-03-16")],
                include_str!("../bodies/day.json"),
                200,
                &["accepted", "Inés <Ana> & Sons"],
            ),
        }
    }

    /// Makes the exchange once for each target. A 304 first learns the entity tag, which it holds from then on.
    ///
    /// # Errors
    /// Another answer than the one that is due.
    pub fn check(&mut self, proxy: SocketAddr) -> Result<(), String> {
        let mut caller = Connection::open(proxy).map_err(|error| error.to_string())?;
        if self.task == Task::NotModified && self.headers.is_empty() {
            // The second answer is the stored one.
            let fresh = |caller: &mut Connection| self.send(caller, 0);
            fresh(&mut caller)?;
            let tag = fresh(&mut caller)?.etag;
            self.headers.push(("If-None-Match", tag));
        }
        for target in 0..self.targets.len() {
            let answer = self.send(&mut caller, target)?;
            let good = answer.status == self.status
                && self.parts.iter().all(|part| answer.body.contains(part));
            if !good {
                let start: String = answer.body.chars().take(200).collect();
                return Err(format!("answers {} {start}", answer.status));
            }
        }
        Ok(())
    }

    /// Sends it once, over a connection that stays.
    ///
    /// # Errors
    /// A connection that breaks.
    pub fn send(&self, caller: &mut Connection, target: usize) -> Result<Answer, String> {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let method = if self.body.is_empty() { "GET" } else { "POST" };
        let target = self.targets.get(target).ok_or("no such target")?;
        caller
            .send(method, target, &headers, self.body)
            .map_err(|error| error.to_string())
    }
}
