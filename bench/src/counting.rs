//! The gateway with an allocator that counts, as a process beside this one.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use crate::server::free_address;

/// The variable with the address at which the process tells its counts, one line for each connection.
pub const ADDRESS: &str = "COUNTS_LISTEN";

/// Calls of the allocator since the start, and the bytes that are not freed. Only what Rust allocates is seen, not C (zlib).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub allocations: u64,
    /// Blocks that became larger or smaller.
    pub reallocations: u64,
    pub live: u64,
    /// The most that ever were live at once.
    pub peak: u64,
}

impl Counts {
    /// Blocks that were made or became larger or smaller.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.allocations + self.reallocations
    }
}

/// Where a process with a counting allocator tells its counts.
#[derive(Debug, Clone, Copy)]
pub struct Counter {
    address: SocketAddr,
}

impl Counter {
    /// The command of the binary `counting`, which will tell its counts to the counter.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub fn new(binary: &str) -> Result<(Self, Command), String> {
        let address = free_address()?;
        let mut command = Command::new(binary);
        command.env(ADDRESS, address.to_string());
        Ok((Self { address }, command))
    }

    /// # Errors
    /// A process that is gone.
    pub fn read(&self) -> Result<Counts, String> {
        let failed = |error: std::io::Error| format!("the counting gateway: {error}");
        let stream = TcpStream::connect(self.address).map_err(failed)?;
        let mut line = String::new();
        BufReader::new(stream)
            .read_line(&mut line)
            .map_err(failed)?;
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || match numbers.next() {
            Some(Ok(number)) => Ok(number),
            _ => Err(format!("no counts: {line}")),
        };
        Ok(Counts {
            allocations: next()?,
            reallocations: next()?,
            live: next()?,
            peak: next()?,
        })
    }
}
