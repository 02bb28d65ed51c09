//! What there is to know of each field, once: its label, its path in the body, what it holds, its range, its help, how
//! a server calls it, what an answer says that lacks it, and how its value is got and put.
//!
//! Open [`table`] first. Here it is looked up.
//!
//! ```
//! use novita_edit::endpoint::schema::FIELDS;
//! use novita_edit::endpoint::{EndpointConfig, FieldId};
//!
//! assert_eq!(FieldId::MaxWorkers.spec().path, "workerConfig.maxNum");
//! let mut config = EndpointConfig::default();
//! config.set_text(FieldId::MaxWorkers, "8");
//! assert_eq!(config.text(FieldId::MaxWorkers), "8");
//! assert_eq!(FIELDS.len(), FieldId::COUNT);
//! ```

/// Where a value stands in what holds it: `at!(Number workers.max_num)`.
macro_rules! at {
    ($access:ident $($member:ident).+) => {
        Access::$access(|of| &of.$($member).+, |of| &mut of.$($member).+)
    };
}

pub mod rows;
pub mod spec;
pub mod table;

pub use rows::{ENV, VOLUME};
pub use spec::{
    Absent, Access, BodyObject, BodyPart, Field, FieldHelp, FieldSpec, Kind, RangeRule, ServerName, TypeUse, Without,
};
pub use table::BODY;

use super::config::{EndpointConfig, PolicyType};
use super::field::{FieldId, Pane};
use super::limits::{Limits, Range, RangeKeys};

/// All fields, in the order of the form; the rows' fields after them. That each has one entry in the table is checked
/// when this is compiled.
pub static FIELDS: [&FieldSpec; FieldId::COUNT] = {
    let mut found = [None; FieldId::COUNT];
    let mut at = 0;
    while at < BODY.len() {
        match &BODY[at] {
            BodyPart::Field(field) | BodyPart::OneRow(field) => enter(&mut found, &field.spec),
            BodyPart::Object(object) => enter_all(&mut found, object.fields),
            BodyPart::Volumes(list, parts) => {
                enter(&mut found, list);
                enter_all(&mut found, parts);
            }
            BodyPart::Envs(list, parts) => {
                enter(&mut found, list);
                enter_all(&mut found, parts);
            }
        }
        at += 1;
    }
    let mut all = [&VOLUME[0].spec; FieldId::COUNT];
    let mut at = 0;
    while at < all.len() {
        match found[at] {
            Some(spec) => all[at] = spec,
            None => panic!("a field has no entry in the table"),
        }
        at += 1;
    }
    all
};

/// For each field that stands in no row and is no list: how its value is got and put.
static SINGLE: [Option<&Field<EndpointConfig>>; FieldId::COUNT] = {
    let mut found = [None; FieldId::COUNT];
    let mut at = 0;
    while at < BODY.len() {
        match &BODY[at] {
            BodyPart::Field(field) | BodyPart::OneRow(field) => found[field.spec.id as usize] = Some(field),
            BodyPart::Object(object) => {
                let mut at = 0;
                while at < object.fields.len() {
                    let field = &object.fields[at];
                    found[field.spec.id as usize] = Some(field);
                    at += 1;
                }
            }
            BodyPart::Volumes(..) | BodyPart::Envs(..) => {}
        }
        at += 1;
    }
    found
};

type ByField = [Option<&'static FieldSpec>; FieldId::COUNT];

const fn enter(found: &mut ByField, spec: &'static FieldSpec) {
    assert!(
        found[spec.id as usize].is_none(),
        "a field has two entries in the table"
    );
    found[spec.id as usize] = Some(spec);
}

const fn enter_all<T>(found: &mut ByField, fields: &'static [Field<T>]) {
    let mut at = 0;
    while at < fields.len() {
        enter(found, &fields[at].spec);
        at += 1;
    }
}

/// All pairs of the account's limits that a field is checked against, each once.
pub fn range_keys() -> Vec<RangeKeys> {
    let mut all = Vec::new();
    for keys in FIELDS.iter().flat_map(|spec| spec.range.all()) {
        if !all.contains(&keys) {
            all.push(keys);
        }
    }
    all
}

impl FieldId {
    /// The table's entry.
    pub fn spec(self) -> &'static FieldSpec {
        FIELDS[self as usize]
    }

    /// The label.
    pub fn label(self) -> &'static str {
        self.spec().label
    }

    /// The single fields of a pane, in order; none for a list's pane.
    pub fn in_pane(pane: Pane) -> impl Iterator<Item = FieldId> {
        let single = FIELDS.iter().filter(|spec| SINGLE[spec.id as usize].is_some());
        single.filter(move |spec| spec.pane == pane).map(|spec| spec.id)
    }

    /// The single fields and the two lists: the seventeen canonical labels.
    pub fn canonical() -> impl Iterator<Item = FieldId> {
        FIELDS.iter().map(|spec| spec.id).filter(|id| !id.is_row_part())
    }

    /// Whether an answer may say nothing of it. Then it has to be entered before a save.
    pub fn may_be_unreported(self) -> bool {
        SINGLE[self as usize].is_some_and(|field| matches!(field.absent, Absent::Unknown))
    }

    /// The unit beside the value: `s`, `GB`; the policy's depends on its type.
    pub fn unit(self, config: &EndpointConfig) -> &'static str {
        self.range_keys(config).map_or("", |keys| keys.unit)
    }

    /// Which pair of the account's limits holds for the field; the policy's depends on its type.
    pub fn range_keys(self, config: &EndpointConfig) -> Option<RangeKeys> {
        match (self.spec().range, &config.policy.kind) {
            (RangeRule::Of(keys), _) => Some(keys),
            (RangeRule::ByPolicyType { queue, .. }, PolicyType::Queue) => Some(queue),
            (RangeRule::ByPolicyType { concurrency, .. }, PolicyType::Concurrency) => Some(concurrency),
            (RangeRule::None | RangeRule::ByPolicyType { .. }, _) => None,
        }
    }

    /// The range that holds for the field, if one is known; `None` for fields that have no range at all.
    pub fn range<'a>(self, config: &EndpointConfig, limits: &'a Limits) -> Option<&'a Range> {
        self.range_keys(config).map(|keys| limits.range(keys))
    }
}

impl EndpointConfig {
    /// The text of a single field, as it is edited. Empty for the two lists.
    pub fn text(&self, field: FieldId) -> &str {
        SINGLE[field as usize].map_or("", |field| field.access.text(self))
    }

    /// Puts a text into a single field, readable or not. Does nothing for the two lists.
    pub fn set_text(&mut self, field: FieldId, text: &str) {
        // As numbers are read.
        let text = if field == FieldId::HttpPort { text.trim() } else { text };
        if let Some(field) = SINGLE[field as usize] {
            field.access.set_text(self, text);
        }
    }

    /// The fields that an answer may say nothing of, and that aren't known here.
    pub fn unreported(&self) -> Vec<FieldId> {
        let all = FieldId::canonical().filter(|field| field.may_be_unreported());
        all.filter(|field| self.text(*field).trim().is_empty()).collect()
    }

    /// Takes over what isn't reported here: what was known before is then the best that is known.
    pub fn fill_unreported(&mut self, known: &Self) {
        for field in self.unreported() {
            self.set_text(field, known.text(field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_labels_are_the_documented_seventeen() {
        let labels: Vec<&str> = FieldId::canonical().map(FieldId::label).collect();
        assert_eq!(
            labels,
            [
                "Name",
                "Cluster ID",
                "HTTP port",
                "Health path",
                "Min workers",
                "Max workers",
                "Idle timeout",
                "Max concurrency",
                "GPUs per worker",
                "Request timeout",
                "Policy type",
                "Policy value",
                "Image",
                "Auth ID",
                "Command",
                "Volumes",
                "Environment"
            ]
        );
    }

    #[test]
    fn every_single_field_gives_back_the_text_that_was_put() {
        for id in FieldId::canonical().filter(|id| id.spec().kind != Kind::Rows) {
            let mut config = EndpointConfig::default();
            config.set_text(id, "17 x");
            assert_eq!(config.text(id), "17 x", "{}", id.label());
            let others: Vec<&str> = FieldId::canonical()
                .filter(|o| *o != id)
                .map(|o| config.text(o))
                .collect();
            assert!(others.iter().all(|t| t.is_empty()), "{} wrote elsewhere", id.label());
        }
    }
}
