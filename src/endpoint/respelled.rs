//! How what a server holds differs from what it was sent. Where a difference is of a kind that is known of servers
//! (`shared/api.md`, "spelled otherwise"), the kind is named; who did it no value tells.

use std::collections::{HashMap, HashSet};

use super::config::{EndpointConfig, EnvVar, VolumeMount};
use super::diff::{Change, ShownValue, changes, identities, row_name, same, volume_words};
use super::field::FieldId;
use super::masked::looks_masked;
use super::schema::Kind;

/// A kind of difference between what was sent and what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Respelling {
    /// Blanks and line breaks at the ends.
    Blanks,
    /// Upper and lower case.
    Case,
    /// `docker.io/`, `library/` or both in front of an image.
    Registry,
    /// A slash at the end.
    Slash,
    /// The rows are the same, in another order.
    Order,
    /// One of several rows of the same name went.
    Duplicate,
    /// A row without a value went.
    Empty,
    /// A row came in that was not sent.
    Added,
    /// The value reads back as a mask: what is stored can't be seen.
    Masked,
    /// A number moved from what it was towards what was sent, and stopped before it.
    Clamped,
}

impl Respelling {
    /// What differs, behind "differs in".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Blanks => "blanks at the ends",
            Self::Case => "letter case",
            Self::Registry => "docker.io/ or library/ in front",
            Self::Slash => "a slash at the end",
            Self::Order => "the order only",
            Self::Duplicate => "a duplicate that isn't there",
            Self::Empty => "an empty one that isn't there",
            Self::Added => "one that was not sent",
            Self::Masked => "a value that is masked when read",
            Self::Clamped => "a clamped number",
        }
    }
}

/// One place that reads back otherwise than it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// From what was sent to what was read.
    pub change: Change,
    /// Of which kinds it is; none: of no known one.
    pub kinds: Vec<Respelling>,
    /// Whether it says the same: sending it again can't help, and nothing is lost by taking it as it was read.
    pub is_spelling: bool,
}

/// Every place that reads back otherwise than it was sent over a base, in the order of the form. Empty exactly where
/// [`differences`](super::diff::differences) is.
///
/// An edit that reads back as the base was is not stored, whatever else it looks like; unless another edit is, which
/// proves that the send arrived: then it is the server that has it so. A row that was deleted and is there is never
/// only spelled otherwise.
pub fn deviations(base: &EndpointConfig, sent: &EndpointConfig, read: &EndpointConfig) -> Vec<Deviation> {
    let mut found = fields(base, sent, read);
    found.extend(Matched::volumes(sent, read).deviations());
    found.extend(Matched::envs(sent, read).deviations());
    if found.iter().all(|deviation| !deviation.is_spelling) {
        return found;
    }
    let place = |change: &Change| (change.field, change.row.clone());
    let edits: HashSet<_> = changes(base, sent).iter().map(place).collect();
    let moved: HashSet<_> = changes(base, read).iter().map(place).collect();
    let differing: HashSet<_> = found.iter().map(|deviation| place(&deviation.change)).collect();
    let has_arrived = edits.iter().any(|edit| !differing.contains(edit));
    for deviation in &mut found {
        let at = place(&deviation.change);
        let is_as_before = edits.contains(&at) && !moved.contains(&at);
        deviation.is_spelling &= !is_as_before || (has_arrived && deviation.kinds != [Respelling::Added]);
    }
    found
}

/// What was sent over a base, in the server's spelling wherever it says the same.
pub fn as_read(base: &EndpointConfig, sent: &EndpointConfig, read: &EndpointConfig) -> EndpointConfig {
    let found = deviations(base, sent, read);
    let mut spelled = sent.clone();
    for deviation in found
        .iter()
        .filter(|found| found.is_spelling && found.change.row.is_none())
    {
        let field = deviation.change.field;
        if field.spec().kind != Kind::Rows {
            spelled.set_text(field, read.text(field));
        }
    }
    spelled.volumes = Matched::volumes(sent, read).as_read(&found);
    spelled.envs = Matched::envs(sent, read).as_read(&found).into();
    spelled
}

fn fields(base: &EndpointConfig, sent: &EndpointConfig, read: &EndpointConfig) -> Vec<Deviation> {
    let unreported = read.unreported();
    let differs =
        |field: &FieldId| field.spec().kind != Kind::Rows && !same(*field, sent, read) && !unreported.contains(field);
    let found = FieldId::canonical().filter(differs).map(|field| {
        let (old, new) = (sent.text(field), read.text(field));
        let kinds = match field.spec().kind {
            Kind::Integer if has_stopped_short(base.text(field), old, new) => vec![Respelling::Clamped],
            Kind::Integer => Vec::new(),
            _ => kinds(old, new, field == FieldId::Image),
        };
        Deviation {
            change: Change {
                field,
                row: None,
                old: Some(ShownValue::Plain(old.to_owned())),
                new: Some(ShownValue::Plain(new.to_owned())),
            },
            is_spelling: says_the_same(field, &kinds),
            kinds,
        }
    });
    found.collect()
}

fn has_stopped_short(base: &str, sent: &str, read: &str) -> bool {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    match (number(base), number(sent), number(read)) {
        (Some(base), Some(sent), Some(read)) => (base < read && read < sent) || (sent < read && read < base),
        _ => false,
    }
}

/// Which kinds of spelling, as few as possible, make the two one text; none: no kinds do.
fn kinds(a: &str, b: &str, is_image: bool) -> Vec<Respelling> {
    const ALL: [Respelling; 4] = [
        Respelling::Blanks,
        Respelling::Case,
        Respelling::Slash,
        Respelling::Registry,
    ];
    let known = if is_image { 4 } else { 3 };
    let mut subsets: Vec<u32> = (1..1 << known).collect();
    subsets.sort_by_key(|subset| subset.count_ones());
    let chosen = |subset: u32| ALL.into_iter().enumerate().filter(move |(at, _)| subset & 1 << at != 0);
    let plain = |text: &str, subset: u32| {
        chosen(subset).fold(text.to_owned(), |text, (_, kind)| match kind {
            Respelling::Blanks => text.trim().to_owned(),
            Respelling::Case => text.to_lowercase(),
            Respelling::Slash => text.trim_end_matches('/').to_owned(),
            _ => {
                let text = text.strip_prefix("docker.io/").unwrap_or(&text);
                text.strip_prefix("library/").unwrap_or(text).to_owned()
            }
        })
    };
    let makes_one = |subset: &u32| {
        let a = plain(a, *subset);
        !a.is_empty() && a == plain(b, *subset)
    };
    let found = subsets.into_iter().find(makes_one);
    found.map_or_else(Vec::new, |subset| chosen(subset).map(|(_, kind)| kind).collect())
}

/// Whether differences of these kinds leave a field's meaning as it is. Case does so only in names that are compared
/// without it.
fn says_the_same(field: FieldId, kinds: &[Respelling]) -> bool {
    let is_harmless = |kind: &Respelling| match kind {
        Respelling::Blanks | Respelling::Registry | Respelling::Masked => true,
        Respelling::Case => matches!(field, FieldId::Image | FieldId::Name),
        Respelling::Slash => matches!(field, FieldId::Image | FieldId::HealthPath | FieldId::VolumeMountPath),
        _ => false,
    };
    !kinds.is_empty() && kinds.iter().all(is_harmless)
}

/// Rows that were sent beside those that were read.
struct Matched<'a, T: 'static> {
    list: FieldId,
    /// The field that a row is known by.
    name: FieldId,
    sent: &'a [T],
    read: &'a [T],
    /// For each sent row, the read row that it became.
    became: Vec<Option<usize>>,
    key: fn(&T) -> &str,
    shown: fn(&T) -> ShownValue,
    /// Of which kinds the difference between two rows' contents is, where they have one name.
    content: fn(&T, &T) -> Vec<Respelling>,
    /// The field that these kinds are of.
    part: FieldId,
    is_empty: fn(&T) -> bool,
}

impl<'a> Matched<'a, VolumeMount> {
    fn volumes(sent: &'a EndpointConfig, read: &'a EndpointConfig) -> Self {
        Self {
            list: FieldId::Volumes,
            name: FieldId::VolumeMountPath,
            sent: &sent.volumes,
            read: &read.volumes,
            became: Vec::new(),
            key: |volume| &volume.mount_path,
            shown: |volume| ShownValue::Plain(volume_words(volume)),
            content: |_, _| Vec::new(),
            part: FieldId::VolumeSize,
            is_empty: |volume| volume.mount_path.trim().is_empty(),
        }
        .matched(|sent, read| {
            VolumeMount {
                mount_path: read.mount_path.clone(),
                ..sent.clone()
            } == *read
        })
    }
}

impl<'a> Matched<'a, EnvVar> {
    fn envs(sent: &'a EndpointConfig, read: &'a EndpointConfig) -> Self {
        Self {
            list: FieldId::Environment,
            name: FieldId::EnvKey,
            sent: &sent.envs,
            read: &read.envs,
            became: Vec::new(),
            key: |env| &env.key,
            shown: |env| ShownValue::Secret(env.value.clone()),
            content: |sent, read| match looks_masked(read.value.reveal()) {
                true => vec![Respelling::Masked],
                false => kinds(sent.value.reveal(), read.value.reveal(), false),
            },
            part: FieldId::EnvValue,
            is_empty: |env| env.value.is_empty(),
        }
        .matched(|sent, read| sent.value == read.value)
    }
}

impl<T: Clone + Eq> Matched<'_, T> {
    /// Finds for each sent row what became of it: the same row, one of the same name, one of nearly the same name and
    /// the same content.
    fn matched(mut self, is_content_same: fn(&T, &T) -> bool) -> Self {
        let (sent, read, key) = (self.sent, self.read, self.key);
        if sent == read {
            self.became = (0..sent.len()).map(Some).collect();
            return self;
        }
        let mut became = vec![None; sent.len()];
        let mut free: Vec<usize> = (0..read.len()).collect();
        let places: HashMap<(&str, usize), usize> = identities(read, key).into_iter().zip(0..).collect();
        let mut taken = HashSet::new();
        for (at, id) in identities(sent, key).iter().enumerate() {
            became[at] = places.get(id).copied().filter(|to| sent[at] == read[*to]);
            taken.extend(became[at]);
        }
        free.retain(|to| !taken.contains(to));
        let mut take = |fits: &dyn Fn(&T, &T) -> bool| {
            for (at, place) in became.iter_mut().enumerate().filter(|(_, place)| place.is_none()) {
                if let Some(found) = free.iter().position(|to| fits(&sent[at], &read[*to])) {
                    *place = Some(free.remove(found));
                }
            }
        };
        take(&|row, other| row == other);
        take(&|row, other| key(row) == key(other));
        take(&|row, other| is_content_same(row, other) && !kinds(key(row), key(other), false).is_empty());
        self.became = became;
        self
    }

    fn name_of(&self, rows: &[T], at: usize) -> Option<String> {
        let (key, ordinal) = *identities(rows, self.key).get(at)?;
        Some(row_name(key, ordinal))
    }

    /// Of which kinds a row's difference is, and whether it says the same all the same; `None`: there is none.
    fn judged(&self, at: usize) -> Option<(Vec<Respelling>, bool)> {
        let row = &self.sent[at];
        let Some(read) = self.became[at].map(|to| &self.read[to]) else {
            let is_there =
                |(other, became): (&T, &Option<usize>)| (self.key)(other) == (self.key)(row) && became.is_some();
            let has_another = self.sent.iter().zip(&self.became).any(is_there);
            let kinds = match (has_another, (self.is_empty)(row)) {
                (true, _) => vec![Respelling::Duplicate],
                (false, true) => vec![Respelling::Empty],
                (false, false) => Vec::new(),
            };
            let is_spelling = !kinds.is_empty();
            return Some((kinds, is_spelling));
        };
        if row == read {
            return None;
        }
        let (of, field) = match (self.key)(row) == (self.key)(read) {
            true => ((self.content)(row, read), self.part),
            false => (kinds((self.key)(row), (self.key)(read), false), self.name),
        };
        let is_spelling = says_the_same(field, &of);
        Some((of, is_spelling))
    }

    fn change(&self, at: usize) -> Change {
        let row = &self.sent[at];
        let read = self.became[at].map(|to| &self.read[to]);
        let named = |row: &T| ShownValue::Plain((self.key)(row).to_owned());
        let (old, new) = match read {
            Some(read) if (self.key)(row) != (self.key)(read) => (named(row), Some(named(read))),
            read => ((self.shown)(row), read.map(self.shown)),
        };
        Change {
            field: self.list,
            row: self.name_of(self.sent, at),
            old: Some(old),
            new,
        }
    }

    /// The read rows that nothing became.
    fn added(&self) -> impl Iterator<Item = usize> {
        let taken: HashSet<usize> = self.became.iter().flatten().copied().collect();
        (0..self.read.len()).filter(move |at| !taken.contains(at))
    }

    fn deviations(&self) -> Vec<Deviation> {
        let changed = (0..self.sent.len()).filter_map(|at| {
            let (kinds, is_spelling) = self.judged(at)?;
            Some(Deviation {
                change: self.change(at),
                kinds,
                is_spelling,
            })
        });
        let mut found: Vec<Deviation> = changed.collect();
        found.extend(self.added().map(|at| Deviation {
            change: Change {
                field: self.list,
                row: self.name_of(self.read, at),
                old: None,
                new: Some((self.shown)(&self.read[at])),
            },
            kinds: vec![Respelling::Added],
            is_spelling: true,
        }));
        if !self.became.iter().flatten().is_sorted() {
            let order = |rows: &[T]| {
                let names: Vec<&str> = rows.iter().map(self.key).collect();
                Some(ShownValue::Plain(format!("order {}", names.join(", "))))
            };
            found.push(Deviation {
                change: Change {
                    field: self.list,
                    row: None,
                    old: order(self.sent),
                    new: order(self.read),
                },
                kinds: vec![Respelling::Order],
                is_spelling: true,
            });
        }
        found
    }

    /// The sent rows in the spelling and the order that were read, as far as those deviations say the same; those that
    /// were read otherwise or went, as they were sent, behind the row that they stood behind.
    fn as_read(&self, found: &[Deviation]) -> Vec<T> {
        let is_spelled = |row: Option<String>, is_new: bool| {
            let mut here = found
                .iter()
                .filter(|found| found.change.field == self.list && found.change.row == row);
            here.any(|found| found.is_spelling && (row.is_none() || found.change.old.is_none() == is_new))
        };
        let added = self.added().filter(|to| is_spelled(self.name_of(self.read, *to), true));
        let is_reordered = is_spelled(None, false);
        let mut rows: Vec<(usize, &T)> = Vec::new();
        let mut behind = Vec::new();
        let mut last = None;
        for (at, row) in self.sent.iter().enumerate() {
            let says_the_same = || is_spelled(self.name_of(self.sent, at), false);
            match self.became[at] {
                Some(to) => {
                    let is_other = self.read[to] != *row && !says_the_same();
                    rows.push((to, if is_other { row } else { &self.read[to] }));
                    last = Some(to);
                }
                // What went and says the same without it isn't missed.
                None if says_the_same() => {}
                None => behind.push((last, row)),
            }
        }
        rows.extend(added.map(|to| (to, &self.read[to])));
        if is_reordered || self.became.iter().flatten().is_sorted() {
            rows.sort_by_key(|(to, _)| *to);
        }
        let mut all: Vec<T> = Vec::with_capacity(rows.len() + behind.len());
        let put = |all: &mut Vec<T>, place: Option<usize>| {
            all.extend(
                behind
                    .iter()
                    .filter(|(at, _)| *at == place)
                    .map(|(_, row)| (*row).clone()),
            );
        };
        put(&mut all, None);
        for (to, row) in rows {
            all.push(row.clone());
            put(&mut all, Some(to));
        }
        all
    }
}
