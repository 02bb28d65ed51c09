//! An endpoint on its way to the form, and what comes meanwhile.

use crate::api::ApiError;
use crate::endpoint::LoadedEndpoint;
use crate::tui::draft_state::Opened;
use crate::tui::press::Press;
use crate::tui::views::form::state::Form;

/// Keys that are kept for the box of quick scale until it is there.
const MOST_TYPED_AHEAD: usize = 64;

/// An endpoint that is being read, or couldn't be.
#[derive(Debug, Default)]
pub struct Loading {
    /// Its id.
    pub id: String,
    /// Why it couldn't be read.
    pub error: Option<ApiError>,
    /// The endpoint with the local time of day, while what is on disk about it is still being found out.
    pub loaded: Option<(LoadedEndpoint, String)>,
    /// What is on disk about it, if that was found out first.
    pub opened: Option<Box<Opened>>,
    /// Only a number is to be changed.
    pub scale: bool,
    /// What was typed for that meanwhile.
    pub typed: Vec<Press>,
    /// The form that took the endpoint over, with edits that were only here.
    pub back: Option<Box<Form>>,
}

impl Loading {
    /// One that begins to be read.
    pub fn new(id: String) -> Self {
        Self { id, ..Self::default() }
    }

    /// The endpoint, and what is on disk about it, once both are there.
    pub fn take_both(&mut self) -> Option<((LoadedEndpoint, String), Box<Opened>)> {
        let opened = self.opened.take_if(|_| self.loaded.is_some())?;
        Some((self.loaded.take()?, opened))
    }

    /// Keeps a key for the box of quick scale, if that is what is waited for; at most 64 of them.
    pub fn type_ahead(&mut self, press: Press) {
        if self.scale && self.typed.len() < MOST_TYPED_AHEAD {
            self.typed.push(press);
        }
    }
}
