//! The limits of `shared/api.md`: the documented fixed ones, and the account's ranges from `/endpoint/limit`.

use std::fmt;

use crate::text::Quoted;

/// The create page's limit for `name`, characters; the update page names none.
pub const NAME_CHARS: usize = 220;
/// `clusterID`, characters.
pub const CLUSTER_ID_CHARS: usize = 255;
/// `image.image`, characters.
pub const IMAGE_CHARS: usize = 511;
/// `image.authId`, characters.
pub const AUTH_ID_CHARS: usize = 255;
/// `image.command`, characters.
pub const COMMAND_CHARS: usize = 2047;
/// `volumeMounts[].mountPath`, characters.
pub const MOUNT_PATH_CHARS: usize = 255;
/// `volumeMounts[].size` of a local volume where the account has no range, GB.
pub const LOCAL_VOLUME_GB: i64 = 30;
/// Ports that the platform keeps for itself.
pub const RESERVED_PORTS: [i64; 3] = [2222, 2223, 2224];

/// One pair of `/endpoint/limit`: the two keys of the answer, and what they count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeKeys {
    /// The key of the minimum.
    pub min: &'static str,
    /// The key of the maximum.
    pub max: &'static str,
    /// The unit, short: `s`, `GB`; empty: none.
    pub unit: &'static str,
}

impl RangeKeys {
    /// The keys of a minimum and a maximum, and their unit.
    pub const fn new(min: &'static str, max: &'static str, unit: &'static str) -> Self {
        Self { min, max, unit }
    }
}

/// What the account may have in one field, both ends included; or why that isn't known.
pub type Range = Result<(i64, i64), NoRange>;

/// Why there is no range for a field. Never a reason to block it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRange {
    /// The limits weren't asked for yet, or couldn't be had.
    NotLoaded,
    /// The answer has no maximum.
    NoMaximum,
    /// The answer says 0–0.
    Zero,
    /// The answer's minimum lies above its maximum.
    Inverted(i64, i64),
    /// One of the two values is no number.
    Unreadable(String),
}

impl fmt::Display for NoRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoaded => f.write_str("the account's limits are not known"),
            Self::NoMaximum => f.write_str("the account's limits name no maximum"),
            Self::Zero => f.write_str("the account's limits say 0–0"),
            Self::Inverted(min, max) => write!(f, "the account's limits say {min}–{max}, which no value can meet"),
            Self::Unreadable(text) => write!(f, "the account's limits say {} where a number belongs", Quoted(text)),
        }
    }
}

/// The account's ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    ranges: Vec<(RangeKeys, Range)>,
}

impl Limits {
    /// No range is known: before the answer, or without one.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// The ranges as a reader of `/endpoint/limit` found them.
    pub fn of(ranges: impl IntoIterator<Item = (RangeKeys, Range)>) -> Self {
        Self {
            ranges: ranges.into_iter().collect(),
        }
    }

    /// The range for one pair.
    pub fn range(&self, keys: RangeKeys) -> &Range {
        static NOT_LOADED: Range = Err(NoRange::NotLoaded);
        let found = self.ranges.iter().find(|(known, _)| *known == keys);
        found.map_or(&NOT_LOADED, |(_, range)| range)
    }

    /// True when at least one range is known.
    pub fn any_known(&self) -> bool {
        self.ranges.iter().any(|(_, range)| range.is_ok())
    }
}

/// A pair of the answer as a range: a missing minimum beside a maximum is 0; a missing maximum, 0–0 and min > max are
/// none.
pub fn pair(min: Option<i64>, max: Option<i64>) -> Range {
    let Some(max) = max else { return Err(NoRange::NoMaximum) };
    match (min.unwrap_or(0), max) {
        (0, 0) => Err(NoRange::Zero),
        (min, max) if min > max => Err(NoRange::Inverted(min, max)),
        known => Ok(known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_a_range_only_when_a_value_can_meet_it() {
        assert_eq!(pair(Some(1), Some(8)), Ok((1, 8)));
        assert_eq!(pair(None, Some(8)), Ok((0, 8)), "proto3 leaves zeros out");
        assert_eq!(pair(Some(5), Some(5)), Ok((5, 5)));
        assert_eq!(pair(Some(1), None), Err(NoRange::NoMaximum));
        assert_eq!(pair(None, None), Err(NoRange::NoMaximum));
        assert_eq!(pair(Some(0), Some(0)), Err(NoRange::Zero));
        assert_eq!(pair(None, Some(0)), Err(NoRange::Zero));
        assert_eq!(pair(Some(9), Some(8)), Err(NoRange::Inverted(9, 8)));
    }

    #[test]
    fn every_pair_has_its_own_place() {
        let pairs = ["Worker", "GPU"].map(|name| RangeKeys::new(name, name, ""));
        let limits = Limits::of((101..).zip(pairs).map(|(max, keys)| (keys, pair(Some(1), Some(max)))));
        for (max, keys) in (101..).zip(pairs) {
            assert_eq!(limits.range(keys), &Ok((1, max)));
        }
        assert!(!Limits::unknown().any_known());
    }
}
