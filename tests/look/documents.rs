//! The documentation is read off the same tables as the program.

use std::fmt::Write;

use novita_edit::tui::keymap::{Context, Keymap};
use novita_edit::tui::theme::Role;

/// All contexts and actions, as `docs/keys.md` must have them.
fn tables() -> String {
    let keymap = Keymap::standard();
    let mut text = String::new();
    for context in Context::ALL {
        write!(text, "## `[{}]`\n\n{}.\n\n", context.name(), context.says()).unwrap();
        text.push_str("| action | keys | does |\n| --- | --- | --- |\n");
        for (action, keys) in keymap.listed(*context) {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            writeln!(
                text,
                "| `{}` | {} | {} |",
                action.name(),
                keys.join(" "),
                action.says_in(*context)
            )
            .unwrap();
        }
        text.push('\n');
    }
    text
}

/// With `UPDATE_DOCS=1` in the environment the tables are written instead.
#[test]
fn the_page_of_keys_has_every_context_and_action() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, _) = page.split_once("## `[").unwrap_or((&page, ""));
    let wanted = format!("{before}{}", tables().trim_end()) + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
    } else {
        assert_eq!(
            page, wanted,
            "docs/keys.md is not what the keymap says; UPDATE_DOCS=1 writes it"
        );
    }
}

#[test]
fn the_pages_name_every_role_of_a_theme() {
    let settings = include_str!("../../docs/settings.md");
    let note = include_str!("../../assets/init/themes.txt");
    for role in Role::ALL {
        assert!(
            settings.contains(&format!("| `{}` | {} |", role.name(), role.says())),
            "{role:?}"
        );
        assert!(note.contains(role.name()), "{role:?}");
    }
}
