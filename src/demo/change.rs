//! An update's body, read as a typed JSON decoder reads it, and written into a stored endpoint.
//!
//! Types are strict: an integer is a JSON integer, the port is a JSON string (api.md, "The update body"). `null` counts
//! as left out, and what is left out is empty or 0; unknown keys are ignored. What the values may be is `rules`'
//! business.

use serde_json::{Map, Value, json};

use super::refusal::ApiRefusal;

/// The update body's values; nothing is checked yet but types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UpdateRequest {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) cluster_id: String,
    pub(super) workers: Option<WorkerUpdate>,
    pub(super) ports: Vec<String>,
    pub(super) policy: Option<PolicyUpdate>,
    pub(super) image: Option<ImageUpdate>,
    pub(super) volumes: Vec<VolumeUpdate>,
    pub(super) envs: Vec<EnvUpdate>,
    pub(super) healthy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WorkerUpdate {
    pub(super) min_num: i64,
    pub(super) max_num: i64,
    /// Seconds.
    pub(super) free_timeout: i64,
    pub(super) max_concurrent: i64,
    pub(super) gpu_num: i64,
    /// Seconds.
    pub(super) request_timeout: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyUpdate {
    pub(super) kind: String,
    /// Seconds or requests, by `kind`.
    pub(super) value: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImageUpdate {
    pub(super) image: String,
    pub(super) auth_id: String,
    pub(super) command: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VolumeUpdate {
    pub(super) kind: String,
    /// GB.
    pub(super) size: i64,
    pub(super) id: String,
    pub(super) mount_path: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EnvUpdate {
    pub(super) key: String,
    pub(super) value: String,
}

impl UpdateRequest {
    /// Reads a request body.
    ///
    /// # Errors
    /// `INVALID_REQUEST_BODY` for anything but a JSON object whose known keys have their documented types.
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiRefusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| ApiRefusal::bad("INVALID_REQUEST_BODY", format!("body unmarshal: {error}")))?;
        let Some(object) = body.as_object() else {
            return Err(ApiRefusal::bad(
                "INVALID_REQUEST_BODY",
                "body unmarshal: must be an object",
            ));
        };
        let body = BodyReader {
            path: String::new(),
            object,
        };
        Ok(Self {
            id: body.string("id")?,
            name: body.string("name")?,
            cluster_id: body.string("clusterID")?,
            workers: body.object("workerConfig")?.map(|it| it.workers()).transpose()?,
            ports: body.list("ports", |it| it.string("port"))?,
            policy: body.object("policy")?.map(|it| it.policy()).transpose()?,
            image: body.object("image")?.map(|it| it.image()).transpose()?,
            volumes: body.list("volumeMounts", BodyReader::volume)?,
            envs: body.list("envs", BodyReader::env)?,
            healthy: body.object("healthy")?.map(|it| it.string("path")).transpose()?,
        })
    }

    /// Replaces everything in `endpoint` that an update replaces. What an update can't set (`cudaVersion`, probe
    /// timings, `rootfsSize`, any other key but within the rows of lists) stays; a health check without a path is no health check and goes.
    pub(super) fn write_to(&self, endpoint: &mut Map<String, Value>) {
        endpoint.insert("name".into(), self.name.as_str().into());
        endpoint.insert("clusterID".into(), self.cluster_id.as_str().into());
        if let Some(workers) = &self.workers {
            let config = object_in(endpoint, "workerConfig");
            for (key, number) in [
                ("minNum", workers.min_num),
                ("maxNum", workers.max_num),
                ("freeTimeout", workers.free_timeout),
                ("maxConcurrent", workers.max_concurrent),
                ("gpuNum", workers.gpu_num),
                ("requestTimeout", workers.request_timeout),
            ] {
                config.insert(key.into(), number.into());
            }
        }
        endpoint.insert(
            "ports".into(),
            self.ports.iter().map(|port| json!({ "port": port })).collect(),
        );
        if let Some(policy) = &self.policy {
            let stored = object_in(endpoint, "policy");
            stored.insert("type".into(), policy.kind.as_str().into());
            stored.insert("value".into(), policy.value.into());
        }
        if let Some(image) = &self.image {
            let stored = object_in(endpoint, "image");
            for (key, text) in [
                ("image", &image.image),
                ("authId", &image.auth_id),
                ("command", &image.command),
            ] {
                stored.insert(key.into(), text.as_str().into());
            }
        }
        endpoint.insert(
            "volumeMounts".into(),
            self.volumes.iter().map(VolumeUpdate::stored).collect(),
        );
        endpoint.insert(
            "envs".into(),
            self.envs
                .iter()
                .map(|env| json!({ "key": env.key, "value": env.value }))
                .collect(),
        );
        match &self.healthy {
            Some(path) => {
                let probe = object_in(endpoint, "healthy");
                probe.insert("path".into(), path.as_str().into());
                for (key, number) in PROBE {
                    probe.entry(key).or_insert_with(|| number.into());
                }
            }
            None => {
                endpoint.shift_remove("healthy");
            }
        }
    }
}

impl VolumeUpdate {
    fn stored(&self) -> Value {
        // The other type's key is meaningless, so the server forgets it.
        if self.kind == "network" {
            json!({ "type": self.kind, "id": self.id, "mountPath": self.mount_path })
        } else {
            json!({ "type": self.kind, "size": self.size, "mountPath": self.mount_path })
        }
    }
}

/// The probe timings (seconds, seconds, seconds, times, times) that the server gives a new health check.
const PROBE: [(&str, i64); 5] = [
    ("initialDelay", 30),
    ("period", 10),
    ("timeout", 5),
    ("successThreshold", 1),
    ("failureThreshold", 3),
];

/// The documented keys of an endpoint that is read, and of its objects.
const KEYS: [&str; 17] = [
    "id",
    "name",
    "appName",
    "url",
    "state",
    "clusterID",
    "workerConfig",
    "ports",
    "policy",
    "image",
    "volumeMounts",
    "envs",
    "rootfsSize",
    "products",
    "healthy",
    "log",
    "workers",
];
const KEYS_WITHIN: [(&str, &[&str]); 3] = [
    (
        "workerConfig",
        &[
            "minNum",
            "maxNum",
            "freeTimeout",
            "maxConcurrent",
            "gpuNum",
            "requestTimeout",
            "cudaVersion",
        ],
    ),
    ("policy", &["type", "value"]),
    ("image", &["image", "authId", "command"]),
];

/// Takes away what no documented key has, and sets the health check's timings to those of a new one.
pub(super) fn reset(endpoint: &mut Value) {
    let Some(endpoint) = endpoint.as_object_mut() else {
        return;
    };
    endpoint.retain(|key, _| KEYS.contains(&key.as_str()));
    for (key, keys) in KEYS_WITHIN {
        if let Some(object) = endpoint.get_mut(key).and_then(Value::as_object_mut) {
            object.retain(|key, _| keys.contains(&key.as_str()));
        }
    }
    if let Some(probe) = endpoint.get_mut("healthy").and_then(Value::as_object_mut) {
        probe.retain(|key, _| key == "path");
        for (key, number) in PROBE {
            probe.insert(key.into(), number.into());
        }
    }
}

/// What newer endpoints have beside the documented keys, two secrets among it: 12 settings.
pub fn give_newer_settings(endpoint: &mut Value) {
    let Some(endpoint) = endpoint.as_object_mut() else {
        return;
    };
    endpoint.insert("type".into(), "async".into());
    endpoint.insert("entrypoint".into(), json!(["python", "-m", "serve"]));
    endpoint.insert(
        "queueConfig".into(),
        json!({ "maxPending": 500, "overflow": "reject", "webhookToken": "demo-webhook-token" }),
    );
    object_in(endpoint, "image").insert("pullPolicy".into(), "Always".into());
    object_in(endpoint, "workerConfig").insert("spotRatio".into(), 0.5.into());
    object_in(endpoint, "policy").insert("cooldown".into(), 120.into());
    object_in(endpoint, "healthy").insert("port".into(), 8081.into());
    endpoint.insert("registry".into(), json!({ "accessKey": "demo-access-key" }));
}

fn object_in<'a>(parent: &'a mut Map<String, Value>, key: &'static str) -> &'a mut Map<String, Value> {
    let child = parent.entry(key).or_insert(Value::Null);
    if !child.is_object() {
        *child = Value::Object(Map::new());
    }
    child.as_object_mut().expect("the lines above made it an object")
}

/// One object of the body and where it stands.
struct BodyReader<'a> {
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> BodyReader<'a> {
    fn path(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    fn string(&self, key: &str) -> Result<String, ApiRefusal> {
        match self.get(key) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(ApiRefusal::unreadable(&self.path(key), "a string")),
        }
    }

    fn integer(&self, key: &str) -> Result<i64, ApiRefusal> {
        self.get(key).map_or(Ok(0), |value| {
            value
                .as_i64()
                .ok_or_else(|| ApiRefusal::unreadable(&self.path(key), "an integer"))
        })
    }

    fn object(&self, key: &str) -> Result<Option<BodyReader<'a>>, ApiRefusal> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(BodyReader {
                path: self.path(key),
                object,
            })),
            Some(_) => Err(ApiRefusal::unreadable(&self.path(key), "an object")),
        }
    }

    fn list<T>(
        &self,
        key: &str,
        read: impl Fn(&BodyReader<'a>) -> Result<T, ApiRefusal>,
    ) -> Result<Vec<T>, ApiRefusal> {
        let items = match self.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(ApiRefusal::unreadable(&self.path(key), "a list")),
        };
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{index}]", self.path(key));
            match item.as_object() {
                Some(object) => list.push(read(&BodyReader { path, object })?),
                None => return Err(ApiRefusal::unreadable(&path, "an object")),
            }
        }
        Ok(list)
    }

    fn workers(&self) -> Result<WorkerUpdate, ApiRefusal> {
        Ok(WorkerUpdate {
            min_num: self.integer("minNum")?,
            max_num: self.integer("maxNum")?,
            free_timeout: self.integer("freeTimeout")?,
            max_concurrent: self.integer("maxConcurrent")?,
            gpu_num: self.integer("gpuNum")?,
            request_timeout: self.integer("requestTimeout")?,
        })
    }

    fn policy(&self) -> Result<PolicyUpdate, ApiRefusal> {
        Ok(PolicyUpdate {
            kind: self.string("type")?,
            value: self.integer("value")?,
        })
    }

    fn image(&self) -> Result<ImageUpdate, ApiRefusal> {
        Ok(ImageUpdate {
            image: self.string("image")?,
            auth_id: self.string("authId")?,
            command: self.string("command")?,
        })
    }

    fn volume(&self) -> Result<VolumeUpdate, ApiRefusal> {
        Ok(VolumeUpdate {
            kind: self.string("type")?,
            size: self.integer("size")?,
            id: self.string("id")?,
            mount_path: self.string("mountPath")?,
        })
    }

    fn env(&self) -> Result<EnvUpdate, ApiRefusal> {
        Ok(EnvUpdate {
            key: self.string("key")?,
            value: self.string("value")?,
        })
    }
}
