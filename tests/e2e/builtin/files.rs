//! What `/docs` loads.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use crate::support::{Answer, Sandboxed};

const ALL: [(&str, &str); 8] = [
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("initializer.js", "text/javascript; charset=utf-8"),
    ("docs.css", "text/css; charset=utf-8"),
    ("icon.svg", "image/svg+xml"),
    ("LICENSE", "text/plain; charset=utf-8"),
    ("NOTICE", "text/plain; charset=utf-8"),
    (
        "swagger-ui-bundle.js.LICENSE.txt",
        "text/plain; charset=utf-8",
    ),
];

fn get(gateway: &Sandboxed, name: &str, headers: &[(&str, &str)]) -> Answer {
    gateway.request("GET", &format!("/docs/{name}"), headers, b"")
}

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).expect("gzip");
    plain
}

/// The table of the folder's README: file → SHA-256.
fn digests() -> BTreeMap<String, String> {
    let readme = include_str!("../../../crates/proxy/vendor/swagger-ui/README.md");
    let rows = readme.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('`');
        Some((cells.next()?.to_owned(), cells.nth(1)?.to_owned()))
    });
    rows.collect()
}

#[test]
fn each_file_has_its_type_and_is_checked_before_it_is_used_again() {
    let gateway = Sandboxed::start();
    for (name, media_type) in ALL {
        let answer = get(&gateway, name, &[]);
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{name}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{name}");
        assert_eq!(
            answer.header("content-encoding"),
            None,
            "{name}: nobody asked"
        );
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(&*length));
        let etag = answer.header("etag").expect("a tag").to_owned();
        let again = get(&gateway, name, &[("If-None-Match", &etag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
        assert_eq!(again.header("etag"), Some(&*etag));
        let head = gateway
            .client()
            .request("HEAD", &format!("/docs/{name}"), &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), Some(&*length));
        assert_eq!(head.header("etag"), Some(&*etag));
    }
}

#[test]
fn who_takes_gzip_gets_it_and_the_others_the_same_bytes_in_plain() {
    let gateway = Sandboxed::start();
    for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        let zipped = get(
            &gateway,
            name,
            &[("Accept-Encoding", "gzip, deflate, br, zstd")],
        );
        assert_eq!(zipped.header("content-encoding"), Some("gzip"));
        let plain = get(&gateway, name, &[("Accept-Encoding", "br, gzip;q=0")]);
        assert_eq!(plain.header("content-encoding"), None);
        assert!(unzipped(&zipped.body) == plain.body, "{name}");
        // RFC 9110 §8.8.3.3: two representations, two tags.
        assert_ne!(zipped.header("etag"), plain.header("etag"));
        for answer in [&zipped, &plain] {
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        }
        let etag = zipped.header("etag").expect("a tag");
        let again = get(
            &gateway,
            name,
            &[("Accept-Encoding", "gzip"), ("If-None-Match", etag)],
        );
        assert_eq!(again.status, 304);
        assert_eq!(again.header("vary"), Some("Accept-Encoding"));
        let other = get(&gateway, name, &[("If-None-Match", etag)]);
        assert_eq!(other.status, 200, "the plain bytes have another tag");
    }
    let small = get(&gateway, "docs.css", &[("Accept-Encoding", "gzip")]);
    assert_eq!(
        (small.header("content-encoding"), small.header("vary")),
        (None, None)
    );
}

#[test]
fn swagger_ui_is_as_its_makers_published_it() {
    let gateway = Sandboxed::start();
    let digests = digests();
    let check = |name: &str, bytes: &[u8]| {
        let digest: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digests.get(name), Some(&digest), "{name}");
    };
    for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        let zipped = get(&gateway, name, &[("Accept-Encoding", "gzip")]);
        check(&format!("{name}.gz"), &zipped.body);
        check(name, &unzipped(&zipped.body));
    }
    for name in ["LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"] {
        check(name, &get(&gateway, name, &[]).body);
    }
}

#[test]
fn nothing_that_is_loaded_loads_from_elsewhere() {
    let gateway = Sandboxed::start();
    for name in ["swagger-ui.css", "docs.css"] {
        let text = get(&gateway, name, &[]).text();
        assert!(!text.contains("@import"), "{name}");
        for url in text.split("url(").skip(1) {
            let url = url.trim_start_matches(['"', '\'']);
            assert!(url.starts_with("data:"), "{name}: {}", &url[..40]);
        }
    }
    let initializer = get(&gateway, "initializer.js", &[]).text();
    for setting in [
        "validatorUrl: null",
        "url: \"openapi.json\"",
        "persistAuthorization: false",
    ] {
        assert!(initializer.contains(setting), "{setting}");
    }
    assert!(!initializer.contains("http:") && !initializer.contains("https:"));
    // The analytics that come with the package on npm stand in a package of their own, which is not here.
    let bundle = get(&gateway, "swagger-ui-bundle.js", &[]).text();
    for telemetry in [
        "scarf",
        "google-analytics",
        "sentry.io",
        "unpkg.com",
        "jsdelivr",
        "fonts.g",
    ] {
        assert!(!bundle.contains(telemetry), "{telemetry}");
    }
}

#[test]
fn no_path_leads_out_of_the_folder() {
    let gateway = Sandboxed::start();
    for path in [
        "/docs/nothing.js",
        "/docs/docs.html",
        "/docs/README.md",
        "/docs/swagger-ui.css.gz",
        "/docs/../docs/docs.css",
        "/docs/../Cargo.toml",
        "/docs/%2e%2e/Cargo.toml",
        "/docs/%2E%2E%2FCargo.toml",
        "/docs/..%2f..%2fetc%2fpasswd",
        "/docs/..%5c..%5cetc",
        "/docs/.",
        "/docs/..",
        "/docs//docs.css",
        "/docs/docs.css/",
        "/docs/plain/",
        "/docs/docs.css%00",
        "/docs/DOCS.CSS",
        "//docs/docs.css",
    ] {
        let answer = gateway.request("GET", path, &[], b"");
        assert_eq!(
            (answer.status, &*answer.problem()),
            (404, "route-not-found"),
            "{path}"
        );
    }
    // The same path in another spelling (RFC 3986 §6.2.2.2).
    assert_eq!(get(&gateway, "docs%2Ecss", &[]).status, 200);
    assert_eq!(get(&gateway, "docs.css?v=1", &[]).status, 200);
}

#[test]
fn the_pages_are_read_and_nothing_else() {
    let gateway = Sandboxed::start();
    for path in [
        "/docs",
        "/docs/",
        "/docs/plain",
        "/docs/docs.css",
        "/docs/nothing",
        "/openapi.json",
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = gateway.request(method, path, &[], b"");
            assert_eq!(
                (answer.status, &*answer.problem()),
                (405, "method-not-allowed"),
                "{method} {path}"
            );
            assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
        }
        let options = gateway.request("OPTIONS", path, &[], b"");
        assert_eq!(
            (options.status, options.header("allow")),
            (204, Some("GET, HEAD, OPTIONS"))
        );
    }
}
