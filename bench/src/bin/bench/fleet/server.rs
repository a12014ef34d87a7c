//! The store's own CPU, with members that this program plays: it runs the scripts that gateways run.

use trials::store::{Connection, Kind, Reply, StoreServer};

const BEATS: usize = 4000;
const APPENDS: usize = 400;
/// Writes that wake all members.
const WRITES: usize = 10;
/// Two tags, as a replaced room has.
const RECORD: &str = r#"{"member":"0123456789abcdef01234567-1","write":4217,"contract":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","tags":["room.id=\"4217\"","room.external_id=\"ROOM-4217\"","room.list"],"event":"begin","ms":70001}"#;

macro_rules! script {
    ($name:literal) => {
        concat!(
            include_str!("../../../../../crates/proxy/src/shared/redis/journal/common.lua"),
            include_str!(concat!(
                "../../../../../crates/proxy/src/shared/redis/journal/",
                $name
            ))
        )
    };
}

/// The keys of one account.
const KEYS: [&str; 2] = ["bench:journal:{a}", "bench:fleet:{a}"];
const WEEK: &str = "604800";

struct Played {
    server: StoreServer,
    connection: Connection,
    beat: String,
    append: String,
    epoch: String,
    /// The last entry: its number, and as the store names it.
    last: (String, String),
}

pub fn measure() -> Result<(), String> {
    println!("the store's CPU, by members of one account");
    println!("  server   members  a beat   an append  a write, all woken   beats, of a core");
    for kind in Kind::ALL {
        for members in [3, 10, 100, 1000] {
            let mut played = Played::start(kind, members)?;
            let beat = played.cpu_of(BEATS, |played, turn| played.beat(turn % members))?;
            let append = played.cpu_of(APPENDS, |played, _| played.append())?;
            for member in 0..members {
                played.beat(member)?;
            }
            let write = played.write(members)?;
            println!(
                "  {:<8} {members:>7}  {:>5.1} µs  {:>7.1} µs  {:>15.2} ms  {:>15.2} %",
                format!("{kind:?}"),
                beat * 1e6,
                append * 1e6,
                write * 1e3,
                beat * members as f64 * 4.0 * 100.0
            );
        }
    }
    Ok(())
}

impl Played {
    fn start(kind: Kind, members: usize) -> Result<Self, String> {
        let server = StoreServer::start(kind, super::setting::address());
        let mut connection = server.connect();
        let mut load = |text: &str| connection.ask(&["SCRIPT", "LOAD", text]).text();
        let (beat, append) = (load(script!("beat.lua")), load(script!("append.lua")));
        let mut played = Self {
            server,
            connection,
            beat,
            append,
            epoch: String::new(),
            last: ("0".to_owned(), "0-0".to_owned()),
        };
        for member in 0..members {
            played.beat(member)?;
        }
        Ok(played)
    }

    /// Seconds of the server's CPU for each turn.
    fn cpu_of(
        &mut self,
        turns: usize,
        run: impl Fn(&mut Self, usize) -> Result<(), String>,
    ) -> Result<f64, String> {
        let before = self.server.cpu();
        for turn in 0..turns {
            run(self, turn)?;
        }
        Ok((self.server.cpu() - before) / turns as f64)
    }

    /// One member that knows all but what came since its last beat.
    fn beat(&mut self, member: usize) -> Result<(), String> {
        let (member, token) = (
            format!("0123456789abcdef{member:08}-1"),
            "1234567890123456789",
        );
        let (number, id) = self.last.clone();
        let words = [
            "EVALSHA",
            &self.beat,
            "2",
            KEYS[0],
            KEYS[1],
            "fresh",
            WEEK,
            &member,
            token,
            &self.epoch,
            &number,
            &id,
            "512",
            "524288",
            "0",
        ];
        let Reply::List(list) = self.connection.ask(&words) else {
            return Err("a beat is refused".to_owned());
        };
        let [Reply::Text(epoch), _, _, _, Reply::List(entries)] = list.as_slice() else {
            return Err(format!("a beat is answered otherwise: {list:?}"));
        };
        self.epoch.clone_from(epoch);
        if let Some(Reply::List(entry)) = entries.last()
            && let [Reply::Text(id), Reply::List(fields)] = entry.as_slice()
            && let Some(Reply::Text(number)) = fields.get(1)
        {
            self.last = (number.clone(), id.clone());
        }
        Ok(())
    }

    fn append(&mut self) -> Result<(), String> {
        let words = [
            "EVALSHA",
            &self.append,
            "2",
            KEYS[0],
            KEYS[1],
            "fresh",
            WEEK,
            "150000",
            RECORD,
        ];
        match self.connection.ask(&words) {
            Reply::List(_) => Ok(()),
            other => Err(format!("an append is answered otherwise: {other:?}")),
        }
    }

    /// Seconds of the server's CPU for a write: its begin and its end, each of which wakes all members, who beat.
    fn write(&mut self, members: usize) -> Result<f64, String> {
        let connections = (0..members).map(|_| Connection::open(self.server.address));
        let connections: Option<Vec<Connection>> = connections.collect();
        let mut listeners = connections.ok_or("the server takes no more connections")?;
        let before = self.server.cpu();
        for _ in 0..WRITES * 2 {
            self.beat(0)?;
            let after = self.last.1.clone();
            for listener in &mut listeners {
                listener.send(&[
                    "XREAD", "COUNT", "1", "BLOCK", "20000", "STREAMS", KEYS[0], &after,
                ]);
            }
            self.append()?;
            for listener in &mut listeners {
                if !matches!(listener.read(), Reply::List(_)) {
                    return Err("a member was not woken".to_owned());
                }
            }
            let behind = self.last.clone();
            for member in 0..members {
                self.last.clone_from(&behind);
                self.beat(member)?;
            }
        }
        Ok((self.server.cpu() - before) / WRITES as f64)
    }
}
