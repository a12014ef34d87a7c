//! Between a request and its vendor: connections, TLS, HTTP, credentials, deadlines, breaker, queue.

mod breaker;
mod credential_places;
mod credentials;
mod deadlines;
mod gauges;
mod pool;
mod queue;
mod rate;
mod retries;
mod retry_after;
mod secrets;
mod tls;
mod token_endpoint;
mod tokens;
mod vendor_words;
mod wire;
