//! Circles that are known and stay, each with its reason.

pub struct Recursion {
    /// A file's path without `.rs`: the file and the folder of its name.
    pub place: &'static str,
    pub reason: &'static str,
}

pub const ALL: &[Recursion] = &[Recursion {
    place: "crates/validate/src/node",
    reason: "a value has members, and those are values",
}];

impl Recursion {
    pub fn covers(&self, file: &str) -> bool {
        file.strip_prefix(self.place)
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }
}

/// Whether both files are of one documented circle.
pub fn holds(from: &str, to: &str) -> bool {
    ALL.iter()
        .any(|recursion| recursion.covers(from) && recursion.covers(to))
}
