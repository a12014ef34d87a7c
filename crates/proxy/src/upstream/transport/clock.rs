//! The one timer of a vendor call.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::coop::{Unconstrained, unconstrained};
use tokio::time::Sleep;

/// Ends what waits for a vendor when the deadline has come. It is set only where something waits, and
/// once for all steps of a call: a timer a step cost 600 instructions each.
pub struct Clock<'s> {
    /// Without tokio's budget: a vendor that always has more bytes uses that up, and would never be late.
    sleep: Unconstrained<Pin<&'s mut Sleep>>,
}

impl<'s> Clock<'s> {
    pub fn new(sleep: Pin<&'s mut Sleep>) -> Self {
        Self {
            sleep: unconstrained(sleep),
        }
    }

    /// Ready once the deadline has come.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.sleep).poll(context)
    }
}
