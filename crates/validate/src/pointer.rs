//! JSON Pointers (RFC 6901) that stay short.

pub(crate) use grammar::pointer::{child, escape, unescape};

/// The longest JSON Pointer that is reported. Keys come from the caller: without the limit a body
/// with one key of 500 kB and 100 mistakes under it would be answered by 50 MB.
pub const MAX_POINTER_BYTES: usize = 1024;

/// The escaped segments. jsonschema's own `Location::segments` loses empty keys, so it is not used.
pub(crate) fn segments(pointer: &str) -> impl Iterator<Item = &str> {
    let mut segments = pointer.split('/');
    segments.next();
    segments
}

/// The first `count` segments of a pointer, as a pointer.
pub(crate) fn prefix(pointer: &str, count: usize) -> &str {
    let end = pointer
        .match_indices('/')
        .nth(count)
        .map_or(pointer.len(), |(index, _)| index);
    pointer.get(..end).unwrap_or(pointer)
}

/// Parent and last segment (escaped); `None` for the whole document.
pub(crate) fn split_last(pointer: &str) -> Option<(&str, &str)> {
    pointer.rsplit_once('/')
}

/// The pointer itself, or the longest ancestor that fits [`MAX_POINTER_BYTES`].
pub(crate) fn bounded(pointer: &str) -> &str {
    let mut short = pointer;
    while short.len() > MAX_POINTER_BYTES {
        short = split_last(short).map_or("", |(parent, _)| parent);
    }
    short
}

/// `parent` with one more key; `Err` gives `parent` back if that would be too long.
pub(crate) fn join(mut parent: String, key: &str) -> Result<String, String> {
    // `escape` never shortens, so an oversized key is not copied first.
    if parent.len().saturating_add(key.len()) >= MAX_POINTER_BYTES {
        return Err(parent);
    }
    let key = escape(key);
    if parent.len() + key.len() >= MAX_POINTER_BYTES {
        return Err(parent);
    }
    parent.push('/');
    parent.push_str(&key);
    Ok(parent)
}

/// The pointer of a member of `parent`, bounded.
pub(crate) fn member(parent: &str, key: &str) -> String {
    let short = bounded(parent);
    if short != parent {
        return short.to_owned();
    }
    join(short.to_owned(), key).unwrap_or_else(|parent| parent)
}
