//! `draft discard --now`: an endpoint's draft and what was discarded of it are deleted for good.

use super::LeftDraft;
use super::discard::{DiscardQuestion, occupied, refused};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::exit_code::Exit;
use crate::store::{EditorLockAttempt, FoundDraft};

/// Asks, unless `yes`, and deletes.
///
/// # Errors
/// Somebody edits the draft, nobody can be asked, or something can't be removed.
pub(super) fn run(left: &LeftDraft, yes: bool) -> Result<Exit, Failure> {
    let has_draft = left.discarded.is_none();
    if let Some(owner) = &left.editor {
        return Err(occupied(left, owner));
    }
    let failed = |error: &dyn std::fmt::Display| {
        Failure::File(format!(
            "what is kept of {} can't be deleted: {error}. `novita-edit config path` names its folder.",
            left.title()
        ))
    };
    let before = left.files.discarded().map_err(|error| failed(&error))?.len();
    let others = before.saturating_sub(usize::from(!has_draft));
    let asked = DiscardQuestion {
        question: "Delete this for good?",
        besides: match others {
            0 => None,
            1 => Some("One more that was discarded goes with it.".to_owned()),
            more => Some(format!("{more} more that were discarded go with it.")),
        },
        command: "discard --now",
    };
    if !yes && let Some(exit) = refused(left, &asked)? {
        return Ok(exit);
    }
    if has_draft {
        let editor_lock = match left.files.try_editor_lock().map_err(|error| failed(&error))? {
            EditorLockAttempt::Yours(editor_lock) => editor_lock,
            EditorLockAttempt::Taken(owner) => return Err(occupied(left, &owner)),
        };
        // What somebody typed while the question stood was not shown.
        if let Ok(FoundDraft::Draft(now)) = left.files.read_draft()
            && now.saved_at != left.draft.saved_at
        {
            return Err(Failure::Occupied(format!(
                "the draft of {} was written anew meanwhile, and is kept. Look at it again: `novita-edit draft show {}`",
                left.title(),
                output::safe(&left.draft.endpoint)
            )));
        }
        editor_lock.remove_draft().map_err(|error| failed(&error))?;
    }
    let gone = left.files.forget_discarded().map_err(|error| failed(&error))? + usize::from(has_draft);
    let title = output::safe(&left.title());
    let drafts = if gone == 1 { "draft" } else { "drafts" };
    output::note(&format!("Deleted for good: {gone} {drafts} of {title}."));
    Ok(Exit::Done)
}
