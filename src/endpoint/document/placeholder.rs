//! `{fromEnv: NAME}`, `{fromFile: PATH}` and `{fromServer: true}` in the place of an environment variable's value: where
//! the value is to be had, so that no file has to hold it. Nothing else stands for another value: a text is a text.

use super::node::{Member, TreeNode, Value};

const ENV: &str = "fromEnv";
const FILE: &str = "fromFile";
/// The key of what stays as the endpoint has it.
pub const SERVER: &str = "fromServer";

/// All of them.
pub const PLACEHOLDERS: [Placeholder; 3] = [
    Placeholder {
        key: ENV,
        is_flag: false,
        help: "The variable, of where the command runs, that has the value. It has to be set, and not empty.",
    },
    Placeholder {
        key: FILE,
        is_flag: false,
        help: "The file with the value, named from the folder of this one. A line break at the end of one line is left out.",
    },
    Placeholder {
        key: SERVER,
        is_flag: true,
        help: "The value stays as the endpoint has it.",
    },
];

/// What may stand in the place of a value.
#[derive(Debug)]
pub struct Placeholder {
    /// Its one key.
    pub key: &'static str,
    /// Whether `true` stands behind it, and nothing else may; else a text.
    pub is_flag: bool,
    /// What stands behind it.
    pub help: &'static str,
}

/// Where the value of an environment variable is to be had that a document doesn't hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A variable of who reads the document.
    Env(String),
    /// A file, named from the folder of the document.
    File(String),
    /// The endpoint: the value stays what it is there.
    Server,
}

/// Reads one.
///
/// # Errors
/// What is wrong, and at which byte. A key that is none of these isn't repeated: it may be a value.
pub(super) fn source(node: &TreeNode, members: &[Member]) -> Result<ValueSource, (usize, String)> {
    let one_of = "a text, {fromEnv: NAME}, {fromFile: PATH} or {fromServer: true} belongs here";
    let [member] = members else {
        return Err((node.at, one_of.to_owned()));
    };
    let inside = &member.value;
    let named = |what: &str| match &inside.value {
        Value::Text(text) if !text.reveal().trim().is_empty() => Ok(text.reveal().to_owned()),
        _ => Err((inside.at, format!("behind {} belongs {what}, as a text", member.key))),
    };
    match (member.key.as_str(), &inside.value) {
        (ENV, _) => Ok(ValueSource::Env(named("the name of a variable")?)),
        (FILE, _) => Ok(ValueSource::File(named("the path of a file")?)),
        (SERVER, Value::True) => Ok(ValueSource::Server),
        (SERVER, _) => Err((inside.at, "behind fromServer belongs true".to_owned())),
        _ => Err((node.at, one_of.to_owned())),
    }
}

/// Whether something is one of these, or means to be.
pub(super) fn is_meant(value: &Value) -> bool {
    matches!(value, Value::Map(members) if members.iter().any(|member| is_key(&member.key)))
}

fn is_key(key: &str) -> bool {
    PLACEHOLDERS.iter().any(|known| known.key == key)
}
