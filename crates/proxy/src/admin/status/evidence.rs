//! How much evidence is kept. What is in it stands on a page of its own.

use serde::Serialize;

use super::html::Html;
use super::section::Section;
use crate::engine::Engine;
use crate::evidence::Held;

/// `null`: it is off.
#[derive(Serialize)]
pub struct EvidenceSection(Option<Held>);

impl EvidenceSection {
    pub fn of(engine: &Engine) -> Self {
        Self(engine.evidence().held())
    }
}

impl Section for EvidenceSection {
    fn html(&self, page: &mut Html) {
        page.heading("Evidence");
        let Some(held) = self.0 else {
            return page.paragraph("Off; `evidence: {}` in gateway.yaml turns it on.");
        };
        page.facts([
            ("Records", held.records.to_string().into()),
            ("Bytes", format!("{} of {}", held.bytes, held.budget).into()),
            ("Recorded since the start", held.recorded.to_string().into()),
            ("Dropped", held.dropped.to_string().into()),
        ]);
    }
}
