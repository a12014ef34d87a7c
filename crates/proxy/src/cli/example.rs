//! The worked example of the demo, as it is printed.

use std::fmt::Write;

use crate::app::{Addresses, Exchanged};

/// Both exchanges, and what to try next.
#[must_use]
pub fn text(addresses: Addresses, exchanges: &[Exchanged]) -> String {
    let Addresses {
        listen,
        admin,
        sandbox,
    } = addresses;
    let shown: String = exchanges.iter().map(exchange).collect();
    let day = exchanges
        .last()
        .map_or("/v1/training-days", |day| day.request.path);
    format!(
        "{shown}\n\
         The gateway is on http://{listen}, metrics and health on http://{admin}, the sandbox's switches on http://{sandbox}.\n\
         Try next:\n\
         \x20 curl -s 'http://{listen}/v1/rooms?limit=3'\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/demo-1\n\
         \x20 curl -s http://{listen}{day}\n\
         \x20 curl -s http://{listen}/v1/rooms/by-external-id/a%2Fb        # refused before Netex hears of it\n\
         \x20 curl -s http://{admin}/metrics | grep lms_gateway_requests_total\n\
         and look at http://{listen}/docs in a browser.\n\
         Ctrl-C ends it."
    )
}

/// One exchange: what the caller sent, what the vendor got, what the caller got.
fn exchange(exchanged: &Exchanged) -> String {
    let Exchanged {
        title,
        request,
        vendor,
        seen,
        answer,
    } = exchanged;
    let content_type = seen.header("content-type").unwrap_or_default();
    let sent = String::from_utf8_lossy(&seen.body);
    let mut shown = format!(
        "\n== {title}\n\n  {} {}\n  {}\n\n\
         {vendor} got\n  {} {}\n  Content-Type: {content_type}\n  {sent}\n\n\
         The caller got\n",
        request.method,
        request.path,
        request.body.unwrap_or_default(),
        seen.method,
        seen.target,
    );
    let varies = |line: &str| line.starts_with("Date") || line.starts_with("Connection");
    for line in answer.lines().filter(|line| !varies(line)) {
        // Writing into a string does not fail.
        let _ = writeln!(shown, "  {line}");
    }
    shown
}
