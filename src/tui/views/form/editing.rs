//! What is being edited, and the text typed so far.

use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::limits::LOCAL_VOLUME_GB;
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, List, Number, VolumeMount, VolumeType};
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// What is being edited, and the text typed so far.
#[derive(Debug, Clone)]
pub enum Editing {
    /// A single text or number.
    Field {
        /// The field.
        field: FieldId,
        /// The text typed so far.
        text: TextEdit,
    },
    /// One of a few words.
    Choice {
        /// The field.
        field: FieldId,
        /// The focused word; `None` until one is chosen.
        at: Option<usize>,
    },
    /// A row of a list.
    Row(Box<RowEdit>),
}

impl Editing {
    /// Whether what is typed is another text than the one that it began with.
    pub fn is_touched(&self, now: &EndpointConfig) -> bool {
        match self {
            Self::Field { field, text } => text.text() != now.text(*field),
            Self::Choice { field, at } => {
                let word = match field.spec().kind {
                    Kind::Choice(words) => at.map(|at| words[at].0),
                    _ => None,
                };
                word.is_some_and(|word| word != now.text(*field))
            }
            Self::Row(row) => match &row.old {
                Some(old) => row.whole() != *old,
                None => row.whole() != new_row(row.row.list()),
            },
        }
    }

    /// Whether it is edited in a box; the rest is edited where it stands in the form.
    pub fn has_box(&self) -> bool {
        !matches!(self, Self::Field { field, .. } if !is_long(*field))
    }

    /// Whether a value is shown that could be masked. The one of a new row is not there yet to be hidden.
    pub fn is_revealing(&self) -> bool {
        matches!(self, Self::Row(row) if row.reveal && row.old.is_some() && matches!(row.row, Row::Env(_)))
    }

    /// Masks it.
    pub fn mask(&mut self) {
        if self.is_revealing()
            && let Self::Row(row) = self
        {
            row.reveal = false;
        }
    }

    /// Moves to a part of the row that is edited, unless the cursor is there.
    pub fn go_to_part(&mut self, part: FieldId) {
        if let Self::Row(row) = self
            && row.part != part
        {
            row.go_to(part);
        }
    }

    /// What the text is of that is typed into; `None` where a word is chosen.
    pub fn text_kind(&self) -> Option<TextKind> {
        match self {
            Self::Field { field, text } => Some(text_kind(*field, text.text())),
            Self::Row(row) if matches!(row.part.spec().kind, Kind::Choice(_)) => None,
            Self::Row(row) => Some(text_kind(row.part, row.text.text())),
            Self::Choice { .. } => None,
        }
    }

    /// The text that is typed into; `None` where a word is chosen.
    pub fn text(&self) -> Option<&TextEdit> {
        match self {
            Self::Field { text, .. } => Some(text),
            Self::Row(row) => Some(&row.text),
            Self::Choice { .. } => None,
        }
    }

    /// The same, to be changed.
    pub fn text_mut(&mut self) -> Option<&mut TextEdit> {
        match self {
            Self::Field { text, .. } => Some(text),
            Self::Row(row) => Some(&mut row.text),
            Self::Choice { .. } => None,
        }
    }
}

/// A row being edited: the row as it will be, and the text of its focused part.
#[derive(Debug, Clone)]
pub struct RowEdit {
    /// Where the row is, or comes in.
    pub at: usize,
    /// The row before; `None`: a new one.
    pub old: Option<Row>,
    /// The row as typed, but for the focused part.
    pub row: Row,
    /// The focused part.
    pub part: FieldId,
    /// The text of the focused part.
    pub text: TextEdit,
    /// Whether the value may be seen: revealed before, or touched since the row was opened.
    pub reveal: bool,
    /// The parts that were left: what is wrong with them is told from then on, also of a new row.
    left: Vec<FieldId>,
}

impl RowEdit {
    /// Starts with a part of a row in focus.
    pub fn new(at: usize, old: Option<Row>, row: Row, part: FieldId) -> Self {
        let reveal = old.is_none();
        let text = opened(&row, part, reveal);
        Self {
            at,
            old,
            row,
            part,
            text,
            reveal,
            left: Vec::new(),
        }
    }

    /// Its value is shown from the beginning.
    pub fn show(&mut self) {
        self.reveal = true;
        self.text = opened(&self.row, self.part, true);
    }

    /// Whether nobody has had a chance yet to type this part of a new row: what is missing there is no error so far.
    pub fn is_untouched(&self, part: FieldId) -> bool {
        let fresh = new_row(self.row.list());
        self.old.is_none() && !self.left.contains(&part) && self.whole().text(part) == fresh.text(part)
    }

    /// The row as typed, the focused part included.
    pub fn whole(&self) -> Row {
        let mut row = self.row.clone();
        set_part(&mut row, self.part, self.text.text());
        row
    }

    /// Moves to the next or previous part; what was typed is kept.
    pub fn go(&mut self, forward: bool) {
        let parts = self.row.parts();
        let at = parts.iter().position(|p| *p == self.part).unwrap_or(0);
        let step = if forward { 1 } else { parts.len() - 1 };
        self.go_to(parts[(at + step) % parts.len()]);
    }

    /// Moves to a part that the row has; what was typed is kept.
    pub fn go_to(&mut self, part: FieldId) {
        self.row = self.whole();
        self.left.push(self.part);
        self.part = part;
        self.text = opened(&self.row, part, self.reveal);
    }

    /// What is typed in the name of a variable is a name, a `=` and a value: they go where they belong, and typing goes on
    /// in the value. Without a value behind the `=` the one that is there stays.
    pub fn part_name(&mut self, name: &str, value: &str) {
        self.text = TextEdit::new(name);
        if !value.is_empty() {
            self.reveal = true;
            set_part(&mut self.row, FieldId::EnvValue, value);
        }
        self.go_to(FieldId::EnvValue);
    }

    /// Puts another word into a choice.
    pub fn choose(&mut self, word: &str) {
        set_part(&mut self.row, self.part, word);
        self.text = TextEdit::new(word);
    }

    /// The change that taking the row makes; `None` when nothing differs.
    pub fn edit(&self) -> Option<Edit> {
        let new = self.whole();
        match &self.old {
            Some(old) if *old == new => None,
            Some(old) => Some(Edit::Replace {
                at: self.at,
                old: old.clone(),
                new,
            }),
            None => Some(Edit::Insert { at: self.at, row: new }),
        }
    }
}

/// Whether a field's text is edited in a box of full width.
pub fn is_long(field: FieldId) -> bool {
    matches!(field, FieldId::Image | FieldId::Command)
}

/// What the keys have to know of a field's text.
pub fn text_kind(field: FieldId, text: &str) -> TextKind {
    TextKind {
        has_lines: matches!(field.spec().kind, Kind::Text { multiline: true, .. }),
        has_joints: match field {
            FieldId::Image | FieldId::HealthPath | FieldId::VolumeMountPath => true,
            FieldId::EnvValue => is_address(text),
            _ => false,
        },
    }
}

/// Whether a value is one path or one URL, as far as can be seen.
fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace) && (text.starts_with('/') || text.contains("://"))
}

fn set_part(row: &mut Row, part: FieldId, text: &str) {
    row.set_text(part, text);
    if let (Row::Volume(volume), FieldId::VolumeType) = (row, part)
        && volume.kind == VolumeType::Local
        && volume.size.is_unknown()
    {
        volume.size = Number::of(LOCAL_VOLUME_GB);
    }
}

/// A part of a row opened for typing. An id that is looked up and a value that isn't shown are selected: letters typed
/// behind them would make nothing that anybody wants.
fn opened(row: &Row, part: FieldId, reveal: bool) -> TextEdit {
    let text = row.text(part);
    let is_masked = part == FieldId::EnvValue && !reveal;
    if matches!(part, FieldId::VolumeStorageId | FieldId::VolumeSize) || is_masked {
        TextEdit::selected(text)
    } else {
        TextEdit::new(text)
    }
}

/// A row for a list, as it comes in.
pub fn new_row(list: List) -> Row {
    match list {
        List::Volumes => Row::Volume(VolumeMount {
            size: Number::of(LOCAL_VOLUME_GB),
            ..VolumeMount::default()
        }),
        List::Envs => Row::Env(EnvVar::default()),
    }
}
