//! `/docs`: Swagger UI in our own frame.

use std::collections::BTreeSet;

use sandbox::Config;

use crate::support::{Answer, Sandboxed, Vendor};

/// The values of an attribute in a page.
fn attribute(html: &str, name: &str) -> BTreeSet<String> {
    let mark = format!(" {name}=\"");
    let values = html.split(&*mark).skip(1);
    values
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect()
}

/// The sources that a directive of the page's policy allows.
fn allowed(answer: &Answer, directive: &str) -> String {
    let policy = answer
        .header("content-security-policy")
        .expect("a policy")
        .to_owned();
    policy
        .split(';')
        .find_map(|one| one.trim().strip_prefix(directive)?.strip_prefix(' '))
        .unwrap_or_else(|| panic!("{directive} is not said: {policy}"))
        .to_owned()
}

#[test]
fn the_page_may_load_from_this_gateway_alone() {
    let gateway = Sandboxed::start();
    let docs = gateway.get("/docs");
    assert_eq!(docs.status, 200);
    assert_eq!(
        docs.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    for (directive, sources) in [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("connect-src", "'self'"),
        // Swagger UI's arrows.
        ("img-src", "'self' data:"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("frame-ancestors", "'none'"),
    ] {
        assert_eq!(allowed(&docs, directive), sources, "{directive}");
    }
    assert_eq!(docs.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(docs.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(docs.header("cache-control"), Some("no-cache"));
}

#[test]
fn the_page_has_no_script_of_its_own_and_every_address_leads_somewhere() {
    let gateway = Sandboxed::start();
    let html = gateway.get("/docs").text();
    let scripts = html.matches("<script").count();
    assert_eq!(
        html.matches("></script>").count(),
        scripts,
        "nothing inline"
    );
    assert!(!html.contains("<style"));
    for tag in html.split('<').filter_map(|rest| rest.split_once('>')) {
        let inline = [" style=", " onload=", " onclick=", "javascript:"];
        assert!(!inline.iter().any(|one| tag.0.contains(one)), "<{}>", tag.0);
    }
    let mut addresses = attribute(&html, "src");
    assert_eq!(addresses.len(), scripts);
    addresses.extend(attribute(&html, "href"));
    assert!(addresses.contains("docs/plain") && addresses.contains("openapi.json"));
    for address in addresses.iter().filter(|one| !one.starts_with('#')) {
        assert!(
            !address.contains(':') && !address.starts_with('/'),
            "{address} is relative"
        );
        assert_eq!(gateway.get(&format!("/{address}")).status, 200, "{address}");
    }
    assert!(
        html.contains("<html lang=\"en\">") && html.contains("<title>lms-gateway 1.0.0</title>")
    );
    let without = html
        .split_once("<noscript>")
        .expect("a word for readers without scripts")
        .1;
    assert!(without.contains("url=docs/plain"));
}

#[test]
fn with_a_slash_behind_it_the_page_is_found_as_well() {
    let gateway = Sandboxed::start();
    let answer = gateway.get("/docs/");
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, Some("../docs"))
    );
}

#[test]
fn the_pages_need_no_key_and_the_calls_do() {
    let gateway = Sandboxed::plain_with(Config::default(), |mut setup| {
        setup.settings = format!(
            "callers: [{{name: a, key: {{env: KEY_A}}}}]\n{}",
            setup.settings
        );
        setup.env("KEY_A", "key-of-a")
    });
    for page in [
        "/docs",
        "/docs/plain",
        "/docs/initializer.js",
        "/openapi.json",
        "/problems",
    ] {
        assert_eq!(gateway.get(page).status, 200, "{page}");
    }
    assert_eq!(gateway.get("/v1/rooms").problem(), "unauthenticated");
    // What Swagger UI's "Authorize" and the plain page speak of.
    let document = gateway.openapi().document.to_string();
    assert!(document.contains("\"bearer\""), "{document}");
    let plain = gateway.get("/docs/plain").text();
    assert!(
        plain.contains("<code>Authorization: Bearer</code>"),
        "{plain}"
    );
    assert!(!plain.contains("key-of-a"));
    let open = Sandboxed::start();
    assert!(!open.get("/docs/plain").text().contains("Authorization"));
}

#[test]
fn text_of_the_contract_is_text_in_the_pages() {
    let vendor = Vendor::start();
    let contract = crate::support::gateway::CONTRACT
        .replacen(
            "summary: Create a room",
            "summary: '<script>alert(1)</script> & \"more\"'",
            1,
        )
        .replacen(
            "title: lms-gateway",
            "title: '</title><script>alert(2)</script>'",
            1,
        );
    let gateway = vendor.setup().contract(contract).start();
    let html = gateway.get("/docs/plain").text();
    assert!(
        html.contains("&lt;script&gt;alert(1)"),
        "the summary is shown"
    );
    assert!(
        html.contains("&lt;script&gt;alert(2)"),
        "the title is shown"
    );
    assert!(!html.contains("<script"), "and escaped");
    let html = gateway.get("/docs").text();
    assert!(html.contains("&lt;script&gt;alert(2)") && !html.contains("<script>"));
}
