//! A deadline that moves with each request.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep_until};

/// To set a timer for each request and take it back costs as much as the rest of a hit's waiting. So it is set
/// once, rings at the deadline that was due then, and is moved on where another holds by now.
#[derive(Default)]
pub struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Ready from `until` on.
    pub fn poll(&mut self, until: Instant, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if sleep.deadline() > until {
            sleep.as_mut().reset(until);
        }
        loop {
            ready!(sleep.as_mut().poll(context));
            if sleep.deadline() >= until {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(until);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn rings_after(alarm: &mut Alarm, wait: Duration) -> Duration {
        let start = Instant::now();
        let until = start + wait;
        poll_fn(|context| alarm.poll(until, context)).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn it_rings_at_the_deadline_of_now_however_it_was_set() {
        let mut alarm = Alarm::default();
        for wait in [3, 1, 5, 5, 2, 0, 4] {
            let rang = rings_after(&mut alarm, SECOND * wait).await;
            // The timers of the runtime have a grain of a millisecond.
            assert!(
                rang >= SECOND * wait && rang < SECOND * wait + SECOND / 100,
                "{rang:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_earlier_deadline_that_was_given_up_does_not_count() {
        let mut alarm = Alarm::default();
        let early = Instant::now() + SECOND;
        let first = poll_fn(|context| Poll::Ready(alarm.poll(early, context))).await;
        assert!(first.is_pending());
        assert!(rings_after(&mut alarm, SECOND * 3).await >= SECOND * 3);
    }
}
