//! RFC 3339 date-times.

/// Whether `text` is a `date-time` of RFC 3339 §5.6: a day of the calendar, a time and an offset. A
/// 60th second is allowed, since leap seconds are announced and not computed.
pub(super) fn is_rfc3339(text: &str) -> bool {
    parse(text.as_bytes()).is_some()
}

fn parse(text: &[u8]) -> Option<()> {
    let mut rest = text;
    let year = digits(&mut rest, 4)?;
    literal(&mut rest, b"-")?;
    let month = digits(&mut rest, 2)?;
    literal(&mut rest, b"-")?;
    let day = digits(&mut rest, 2)?;
    literal(&mut rest, b"Tt")?;
    let (hour, minute) = hour_and_minute(&mut rest)?;
    literal(&mut rest, b":")?;
    let second = digits(&mut rest, 2)?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        rest = fraction.get(length..).filter(|_| length > 0)?;
    }
    let (offset_hour, offset_minute) = match rest {
        b"Z" | b"z" => (0, 0),
        _ => {
            literal(&mut rest, b"+-")?;
            let offset = hour_and_minute(&mut rest)?;
            rest.is_empty().then_some(offset)?
        }
    };
    let in_range = (1..=days(year, month)?).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60
        && offset_hour <= 23
        && offset_minute <= 59;
    in_range.then_some(())
}

fn hour_and_minute(rest: &mut &[u8]) -> Option<(u32, u32)> {
    let hour = digits(rest, 2)?;
    literal(rest, b":")?;
    Some((hour, digits(rest, 2)?))
}

fn digits(rest: &mut &[u8], count: usize) -> Option<u32> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    head.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u32::from(byte - b'0'))
    })
}

fn literal(rest: &mut &[u8], one_of: &[u8]) -> Option<()> {
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    one_of.contains(first).then_some(())
}

const fn days(year: u32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            Some(29)
        }
        2 => Some(28),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_rfc3339;

    #[test]
    fn date_times() {
        for good in [
            "2023-03-31T15:30:00-07:00",
            "2023-04-11T12:30:00+03:00",
            "2024-02-29t23:59:60z",
            "2000-02-29T00:00:00.123456789Z",
        ] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "2023-03-31",
            "2023-03-31T15:30:00",
            "2023-03-31 15:30:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z",
            "2023-01-00T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T00:60:00Z",
            "2023-01-01T00:00:61Z",
            "2023-01-01T00:00:00.Z",
            "2023-01-01T00:00:00+24:00",
            "2023-01-01T00:00:00+0300",
            "2023-01-01T00:00:00Z ",
            "+023-01-01T00:00:00Z",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }
}
