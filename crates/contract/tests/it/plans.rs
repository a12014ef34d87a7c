//! What a contract becomes: the plan that the engine runs.

use std::time::Duration;

use contract::{Compare, Operation, Plan, Source, TagReach, TagSource, Unclear, VendorSegment};
use grammar::Pointer;
use serde_json::json;
use translate::answer::{BodyRule, Missing, Produced};
use translate::{Encoding, FormStyle, Kind, Shape, WireType};

use validate::At;

use crate::support::{NOTES, POST, SHELF, compiled};

fn shelf() -> Plan {
    compiled("shelf.yaml", SHELF)
}

fn operation<'p>(plan: &'p Plan, id: &str) -> &'p Operation {
    plan.operations
        .iter()
        .find(|operation| *operation.id == *id)
        .unwrap()
}

fn names(shape: &Shape) -> Vec<(&str, &str)> {
    let Kind::Object(object) = &shape.kind else {
        panic!("{shape:?}")
    };
    object
        .fields
        .iter()
        .map(|field| (&*field.name, field.wire.as_str()))
        .collect()
}

fn place(name: &str) -> Pointer {
    Pointer::root().child(name)
}

#[test]
fn a_create_is_sent_and_answered_as_declared() {
    let plan = shelf();
    let create = operation(&plan, "createBook");
    let request = create.binding.request.as_ref().unwrap();
    assert_eq!(request.encoding, Encoding::Form);
    // The parts of `allOf` come first, in order, under the vendor's names.
    assert_eq!(
        names(&request.shape),
        [
            ("isbn", "isbn"),
            ("title", "title"),
            ("pages", "pages"),
            ("shelf_mark", "shelfMark"),
            ("shelf_id", "shelf_id"),
            ("authors", "authors"),
            ("labels", "labels"),
            ("loan_days", "loan_days"),
            ("kind", "kind"),
        ]
    );
    let success = &create.binding.answer.success.first;
    assert_eq!(
        (success.statuses.as_slice(), success.body),
        ([201].as_slice(), BodyRule::Ignored)
    );
    let location = Produced::Location {
        segment_after: "id".to_owned(),
        missing: Missing::LookUp,
    };
    assert_eq!(success.producers[0].to, place("id"));
    assert_eq!(success.producers[0].from, location);
    assert_eq!(
        success.producers[1].from,
        Produced::Request(Pointer::root())
    );
    let emit = &create.binding.answer.success.first.emit;
    let get = operation(&plan, "getBook");
    assert_eq!(emit.status.as_u16(), 201);
    assert_eq!(plan.operations[emit.location.unwrap().0].id, get.id);
    let Some(Unclear::LookUp {
        with, different, ..
    }) = create.binding.unclear()
    else {
        panic!("{:?}", create.binding.effect)
    };
    assert_eq!(*with, [("isbn".to_owned(), Source::Pointer(place("isbn")))]);
    assert_eq!(&**different, "isbn-taken");
}

#[test]
fn fields_keep_their_wire_words() {
    let plan = shelf();
    let create = operation(&plan, "createBook");
    let Kind::Object(object) = &create.binding.request.as_ref().unwrap().shape.kind else {
        panic!()
    };
    let field = |name: &str| {
        object
            .fields
            .iter()
            .find(|field| *field.name == *name)
            .unwrap()
    };
    assert_eq!(field("shelf_id").wire_type, Some(WireType::Integer));
    assert_eq!(field("authors").form, Some(FormStyle::Repeat));
    assert_eq!(field("labels").form, Some(FormStyle::Brackets));
    assert!(field("isbn").required && !field("pages").required);
    let book = operation(&plan, "getBook")
        .binding
        .answer
        .success
        .first
        .shape
        .as_ref()
        .unwrap();
    let Kind::Object(book) = &book.kind else {
        panic!()
    };
    let authors = book
        .fields
        .iter()
        .find(|field| *field.name == *"authors")
        .unwrap();
    assert!(authors.xml.wrapped);
    let Kind::Array(array) = &authors.shape.kind else {
        panic!()
    };
    assert_eq!(array.item_name.as_deref(), Some("author"));
    let loan = operation(&plan, "getLoan")
        .binding
        .answer
        .success
        .first
        .shape
        .as_ref()
        .unwrap();
    let Kind::Object(loan) = &loan.kind else {
        panic!()
    };
    let due = loan
        .fields
        .iter()
        .find(|field| &*field.name == "due")
        .unwrap();
    assert_eq!(due.shape.kind, Kind::String { date_time: true });
}

#[test]
fn an_upsert_omits_sets_and_creates() {
    let plan = shelf();
    let upsert = operation(&plan, "upsertBookByIsbn");
    let request = upsert.binding.request.as_ref().unwrap();
    let [set] = &request.set[..] else { panic!() };
    assert_eq!(set.field, place("isbn"));
    assert_eq!(set.source, Source::Path("isbn".to_owned()));
    // A value that no caller sent is held against the field all the same.
    assert!(set.validator.check(&"978-84-376".into()).is_empty());
    assert!(!set.validator.check(&"a/b".into()).is_empty());
    assert_eq!(request.omit, [place("kind")]);
    assert!(
        !names(&request.shape)
            .iter()
            .any(|(name, _)| *name == "kind")
    );
    // The caller may send it all the same: the create needs it.
    let body = upsert.body.as_ref().unwrap();
    let sent = json!({"isbn": "1", "title": "t", "kind": "PAPER"});
    let known = |name: &str| {
        let found = body.validator.check(&sent).listed;
        !found
            .iter()
            .any(|one| one.at == At::Pointer(format!("/{name}")))
    };
    assert!(known("kind"));
    let create = upsert.binding.create_if_absent().unwrap();
    assert_eq!(&*plan.operations[create.operation.0].id, "createBook");
    assert_eq!(create.requires, [place("kind")]);
    assert_eq!(
        create.same,
        [(place("isbn"), Source::Path("isbn".to_owned()))]
    );
    let fails_if = upsert
        .binding
        .answer
        .success
        .first
        .fails_if
        .as_ref()
        .unwrap();
    assert_eq!(
        (&fails_if.at, fails_if.equals.as_str()),
        (&place("status"), "KO")
    );
    assert_eq!(&*fails_if.row.as_ref().unwrap().problem, "loans-blocked");
}

#[test]
fn the_most_vendor_calls_are_counted() {
    let plan = shelf();
    let calls = |id: &str| operation(&plan, id).binding.max_vendor_calls;
    assert_eq!(calls("getBook"), 1);
    // The create, and three look-ups after an unclear end.
    assert_eq!(calls("createBook"), 4);
    // The update, the create, the update again, and three look-ups of two names.
    assert_eq!(calls("upsertBookByIsbn"), 9);
}

#[test]
fn pages_have_their_vendor_names_and_no_cursor_in_the_shape() {
    let plan = shelf();
    let list = operation(&plan, "listBooks");
    let paging = list.binding.paging().unwrap();
    assert_eq!(
        (paging.start.as_str(), paging.first, paging.count.as_str()),
        ("from", 0, "size")
    );
    assert_eq!(
        (paging.end.as_slice(), paging.items.as_str()),
        ([204, 416].as_slice(), "items")
    );
    // The gateway makes the cursor, so no vendor can.
    assert_eq!(
        names(list.binding.answer.success.first.shape.as_ref().unwrap()),
        [("items", "items")]
    );
    assert_eq!(list.binding.query[0].source, Source::Const(json!("full")));
    assert!(!list.binding.is_write());
}

#[test]
fn an_error_row_points_only_where_the_request_has_the_field() {
    let plan = shelf();
    let row = |id: &str| operation(&plan, id).binding.answer.errors.codes["SHF002"].clone();
    assert_eq!(row("createBook").pointer.as_deref(), Some("/kind"));
    assert_eq!(row("deleteBookByIsbn").pointer, None);
    let blocked =
        |id: &str| operation(&plan, id).binding.answer.errors.codes["SHF410"].outcome_unknown;
    assert!(blocked("upsertBookByIsbn"));
    // A read changes nothing, whatever the map says.
    assert!(!blocked("getBook"));
}

#[test]
fn a_request_is_checked_with_the_whole_schema() {
    let plan = shelf();
    let create = &operation(&plan, "createBook")
        .body
        .as_ref()
        .unwrap()
        .validator;
    let codes = |value| -> Vec<&str> {
        create
            .check(&value)
            .listed
            .iter()
            .map(|one| one.code)
            .collect()
    };
    assert!(codes(json!({"kind": "PAPER", "isbn": "a", "title": "t", "loan_days": 7})).is_empty());
    assert_eq!(
        codes(json!({"kind": "REFERENCE", "isbn": "a", "title": "t", "loan_days": 7})),
        ["not-allowed-when"]
    );
    assert_eq!(
        codes(json!({"kind": "PAPER", "isbn": "a/b", "title": "t"})),
        ["identifier"]
    );
    assert_eq!(
        codes(json!({"kind": "PAPER", "isbn": "a", "title": "t", "titel": "t"})),
        ["unknown-field"]
    );
    let update = &operation(&plan, "updateLoan")
        .body
        .as_ref()
        .unwrap()
        .validator;
    let sent = json!({"due": "2026-12-01T10:00:00+01:00", "loan_id": "x"});
    assert_eq!(update.check(&sent).listed[0].code, "read-only");
}

#[test]
fn vendor_paths_are_split_into_segments() {
    let plan = shelf();
    let path = &operation(&plan, "getLoan").binding.path;
    let expected = [
        VendorSegment::Literal("loan".to_owned()),
        VendorSegment::Parameter("loan_id".to_owned()),
    ];
    assert_eq!(path.segments, expected);
    let Some(Unclear::ReadBack { compare, .. }) = operation(&plan, "updateLoan").binding.unclear()
    else {
        panic!()
    };
    assert_eq!(*compare, Compare::Pointers(vec![place("due")]));
}

#[test]
fn problems_are_the_gateways_and_the_contracts() {
    let plan = shelf();
    assert!(plan.problems["isbn-taken"].domain);
    assert_eq!(plan.problems["isbn-taken"].status, 409);
    assert!(!plan.problems["write-outcome-unknown"].domain);
    assert_eq!(plan.problems.len(), contract::GatewayProblem::ALL.len() + 4);
    assert_eq!(plan.upstreams, ["shelf", "desk"]);
}

#[test]
fn a_digest_names_the_content_and_not_the_layout() {
    let plan = shelf();
    let digest = |text: &str| compiled("shelf.yaml", text).digest;
    assert_eq!(digest(&format!("# comment\n{SHELF}")), plan.digest);
    assert_ne!(
        digest(&SHELF.replace("maximum: 500", "maximum: 400")),
        plan.digest
    );
    assert_ne!(
        digest(&SHELF.replace("x-name: shelfMark", "x-name: shelf")),
        plan.digest
    );
}

#[test]
fn json_is_yaml_too() {
    let value = contract::yaml::Document::parse(SHELF).unwrap().value;
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(compiled("shelf.json", &text).digest, shelf().digest);
}

#[test]
fn what_is_read_only_is_neither_taken_nor_sent() {
    let plan = shelf();
    let update = operation(&plan, "updateLoan");
    assert_eq!(
        names(&update.binding.request.as_ref().unwrap().shape),
        [("due", "due")]
    );
    // Also where `readOnly` stands beside a reference; the wire name there is the component's.
    let notes = compiled("notes.yaml", NOTES);
    let create = operation(&notes, "createNote");
    let sent = names(&create.binding.request.as_ref().unwrap().shape);
    assert!(!sent.iter().any(|(name, _)| *name == "id"));
    assert!(sent.contains(&("parent", "parentId")));
    let body = json!({"text": "t", "language": "gl", "place": {"city": "Burgo"}, "id": "1"});
    let violations = create.body.as_ref().unwrap().validator.check(&body);
    assert_eq!(violations.listed[0].code, "read-only");
}

#[test]
fn a_parameter_of_the_operation_replaces_that_of_its_path() {
    let notes = compiled("notes.yaml", NOTES);
    let create = operation(&notes, "createNote");
    assert_eq!(create.parameters.len(), 1);
    assert!(
        create.parameters[0]
            .validator
            .check_parameter("color", "green")
            .is_ok()
    );
}

fn tag(kind: &str, value: Option<Source>) -> TagSource {
    TagSource {
        name: "book".into(),
        reach: TagReach::Kind {
            kind: kind.into(),
            value,
        },
    }
}

#[test]
fn a_read_has_its_cache_rule_and_a_write_what_it_makes_void() {
    let plan = shelf();
    let list = operation(&plan, "listBooks").binding.cache().unwrap();
    assert_eq!(list.ttl, Duration::from_secs(30));
    assert_eq!(list.stale_while_revalidate, Duration::from_secs(30));
    assert_eq!(list.stale_if_error, Duration::from_secs(600));
    assert_eq!(list.not_found, None);
    assert_eq!(list.tags, [tag("list", None)]);
    let by_isbn = operation(&plan, "getBookByIsbn").binding.cache().unwrap();
    assert_eq!(by_isbn.ttl, Duration::from_secs(3600));
    assert_eq!(by_isbn.not_found, Some(Duration::from_millis(500)));
    assert_eq!(by_isbn.stale_if_error, Duration::ZERO);
    assert_eq!(
        by_isbn.tags,
        [
            // In a tag `name` defaults to the kind.
            tag("isbn", Some(Source::Path("isbn".to_owned()))),
            tag("isbn", Some(Source::Pointer(place("isbn")))),
            tag("id", Some(Source::Pointer(place("id")))),
        ]
    );
    assert!(operation(&plan, "getBook").binding.cache().is_none());
    let create = &operation(&plan, "createBook").binding;
    assert_eq!(
        create.write().unwrap().invalidates,
        [
            tag("list", None),
            tag("isbn", Some(Source::Pointer(place("isbn"))))
        ]
    );
    let upsert = &operation(&plan, "upsertBookByIsbn").binding;
    assert!(
        matches!(upsert.write().unwrap().invalidates.as_slice(), [one] if one.reach == TagReach::All)
    );
    assert!(create.is_write() && create.cache().is_none());
    assert!(!operation(&plan, "listBooks").binding.is_write());
}

#[test]
fn what_set_fills_is_sent_also_where_it_is_read_only() {
    let post = compiled("post.yaml", POST);
    let shape = |id: &str| &operation(&post, id).binding.request.as_ref().unwrap().shape;
    let create: Vec<&str> = names(shape("createParcel"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(create.contains(&"source"), "{create:?}");
    assert_eq!(
        names(shape("sendParcel")),
        [("label", "label"), ("town", "town"), ("stamp", "stamp")]
    );
    let body = &operation(&post, "createParcel")
        .body
        .as_ref()
        .unwrap()
        .validator;
    let violations = body.check(&json!({"label": "a", "source": "me"}));
    assert_eq!(
        violations.listed[0].code, "read-only",
        "a caller may not send it"
    );
}

#[test]
fn the_root_bears_the_namespace_of_its_schema_however_it_comes() {
    let of = |text: &str| {
        let plan = compiled("post.yaml", text);
        let send = operation(&plan, "sendParcel")
            .binding
            .request
            .clone()
            .unwrap();
        let get = operation(&plan, "getParcel")
            .binding
            .answer
            .success
            .first
            .namespace
            .clone();
        (send.root.unwrap().place.namespace, get)
    };
    let both = (Some("urn:post".to_owned()), Some("urn:post".to_owned()));
    assert_eq!(of(POST), both);
    let part = POST.replace(
        "    Sending:\n      type: object\n      additionalProperties: false\n",
        "    Sending:\n      type: object\n      additionalProperties: false\n      allOf: [{$ref: '#/components/schemas/Base'}]\n",
    );
    let part = part.replacen(
        "    Sending:",
        "    Base: {type: object, xml: {namespace: 'urn:base'}, properties: {}}\n    Sending:",
        1,
    );
    assert_eq!(of(&part), both, "its own is nearer");
    let part = part.replace("      xml: {namespace: 'urn:post', prefix: p}\n      properties:\n        label: {type: string, readOnly: true}", "      properties:\n        label: {type: string, readOnly: true}");
    assert_eq!(of(&part).0.as_deref(), Some("urn:base"));
}

#[test]
fn what_is_personal_is_known_by_every_name_it_stands_under() {
    let plan = shelf();
    let sensitive = |id: &str| {
        let names = operation(&plan, id).sensitive.iter();
        names.map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(
        sensitive("getLoan"),
        ["borrower", "readBy", "reader", "readers"]
    );
    assert!(sensitive("createBook").is_empty());
}

#[test]
fn what_an_answer_lists_is_known_by_its_place() {
    let plan = shelf();
    let listed = &operation(&plan, "getLoan").listed;
    let [one] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!((one.status, one.at.as_str()), (200, "/state"));
    assert_eq!(one.texts, ["lent", "back"]);
}
