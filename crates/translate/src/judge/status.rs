//! What a status means that nobody has registered.

/// The status to judge by (RFC 9110 §15): a code that is in no registry means what the first of its class
/// means, and one above 599 is a server's error. A contract that names the code itself comes first.
#[must_use]
pub const fn understood(status: u16) -> u16 {
    match status {
        // IANA's registry of HTTP status codes.
        100..=103
        | 200..=208
        | 226
        | 300..=305
        | 307
        | 308
        | 400..=417
        | 421..=426
        | 428
        | 429
        | 431
        | 451
        | 500..=508
        | 510
        | 511 => status,
        600.. => 500,
        other => other / 100 * 100,
    }
}

#[cfg(test)]
mod tests {
    use super::understood;

    #[test]
    fn an_unknown_status_is_the_first_of_its_class() {
        for (status, expected) in [
            (200, 200),
            (299, 200),
            (404, 404),
            (418, 400),
            (430, 400),
            (499, 400),
            (503, 503),
            (520, 500),
            (599, 500),
            (600, 500),
            (999, 500),
        ] {
            assert_eq!(understood(status), expected, "{status}");
        }
    }
}
