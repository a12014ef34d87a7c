//! What every hit of one operation needs, found once.

use contract::Operation;

use crate::cache::{Fences, SharedFence, part};

pub struct HitPlan {
    /// That of the operation's vendor.
    pub fence: SharedFence,
    /// The path parameters in the order of a key: their names as they stand there, and their places in the path.
    parameters: Vec<(String, usize)>,
    /// Further lines of each head.
    pub fields: Vec<u8>,
}

impl HitPlan {
    /// `fields` are lines of a head with their ends.
    #[must_use]
    pub fn new(operation: &Operation, fences: &Fences, fields: Vec<u8>) -> Self {
        let mut names: Vec<_> = operation.placeholders().zip(0..).collect();
        names.sort_unstable();
        let written = names.into_iter().map(|(name, place)| {
            let mut text = String::new();
            part(&mut text, name);
            (text, place)
        });
        Self {
            fence: fences.of(&operation.binding.upstream),
            parameters: written.collect(),
            fields,
        }
    }

    /// Writes the parameters of a key, out of the path's values in path order.
    pub fn write_key(&self, values: &[&str], text: &mut String) {
        for (name, place) in &self.parameters {
            text.push_str(name);
            part(text, values.get(*place).copied().unwrap_or_default());
        }
    }
}
