//! When a read began, and what a write says of it.

use std::time::{Duration, Instant};

/// When a read began: before its vendor call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    pub(super) number: u64,
    pub(super) at: Instant,
}

impl Ticket {
    /// When the read began; ages count from here.
    #[must_use]
    pub fn at(self) -> Instant {
        self.at
    }

    /// The same for what was read so long before: it is as new as the fence knows, and older by the clock.
    #[must_use]
    pub fn aged(self, age: Duration) -> Self {
        Self {
            at: self.at.checked_sub(age).unwrap_or(self.at),
            ..self
        }
    }

    /// Whether every write that was answered when `reader` began was answered before this one too.
    #[must_use]
    pub fn began_after(self, reader: Self) -> bool {
        self.number >= reader.number && self.at >= reader.at
    }
}

/// Tickets below `number`, and those taken before `until`, are void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Stamp {
    pub(super) number: u64,
    /// The end of the time in which a write of unknown outcome may still be applied.
    pub(super) until: Option<Instant>,
}

impl Stamp {
    pub(super) const NONE: Self = Self {
        number: 0,
        until: None,
    };

    pub(super) fn passes(self, ticket: Ticket) -> bool {
        self.is_before(ticket) && self.until.is_none_or(|until| ticket.at >= until)
    }

    /// Whether the writes had been answered, known or not, when the ticket was taken.
    pub(super) fn is_before(self, ticket: Ticket) -> bool {
        ticket.number >= self.number
    }

    pub(super) fn raise(&mut self, other: Self) {
        self.number = self.number.max(other.number);
        self.until = self.until.max(other.until);
    }
}
