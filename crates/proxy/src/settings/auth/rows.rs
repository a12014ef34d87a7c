//! Keys that several kinds of `auth` have.

use crate::settings::key::{Key, Need, Row, secret, text};

pub static KIND: Key<String> = text(
    "kind",
    Need::Required,
    "`header`, `headers`, `query`, `form`, `oauth2_client_credentials` or `none` ([below](#who-we-are-to-a-vendor))",
);
pub static NAME: Key<String> = text(
    "name",
    Need::Required,
    "of `header`, `query` and `form`: the name of the field",
);
pub static VALUE: Row = secret("value", "of `header`, `query` and `form`: the secret");
