//! A vendor by contract alone, in the words that once did something else than they say: parameters beside
//! pages, typed path parameters, read-only fields that `set` fills, namespaces of the root, attributes that
//! mean failure, look-ups that could prove nothing, and links that would be dead.

use serde_json::{Value, json};

use crate::support::{Gateway, Scripted, Vendor};

const POST: &str = include_str!("../../../crates/contract/tests/documents/post.yaml");

fn post_office(contract: &str) -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup().contract(contract);
    setup.settings = vendor.settings(&["post"]);
    (vendor, setup.start())
}

fn page(count: usize) -> Scripted {
    let items: Vec<Value> = (0..count)
        .map(|index| json!({"label": format!("p{index}")}))
        .collect();
    Scripted::json(200, &Value::Array(items).to_string())
}

fn last_target(vendor: &Vendor) -> String {
    vendor.seen().pop().expect("the vendor was called").target
}

fn cursor(gateway: &Gateway, target: &str) -> String {
    let answer = gateway.get(target);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["next_cursor"]
        .as_str()
        .expect("more follows")
        .to_owned()
}

const FIRST: &str =
    "/v1/offices/7/parcels?limit=2&state=here&town=A%20Coru%C3%B1a&town=b%26c%3D%2B";

#[test]
fn the_next_page_is_one_of_the_same_list() {
    let (vendor, gateway) = post_office(POST);
    vendor.always(page(2));
    let next = cursor(&gateway, FIRST);
    let sent = "/parcels?office=7&status=here&city=A+Coru%C3%B1a&city=b%26c%3D%2B";
    assert_eq!(last_target(&vendor), format!("{sent}&from=0&size=2"));
    assert!(
        next.len() <= 512
            && next
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)),
        "{next}"
    );
    let third = cursor(&gateway, &format!("/v1/offices/7/parcels?cursor={next}"));
    assert_eq!(last_target(&vendor), format!("{sent}&from=2&size=2"));
    // Repeated equal, in whole or in part, and percent-encoded needlessly.
    let coded: String = third.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for query in [
        format!("cursor={third}&limit=2&state=here"),
        format!("town=A+Coru%C3%B1a&town=b%26c%3D%2B&cursor={coded}"),
    ] {
        cursor(&gateway, &format!("/v1/offices/7/parcels?{query}"));
        assert_eq!(
            last_target(&vendor),
            format!("{sent}&from=4&size=2"),
            "{query}"
        );
    }
    let calls = vendor.seen().len();
    for target in [
        format!("/v1/offices/7/parcels?cursor={third}&state=sent"),
        format!("/v1/offices/7/parcels?cursor={third}&town=b%26c%3D%2B"),
        format!("/v1/offices/7/parcels?cursor={third}&limit=3"),
        format!("/v1/offices/7/parcels?cursor={third}&colour=red"),
        format!("/v1/offices/8/parcels?cursor={third}"),
        // One of the release before, and of this one with another version byte.
        "/v1/offices/7/parcels?cursor=31206c697374526f6f6d7320342032203730333866633737".to_owned(),
        format!("/v1/offices/7/parcels?cursor=B{}", &third[1..]),
    ] {
        let answer = gateway.get(&target);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (400, "invalid-cursor"),
            "{target}: {answer:?}"
        );
    }
    assert_eq!(vendor.seen().len(), calls, "nothing reached the vendor");
}

#[test]
fn without_a_limit_there_are_no_pages_and_a_default_is_applied_by_nobody() {
    let (vendor, gateway) = post_office(POST);
    vendor.always(page(3));
    let answer = gateway.get("/v1/offices/7/parcels?state=here");
    assert_eq!(answer.json()["next_cursor"], Value::Null, "{answer:?}");
    assert_eq!(last_target(&vendor), "/parcels?office=7&status=here");
    let missing = gateway.get("/v1/offices/7/parcels?limit=2");
    assert_eq!(
        missing.errors(),
        [("state".to_owned(), "required".to_owned())]
    );
    let limit = gateway.get("/openapi.json").json();
    assert_eq!(
        limit["paths"]["/v1/offices/{office}/parcels"]["get"]["parameters"][0]["schema"]["default"],
        20,
        "served all the same"
    );
}

#[test]
fn what_no_cursor_can_carry_is_told_before_the_first_page() {
    let (vendor, gateway) = post_office(POST);
    vendor.always(page(2));
    let long = "x".repeat(400);
    let answer = gateway.get(&format!(
        "/v1/offices/7/parcels?limit=2&state=here&town={long}"
    ));
    assert_eq!(
        answer.errors(),
        [("town".to_owned(), "max-length".to_owned())],
        "{answer:?}"
    );
    assert_eq!(vendor.seen().len(), 0);
    let whole = gateway.get(&format!("/v1/offices/7/parcels?state=here&town={long}"));
    assert_eq!(whole.status, 200, "{whole:?}");
}

#[test]
fn a_path_parameter_of_any_type_goes_out_in_a_query() {
    for (schema, value) in [
        ("{type: integer, minimum: 1}", "7"),
        ("{type: number}", "7.5"),
        ("{type: boolean}", "true"),
        (
            "{type: string, format: uuid}",
            "4728d47a-c96a-11ed-97ec-b6c48b3dc692",
        ),
        (
            "{type: string, format: date-time, pattern: '^[0-9TZ:-]+$'}",
            "2026-01-01T10:00:00Z",
        ),
        ("{type: string, format: identifier}", "a b"),
    ] {
        let (vendor, gateway) =
            post_office(&POST.replace("{type: integer, minimum: 1}}]", &format!("{schema}}}]")));
        vendor.always(page(0));
        let coded = value.replace(' ', "%20").replace(':', "%3A");
        let answer = gateway.get(&format!("/v1/offices/{coded}/parcels?state=here"));
        assert_eq!(answer.status, 200, "{schema}: {answer:?}");
        let office = coded.replace("%20", "+");
        assert_eq!(
            last_target(&vendor),
            format!("/parcels?office={office}&status=here")
        );
    }
}

#[test]
fn what_set_fills_is_sent_though_no_caller_may_send_it() {
    let (vendor, gateway) = post_office(POST);
    vendor.will(Scripted::answer(201, &[], ""));
    let answer = gateway.send_json("POST", "/v1/parcels", r#"{"label":"a"}"#);
    assert_eq!(answer.status, 201, "{answer:?}");
    let seen = vendor.seen().pop().expect("a call");
    assert_eq!(seen.text(), "label=a&source=gateway");
    let refused = gateway.send_json("POST", "/v1/parcels", r#"{"label":"a","source":"me"}"#);
    assert_eq!(
        refused.errors(),
        [("/source".to_owned(), "read-only".to_owned())]
    );

    vendor.will(Scripted::answer(200, &[], ""));
    let answer = gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"Burgo"}"#);
    assert_eq!(answer.status, 204, "{answer:?}");
    let text = vendor.seen().pop().expect("a call").text();
    let sent = text
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .expect("a declaration");
    assert_eq!(
        sent,
        "<p:sending xmlns:p=\"urn:post\"><label>a</label><town>Burgo</town><stamp><kind>air</kind></stamp></p:sending>",
        "the root bears its namespace"
    );

    let json = POST.replace("{encoding: xml, root: sending, set", "{encoding: json, set");
    let (vendor, gateway) = post_office(&json);
    vendor.will(Scripted::answer(200, &[], ""));
    gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"Burgo"}"#);
    assert_eq!(
        vendor.seen().pop().expect("a call").text(),
        r#"{"label":"a","town":"Burgo","stamp":{"kind":"air"}}"#
    );
}

#[test]
fn what_an_update_fills_reaches_the_create_that_it_becomes() {
    let upsert = POST
        .replace(
            "responses: {'204': {description: Sent.}}",
            "responses: {'204': {description: Sent.}, '201': {description: Created., content: {application/json: {schema: {$ref: '#/components/schemas/Created'}}}}}",
        )
        .replace(
            "set: {/label: {from: path}, /stamp/kind: {const: air}}, needs: [/label, /stamp/kind]",
            "set: {/label: {from: path}, /source: {const: upsert}}, needs: [/label, /source]",
        )
        .replace(
            "        errors: {}\n        write:\n          repeatable: false\n          unclear: {read_back",
            "        errors: {statuses: {'404': parcel-not-found}}\n        create_if_absent: {operation: createParcel, when: [parcel-not-found], requires: [/town], same: {/label: {from: path}}}\n        write:\n          repeatable: false\n          unclear: {read_back",
        )
        .replace(
            "        label: {type: string, readOnly: true}\n",
            "        label: {type: string, readOnly: true}\n        source: {type: string, readOnly: true}\n",
        );
    let (vendor, gateway) = post_office(&upsert);
    vendor.will(Scripted::answer(404, &[], ""));
    vendor.will(Scripted::answer(201, &[], ""));
    let answer = gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"Burgo"}"#);
    assert_eq!(answer.status, 201, "{answer:?}");
    let seen: Vec<String> = vendor.seen().iter().map(|seen| seen.text()).collect();
    assert!(seen[0].contains("<source>upsert</source>"), "{seen:?}");
    assert_eq!(seen[1], "label=a&town=Burgo&source=upsert");
    // What a caller may not send stays refused, on both ways.
    let refused = gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"Burgo","source":"me"}"#);
    assert_eq!(
        refused.errors(),
        [("/source".to_owned(), "read-only".to_owned())]
    );
}

#[test]
fn an_attribute_can_say_that_it_failed() {
    let wrong = POST.replace("at: /answer/@state, equals", "at: /answer/state, equals");
    for contract in [POST, &wrong] {
        let (vendor, gateway) = post_office(contract);
        vendor.will(Scripted::xml(
            200,
            "<answer state=\"KO\"><kept><id>7</id></kept></answer>",
        ));
        let answer = gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"7"}"#);
        assert_eq!(answer.problem(), "parcel-kept", "{answer:?}");
        assert_eq!(answer.errors()[0].0, "/town");
        vendor.will(Scripted::xml(200, "<answer state=\"OK\"/>"));
        let answer = gateway.send_json("PUT", "/v1/parcels/a", r#"{"town":"7"}"#);
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    let (vendor, gateway) = post_office(&POST.replace(
        "errors: {statuses: {'404': parcel-not-found}}",
        "errors: {codes: {P1: parcel-kept}}",
    ));
    vendor.will(Scripted::xml(
        400,
        "<error code=\"P1\"><text>It rains</text></error>",
    ));
    let answer = gateway.get("/v1/parcels/a");
    assert_eq!(answer.problem(), "parcel-kept", "{answer:?}");
    assert_eq!(answer.json()["upstream"]["message"], "It rains");
}

#[test]
fn an_answer_is_known_by_the_namespace_of_its_root() {
    let (vendor, gateway) = post_office(POST);
    for ours in [
        "<answer><p:parcel xmlns:p=\"urn:post\" state=\"here\"><label>a</label></p:parcel></answer>",
        "<answer xmlns=\"urn:post\"><parcel state=\"here\"><label>a</label></parcel></answer>",
    ] {
        vendor.will(Scripted::xml(200, ours));
        assert_eq!(
            gateway.get("/v1/parcels/a").json(),
            json!({"label": "a", "state": "here", "stops": []})
        );
    }
    vendor.will(Scripted::xml(
        200,
        "<answer><parcel xmlns=\"urn:other\"><label>a</label></parcel></answer>",
    ));
    assert_eq!(
        gateway.get("/v1/parcels/a").problem(),
        "upstream-contract-violation"
    );
}

#[test]
fn a_look_up_that_shows_nothing_of_the_request_proves_nothing() {
    // The read says `label` by its schema, and this vendor's search answers anything.
    let loose = POST.replace("      required: [label]\n      xml", "      xml");
    let (vendor, gateway) = post_office(&loose);
    let create = || gateway.send_json("POST", "/v1/parcels", r#"{"label":"a","weight":2}"#);
    let namespace = "xmlns=\"urn:post\"";
    for (there, status, outcome) in [
        (
            format!("<answer {namespace}><parcel><items/></parcel></answer>"),
            504,
            "unknown",
        ),
        (
            format!("<answer {namespace}><parcel><label>b</label></parcel></answer>"),
            409,
            "not-done",
        ),
        (
            format!(
                "<answer {namespace}><parcel><label>a</label><weight>3</weight></parcel></answer>"
            ),
            409,
            "not-done",
        ),
    ] {
        vendor.will(Scripted::json(500, "{}"));
        vendor.always(Scripted::xml(200, &there));
        let answer = create();
        assert_eq!(
            (answer.status, answer.json()["outcome"].as_str()),
            (status, Some(outcome)),
            "{there}: {answer:?}"
        );
    }
    vendor.will(Scripted::json(500, "{}"));
    vendor.always(Scripted::xml(
        200,
        &format!(
            "<answer {namespace}><parcel><label>a</label><weight>2</weight></parcel></answer>"
        ),
    ));
    assert_eq!(create().status, 201);

    // By `compare` the weight does not count.
    let label = loose.replace(
        "different: label-taken}",
        "different: label-taken, compare: [/label]}",
    );
    let (vendor, gateway) = post_office(&label);
    vendor.will(Scripted::json(500, "{}"));
    vendor.always(Scripted::xml(
        200,
        &format!(
            "<answer {namespace}><parcel><label>a</label><weight>3</weight></parcel></answer>"
        ),
    ));
    assert_eq!(
        gateway
            .send_json("POST", "/v1/parcels", r#"{"label":"a","weight":2}"#)
            .status,
        201
    );

    // A replace that sent nothing of its own has nothing to be shown by.
    let (vendor, gateway) = post_office(&loose.replace(
        "set: {/label: {from: path}, /stamp/kind: {const: air}}, needs: [/label, /stamp/kind]",
        "omit: [/stamp]",
    ));
    vendor.will(Scripted::xml(500, "<error/>"));
    vendor.always(Scripted::xml(
        200,
        &format!("<answer {namespace}><parcel><town>Burgo</town></parcel></answer>"),
    ));
    let answer = gateway.send_json("PUT", "/v1/parcels/a", "{}");
    assert_eq!(answer.json()["outcome"], "unknown", "{answer:?}");
}

#[test]
fn no_location_leads_where_its_own_route_refuses_it() {
    let contract = POST
        .replace(
            "success: [{status: [201], body: ignored, value: [{from: request}], emit: {status: 201}}]",
            "success: [{status: [201], body: optional, value: [{to: /label, from: body}, {from: request}], emit: {status: 201, location: getParcel}}]",
        )
        .replace("{to: /label, from: body}", "{from: body}");
    let (vendor, gateway) = post_office(&contract);
    let create = |label: &str| {
        vendor.will(Scripted::json(201, &json!({"label": label}).to_string()));
        gateway.send_json("POST", "/v1/parcels", r#"{"label":"mine"}"#)
    };
    let dead =
        r#"lms_gateway_upstream_dead_locations_total{operation="createParcel",upstream="post"}"#;
    let answer = create("a b");
    assert_eq!(
        answer.header("location"),
        Some("/v1/parcels/a%20b"),
        "{answer:?}"
    );
    assert!(gateway.metric(dead) < 0.5);
    for (count, label) in [(1.0, "a/b"), (2.0, ".."), (3.0, "a%2Fb")] {
        let answer = create(label);
        assert_eq!(
            (answer.status, answer.header("location")),
            (201, None),
            "{answer:?}"
        );
        assert!((gateway.metric(dead) - count).abs() < 0.5, "{label}");
    }
}
