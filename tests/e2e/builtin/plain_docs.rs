//! `/docs/plain`: for readers without scripts, and for print.

use crate::support::Sandboxed;

/// The tags of a page in lower case, without their brackets.
fn tags(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1);
    tags.map(|rest| {
        rest.split('>')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    })
    .collect()
}

#[test]
fn the_manual_needs_no_network_and_no_script() {
    let gateway = Sandboxed::start();
    let docs = gateway.get("/docs/plain");
    assert_eq!(docs.status, 200);
    assert_eq!(
        docs.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(docs.header("referrer-policy"), Some("no-referrer"));
    let policy = docs.header("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none';",
        "style-src 'sha256-",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = docs.text();
    for tag in tags(&html) {
        assert!(!tag.contains("//"), "<{tag}> leaves the gateway");
        let name = tag.split_whitespace().next().unwrap_or_default();
        let loads = ["script", "iframe", "object", "embed", "img", "base", "form"].contains(&name);
        let icon = tag.contains("rel=\"icon\" href=\"../docs/icon.svg\"");
        assert!(!loads && (name != "link" || icon), "<{tag}>");
        assert!(
            !tag.split_whitespace()
                .any(|word| word.starts_with("on") && word.contains('=')),
            "<{tag}>"
        );
    }
    assert!(
        !html.contains("@import") && !html.contains("url("),
        "styles fetch nothing"
    );
    assert!(html.contains("@media print"));
}

#[test]
fn the_manual_says_every_operation_schema_and_problem() {
    let gateway = Sandboxed::start();
    let html = gateway.get("/docs/plain").text();
    let document = &gateway.openapi().document;
    for (path, item) in document["paths"].as_object().expect("paths") {
        assert!(html.contains(path.as_str()), "{path}");
        for operation in item.as_object().expect("operations").values() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            assert!(html.contains(&format!("<h3 id=\"{id}\">")), "{id}");
            assert!(
                html.contains(&format!("href=\"#{id}\"")),
                "{id} stands in the contents"
            );
        }
    }
    for name in document["components"]["schemas"]
        .as_object()
        .expect("schemas")
        .keys()
    {
        assert!(html.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
    let codes = &document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    for code in codes.as_array().expect("codes") {
        assert!(html.contains(&format!(
            "id=\"problem-{}\"",
            code.as_str().expect("a text")
        )));
    }
    // Nobody has to follow a reference by himself, and each link leads to something.
    assert!(!html.contains("$ref") && !html.contains("#/components"));
    for link in html.split("href=\"#").skip(1) {
        let id = link.split('"').next().expect("an end");
        assert!(html.contains(&format!("id=\"{id}\"")), "#{id}");
    }
    for said in [
        "<td><code>items[].external_id</code></td>",
        "one of <code>PHYSICAL_ROOM</code>, <code>EXTERNAL_PHYSICAL_ROOM</code>",
        "at most <code>2147483647</code>",
        "No other field is taken.",
        "If <code>type</code> is <code>PHYSICAL_ROOM</code>, <code>contact_email</code> must be left out.",
        "<td>string or null</td>",
        "<td>path</td>",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn the_page_is_a_tree_with_headings_in_order() {
    let gateway = Sandboxed::start();
    for (target, accept) in [
        ("/docs/plain", "*/*"),
        ("/problems", "text/html"),
        ("/problems/room-not-found", "text/html"),
    ] {
        let answer = gateway.request("GET", target, &[("Accept", accept)], b"");
        let html = answer.text();
        let (mut open, mut ids, mut level) = (Vec::new(), std::collections::BTreeSet::new(), 0);
        for tag in tags(&html) {
            let name = tag.split_whitespace().next().unwrap_or_default();
            if let Some(closed) = name.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(closed), "{target}");
            } else if !["!doctype", "meta", "link"].contains(&name) {
                open.push(name.to_owned());
            }
            if let Some(id) = tag
                .split("id=\"")
                .nth(1)
                .and_then(|id| id.split('"').next())
            {
                assert!(ids.insert(id.to_owned()), "{target}: {id} twice");
            }
            let heading = name
                .strip_prefix('h')
                .and_then(|digit| digit.parse::<u8>().ok());
            if let Some(next) = heading {
                assert!(next <= level + 1, "{target}: h{next} below h{level}");
                level = next;
            }
        }
        assert!(open.is_empty(), "{target}: {open:?}");
        assert_eq!(html.matches("<h1>").count(), 1, "{target}");
        assert_eq!(html.matches("<main").count(), 1, "{target}");
    }
}
