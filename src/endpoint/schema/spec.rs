//! What the table says of a field, and of what the fields stand in.

use crate::endpoint::config::{EndpointConfig, EnvVar, VolumeMount};
use crate::endpoint::field::{FieldId, Pane};
use crate::endpoint::limits::RangeKeys;
use crate::endpoint::number::Number;
use crate::secret::Secret;

/// Everything that is to be said of a field, but for how its value is got and put.
#[derive(Debug)]
pub struct FieldSpec {
    /// The field that it is of.
    pub id: FieldId,
    /// The canonical label: in the form, in find, in messages, on the command line.
    pub label: &'static str,
    /// The path in the update body, as people write it: `workerConfig.maxNum`; `[]` stands for a row's index.
    pub path: &'static str,
    /// Where it stands in the form.
    pub pane: Pane,
    /// What it holds.
    pub kind: Kind,
    /// Which of the account's ranges holds for it.
    pub range: RangeRule,
    /// Whether an update may leave it out, as documented. It is in the body all the same, as `""` where it is empty.
    pub optional: bool,
    /// What a server's message calls it, beside its path.
    pub named: &'static [ServerName],
    /// What it means to the people who set it.
    pub help: FieldHelp,
}

impl FieldSpec {
    /// The last name of its path: its key in the object that it stands in.
    pub fn key(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}

/// What can stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text {
        /// Most characters (Unicode scalar values), where there is a limit.
        max_chars: Option<usize>,
        /// Whether it may not be blank.
        required: bool,
        /// Whether it may have line breaks.
        multiline: bool,
    },
    /// A whole number.
    Integer,
    /// One of a few words, as `(word in the body, what it is called)`.
    Choice(&'static [(&'static str, &'static str)]),
    /// Rows.
    Rows,
}

impl Kind {
    /// A text of one line that may be blank.
    pub(super) const fn line(max_chars: Option<usize>) -> Self {
        Self::Text {
            max_chars,
            required: false,
            multiline: false,
        }
    }

    /// A text of one line that may not be blank.
    pub(super) const fn required_line(max_chars: Option<usize>) -> Self {
        Self::Text {
            max_chars,
            required: true,
            multiline: false,
        }
    }

    /// A text of any lines that may be blank.
    pub(super) const fn lines(max_chars: Option<usize>) -> Self {
        Self::Text {
            max_chars,
            required: false,
            multiline: true,
        }
    }
}

/// Which of the account's ranges holds for a field, and with it the field's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeRule {
    /// None: it is no number.
    None,
    /// Always this one.
    Of(RangeKeys),
    /// One for each type of the scaling policy; none while the type is neither.
    ByPolicyType {
        /// For `queue`.
        queue: RangeKeys,
        /// For `concurrency`.
        concurrency: RangeKeys,
    },
}

impl RangeRule {
    /// All that may hold.
    pub fn all(self) -> impl Iterator<Item = RangeKeys> {
        let all = match self {
            Self::None => [None, None],
            Self::Of(keys) => [Some(keys), None],
            Self::ByPolicyType { queue, concurrency } => [Some(queue), Some(concurrency)],
        };
        all.into_iter().flatten()
    }
}

/// A name by which a server's message means a field. Case and underscores don't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerName {
    /// Can't mean anything else, wherever it stands.
    Sure(&'static str),
    /// An ordinary word too: it only counts in quotes or at the very start (`port 2222 is reserved`).
    Word(&'static str),
}

/// The help of a field: the text under `i`. Whole sentences; `{add}` stands for the key that does this in the form.
#[derive(Clone, Copy, Debug)]
pub struct FieldHelp {
    /// What it does.
    pub what: &'static str,
    /// What it costs or risks; empty: nothing to say.
    pub risk: &'static str,
    /// The documented rule; where it is documented is the field's path in the update body.
    pub rule: &'static str,
    /// A value that makes sense, without its unit.
    pub example: &'static str,
}

/// A field that holds a single value, of the configuration itself or of a row of one of its lists.
#[derive(Debug)]
pub struct Field<T: 'static> {
    /// What is to be said of it.
    pub spec: FieldSpec,
    /// How its value is got and put.
    pub access: Access<T>,
    /// What an answer says of it that lacks it.
    pub absent: Absent<T>,
    /// What the type of its row makes of it; `None`: every type uses it.
    pub by_type: Option<fn(&T) -> TypeUse>,
}

/// How the value of a field is got and put, by what it is.
#[derive(Debug)]
pub enum Access<T: 'static> {
    /// A text.
    Text(fn(&T) -> &String, fn(&mut T) -> &mut String),
    /// A whole number.
    Number(fn(&T) -> &Number, fn(&mut T) -> &mut Number),
    /// The word of a choice.
    Word(fn(&T) -> &str, fn(&mut T, &str)),
    /// A text that is masked wherever it is shown.
    Secret(fn(&T) -> &Secret, fn(&mut T) -> &mut Secret),
}

/// What an answer of the server says of a field that it lacks.
#[derive(Debug)]
pub enum Absent<T: 'static> {
    /// That it is 0 or empty: proto3 leaves those out.
    Zero,
    /// Nothing: its value isn't known.
    Unknown,
    /// Nothing while this holds of what was read before it, else that it is 0.
    UnknownIf(fn(&T) -> bool),
}

/// What the type of a row makes of one of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeUse {
    /// It belongs to the type.
    Needed,
    /// Nobody knows the type: it is sent as it was found.
    Possible,
    /// The type has nothing to do with it: it is kept here and never sent.
    Unused,
}

/// One key of the update body, and what stands under it.
#[derive(Debug)]
pub enum BodyPart {
    /// A single value.
    Field(Field<EndpointConfig>),
    /// An object of single values.
    Object(BodyObject),
    /// A list of one row with a single value. The configuration has it as a text, in which several are joined by
    /// commas.
    OneRow(Field<EndpointConfig>),
    /// `volumeMounts`, and the fields of a row.
    Volumes(FieldSpec, &'static [Field<VolumeMount>]),
    /// `envs`, and the fields of a row.
    Envs(FieldSpec, &'static [Field<EnvVar>]),
}

/// An object of the update body.
#[derive(Debug)]
pub struct BodyObject {
    /// Its key in the body.
    pub key: &'static str,
    /// What is without it.
    pub without: Without,
    /// What is in it.
    pub fields: &'static [Field<EndpointConfig>],
}

/// What is without an object of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// No endpoint: an answer that lacks it is something else.
    NoEndpoint,
    /// An endpoint whose fields in it aren't set.
    NotSet,
    /// The same; and the body lacks it too while its fields are empty.
    NotSent,
}

impl BodyPart {
    /// The key in the body.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Field(field) => field.spec.key(),
            Self::Object(object) => object.key,
            Self::OneRow(field) => field.spec.path.split('[').next().unwrap_or_default(),
            Self::Volumes(list, _) | Self::Envs(list, _) => list.path,
        }
    }

    /// Whether it is a field of which an answer may say nothing.
    pub fn may_be_absent(&self) -> bool {
        matches!(self, Self::Field(field) if matches!(field.absent, Absent::Unknown))
    }
}

impl<T> Field<T> {
    /// What the type of the row makes of it.
    pub fn use_in(&self, row: &T) -> TypeUse {
        self.by_type.map_or(TypeUse::Needed, |by_type| by_type(row))
    }
}

impl<T> Access<T> {
    /// The text of the value, as it is edited; of a secret that was not kept there is none.
    pub fn text<'a>(&self, of: &'a T) -> &'a str {
        match self {
            Self::Text(get, _) => get(of),
            Self::Number(get, _) => get(of).text(),
            Self::Word(get, _) => get(of),
            Self::Secret(get, _) => get(of).editable(),
        }
    }

    /// Puts a text there, readable or not. A secret that was not kept stays that secret until another one is typed.
    pub fn set_text(&self, of: &mut T, text: &str) {
        match self {
            Self::Text(_, get) => text.clone_into(get(of)),
            Self::Number(_, get) => *get(of) = Number::typed(text),
            Self::Word(_, put) => put(of, text),
            Self::Secret(_, get) => {
                let value = get(of);
                if !value.is_redacted() || !text.is_empty() {
                    *value = Secret::new(text);
                }
            }
        }
    }
}
