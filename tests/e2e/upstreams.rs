//! What stands between a request and its vendor: connections, deadlines, retries, breaker, queue.

mod breaker;
mod deadlines;
mod gauges;
mod pool;
mod queue;
mod retries;
mod retry_after;
