//! The ways to a server: who we are there, TLS, sockets, sentinels; and servers that are none of ours.

use std::time::Duration;

use proxy::shared::redis::OpenError;
use proxy::shared::{Account, Beat, Health, Journal, MemberId, StoreError};

use super::opened::{Opened, open, settings, try_open};
use crate::support::ports::free_port;
use crate::support::redis::{Kind, Sentinel, StoreServer, store};
use crate::support::tls::{Authority, Life};

const RETENTION: Duration = Duration::from_secs(150);

async fn append(opened: &Opened) -> Result<u64, StoreError> {
    let account = Account::new("https://v.example", "a");
    let appended = opened.store.append(&account, b"x", RETENTION).await;
    appended.map(|appended| appended.number)
}

fn works(shared: &str) {
    let opened = try_open(shared).unwrap_or_else(|error| panic!("{shared}: {error}"));
    opened.runtime.block_on(async {
        opened.until_up().await;
        append(&opened).await.unwrap();
    });
}

/// The server is asked, and answers so.
fn fails(shared: &str, expected: &str) {
    let opened = try_open(shared).unwrap_or_else(|error| panic!("{shared}: {error}"));
    opened.runtime.block_on(async {
        opened
            .until(expected, |health| {
                let away = health.away.as_ref().map(ToString::to_string);
                away.is_some_and(|text| text.contains(expected))
            })
            .await;
        assert_eq!(append(&opened).await, Err(StoreError::Away));
    });
}

/// The user of `docs/fleet.md`, which says what it needs.
fn acl(password: &str) -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("docs/fleet.md")).unwrap();
    let lines = text
        .lines()
        .filter(|line| line.starts_with("user lms-gateway on "));
    let rules: Vec<&str> = lines.map(|line| line.trim_start_matches("user ")).collect();
    assert_eq!(rules.len(), 1, "docs/fleet.md shows one user");
    let words = rules[0].replace(">PASSWORD", &format!(">{password}"));
    words.split(' ').map(str::to_owned).collect()
}

fn with_user(server: &StoreServer, password: &str) {
    let words = acl(password);
    let mut command = vec!["ACL", "SETUSER"];
    command.extend(words.iter().map(String::as_str));
    server.command(&command);
}

#[test]
fn the_user_of_the_documentation_can_do_what_we_ask_and_no_more() {
    for kind in Kind::ALL {
        let server = store(kind);
        with_user(&server, "sesame");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "sesame\n").unwrap();
        let login = format!(
            ", username: lms-gateway, password: {{file: {}}}",
            file.display()
        );
        let opened = open(&server.url(), &login);
        opened.runtime.block_on(async {
            opened.until_up().await;
            crate::promises::hold(opened.store.clone()).await;
        });
        // It rotates: the old one goes, connections end, and the next ones know.
        std::fs::write(&file, "open\n").unwrap();
        server.command(&["ACL", "SETUSER", "lms-gateway", "resetpass"]);
        with_user(&server, "open");
        server.cut_connections();
        opened.runtime.block_on(async {
            while append(&opened).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        let wrong = format!(
            "{{url: '{}', username: other, password: {{file: {}}}}}",
            server.url(),
            file.display()
        );
        fails(&wrong, "the login was refused");
    }
}

#[test]
fn a_url_with_its_password_is_a_secret() {
    let address = free_port();
    let server = StoreServer::with(Kind::Redis, address, &["--requirepass", "p/w"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    let write = |url: String| std::fs::write(&file, url).unwrap();
    let shared = format!("{{url: {{file: {}}}}}", file.display());
    write(format!("redis://:p%2Fw@{address}/3"));
    works(&shared);
    write(format!("redis://:wrong@{address}"));
    fails(&shared, "the login was refused");
    write(format!("redis://{address}"));
    fails(&shared, "NOAUTH");
    let login = format!(
        "{{url: {{file: {}}}, password: {{file: {}}}}}",
        file.display(),
        file.display()
    );
    write(format!("redis://:p@{address}"));
    assert_eq!(try_open(&login).err(), Some(OpenError::TwoLogins));
    write(format!("redis://u@{address}"));
    assert_eq!(try_open(&shared).err(), Some(OpenError::UserAlone));
    write("redis://a,b".to_owned());
    let error = try_open(&shared).err().expect("a cluster");
    assert!(error.to_string().contains("Redis Cluster"), "{error}");
    let missing = "{url: {env: NO_SUCH_VARIABLE_OF_OURS}}";
    assert!(matches!(
        try_open(missing).err(),
        Some(OpenError::Secret(_))
    ));
    drop(server);
}

#[test]
fn a_server_is_asked_by_tls_if_it_can_be_trusted() {
    let (address, tls) = (free_port(), free_port());
    let authority = Authority::new("store");
    let identity = authority.issue(&["127.0.0.1", "localhost"], Life::Now);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (certificate, key) = (
        write("c.pem", identity.chain_pem()),
        write("k.pem", identity.key_pem()),
    );
    let ca = write("ca.pem", authority.pem());
    let stranger = write("stranger.pem", Authority::new("stranger").pem());
    let port = tls.port().to_string();
    let _server = StoreServer::with(
        Kind::Redis,
        address,
        &[
            "--tls-port",
            &port,
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &ca,
            "--tls-auth-clients",
            "no",
        ],
    );
    works(&format!("{{url: 'rediss://{tls}', ca_file: {ca}}}"));
    works(&format!(
        "{{url: 'rediss://localhost:{port}', ca_file: {ca}}}"
    ));
    fails(
        &format!("{{url: 'rediss://{tls}', ca_file: {stranger}}}"),
        "UnknownIssuer",
    );
    fails(&format!("{{url: 'rediss://{address}', ca_file: {ca}}}"), "");
}

#[test]
fn a_socket_is_a_way_too() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s.sock").display().to_string();
    let _server = StoreServer::with(Kind::Redis, free_port(), &["--unixsocket", &socket]);
    works(&format!("{{url: 'unix://{socket}?db=2'}}"));
}

#[test]
fn a_cluster_and_a_replica_are_refused() {
    for kind in Kind::ALL {
        let cluster = StoreServer::with(kind, free_port(), &["--cluster-enabled", "yes"]);
        let shared = format!("{{url: '{}'}}", cluster.url());
        let error = try_open(&shared).err().expect("no cluster is opened");
        assert!(matches!(error, OpenError::Cluster(_)), "{error}");
        let primary = store(kind);
        let replica = primary.replica(free_port());
        fails(&format!("{{url: '{}'}}", replica.url()), "replica");
    }
}

#[test]
fn sentinels_lead_to_the_primary_and_after_a_failover_to_the_next() {
    let mut primary = store(Kind::Redis);
    let replica = primary.replica(free_port());
    let silence = Duration::from_millis(500);
    let sentinel = Sentinel::start(free_port(), "main", &primary, (1, silence));
    let nobody = free_port();
    let addresses = format!("['{nobody}', '{}']", sentinel.address);
    fails(
        &format!("{{sentinel: {{master: other, addresses: {addresses}}}}}"),
        "no primary of the name",
    );
    let opened = try_open(&format!(
        "{{sentinel: {{master: main, addresses: {addresses}}}}}"
    ));
    let opened = opened.unwrap_or_else(|error| panic!("{error}"));
    opened.runtime.block_on(async {
        opened.until_up().await;
        append(&opened).await.unwrap();
        assert_eq!(*opened.store.health().address, *primary.address.to_string());
    });
    trials::store::wait("the replica is known", || sentinel.replicas() == 1);
    primary.until_copied_to(&replica);
    primary.kill();
    opened.runtime.block_on(async {
        opened.until_away().await;
        opened.until_up().await;
        assert_eq!(*opened.store.health().address, *replica.address.to_string());
        let account = Account::new("https://v.example", "a");
        let member = MemberId::named("me");
        let beat = Beat {
            account: &account,
            member: &member,
            position: None,
            replicas: 0,
        };
        while opened.store.beat(beat).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        append(&opened).await.unwrap();
    });
}

#[test]
fn nothing_that_is_said_of_a_store_holds_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, "redis://us3r:passw0rd@127.0.0.1:1/0").unwrap();
    let shared = format!("{{url: {{file: {}}}}}", file.display());
    let opened = try_open(&shared).unwrap_or_else(|error| panic!("{error}"));
    let said = format!(
        "{:?} {:?} {:?}",
        opened.store,
        opened.store.health(),
        settings(&shared)
    );
    assert!(
        !said.contains("us3r") && !said.contains("passw0rd"),
        "{said}"
    );
    std::fs::write(&file, "redis://us3r:passw0rd@host:port").unwrap();
    let error = try_open(&shared).err().expect("no port");
    let said = format!("{error} {error:?}");
    assert!(
        !said.contains("us3r") && !said.contains("passw0rd"),
        "{said}"
    );
}
