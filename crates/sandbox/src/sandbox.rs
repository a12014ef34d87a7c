mod truth;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use crate::assumptions::Assumptions;
use crate::config::Config;
use crate::connection::Connection;
use crate::faults::{Fault, FaultKind, FaultRefused};
use crate::ledger::Vendor;
use crate::server::door::Door;
use crate::server::wire::Wire;
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

impl Sandbox {
    /// Binds the addresses and serves both vendors on the current tokio runtime.
    ///
    /// # Errors
    /// An address that cannot be bound, named in the text.
    pub(crate) fn open(config: Config) -> io::Result<Self> {
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
        sandbox.open_vendor(Vendor::Netex);
        sandbox.open_vendor(Vendor::Ispring);
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
        self.shared.stopped.send_replace(true);
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

    /// Back to the configuration: state, tokens, assumptions, faults, ledger and history. A delayed
    /// call from before changes nothing any more.
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

    /// Serves a vendor's door.
    fn open_vendor(&self, vendor: Vendor) {
        let world = Arc::clone(&self.shared.world);
        self.host(self.door(vendor), move |number, wire| {
            let connection = Connection {
                world: Arc::clone(&world),
                vendor,
                number,
                // Here and not in its task, so that faults count connections as they come.
                reset: world.lock().faults.strike_connection(vendor),
            };
            connection.serve(wire)
        });
    }

    /// The door of the control port, if the configuration asked for one.
    pub(crate) fn control(&self) -> Option<&Arc<Door>> {
        self.shared.control.as_ref()
    }

    /// Accepts until the door stops; each connection is a task that ends with the sandbox.
    pub(crate) fn host<S>(&self, door: &Arc<Door>, serve: impl Fn(u64, Wire) -> S + Send + 'static)
    where
        S: Future<Output = ()> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let door = Arc::clone(door);
        tokio::spawn(async move {
            loop {
                let number = shared.connections.fetch_add(1, Ordering::Relaxed);
                let Some(stream) = door.accept(number).await else {
                    return;
                };
                let serving = serve(number, Wire::new(stream));
                let mut stopped = shared.stopped.subscribe();
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    tokio::select! {
                        () = serving => {}
                        _ = stopped.wait_for(|stopped| *stopped) => {}
                    }
                    door.left(number);
                });
            }
        });
    }
}
