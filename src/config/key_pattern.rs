//! What an API key looks like, so that one in the wrong place is told nowhere; and how large a file or an answer with
//! one may be.

use std::path::Path;

/// The most that a key file or a key command may give, in bytes. A key has some tens; this only bounds a mistake.
pub const KEY_SIZE_LIMIT: usize = 64 * 1024;

/// Whether a path has a part that looks like a key.
pub(super) fn names_a_key(path: &Path) -> bool {
    let mut parts = path.components();
    parts.any(|part| looks_like_a_key(&part.as_os_str().to_string_lossy()))
}

/// Whether a text that should name a file or a variable looks like a key instead (Novita's begin with `sk_`, its key
/// documentation says): such a text is never repeated in a message.
pub fn looks_like_a_key(text: &str) -> bool {
    (text.starts_with("sk_") || text.starts_with("sk-")) && text.len() >= 10
}
