//! `draft discard`: a draft is put aside for some days, unless somebody edits it or it isn't any more what was shown.
//! With `--now` it and what was discarded of its endpoint are deleted for good.

use super::LeftDraft;
use crate::cli::ask::{Consent, Person};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::runtime::{Interrupts, runtime};
use crate::exit_code::Exit;
use crate::fs::KEPT_DAYS;
use crate::fs::day;
use crate::store::{EditorLockAttempt, FoundDraft, Owner};

/// Asks, unless `yes`, and puts it aside. `place` is where its endpoint is. `again` reads it once more: what somebody typed meanwhile is not thrown away.
///
/// # Errors
/// Somebody edits it, nobody can be asked, or it can't be put aside.
pub(super) fn run(
    left: &LeftDraft,
    place: &str,
    yes: bool,
    again: impl FnOnce() -> Result<Option<LeftDraft>, Failure>,
) -> Result<Exit, Failure> {
    if let Some(owner) = &left.editor {
        return Err(occupied(left, owner));
    }
    let loses = left.loses_values();
    let asked = DiscardQuestion {
        question: format!("Discard this draft of an endpoint {place}?"),
        besides: loses.then(|| "Its values can't be kept aside (keep_secrets = false).".to_owned()),
        command: "discard",
    };
    if !yes && let Some(exit) = refused(left, &asked)? {
        return Ok(exit);
    }
    let failed = |error: &dyn std::fmt::Display| {
        Failure::File(format!(
            "the draft of {} can't be put aside: {error}. `novita-edit config path` names its folder.",
            left.title()
        ))
    };
    let editor_lock = match left.files.try_editor_lock().map_err(|error| failed(&error))? {
        EditorLockAttempt::Yours(editor_lock) => editor_lock,
        EditorLockAttempt::Taken(owner) => return Err(occupied(left, &owner)),
    };
    let title = output::safe(&left.title());
    match again()? {
        // Somebody else saved or discarded it: that is what was wanted.
        None => output::note(&format!("The draft of {title} is gone already.")),
        Some(now) if now.draft.saved_at != left.draft.saved_at => {
            return Err(Failure::Occupied(format!(
                "the draft of {title} was written anew meanwhile, and is kept. Look at it again: `novita-edit draft show {}`",
                output::safe(&left.draft.endpoint)
            )));
        }
        Some(_) => {
            editor_lock.discard_draft().map_err(|error| failed(&error))?;
            let id = output::safe(&left.draft.endpoint);
            let without = if loses { " without its values" } else { "" };
            output::note(&format!(
                "The draft of {title} is discarded. It is kept aside{without} for {KEPT_DAYS} days: \
                 `novita-edit draft discard --now {id}` deletes it."
            ));
        }
    }
    Ok(Exit::Done)
}

/// What is asked before something goes.
pub(super) struct DiscardQuestion {
    pub question: String,
    /// A sentence behind what is shown.
    pub besides: Option<String>,
    /// The command that asks.
    pub command: &'static str,
}

/// Shows what it is about and asks; how the command ends if it isn't to be.
pub(super) fn refused(left: &LeftDraft, asked: &DiscardQuestion) -> Result<Option<Exit>, Failure> {
    let runtime = runtime()?;
    let answer = runtime.block_on(async {
        let person = Person::new(Interrupts::listen()?, false);
        if !person.is_there() {
            let id = output::safe(&left.draft.endpoint);
            return Err(Failure::Usage(format!(
                "there is no terminal to ask on, so nothing is discarded. `novita-edit draft {} {id} --yes` doesn't ask.",
                asked.command
            )));
        }
        for line in left.lines(false) {
            output::note(&line);
        }
        if let Some(besides) = &asked.besides {
            output::note(besides);
        }
        Ok(person.agrees(&output::safe(&asked.question)).await)
    });
    runtime.shutdown_background();
    match answer? {
        Ok(Consent::Yes) => Ok(None),
        kept => {
            let id = output::safe(&left.draft.endpoint);
            output::note(&match &left.discarded {
                None => format!("The draft is kept. `novita-edit {id}` goes on with it."),
                Some((_, until)) => format!("It is kept until {}.", day(until)),
            });
            Ok(Some(kept.err().unwrap_or(Exit::Interrupted)))
        }
    }
}

pub(super) fn occupied(left: &LeftDraft, owner: &Owner) -> Failure {
    Failure::Occupied(format!(
        "the draft of {} is kept: {} edits it. Leave that editor, or discard the edits in it.",
        left.title(),
        owner.in_words()
    ))
}

/// Asks, unless `yes`, and deletes. `place` is where its endpoint is.
///
/// # Errors
/// Somebody edits the draft, nobody can be asked, or something can't be removed.
pub(super) fn delete(left: &LeftDraft, place: &str, yes: bool) -> Result<Exit, Failure> {
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
        question: format!("Delete this for good, of an endpoint {place}?"),
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
