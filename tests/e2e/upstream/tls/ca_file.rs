//! `ca_file`: what is refused and in which words, and what a reload takes.

use std::path::PathBuf;

use super::lab::{
    CREATE, Files, Place, ROOM, moved, must_be_unreachable, read, refused, serve, with_ca_file,
};
use crate::settings::lab::{check, findings};
use crate::support::gateway::CONTRACT;
use crate::support::tls::{Authority, Door, Life, key_pem};
use crate::support::{Scripted, Vendor};

/// Files that are no `ca_file`, with a word of what is said of each.
fn bad_files(files: &Files) -> Vec<(PathBuf, &'static str)> {
    let pem = Authority::new("Test CA").pem();
    let write = |name: &str, content: &str| files.write(name, content);
    let middle = pem.len() / 2;
    let base64 = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let list = base64.replace("CERTIFICATE", "X509 CRL");
    vec![
        (files.path("missing"), "cannot be read"),
        // The folder.
        (files.path(""), "cannot be read"),
        (write("empty", ""), "no PEM certificate"),
        (
            write("text", "Hello,\nthis is no PEM.\n"),
            "no PEM certificate",
        ),
        (
            files.write("der", Authority::new("Test CA").der()),
            "no PEM certificate",
        ),
        (write("key", &key_pem()), "a private key"),
        (
            write("both", &format!("{pem}{}", key_pem())),
            "a private key",
        ),
        (write("half", &pem[..middle]), "not a whole certificate"),
        (
            write("and-half", &format!("{pem}{}", &pem[..middle])),
            "not a whole certificate",
        ),
        (write("nonsense", base64), "not a whole certificate"),
        (
            write("no-base64", &base64.replace("AAAA", "???")),
            "not a whole certificate",
        ),
        (
            write("revoked", &format!("{pem}{list}")),
            "not a whole certificate",
        ),
    ]
}

#[test]
fn a_ca_file_that_is_none_is_refused_with_place_and_hint() {
    let files = Files::new();
    for (path, said) in bad_files(&files) {
        let settings = with_ca_file(&path);
        let (found, text) = findings(&settings, CONTRACT);
        let expected = ("gateway.yaml".to_owned(), "bad-ca-file".to_owned(), Some(4));
        assert_eq!(found, [expected], "{path:?}: {text}");
        assert!(text.contains(said), "{path:?}: {text}");
        assert!(text.contains("Name a PEM file"), "{path:?}: {text}");
        assert!(!text.contains("panicked"), "{text}");
        let text = refused(&serve(&settings, &[]));
        for part in ["bad-ca-file", said, "Name a PEM file", "gateway.yaml:"] {
            assert!(text.contains(part), "{path:?}: no {part}: {text}");
        }
    }
}

#[test]
fn a_ca_file_with_several_certificates_is_good_and_one_for_http_is_not() {
    let files = Files::new();
    let (one, two) = (Authority::new("One").pem(), Authority::new("Two").pem());
    let path = files.write(
        "ca.pem",
        format!("One\r\n{}\nTwo\n{two}", one.replace('\n', "\r\n")),
    );
    let (output, _folder) = check(&with_ca_file(&path), CONTRACT, &[]);
    assert!(output.status.success(), "{output:?}");
    let plain = with_ca_file(&path).replace("https://netex.example", "http://127.0.0.1:1");
    let (found, text) = findings(&plain, CONTRACT);
    assert_eq!(found.len(), 1, "{text}");
    assert_eq!(found[0].1, "useless-ca-file", "{text}");
}

#[test]
fn a_reload_trusts_the_new_ca_file_and_a_bad_one_changes_nothing() {
    let (old, new) = (Authority::new("Old"), Authority::new("New"));
    let files = Files::new();
    let ca_file = files.write("ca.pem", old.pem());
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, r#"{"id":"2101"}"#));
    let door = Door::before(vendor.address, &old.issue(&["localhost"], Life::Now));
    let mut setup = vendor.setup();
    let place = Place {
        plain: vendor.address,
        base_url: format!("https://localhost:{}", door.port),
        ca_file: Some(&ca_file),
    };
    setup.settings = moved(&setup.settings, &[place]);
    let gateway = setup.start();
    let reload = |content: String, word: &str| {
        let before = gateway.log().matches(word).count();
        files.write("ca.pem", content);
        gateway.signal("HUP");
        door.wait_until("the end of the reload", || {
            gateway.log().matches(word).count() > before
        });
    };
    assert_eq!(read(&gateway, ROOM).status, 200);
    assert_eq!(door.visits().len(), 1);

    for content in [String::new(), new.pem().replace("MII", "???"), key_pem()] {
        reload(content, "reload refused");
        assert_eq!(read(&gateway, ROOM).status, 200, "the old one counts");
    }
    assert!(gateway.log().contains("bad-ca-file"), "{}", gateway.log());
    assert_eq!(door.visits().len(), 1, "and its connections too");

    // Whom the new file does not name is not believed any more, pooled connection or not.
    reload(new.pem(), "\"reloaded\"");
    must_be_unreachable(&read(&gateway, ROOM), false, "the old CA");
    let create = gateway.send_json("POST", "/v1/rooms", CREATE);
    must_be_unreachable(&create, true, "the old CA");
    assert_eq!(
        vendor
            .seen()
            .iter()
            .filter(|seen| seen.method == "POST")
            .count(),
        0
    );

    reload(format!("{}{}", new.pem(), old.pem()), "\"reloaded\"");
    assert_eq!(read(&gateway, ROOM).status, 200, "both CAs");
    assert!(!gateway.log().contains("panicked"), "{}", gateway.log());
}
