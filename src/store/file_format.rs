//! How configurations stand in our files: the update body's keys, but all of them and every text as it is, so that
//! nothing is lost. Keys and values are those of the [table of fields](crate::endpoint::schema::table).

use std::fmt;
use std::slice;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::endpoint::edit::Row;
use crate::endpoint::schema::{Absent, Access, BODY, BodyPart, ENV, Field, VOLUME};
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, Number, VolumeMount};
use crate::secret::{Fingerprint, Secret};
use crate::text::hex;

/// A configuration to be written.
pub(super) struct ConfigOut<'a>(pub &'a EndpointConfig);

/// A configuration that was read.
pub(super) struct ConfigIn(pub EndpointConfig);

impl Serialize for ConfigOut<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let config = self.0;
        let mut body = to.serialize_map(None)?;
        body.serialize_entry("id", &config.id)?;
        for part in &BODY {
            let key = part.key();
            match part {
                BodyPart::Field(field) => body.serialize_entry(key, &ValueOut(config, &field.access))?,
                BodyPart::Object(object) => body.serialize_entry(key, &FieldsOut(config, object.fields))?,
                BodyPart::OneRow(field) => body.serialize_entry(key, &[FieldsOut(config, slice::from_ref(field))])?,
                BodyPart::Volumes(_, fields) => body.serialize_entry(key, &RowsOut(&config.volumes, fields))?,
                BodyPart::Envs(_, fields) => body.serialize_entry(key, &RowsOut(&config.envs, fields))?,
            }
        }
        body.end()
    }
}

/// Rows of a list.
struct RowsOut<'a, T: 'static>(&'a [T], &'static [Field<T>]);

impl<T> Serialize for RowsOut<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|row| FieldsOut(row, self.1)))
    }
}

/// All fields of an object. Of a volume size and id both, whichever the type uses: changing the type and back must not
/// lose one.
struct FieldsOut<'a, T: 'static>(&'a T, &'static [Field<T>]);

impl<T> Serialize for FieldsOut<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let of = self.0;
        to.collect_map(
            self.1
                .iter()
                .map(|field| (field.spec.key(), ValueOut(of, &field.access))),
        )
    }
}

/// A value: numbers as integers where their texts are just what such integers look like, else as their texts (`08`, an
/// empty one, a word). A secret is in clear, for the file is private; one that was not kept is `{"fingerprint": "…"}`.
struct ValueOut<'a, T: 'static>(&'a T, &'a Access<T>);

impl<T> Serialize for ValueOut<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            Access::Text(get, _) => to.serialize_str(get(self.0)),
            Access::Word(get, _) => to.serialize_str(get(self.0)),
            Access::Number(get, _) => {
                let number = get(self.0);
                match number.value() {
                    Ok(value) if value.to_string() == number.text() => to.serialize_i64(value),
                    _ => to.serialize_str(number.text()),
                }
            }
            Access::Secret(get, _) => match get(self.0).fingerprint() {
                Some(Fingerprint(bytes)) => to.collect_map([("fingerprint", hex(&bytes))]),
                None => to.serialize_str(get(self.0).reveal()),
            },
        }
    }
}

impl<'de> Deserialize<'de> for ConfigIn {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        VisitorSeed(ConfigVisitor).deserialize(from).map(Self)
    }
}

/// A visitor to be handed on.
struct VisitorSeed<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for VisitorSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<V::Value, D::Error> {
        from.deserialize_any(self.0)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = EndpointConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a configuration")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EndpointConfig, A::Error> {
        let mut config = EndpointConfig::default();
        let mut keys = Keys::default();
        while let Some(key) = map.next_key::<String>()? {
            let part = BODY.iter().find(|part| part.key() == key);
            match part {
                None if key == "id" => config.id = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Some(BodyPart::Field(field)) => {
                    map.next_value_seed(VisitorSeed(ValueIn(&mut config, &field.access)))?
                }
                Some(BodyPart::Object(object)) => {
                    map.next_value_seed(VisitorSeed(FieldsIn(&mut config, object.fields)))?
                }
                Some(BodyPart::OneRow(field)) => {
                    let rows = map.next_value_seed(VisitorSeed(RowsIn(slice::from_ref(field))))?;
                    let [row] = rows.as_slice() else {
                        return Err(A::Error::invalid_length(rows.len(), &"one row"));
                    };
                    field.access.set_text(&mut config, field.access.text(row));
                }
                Some(BodyPart::Volumes(_, fields)) => {
                    config.volumes = map.next_value_seed(VisitorSeed(RowsIn(fields)))?
                }
                Some(BodyPart::Envs(_, fields)) => {
                    config.envs = map.next_value_seed(VisitorSeed(RowsIn(fields)))?.into()
                }
            }
            keys.note(part.map_or("id", BodyPart::key))?;
        }
        keys.are_all(
            BODY.iter()
                .filter(|part| !part.may_be_absent())
                .map(BodyPart::key)
                .chain(["id"]),
        )?;
        Ok(config)
    }
}

/// The known keys of an object that were met.
#[derive(Default)]
struct Keys(Vec<&'static str>);

impl Keys {
    fn note<E: Error>(&mut self, key: &'static str) -> Result<(), E> {
        if self.0.contains(&key) {
            return Err(E::duplicate_field(key));
        }
        self.0.push(key);
        Ok(())
    }

    fn are_all<E: Error>(&self, mut needed: impl Iterator<Item = &'static str>) -> Result<(), E> {
        match needed.find(|key| !self.0.contains(key)) {
            None => Ok(()),
            Some(key) => Err(E::missing_field(key)),
        }
    }
}

/// Reads the fields of an object, all of them, into what they belong to.
struct FieldsIn<'a, T: 'static>(&'a mut T, &'static [Field<T>]);

impl<'de, T> Visitor<'de> for FieldsIn<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(of, fields) = self;
        let mut keys = Keys::default();
        while let Some(key) = map.next_key::<String>()? {
            match fields.iter().find(|field| field.spec.key() == key) {
                Some(field) => {
                    keys.note(field.spec.key())?;
                    map.next_value_seed(VisitorSeed(ValueIn(of, &field.access)))?;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        // What an answer may lack isn't known then either.
        let needed = fields.iter().filter(|field| !matches!(field.absent, Absent::Unknown));
        keys.are_all(needed.map(|field| field.spec.key()))
    }
}

/// Reads the rows of a list.
struct RowsIn<T: 'static>(&'static [Field<T>]);

impl<'de, T: Default> Visitor<'de> for RowsIn<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut rows = Vec::new();
        let mut row = T::default();
        while list
            .next_element_seed(VisitorSeed(FieldsIn(&mut row, self.0)))?
            .is_some()
        {
            rows.push(std::mem::take(&mut row));
        }
        Ok(rows)
    }
}

/// Reads a value into what it belongs to.
struct ValueIn<'a, T: 'static>(&'a mut T, &'a Access<T>);

impl<'de, T> Visitor<'de> for ValueIn<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.1 {
            Access::Text(..) | Access::Word(..) => "a text",
            Access::Number(..) => "a whole number or a text",
            Access::Secret(..) => "a text or a fingerprint",
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.1 {
            Access::Secret(_, put) => *put(self.0) = Secret::new(text),
            access => access.set_text(self.0, text),
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        match self.1 {
            Access::Number(_, put) => *put(self.0) = Number::of(value),
            _ => return Err(E::invalid_type(Unexpected::Signed(value), &self)),
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Access::Secret(_, put) = self.1 else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        };
        let fingerprint = match map.next_entry::<&str, &str>()? {
            Some(("fingerprint", digits)) => fingerprint(digits),
            _ => None,
        };
        let fingerprint = fingerprint.ok_or_else(|| A::Error::custom("no fingerprint"))?;
        *put(self.0) = Secret::redacted(fingerprint);
        Ok(())
    }
}

fn fingerprint(digits: &str) -> Option<Fingerprint> {
    let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes = (0..16).map(byte).collect::<Option<Vec<u8>>>()?;
    let bytes = bytes.try_into().ok().filter(|_| digits.len() == 32)?;
    Some(Fingerprint(bytes))
}

fn read<'de, T: Default, D: Deserializer<'de>>(fields: &'static [Field<T>], from: D) -> Result<T, D::Error> {
    let mut of = T::default();
    VisitorSeed(FieldsIn(&mut of, fields)).deserialize(from)?;
    Ok(of)
}

/// A configuration, for `serde(with)`.
pub(super) mod config {
    use super::*;

    pub fn serialize<S: Serializer>(config: &EndpointConfig, to: S) -> Result<S::Ok, S::Error> {
        ConfigOut(config).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EndpointConfig, D::Error> {
        ConfigIn::deserialize(from).map(|config| config.0)
    }
}

/// A secret that is no field, for `serde(with)`.
pub(super) mod secret {
    use super::*;

    const ITSELF: Access<Secret> = Access::Secret(|secret| secret, |secret| secret);

    pub fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        ValueOut(secret, &ITSELF).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        let mut secret = Secret::default();
        VisitorSeed(ValueIn(&mut secret, &ITSELF)).deserialize(from)?;
        Ok(secret)
    }
}

/// Settings that no update carries, for `serde(with)`: `{"path": …, "value": …}`, or `"secret"` in place of `"value"`.
pub(super) mod settings {
    use super::*;
    use crate::endpoint::Setting;
    use crate::endpoint::diff::ShownValue;

    #[derive(Serialize, Deserialize)]
    struct SettingText {
        path: String,
        #[serde(flatten)]
        value: SettingValue,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum SettingValue {
        Value(String),
        Secret(#[serde(with = "secret")] Secret),
    }

    pub fn serialize<S: Serializer>(settings: &[Setting], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(settings.iter().map(|setting| SettingText {
            path: setting.path.clone(),
            value: match &setting.value {
                ShownValue::Plain(text) => SettingValue::Value(text.clone()),
                ShownValue::Secret(secret) => SettingValue::Secret(secret.clone()),
            },
        }))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Setting>, D::Error> {
        let texts = Vec::<SettingText>::deserialize(from)?.into_iter();
        Ok(texts
            .map(|SettingText { path, value }| Setting {
                path,
                value: match value {
                    SettingValue::Value(text) => ShownValue::Plain(text),
                    SettingValue::Secret(secret) => ShownValue::Secret(secret),
                },
            })
            .collect())
    }
}

/// A variable of the environment, for `serde(with)`.
pub(super) mod env {
    use super::*;

    pub fn serialize<S: Serializer>(env: &EnvVar, to: S) -> Result<S::Ok, S::Error> {
        FieldsOut(env, &ENV).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EnvVar, D::Error> {
        read(&ENV, from)
    }
}

/// A row of a list, for `serde(with)`: `{"env": {…}}`.
pub(super) mod row {
    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub(super) enum RowIn {
        Volume(#[serde(deserialize_with = "volume")] VolumeMount),
        Env(#[serde(deserialize_with = "env::deserialize")] EnvVar),
    }

    fn volume<'de, D: Deserializer<'de>>(from: D) -> Result<VolumeMount, D::Error> {
        read(&VOLUME, from)
    }

    impl From<RowIn> for Row {
        fn from(row: RowIn) -> Self {
            match row {
                RowIn::Volume(volume) => Self::Volume(volume),
                RowIn::Env(env) => Self::Env(env),
            }
        }
    }

    pub fn serialize<S: Serializer>(row: &Row, to: S) -> Result<S::Ok, S::Error> {
        match row {
            Row::Volume(volume) => to.collect_map([("volume", FieldsOut(volume, &VOLUME))]),
            Row::Env(env) => to.collect_map([("env", FieldsOut(env, &ENV))]),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Row, D::Error> {
        RowIn::deserialize(from).map(Row::from)
    }
}

/// The same where there may be none.
pub(super) mod maybe_row {
    use super::*;

    pub fn serialize<S: Serializer>(row: &Option<Row>, to: S) -> Result<S::Ok, S::Error> {
        match row {
            Some(row) => row::serialize(row, to),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Row>, D::Error> {
        Ok(Option::<row::RowIn>::deserialize(from)?.map(Row::from))
    }
}

/// A field by its path in the body, as the field table has it: `workerConfig.maxNum`, `envs[].value`.
pub(super) mod field {
    use super::*;
    use crate::endpoint::schema::FIELDS;

    pub fn serialize<S: Serializer>(field: &FieldId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(field.spec().path)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<FieldId, D::Error> {
        let path = String::deserialize(from)?;
        let entry = FIELDS.iter().find(|entry| entry.path == path);
        // The path isn't repeated: the message is shown, and the file may hold anything.
        entry
            .map(|entry| entry.id)
            .ok_or_else(|| serde::de::Error::custom("no such field"))
    }
}
