//! The form: the endpoint being edited, and where the focus is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::editing::Editing;
use super::focus::Focus;
use super::rollout::FormRollout;
use crate::endpoint::edit::{Edit, Row};
use crate::endpoint::number_input::number_text;
use crate::endpoint::schema::Kind;
use crate::endpoint::{FieldId, List, Pane, Problem, Severity};
use crate::session::{OpenSend, Workspace};
use crate::store::{Draft, EditorText, StandingAnswer};
use crate::tui::draft_state::{Discarding, DraftState, Sent};
use crate::tui::edited::{SavedIn, SavedText};
use crate::tui::fuzzy::Fuzzy;
use crate::tui::pending_merge::PendingMerge;
use crate::tui::widgets::text_edit::{TextEdit, TextKind};

/// The fields of the box of quick scale, in order.
pub const SCALE_FIELDS: [FieldId; 5] = [
    FieldId::MinWorkers,
    FieldId::MaxWorkers,
    FieldId::IdleTimeout,
    FieldId::PolicyType,
    FieldId::PolicyValue,
];

/// The box of quick scale, which lies over the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Opened from the list of endpoints, which it goes back to.
    pub from_picker: bool,
    /// What was changed is saved: there is nothing more to be done in it.
    pub saved: bool,
}

/// What the environment is filtered by.
#[derive(Clone, Debug)]
pub struct RowFilter {
    /// A few letters of the keys that are shown.
    pub text: TextEdit,
    /// Whether they are being typed.
    pub typing: bool,
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
    /// The id that is focused in the list under the field being edited.
    pub pick: Option<String>,
    /// What is wrong with the text being typed and all the rest, while something is edited.
    pub typed_problems: Option<Vec<Problem>>,
    /// Rows of the environment that are shown unmasked.
    pub revealed: HashSet<usize>,
    /// All values are shown unmasked.
    pub reveal_all: bool,
    /// Only rows of the environment that match are shown and stepped through.
    pub filter: Option<RowFilter>,
    /// First rows of what the wheel scrolled or a click held in its place: a pane, or the whole form in one column
    /// (`None`). The focus is shown in any case.
    pub tops: HashMap<Option<Pane>, usize>,
    /// A read of the server is under way.
    pub reloading: bool,
    /// The server has no such endpoint any more.
    pub is_gone: bool,
    /// The rollout after the newest save; `None`: nothing was saved, or nothing is known of it yet.
    pub rollout: Option<FormRollout>,
    /// A send of which nobody knows what came.
    pub unknown: Option<OpenSend>,
    /// What was sent and read back otherwise, where that can still be put back.
    pub aside: Option<Sent>,
    /// Whether the edits are kept on disk.
    pub draft_state: DraftState,
    /// Why the draft couldn't be written the last time.
    pub not_kept: Option<String>,
    /// Edits that were only in this session's memory when it took the endpoint over: they come after the question about
    /// a draft.
    pub carried: Option<Box<Draft>>,
    /// What the server turned out to have: merged once what is being edited is taken or left.
    pub pending_merge: Option<PendingMerge>,
    /// It was told that edits made here are kept nowhere.
    pub told_not_kept: bool,
    /// Quick scale is open, or what follows from it: the review and the save go back to it.
    pub scaling: Option<Scale>,
    /// Texts from `$EDITOR` that can't be read yet, one of a target at most; the newest is the last.
    pub editor_texts: Vec<Arc<EditorText>>,
    /// Texts that were saved in an editor and not taken, until no question about a draft is in front.
    pub saved: Vec<SavedText>,
    /// Where those are kept that wait among the texts from `$EDITOR`.
    pub saved_in: Vec<SavedIn>,
    /// Whether something of it is being discarded.
    pub discarding: Discarding,
    /// What was said once of the endpoint, and isn't asked again.
    pub answers: Vec<StandingAnswer>,
}

impl Form {
    /// A form of what was just loaded, at the smallest number of workers, as at the time of day `read_at`; with edits
    /// that only this session has (`carried`).
    pub fn new(work: Workspace, read_at: String, carried: Option<Box<Draft>>) -> Self {
        Self {
            work,
            read_at,
            focus: Focus::Field(FieldId::MinWorkers),
            editing: None,
            pick: None,
            typed_problems: None,
            revealed: Default::default(),
            reveal_all: false,
            filter: None,
            tops: Default::default(),
            reloading: false,
            is_gone: false,
            rollout: None,
            unknown: None,
            aside: None,
            draft_state: DraftState::Opening,
            not_kept: None,
            carried,
            pending_merge: None,
            told_not_kept: false,
            scaling: None,
            editor_texts: Vec::new(),
            saved: Vec::new(),
            saved_in: Vec::new(),
            discarding: Default::default(),
            answers: Vec::new(),
        }
    }

    /// What is wrong now, the text being typed included.
    pub fn problems(&self) -> &[Problem] {
        self.typed_problems.as_deref().unwrap_or_else(|| self.work.problems())
    }

    /// Whether something would be lost without a save or a draft.
    pub fn is_unsaved(&self) -> bool {
        self.work.is_changed() || !self.editor_texts.is_empty()
    }

    /// The text that is typed into, and its kind; `None` where letters mean something else.
    pub fn text(&mut self) -> Option<(&mut TextEdit, TextKind)> {
        if let Some(editing) = &mut self.editing {
            let kind = editing.text_kind().unwrap_or_default();
            return Some((editing.text_mut()?, kind));
        }
        let filter = self.filter.as_mut().filter(|filter| filter.typing)?;
        Some((&mut filter.text, TextKind::WORDS))
    }

    /// Whether the filter's text is being typed.
    pub fn is_filter_typed(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.typing)
    }

    /// Whether values are shown that could be masked.
    pub fn is_revealing(&self) -> bool {
        self.reveal_all || !self.revealed.is_empty() || self.editing.as_ref().is_some_and(Editing::is_revealing)
    }

    /// Masks them.
    pub fn mask(&mut self) {
        self.reveal_all = false;
        self.revealed.clear();
        if let Some(editing) = &mut self.editing {
            editing.mask();
        }
    }

    /// Whether an environment value may be seen.
    pub fn is_revealed(&self, row: usize) -> bool {
        self.reveal_all || self.revealed.contains(&row)
    }

    /// All places where the focus can be, in the order of the form; without those that the filter hides.
    pub fn stops(&self) -> Vec<Focus> {
        self.stops_in(|list| self.rows(list))
    }

    /// The same with them.
    pub fn all_stops(&self) -> Vec<Focus> {
        self.stops_in(|list| (0..list.len(self.work.now())).collect())
    }

    fn stops_in(&self, rows: impl Fn(List) -> Vec<usize>) -> Vec<Focus> {
        let mut stops = Vec::new();
        for pane in Pane::ALL {
            match pane.list() {
                None => stops.extend(FieldId::in_pane(pane).map(Focus::Field)),
                Some(list) => {
                    let rows = rows(list);
                    if rows.is_empty() {
                        stops.push(Focus::Empty(list));
                    }
                    stops.extend(rows.into_iter().map(|row| Focus::Row(list, row)));
                }
            }
        }
        stops
    }

    /// The rows of a list that are shown: all but those that the filter hides.
    pub fn rows(&self, list: List) -> Vec<usize> {
        let count = list.len(self.work.now());
        match &self.filter {
            Some(filter) if list == List::Envs => {
                let envs = &self.work.now().envs;
                // Keys only: a value that is masked could be guessed letter by letter.
                let mut rows =
                    Fuzzy::new(filter.text.text()).filtered(0..count, |fuzzy, row| fuzzy.text(&envs[*row].key));
                rows.sort_unstable();
                rows
            }
            _ => (0..count).collect(),
        }
    }

    /// Whether the rollout after a save is looked at still.
    pub fn is_rolling_out(&self) -> bool {
        self.rollout.as_ref().is_some_and(|rollout| rollout.is_watched)
    }

    /// Takes the filter off.
    pub fn unfilter(&mut self) {
        self.filter = None;
        self.settle();
    }

    /// Puts the focus somewhere, whatever the list is filtered by: a filter that would hide it is taken off.
    pub fn go(&mut self, focus: Focus) {
        self.focus = focus;
        if let Focus::Row(list, row) = focus
            && !self.rows(list).contains(&row)
        {
            self.filter = None;
        }
    }

    /// Moves the focus to a place that is there and shown, as near as can be.
    pub fn settle(&mut self) {
        let (list, row) = match self.focus {
            Focus::Row(list, row) => (list, row),
            Focus::Empty(list) => (list, 0),
            Focus::Field(_) => return,
        };
        let rows = self.rows(list);
        let near = rows.iter().find(|shown| **shown >= row).or(rows.last());
        self.focus = near.map_or(Focus::Empty(list), |row| Focus::Row(list, *row));
    }

    /// Goes to the first error and gives its sentence; `None` when there is none.
    pub fn go_to_first_error(&mut self) -> Option<String> {
        let mut problems = self.work.problems().iter();
        let first = problems.find(|problem| problem.severity == Severity::Error)?;
        let (sentence, place) = (first.sentence(self.work.now()), first.place);
        self.go(Focus::at(place));
        Some(sentence)
    }

    /// The change that taking what is typed makes now; `None` when nothing is edited or nothing differs.
    pub fn typed_edit(&self) -> Option<Edit> {
        let now = self.work.now();
        match self.editing.as_ref()? {
            Editing::Field { field, text } => {
                let new = number_text(*field, text.text(), now, self.work.limits());
                // The same number entered again says that it is meant with its new meaning, too.
                let is_entered = *field == FieldId::PolicyValue && self.work.keeps_number();
                (now.text(*field) != new || is_entered).then(|| Edit::set(now, *field, new))
            }
            Editing::Choice { field, at } => {
                let Kind::Choice(words) = field.spec().kind else {
                    return None;
                };
                let word = words[(*at)?].0;
                (now.text(*field) != word).then(|| Edit::set(now, *field, word))
            }
            Editing::Row(row) => row.edit(),
        }
    }

    /// Looks at what is typed as if it were taken.
    pub fn check_typed(&mut self) {
        self.typed_problems = self.typed_edit().map(|edit| self.work.problems_after(&edit));
        if let (Some(Editing::Row(row)), Some(problems)) = (&self.editing, &mut self.typed_problems) {
            let here = Focus::Row(row.row.list(), row.at);
            problems.retain(|problem| !here.holds(problem.place) || !row.is_untouched(problem.place.field));
        }
    }

    /// After the configuration changed by other means than the keyboard.
    pub fn look_again(&mut self) {
        // Rows are revealed by their places, and those may hold others now.
        self.revealed.clear();
        self.settle();
        self.check_typed();
    }

    /// Changes the configuration by other means than the keyboard; the focus stays on the row of the same name,
    /// wherever that stands afterwards. Of a row that is gone it goes to the nearest one that is still there: the row
    /// that took its place is a stranger, and the next key was meant for no such row.
    pub fn with_focus_kept(&mut self, change: impl FnOnce(&mut Workspace)) {
        let before = match self.focus {
            Focus::Row(list, at) => Some((list, at, self.row_names(list))),
            _ => None,
        };
        change(&mut self.work);
        if let Some((list, at, before)) = before {
            let now = self.row_names(list);
            let nearest = (at..before.len()).chain((0..at).rev());
            let mut still_there = nearest.filter_map(|at| now.iter().position(|name| *name == before[at]));
            if let Some(row) = still_there.next() {
                self.focus = Focus::Row(list, row);
            }
        }
        self.look_again();
    }

    /// The rows of a list, by their names; of rows that share one, which of them it is.
    fn row_names(&self, list: List) -> Vec<(String, usize)> {
        let now = self.work.now();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let rows = (0..list.len(now)).filter_map(|at| Row::of(now, list, at));
        rows.map(|row| {
            let name = row.name().to_owned();
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            (name, *count)
        })
        .collect()
    }
}
