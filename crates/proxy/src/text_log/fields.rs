//! What an event says, as texts.

use std::fmt::Debug;

use tracing::field::{Field, Visit};

/// The fields of one event in its order.
#[derive(Default)]
pub struct Fields {
    pub message: String,
    rest: Vec<(&'static str, String)>,
}

impl Fields {
    /// The value of a field, which is gone from the rest.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.rest.iter().position(|(known, _)| *known == name)?;
        Some(self.rest.remove(at).1)
    }

    /// What is left, without what the crate `log` says of the place in the code.
    pub fn rest(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let said = self
            .rest
            .iter()
            .filter(|(name, _)| !name.starts_with("log."));
        said.map(|(name, value)| (*name, value.as_str()))
    }

    fn put(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.message = value,
            name => self.rest.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.to_owned());
    }

    /// Times in milliseconds: more digits tell people nothing.
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, format!("{value:.2}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }
}
