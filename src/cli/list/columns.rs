//! The columns of the list: what they are called, what stands in them, and how rows are sorted by them.

use std::cmp::Ordering;

use crate::cli::output::{Align, Column, Table, Tone};
use crate::endpoint::{PolicyType, Summary};
use crate::text;

/// A column of the list.
#[derive(Debug)]
pub struct ListColumn {
    /// As it is typed.
    name: &'static str,
    column: Column,
    shown: ColumnUse,
    text: fn(&Summary) -> String,
    key: fn(&Summary) -> SortValue,
}

/// Where a column stands unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnUse {
    Always,
    /// With `-o wide`.
    Wide,
    /// Where it is named.
    Named,
}

/// What rows are sorted by: the text, then the numbers. What isn't told comes last, whichever way it goes.
#[derive(Debug, Default)]
struct SortValue {
    text: Option<String>,
    numbers: [Option<i64>; 2],
}

impl SortValue {
    fn text(text: &str) -> Self {
        Self {
            text: (!text.is_empty()).then(|| text.to_lowercase()),
            ..Self::default()
        }
    }

    fn number(text: &str) -> Self {
        Self::numbers(text, "")
    }

    fn numbers(first: &str, second: &str) -> Self {
        Self {
            numbers: [first.parse().ok(), second.parse().ok()],
            ..Self::default()
        }
    }

    fn count(count: usize) -> Self {
        Self::number(&count.to_string())
    }
}

/// All columns, in the order of a wide table.
static COLUMNS: [ListColumn; 21] = [
    ListColumn {
        name: "id",
        column: Column::new("ID", Align::Left, 0),
        shown: ColumnUse::Always,
        text: |one| one.id.clone(),
        key: |one| SortValue::text(&one.id),
    },
    ListColumn {
        name: "name",
        column: Column::new("NAME", Align::Left, 0).cut_to(12),
        shown: ColumnUse::Always,
        text: |one| one.name.clone(),
        key: |one| SortValue::text(&one.name),
    },
    ListColumn {
        name: "state",
        column: Column::new("STATE", Align::Left, 1),
        shown: ColumnUse::Always,
        text: |one| one.state.clone(),
        key: |one| SortValue::text(&one.state),
    },
    ListColumn {
        name: "healthy",
        column: Column::new("HEALTHY", Align::Right, 2),
        shown: ColumnUse::Always,
        text: |one| one.workers.healthy.to_string(),
        key: |one| SortValue::count(one.workers.healthy),
    },
    ListColumn {
        name: "running",
        column: Column::new("RUNNING", Align::Right, 4),
        shown: ColumnUse::Always,
        text: |one| one.workers.running.to_string(),
        key: |one| SortValue::count(one.workers.running),
    },
    ListColumn {
        name: "min-max",
        column: Column::new("MIN–MAX", Align::Right, 3),
        shown: ColumnUse::Always,
        text: range,
        key: |one| SortValue::numbers(&one.min_workers, &one.max_workers),
    },
    ListColumn {
        name: "gpus",
        column: Column::new("GPUS", Align::Right, 5),
        shown: ColumnUse::Always,
        text: |one| one.gpus.clone(),
        key: |one| SortValue::number(&one.gpus),
    },
    ListColumn {
        name: "policy",
        column: Column::new("POLICY", Align::Left, 6),
        shown: ColumnUse::Always,
        text: policy,
        key: |one| SortValue {
            text: SortValue::text(&one.policy).text,
            ..SortValue::number(&one.policy_value)
        },
    },
    ListColumn {
        name: "image",
        column: Column::new("IMAGE", Align::Middle, 7).cut_to(16),
        shown: ColumnUse::Always,
        text: |one| one.image.clone(),
        key: |one| SortValue::text(&one.image),
    },
    ListColumn {
        name: "min",
        column: Column::new("MIN", Align::Right, 3),
        shown: ColumnUse::Named,
        text: |one| one.min_workers.clone(),
        key: |one| SortValue::number(&one.min_workers),
    },
    ListColumn {
        name: "max",
        column: Column::new("MAX", Align::Right, 3),
        shown: ColumnUse::Named,
        text: |one| one.max_workers.clone(),
        key: |one| SortValue::number(&one.max_workers),
    },
    ListColumn {
        name: "concurrency",
        column: Column::new("CONCURRENCY", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| one.max_concurrent.clone(),
        key: |one| SortValue::number(&one.max_concurrent),
    },
    ListColumn {
        name: "idle-timeout",
        column: Column::new("IDLE TIMEOUT", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| seconds(&one.idle_timeout),
        key: |one| SortValue::number(&one.idle_timeout),
    },
    ListColumn {
        name: "request-timeout",
        column: Column::new("REQUEST TIMEOUT", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| seconds(&one.request_timeout),
        key: |one| SortValue::number(&one.request_timeout),
    },
    ListColumn {
        name: "port",
        column: Column::new("PORT", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| one.ports.clone(),
        key: |one| SortValue::number(&one.ports),
    },
    ListColumn {
        name: "health-path",
        column: Column::new("HEALTH PATH", Align::Left, 8).cut_to(12),
        shown: ColumnUse::Wide,
        text: |one| one.health_path.clone(),
        key: |one| SortValue::text(&one.health_path),
    },
    ListColumn {
        name: "volumes",
        column: Column::new("VOLUMES", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| count(one.volumes),
        key: |one| SortValue::number(&count(one.volumes)),
    },
    ListColumn {
        name: "envs",
        column: Column::new("ENVS", Align::Right, 8),
        shown: ColumnUse::Wide,
        text: |one| count(one.envs),
        key: |one| SortValue::number(&count(one.envs)),
    },
    ListColumn {
        name: "cluster",
        column: Column::new("CLUSTER", Align::Left, 8).cut_to(12),
        shown: ColumnUse::Wide,
        text: |one| one.cluster.clone(),
        key: |one| SortValue::text(&one.cluster),
    },
    ListColumn {
        name: "product",
        column: Column::new("PRODUCT", Align::Left, 8).cut_to(12),
        shown: ColumnUse::Wide,
        text: |one| one.product.clone(),
        key: |one| SortValue::text(&one.product),
    },
    ListColumn {
        name: "url",
        column: Column::new("URL", Align::Left, 8).cut_to(16),
        shown: ColumnUse::Wide,
        text: |one| one.url.clone(),
        key: |one| SortValue::text(&one.url),
    },
];

/// They are compared, and found by, their names.
impl PartialEq for ListColumn {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ListColumn {}

/// A column that rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    column: &'static ListColumn,
    descends: bool,
}

impl ListColumn {
    /// Reads a column's name, or its heading, in any case.
    ///
    /// # Errors
    /// A sentence with the nearest name.
    pub fn parse(typed: &str) -> Result<&'static Self, String> {
        let name = typed.trim().to_lowercase().replace([' ', '_', '–'], "-");
        if let Some(column) = COLUMNS.iter().find(|column| column.name == name) {
            return Ok(column);
        }
        Err(match text::nearest(&name, &names().collect::<Vec<_>>()) {
            Some(near) => format!("there is no column {typed}; did you mean {near}?"),
            None => format!(
                "there is no column {typed}. Take of {}",
                names().collect::<Vec<_>>().join(", ")
            ),
        })
    }

    fn tone(&self, one: &Summary) -> Tone {
        match self.name {
            "name" => Tone::Strong,
            "state" => state_tone(&one.state),
            _ => Tone::Plain,
        }
    }
}

/// What all columns are called.
pub fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

impl SortKey {
    /// Reads a column's name, with a `-` in front for descending.
    ///
    /// # Errors
    /// A sentence with the nearest name.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let (descends, name) = match typed.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, typed),
        };
        let column = ListColumn::parse(name)?;
        Ok(Self { column, descends })
    }

    /// How two rows stand to each other; `reverse`: the other way round.
    pub fn order(&self, a: &Summary, b: &Summary, reverse: bool) -> Ordering {
        let (a, b) = ((self.column.key)(a), (self.column.key)(b));
        let descends = self.descends != reverse;
        let text = told_first(a.text.as_ref(), b.text.as_ref(), descends);
        let pairs = a.numbers.iter().zip(&b.numbers);
        pairs.fold(text, |so_far, (a, b)| {
            so_far.then_with(|| told_first(a.as_ref(), b.as_ref(), descends))
        })
    }
}

fn told_first<T: Ord>(a: Option<&T>, b: Option<&T>, descends: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descends => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// The usual table; or one of these columns, none of which goes for want of room, and where an empty cell is a `-`, so
/// that a program finds each at its place.
pub fn of_table(all: &[Summary], columns: &[&'static ListColumn]) -> Table {
    if columns.is_empty() {
        let usual: Vec<&ListColumn> = COLUMNS.iter().filter(|one| one.shown == ColumnUse::Always).collect();
        return filled(all, &usual, |column| column.column, "");
    }
    filled(all, columns, kept, "-")
}

/// The table with all columns.
pub fn of_wide_table(all: &[Summary]) -> Table {
    let wide: Vec<&ListColumn> = COLUMNS.iter().filter(|one| one.shown != ColumnUse::Named).collect();
    filled(all, &wide, kept, "-")
}

fn kept(column: &ListColumn) -> Column {
    Column {
        least: 0,
        ..column.column
    }
}

fn filled(all: &[Summary], columns: &[&ListColumn], heading: fn(&ListColumn) -> Column, empty: &str) -> Table {
    let mut table = Table::new(columns.iter().map(|column| heading(column)).collect::<Vec<_>>());
    for one in all {
        table.row(columns.iter().map(|column| match (column.text)(one) {
            text if text.is_empty() => (empty.to_owned(), Tone::Plain),
            text => (text, column.tone(one)),
        }));
    }
    table
}

fn range(one: &Summary) -> String {
    match (one.min_workers.as_str(), one.max_workers.as_str()) {
        ("", "") => String::new(),
        (min, max) => format!("{min}–{max}"),
    }
}

/// `queue 60 s`, `concurrency 10`.
fn policy(one: &Summary) -> String {
    let unit = match PolicyType::from_word(&one.policy) {
        PolicyType::Queue if !one.policy_value.is_empty() => " s",
        _ => "",
    };
    let words = format!("{} {}{unit}", one.policy, one.policy_value);
    words.trim().to_owned()
}

/// `300s`: as it is typed, and one word to programs.
fn seconds(number: &str) -> String {
    if number.is_empty() {
        String::new()
    } else {
        format!("{number}s")
    }
}

fn count(count: Option<usize>) -> String {
    count.map_or_else(String::new, |count| count.to_string())
}

/// How a state's word is told. Never by the colour alone: the word stands there.
pub fn state_tone(state: &str) -> Tone {
    match state {
        "serving" | "running" => Tone::Good,
        "failed" => Tone::Bad,
        "updating" | "creating" | "pending" | "deleting" => Tone::Warning,
        _ => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, min: &str, max: &str, policy: (&str, &str)) -> Summary {
        Summary {
            id: id.to_owned(),
            min_workers: min.to_owned(),
            max_workers: max.to_owned(),
            policy: policy.0.to_owned(),
            policy_value: policy.1.to_owned(),
            ..Summary::default()
        }
    }

    fn sorted(key: &str, reverse: bool) -> String {
        let mut all = [
            of("a", "10", "11", ("queue", "5")),
            of("B", "2", "20", ("concurrency", "9")),
            of("c", "", "", ("", "")),
            of("d", "2", "3", ("queue", "40")),
        ];
        let key = SortKey::parse(key).unwrap();
        all.sort_by(|a, b| key.order(a, b, reverse));
        all.map(|one| one.id).concat()
    }

    #[test]
    fn numbers_are_sorted_as_numbers_texts_in_any_case_and_what_is_not_told_is_last() {
        for (key, order) in [
            ("id", "aBcd"),
            ("-id", "dcBa"),
            ("min", "Bdac"),
            ("min-max", "dBac"),
            ("MIN–MAX", "dBac"),
            ("-min_max", "aBdc"),
            ("policy", "Badc"),
            ("-policy", "daBc"),
        ] {
            assert_eq!(sorted(key, false), order, "{key}");
        }
        assert_eq!(sorted("-min", true), sorted("min", false), "there and back");
    }

    #[test]
    fn a_column_is_found_by_its_heading_and_a_slip_is_named() {
        for column in &COLUMNS {
            let heading = column.column.title.to_owned();
            assert_eq!(ListColumn::parse(&heading).unwrap().name, column.name);
        }
        assert!(ListColumn::parse("imgae").unwrap_err().ends_with("did you mean image?"));
        assert!(SortKey::parse("-").unwrap_err().contains("Take of id, name"));
    }
}
