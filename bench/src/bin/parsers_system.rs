//! The parsing libraries alone, with the allocator of the system.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    bench::alone::main()
}
