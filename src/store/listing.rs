//! The drafts of an account, without taking or changing anything: for looking at them from outside.

use std::path::PathBuf;

use super::account_dir;
use super::draft::{DRAFT_ENDING, Draft, endpoint_of};
use super::owner::{self, Owner};
use super::shelf::{Shelf, Store};
use crate::fs::FsError;

/// A draft that was found.
#[derive(Debug)]
pub struct Left {
    /// Its file.
    pub path: PathBuf,
    /// What is in it, with its shelf; or why it can't be used, as the end of a sentence.
    pub draft: Result<OnShelf, String>,
}

/// A draft that can be used, and where it stands.
pub type OnShelf = (Shelf, Box<Draft>);

impl Store {
    /// Every draft of the account, the newest first; those that can't be used at the end. Nothing is renamed, and no directory
    /// is made.
    ///
    /// # Errors
    /// When the directory or a file can't be read.
    pub fn drafts_left(&self, base_url: &str) -> Result<Vec<Left>, FsError> {
        let path = self.drafts().path();
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(problem) => return Err(FsError::io(path, "read")(problem)),
        };
        let mut left = Vec::new();
        for entry in entries {
            let path = entry.map_err(FsError::io(path, "read"))?.path();
            let is_draft = |name: &str| name.ends_with(DRAFT_ENDING) && !name.starts_with('.');
            if path.file_name().and_then(|name| name.to_str()).is_some_and(is_draft) {
                let draft = self.draft_at(&path, base_url)?;
                // Gone meanwhile: it was saved or discarded.
                if let Some(draft) = draft {
                    left.push(Left { path, draft });
                }
            }
        }
        let saved_at = |left: &Left| left.draft.as_ref().ok().map(|(_, draft)| draft.saved_at.clone());
        left.sort_by(|a, b| saved_at(b).cmp(&saved_at(a)).then_with(|| a.path.cmp(&b.path)));
        Ok(left)
    }

    fn draft_at(&self, path: &std::path::Path, base_url: &str) -> Result<Option<Result<OnShelf, String>>, FsError> {
        let bytes = match account_dir::read(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(FsError::Io { path, done, problem }) => return Err(FsError::Io { path, done, problem }),
            Err(error) => return Ok(Some(Err(error.to_string()))),
        };
        let Some(endpoint) = endpoint_of(&bytes) else {
            return Ok(Some(Err("it is damaged".to_owned())));
        };
        let shelf = self.shelf(base_url, &endpoint);
        if shelf.draft_path() != path {
            return Ok(Some(Err("it belongs to another endpoint".to_owned())));
        }
        Ok(Some(
            Draft::parse(&bytes, &endpoint).map(|draft| (shelf, Box::new(draft))),
        ))
    }
}

impl Shelf {
    /// Who edits the endpoint now; `None` where nobody does who is alive.
    ///
    /// # Errors
    /// When the owner file can't be read.
    pub fn editor(&self) -> Result<Option<Owner>, FsError> {
        Ok(owner::read(&self.owner_path())?.filter(|owner| !owner.is_dead()))
    }
}
