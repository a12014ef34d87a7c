use url::Url;

/// `Err` says what is wrong. The text is checked as it stands, since it is what the vendor gets:
/// the url crate would repair `http:\\host`, `https:host` and inner line breaks in silence.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    if text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control())
    {
        return Err("it holds a blank or a control character");
    }
    // To a browser it is a slash, to other programs it is not: `http://a\@b` has two hosts.
    if text.contains('\\') {
        return Err("it holds a `\\`");
    }
    let Some(behind_scheme) = behind_scheme(text) else {
        return Err("it does not begin with `http://` or `https://`");
    };
    let authority = behind_scheme
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    if authority.is_empty() {
        return Err("it has no host");
    }
    if authority.contains('@') {
        return Err("it holds a user name before the host");
    }
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(()),
        Ok(_) => Err("it has no host"),
        Err(_) => Err("its host or port is not a valid one"),
    }
}

fn behind_scheme(text: &str) -> Option<&str> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let (start, behind) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(behind)
    })
}
