//! What can happen to a store.

use std::time::Duration;

use super::commands::Reply;
use super::server::{StoreServer, wait};
use crate::process::Process;

impl StoreServer {
    /// SIGKILL: connections are reset, the port refuses.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// SIGSTOP: connections stand and can be opened, nothing is answered.
    pub fn stop(&self) {
        self.running().stop();
    }

    /// SIGCONT.
    pub fn go_on(&self) {
        self.running().go_on();
    }

    fn running(&self) -> &Process {
        self.process.as_ref().expect("it was not killed")
    }

    /// Killed, if it runs, and started again on the same port, with nothing.
    pub fn restart_empty(&mut self) {
        self.kill();
        let _ = std::fs::remove_file(self.folder().join("dump.rdb"));
        self.run();
    }

    /// Killed and started again on the same port, with all that it had.
    pub fn restart_with_its_data(&mut self) {
        self.command(&["SAVE"]);
        self.kill();
        self.run();
    }

    /// `FLUSHALL`.
    pub fn flush(&self) {
        self.command(&["FLUSHALL"]);
    }

    /// Streams whose names fit the pattern keep so many entries.
    pub fn trim(&self, pattern: &str, entries: usize) {
        for key in self.keys(pattern) {
            if self.command(&["TYPE", &key]).text() == "stream" {
                self.command(&["XTRIM", &key, "MAXLEN", &entries.to_string()]);
            }
        }
    }

    #[must_use]
    pub fn keys(&self, pattern: &str) -> Vec<String> {
        let keys = self.command(&["KEYS", pattern]).list();
        let mut keys: Vec<String> = keys.into_iter().map(Reply::text).collect();
        keys.sort();
        keys
    }

    /// No command is executed for so long, connections are taken.
    pub fn pause(&self, time: Duration) {
        self.command(&["CLIENT", "PAUSE", &time.as_millis().to_string(), "ALL"]);
    }

    /// Commands that write wait for so long, others do not.
    pub fn pause_writes(&self, time: Duration) {
        self.command(&["CLIENT", "PAUSE", &time.as_millis().to_string(), "WRITE"]);
    }

    /// `READONLY` (it has no replicas that it must have: `NOREPLICAS`), or not.
    pub fn refuse_writes(&self, refuse: bool) {
        let replicas = if refuse { "100" } else { "0" };
        self.command(&["CONFIG", "SET", "min-replicas-to-write", replicas]);
    }

    /// `OOM` for each command that could take memory, or not.
    pub fn fill_memory(&self, full: bool) {
        let limit = if full { "1" } else { "0" };
        self.command(&["CONFIG", "SET", "maxmemory", limit]);
    }

    /// Follows another server, whose data take the place of its own; refuses writes (`READONLY`).
    pub fn demote(&self, primary: &Self) {
        let (host, port) = (primary.address.ip().to_string(), primary.address.port());
        self.command(&["REPLICAOF", &host, &port.to_string()]);
    }

    /// A replica becomes a primary, whatever becomes of the one that it followed.
    pub fn promote(&self) {
        self.forget_primary();
        self.command(&["REPLICAOF", "NO", "ONE"]);
        wait("the promotion", || {
            self.info("replication").contains("role:master")
        });
    }

    /// All connections of others end.
    pub fn cut_connections(&self) {
        self.command(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    }
}
