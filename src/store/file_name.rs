//! An endpoint's id → the names of its files. Ids come from a server: none may choose a path.

use ring::digest::{SHA256, digest};

use crate::text::hex;

/// How a draft's file is called, behind the endpoint's name.
pub(super) const DRAFT_ENDING: &str = ".draft.json";
/// How the file of the editor's lock is called.
pub(super) const OWNER_ENDING: &str = ".owner.json";

/// Longest name as it is; longer ones are cut and told apart by a hash. With the endings it stays far below 255 bytes,
/// the least that file systems allow.
const MOST: usize = 120;
const CUT: usize = 60;

/// The name for an id: every byte but `a-z`, `0-9`, `_` and `-` as `%xx`, capitals too, since some file systems take
/// `A` and `a` for one. Two ids never get one name.
pub(super) fn of(id: &str) -> String {
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
        assert_eq!(of("ep_7f3a91c2"), "ep_7f3a91c2");
        assert_eq!(of("my-endpoint-2"), "my-endpoint-2");
    }

    #[test]
    fn no_id_makes_a_path_or_an_option() {
        assert_eq!(of(".."), "%2e%2e");
        assert_eq!(of("../../etc/passwd"), "%2e%2e%2f%2e%2e%2fetc%2fpasswd");
        assert_eq!(of("-rf"), "%2drf");
        assert_eq!(of("a\0\n/é"), "a%00%0a%2f%c3%a9");
        assert_eq!(of(""), "%");
    }

    #[test]
    fn ids_that_differ_in_case_only_get_names_that_differ_without_case() {
        assert_ne!(of("Ep_A").to_lowercase(), of("ep_a").to_lowercase());
    }

    #[test]
    fn long_ids_are_cut_and_still_differ() {
        let (a, b) = ("x".repeat(5000), "x".repeat(5001));
        assert!(of(&a).len() <= MOST);
        assert_ne!(of(&a), of(&b));
        assert_eq!(of(&"x".repeat(MOST)), "x".repeat(MOST));
    }

    proptest! {
        #[test]
        fn every_id_has_a_plain_name_of_its_own(a in any::<String>(), b in any::<String>()) {
            let name = of(&a);
            prop_assert!(!name.is_empty() && name.len() <= MOST);
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-%~".contains(&b);
            prop_assert!(name.bytes().all(plain));
            prop_assert_eq!(a == b, name == of(&b));
        }
    }
}
