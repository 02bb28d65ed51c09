//! The server's side of reading: a configuration written as JSON in any of the quirks of `shared/api.md`.

use novita_edit::endpoint::{EndpointConfig, Number, VolumeMount};
use serde_json::{Map, Value, json};

/// A source of choices that proptest can reproduce from one number.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides` (splitmix64).
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn coin(&mut self) -> bool {
        self.roll(2) == 0
    }
}

/// An object under construction.
struct Members<'d> {
    dice: &'d mut Dice,
    members: Vec<(String, Value)>,
}

impl<'d> Members<'d> {
    fn new(dice: &'d mut Dice) -> Self {
        Self {
            dice,
            members: Vec::new(),
        }
    }

    fn put(&mut self, name: &str, value: Value) {
        self.members.push((name.to_owned(), value));
    }

    /// A value that may be left out or `null` when it is empty.
    fn put_unless_empty(&mut self, name: &str, value: Value, empty: bool) {
        match if empty { self.dice.roll(3) } else { 0 } {
            0 => self.put(name, value),
            1 => self.put(name, Value::Null),
            _ => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.put_unless_empty(name, json!(text), text.is_empty());
    }

    fn integer(&mut self, name: &str, number: &Number) {
        let value = number.value().expect("a documented configuration has numbers");
        let written = integer(self.dice, value);
        self.put_unless_empty(name, written, value == 0);
    }

    /// The object, its members in any order, with members that nobody knows.
    fn done(mut self) -> Value {
        for n in 0..self.dice.roll(3) {
            let unknown = [
                json!(null),
                json!(5),
                json!({"endpoint": {}, "x": [{}]}),
                json!("workerConfig"),
                json!([[]]),
            ];
            let value = unknown[self.dice.roll(5) as usize].clone();
            self.put(&format!("unknown{n}"), value);
        }
        let mut object = Map::new();
        while !self.members.is_empty() {
            let at = self.dice.roll(self.members.len() as u64) as usize;
            let (name, value) = self.members.swap_remove(at);
            object.insert(name, value);
        }
        Value::Object(object)
    }
}

fn integer(dice: &mut Dice, value: i64) -> Value {
    match dice.roll(4) {
        0 => json!(value.to_string()),
        // A float, where a float can say it.
        1 if value.abs() < 1 << 53 => json!(value as f64),
        _ => json!(value),
    }
}

/// The answer to `GET /endpoint`, and the configuration that it should be read as: the given one, but for a request
/// time-out that the answer may not tell.
pub fn answer(config: &EndpointConfig, dice: &mut Dice) -> (Vec<u8>, EndpointConfig) {
    let mut expected = config.clone();
    let workers = {
        let mut members = Members::new(dice);
        members.integer("minNum", &config.workers.min_num);
        members.integer("maxNum", &config.workers.max_num);
        members.integer("freeTimeout", &config.workers.free_timeout);
        members.integer("maxConcurrent", &config.workers.max_concurrent);
        members.integer("gpuNum", &config.workers.gpu_num);
        let told = integer(members.dice, config.workers.request_timeout.value().expect("a number"));
        match members.dice.roll(4) {
            0 => expected.workers.request_timeout = Number::unknown(),
            1 => {
                members.put("requestTimeout", Value::Null);
                expected.workers.request_timeout = Number::unknown();
            }
            _ => members.put("requestTimeout", told),
        }
        members.text("cudaVersion", "12.4");
        members.done()
    };
    let port = match dice.coin() {
        true => json!(config.port.parse::<u16>().expect("a port")),
        false => json!(config.port),
    };
    let ports = json!([object(dice, |members| members.put("port", port))]);
    let policy = object(dice, |members| {
        members.put("type", json!(config.policy.kind.word()));
        members.integer("value", &config.policy.value);
    });
    let image = object(dice, |members| {
        members.text("image", &config.image.image);
        members.text("authId", &config.image.auth_id);
        members.text("command", &config.image.command);
    });
    let volumes: Vec<Value> = config.volumes.iter().map(|volume| self::volume(volume, dice)).collect();
    let envs: Vec<Value> = config
        .envs
        .iter()
        .map(|env| {
            object(dice, |members| {
                members.text("key", &env.key);
                members.text("value", env.value.reveal());
            })
        })
        .collect();
    let cluster = if dice.coin() { "clusterID" } else { "clusterId" };
    let health = object(dice, |members| {
        members.put("path", json!(config.health_path));
        members.integer("period", &Number::of(10));
    });
    let endpoint = object(dice, |members| {
        members.put("id", json!(config.id));
        members.text("name", &config.name);
        members.text(cluster, &config.cluster_id);
        members.put("workerConfig", workers);
        members.put("ports", ports);
        members.put("policy", policy);
        members.put("image", image);
        members.put_unless_empty("volumeMounts", json!(volumes), volumes.is_empty());
        members.put_unless_empty("envs", json!(envs), envs.is_empty());
        if !config.health_path.is_empty() {
            members.put("healthy", health);
        } else if members.dice.coin() {
            members.put("healthy", Value::Null);
        }
        members.text("appName", "");
        members.put("state", json!({"state": "serving"}));
    });
    let answer = if dice.coin() {
        json!({ "endpoint": endpoint })
    } else {
        endpoint
    };
    let bytes = if dice.coin() {
        serde_json::to_vec(&answer)
    } else {
        serde_json::to_vec_pretty(&answer)
    };
    (bytes.expect("a Value can be written"), expected)
}

fn object(dice: &mut Dice, fill: impl FnOnce(&mut Members<'_>)) -> Value {
    let mut members = Members::new(dice);
    fill(&mut members);
    members.done()
}

fn volume(volume: &VolumeMount, dice: &mut Dice) -> Value {
    object(dice, |members| {
        members.put("type", json!(volume.kind.word()));
        members.text("mountPath", &volume.mount_path);
        if volume.kind.has_size() {
            members.integer("size", &volume.size);
        } else if members.dice.coin() {
            members.put("size", json!(0));
        }
        if volume.kind.has_storage_id() {
            members.text("id", &volume.storage_id);
        } else if members.dice.coin() {
            members.put("id", json!(""));
        }
    })
}
