//! What editors left of an account's endpoints, for a list: where it is, and how long.

use super::{KEPT, Label, directories, is_here, is_left, kept_since, living_editor, places};
use crate::config::StateDirs;
use crate::fs::{kept_until, time_here};
use crate::text::day;

/// What editors left and nobody took, of all endpoints of an account, in sentences. Nothing of it changes by that.
/// Waits for the disk.
pub fn kept_files(dirs: Option<&StateDirs>, account: &str) -> Vec<String> {
    let mut all = Vec::new();
    for place in places(dirs) {
        let mut found = directories(&place);
        found.sort();
        for (name, dir) in found {
            let since = name.strip_prefix(KEPT).and_then(kept_since);
            if since.is_none() && !is_left(&name, &dir) {
                continue;
            }
            let Some(label) = Label::read(&dir).filter(|label| label.of.account == account) else {
                continue;
            };
            let of = format!("{} of {}", label.name(), label.of.endpoint);
            let path = dir.display();
            if let Some(editor) = living_editor(&label).filter(|_| since.is_none() && is_here(&name)) {
                let (program, pid) = (&editor.name, editor.pid);
                all.push(format!("{program} (process {pid}) still has {of} open, in {path}."));
                continue;
            }
            let until = since.map(kept_until);
            let until = until.map_or(String::new(), |until| format!(", until {}", day(&time_here(until))));
            if label.is_changed(&dir) {
                all.push(format!(
                    "A text of {of} that the editor saved and nobody took is kept in {path}{until}."
                ));
            }
            let others = label.others(&dir);
            if !others.is_empty() {
                let names = others.join(", ");
                all.push(format!(
                    "What the editor left of {of} ({names}) is kept in {path}{until}."
                ));
            }
        }
    }
    all
}
