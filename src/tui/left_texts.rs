//! What an editor left behind and nobody took: a text that it saved before this program was killed, and files of its
//! own, such as vim's swap file. It stays in a private directory until the endpoint that it is of is opened again.
//!
//! Beside the text for `$EDITOR` lies a label: what the text is of, and what it was when it was handed over. So the
//! next start can tell whether anything was saved since.

mod label;
mod text_file;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::process::{Pid, test_kill_process};

use super::model::Edited;
use crate::config::StateDirs;
use crate::fs::day;
use crate::fs::{
    KEPT_DAYS, OpenFor, Rules, create_file, create_private, is_over, kept_until, make_private, open, this_host,
    time_here, time_in_name, time_of_name,
};
use crate::secret::Secret;
use crate::store::{EditorTextOf, Snapshot};
pub use label::{EditorProcess, TextOf, label};
use label::{LABEL, Label, read, sha256};
pub(super) use text_file::{PREFIX, read_text, runtime_dir};

/// What the names of those directories begin with that outlive a login; then come the time and a number.
const KEPT: &str = "left-";
/// When a directory of another host counts as left behind: of its processes nothing is known here.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// What was left of an endpoint.
#[derive(Debug)]
pub struct LeftText {
    /// Its directory.
    pub dir: PathBuf,
    /// What of the endpoint it is.
    pub what: EditorTextOf,
    /// The text that was saved, and when, RFC 3339; `None`: it is as it was handed over.
    pub text: Option<(Edited, String)>,
    /// What it was made of, where that is known.
    pub base: Option<Box<Snapshot>>,
    /// What is to be told of the editor's own files, in sentences.
    pub told: Vec<String>,
    /// That the editor lives and has it open still, in a sentence; all else waits for its end.
    pub open: Option<String>,
}

/// Notes who has a text open now: while that process lives, nobody takes its file and its own files away.
pub fn opened_by(dir: &Path, editor: EditorProcess) {
    if let Some(mut label) = Label::read(dir) {
        label.editor = Some(editor);
        let _ = label.write(dir);
    }
}

/// The editor that has a directory's text open and lives: one that was killed with this program isn't it.
fn living_editor(label: &Label) -> Option<&EditorProcess> {
    label.editor.as_ref().filter(|editor| editor.is_alive())
}

/// Whether the text is as it was handed over. Where that can't be told, it isn't.
pub fn is_untouched(dir: &Path) -> bool {
    let same = |label: Label| read(&dir.join(&label.file)).is_some_and(|bytes| sha256(&bytes) == label.given);
    Label::read(dir).is_some_and(same)
}

/// Whether the editor left files of its own there: it didn't end as it does when it is quit.
pub fn has_others(dir: &Path) -> bool {
    Label::read(dir).is_some_and(|label| !label.others(dir).is_empty())
}

/// Removes a directory, unless something in it would be lost, or is being written: that stays there for the next start.
pub fn clear(dir: &Path) {
    let loses =
        |label: Label| label.is_changed(dir) || !label.others(dir).is_empty() || living_editor(&label).is_some();
    if !Label::read(dir).is_some_and(loses) {
        let _ = fs::remove_dir_all(dir);
    }
}

/// The text was taken: the directory goes. What else the editor left there is moved to where it outlives the login;
/// where that may not stay, it goes, and the next opening of the endpoint tells so. What can't be moved, and a text
/// that nobody could read, stay where they are, for the next start.
pub fn end(dir: &Path, dirs: Option<&StateDirs>) {
    let Some(mut label) = Label::read(dir) else {
        return drop(fs::remove_dir_all(dir));
    };
    if label.is_unreadable(dir) {
        return;
    }
    let others = label.others(dir);
    if others.is_empty() {
        return drop(fs::remove_dir_all(dir));
    }
    label.take(dir);
    if label.of.may_stay() {
        if label.write(dir).is_ok() {
            let _ = keep(dir, dirs);
        }
        return;
    }
    label.removed = others;
    label.of.what = without_value(label.of.what);
    let told = dirs.map(|dirs| new_kept(dirs).and_then(|kept| label.write(&kept)));
    if matches!(told, Some(Ok(()))) {
        let _ = fs::remove_dir_all(dir);
    } else {
        // Told from here then; but nothing of it stays.
        let _ = label.write(dir);
        remove_all_but_label(dir);
    }
}

fn remove_all_but_label(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name() != LABEL {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The text was taken, and the editor didn't end when it was told to: what it still writes is found by the next start.
pub fn taken_from_running(dir: &Path) {
    if let Some(mut label) = Label::read(dir).filter(|label| !label.is_unreadable(dir)) {
        label.take(dir);
        let _ = label.write(dir);
    }
}

fn without_value(what: EditorTextOf) -> EditorTextOf {
    match what {
        EditorTextOf::Env { at, mut old } => {
            old.value = Secret::new("");
            EditorTextOf::Env { at, old }
        }
        other => other,
    }
}

/// Somebody decided about the text: it isn't offered again. The editor's own files stay for their days.
pub fn decided(dir: &Path) {
    match Label::read(dir) {
        Some(mut label) if !label.others(dir).is_empty() => {
            label.take(dir);
            let _ = label.write(dir);
        }
        _ => drop(fs::remove_dir_all(dir)),
    }
}

/// A new directory for what outlives a login.
fn new_kept(dirs: &StateDirs) -> io::Result<PathBuf> {
    let below = dirs.editor();
    make_private(&below).map_err(io::Error::other)?;
    let time = time_in_name();
    for number in 1.. {
        let dir = below.join(format!("{KEPT}{time}-{number}"));
        match create_private(&dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| dir),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Moves a directory there, file by file: it may come from another file system. Links stay behind. The label comes
/// last: of a process that ends meanwhile nobody takes a half for the whole.
fn keep(dir: &Path, dirs: Option<&StateDirs>) -> io::Result<()> {
    let dirs = dirs.ok_or(io::ErrorKind::NotFound)?;
    let kept = new_kept(dirs)?;
    let copy = || {
        let mut entries = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| entry.file_name() == LABEL);
        for entry in entries {
            if entry.file_type()?.is_file() {
                let mut from = open(&entry.path(), OpenFor::Read, Rules::Unlinked)?.file;
                let mut to = create_file(&kept.join(entry.file_name()))?;
                io::copy(&mut from, &mut to)?;
                // What is offered tells when it was saved.
                let _ = to.set_modified(entry.metadata()?.modified()?);
                to.sync_all()?;
            }
        }
        Ok(())
    };
    match copy() {
        Ok(()) => fs::remove_dir_all(dir),
        Err(error) => {
            let _ = fs::remove_dir_all(&kept);
            Err(error)
        }
    }
}

/// Where such directories are.
fn places(dirs: Option<&StateDirs>) -> Vec<PathBuf> {
    let ours = dirs.map(|dirs| dirs.editor());
    runtime_dir().into_iter().chain(ours).collect()
}

fn directories(below: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(below).into_iter().flatten().flatten();
    // Links aren't followed.
    let entries = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let named = entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())));
    named.collect()
}

/// Looks at what killed processes left, wherever it may be, at each start: what was in an editor and is worth nothing
/// goes, what would be lost is moved to where it outlives the login, and what nobody asked for goes after its days.
pub fn sweep_all(dirs: Option<&StateDirs>) {
    for place in places(dirs) {
        sweep(&place, dirs);
    }
}

fn sweep(place: &Path, dirs: Option<&StateDirs>) {
    for (name, dir) in directories(place) {
        if let Some(kept) = name.strip_prefix(KEPT) {
            if kept_since(kept).is_some_and(|at| is_over(at, &dir)) {
                let _ = fs::remove_dir_all(&dir);
            }
        } else if is_left(&name, &dir) {
            clear(&dir);
            let Some(label) = Label::read(&dir) else { continue };
            // It goes on writing there, on this host: of another's nothing is known.
            if is_here(&name) && living_editor(&label).is_some() {
                continue;
            }
            if label.of.may_stay() {
                // What can't be moved is found where it is.
                let _ = keep(&dir, dirs);
            } else if age(&dir).is_some_and(|age| age > OLD * KEPT_DAYS) {
                let _ = fs::remove_dir_all(&dir);
            }
        }
    }
}

fn kept_since(name: &str) -> Option<jiff::Timestamp> {
    time_of_name(name.rsplit_once('-')?.0)
}

fn age(dir: &Path) -> Option<Duration> {
    let changed = fs::metadata(dir).and_then(|facts| facts.modified()).ok()?;
    SystemTime::now().duration_since(changed).ok()
}

/// Whether nobody is there any more who has the directory of that name.
fn is_left(name: &str, dir: &Path) -> bool {
    let Some(name) = name.strip_prefix(PREFIX) else {
        return false;
    };
    let mut parts = name.split('-');
    let (host, pid) = (parts.next(), parts.next().and_then(|pid| pid.parse().ok()));
    match pid.and_then(Pid::from_raw) {
        Some(pid) if host == Some(&this_host()) => matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)),
        Some(_) => age(dir).is_some_and(|age| age >= OLD),
        None => false,
    }
}

/// Whether a directory of that name was made on this host.
fn is_here(name: &str) -> bool {
    let host = name.strip_prefix(PREFIX).and_then(|name| name.split('-').next());
    host == Some(&this_host())
}

/// What was left of an endpoint. Nothing of it changes by that. Waits for the disk.
pub fn of(dirs: Option<&StateDirs>, account: &str, endpoint: &str) -> Vec<LeftText> {
    let mut all = Vec::new();
    for place in places(dirs) {
        for (name, dir) in directories(&place) {
            let is_kept = name.strip_prefix(KEPT).and_then(kept_since).is_some();
            if !is_kept && !is_left(&name, &dir) {
                continue;
            }
            let of_this = |label: &Label| label.of.account == account && label.of.endpoint == endpoint;
            if let Some(label) = Label::read(&dir).filter(of_this) {
                let is_here = !is_kept && is_here(&name);
                all.push(match living_editor(&label).filter(|_| is_here) {
                    Some(editor) => still_open(dir, &label, editor),
                    None => left(dir, label),
                });
            }
        }
    }
    all
}

/// Somebody was told what an editor left there: it isn't told again.
pub fn told(dir: &Path) {
    let Some(mut label) = Label::read(dir) else { return };
    if label.removed.is_empty() {
        label.is_told = true;
        let _ = label.write(dir);
    } else {
        // Nothing else is there.
        let _ = fs::remove_dir_all(dir);
    }
}

fn still_open(dir: PathBuf, label: &Label, editor: &EditorProcess) -> LeftText {
    let EditorProcess { name, pid, .. } = editor;
    let open = format!(
        "{name} (process {pid}) still has {} open. Save and quit there; the next opening of this endpoint offers the text.",
        label.name()
    );
    LeftText {
        dir,
        what: label.of.what.clone(),
        text: None,
        base: None,
        told: Vec::new(),
        open: Some(open),
    }
}

fn left(dir: PathBuf, label: Label) -> LeftText {
    let path = dir.join(&label.file);
    let text = label.is_changed(&dir).then(|| (read_text(&path), modified(&path)));
    let mut told = Vec::new();
    let others = label.others(&dir);
    // What can't be read back is too large, say: it is named as the editor's own files are.
    let (text, failed) = match text {
        Some((Edited::Failed(why), _)) => (None, Some(why)),
        text => (text, None),
    };
    if (failed.is_some() || !others.is_empty()) && !label.is_told {
        told.extend(others.iter().map(|name| about(&dir, name, &label.file)));
        let kept = path.display();
        told.extend(failed.map(|why| format!("{why} It is kept as {kept}. Any editor opens it.")));
        told.push(format!("It goes after {KEPT_DAYS} days."));
    }
    if !label.removed.is_empty() {
        let names = label.removed.join(", ");
        told.push(format!(
            "What the editor left of {} when it was ended ({names}) was removed: keep_secrets = false.",
            label.name()
        ));
    }
    LeftText {
        dir,
        what: label.of.what,
        base: label.of.base,
        text,
        told,
        open: None,
    }
}

/// Where a file of the editor is, and how to get at what is in it.
fn about(dir: &Path, name: &str, file: &str) -> String {
    let path = dir.join(name);
    let is_swap = name.starts_with('.') && name.rsplit_once(".s").is_some_and(|(_, rest)| rest.len() == 2);
    let how = match () {
        () if is_swap => format!("`vim -r {}` shows it.", dir.join(file).display()),
        () if name.starts_with('#') && name.ends_with('#') => "Emacs opens it.".to_owned(),
        () => "Any editor opens it.".to_owned(),
    };
    format!(
        "The editor left {name}, which may hold more than was saved; it is kept as {}. {how}",
        path.display()
    )
}

fn modified(path: &Path) -> String {
    let at = fs::metadata(path).and_then(|facts| facts.modified());
    let at = at.ok().and_then(|at| jiff::Timestamp::try_from(at).ok());
    time_here(at.unwrap_or_else(jiff::Timestamp::now))
}

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

#[cfg(test)]
mod tests;
