//! `/openapi.json` and the pages, asked for again.

use crate::support::{Answer, Sandboxed};

fn get(gateway: &Sandboxed, target: &str, headers: &[(&str, &str)]) -> Answer {
    gateway.request("GET", target, headers, b"")
}

fn tag(answer: &Answer) -> String {
    let etag = answer.header("etag").expect("a tag");
    assert!(etag.starts_with('"'), "a strong one: {etag}");
    etag.to_owned()
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let gateway = Sandboxed::start();
    for target in ["/openapi.json", "/docs", "/docs/plain"] {
        let first = get(&gateway, target, &[]);
        let etag = tag(&first);
        assert_eq!(first.header("cache-control"), Some("no-cache"), "{target}");
        for named in [
            etag.clone(),
            format!("W/{etag}"),
            format!("\"x\", {etag}"),
            "*".to_owned(),
        ] {
            let answer = get(&gateway, target, &[("If-None-Match", &named)]);
            assert_eq!(
                (answer.status, answer.body.len()),
                (304, 0),
                "{target} {named}"
            );
            assert_eq!(answer.header("etag"), Some(&*etag));
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
            assert_eq!(answer.header("content-type"), None);
        }
        assert_eq!(
            get(&gateway, target, &[("If-None-Match", "\"x\"")]).status,
            200
        );
        let head = gateway.client().request("HEAD", target, &[], b"");
        assert_eq!((head.status, head.header("etag")), (200, Some(&*etag)));
        let length = first.body.len().to_string();
        assert_eq!(head.header("content-length"), Some(&*length));
        let named = [("If-None-Match", &*etag)];
        assert_eq!(
            gateway.client().request("HEAD", target, &named, b"").status,
            304
        );
        assert_eq!(get(&gateway, target, &[("If-Match", &etag)]).status, 200);
        assert_eq!(get(&gateway, target, &[("If-Match", "\"x\"")]).status, 412);
        assert_eq!(get(&gateway, target, &[("If-Match", "x")]).status, 400);
    }
}

#[test]
fn the_document_names_its_contract_by_the_digest_that_operators_see() {
    let gateway = Sandboxed::start();
    let first = get(&gateway, "/openapi.json", &[]);
    let digest = first.json()["info"]["x-contract-digest"].clone();
    let text = digest.as_str().expect("a digest");
    assert!(
        text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{text}"
    );
    assert!(
        gateway.admin_get("/status").text().contains(text),
        "/status shows the same"
    );
    assert!(get(&gateway, "/docs/plain", &[]).text().contains(text));
    let same = Sandboxed::start();
    assert_eq!(
        tag(&get(&same, "/openapi.json", &[])),
        tag(&first),
        "every replica has the same tag"
    );
    let other = Sandboxed::with(sandbox::Config::default(), |mut setup| {
        setup.contract =
            setup
                .contract
                .replacen("summary: Create a room", "summary: Make a room", 1);
        setup
    });
    let changed = get(&other, "/openapi.json", &[]);
    assert_ne!(changed.json()["info"]["x-contract-digest"], digest);
    assert_ne!(tag(&changed), tag(&first));
}
