//! Drafts that were kept under another API key of the same API: after a key was exchanged they are offered to whoever
//! has the new one. Nothing but what stands in the drafts themselves is needed for that; no file holds a key.

use std::path::Path;

use super::account;
use super::draft::Draft;
use super::draft_file::{address_of, endpoint_of};
use super::files::{DRAFT_ENDING, EndpointFiles, Store};
use super::locks::{EditorLockAttempt, Owner};
use super::overview::UsableDraft;

impl Store {
    /// Every draft that another key left for this API, and that nobody edits who lives; the newest first. What can't be
    /// read or used is passed over: it is told under its own key.
    pub fn drafts_of_other_keys(&self, base_url: &str) -> Vec<UsableDraft> {
        let mut all = Vec::new();
        for other in self.of_other_keys() {
            for path in account::entries(other.drafts_dir().path()).unwrap_or_default() {
                let name = path.file_name().and_then(|name| name.to_str());
                if name.is_some_and(|name| name.ends_with(DRAFT_ENDING) && !name.starts_with('.')) {
                    all.extend(other.usable_draft(&path, base_url));
                }
            }
        }
        all.sort_by(|(_, a), (_, b)| b.saved_at.cmp(&a.saved_at));
        all
    }

    /// The newest such draft of one endpoint.
    pub fn draft_of_another_key(&self, base_url: &str, endpoint: &str) -> Option<UsableDraft> {
        let others = self.of_other_keys();
        let drafts = others.iter().filter_map(|other| {
            let files = other.endpoint_files(base_url, endpoint);
            other.usable_draft(&files.draft_path(), base_url)
        });
        drafts.max_by(|(_, a), (_, b)| a.saved_at.cmp(&b.saved_at))
    }

    fn usable_draft(&self, path: &Path, base_url: &str) -> Option<UsableDraft> {
        let bytes = account::read(path).ok().flatten()?;
        if address_of(&bytes).is_none_or(|of| of != base_url) {
            return None;
        }
        let endpoint = endpoint_of(&bytes)?;
        let files = self.endpoint_files(base_url, &endpoint);
        // This process may have it just to put it aside.
        let is_edited = |owner: Option<Owner>| owner.is_some_and(|owner| !owner.is_this_process());
        let is_free = files.draft_path() == path && files.editor().is_ok_and(|owner| !is_edited(owner));
        let draft = is_free.then(|| Draft::parse(&bytes, &endpoint).ok()).flatten()?;
        Some((files, Box::new(draft)))
    }
}

/// A draft of another key that is offered, until it is decided about.
#[derive(Debug)]
pub struct OtherKeyDraft {
    files: EndpointFiles,
    saved_at: String,
}

impl OtherKeyDraft {
    /// The draft that was found.
    pub fn of((files, draft): &UsableDraft) -> Self {
        Self {
            files: files.clone(),
            saved_at: draft.saved_at.clone(),
        }
    }

    /// The endpoint that it is of.
    pub fn endpoint(&self) -> &str {
        self.files.endpoint()
    }

    /// Puts it aside under its own key, as one that was discarded, if that is `wanted` still under the lock. One that was
    /// written anew, or is gone, stays as it is.
    ///
    /// # Errors
    /// Somebody edits it, or it can't be put aside: why, as the end of a sentence.
    pub fn put_aside(&self, wanted: &dyn Fn() -> bool) -> Result<(), String> {
        let told = |error: &dyn std::fmt::Display| error.to_string();
        match self.files.try_editor_lock().map_err(|error| told(&error))? {
            EditorLockAttempt::Taken(owner) => Err(format!("it is being edited by {}", owner.in_words())),
            EditorLockAttempt::Yours(lock) => {
                let bytes = account::read(&self.files.draft_path()).map_err(|error| told(&error))?;
                let now = bytes.and_then(|bytes| Draft::parse(&bytes, self.files.endpoint()).ok());
                if now.is_none_or(|now| now.saved_at != self.saved_at) {
                    return Ok(());
                }
                lock.discard_draft_if(wanted).map_err(|error| told(&error))
            }
        }
    }
}
