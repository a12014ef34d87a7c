use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// One accepted connection. It can be ended from outside its task, which a fault that refuses and
/// a stop rely on: see [`end`].
#[derive(Debug)]
pub(crate) struct Wire {
    stream: Arc<TcpStream>,
}

const CHUNK: usize = 16 * 1024;

impl Wire {
    pub(crate) fn new(stream: Arc<TcpStream>) -> Self {
        Self { stream }
    }

    /// Appends what has come; 0 means that the client is done.
    pub(crate) async fn read(&self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let mut chunk = [0; CHUNK];
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut chunk) {
                Ok(read) => {
                    buffer.extend(chunk.iter().take(read));
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes what is the last, so that the end arrives with it. Between the two a client would take the
    /// connection for one that stays, and what it is told then would depend on the scheduler.
    pub(crate) async fn write_last(&self, bytes: &[u8]) -> io::Result<()> {
        SockRef::from(&*self.stream).set_tcp_cork(true)?;
        self.write(bytes).await?;
        end_writing(&self.stream)
    }

    /// Waits until the client gives up.
    pub(crate) async fn until_closed(&self) {
        let mut late = Vec::new();
        while matches!(self.read(&mut late).await, Ok(1..)) {
            late.clear();
        }
    }

    /// Ends with a reset: the client sees ECONNRESET, whatever it has read so far.
    pub(crate) fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }

    /// Says that nothing follows and drains what still comes, else the kernel answers unread bytes
    /// with a reset that can overtake the answer.
    pub(crate) async fn finish(self) {
        if end_writing(&self.stream).is_ok() {
            // A client that neither reads nor closes is left after a second.
            let _gone = timeout(Duration::from_secs(1), self.until_closed()).await;
        }
    }
}

fn end_writing(stream: &TcpStream) -> io::Result<()> {
    let second = std::net::TcpStream::from(stream.as_fd().try_clone_to_owned()?);
    second.shutdown(Shutdown::Write)
}

/// Ends a connection at once, from any thread: its task sees the end at its next read or write.
pub(crate) fn end(stream: &TcpStream) {
    if let Ok(second) = stream.as_fd().try_clone_to_owned() {
        // Refused only where the peer is gone already.
        let _gone = std::net::TcpStream::from(second).shutdown(Shutdown::Both);
    }
}
