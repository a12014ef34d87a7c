//! What stands between a request and its vendor: connections, deadlines, retries, breaker, queue.

mod pool;
