//! A fleet, its store, the network between, and callers.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use sandbox::{Fault, FaultKind, Room, When};

use crate::caller::Crowd;
use crate::clock::tick;
use crate::fleet::{Fleet, Plan};
use crate::gateway::{Door, Gateway};
use crate::oracle::{Amnesty, Verdict, judge};
use crate::record::Record;
use crate::store::{Kind, StoreServer, wait};
use crate::tunnel::{Network, Tunnel};

/// How long a member that was told of nothing may serve from its cache, and a little.
const LEASE: Duration = Duration::from_millis(1300);

pub struct Stage {
    pub fleet: Fleet,
    pub store: StoreServer,
    /// All members ask the store through it.
    pub tunnel: Tunnel,
    address: fn() -> SocketAddr,
    amnesties: Vec<Amnesty>,
    /// A room that nobody writes.
    quiet: u64,
}

impl Stage {
    #[must_use]
    pub fn new(kind: Kind, plan: &Plan) -> Self {
        let store = StoreServer::start(kind, (plan.address)());
        let tunnel = Tunnel::start((plan.address)(), store.address);
        let fleet = plan.start(&[&tunnel.url()]);
        fleet.settle();
        let quiet = fleet.sandbox.put_room(Room::new(0, "quiet", "quiet")).id;
        Self {
            fleet,
            quiet,
            store,
            tunnel,
            address: plan.address,
            amnesties: Vec::new(),
        }
    }

    /// The next answer to each kind of write is lost after the vendor carried it out; other answers are on the way
    /// while further calls are carried out.
    pub fn trouble_vendor(&self) {
        let sandbox = &self.fleet.sandbox;
        sandbox.clear_faults();
        for operation in ["netex.replace", "netex.create", "netex.delete"] {
            sandbox.add_fault(Fault::next(operation, When::After, FaultKind::Reset));
        }
        for (operation, ms) in [
            ("netex.get", 2),
            ("netex.list", 3),
            ("netex.replace", 2),
            ("netex.create", 1),
        ] {
            sandbox.add_fault(Fault::every(
                operation,
                When::After,
                FaultKind::Delay { ms },
            ));
        }
    }

    /// So many callers go through all doors while `script` runs; what they were answered is judged.
    pub fn play(&mut self, callers: u64, script: impl FnOnce(&mut Self, &Crowd)) -> Verdict {
        let crowd = Crowd::of(&self.fleet.sandbox);
        let doors: Vec<Door> = self.fleet.gateways.iter().map(Gateway::door).collect();
        let mut record = Record::default();
        self.trouble_vendor();
        thread::scope(|scope| {
            let (crowd, doors) = (&crowd, &doors);
            let callers: Vec<_> = (0..callers)
                .map(|number| scope.spawn(move || crowd.call(number, doors)))
                .collect();
            {
                // A script that fails must not leave the callers running.
                let _end = End(crowd);
                script(self, crowd);
            }
            for caller in callers {
                record.extend(caller.join().expect("a caller does not panic"));
            }
        });
        judge(&self.fleet.sandbox, record, &self.amnesties)
    }

    /// Waits until each member that runs serves from its cache: what a young epoch may have lost is over.
    pub fn warm(&self) {
        self.fleet.settle();
        for gateway in self.fleet.gateways.iter().filter(|one| one.is_open()) {
            let target = format!("/v1/rooms/{}", self.quiet);
            wait("a hit", || gateway.request("GET", &target, "").is_hit());
        }
    }

    /// Writes that are answered while this runs need be seen only once all are one fleet again.
    pub fn uncoordinated(&mut self, run: impl FnOnce(&mut Self)) {
        let begin = tick();
        run(self);
        self.fleet.settle();
        thread::sleep(LEASE);
        self.amnesties.push((begin, tick()));
    }

    /// The network is so for some time, and open again.
    pub fn network(&self, network: Network, time: Duration) {
        self.tunnel.set(network);
        thread::sleep(time);
        self.tunnel.set(Network::Open);
    }

    /// The primary dies, its replica is promoted, and the name leads there.
    pub fn fail_over(&mut self) {
        let replica = self.store.replica((self.address)());
        self.store.kill();
        replica.promote();
        self.tunnel.lead_to(replica.address);
        self.store = replica;
    }
}

struct End<'c>(&'c Crowd);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}
