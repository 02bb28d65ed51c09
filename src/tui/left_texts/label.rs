//! The label beside a text for `$EDITOR`: what it is of, and what it was when it was handed over.

use std::fs;
use std::io;
use std::path::Path;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::text_file::{MOST_BYTES, read_text};
use crate::fs::{AtomicFile, OpenFile, OpenFor, Rules, is_alive, open, start_of};
use crate::secret::{Secret, read_to_end};
use crate::store::{EditorTextOf, Snapshot, room};
use crate::text::hex;
use crate::tui::model::{Edited, EditorTarget};

/// The label's file.
pub(super) const LABEL: &str = ".novita-edit.json";

/// What a text in `$EDITOR` is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TextOf {
    /// The account, as the files name it.
    pub account: String,
    /// The endpoint's id.
    pub endpoint: String,
    /// What of the endpoint it is.
    pub what: EditorTextOf,
    /// Whether environment values are written into files that stay.
    pub keeps_secrets: bool,
    /// What its text was made of, where values may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Box<Snapshot>>,
}

impl TextOf {
    /// Whether it may stay in the state directory.
    pub(super) fn may_stay(&self) -> bool {
        self.keeps_secrets || matches!(self.what, EditorTextOf::Field(_))
    }
}

/// The editor that has a text open, on the host that the directory's name tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorProcess {
    /// Its program, as people call it.
    pub name: String,
    /// Its process id.
    pub pid: u32,
    /// Clock ticks from the boot to its start, which tell it from a later process with the same number; `None` where
    /// there is no `/proc`.
    pub start: Option<u64>,
}

impl EditorProcess {
    /// One that was just started, by the program's path or name.
    pub fn of(program: &str, pid: u32) -> Self {
        let name = Path::new(program)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self {
            name: name.unwrap_or_else(|| program.to_owned()),
            pid,
            start: start_of(pid),
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        is_alive(self.pid, self.start)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Label {
    pub of: TextOf,
    /// The name of the text's file.
    pub file: String,
    /// The SHA-256 of the text as it was handed over, or taken.
    pub given: String,
    /// Files of the editor that could not stay, by name: that is still to be told.
    #[serde(default)]
    pub removed: Vec<String>,
    /// The editor's own files were named to somebody.
    #[serde(default)]
    pub is_told: bool,
    /// Who has it open, since the editor was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editor: Option<EditorProcess>,
}

/// Notes beside a text that is about to be written what it is of.
///
/// # Errors
/// What the system says.
pub fn label(dir: &Path, of: &TextOf, file: &str, text: &Secret) -> io::Result<()> {
    let label = Label {
        of: of.clone(),
        file: file.to_owned(),
        given: sha256(text.reveal().as_bytes()),
        removed: Vec::new(),
        is_told: false,
        editor: None,
    };
    label.write(dir)
}

impl Label {
    pub fn read(dir: &Path) -> Option<Self> {
        let label: Self = serde_json::from_slice(&read(&dir.join(LABEL))?).ok()?;
        // It is a name and never a path, whoever wrote it.
        let plain = !label.file.is_empty() && !label.file.contains('/') && label.file != "..";
        plain.then_some(label)
    }

    pub fn write(&self, dir: &Path) -> io::Result<()> {
        // Values may be in it: what outgrows its room leaves them in freed memory.
        let base = self.of.base.as_ref().map_or(0, |base| room(&base.config));
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096 + base));
        serde_json::to_writer(&mut *bytes, self).map_err(io::Error::other)?;
        AtomicFile::write_called(dir, ".label-", &bytes, false)?.replace(&dir.join(LABEL))
    }

    /// Whether another text is in the file than was handed over. An empty or a missing one is more likely being
    /// written; one that can't be read may be anything.
    pub fn is_changed(&self, dir: &Path) -> bool {
        let path = dir.join(&self.file);
        match read(&path) {
            Some(bytes) => !bytes.is_empty() && sha256(&bytes) != self.given,
            None => fs::symlink_metadata(path).is_ok_and(|facts| facts.is_file()),
        }
    }

    /// Whether there is another text that nobody can have taken: it is too large, or the system doesn't give it.
    pub fn is_unreadable(&self, dir: &Path) -> bool {
        self.is_changed(dir) && matches!(read_text(&dir.join(&self.file)), Edited::Failed(_))
    }

    /// What is in the file now counts as handed over, and what it was made of isn't needed any more.
    pub fn take(&mut self, dir: &Path) {
        self.of.base = None;
        self.given = sha256(&read(&dir.join(&self.file)).unwrap_or_default());
    }

    /// The editor's own files there. A copy of what was before (`body.json~`) is none.
    pub fn others(&self, dir: &Path) -> Vec<String> {
        let files = fs::read_dir(dir).into_iter().flatten().flatten();
        let files = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let names = files.filter_map(|entry| entry.file_name().into_string().ok());
        let is_ours = |name: &str| name == LABEL || name == self.file || name.starts_with(".label-");
        let mut names: Vec<String> = names.filter(|name| !is_ours(name) && !name.ends_with('~')).collect();
        names.sort();
        names
    }

    pub fn name(&self) -> String {
        EditorTarget::of(&self.of.what).name()
    }
}

/// What a file holds, links not followed, cut behind the longest text; `None` where there is none.
pub(super) fn read(path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    let OpenFile { file, size } = open(path, OpenFor::Read, Rules::Unlinked).ok()?;
    read_to_end(file, size, MOST_BYTES + 1).ok()
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}
