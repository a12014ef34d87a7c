//! What this binary is, as far as it was known when it was built.

/// Semantic Versioning.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Git's short hash of the commit, with `-dirty` where the tree differed. `None`: nobody knew it; debug builds
/// never do.
pub const REVISION: Option<&str> = option_env!("LMS_GATEWAY_BUILD_REVISION");

/// What it was built for, such as `x86_64-unknown-linux-gnu`.
pub const TARGET: Option<&str> = option_env!("LMS_GATEWAY_BUILD_TARGET");

/// `release` or `debug`.
pub const PROFILE: Option<&str> = option_env!("LMS_GATEWAY_BUILD_PROFILE");

/// As the compiler says it, with its own commit and date.
pub const RUSTC: Option<&str> = option_env!("LMS_GATEWAY_BUILD_RUSTC");

/// Cargo features that are switched on, in the order of the alphabet.
pub fn features() -> impl Iterator<Item = &'static str> {
    let all = option_env!("LMS_GATEWAY_BUILD_FEATURES").unwrap_or_default();
    all.split(',').filter(|name| !name.is_empty())
}
