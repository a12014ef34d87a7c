//! A process that a trial started, with what it wrote; ended with the trial.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// What it writes goes behind what stands in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let file = File::options().create(true).append(true).open(log);
        let file = file.expect("a log can be written");
        let both = file.try_clone().expect("a file can be had twice");
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(both)
            .spawn();
        let name = command.get_program().display();
        Self {
            child: child.unwrap_or_else(|error| panic!("{name}: {error}")),
            log: log.to_owned(),
        }
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child
            .try_wait()
            .expect("a child can be asked")
            .is_some()
    }

    /// SIGSTOP: it stands still, its connections stay.
    pub fn stop(&self) {
        signal(self.id(), Signal::STOP);
    }

    /// SIGCONT.
    pub fn go_on(&self) {
        signal(self.id(), Signal::CONT);
    }

    /// SIGKILL, and waits for the end. Also of one that stands still.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it has written.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Sends a signal to this one process.
pub fn signal(id: u32, signal: Signal) {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    let id = id.expect("a child has an id");
    kill_process(id, signal).expect("a child can be signalled");
}
