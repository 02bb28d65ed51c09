//! The conflict screen: what both sides changed, and who wins.

use super::{Editing, Form};
use crate::endpoint::merge::{Choice, Clash, Merge};
use crate::endpoint::{EndpointConfig, LoadedEndpoint};

/// Clashes being decided.
#[derive(Debug)]
pub struct Conflict {
    /// What is merged.
    pub merge: Merge,
    /// What the server has now.
    pub theirs: Box<LoadedEndpoint>,
    /// When it was read, local time of day.
    pub read_at: String,
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
}

impl Conflict {
    /// The clashes of a merge, none of them decided.
    pub fn new(merge: Merge, theirs: LoadedEndpoint, read_at: String) -> Self {
        Self {
            choices: vec![None; merge.clashes().len()],
            merge,
            theirs: Box::new(theirs),
            read_at,
            at: 0,
            scroll: 0,
            reveal: false,
            editing: None,
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
        [&form.work.base().config, form.work.now(), &self.theirs.config]
    }
}
