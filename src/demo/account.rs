//! What one simulated account holds, and what the calls do with it. What is there when it starts lies in
//! `assets/demo/`.

use std::ops::Range;

use serde_json::{Value, json};

use super::change::UpdateRequest;
use super::clock::Timing;
use super::faults::{Lags, UpdatePlan};
use super::motion::Stored;
use super::quirks::Quirks;
use super::refusal::ApiRefusal;
use super::render;
use super::rules;

#[derive(Debug)]
pub(super) struct DemoAccount {
    endpoints: Vec<Stored>,
    limits: Value,
    storages: Vec<Value>,
    auths: Vec<Value>,
    clusters: Vec<Value>,
}

impl DemoAccount {
    pub(super) fn new(seed: Seed, timing: &Timing) -> Self {
        let now = timing.now();
        Self {
            endpoints: seed
                .endpoints
                .into_iter()
                .map(|plain| Stored::new(plain, now))
                .collect(),
            limits: seed.limits,
            storages: seed.storages,
            auths: seed.auths,
            clusters: seed.clusters,
        }
    }

    pub(super) fn add(&mut self, plain: Value, timing: &Timing) {
        self.endpoints.push(Stored::new(plain, timing.now()));
    }

    pub(super) fn delete(&mut self, id: &str) -> bool {
        let before = self.endpoints.len();
        self.endpoints.retain(|stored| stored.id() != id);
        self.endpoints.len() < before
    }

    pub(super) fn set_limits(&mut self, limits: Value) {
        self.limits = limits;
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut Stored> {
        self.endpoints.iter_mut().find(|stored| stored.id() == id)
    }

    pub(super) fn load(
        &mut self,
        id: &str,
        Lags(lags): Lags,
        timing: &Timing,
        quirks: &Quirks,
    ) -> Result<Value, ApiRefusal> {
        let stored = self.find(id).ok_or_else(|| ApiRefusal::no_endpoint(id))?;
        let read = if lags {
            stored.former(timing)
        } else {
            stored.read(timing)
        };
        let shown = render::endpoint(&read, quirks);
        Ok(if quirks.unwrapped {
            shown
        } else {
            json!({ "endpoint": shown })
        })
    }

    /// How many endpoints there are.
    pub(super) fn count(&self) -> usize {
        self.endpoints.len()
    }

    /// These of all endpoints in the order of creation, as stored; quirks are applied to the page that is shown.
    pub(super) fn list(&mut self, range: Range<usize>, timing: &Timing) -> Vec<Value> {
        let page = self.endpoints[range].iter_mut();
        page.map(|stored| stored.listed(timing)).collect()
    }

    pub(super) fn limits(&self, quirks: &Quirks) -> Value {
        render::limits(&self.limits, quirks)
    }

    /// The storages whose name holds `name` and whose id is `id`; an empty filter takes all.
    pub(super) fn storages(&self, name: &str, id: &str) -> Vec<Value> {
        self.storages
            .iter()
            .filter(|storage| {
                let named = storage["storageName"].as_str().unwrap_or_default();
                named.contains(name) && (id.is_empty() || storage["storageId"] == id)
            })
            .cloned()
            .collect()
    }

    pub(super) fn auths(&self, quirks: &Quirks) -> Value {
        render::answer(json!({ "data": self.auths }), quirks)
    }

    pub(super) fn clusters(&self, quirks: &Quirks) -> Value {
        render::answer(json!({ "data": self.clusters }), quirks)
    }

    /// Checks an update's body and stores it; returns the endpoint as it is stored then.
    ///
    /// # Errors
    /// The first broken rule: what holds for everybody first, then whether the endpoint exists, then the account's
    /// rules.
    pub(super) fn update(&mut self, body: &[u8], plan: &UpdatePlan, timing: &Timing) -> Result<Value, ApiRefusal> {
        let change = UpdateRequest::read(body)?;
        rules::documented(&change)?;
        let Some(stored) = self.endpoints.iter_mut().find(|stored| stored.id() == change.id) else {
            return Err(ApiRefusal::no_endpoint(&change.id));
        };
        rules::of_account(&change, &self.limits, &self.storages, &self.auths)?;

        if let Some(stale) = plan.stale {
            stored.freeze_reads(stale.from(timing.now()), timing);
        }
        if !plan.ignore {
            stored.change(&change, plan.fails.as_ref(), timing);
        }
        for edit in &plan.store_other {
            stored.edit(timing, |endpoint| edit.apply(endpoint));
        }
        Ok(stored.now(timing))
    }
}

/// A simulated account's contents, stored plainly: integers as numbers, nothing left out, no quirks.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Endpoints with the keys of api.md, "What an endpoint looks like when read".
    pub endpoints: Vec<Value>,
    /// The answer of `/endpoint/limit`; updates are held to these ranges.
    pub limits: Value,
    /// `{storageId, storageName, storageSize (GB), clusterId, clusterName, price}`
    pub storages: Vec<Value>,
    /// `{id, name, username, password}`; the password in clear, as the real API has it, and obviously fake.
    pub auths: Vec<Value>,
    /// `{id, name, availableGpuType, supportNetworkStorage, supportInstanceNetwork}`
    pub clusters: Vec<Value>,
}

impl Seed {
    /// The three endpoints of `--demo`: `ep_7f3a91c2` (serving, the one pictured in the design), `ep_b40c55de` (40
    /// envs, a command of 1,500 characters, policy by concurrency) and `ep_19e0d3aa` (failed).
    pub fn demo() -> Self {
        Self {
            endpoints: vec![
                asset(include_str!("../../assets/demo/llama-3-8b.json")),
                asset(include_str!("../../assets/demo/comfy-render.json")),
                asset(include_str!("../../assets/demo/whisper-large-v3.json")),
            ],
            ..Self::without_endpoints()
        }
    }

    /// The same account before anything was created in it.
    pub fn without_endpoints() -> Self {
        Self {
            endpoints: Vec::new(),
            limits: asset(include_str!("../../assets/demo/limits.json")),
            storages: list(include_str!("../../assets/demo/networkstorages.json")),
            auths: list(include_str!("../../assets/demo/auths.json")),
            clusters: list(include_str!("../../assets/demo/clusters.json")),
        }
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self::demo()
    }
}

fn asset(text: &str) -> Value {
    serde_json::from_str(text).expect("compiled in, and read by every test of this module")
}

fn list(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("compiled in, and read by every test of this module")
}
