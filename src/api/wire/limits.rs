//! `GET /endpoint/limit`: the account's ranges.

use super::node::Node;
use super::refusal::said_in;
use super::unreadable::Unreadable;
use crate::endpoint::limits::pair;
use crate::endpoint::schema::range_keys;
use crate::endpoint::{Limits, NoRange, RangeKeys};

/// What a refusal to read calls the thing.
const WANTED: &str = "set of limits";

/// Reads the answer to `GET /endpoint/limit`, pair by pair: one that can't be read gives no range for its field, with
/// the reason, and leaves the others as they are.
///
/// # Errors
/// [`Unreadable`] for an answer that is no JSON object, or a message instead of limits.
pub fn limits(body: &[u8]) -> Result<Limits, Unreadable> {
    let answer = Node::parse(body)?;
    if !answer.is_object() {
        return Err(answer.not("an object"));
    }
    let answer = answer.object()?;
    let all = range_keys();
    let is_told = |key| answer.get(key).is_some();
    if !all.iter().any(|keys| is_told(keys.min) || is_told(keys.max))
        && let Some(message) = said_in(&answer).line()
    {
        return Err(Unreadable::message(WANTED, &message));
    }
    let number = |name: &str| {
        let node = answer.get(name);
        node.map(|node| node.integer().map_err(|_| NoRange::Unreadable(node.shown())))
            .transpose()
    };
    let range = |keys: &RangeKeys| pair(number(keys.min)?, number(keys.max)?);
    Ok(Limits::of(all.iter().map(|keys| (*keys, range(keys)))))
}
