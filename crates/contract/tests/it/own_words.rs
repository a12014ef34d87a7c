//! What a read takes from our own request proves nothing of a write: a follow-up needs the vendor's word.

use crate::support::{POST, rendered};

const LOOK_UP: &str = "look_up: getParcel, with: {label: /label}, different: label-taken";
const READ_BACK: &str = "read_back: getParcel, with: {label: {from: path}}, compare: returned";
const FOUND: &str = "              body: required
              at: [answer/parcel, answer]
              fails_if: {at: /answer/parcel/lost, equals: true}
              value: [{from: body}]
";

/// The findings' texts, where the read answers by `found` and the write with one follow-up is `put`.
fn findings(find: &str, put: &str, found: &str) -> Vec<String> {
    for text in [find, FOUND] {
        assert!(POST.contains(text), "{text}");
    }
    let text = POST.replacen(find, put, 1).replacen(FOUND, found, 1);
    let findings = contract::compile(&text).err().unwrap_or_default();
    let only = findings.iter().all(|one| one.code == "bad-follow-up");
    assert!(only, "{}", rendered("post.yaml", &text, &findings));
    findings.into_iter().map(|one| one.message).collect()
}

const ECHO_AND_BODY: &str = "              body: required
              at: [answer/parcel, answer]
              value: [{to: /label, from: path}, {from: body}]
";
const BODY_AND_ECHO: &str = "              body: required
              at: [answer/parcel, answer]
              value: [{from: body}, {to: /label, from: path}]
";
const ECHO_ALONE: &str = "              body: ignored
              value: [{to: /label, from: path}]
";

#[test]
fn a_look_up_that_would_compare_the_name_with_itself_is_refused() {
    let nothing_sure = "`getParcel` shows no field that is surely sent: whatever it finds would pass for what was made";
    for found in [ECHO_AND_BODY, BODY_AND_ECHO] {
        assert_eq!(findings(LOOK_UP, LOOK_UP, found), [nothing_sure]);
    }
    let own = "in the answer of `getParcel` every field of `compare` is our own word, so it tells nothing";
    let by_name = format!("{LOOK_UP}, compare: [/label]");
    assert_eq!(findings(LOOK_UP, &by_name, ECHO_AND_BODY), [own]);
    let by_town = format!("{LOOK_UP}, compare: [/label, /town]");
    assert_eq!(
        findings(LOOK_UP, &by_town, ECHO_AND_BODY),
        ["a request may lack every field of `compare`"],
        "the name is surely sent, and is not the vendor's word"
    );
}

#[test]
fn a_read_back_needs_one_field_that_the_vendor_gives() {
    let own = "in the answer of `getParcel` every field of `compare` is our own word, so it tells nothing";
    let create = "unclear: {look_up: getParcel, with: {label: /label}, different: label-taken}";
    let without = POST.replacen(&format!("\n          {create}"), "", 1);
    assert_ne!(without, POST);
    let compiled = |compare: &str, found: &str| {
        let back = READ_BACK.replace("returned", compare);
        let text = without
            .replacen(READ_BACK, &back, 1)
            .replacen(FOUND, found, 1);
        let findings = contract::compile(&text).err().unwrap_or_default();
        let texts = findings.into_iter().map(|one| one.message);
        texts.collect::<Vec<String>>()
    };
    assert_eq!(compiled("[/label]", ECHO_AND_BODY), [own]);
    assert_eq!(
        compiled("returned", ECHO_ALONE),
        ["`getParcel` shows no field that is sent, so it tells nothing"]
    );
    for (compare, found) in [
        ("[/label, /town]", ECHO_AND_BODY),
        ("returned", ECHO_AND_BODY),
        ("returned", FOUND),
    ] {
        assert_eq!(compiled(compare, found), [""; 0], "{compare} {found}");
    }
}
