//! The gateway with an allocator that counts its calls and bytes, for `./dev gate` and `./dev bench memory`.
//!
//! The system's allocator stands below, not mimalloc: what is counted is what the program asks for.
#![forbid(unsafe_code)]

use std::alloc::System;
use std::io::Write;
use std::net::TcpListener;
use std::process::ExitCode;

use cap::Cap;
use stats_alloc::StatsAlloc;

static CALLS: StatsAlloc<System> = StatsAlloc::system();

#[global_allocator]
static BYTES: Cap<&StatsAlloc<System>> = Cap::new(&CALLS, usize::MAX);

/// Arguments: those of `lms-gateway`. The environment says where to tell the counts.
fn main() -> ExitCode {
    let listener = std::env::var(bench::counting::ADDRESS).map(TcpListener::bind);
    if let Ok(Ok(listener)) = listener {
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let calls = CALLS.stats();
                let (live, peak) = (BYTES.allocated(), BYTES.max_allocated());
                let _ = writeln!(
                    stream,
                    "{} {} {live} {peak}",
                    calls.allocations, calls.reallocations
                );
            }
        });
    }
    proxy::cli::main()
}
