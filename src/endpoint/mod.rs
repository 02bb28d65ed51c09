//! The thing being edited, pure: no input or output, no clock, no terminal.
//!
//! [`EndpointConfig`] is plain data; [`schema`] says everything that is to be said of each of its fields; [`validate`]
//! tells what is wrong with it, [`inventory`] what the account has that it names by id; [`diff`] what changed,
//! [`reorder`] which rows went elsewhere; [`merge`] what comes of two people's changes; [`edit`] how it changes and
//! changes back; [`body`] the exact bytes that an update sends; [`document`], [`dotenv`] and [`incoming`] what a person
//! wrote elsewhere. What may not live here: anything that can fail for a reason outside the data.
//!
//! ```
//! use novita_edit::endpoint::{EndpointConfig, FieldId};
//!
//! let mut config = EndpointConfig::default();
//! config.set_text(FieldId::MaxWorkers, "8");
//! assert_eq!(config.workers.max_num.value(), Ok(8));
//! assert!(novita_edit::endpoint::body::text(&config).contains("\"maxNum\": 8"));
//! ```

pub mod body;
pub mod config;
pub mod conventions;
pub mod diff;
pub mod document;
pub mod dotenv;
pub mod edit;
pub mod field;
pub mod format;
pub mod image;
pub mod incoming;
pub mod inventory;
pub mod json_schema;
pub mod limits;
pub mod masked;
pub mod merge;
pub mod number;
pub mod number_input;
pub mod redact;
pub mod reorder;
pub mod respelled;
pub mod schema;
pub mod status;
pub mod validate;

pub use config::{
    EndpointConfig, EnvVar, ImageConfig, Policy, PolicyType, Rows, VolumeMount, VolumeType, WorkerConfig,
};
pub use field::{FieldId, List, Pane, Place};
pub use incoming::ParseError;
pub use inventory::{Cluster, Credential, Inventory, Storage};
pub use limits::{Limits, NoRange, Range, RangeKeys};
pub use number::{Number, NumberError};
pub use schema::FieldSpec;
pub use status::{EndpointStatus, LoadedEndpoint, Moved, Setting, State, Summary, Worker};
pub use validate::{Problem, Severity, Source};
