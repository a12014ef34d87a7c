//! One open connection to a vendor.

use std::pin::Pin;
use std::task::{Context, Waker};

use pingora::protocols::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// TCP, with TLS upon it or without. Dropping it closes it.
///
/// It has no buffers and no task: while it is idle in the pool it costs its socket, and what TLS keeps.
pub struct Connection {
    pub stream: Stream,
    pub tls: bool,
}

impl Connection {
    /// Whether it is open and the vendor has sent nothing that nobody asked for: an answer to a request
    /// that was never made must not become the answer to the next. Asks no kernel where nothing came.
    pub fn is_idle(&mut self) -> bool {
        let mut byte = [0];
        let mut context = Context::from_waker(Waker::noop());
        Pin::new(&mut self.stream)
            .poll_read(&mut context, &mut ReadBuf::new(&mut byte))
            .is_pending()
    }
}

impl Drop for Connection {
    /// RFC 8446 §6.1: whoever will write no more says so. Only what the socket takes at once is said.
    fn drop(&mut self) {
        if self.tls {
            let mut context = Context::from_waker(Waker::noop());
            let _it_may_be_gone = Pin::new(&mut self.stream).poll_shutdown(&mut context);
        }
    }
}
