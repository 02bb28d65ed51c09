//! Everything that the screen shows, as plain data.

use std::collections::HashSet;

use ratatui::layout::Size;

use super::widget::text_edit::TextEdit;
use crate::api::ApiError;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::{EnvVar, FieldId, Limits, List, Pane, Place, Problem, Summary, VolumeMount};
use crate::session::{Again, Outcome, Progress, ReviewedBody, Workspace};

/// What the header says of the surroundings.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The active profile's label.
    pub profile: Option<String>,
    /// Running against the built-in simulated API.
    pub demo: bool,
    /// Nothing may be sent.
    pub read_only: bool,
    /// Where the API is, for the curl view.
    pub update_url: String,
}

/// The whole state of the editor.
#[derive(Debug)]
pub struct Model {
    /// The terminal's size.
    pub size: Size,
    /// What the header says of the surroundings.
    pub around: Surroundings,
    /// The screen.
    pub screen: Screen,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// A sentence in the message area, until the next key.
    pub notice: Option<Notice>,
    /// The account's limits.
    pub limits: LimitsState,
    /// Requests are numbered, so that late answers to old ones are known.
    pub request: u64,
    /// The newest request failed and is about to be repeated.
    pub again: Option<Again>,
}

/// A sentence for the message area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// What is known of the account's limits.
#[derive(Debug)]
pub enum LimitsState {
    /// Asked for.
    Loading,
    /// Here they are.
    Known(Limits),
    /// They couldn't be had.
    Failed(String),
}

/// The screens.
#[derive(Debug)]
pub enum Screen {
    /// The list of endpoints.
    Picker(Picker),
    /// An endpoint is being read, or couldn't be.
    Loading {
        /// Which.
        id: String,
        /// Why it couldn't be read.
        error: Option<ApiError>,
    },
    /// An endpoint is edited.
    Form(Box<Form>),
}

/// The list of endpoints.
#[derive(Debug, Default)]
pub struct Picker {
    /// What came so far.
    pub all: Vec<Summary>,
    /// Whether more is to come.
    pub loading: bool,
    /// It is read from the beginning once more: what is here goes when the first page comes.
    pub restarting: bool,
    /// Why it broke off.
    pub error: Option<ApiError>,
    /// The focused one among those shown.
    pub at: usize,
    /// What the list is filtered by.
    pub filter: String,
    /// Whether the filter is being typed.
    pub filtering: bool,
}

impl Picker {
    /// The endpoints that the filter lets through, in the server's order.
    pub fn shown(&self) -> Vec<&Summary> {
        let words = self.filter.to_lowercase();
        let matches = |s: &&Summary| {
            words.split_whitespace().all(|word| {
                [&s.name, &s.id, &s.image, &s.state]
                    .iter()
                    .any(|text| text.to_lowercase().contains(word))
            })
        };
        self.all.iter().filter(matches).collect()
    }
}

/// Where the focus is in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// On a single field.
    Field(FieldId),
    /// On a row of a list.
    Row(List, usize),
    /// On a list without rows.
    Empty(List),
}

impl Focus {
    /// The pane that it is in.
    pub fn pane(self) -> Pane {
        match self {
            Self::Field(field) => field.spec().pane,
            Self::Row(List::Volumes, _) | Self::Empty(List::Volumes) => Pane::Volumes,
            Self::Row(List::Envs, _) | Self::Empty(List::Envs) => Pane::Environment,
        }
    }

    /// The field that help tells about.
    pub fn field(self) -> FieldId {
        match self {
            Self::Field(field) => field,
            Self::Row(list, _) | Self::Empty(list) => list.field(),
        }
    }

    /// Whether a problem stands here.
    pub fn holds(self, place: Place) -> bool {
        match self {
            Self::Field(field) => place == Place::of(field),
            Self::Row(list, row) => {
                place.row == Some(row) && place.field.is_row_part() && place.field.spec().pane.list() == Some(list)
            }
            Self::Empty(list) => place == Place::of(list.field()),
        }
    }

    /// Where a problem is shown.
    pub fn at(place: Place) -> Self {
        match (place.row, place.field.spec().pane.list()) {
            (Some(row), Some(list)) => Self::Row(list, row),
            (None, Some(list)) => Self::Empty(list),
            _ => Self::Field(place.field),
        }
    }
}

/// The form.
#[derive(Debug)]
pub struct Form {
    /// The loaded endpoint and the edited one.
    pub work: Workspace,
    /// The local time of day of the state shown.
    pub read_at: String,
    /// Where the focus is.
    pub focus: Focus,
    /// What is being edited.
    pub editing: Option<Editing>,
    /// What is wrong with the text being typed and all the rest, while something is edited.
    pub typed_problems: Option<Vec<Problem>>,
    /// Rows of the environment that are shown unmasked.
    pub revealed: HashSet<usize>,
    /// All values are shown unmasked.
    pub reveal_all: bool,
    /// A read of the server is under way.
    pub reloading: bool,
    /// A send of which nobody knows what came.
    pub unknown: Option<ReviewedBody>,
    /// Others' changes were met: all lines of the next review have to be seen before anything is sent.
    pub must_see_all: bool,
}

impl Form {
    /// What is wrong now, the text being typed included.
    pub fn problems(&self) -> &[Problem] {
        self.typed_problems.as_deref().unwrap_or_else(|| self.work.problems())
    }

    /// Whether an environment value may be seen.
    pub fn is_revealed(&self, row: usize) -> bool {
        self.reveal_all || self.revealed.contains(&row)
    }

    /// All places where the focus can be, in the order of the form.
    pub fn stops(&self) -> Vec<Focus> {
        let mut stops = Vec::new();
        for pane in Pane::ALL {
            match pane.list() {
                None => stops.extend(FieldId::in_pane(pane).map(Focus::Field)),
                Some(list) => match list.len(self.work.now()) {
                    0 => stops.push(Focus::Empty(list)),
                    rows => stops.extend((0..rows).map(|row| Focus::Row(list, row))),
                },
            }
        }
        stops
    }

    /// Moves the focus to a place that exists, as near as can be.
    pub fn settle(&mut self) {
        self.focus = match self.focus {
            Focus::Row(list, row) => match list.len(self.work.now()) {
                0 => Focus::Empty(list),
                rows => Focus::Row(list, row.min(rows - 1)),
            },
            Focus::Empty(list) if list.len(self.work.now()) > 0 => Focus::Row(list, 0),
            focus => focus,
        };
    }
}

/// What is being edited, and the text typed so far.
#[derive(Debug, Clone)]
pub enum Editing {
    /// A single text or number.
    Field {
        /// Which.
        field: FieldId,
        /// The text typed so far.
        text: TextEdit,
    },
    /// One of a few words.
    Choice {
        /// Which field.
        field: FieldId,
        /// The focused word; `None` until one is chosen.
        at: Option<usize>,
    },
    /// A row of a list.
    Row(Box<RowEdit>),
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
}

impl RowEdit {
    /// Starts with a part of a row in focus.
    pub fn new(at: usize, old: Option<Row>, row: Row, part: FieldId) -> Self {
        let text = TextEdit::new(part_text(&row, part));
        let reveal = old.is_none();
        Self {
            at,
            old,
            row,
            part,
            text,
            reveal,
        }
    }

    /// The parts that the row has, in order.
    pub fn parts(&self) -> Vec<FieldId> {
        match &self.row {
            Row::Env(_) => vec![FieldId::EnvKey, FieldId::EnvValue],
            Row::Volume(volume) => {
                let mut parts = vec![FieldId::VolumeType];
                if volume.kind.has_size() {
                    parts.push(FieldId::VolumeSize);
                }
                if volume.kind.has_storage_id() {
                    parts.push(FieldId::VolumeStorageId);
                }
                parts.push(FieldId::VolumeMountPath);
                parts
            }
        }
    }

    /// The row as typed, the focused part included.
    pub fn whole(&self) -> Row {
        let mut row = self.row.clone();
        set_part(&mut row, self.part, &self.text.text());
        row
    }

    /// Moves to another part; what was typed is kept.
    pub fn go(&mut self, forward: bool) {
        self.row = self.whole();
        let parts = self.parts();
        let at = parts.iter().position(|p| *p == self.part).unwrap_or(0);
        let step = if forward { 1 } else { parts.len() - 1 };
        self.part = parts[(at + step) % parts.len()];
        self.text = TextEdit::new(part_text(&self.row, self.part));
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

/// The text of a row's part.
pub fn part_text(row: &Row, part: FieldId) -> &str {
    match row {
        Row::Volume(volume) => crate::endpoint::field::volume_text(volume, part),
        Row::Env(env) if part == FieldId::EnvKey => &env.key,
        Row::Env(env) => env.value.reveal(),
    }
}

fn set_part(row: &mut Row, part: FieldId, text: &str) {
    use crate::endpoint::{Number, VolumeType};
    match (row, part) {
        (Row::Env(env), FieldId::EnvKey) => env.key = text.to_owned(),
        (Row::Env(env), _) => *env = EnvVar::new(env.key.clone(), text),
        (Row::Volume(volume), FieldId::VolumeType) => {
            volume.kind = VolumeType::from_word(text);
            if volume.kind == VolumeType::Local && volume.size.is_unknown() {
                volume.size = Number::of(crate::endpoint::limits::LOCAL_VOLUME_GB);
            }
        }
        (Row::Volume(volume), FieldId::VolumeSize) => volume.size = Number::typed(text),
        (Row::Volume(volume), FieldId::VolumeStorageId) => volume.storage_id = text.to_owned(),
        (Row::Volume(volume), _) => volume.mount_path = text.to_owned(),
    }
}

/// A row for a list, as it comes in.
pub fn new_row(list: List) -> Row {
    match list {
        List::Volumes => Row::Volume(VolumeMount {
            size: crate::endpoint::Number::of(crate::endpoint::limits::LOCAL_VOLUME_GB),
            ..VolumeMount::default()
        }),
        List::Envs => Row::Env(EnvVar::default()),
    }
}

/// What lies over a screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys that work here.
    Help {
        /// First line shown.
        scroll: usize,
        /// The review that it lies over, if it does.
        over: Option<Review>,
    },
    /// Details and help of the focused field.
    Details {
        /// First line shown.
        scroll: usize,
    },
    /// `/` in the form: what is looked for, and which match is focused.
    Find(TextEdit, usize),
    /// Whether unsaved changes are to be thrown away, and for what.
    Leave(Leaving),
    /// The review.
    Review(Review),
    /// A save under way.
    Saving {
        /// Where it is; `None` before its first request.
        progress: Option<Progress>,
        /// What is being sent.
        body: ReviewedBody,
    },
    /// How a save ended.
    Result {
        /// How.
        outcome: Box<Outcome>,
        /// What was sent.
        body: ReviewedBody,
        /// First line shown.
        scroll: usize,
    },
}

/// What is left behind when unsaved changes are thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The program.
    Quit,
    /// The endpoint, for the picker.
    Picker,
}

/// The four views of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewView {
    /// A line a field.
    Changes,
    /// Unified diff of the bodies.
    Diff,
    /// The whole JSON.
    Body,
    /// The request as a command.
    Curl,
}

impl ReviewView {
    /// In the order of Tab.
    pub const ALL: [Self; 4] = [Self::Changes, Self::Diff, Self::Body, Self::Curl];

    /// The tab's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Changes => "Changes",
            Self::Diff => "Diff",
            Self::Body => "Body",
            Self::Curl => "curl",
        }
    }
}

/// The review.
#[derive(Debug)]
pub struct Review {
    /// The view in front.
    pub view: ReviewView,
    /// First line shown.
    pub scroll: usize,
    /// How many lines of the changes were on the screen so far.
    pub seen: usize,
    /// Environment values are shown.
    pub reveal: bool,
    /// The frame with which `seen` grew last: Enter counts when it was typed with that frame on the terminal.
    pub seen_in: u64,
    /// The first frame that showed it; keys read before that one was written are dropped.
    pub first_frame: Option<u64>,
}
