//! Endpoints that are picked out of the account's list by what they are, instead of being named.

use clap::Args;

use super::context::Context;
use super::failure::Failure;
use super::target::{self, Listing};
use crate::endpoint::Summary;

/// What an endpoint of the list has to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct FilterArgs {
    /// Only endpoints in this state: serving, failed, stopped…; may be repeated
    #[arg(long, value_name = "STATE")]
    pub state: Vec<String>,

    /// Only endpoints whose id, name, state or image holds this text, in any case
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
}

/// Instead of IDs: all endpoints, or those of a state or with a text in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct PickArgs {
    /// Every endpoint of the account, instead of IDs; --state and --filter, also
    /// instead of IDs, pick some, as list does
    #[arg(long, conflicts_with_all = ["state", "filter"])]
    pub all: bool,

    #[command(flatten)]
    pub only: FilterArgs,
}

/// The options of [`PickArgs`], for an ID that is only needed without them.
pub const PICKING: [&str; 3] = ["all", "state", "filter"];

impl FilterArgs {
    fn is_given(&self) -> bool {
        !self.state.is_empty() || self.filter.is_some()
    }

    /// Whether an endpoint is such a one.
    pub fn wants(&self, endpoint: &Summary) -> bool {
        let state = |wanted: &String| wanted.eq_ignore_ascii_case(&endpoint.state);
        let filter = self.filter.as_ref().map(|text| text.to_lowercase());
        let holds = |text: &String| {
            let fields = [&endpoint.id, &endpoint.name, &endpoint.state, &endpoint.image];
            fields.iter().any(|field| field.to_lowercase().contains(text))
        };
        (self.state.is_empty() || self.state.iter().any(state)) && filter.as_ref().is_none_or(holds)
    }
}

impl PickArgs {
    /// Whether endpoints are picked, so that none is named.
    pub fn is_given(&self) -> bool {
        self.all || self.only.is_given()
    }

    /// The ids of those that are picked, in the list's order; without a pick those that are named.
    ///
    /// # Errors
    /// The list can't be read, or not as a whole; or none is like that: who picks expects some.
    pub async fn endpoints(&self, cx: &Context, named: &[String]) -> Result<Vec<String>, Failure> {
        if !self.is_given() {
            return Ok(named.to_vec());
        }
        let Listing { all, incomplete } = target::list(cx).await?;
        if let Some(error) = incomplete {
            return Err(Failure::NotAllListed {
                error: Box::new(error),
                open: "So which endpoints are meant is not known, and none was touched. Name them, or try again."
                    .to_owned(),
            });
        }
        let picked: Vec<String> = all
            .iter()
            .filter(|endpoint| self.only.wants(endpoint))
            .map(|endpoint| endpoint.id.clone())
            .collect();
        match (picked.is_empty(), all.len()) {
            (false, _) => Ok(picked),
            (true, 0) => Err(Failure::NotFound(
                "this account has no endpoints, so there is none to pick".to_owned(),
            )),
            (true, count) => Err(Failure::NotFound(format!(
                "none of the {count} endpoints is like that. `novita-edit list` takes --state and --filter as well, and shows \
                 what they pick."
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_and_a_text_both_have_to_fit_and_the_case_does_not_count() {
        let endpoint = Summary {
            id: "ep_1".to_owned(),
            name: "Llama".to_owned(),
            state: "serving".to_owned(),
            ..Summary::default()
        };
        let only = |states: &[&str], filter: Option<&str>| FilterArgs {
            state: states.iter().map(|state| (*state).to_owned()).collect(),
            filter: filter.map(str::to_owned),
        };
        for (wanted, only) in [
            (true, only(&[], None)),
            (true, only(&["failed", "SERVING"], None)),
            (true, only(&["serving"], Some("llama"))),
            (false, only(&["failed"], Some("llama"))),
            (false, only(&["serving"], Some("whisper"))),
        ] {
            assert_eq!(only.wants(&endpoint), wanted, "{only:?}");
        }
    }
}
