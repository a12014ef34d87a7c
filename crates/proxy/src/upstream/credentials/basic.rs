//! The credential of HTTP Basic for an OAuth client.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::secret::Secret;
use crate::settings::encoded;

/// The credential of `client_authentication: basic`: id and secret as a form writes them, then joined
/// (RFC 6749 §2.3.1), since either may hold the colon that parts them.
pub fn basic(id: &Secret, secret: &Secret) -> Secret {
    let pair = format!("{}:{}", encoded(id.reveal()), encoded(secret.reveal()));
    Secret::new(STANDARD.encode(pair))
}
