//! How many retries an upstream may cost: a share of recent requests, so that an outage is not
//! multiplied (as linkerd does).

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(10);
/// Retries per requests of the window, in percent.
const SHARE: usize = 20;
/// Allowed in any window, so that a quiet gateway retries at all.
const RESERVE: usize = 10;

#[derive(Debug, Default)]
pub struct RetryBudget {
    /// Start of each second with its requests and retries.
    seconds: VecDeque<(Instant, usize, usize)>,
}

impl RetryBudget {
    pub fn request(&mut self, now: Instant) {
        self.second(now).1 += 1;
    }

    /// Takes one retry out of the budget, if there is one.
    pub fn take(&mut self, now: Instant) -> bool {
        self.forget(now);
        let (requests, retries) = self
            .seconds
            .iter()
            .fold((0, 0), |sum, second| (sum.0 + second.1, sum.1 + second.2));
        if retries >= RESERVE + requests * SHARE / 100 {
            return false;
        }
        self.second(now).2 += 1;
        true
    }

    fn forget(&mut self, now: Instant) {
        while self
            .seconds
            .front()
            .is_some_and(|(start, ..)| now.duration_since(*start) > WINDOW)
        {
            self.seconds.pop_front();
        }
    }

    fn second(&mut self, now: Instant) -> &mut (Instant, usize, usize) {
        self.forget(now);
        let fresh = self
            .seconds
            .back()
            .is_none_or(|(start, ..)| now.duration_since(*start) >= Duration::from_secs(1));
        if fresh {
            self.seconds.push_back((now, 0, 0));
        }
        let last = self.seconds.len() - 1;
        &mut self.seconds[last]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_failing_requests_cause_at_most_a_fifth_more() {
        let now = Instant::now();
        let mut budget = RetryBudget::default();
        let mut retries = 0;
        for _ in 0..1000 {
            budget.request(now);
            retries += usize::from(budget.take(now));
        }
        assert_eq!(retries, 210, "20 % and the reserve");
    }

    #[test]
    fn the_budget_comes_back() {
        let now = Instant::now();
        let mut budget = RetryBudget::default();
        while budget.take(now) {}
        assert!(!budget.take(now + Duration::from_secs(9)));
        assert!(budget.take(now + Duration::from_secs(11)));
    }
}
