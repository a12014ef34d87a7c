use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use crate::assumptions::Assumptions;
use crate::config::Config;
use crate::control::Control;
use crate::day::Day;
use crate::faults::{Fault, FaultKind, FaultRefused};
use crate::ledger::{Recorded, Vendor};
use crate::room::Room;
use crate::server::connection::Connection;
use crate::server::door::Door;
use crate::server::wire::Wire;
use crate::state::{Change, Subject};
use crate::world::World;

/// A running sandbox; a cheap handle. It runs until [`Sandbox::stop`] or the end of the runtime,
/// also when all handles are gone.
#[derive(Clone, Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    world: Arc<World>,
    netex: Arc<Door>,
    ispring: Arc<Door>,
    control: Option<Arc<Door>>,
    connections: AtomicU64,
    stopped: watch::Sender<bool>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("external_id {external_id:?} belongs to room {by}; give it another one")]
pub(crate) struct ExternalIdTaken {
    external_id: String,
    by: u64,
}

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
        let open = |address| Door::open(address).map(Arc::new);
        let shared = Arc::new(Shared {
            netex: open(config.netex)?,
            ispring: open(config.ispring)?,
            control: config.control.map(open).transpose()?,
            world: Arc::new(World::new(config)),
            connections: AtomicU64::new(1),
            stopped: watch::Sender::new(false),
        });
        let sandbox = Self { shared };
        tokio::spawn(sandbox.clone().serve(Vendor::Netex));
        tokio::spawn(sandbox.clone().serve(Vendor::Ispring));
        if let Some(door) = &sandbox.shared.control {
            tokio::spawn(sandbox.clone().serve_control(Arc::clone(door)));
        }
        Ok(sandbox)
    }

    pub fn netex_addr(&self) -> SocketAddr {
        self.shared.netex.address()
    }

    pub fn ispring_addr(&self) -> SocketAddr {
        self.shared.ispring.address()
    }

    /// `None` where the configuration asked for no control port.
    pub fn control_addr(&self) -> Option<SocketAddr> {
        self.shared.control.as_ref().map(|door| door.address())
    }

    /// Ends listeners and connections; from the return on, nobody can connect. State and ledger
    /// stay readable.
    pub fn stop(&self) {
        
        for door in self.doors() {
            door.stop();
        }
    }

    /// Adds a fault behind those that wait already; the first that matches a call strikes it.
    ///
    /// # Panics
    /// Where [`Fault::check`] refuses: a fault that cannot strike would make a test pass for
    /// nothing.
    pub fn add_fault(&self, fault: Fault) {
        let added = self.try_add_fault(fault);
        assert!(added.is_ok(), "the fault is refused: {added:?}");
    }

    /// As [`Sandbox::add_fault`].
    ///
    /// # Errors
    /// Those of [`Fault::check`].
    pub fn try_add_fault(&self, fault: Fault) -> Result<(), FaultRefused> {
        let refuses = fault.kind == FaultKind::Refuse;
        let pattern = fault.pattern()?;
        self.shared.world.lock().faults.add(fault)?;
        if refuses {
            for vendor in [Vendor::Netex, Vendor::Ispring] {
                if pattern.concerns(vendor) {
                    self.door(vendor).refuse();
                }
            }
        }
        Ok(())
    }

    /// The faults that still wait, with what is left of their counts.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.world.lock().faults.waiting()
    }

    /// Forgets all faults and listens again where it refused. A call that hangs already goes on
    /// hanging.
    ///
    /// # Panics
    /// Where the system no longer lets the port be listened on.
    pub fn clear_faults(&self) {
        let cleared = self.try_clear_faults();
        assert!(cleared.is_ok(), "the port is lost: {cleared:?}");
    }

    pub(crate) fn try_clear_faults(&self) -> io::Result<()> {
        self.shared.world.lock().faults.clear();
        self.shared.netex.reopen()?;
        self.shared.ispring.reopen()
    }

    pub fn assumptions(&self) -> Assumptions {
        self.shared.world.lock().rules.clone()
    }

    /// Changes the switches in place; the next request sees all changes.
    pub fn set_assumptions(&self, change: impl FnOnce(&mut Assumptions)) {
        change(&mut self.shared.world.lock().rules);
    }

    /// Every request seen, in order, as far as [`Config::ledger_limit`] reaches.
    pub fn ledger(&self) -> Vec<Recorded> {
        self.shared.world.lock().ledger.entries()
    }

    /// How many requests the limit has pushed out of the ledger since it was last cleared.
    pub fn ledger_forgotten(&self) -> u64 {
        self.shared.world.lock().ledger.forgotten()
    }

    pub fn clear_ledger(&self) {
        self.shared.world.lock().ledger.clear();
    }

    /// Every change of the state, in order, as far as [`Config::ledger_limit`] reaches.
    pub fn history(&self) -> Vec<Change> {
        self.shared.world.lock().history()
    }

    /// The true rooms, by id.
    pub fn rooms(&self) -> Vec<Room> {
        self.shared.world.lock().state.rooms().cloned().collect()
    }

    pub fn room(&self, id: u64) -> Option<Room> {
        self.shared.world.lock().state.room(id).cloned()
    }

    pub fn room_named(&self, external_id: &str) -> Option<Room> {
        let inner = self.shared.world.lock();
        inner.state.room_named(external_id).cloned()
    }

    /// Stores a room as if by the vendor's own pages: new with id 0, else in place of the one with
    /// its id. Returns it with its id and version.
    ///
    /// # Panics
    /// Where another room has its external id, which the vendor rules out.
    #[allow(clippy::panic)] // invariant: documented above; only tests call it
    pub fn put_room(&self, room: Room) -> Room {
        self.try_put_room(room)
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    pub(crate) fn try_put_room(&self, room: Room) -> Result<Room, ExternalIdTaken> {
        let mut inner = self.shared.world.lock();
        if let Some(external_id) = &room.external_id
            && let Some(other) = inner.state.room_named(external_id)
            && other.id != room.id
        {
            return Err(ExternalIdTaken {
                external_id: external_id.clone(),
                by: other.id,
            });
        }
        let room = inner.state.write_room(room);
        inner.note(None, Subject::Room(room.clone()));
        Ok(room)
    }

    /// Takes a room away as if by the vendor's own pages.
    pub fn remove_room(&self, id: u64) -> Option<Room> {
        let mut inner = self.shared.world.lock();
        let room = inner.state.remove_room(id)?;
        inner.note(None, Subject::RoomDeleted(room.clone()));
        Some(room)
    }

    /// The true training days, by id.
    pub fn days(&self) -> Vec<Day> {
        self.shared.world.lock().state.days().cloned().collect()
    }

    pub fn day(&self, day_id: &str) -> Option<Day> {
        self.shared.world.lock().state.day(day_id).cloned()
    }

    /// Stores a day as if by the vendor's own pages; returns it with its version.
    pub fn put_day(&self, day: Day) -> Day {
        let mut inner = self.shared.world.lock();
        let day = inner.state.write_day(day);
        inner.note(None, Subject::Day(day.clone()));
        day
    }

    /// How many iSpring tokens would be taken now.
    pub fn valid_tokens(&self) -> usize {
        self.shared.world.lock().state.valid_tokens()
    }

    /// Every iSpring token is refused from now on, before its time.
    pub fn revoke_tokens(&self) {
        self.shared.world.lock().state.forget_tokens();
    }

    /// Every iSpring token is refused from now on, as after its lifetime; on the wire the vendor
    /// makes no difference.
    pub fn expire_tokens(&self) {
        self.revoke_tokens();
    }

    /// Back to the configuration: state, tokens, assumptions, faults, ledger and history.
    ///
    /// # Panics
    /// As [`Sandbox::clear_faults`].
    pub fn reset(&self) {
        let reset = self.try_reset();
        assert!(reset.is_ok(), "the port is lost: {reset:?}");
    }

    pub(crate) fn try_reset(&self) -> io::Result<()> {
        self.shared.world.reset();
        self.try_clear_faults()
    }

    fn door(&self, vendor: Vendor) -> &Arc<Door> {
        match vendor {
            Vendor::Netex => &self.shared.netex,
            Vendor::Ispring => &self.shared.ispring,
        }
    }

    fn doors(&self) -> impl Iterator<Item = &Arc<Door>> {
        [&self.shared.netex, &self.shared.ispring]
            .into_iter()
            .chain(&self.shared.control)
    }

    async fn serve(self, vendor: Vendor) {
        let door = Arc::clone(self.door(vendor));
        loop {
            let number = self.shared.connections.fetch_add(1, Ordering::Relaxed);
            let Some(stream) = door.accept(number).await else {
                return;
            };
            let wire = Wire::new(stream);
            if self.shared.world.lock().faults.strike_connection(vendor) {
                // Fails only where the peer is gone already.
                let _gone = wire.reset();
                door.left(number);
                continue;
            }
            let connection = Connection {
                world: Arc::clone(&self.shared.world),
                vendor,
                number,
            };
            let door = Arc::clone(&door);
            let mut stopped = self.shared.stopped.subscribe();
            tokio::spawn(async move {
                tokio::select! {
                    () = connection.serve(wire) => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
                door.left(number);
            });
        }
    }

    async fn serve_control(self, door: Arc<Door>) {
        loop {
            let number = self.shared.connections.fetch_add(1, Ordering::Relaxed);
            let Some(stream) = door.accept(number).await else {
                return;
            };
            let control = Control::new(self.clone());
            let door = Arc::clone(&door);
            let mut stopped = self.shared.stopped.subscribe();
            tokio::spawn(async move {
                tokio::select! {
                    () = control.serve(Wire::new(stream)) => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
                door.left(number);
            });
        }
    }
}
