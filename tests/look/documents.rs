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

/// Name and version of each row of the dependency tables.
fn rows(page: &str) -> Vec<(String, String)> {
    let section = page.split_once("## Dependencies").unwrap().1;
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| crate |"));
    let cells = rows.map(|line| line.split(" | ").collect::<Vec<_>>());
    cells
        .map(|cells| {
            assert_eq!(cells.len(), 5, "{cells:?}");
            assert!(
                cells[4].len() > 10 && cells[3].len() == 10 && cells[2].len() > 2,
                "{cells:?}"
            );
            (cells[0].trim_start_matches("| ").to_owned(), cells[1].to_owned())
        })
        .collect()
}

#[test]
fn the_table_of_dependencies_has_each_with_its_version_and_a_reason() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let lock: toml::Table = include_str!("../../Cargo.lock").parse().unwrap();
    let table = rows(include_str!("../../docs/architecture.md"));
    let mut wanted = 0;
    for section in ["dependencies", "dev-dependencies"] {
        for (name, spec) in manifest[section].as_table().unwrap() {
            wanted += 1;
            let package = spec
                .get("package")
                .map_or(name.as_str(), |package| package.as_str().unwrap());
            let named = |cell: &str| cell == name || cell == format!("{name} ({package})");
            let (_, version) = table
                .iter()
                .find(|(cell, _)| named(cell))
                .unwrap_or_else(|| panic!("no row for {name}"));
            let locked = lock["package"].as_array().unwrap().iter().any(|locked| {
                let of_it = locked["version"].as_str().unwrap().split('+').next();
                locked["name"].as_str() == Some(package) && of_it == Some(version)
            });
            assert!(locked, "{name} is not {version}");
        }
    }
    assert_eq!(table.len(), wanted, "a row for something that is none");
}
