//! Where in a configuration something is.

use super::config::EndpointConfig;
use super::field::{FieldId, Pane};

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
