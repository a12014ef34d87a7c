//! A vendor that answers before it has read the request (RFC 9112 §9.6).

use crate::support::{Gateway, Scripted, Vendor};

fn pair() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    (vendor, gateway)
}

/// More than the sockets between hold.
fn large() -> String {
    format!(
        r#"{{"type":"PHYSICAL_ROOM","external_id":"a","name":"Aula","observations":"{}"}}"#,
        "ñ".repeat(300_000)
    )
}

fn refusal(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

#[test]
fn a_refusal_is_heard_though_the_vendor_hung_up_on_the_body() {
    let (vendor, gateway) = pair();
    for round in 0..5 {
        vendor.will(Scripted::Early(refusal(413)));
        let answer = gateway.send_json("POST", "/v1/rooms", &large());
        assert_eq!(answer.json()["outcome"], "not-done", "{round}: {answer:?}");
        assert_eq!(answer.json()["upstream"]["status"], 413);
        assert_eq!(vendor.seen().len(), round + 1, "no look-up");
    }
}

#[test]
fn a_vendor_that_hangs_up_without_a_word_leaves_the_write_unclear() {
    let (vendor, gateway) = pair();
    vendor.will(Scripted::Early(Vec::new()));
    vendor.always(Scripted::json(404, r#"{"code":"ERR004"}"#));
    let answer = gateway.send_json("POST", "/v1/rooms", &large());
    assert_eq!(answer.json()["outcome"], "unknown", "{answer:?}");
    assert_eq!(answer.json()["safe_to_repeat"], true);
}
