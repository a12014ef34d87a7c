//! Another server, other data, a journal that was trimmed.
