//! Scripts that run in the server, each in one step.

use redis::{Cmd, cmd};

use crate::metrics::StoreCommand;

/// A script, and the name that the server has for it.
#[derive(Debug)]
pub struct Script {
    text: &'static str,
    sha: String,
}

/// A script with what it is given.
#[derive(Debug)]
pub struct Call<'c> {
    /// What it is counted as.
    pub command: StoreCommand,
    pub script: &'c Script,
    /// Every key that it touches.
    pub keys: Vec<String>,
    pub arguments: Vec<Vec<u8>>,
    /// Whether it writes in any case: then its success says that the server takes writes.
    pub writes: bool,
}

impl Script {
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        let sha = redis::Script::new(text).get_hash().to_owned();
        Self { text, sha }
    }
}

impl Call<'_> {
    /// By the script's name; the server knows it from the second time on.
    pub(super) fn by_name(&self) -> Cmd {
        self.with(cmd("EVALSHA").arg(&self.script.sha))
    }

    /// By its text: a server that has started again knows no names.
    pub(super) fn by_text(&self) -> Cmd {
        self.with(cmd("EVAL").arg(self.script.text))
    }

    fn with(&self, command: &mut Cmd) -> Cmd {
        command.arg(self.keys.len()).arg(&self.keys);
        for argument in &self.arguments {
            command.arg(argument.as_slice());
        }
        command.clone()
    }
}
