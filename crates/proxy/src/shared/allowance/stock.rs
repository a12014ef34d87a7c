//! Permits that were taken ahead.

use std::time::Duration;

use tokio::time::Instant;

/// What is not used within so long is gone: it would be spent when its time is over.
const LIFE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub struct Stock {
    left: u32,
    until: Option<Instant>,
    /// How many there were when it was last filled up.
    size: u32,
}

impl Stock {
    /// Spends one.
    pub fn take(&mut self, now: Instant) -> bool {
        if self.until.is_none_or(|until| until <= now) || self.left == 0 {
            return false;
        }
        self.left -= 1;
        true
    }

    pub fn add(&mut self, permits: u32, now: Instant) {
        if self.until.is_some_and(|until| until <= now) {
            self.left = 0;
        }
        self.left += permits;
        // The one that its asker spends at once belongs to it.
        self.size = self.left + 1;
        self.until = Some(now + LIFE);
    }

    /// More should be asked for, so that nobody finds it empty.
    pub fn is_low(&self) -> bool {
        self.left <= self.size / 2
    }

    /// How many to take next: twice as many where the last were used up, else as many as were. Nothing is wasted
    /// where nobody comes.
    pub fn next(&self, now: Instant, most: u32) -> u32 {
        let (size, left) = match self.until {
            Some(until) if until <= now => (self.size.saturating_sub(self.left), 0),
            _ => (self.size.saturating_mul(2), self.left),
        };
        size.min(most).saturating_sub(left).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_with_what_is_used_and_run_out() {
        let (mut stock, now) = (Stock::default(), Instant::now());
        assert!(!stock.take(now));
        assert_eq!(stock.next(now, 100), 1);
        stock.add(0, now);
        assert!(!stock.take(now));
        assert_eq!(stock.next(now, 100), 2);
        stock.add(1, now);
        assert!(stock.take(now) && !stock.take(now));
        assert_eq!(stock.next(now, 100), 4);
        assert_eq!(stock.next(now, 3), 3);
        stock.add(3, now);
        assert!(stock.take(now) && stock.is_low());
        assert_eq!(stock.next(now + LIFE, 100), 2, "two of four were used");
        assert!(!stock.take(now + LIFE), "the rest is gone");
        stock.add(1, now + LIFE);
        assert!(stock.take(now + LIFE) && !stock.take(now + LIFE));
    }
}
