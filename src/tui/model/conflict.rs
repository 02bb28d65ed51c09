//! The conflict screen: what both sides changed, and who wins.

use super::{Editing, Form, Sent};
use crate::endpoint::merge::{Choice, Clash, Merge, Side};
use crate::endpoint::{EndpointConfig, LoadedEndpoint};
use crate::store::Draft;

/// What the server turned out to have.
#[derive(Debug)]
pub struct Met {
    /// It.
    pub theirs: Box<LoadedEndpoint>,
    /// When it was read, local time of day.
    pub read_at: String,
    /// What this session sent before, where that is stored: only what differs from it is somebody else's.
    pub sent: Option<Sent>,
    /// It was met after something was sent, stored or not.
    pub after_send: bool,
}

/// The two sides of a conflict.
#[derive(Debug)]
pub enum Between {
    /// The form, and what the server turned out to have.
    FormAndServer(Met),
    /// A draft, and what the server has.
    DraftAndServer(Box<Draft>),
    /// Edits that were discarded, and what the form holds.
    DiscardedAndForm(Box<Draft>),
}

/// Clashes being decided.
#[derive(Debug)]
pub struct Conflict {
    /// What is merged.
    pub merge: Merge,
    /// What is laid over what.
    pub between: Between,
    /// The decisions so far, one a clash.
    pub choices: Vec<Option<Choice>>,
    /// The focused clash.
    pub at: usize,
    /// First line of the blocks that is shown.
    pub scroll: usize,
    /// Environment values are shown.
    pub reveal: bool,
    /// The focused clash is being decided by typing.
    pub editing: Option<Editing>,
    /// The text that the typing began with, of a single field.
    pub was: String,
    /// The same as a decision.
    pub began: Option<Side>,
    /// What was typed last and left by Esc, and for which clash: redo brings it back.
    pub left: Option<(usize, Side)>,
    /// The id that is focused in the list under it.
    pub pick: Option<String>,
    /// It was asked whether the decisions are to be thrown away.
    pub leaving: bool,
}

impl Conflict {
    /// The clashes of a merge, none of them decided.
    pub fn new(merge: Merge, between: Between) -> Self {
        Self {
            choices: vec![None; merge.clashes().len()],
            merge,
            between,
            at: 0,
            scroll: 0,
            reveal: false,
            editing: None,
            was: String::new(),
            began: None,
            left: None,
            pick: None,
            leaving: false,
        }
    }

    /// The focused clash.
    pub fn clash(&self) -> &Clash {
        &self.merge.clashes()[self.at]
    }

    /// How many clashes are decided.
    pub fn decided(&self) -> usize {
        self.choices.iter().flatten().count()
    }

    /// The configurations that the three sides are of: loaded, mine, theirs.
    pub fn sides<'a>(&'a self, form: &'a Form) -> [&'a EndpointConfig; 3] {
        match &self.between {
            Between::FormAndServer(met) => [&form.work.base().config, form.work.now(), &met.theirs.config],
            Between::DraftAndServer(draft) | Between::DiscardedAndForm(draft) => {
                [&draft.loaded.config, &draft.edited, form.work.now()]
            }
        }
    }
}
