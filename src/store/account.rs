//! Which account drafts and history belong to, without telling its key.

use std::fmt;

use ring::digest::{Context, SHA256};

use super::redactor::Redactor;
use crate::secret::Secret;
use crate::text::hex;

/// An API and a key to it: whose files they are, and whether environment values are written into them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Account {
    /// 16 hexadecimal digits, the name of a directory. The key can't be had from it.
    name: String,
    redactor: Redactor,
}

impl Account {
    /// The account that `key` opens at the API under `base`; environment values are kept.
    pub fn new(base: &str, key: &Secret) -> Self {
        let mut digest = Context::new(&SHA256);
        // The lengths keep two different pairs from running together to the same bytes.
        digest.update(b"novita-edit account 1\0");
        digest.update(&(base.len() as u64).to_be_bytes());
        digest.update(base.as_bytes());
        digest.update(key.reveal().as_bytes());
        Self {
            name: hex(&digest.finish().as_ref()[..8]),
            redactor: Redactor::new(key),
        }
    }

    /// The same, whose environment values are written into drafts and the history, or are not.
    pub fn keeping_secrets(self, keeps_secrets: bool) -> Self {
        Self {
            redactor: self.redactor.keeping_values(keeps_secrets),
            ..self
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What decides which environment values are written, and finds those again that were not.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_key_or_another_api_is_another_account() {
        let account = |base, key: &str| Account::new(base, &Secret::new(key)).to_string();
        assert_eq!(account("https://a", "k"), account("https://a", "k"));
        assert_ne!(account("https://a", "k"), account("https://a", "l"));
        assert_ne!(account("https://a", "k"), account("https://b", "k"));
        assert_ne!(account("https://a", "bk"), account("https://ab", "k"));
    }

    #[test]
    fn the_fingerprint_is_sixteen_digits_and_stays_the_same_between_versions() {
        let account = Account::new("https://api.test", &Secret::new("sk_hidden"));
        assert_eq!(account.as_str().len(), 16);
        assert!(account.as_str().bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(!format!("{account:?}").contains("hidden"));
        assert_eq!(account.as_str(), "29c2d39d42f84417");
    }
}
