//! Drafts as JSON and YAML have them.

use serde::Serialize;

use super::LeftDraft;
use crate::cli::changes::{self, ChangeJson};

/// A draft in the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftJson<'a> {
    id: &'a str,
    /// The name that the draft has.
    name: &'a str,
    /// How many differences from what was loaded.
    changes: usize,
    /// How many texts from the editor wait that were not taken, and aren't among the changes.
    texts: usize,
    /// RFC 3339 with offset.
    saved_at: &'a str,
    /// A text was being typed, and isn't among the changes.
    is_typing: bool,
    /// It was sent, and nobody knew what came of it.
    is_sent: bool,
    /// It was kept under another API key of the same API.
    is_of_other_key: bool,
    /// Who edits the endpoint now; `null`: nobody.
    editor: Option<EditorJson<'a>>,
    /// When it was discarded, RFC 3339; `null`: it is left to be gone on with.
    discarded_at: Option<&'a str>,
    /// Until when it is kept after that.
    kept_until: Option<&'a str>,
}

/// A process that edits an endpoint.
#[derive(Serialize)]
struct EditorJson<'a> {
    pid: u32,
    host: &'a str,
    since: &'a str,
}

/// A draft with its changes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DraftChangesJson<'a> {
    id: &'a str,
    name: &'a str,
    saved_at: &'a str,
    changes: Vec<ChangeJson>,
    typing: Option<TypingJson>,
    is_sent: bool,
    is_of_other_key: bool,
    editor: Option<EditorJson<'a>>,
    discarded_at: Option<&'a str>,
    kept_until: Option<&'a str>,
}

/// A text that was being typed.
#[derive(Serialize)]
struct TypingJson {
    name: String,
    text: String,
}

pub(super) fn short(left: &LeftDraft) -> DraftJson<'_> {
    let draft = &left.draft;
    DraftJson {
        id: &draft.endpoint,
        name: &draft.edited.name,
        changes: left.changes().len(),
        texts: draft.editor_texts.len(),
        saved_at: &draft.saved_at,
        is_typing: draft.typing.is_some(),
        is_sent: draft.sent.is_some(),
        is_of_other_key: left.is_of_other_key,
        editor: editor(left),
        discarded_at: left.discarded.as_ref().map(|(at, _)| at.as_str()),
        kept_until: left.discarded.as_ref().map(|(_, until)| until.as_str()),
    }
}

pub(super) fn whole(left: &LeftDraft, reveal: bool) -> DraftChangesJson<'_> {
    let draft = &left.draft;
    DraftChangesJson {
        id: &draft.endpoint,
        name: &draft.edited.name,
        saved_at: &draft.saved_at,
        changes: changes::listed(&left.changes(), reveal),
        typing: left.typing(reveal).map(|(name, text)| TypingJson { name, text }),
        is_sent: draft.sent.is_some(),
        is_of_other_key: left.is_of_other_key,
        editor: editor(left),
        discarded_at: left.discarded.as_ref().map(|(at, _)| at.as_str()),
        kept_until: left.discarded.as_ref().map(|(_, until)| until.as_str()),
    }
}

fn editor(left: &LeftDraft) -> Option<EditorJson<'_>> {
    left.editor.as_ref().map(|owner| EditorJson {
        pid: owner.pid,
        host: &owner.host,
        since: &owner.since,
    })
}
