//! A terminal that a test holds the other end of.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What a process writes to it lies in a buffer of some kilobytes until somebody reads; dropped, it is a terminal
/// whose window was closed.
pub struct Terminal {
    ours: File,
    theirs: PathBuf,
}

impl Terminal {
    pub fn open() -> Self {
        // No process that a test starts may hold our end open.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let ours = openpt(flags).expect("a terminal");
        grantpt(&ours).expect("it is ours");
        unlockpt(&ours).expect("it is ours");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        Self {
            ours: File::from(ours),
            theirs: PathBuf::from(name.into_string().expect("a plain name")),
        }
    }

    /// The end of a process, as its input or output. It does not become the one that the tests run on.
    pub fn stdio(&self) -> Stdio {
        let noctty = i32::try_from(OFlags::NOCTTY.bits()).expect("a flag of open(2)");
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(noctty)
            .open(&self.theirs);
        Stdio::from(opened.expect("the terminal opens"))
    }

    /// Reads from now on; what was shown so far can be asked for.
    pub fn read(&self) -> Shown {
        let shown = Shown::default();
        let (mut ours, kept) = (self.ours.try_clone().expect("a descriptor"), shown.clone());
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // Its end is an error (EIO): the last process has closed it.
            while let Ok(count @ 1..) = ours.read(&mut chunk) {
                let mut bytes = kept.0.lock().expect("nobody panics with it");
                bytes.extend_from_slice(&chunk[..count]);
            }
        });
        shown
    }
}

/// What came to a terminal.
#[derive(Clone, Default)]
pub struct Shown(Arc<Mutex<Vec<u8>>>);

impl Shown {
    pub fn text(&self) -> String {
        let bytes = self.0.lock().expect("nobody panics with it");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
