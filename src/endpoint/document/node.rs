//! What a file says, before anybody asks whether it is an endpoint: a tree that knows where each of its parts stands.

use crate::secret::Secret;

/// A part of a document, and where it begins.
#[derive(Clone, Debug)]
pub(super) struct TreeNode {
    /// The byte of the text.
    pub at: usize,
    pub value: Value,
}

/// What stands there. Every text is a secret until it is known not to be the value of an env.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    /// A number as it was written.
    Number(Secret),
    Text(Secret),
    /// `true`.
    True,
    /// What is neither, with its name: `true or false`, `a date`.
    Other(&'static str),
    List(Vec<TreeNode>),
    Map(Vec<Member>),
    /// What can't be used at all, and why.
    Wrong(String),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Where the key begins, the byte of the text.
    pub at: usize,
    pub key: String,
    pub value: TreeNode,
}

impl Value {
    /// What it is called where something else belongs: `a number`.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::True => "true or false",
            Self::Other(noun) => noun,
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
            Self::Wrong(_) => "nothing usable",
        }
    }

    /// A text without a word in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.reveal().trim().is_empty())
    }

    /// What is nested deeper than anything that an update takes.
    pub fn too_deep() -> Self {
        Self::Wrong("this is nested deeper than anything that an update takes".to_owned())
    }

    /// About how much memory it takes, bytes.
    pub fn weight(&self) -> usize {
        let inside = match self {
            Self::Number(text) | Self::Text(text) => text.reveal().len(),
            Self::List(items) => items.iter().map(|item| item.value.weight()).sum(),
            Self::Map(members) => members.iter().map(|m| m.key.len() + m.value.value.weight()).sum(),
            Self::Null | Self::True | Self::Other(_) | Self::Wrong(_) => 0,
        };
        size_of::<Member>() + inside
    }
}
