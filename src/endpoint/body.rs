//! [`EndpointConfig`] → the exact documented update body, as it is shown and as it is sent.
//!
//! Every key of the [table](super::schema::table) is there, in its order; only `size` (network), `id` (local) and
//! `healthy` (no path) are left out.
//! Control, bidirectional, zero-width and other invisible characters are written as `\uXXXX`, so that what is shown
//! and what is sent are the same bytes.

use std::collections::HashMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::config::{EndpointConfig, EnvVar};
use super::diff::identities;
use super::document::FROM_SERVER;
use super::schema::{Access, BODY, BodyObject, BodyPart, Field, TypeUse, Without};
use crate::secret::MASK;
use crate::text::{ends_around, json, look_alike};

/// The pretty-printed body, environment values and all. A number that can't be read stands there as its text, a
/// blank one as `null`: such a body is only shown, never sent.
pub fn text(config: &EndpointConfig) -> String {
    written(&Body::exact(config))
}

/// The same, line by line, with every environment value replaced by [`MASK`].
pub fn masked(config: &EndpointConfig) -> String {
    written(&Body::masked(config))
}

/// Two bodies so masked, to be compared: of values that differ only in the blanks and line breaks at their ends, those
/// stand around the masks as signs. An empty value is shown as it is: a change to nothing can be seen.
pub fn masked_beside(old: &EndpointConfig, new: &EndpointConfig) -> (String, String) {
    (text(&with_masks(old, new)), text(&with_masks(new, old)))
}

fn with_masks(config: &EndpointConfig, other: &EndpointConfig) -> EndpointConfig {
    let there: HashMap<_, _> = identities(&other.envs, |env| &env.key)
        .into_iter()
        .zip(other.envs.iter())
        .collect();
    let mask = |(identity, env): ((&str, usize), &EnvVar)| {
        let value = env.value.reveal();
        let beside = there.get(&identity).map_or(value, |other| other.value.reveal());
        let shown = match look_alike(&[value, beside]) {
            _ if value.is_empty() => String::new(),
            true => ends_around(value, MASK),
            false => MASK.to_owned(),
        };
        EnvVar::new(env.key.as_str(), shown)
    };
    let envs = identities(&config.envs, |env| &env.key)
        .into_iter()
        .zip(config.envs.iter())
        .map(mask);
    EndpointConfig {
        envs: envs.collect::<Vec<_>>().into(),
        ..config.clone()
    }
}

/// A body as the JSON that an update sends.
pub fn written(body: &Body) -> String {
    json::pretty(body)
}

/// The body for any serializer, its keys in their order.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    config: &'a EndpointConfig,
    secrets: SecretForm,
}

/// What stands in the place of an environment value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SecretForm {
    Exact,
    /// [`MASK`].
    Masked,
    /// What a document has for a value that stays as the endpoint has it.
    FromServer,
}

impl<'a> Body<'a> {
    /// Environment values and all.
    pub fn exact(config: &'a EndpointConfig) -> Self {
        Self {
            config,
            secrets: SecretForm::Exact,
        }
    }

    /// With [`MASK`] for each environment value.
    pub fn masked(config: &'a EndpointConfig) -> Self {
        Self {
            config,
            secrets: SecretForm::Masked,
        }
    }

    /// With `{fromServer: true}` for each environment value: a document that holds none, for a repository.
    pub fn without_secrets(config: &'a EndpointConfig) -> Self {
        Self {
            config,
            secrets: SecretForm::FromServer,
        }
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { config, secrets } = *self;
        let mut body = serializer.serialize_map(None)?;
        body.serialize_entry("id", &config.id)?;
        for part in &BODY {
            let key = part.key();
            match part {
                BodyPart::Field(field) => body.serialize_entry(
                    key,
                    &FieldOf {
                        of: config,
                        field,
                        secrets,
                    },
                )?,
                BodyPart::Object(object) if object.without == Without::NotSent && is_empty(object, config) => {}
                BodyPart::Object(BodyObject { fields, .. }) => {
                    body.serialize_entry(
                        key,
                        &FieldsOf {
                            of: config,
                            fields,
                            secrets,
                        },
                    )?;
                }
                BodyPart::OneRow(field) => {
                    let texts = field.access.text(config).split(',').map(str::trim);
                    let rows: Vec<_> = texts.map(|text| HashMap::from([(field.spec.key(), text)])).collect();
                    body.serialize_entry(key, &rows)?;
                }
                BodyPart::Volumes(_, fields) => {
                    let row = |of| FieldsOf { of, fields, secrets };
                    body.serialize_entry(key, &config.volumes.iter().map(row).collect::<Vec<_>>())?;
                }
                BodyPart::Envs(_, fields) => {
                    let row = |of| FieldsOf { of, fields, secrets };
                    body.serialize_entry(key, &config.envs.iter().map(row).collect::<Vec<_>>())?;
                }
            }
        }
        body.end()
    }
}

fn is_empty(object: &BodyObject, config: &EndpointConfig) -> bool {
    let mut fields = object.fields.iter();
    fields.all(|field| field.access.text(config).is_empty())
}

/// The fields of an object, but those that the type of a row doesn't use.
struct FieldsOf<'a, T: 'static> {
    of: &'a T,
    fields: &'static [Field<T>],
    secrets: SecretForm,
}

impl<T> Serialize for FieldsOf<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { of, fields, secrets } = *self;
        let used = fields.iter().filter(|field| field.use_in(of) != TypeUse::Unused);
        serializer.collect_map(used.map(|field| (field.spec.key(), FieldOf { of, field, secrets })))
    }
}

struct FieldOf<'a, T: 'static> {
    of: &'a T,
    field: &'static Field<T>,
    secrets: SecretForm,
}

impl<T> Serialize for FieldOf<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.field.access {
            Access::Text(get, _) => serializer.serialize_str(get(self.of)),
            Access::Word(get, _) => serializer.serialize_str(get(self.of)),
            Access::Secret(get, _) => match self.secrets {
                SecretForm::Exact => serializer.serialize_str(get(self.of).reveal()),
                SecretForm::Masked => serializer.serialize_str(MASK),
                SecretForm::FromServer => serializer.collect_map([(FROM_SERVER, true)]),
            },
            Access::Number(get, _) => match get(self.of) {
                number if number.is_unknown() => serializer.serialize_none(),
                number => match number.value() {
                    Ok(value) => serializer.serialize_i64(value),
                    Err(_) => serializer.serialize_str(number.text()),
                },
            },
        }
    }
}
