//! `tracestate`: what others on the way of a trace tell each other (W3C Trace Context §3.3).

use http::{HeaderMap, HeaderName, HeaderValue};

static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// §3.3.1.1: more members make the list invalid.
const MAX_MEMBERS: usize = 32;
/// §3.3.1.5: at least so much must be passed on, and a vendor's own limit of a head is not far above.
const MAX_LENGTH: usize = 512;
/// §3.3.1.5: members longer than this go first.
const LARGE_MEMBER: usize = 128;

/// The lines of the field as one value, as they came. One line is shared, not copied.
pub fn gather(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut lines = headers.get_all(&TRACESTATE).iter();
    let first = lines.next()?;
    let Some(second) = lines.next() else {
        return Some(first.clone());
    };
    // RFC 9110 §5.3: in their order, joined by commas.
    let mut joined = first.as_bytes().to_vec();
    for line in std::iter::once(second).chain(lines) {
        joined.push(b',');
        joined.extend_from_slice(line.as_bytes());
    }
    HeaderValue::from_bytes(&joined).ok()
}

/// The value for the next hop. `None`: it is not a list as the specification has it, or is empty.
pub fn pass_on(value: &HeaderValue) -> Option<HeaderValue> {
    let text = value.to_str().ok()?;
    let mut members: Vec<&str> = Vec::new();
    for member in text.split(',') {
        let member = member.trim_matches([' ', '\t']);
        if member.is_empty() {
            continue;
        }
        let (key, value) = member.split_once('=')?;
        let twice = members
            .iter()
            .any(|known| known.split_once('=').is_some_and(|(known, _)| known == key));
        if twice || !is_key(key) || !is_value(value) || members.len() == MAX_MEMBERS {
            return None;
        }
        members.push(member);
    }
    shorten(&mut members);
    (!members.is_empty())
        .then(|| HeaderValue::from_str(&members.join(",")).ok())
        .flatten()
}

/// Whole members leave: the large ones first, then those at the end, which are the oldest.
fn shorten(members: &mut Vec<&str>) {
    let length = |members: &[&str]| members.iter().map(|member| member.len() + 1).sum::<usize>();
    // One comma less than members.
    while length(members) > MAX_LENGTH + 1 {
        let large = members
            .iter()
            .rposition(|member| member.len() > LARGE_MEMBER);
        members.remove(large.unwrap_or(members.len() - 1));
    }
}

/// §3.3.1.3.1: a name, or tenant `@` system.
fn is_key(key: &str) -> bool {
    let part = |text: &str, most: usize, digit: bool| {
        let first = text.bytes().next();
        (1..=most).contains(&text.len())
            && first
                .is_some_and(|first| first.is_ascii_lowercase() || digit && first.is_ascii_digit())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || matches!(byte, b'_' | b'-' | b'*' | b'/')
            })
    };
    match key.split_once('@') {
        Some((tenant, system)) => part(tenant, 241, true) && part(system, 14, false),
        None => part(key, 256, false),
    }
}

/// §3.3.1.3.2: printable ASCII without `,` and `=`, no blank at its end.
fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && !value.ends_with(' ')
        && value
            .bytes()
            .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("tracestate", HeaderValue::from_str(line).unwrap());
        }
        let value = pass_on(&gather(&headers)?)?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_list_passes_as_it_is_and_several_lines_become_one() {
        for (lines, expected) in [
            (vec!["a=1"], "a=1"),
            (vec!["a=1,b=2"], "a=1,b=2"),
            (vec!["a=1", "b=2", "c=3"], "a=1,b=2,c=3"),
            (vec!["a=1 \t,\t b=2", "", " , c=3,"], "a=1,b=2,c=3"),
            (
                vec!["fw529a3039@dt=FfAAAA,0tenant@sys=x"],
                "fw529a3039@dt=FfAAAA,0tenant@sys=x",
            ),
            (vec!["a_-*/9=!\"#~ x"], "a_-*/9=!\"#~ x"),
        ] {
            assert_eq!(passed(&lines).as_deref(), Some(expected), "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_list_goes_nowhere() {
        let many = (0..33).map(|index| format!("k{index}=1"));
        let many = many.collect::<Vec<_>>().join(",");
        let long_key = format!("{}=1", "k".repeat(257));
        let long_tenant = format!("{}@s=1", "t".repeat(242));
        let long_value = format!("k={}", "v".repeat(257));
        for bad in [
            "",
            " ",
            ",",
            "a",
            "a=",
            "=1",
            "A=1",
            "a.b=1",
            "a =1",
            "a@=1",
            "@a=1",
            "a@@b=1",
            "a@b@c=1",
            "a@123456789012345=1",
            "a=1=2",
            "a=1,a=2",
            "0a=1",
            "a=1,b",
            &many,
            &long_key,
            &long_tenant,
            &long_value,
        ] {
            assert_eq!(passed(&[bad]), None, "{bad}");
        }
        assert_eq!(passed(&[]), None);
        assert_eq!(passed(&["a=1", "a=2"]), None, "one key on two lines");
    }

    #[test]
    fn a_long_list_loses_its_large_members_and_then_its_oldest() {
        let large = format!("large={}", "v".repeat(200));
        let small: Vec<String> = (0..10)
            .map(|index| format!("k{index}={}", "v".repeat(40)))
            .collect();
        let lines = [small[..5].join(","), large, small[5..].join(",")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(passed(&lines), Some(small.join(",")));
        let more: Vec<String> = (0..20)
            .map(|index| format!("k{index:02}={}", "v".repeat(40)))
            .collect();
        assert_eq!(passed(&[&more.join(",")]), Some(more[..11].join(",")));
        let exact = format!("a={},b={}", "v".repeat(250), "v".repeat(257 - 1));
        assert_eq!(exact.len(), 511);
        assert_eq!(passed(&[&exact]).as_deref(), Some(exact.as_str()));
    }
}
