//! The list of endpoints: what came, what the filter lets through, and in which order.

use crate::api::ApiError;
use crate::endpoint::Summary;
use crate::tui::fuzzy::Fuzzy;
use crate::tui::width::shown_width;

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

/// The list of endpoints.
#[derive(Debug, Default)]
pub struct Picker {
    /// What came so far, in the server's order.
    all: Vec<Summary>,
    /// Of each, what the filter looks at.
    texts: Vec<String>,
    widths: Widths,
    /// What is shown, as places in `all`.
    shown: Vec<usize>,
    /// Whether more is to come.
    pub loading: bool,
    /// It is read from the beginning once more: what is here goes when the first page comes.
    pub restarting: bool,
    /// Why it broke off.
    pub error: Option<ApiError>,
    /// The focused one among those shown.
    pub at: usize,
    /// First row of what the wheel scrolled or a click held in its place; the focused one is shown in any case.
    pub top: Option<usize>,
    /// The person moved, or chose by the filter: the focus is theirs, and stays on its endpoint whatever else comes.
    pub moved: bool,
    /// What the list is filtered by.
    filter: String,
    /// Whether the filter is being typed.
    pub filtering: bool,
    sort: Sort,
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

    /// How many came so far.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// How many the filter lets through.
    pub fn shown_count(&self) -> usize {
        self.shown.len()
    }

    /// The endpoints that are shown, from a place on.
    pub fn shown_from(&self, first: usize) -> impl Iterator<Item = &Summary> {
        self.shown.iter().skip(first).map(|at| &self.all[*at])
    }

    /// The focused endpoint.
    pub fn focused(&self) -> Option<&Summary> {
        self.shown.get(self.at).map(|at| &self.all[*at])
    }

    /// What the list is filtered by.
    pub fn filter(&self) -> &str {
        &self.filter
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

    /// A page came.
    pub fn take(&mut self, page: Vec<Summary>) {
        if std::mem::take(&mut self.restarting) {
            (self.all, self.texts, self.shown) = Default::default();
            self.widths = Widths::default();
        }
        page.iter().for_each(|summary| self.widths.grow(summary));
        let text = |s: &Summary| format!("{} {} {} {}", s.name, s.id, s.image, s.state);
        self.texts.extend(page.iter().map(text));
        self.all.extend(page);
        self.arrange();
    }

    /// Another filter: its best match has the focus, also when a better one comes, until the person moves or is done.
    /// Without one everything is shown, and the focus stays where it is.
    pub fn set_filter(&mut self, filter: String) {
        if self.filter == filter {
            return;
        }
        self.moved = filter.is_empty();
        if !filter.is_empty() {
            self.at = 0;
        }
        self.filter = filter;
        self.arrange();
    }

    /// The filter is typed: what has the focus keeps it.
    pub fn end_filter(&mut self) {
        self.filtering = false;
        self.moved |= !self.filter.is_empty();
    }

    /// The next order; the focus stays on its endpoint.
    pub fn sort_next(&mut self) {
        self.sort = self.sort.next();
        self.arrange();
    }

    /// What was opened before, the newest first: the focus goes to the last one, unless the person moved already.
    pub fn remember(&mut self, recent: Vec<String>) {
        self.recent = recent;
        self.focus_the_last();
    }

    fn focus_the_last(&mut self) {
        if self.moved || !self.filter.is_empty() {
            return;
        }
        let is_last = |at: &usize| self.is_last(&self.all[*at].id);
        if let Some(at) = self.shown.iter().position(is_last) {
            self.at = at;
        }
    }

    /// What is shown, in its order.
    fn arrange(&mut self) {
        let focused = self.focused().map(|s| s.id.clone());
        let mut shown: Vec<usize> = if self.filter.trim().is_empty() {
            (0..self.all.len()).collect()
        } else {
            Fuzzy::new(&self.filter).ranked(self.texts.iter().map(String::as_str))
        };
        let name = |at: usize| self.all[at].name.to_lowercase();
        match self.sort {
            Sort::Server => {}
            Sort::Name => shown.sort_by_cached_key(|at| name(*at)),
            Sort::State => shown.sort_by_cached_key(|at| (self.all[*at].state.clone(), name(*at))),
        }
        self.shown = shown;
        if self.moved {
            let same = |at: &usize| Some(&self.all[*at].id) == focused.as_ref();
            self.at = self.shown.iter().position(same).unwrap_or(0);
        }
        self.focus_the_last();
    }
}
