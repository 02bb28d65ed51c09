//! What the simulated account holds when it starts; the data itself lies in `assets/demo/`.

use serde_json::Value;

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
