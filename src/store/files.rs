//! The files of an account, and of one endpoint of it: where each is, and the names for ids.

use std::path::PathBuf;
use std::sync::Arc;

use ring::digest::{SHA256, digest};

use super::account::{Account, AccountDir};
use super::redactor::Redactor;
use crate::config::StateDirs;
use crate::text::hex;

/// How a draft's file is called, behind the endpoint's name.
pub(super) const DRAFT_ENDING: &str = ".draft.json";
/// How the file of the editor's lock is called.
pub(super) const OWNER_ENDING: &str = ".owner.json";
/// How the file is called that an editor holds locked as long as it has the endpoint.
pub(super) const EDITOR_LOCK_ENDING: &str = ".editor.lock";
/// Longest name as it is; longer ones are cut and told apart by a hash. With the endings it stays far below 255 bytes,
/// the least that file systems allow.
const MOST: usize = 120;
const CUT: usize = 60;

/// What is kept of one account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    dirs: Arc<AccountDirs>,
}

#[derive(Debug)]
struct AccountDirs {
    account: Account,
    drafts: AccountDir,
    history: AccountDir,
}

impl Store {
    /// Nothing is touched by it: directories are made when something is written.
    pub fn of(dirs: &StateDirs, account: &Account) -> Self {
        Self {
            dirs: Arc::new(AccountDirs {
                account: account.clone(),
                drafts: AccountDir::new(dirs.root(), dirs.drafts(), account.as_str()),
                history: AccountDir::new(dirs.root(), dirs.history(), account.as_str()),
            }),
        }
    }

    pub(super) fn drafts_dir(&self) -> &AccountDir {
        &self.dirs.drafts
    }

    pub(super) fn history_dir(&self) -> &AccountDir {
        &self.dirs.history
    }

    /// What is kept under other keys, of whatever API.
    pub(super) fn of_other_keys(&self) -> Vec<Self> {
        let AccountDirs {
            account,
            drafts,
            history,
        } = &*self.dirs;
        let other = |name: &String| Self {
            dirs: Arc::new(AccountDirs {
                account: account.other(name),
                drafts: drafts.of_account(name),
                history: history.of_account(name),
            }),
        };
        drafts.others().iter().map(other).collect()
    }

    /// What is kept of one endpoint. Nothing is read or written yet.
    pub fn endpoint_files(&self, base_url: &str, endpoint_id: &str) -> EndpointFiles {
        EndpointFiles {
            dirs: Arc::clone(&self.dirs),
            base_url: base_url.to_owned(),
            endpoint: endpoint_id.to_owned(),
            name: name_of(endpoint_id),
        }
    }
}

/// What is kept of one endpoint: its draft, its owner, its history. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EndpointFiles {
    dirs: Arc<AccountDirs>,
    base_url: String,
    endpoint: String,
    name: String,
}

impl EndpointFiles {
    /// The API that the endpoint belongs to.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The endpoint's id.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The draft's file.
    pub fn draft_path(&self) -> PathBuf {
        self.drafts_dir().path().join(format!("{}{DRAFT_ENDING}", self.name))
    }

    /// The owner's file.
    pub fn owner_path(&self) -> PathBuf {
        self.drafts_dir().path().join(format!("{}{OWNER_ENDING}", self.name))
    }

    /// The file that an editor holds locked as long as it has the endpoint.
    pub fn editor_lock_path(&self) -> PathBuf {
        self.drafts_dir()
            .path()
            .join(format!("{}{EDITOR_LOCK_ENDING}", self.name))
    }

    /// The history's file.
    pub fn history_path(&self) -> PathBuf {
        self.history_dir().path().join(format!("{}.jsonl", self.name))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn aside_path(&self, time: &str, at: u32) -> PathBuf {
        let name = format!("{}.aside-{time}-{at}.json", self.name);
        self.drafts_dir().path().join(name)
    }

    /// What decides which environment values are written.
    pub fn redactor(&self) -> &Redactor {
        self.dirs.account.redactor()
    }

    pub(super) fn drafts_dir(&self) -> &AccountDir {
        &self.dirs.drafts
    }

    pub(super) fn history_dir(&self) -> &AccountDir {
        &self.dirs.history
    }
}

/// The name for an id: every byte but `a-z`, `0-9`, `_` and `-` as `%xx`, capitals too, since some file systems take
/// `A` and `a` for one. Two ids never get one name.
pub(super) fn name_of(id: &str) -> String {
    if id.is_empty() {
        // A lone percent sign comes of no other id.
        return "%".to_owned();
    }
    let mut name = String::with_capacity(id.len());
    for (at, byte) in id.bytes().enumerate() {
        match byte {
            // In front a hyphen would make an option of the name for every shell command.
            b'-' if at == 0 => name.push_str("%2d"),
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02x}")),
        }
        if name.len() > MOST {
            let hash = hex(&digest(&SHA256, id.as_bytes()).as_ref()[..16]);
            // A tilde comes of no short id.
            return format!("{}~{hash}", &name[..CUT]);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_ids_stay_readable() {
        assert_eq!(name_of("ep_7f3a91c2"), "ep_7f3a91c2");
        assert_eq!(name_of("my-endpoint-2"), "my-endpoint-2");
    }

    #[test]
    fn no_id_makes_a_path_or_an_option() {
        assert_eq!(name_of(".."), "%2e%2e");
        assert_eq!(name_of("../../etc/passwd"), "%2e%2e%2f%2e%2e%2fetc%2fpasswd");
        assert_eq!(name_of("-rf"), "%2drf");
        assert_eq!(name_of("a\0\n/é"), "a%00%0a%2f%c3%a9");
        assert_eq!(name_of(""), "%");
    }

    #[test]
    fn ids_that_differ_in_case_only_get_names_that_differ_without_case() {
        assert_ne!(name_of("Ep_A").to_lowercase(), name_of("ep_a").to_lowercase());
    }

    #[test]
    fn long_ids_are_cut_and_still_differ() {
        let (a, b) = ("x".repeat(5000), "x".repeat(5001));
        assert!(name_of(&a).len() <= MOST);
        assert_ne!(name_of(&a), name_of(&b));
        assert_eq!(name_of(&"x".repeat(MOST)), "x".repeat(MOST));
    }

    proptest! {
        #[test]
        fn every_id_has_a_plain_name_of_its_own(a in any::<String>(), b in any::<String>()) {
            let name = name_of(&a);
            prop_assert!(!name.is_empty() && name.len() <= MOST);
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-%~".contains(&b);
            prop_assert!(name.bytes().all(plain));
            prop_assert_eq!(a == b, name == name_of(&b));
        }
    }
}
