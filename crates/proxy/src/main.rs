//! The `lms-gateway` command.
#![forbid(unsafe_code)]

/// A request makes many small allocations, and those of the system cost a fifth of a cache hit.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    proxy::cli::main()
}
