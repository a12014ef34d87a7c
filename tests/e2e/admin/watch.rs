//! `serve --watch`: a change of a file is a reload, however it comes about.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use sandbox::Config;
use serde_json::Value;

use super::reload::rewrite;
use crate::support::{Sandboxed, eventually};

fn watching() -> Sandboxed {
    Sandboxed::with(Config::default(), |setup| setup.argument("--watch"))
}

/// What `/status` tells of a reload after the one that was there before.
fn next_reload(gateway: &Sandboxed, before: &Value) -> Value {
    eventually("a reload", || {
        let last = gateway.admin_get("/status").json()["last_reload"].clone();
        if last == *before { Err(last) } else { Ok(last) }
    })
}

fn reloads(gateway: &Sandboxed) -> f64 {
    let of = |result| {
        gateway.metric(&format!(
            "lms_gateway_config_reloads_total{{result=\"{result}\"}}"
        ))
    };
    of("accepted") + of("refused")
}

#[test]
fn a_refused_change_leaves_what_runs_and_the_next_good_one_runs() {
    let gateway = watching();
    let good = fs::read_to_string(gateway.folder().join("contract.yaml")).expect("it is there");
    rewrite(&gateway, "contract.yaml", |text| {
        text.replace("operationId: getRoom\n", "operationID: getRoom\n")
    });
    let refused = next_reload(&gateway, &Value::Null);
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["trigger"], "change");
    assert!(refused["findings"][0]["line"].is_u64(), "{refused}");
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    rewrite(&gateway, "contract.yaml", |_| good.replace("/v1/", "/v2/"));
    let accepted = next_reload(&gateway, &refused);
    assert_eq!(accepted["outcome"], "accepted", "{accepted}");
    let get = |target: &str| gateway.client().request("GET", target, &[], b"").status;
    assert_eq!((get("/v2/rooms/2101"), get("/v1/rooms/2101")), (200, 404));
    assert_eq!(reloads(&gateway), 2.0, "each was tried once");
}

/// As the kubelet does: the files are symlinks through `..data`, which is replaced by a rename.
#[test]
fn the_swap_of_a_config_map_is_one_reload() {
    let gateway = watching();
    let folder = gateway.folder();
    let files = ["gateway.yaml", "contract.yaml"];
    let version = |name: &str, change: &dyn Fn(String) -> String| {
        fs::create_dir(folder.join(name)).expect("writable");
        for file in files {
            let text = fs::read_to_string(folder.join(file)).expect("it is there");
            fs::write(folder.join(name).join(file), change(text)).expect("writable");
        }
    };
    let swap = |to: &str| {
        let next = folder.join("..data_tmp");
        symlink(to, &next).expect("a symlink");
        fs::rename(next, folder.join("..data")).expect("a rename");
    };
    version("..2026_11_29_1", &|text| text);
    swap("..2026_11_29_1");
    for file in files {
        let next = folder.join(format!("{file}.tmp"));
        symlink(Path::new("..data").join(file), &next).expect("a symlink");
        fs::rename(next, folder.join(file)).expect("a rename");
    }
    version("..2026_11_29_2", &|text| text.replace("/v1/", "/v2/"));
    swap("..2026_11_29_2");
    fs::remove_dir_all(folder.join("..2026_11_29_1")).expect("it was there");
    let last = next_reload(&gateway, &Value::Null);
    assert_eq!(last["outcome"], "accepted", "{last}");
    let get = |target: &str| gateway.client().request("GET", target, &[], b"").status;
    assert_eq!((get("/v2/rooms/2101"), get("/v1/rooms/2101")), (200, 404));
    assert_eq!(
        reloads(&gateway),
        1.0,
        "one for both files and all symlinks"
    );
}

/// As editors and `sed -i` do; and the file of a caller's key, which a reload reads, too.
#[test]
fn a_file_that_is_replaced_and_a_key_that_is_new_are_seen() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        let callers = "callers: [{name: app, key: {file: app-key}}]\n";
        setup.settings = format!("{callers}{}", setup.settings);
        setup.file("app-key", "first-app-key").argument("--watch")
    });
    let get = |key: &str| {
        let key = format!("Bearer {key}");
        let fields = [("Authorization", key.as_str())];
        let mut client = gateway.client();
        client.request("GET", "/v1/rooms/2101", &fields, b"").status
    };
    assert_eq!((get("first-app-key"), get("second-app-key")), (200, 401));
    let folder = gateway.folder();
    fs::write(folder.join("next"), "second-app-key").expect("writable");
    fs::rename(folder.join("next"), folder.join("app-key")).expect("a rename");
    let last = next_reload(&gateway, &Value::Null);
    assert_eq!(last["outcome"], "accepted", "{last}");
    assert_eq!((get("first-app-key"), get("second-app-key")), (401, 200));
    let path = folder.join("gateway.yaml");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::remove_file(&path).expect("it was there");
    fs::write(&path, format!("limits: {{request_target: 100B}}\n{text}")).expect("writable");
    let last = next_reload(&gateway, &last);
    assert_eq!(last["outcome"], "accepted", "{last}");
    assert_eq!(
        gateway
            .client()
            .request("GET", &format!("/{}", "a".repeat(100)), &[], b"")
            .status,
        414
    );
}

#[test]
fn without_the_option_nothing_is_watched() {
    let gateway = Sandboxed::start();
    rewrite(&gateway, "gateway.yaml", |text| format!("# new\n{text}"));
    let watched = watching();
    rewrite(&watched, "gateway.yaml", |text| format!("# new\n{text}"));
    next_reload(&watched, &Value::Null);
    assert_eq!(reloads(&gateway), 0.0);
}
