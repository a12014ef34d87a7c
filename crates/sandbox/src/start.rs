use std::io;

use crate::config::Config;
use crate::control::Control;
use crate::sandbox::Sandbox;

impl Sandbox {
    /// Binds the addresses and serves them on the current tokio runtime.
    ///
    /// # Errors
    /// An address that cannot be bound, named in the text; a control address that is not loopback
    /// (`InvalidInput`), because whoever reaches it rules the sandbox.
    pub async fn start(config: Config) -> io::Result<Self> {
        if let Some(control) = config.control.filter(|control| !control.ip().is_loopback()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("control address {control} is not loopback; use 127.0.0.1 or [::1]"),
            ));
        }
        let sandbox = Self::open(config)?;
        if let Some(door) = sandbox.control() {
            let control = Control::new(sandbox.clone());
            sandbox.host(door, move |_, wire| control.clone().serve(wire));
        }
        Ok(sandbox)
    }
}
