//! Whether the store that replicas share can be used from here, and is one that a fleet can rest on.

use std::sync::Arc;
use std::time::Duration;

use super::advice::Trouble;
use super::examined::Examined;
use super::step_log::{StepLog, Verdict};
use crate::metrics::Metrics;
use crate::secret::Vault;
use crate::settings::SharedSettings;
use crate::shared::StoreError;
use crate::shared::redis::examination::{Examination, ServerFacts};
use crate::shared::redis::{OpenError, RedisStore, Refusal};

const NAMES: [&str; 6] = [
    "secrets", "connect", "server", "memory", "replicas", "rights",
];
/// For the connections of the last step.
const LIMIT: Duration = Duration::from_secs(3);

/// Tries what a member does. What it writes is of an account of nobody's, and is taken away again.
///
/// # Errors
/// What keeps this process from trying at all.
pub fn examine(
    shared: &SharedSettings,
    vault: &Vault,
    metrics: &Arc<Metrics>,
) -> Result<Examined, String> {
    // The store's tasks run beside what waits for them.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let mut log = StepLog::new(&NAMES);
    let mut address = String::new();
    let opened = Examination::open(shared, vault).map_err(|error| secrets(&error));
    let count = shared.secrets().count();
    let found = format!("{count} were found");
    if let Some(examination) = log.end("secrets", opened.map(|opened| (opened, found))) {
        address = examination.address();
        let facts = runtime.block_on(examination.facts());
        let facts = facts.map_err(|refusal| connect(&refusal));
        let facts = facts.map(|facts| {
            let detail = format!("{} took the connection and the login", facts.address);
            (facts, detail)
        });
        if let Some(facts) = log.end("connect", facts) {
            judge(&mut log, &facts, shared.replicas);
            if log.goes_on() {
                let tried = RedisStore::open(shared, vault, metrics, runtime.handle())
                    .map_err(|error| secrets(&error))
                    .and_then(|store| {
                        let tried = runtime.block_on(store.try_out(LIMIT));
                        tried.map_err(|error| rights(&error))
                    });
                let detail = "all that a member does was done and taken away again";
                log.end("rights", tried.map(|()| ((), detail.to_owned())));
            }
        }
    }
    // A connection that hangs would hold up the end of the process.
    runtime.shutdown_background();
    Ok(Examined {
        name: "shared".to_owned(),
        base_url: address,
        steps: log.into_all(),
    })
}

/// What the server is and how it is set.
fn judge(log: &mut StepLog, facts: &ServerFacts, wanted: u32) {
    let name = if facts.is_valkey { "Valkey" } else { "Redis" };
    let server = format!(
        "{name} {}, a primary and no cluster, {} connections at most",
        facts.version, facts.max_clients
    );
    log.end(
        "server",
        if facts.is_new_enough() {
            Ok(((), server))
        } else {
            Err(Trouble {
                detail: server,
                fix: "Use Redis 7 or Valkey 8, or later.".to_owned(),
            })
        },
    );
    let limit = match facts.max_memory {
        0 => "no limit of memory".to_owned(),
        bytes => format!("{bytes} bytes"),
    };
    let memory = format!("{limit}, {}", facts.eviction);
    log.end(
        "memory",
        if facts.eviction == "noeviction" {
            Ok(((), memory))
        } else {
            Err(Trouble {
                detail: memory,
                fix: "Set `maxmemory-policy noeviction`: any other throws the journal away in silence when memory is short.".to_owned(),
            })
        },
    );
    let connected = format!("{} follow, `shared.replicas` is {wanted}", facts.replicas);
    if wanted == 0 {
        return log.put("replicas", Verdict::Skipped, connected, None);
    }
    log.end(
        "replicas",
        if facts.replicas >= u64::from(wanted) {
            Ok(((), connected))
        } else {
            Err(Trouble {
                detail: connected,
                fix: "Connect so many replicas, or lower `shared.replicas`: with fewer nothing counts, and no gateway has a lease.".to_owned(),
            })
        },
    );
}

fn secrets(error: &OpenError) -> Trouble {
    let fix = match error {
        OpenError::Cluster(_) => CLUSTER,
        _ => {
            "Give the process the variables and files that `shared` names, as `serve` will have them."
        }
    };
    Trouble {
        detail: error.to_string(),
        fix: fix.to_owned(),
    }
}

const CLUSTER: &str =
    "Use one primary: a managed service has an endpoint with the mode of clusters off.";

fn connect(refusal: &Refusal) -> Trouble {
    let error = StoreError::from(refusal.clone());
    let fix = match (&error, refusal) {
        (_, Refusal::Cluster) => CLUSTER,
        (StoreError::ReadOnly(_), _) => {
            "Name the endpoint of the primary, or the sentinels (`shared.sentinel`)."
        }
        (StoreError::Unexpected(text), _)
            if text.starts_with("WRONGPASS")
                || text.starts_with("NOAUTH")
                || text.contains("login was refused") =>
        {
            "Put the user and password of the store where `shared` reads them."
        }
        (StoreError::Unexpected(text), _) if text.starts_with("NOPERM") => RIGHTS,
        (StoreError::NotReady(_), _) => "Wait until it has read its data, then try again.",
        _ => {
            "Check host and port in `shared.url`, whether it wants TLS (`rediss://`), and that firewall or NetworkPolicy let this machine there."
        }
    };
    Trouble {
        detail: error.to_string(),
        fix: fix.to_owned(),
    }
}

const RIGHTS: &str = "Give the user of the store the rights of docs/fleet.md (`deploy/store/users.acl`), for keys that begin with `shared.prefix`.";

fn rights(error: &StoreError) -> Trouble {
    let fix = match error {
        StoreError::Unexpected(_) => RIGHTS,
        StoreError::OutOfMemory => "Give the server more memory (`maxmemory`).",
        StoreError::TooFewReplicas(_) => {
            "Bring the replicas back, or lower `shared.replicas`: `WAIT` counted too few."
        }
        StoreError::ReadOnly(_) => {
            "See why the server takes no writes; `INFO replication` says more."
        }
        _ => {
            "The server or the way to it is slower than a quarter of a second: put it nearer, or see what keeps it busy (`SLOWLOG GET`)."
        }
    };
    Trouble {
        detail: error.to_string(),
        fix: fix.to_owned(),
    }
}
