//! THE FIELD TABLE. For each field: its label, where it stands in the body, its kind, its limit, its unit.
//!
//! Form, validation messages, find, diff labels and help are read off it. Adding a field is one entry here (and its
//! page in [`help`](super::help)) and one place in [`EndpointConfig`].

use super::config::{EndpointConfig, PolicyType, VolumeMount};
use super::limits::{self, Limits, NoRange, Range, RangeKey};
use super::number::Number;

/// A field of the form. The last six stand in the rows of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldId {
    /// `name`.
    Name,
    /// `clusterID`.
    ClusterId,
    /// `ports[0].port`.
    HttpPort,
    /// `healthy.path`.
    HealthPath,
    /// `workerConfig.minNum`.
    MinWorkers,
    /// `workerConfig.maxNum`.
    MaxWorkers,
    /// `workerConfig.freeTimeout`.
    IdleTimeout,
    /// `workerConfig.maxConcurrent`.
    MaxConcurrency,
    /// `workerConfig.gpuNum`.
    GpusPerWorker,
    /// `workerConfig.requestTimeout`.
    RequestTimeout,
    /// `policy.type`.
    PolicyType,
    /// `policy.value`.
    PolicyValue,
    /// `image.image`.
    Image,
    /// `image.authId`.
    AuthId,
    /// `image.command`.
    Command,
    /// `volumeMounts`.
    Volumes,
    /// `envs`.
    Environment,
    /// `volumeMounts[].type`.
    VolumeType,
    /// `volumeMounts[].size`.
    VolumeSize,
    /// `volumeMounts[].id`.
    VolumeStorageId,
    /// `volumeMounts[].mountPath`.
    VolumeMountPath,
    /// `envs[].key`.
    EnvKey,
    /// `envs[].value`.
    EnvValue,
}

/// A pane of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// Name, cluster, port, health path.
    General,
    /// How many workers, for how long.
    Workers,
    /// When workers are added.
    Policy,
    /// What the workers run.
    Image,
    /// Storage.
    Volumes,
    /// Environment variables.
    Environment,
}

impl Pane {
    /// In the order of the form.
    pub const ALL: [Self; 6] = [
        Self::General,
        Self::Workers,
        Self::Policy,
        Self::Image,
        Self::Volumes,
        Self::Environment,
    ];

    /// The title.
    pub fn title(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Workers => "Workers",
            Self::Policy => "Scaling policy",
            Self::Image => "Image",
            Self::Volumes => "Volumes",
            Self::Environment => "Environment",
        }
    }

    /// The list that the pane shows, where it shows one.
    pub fn list(self) -> Option<List> {
        match self {
            Self::Volumes => Some(List::Volumes),
            Self::Environment => Some(List::Envs),
            _ => None,
        }
    }
}

/// One of the two lists of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// `volumeMounts`.
    Volumes,
    /// `envs`.
    Envs,
}

impl List {
    /// The field that stands for the whole list.
    pub fn field(self) -> FieldId {
        match self {
            Self::Volumes => FieldId::Volumes,
            Self::Envs => FieldId::Environment,
        }
    }

    /// How many rows it has in a configuration.
    pub fn len(self, config: &EndpointConfig) -> usize {
        match self {
            Self::Volumes => config.volumes.len(),
            Self::Envs => config.envs.len(),
        }
    }

    /// What its rows are named and sorted by.
    pub fn key(self) -> &'static str {
        match self {
            Self::Volumes => "mount path",
            Self::Envs => "key",
        }
    }

    /// What one row is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Volumes => "volume",
            Self::Envs => "env",
        }
    }
}

/// What can stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text {
        /// Most characters (Unicode scalar values), where there is a limit.
        max_chars: Option<usize>,
        /// Whether it may not be blank.
        required: bool,
        /// Whether it may have line breaks.
        multiline: bool,
    },
    /// A whole number.
    Integer,
    /// One of a few words, as `(word in the body, what it is called)`.
    Choice(&'static [(&'static str, &'static str)]),
    /// Rows.
    Rows,
}

/// Everything that is to be said of a field, but for its help.
#[derive(Debug)]
pub struct FieldSpec {
    /// Which.
    pub id: FieldId,
    /// The canonical label: in the form, in find, in messages, on the command line.
    pub label: &'static str,
    /// The path in the update body, as people write it: `workerConfig.maxNum`.
    pub path: &'static str,
    /// The JSON pointer in the update body; rows have `-` for their index.
    pub pointer: &'static str,
    /// Where it stands in the form.
    pub pane: Pane,
    /// What it holds.
    pub kind: Kind,
    /// Its unit, short: `s`, `GB`.
    pub unit: &'static str,
    pub(super) get: fn(&EndpointConfig) -> &str,
    pub(super) set: fn(&mut EndpointConfig, &str),
}

/// Where in a configuration something is: a field, and the row for the fields of a list's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The field.
    pub field: FieldId,
    /// The row, from 0, for fields of a list's rows.
    pub row: Option<usize>,
}

impl Place {
    /// A field that isn't in a row.
    pub fn of(field: FieldId) -> Self {
        Self { field, row: None }
    }

    /// A field of a row.
    pub fn row(field: FieldId, row: usize) -> Self {
        Self { field, row: Some(row) }
    }

    /// How a message names the place: `Max workers`, `Environment HF_TOKEN`, `Volume /data mount path`.
    pub fn name(self, config: &EndpointConfig) -> String {
        let Some(row) = self.row else {
            return spec(self.field).label.to_owned();
        };
        let part = spec(self.field).label.to_lowercase();
        match spec(self.field).pane {
            Pane::Environment => {
                let key = config.envs.get(row).map_or("", |env| env.key.as_str());
                let row_name = if key.trim().is_empty() {
                    format!("row {}", row + 1)
                } else {
                    key.to_owned()
                };
                if self.field == FieldId::EnvKey {
                    format!("Environment {row_name}")
                } else {
                    format!("Environment {row_name} {part}")
                }
            }
            _ => {
                let path = config.volumes.get(row).map_or("", |volume| volume.mount_path.as_str());
                if path.trim().is_empty() {
                    format!("Volume {} {part}", row + 1)
                } else {
                    format!("Volume {path} {part}")
                }
            }
        }
    }

    /// The path in the body: `envs[3].value`.
    pub fn path(self) -> String {
        match self.row {
            Some(row) => spec(self.field).path.replace("[]", &format!("[{row}]")),
            None => spec(self.field).path.to_owned(),
        }
    }
}

const NO_GET: fn(&EndpointConfig) -> &str = |_| "";
const NO_SET: fn(&mut EndpointConfig, &str) = |_, _| {};

const fn text(max_chars: Option<usize>, required: bool, multiline: bool) -> Kind {
    Kind::Text {
        max_chars,
        required,
        multiline,
    }
}

macro_rules! field {
    ($id:ident, $label:literal, $path:literal, $pointer:literal, $pane:ident, $kind:expr, $unit:literal, $get:expr, $set:expr) => {
        FieldSpec {
            id: FieldId::$id,
            label: $label,
            path: $path,
            pointer: $pointer,
            pane: Pane::$pane,
            kind: $kind,
            unit: $unit,
            get: $get,
            set: $set,
        }
    };
}

/// All fields, in the order of the form; the rows' fields after them.
pub static FIELDS: [FieldSpec; 23] = [
    field!(
        Name,
        "Name",
        "name",
        "/name",
        General,
        text(None, false, false),
        "",
        |c| &c.name,
        |c, t| c.name = t.into()
    ),
    field!(
        ClusterId,
        "Cluster ID",
        "clusterID",
        "/clusterID",
        General,
        text(Some(limits::CLUSTER_ID_CHARS), false, false),
        "",
        |c| &c.cluster_id,
        |c, t| c.cluster_id = t.into()
    ),
    field!(
        HttpPort,
        "HTTP port",
        "ports[0].port",
        "/ports/0/port",
        General,
        text(None, true, false),
        "",
        |c| &c.port,
        // As numbers are read.
        |c, t| c.port = t.trim().into()
    ),
    field!(
        HealthPath,
        "Health path",
        "healthy.path",
        "/healthy/path",
        General,
        text(None, false, false),
        "",
        |c| &c.health_path,
        |c, t| c.health_path = t.into()
    ),
    field!(
        MinWorkers,
        "Min workers",
        "workerConfig.minNum",
        "/workerConfig/minNum",
        Workers,
        Kind::Integer,
        "",
        |c| c.workers.min_num.text(),
        |c, t| c.workers.min_num = Number::typed(t)
    ),
    field!(
        MaxWorkers,
        "Max workers",
        "workerConfig.maxNum",
        "/workerConfig/maxNum",
        Workers,
        Kind::Integer,
        "",
        |c| c.workers.max_num.text(),
        |c, t| c.workers.max_num = Number::typed(t)
    ),
    field!(
        IdleTimeout,
        "Idle timeout",
        "workerConfig.freeTimeout",
        "/workerConfig/freeTimeout",
        Workers,
        Kind::Integer,
        "s",
        |c| c.workers.free_timeout.text(),
        |c, t| c.workers.free_timeout = Number::typed(t)
    ),
    field!(
        MaxConcurrency,
        "Max concurrency",
        "workerConfig.maxConcurrent",
        "/workerConfig/maxConcurrent",
        Workers,
        Kind::Integer,
        "",
        |c| c.workers.max_concurrent.text(),
        |c, t| c.workers.max_concurrent = Number::typed(t)
    ),
    field!(
        GpusPerWorker,
        "GPUs per worker",
        "workerConfig.gpuNum",
        "/workerConfig/gpuNum",
        Workers,
        Kind::Integer,
        "",
        |c| c.workers.gpu_num.text(),
        |c, t| c.workers.gpu_num = Number::typed(t)
    ),
    field!(
        RequestTimeout,
        "Request timeout",
        "workerConfig.requestTimeout",
        "/workerConfig/requestTimeout",
        Workers,
        Kind::Integer,
        "s",
        |c| c.workers.request_timeout.text(),
        |c, t| c.workers.request_timeout = Number::typed(t)
    ),
    field!(
        PolicyType,
        "Policy type",
        "policy.type",
        "/policy/type",
        Policy,
        Kind::Choice(&[("queue", "queue wait"), ("concurrency", "requests in queue")]),
        "",
        |c| c.policy.kind.word(),
        |c, t| c.policy.kind = PolicyType::from_word(t)
    ),
    field!(
        PolicyValue,
        "Policy value",
        "policy.value",
        "/policy/value",
        Policy,
        Kind::Integer,
        "",
        |c| c.policy.value.text(),
        |c, t| c.policy.value = Number::typed(t)
    ),
    field!(
        Image,
        "Image",
        "image.image",
        "/image/image",
        Image,
        text(Some(limits::IMAGE_CHARS), true, false),
        "",
        |c| &c.image.image,
        |c, t| c.image.image = t.into()
    ),
    field!(
        AuthId,
        "Auth ID",
        "image.authId",
        "/image/authId",
        Image,
        text(Some(limits::AUTH_ID_CHARS), false, false),
        "",
        |c| &c.image.auth_id,
        |c, t| c.image.auth_id = t.into()
    ),
    field!(
        Command,
        "Command",
        "image.command",
        "/image/command",
        Image,
        text(Some(limits::COMMAND_CHARS), false, true),
        "",
        |c| &c.image.command,
        |c, t| c.image.command = t.into()
    ),
    field!(
        Volumes,
        "Volumes",
        "volumeMounts",
        "/volumeMounts",
        Volumes,
        Kind::Rows,
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        Environment,
        "Environment",
        "envs",
        "/envs",
        Environment,
        Kind::Rows,
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        VolumeType,
        "Type",
        "volumeMounts[].type",
        "/volumeMounts/-/type",
        Volumes,
        Kind::Choice(&[("local", "local"), ("network", "network")]),
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        VolumeSize,
        "Size",
        "volumeMounts[].size",
        "/volumeMounts/-/size",
        Volumes,
        Kind::Integer,
        "GB",
        NO_GET,
        NO_SET
    ),
    field!(
        VolumeStorageId,
        "Storage ID",
        "volumeMounts[].id",
        "/volumeMounts/-/id",
        Volumes,
        text(None, true, false),
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        VolumeMountPath,
        "Mount path",
        "volumeMounts[].mountPath",
        "/volumeMounts/-/mountPath",
        Volumes,
        text(Some(limits::MOUNT_PATH_CHARS), true, false),
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        EnvKey,
        "Key",
        "envs[].key",
        "/envs/-/key",
        Environment,
        text(None, true, false),
        "",
        NO_GET,
        NO_SET
    ),
    field!(
        EnvValue,
        "Value",
        "envs[].value",
        "/envs/-/value",
        Environment,
        text(None, false, true),
        "",
        NO_GET,
        NO_SET
    ),
];

/// The table's entry for a field.
pub fn spec(field: FieldId) -> &'static FieldSpec {
    &FIELDS[field as usize]
}

impl FieldId {
    /// The table's entry.
    pub fn spec(self) -> &'static FieldSpec {
        spec(self)
    }

    /// The label.
    pub fn label(self) -> &'static str {
        spec(self).label
    }

    /// The single fields of a pane, in order; none for a list's pane.
    pub fn in_pane(pane: Pane) -> impl Iterator<Item = FieldId> {
        FIELDS
            .iter()
            .filter(move |f| f.pane == pane && f.kind != Kind::Rows && f.id < FieldId::Volumes)
            .map(|f| f.id)
    }

    /// The single fields and the two lists: the seventeen canonical labels.
    pub fn canonical() -> impl Iterator<Item = FieldId> {
        FIELDS.iter().map(|f| f.id).filter(|id| *id <= FieldId::Environment)
    }

    /// Whether the field stands in the rows of a list.
    pub fn is_row_part(self) -> bool {
        self > FieldId::Environment
    }

    /// The unit beside the value; the policy's depends on its type.
    pub fn unit(self, config: &EndpointConfig) -> &'static str {
        match (self, &config.policy.kind) {
            (Self::PolicyValue, PolicyType::Queue) => "s",
            (Self::PolicyValue, PolicyType::Concurrency) => "req",
            _ => spec(self).unit,
        }
    }

    /// Which pair of the account's limits holds for the field; the policy's depends on its type.
    pub fn range_key(self, config: &EndpointConfig) -> Option<RangeKey> {
        match self {
            Self::MinWorkers | Self::MaxWorkers => Some(RangeKey::Workers),
            Self::IdleTimeout => Some(RangeKey::FreeTimeout),
            Self::MaxConcurrency => Some(RangeKey::Concurrency),
            Self::GpusPerWorker => Some(RangeKey::Gpus),
            Self::RequestTimeout => Some(RangeKey::RequestTimeout),
            Self::PolicyValue => match config.policy.kind {
                PolicyType::Queue => Some(RangeKey::QueueWait),
                PolicyType::Concurrency => Some(RangeKey::Requests),
                PolicyType::Unset | PolicyType::Other(_) => None,
            },
            Self::VolumeSize => Some(RangeKey::LocalVolume),
            _ => None,
        }
    }

    /// The range that holds for the field, if one is known; `None` for fields that have no range at all.
    pub fn range<'a>(self, config: &EndpointConfig, limits: &'a Limits) -> Option<&'a Result<(i64, i64), NoRange>> {
        self.range_key(config).map(|key| -> &'a Range { limits.range(key) })
    }
}

/// The text of a field of a volume's row.
pub fn volume_text(volume: &VolumeMount, field: FieldId) -> &str {
    match field {
        FieldId::VolumeType => volume.kind.word(),
        FieldId::VolumeSize => volume.size.text(),
        FieldId::VolumeStorageId => &volume.storage_id,
        FieldId::VolumeMountPath => &volume.mount_path,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_ids() {
        for (at, entry) in FIELDS.iter().enumerate() {
            assert_eq!(entry.id as usize, at, "{}", entry.label);
        }
    }

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
        for id in FieldId::canonical().filter(|id| spec(*id).kind != Kind::Rows) {
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
