//! What waits on an account's shelves: one listing of the directory tells it for all endpoints.

use std::collections::HashSet;

use super::draft::DRAFT_ENDING;
use super::name;
use super::owner::{self, OWNER_ENDING};
use super::shelf::Store;
use crate::fs::FsError;

/// Which endpoints have a draft, and which are open in another editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelves {
    /// The files' names for the ids, without their endings.
    drafts: HashSet<String>,
    in_use: HashSet<String>,
}

impl Shelves {
    /// Of the ids of endpoints with a draft, and of those that another editor has.
    pub fn new<'a>(drafts: impl IntoIterator<Item = &'a str>, in_use: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            drafts: drafts.into_iter().map(name::of).collect(),
            in_use: in_use.into_iter().map(name::of).collect(),
        }
    }

    /// Whether edits of an earlier run wait there.
    pub fn has_draft(&self, id: &str) -> bool {
        self.drafts.contains(&name::of(id))
    }

    /// Whether another living editor has the endpoint.
    pub fn is_in_use(&self, id: &str) -> bool {
        self.in_use.contains(&name::of(id))
    }
}

impl Store {
    /// Lists what is there now. Reads the owner files, of which there are as many as editors; drafts aren't opened.
    ///
    /// # Errors
    /// When the directory can't be listed.
    pub fn shelves(&self) -> Result<Shelves, FsError> {
        let path = self.drafts().path();
        let mut shelves = Shelves::default();
        for entry in std::fs::read_dir(path).map_err(FsError::io(path, "listed"))? {
            let entry = entry.map_err(FsError::io(path, "listed"))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Some(endpoint) = name.strip_suffix(DRAFT_ENDING) {
                shelves.drafts.insert(endpoint.to_owned());
            } else if let Some(endpoint) = name.strip_suffix(OWNER_ENDING)
                // What can't be read says nothing here; opening the endpoint tells.
                && let Ok(Some(owner)) = owner::read(&entry.path())
                && !owner.is_dead()
                && !owner.is_this_process()
            {
                shelves.in_use.insert(endpoint.to_owned());
            }
        }
        Ok(shelves)
    }
}
