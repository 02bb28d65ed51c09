//! The list of endpoints: what came, what the filter lets through, and in which order.

use std::cmp::Reverse;

use crossterm::event::KeyEvent;

use crate::api::ApiError;
use crate::endpoint::Summary;
use crate::store::StoreOverview;
use crate::text::width::shown_width;
use crate::tui::fuzzy::{Fuzzy, Match};
use crate::tui::widgets::text_edit::{KeyEffect, TextEdit, TextKind};

/// In which order the list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The server's, or the best match first.
    #[default]
    Server,
    /// By name.
    Name,
    /// By state, then by name.
    State,
}

impl Sort {
    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Server => Self::Name,
            Self::Name => Self::State,
            Self::State => Self::Server,
        }
    }

    /// What it is called; empty for the server's.
    pub fn says(self) -> &'static str {
        match self {
            Self::Server => "",
            Self::Name => "by name",
            Self::State => "by state",
        }
    }
}

/// Columns of the widest texts of the list: it is laid out by them, and they only grow while it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Widths {
    /// Names.
    pub name: usize,
    /// Ids.
    pub id: usize,
    /// States.
    pub state: usize,
    /// Workers: `0–10`.
    pub workers: usize,
    /// Images.
    pub image: usize,
}

impl Widths {
    fn grow(&mut self, summary: &Summary) {
        for (widest, text) in [
            (&mut self.name, &summary.name),
            (&mut self.id, &summary.id),
            (&mut self.state, &summary.state),
            (&mut self.workers, &workers_words(summary)),
            (&mut self.image, &summary.image),
        ] {
            *widest = shown_width(text).max(*widest);
        }
    }
}

/// The fewest and the most workers of an endpoint: `0–10`; empty where they aren't told.
pub fn workers_words(summary: &Summary) -> String {
    match (summary.min_workers.as_str(), summary.max_workers.as_str()) {
        ("", "") => String::new(),
        (min, max) => format!("{min}–{max}"),
    }
}

/// What waits at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Edits of an earlier run.
    Draft,
    /// Another editor has it, and so what is unsaved there.
    InUse,
}

impl Mark {
    fn of(overview: &StoreOverview, id: &str) -> Option<Self> {
        if overview.is_in_use(id) {
            Some(Self::InUse)
        } else {
            overview.has_draft(id).then_some(Self::Draft)
        }
    }

    /// The word for it in the list.
    pub fn says(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InUse => "in use",
        }
    }
}

/// The list of endpoints.
#[derive(Debug, Default)]
pub struct Picker {
    /// What came so far, in the server's order.
    all: Vec<Summary>,
    /// Of each, what it is sorted by.
    names: Vec<String>,
    /// What matches the filter, however loosely, the best first; empty without a filter.
    ranked: Vec<(Match, usize)>,
    /// Of each, what waits there.
    marks: Vec<Option<Mark>>,
    overview: StoreOverview,
    widths: Widths,
    /// What is shown, as places in `all`.
    shown: Vec<usize>,
    /// Whether more is to come.
    pub loading: bool,
    /// It is read from the beginning once more: what is here goes when the first page comes.
    pub restarting: bool,
    /// What came of a list that is read anew while the old one is still shown and can be chosen from.
    fresh: Option<Vec<Summary>>,
    /// Why it broke off, or is short.
    pub error: Option<ApiError>,
    /// What is shown was read before the reading that broke off.
    from_before: bool,
    /// The focused one among those shown.
    pub at: usize,
    /// First row of what the wheel scrolled or a click held in its place; the focused one is shown in any case.
    pub top: Option<usize>,
    /// The person moved, or chose by the filter: the focus is theirs, and stays on its endpoint whatever else comes.
    pub moved: bool,
    /// What the list is filtered by.
    filter: TextEdit,
    /// Whether the filter is being typed.
    pub filtering: bool,
    sort: Sort,
    /// What the program was started with, and what the server said of it as an id: the endpoint of that name is opened
    /// once all are known.
    pub named: Option<(String, ApiError)>,
    /// The ids opened before, the newest first.
    recent: Vec<String>,
}

impl Picker {
    /// A list that is being read.
    pub fn loading(recent: Vec<String>) -> Self {
        Self {
            loading: true,
            recent,
            ..Self::default()
        }
    }

    /// Whether one has this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.all.iter().any(|endpoint| endpoint.id == id)
    }

    /// The ids of those that have a name.
    pub fn ids_of(&self, name: &str) -> Vec<String> {
        let named = self.all.iter().filter(|endpoint| endpoint.name == name);
        named.map(|endpoint| endpoint.id.clone()).collect()
    }

    /// How many came so far.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// How many the filter lets through.
    pub fn shown_count(&self) -> usize {
        self.shown.len()
    }

    /// The endpoints that are shown, from a place on, each with what waits there.
    pub fn shown_from(&self, first: usize) -> impl Iterator<Item = (&Summary, Option<Mark>)> {
        self.shown
            .iter()
            .skip(first)
            .map(|at| (&self.all[*at], self.marks[*at]))
    }

    /// Columns of what the marks are called; `None`: there are none.
    pub fn mark_width(&self) -> Option<usize> {
        self.marks.iter().flatten().map(|mark| mark.says().len()).max()
    }

    /// The focused endpoint.
    pub fn focused(&self) -> Option<&Summary> {
        self.shown.get(self.at).map(|at| &self.all[*at])
    }

    /// What the list is filtered by.
    pub fn filter(&self) -> &str {
        self.filter.text()
    }

    /// The same with its cursor.
    pub fn filter_text(&self) -> &TextEdit {
        &self.filter
    }

    /// The same, to put the cursor elsewhere.
    pub fn filter_text_mut(&mut self) -> &mut TextEdit {
        &mut self.filter
    }

    /// How wide the list is.
    pub fn widths(&self) -> Widths {
        self.widths
    }

    /// The order.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Whether an endpoint is the one that was opened last.
    pub fn is_last(&self, id: &str) -> bool {
        self.recent.first().is_some_and(|last| last == id)
    }

    /// It was left for an endpoint: on the way back nothing is filtered, and the one that was opened last has the
    /// focus.
    pub fn left(&mut self) {
        self.set_filter("");
        (self.filtering, self.moved, self.named) = (false, false, None);
    }

    /// It is read anew: what is here stays until all of the new one came.
    pub fn read_anew(&mut self) {
        if self.all.is_empty() {
            self.restarting = true;
        } else {
            self.fresh = Some(Vec::new());
        }
        (self.loading, self.error) = (true, None);
    }

    /// Shows those of the name that the program was started with, where not all came: whether it is the name of one alone
    /// can't be told. Nothing is taken from under the hands of somebody who is choosing already.
    pub fn show_named(&mut self) {
        let waits = !self.moved && !self.filtering && self.filter().is_empty();
        let Some((name, _)) = self.named.take_if(|_| waits) else {
            return;
        };
        self.set_filter(&name);
        if self.shown_count() == 0 {
            self.set_filter("");
        }
    }

    /// Whether what is shown was read before, since the reading broke off.
    pub fn is_from_before(&self) -> bool {
        self.from_before
    }

    /// The reading begins at the first page once more.
    pub fn restart(&mut self) {
        match &mut self.fresh {
            Some(fresh) => fresh.clear(),
            None => self.restarting = true,
        }
    }

    /// The reading is over; after an error what was there before stays.
    pub fn end(&mut self, error: Option<ApiError>) {
        (self.loading, self.restarting, self.error) = (false, false, error);
        // A list that is short all the same is the newest there is.
        let is_read = match &self.error {
            None => true,
            Some(ApiError::Incomplete(list)) => list.is_short(),
            Some(_) => false,
        };
        self.from_before = self.fresh.is_some() && !is_read;
        if let Some(fresh) = self.fresh.take().filter(|_| is_read) {
            let focused = self.focused().map(|s| s.id.clone());
            let at = self.at;
            self.clear();
            self.take(fresh);
            let of = |picker: &Self, id: &String| picker.shown.iter().position(|at| picker.all[*at].id == *id);
            let same = focused.as_ref().and_then(|id| of(self, id));
            // One that the filter would hide now behind better ones stays as long as somebody is on it.
            if let Some(id) = focused.filter(|_| same.is_none() && self.moved)
                && let Some((_, place)) = self.ranked.iter().find(|(_, at)| self.all[*at].id == id)
            {
                (self.shown, self.at) = (vec![*place], 0);
                self.arrange();
                self.at = of(self, &id).unwrap_or(0);
                return;
            }
            self.at = same.unwrap_or(at).min(self.shown.len().saturating_sub(1));
        }
    }

    fn clear(&mut self) {
        (self.all, self.names, self.marks) = Default::default();
        (self.ranked, self.shown) = Default::default();
        self.widths = Widths::default();
    }

    /// A page came.
    pub fn take(&mut self, page: Vec<Summary>) {
        if let Some(fresh) = &mut self.fresh {
            fresh.extend(page);
            return;
        }
        if std::mem::take(&mut self.restarting) {
            self.clear();
        }
        page.iter().for_each(|summary| self.widths.grow(summary));
        self.names.extend(page.iter().map(|s| s.name.to_lowercase()));
        let first = self.all.len();
        self.all.extend(page);
        self.look();
        // A best match that nobody chose gives way to a better one.
        let focused = self.focused().map(|s| s.id.clone());
        self.rank(Changed::Came(first));
        if self.filter().trim().is_empty() {
            // Those that are there stay in their order: only the new ones have to find their places.
            self.shown.extend(first..self.all.len());
            self.order();
        } else {
            self.arrange();
        }
        self.focus(focused);
    }

    /// Which endpoints have a draft or an editor is known.
    pub fn set_overview(&mut self, overview: StoreOverview) {
        let focused = self.focused().map(|s| s.id.clone());
        self.overview = overview;
        self.marks.clear();
        self.look();
        self.rank(Changed::All);
        self.arrange();
        self.focus(focused);
    }

    /// Marks those that have none yet.
    fn look(&mut self) {
        for summary in &self.all[self.marks.len()..] {
            self.marks.push(Mark::of(&self.overview, &summary.id));
        }
    }

    /// Another filter: its best match has the focus, also when a better one comes, until the person moves or is done.
    /// Without one everything is shown, and the focus stays where it is.
    pub fn set_filter(&mut self, filter: &str) {
        if self.filter() != filter {
            let before = std::mem::replace(&mut self.filter, TextEdit::new(filter));
            self.filtered(before.text());
        }
    }

    /// A key while the filter is typed.
    ///
    /// # Errors
    /// A sentence when the key can't be taken.
    pub fn press_filter(&mut self, key: &KeyEvent) -> Result<KeyEffect, String> {
        let before = self.filter().to_owned();
        let effect = self.filter.press(key, TextKind::WORDS)?;
        if effect == KeyEffect::Changed {
            self.filtered(&before);
        }
        Ok(effect)
    }

    /// A paste while the filter is typed; one that is much too long is left out.
    pub fn paste_filter(&mut self, pasted: &str) {
        let before = self.filter().to_owned();
        if self.filter.insert(pasted).is_ok() {
            self.filtered(&before);
        }
    }

    /// The filter is another one than before.
    fn filtered(&mut self, before: &str) {
        let filter = self.filter.text();
        // More letters only leave out more, unless a sign gives a word another meaning: more of `!failed` lets through
        // more.
        let narrower = !before.trim().is_empty() && filter.starts_with(before);
        let changed = if narrower && !filter.contains(['!', '^', '$', '\'', '\\']) {
            Changed::Narrowed
        } else {
            Changed::All
        };
        self.moved = filter.is_empty();
        let focused = self.focused().map(|s| s.id.clone());
        self.at = 0;
        self.rank(changed);
        self.arrange();
        self.focus(focused);
    }

    /// The filter is typed: what has the focus keeps it.
    pub fn end_filter(&mut self) {
        self.filtering = false;
        self.moved |= !self.filter().is_empty();
    }

    /// The next order; the focus stays on its endpoint.
    pub fn sort_next(&mut self) {
        let focused = self.focused().map(|s| s.id.clone());
        self.sort = self.sort.next();
        self.arrange();
        self.focus(focused);
    }

    /// What was opened before, the newest first: the focus goes to the last one, unless the person moved already.
    pub fn remember(&mut self, recent: Vec<String>) {
        self.recent = recent;
        self.focus_the_last();
    }

    fn focus_the_last(&mut self) {
        if self.moved || !self.filter().is_empty() {
            return;
        }
        let is_last = |at: &usize| self.is_last(&self.all[*at].id);
        if let Some(at) = self.shown.iter().position(is_last) {
            self.at = at;
        }
    }

    /// Looks anew at what the filter lets through, as far as something changed.
    fn rank(&mut self, changed: Changed) {
        if self.filter().trim().is_empty() {
            self.ranked.clear();
            return;
        }
        let count = self.all.len();
        // However many there are: a list that grows is not to be ranked in two ways.
        let mut fuzzy = Fuzzy::quick(self.filter());
        let mut scored = |at: usize| {
            let Summary {
                name, id, image, state, ..
            } = &self.all[at];
            let mark = self.marks[at].map_or("", Mark::says);
            Some((fuzzy.columns(&[name, id, image, state, mark])?, at))
        };
        match changed {
            Changed::All => self.ranked = (0..count).filter_map(scored).collect(),
            Changed::Narrowed => self.ranked = self.ranked.iter().filter_map(|(_, at)| scored(*at)).collect(),
            Changed::Came(first) => self.ranked.extend((first..count).filter_map(scored)),
        }
        self.ranked.sort_by_key(|(found, at)| (Reverse(*found), *at));
    }

    /// What is shown, in its order.
    fn arrange(&mut self) {
        self.shown = if self.filter().trim().is_empty() {
            (0..self.all.len()).collect()
        } else {
            let moved_to = self.shown.get(self.at).filter(|_| self.moved);
            let stays = |(found, at): &(Match, usize)| Some(at) == moved_to && !found.is_literal();
            // What the person moved to doesn't go because a better one comes.
            let literal =
                self.ranked.first().is_some_and(|(best, _)| best.is_literal()) && !self.ranked.iter().any(stays);
            let shows = |found: &Match| found.is_literal() || (!literal && found.is_good());
            let shown = self.ranked.iter().take_while(|(found, _)| shows(found));
            shown.map(|(_, at)| *at).collect()
        };
        self.order();
    }

    fn order(&mut self) {
        let name = |at: &usize| self.names[*at].as_str();
        match self.sort {
            Sort::Server => {}
            Sort::Name => self.shown.sort_by_key(name),
            Sort::State => self.shown.sort_by_key(|at| (self.all[*at].state.as_str(), name(at))),
        }
    }

    /// Puts the focus on an endpoint if the person had moved to it, else on the one that was opened last.
    fn focus(&mut self, id: Option<String>) {
        if let Some(id) = id.filter(|_| self.moved) {
            let same = |at: &usize| self.all[*at].id == id;
            self.at = self.shown.iter().position(same).unwrap_or(0);
        }
        self.at = self.at.min(self.shown.len().saturating_sub(1));
        self.focus_the_last();
    }
}

/// Why the filter is gone through.
#[derive(Clone, Copy, Debug)]
enum Changed {
    /// It is another one.
    All,
    /// It lets less through than before.
    Narrowed,
    /// There are more endpoints, from this one on.
    Came(usize),
}
