//! Which fields there are, in the order of the form; the panes and lists that they stand in; and where in a
//! configuration something is. What is to be said of each field is in the table of [`schema`](super::schema).

use super::config::EndpointConfig;

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
    /// `envs[].value`. The last one: see [`FieldId::COUNT`].
    EnvValue,
}

impl FieldId {
    /// How many there are.
    pub const COUNT: usize = Self::EnvValue as usize + 1;

    /// Whether the field stands in the rows of a list.
    pub fn is_row_part(self) -> bool {
        self > Self::Environment
    }
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
            return self.field.spec().label.to_owned();
        };
        let part = self.field.spec().label.to_lowercase();
        match self.field.spec().pane {
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
            Some(row) => self.field.spec().path.replace("[]", &format!("[{row}]")),
            None => self.field.spec().path.to_owned(),
        }
    }
}
