//! One member of a line.

use serde::Serialize;

/// Appends a key, which is given with what stands around it, and its value.
pub(super) fn put<T: Serialize + ?Sized>(out: &mut Vec<u8>, key: &[u8], value: &T) {
    out.extend_from_slice(key);
    // Texts and numbers are always JSON, and memory takes all that is written.
    let _ = serde_json::to_writer(out, value);
}

/// The same of a value that is there.
pub(super) fn put_some(out: &mut Vec<u8>, key: &[u8], value: Option<&str>) {
    if let Some(value) = value {
        put(out, key, value);
    }
}
