//! `path=value` and `path-`, as they are typed.

use crate::endpoint::FieldId;
use crate::endpoint::schema::{FIELDS, Kind};
use crate::secret::Secret;
use crate::text;

/// What one argument asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub place: Place,
    pub what: What,
}

/// Which part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A single field.
    Field(FieldId),
    /// An env; the part is its key or its value.
    Env(Row, FieldId),
    /// A volume; without a part the whole row.
    Volume(Row, Option<FieldId>),
}

/// Which row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// By the env's key, the volume's mount path.
    Named(String),
    /// By its place, from 0, as problems name it.
    At(usize),
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// This text.
    Text(Secret),
    /// What the file holds; `-` is standard input.
    File(String),
    /// It goes.
    Remove,
}

impl Assignment {
    /// The path, as it is written.
    pub fn path(&self) -> String {
        match &self.place {
            Place::Field(field) => field.spec().path.to_owned(),
            Place::Env(Row::Named(key), _) => format!("envs.{key}"),
            Place::Env(Row::At(at), part) => part.spec().path.replace("[]", &format!("[{at}]")),
            Place::Volume(row, part) => {
                let row = match row {
                    Row::Named(path) => path.clone(),
                    Row::At(at) => at.to_string(),
                };
                let part = part.map_or("", |part| part.spec().path.rsplit('.').next().unwrap_or_default());
                let dot = if part.is_empty() { "" } else { "." };
                format!("volumeMounts[{row}]{dot}{part}")
            }
        }
    }
}

/// Reads one argument.
///
/// # Errors
/// A sentence that never holds the value.
pub fn parse(argument: &str) -> Result<Assignment, String> {
    if let Some(rest) = argument.strip_prefix("envs.") {
        let (key, what) = split(rest).ok_or_else(|| unfinished(argument))?;
        if key.is_empty() {
            return Err("the env's name is missing; an env is written envs.NAME=VALUE".to_owned());
        }
        return Ok(Assignment {
            place: Place::Env(Row::Named(key.to_owned()), FieldId::EnvValue),
            what,
        });
    }
    for (list, of) in [
        ("envs[", env as fn(Row, &str) -> Option<Place>),
        ("volumeMounts[", volume),
    ] {
        let Some(rest) = argument.strip_prefix(list) else {
            continue;
        };
        // A mount path may have brackets itself.
        let end = rest.match_indices(']').map(|(at, _)| at).find(|at| {
            let behind = &rest[at + 1..];
            behind == "-" || behind.starts_with(['.', '='])
        });
        let end = end.ok_or_else(|| unfinished(argument))?;
        let (name, behind) = (&rest[..end], &rest[end + 1..]);
        let (part, what) = split(behind).ok_or_else(|| unfinished(argument))?;
        let row = match name.parse() {
            Ok(at) => Row::At(at),
            Err(_) => Row::Named(name.to_owned()),
        };
        let place = of(row, part.trim_start_matches('.')).ok_or_else(|| {
            let path = format!("{list}{name}]{part}");
            unknown(&path)
        })?;
        return Ok(Assignment { place, what });
    }
    let (path, what) = split(argument).ok_or_else(|| unfinished(argument))?;
    let field = FIELDS
        .iter()
        .find(|field| field.path == path && !field.id.is_row_part());
    match field {
        Some(field) if field.kind != Kind::Rows => Ok(Assignment {
            place: Place::Field(field.id),
            what,
        }),
        _ => Err(unknown(path)),
    }
}

fn env(row: Row, part: &str) -> Option<Place> {
    match (row, part) {
        // Names stand behind a dot.
        (Row::Named(_), _) => None,
        (row, "" | "value") => Some(Place::Env(row, FieldId::EnvValue)),
        (row, "key") => Some(Place::Env(row, FieldId::EnvKey)),
        _ => None,
    }
}

fn volume(row: Row, part: &str) -> Option<Place> {
    let part = match part {
        "" => None,
        "type" => Some(FieldId::VolumeType),
        "size" => Some(FieldId::VolumeSize),
        "id" => Some(FieldId::VolumeStorageId),
        "mountPath" => Some(FieldId::VolumeMountPath),
        _ => return None,
    };
    Some(Place::Volume(row, part))
}

/// `path=value`, or `path-`.
fn split(text: &str) -> Option<(&str, What)> {
    let Some((path, value)) = text.split_once('=') else {
        return text.strip_suffix('-').map(|path| (path, What::Remove));
    };
    let what = match value.strip_prefix('@') {
        // `@@` is a value that begins with the sign itself.
        Some(rest) if rest.starts_with('@') => What::Text(Secret::new(rest)),
        Some(file) => What::File(file.to_owned()),
        None => What::Text(Secret::new(value)),
    };
    Some((path, what))
}

fn unfinished(argument: &str) -> String {
    let path = argument.split('=').next().unwrap_or_default();
    if !begins_as_a_path(path) {
        // A value that a blank parted from its name would be told here, and stand in logs.
        return "an argument here begins with no path that can be set; write PATH=VALUE without a blank beside the =, or PATH- to \
                take a row away"
            .to_owned();
    }
    // A name has neither: what is behind one may be the value.
    let path = path.split([':', ' ']).next().unwrap_or_default();
    format!("{path} says nothing to be done; write {path}=VALUE to set it, or {path}- to take it away")
}

/// Whether it is about something of an update, rightly spelt up to its first dot or bracket.
fn begins_as_a_path(path: &str) -> bool {
    let first = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let mut known = FIELDS
        .iter()
        .map(|field| first(field.path))
        .chain(["id", "env"].map(str::to_owned));
    known.any(|known| known == first(path))
}

fn unknown(path: &str) -> String {
    match path {
        "id" => return "id can't be set: it says which endpoint it is. Leave it out".to_owned(),
        "envs" => return "envs are set one by one: write envs.NAME=VALUE, or envs.NAME- to take one away".to_owned(),
        "volumeMounts" => {
            return "volumes are set one by one, by their mount path: write volumeMounts[/data].size=30, or volumeMounts[/data]- to \
                    take one away"
                .to_owned();
        }
        _ => {}
    }
    match nearest(path) {
        Some(near) => format!("there is no field {path}; did you mean {near}?"),
        None => format!(
            "there is no field {path} that an update sets. Set one of {}, envs.NAME and volumeMounts[PATH].size",
            single_paths().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The paths of the single fields.
pub fn single_paths() -> impl Iterator<Item = &'static str> {
    let single = FieldId::canonical().filter(|field| field.spec().kind != Kind::Rows);
    single.map(|field| field.spec().path)
}

fn nearest(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("envs").or_else(|| path.strip_prefix("env")) {
        let name = rest.trim_matches(['.', '[', ']']);
        return Some(format!("envs.{}", if name.is_empty() { "NAME" } else { name }));
    }
    let rows = [
        "volumeMounts[/data].type",
        "volumeMounts[/data].size",
        "volumeMounts[/data].id",
    ];
    let known: Vec<&str> = single_paths()
        .chain(rows)
        .chain(["volumeMounts[/data].mountPath", "envs.NAME"])
        .collect();
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_lowercase();
    // Most leave the object out, or take the label for the path.
    let label = |known: &&&str| {
        let field = FIELDS.iter().find(|field| field.path == **known);
        let bare = |text: &str| text.to_lowercase().replace([' ', '-', '_'], "");
        field.is_some_and(|field| bare(field.label) == bare(path))
    };
    let same = |known: &&&str| last(known) == last(path);
    let found = known.iter().find(label).or_else(|| known.iter().find(same)).copied();
    found.or_else(|| text::nearest(path, &known)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> What {
        What::Text(Secret::new(value))
    }

    fn named(name: &str) -> Row {
        Row::Named(name.to_owned())
    }

    #[test]
    fn every_field_is_set_by_its_path() {
        for path in single_paths() {
            let parsed = parse(&format!("{path}=a=b")).unwrap();
            assert_eq!(parsed.what, text("a=b"));
            assert_eq!(parsed.path(), path);
        }
        assert_eq!(parse("image.command-").unwrap().what, What::Remove);
    }

    #[test]
    fn envs_go_by_their_name_whatever_it_has_in_it() {
        for (argument, key, what) in [
            ("envs.A=1", "A", text("1")),
            ("envs.A=", "A", text("")),
            ("envs.A-", "A", What::Remove),
            ("envs.A--", "A-", What::Remove),
            ("envs.A-=-", "A-", text("-")),
            ("envs.a.b[0]=x", "a.b[0]", text("x")),
            ("envs.T=@/run/token", "T", What::File("/run/token".into())),
            ("envs.T=@-", "T", What::File("-".into())),
            ("envs.T=@@name", "T", text("@name")),
        ] {
            let expected = Assignment {
                place: Place::Env(named(key), FieldId::EnvValue),
                what,
            };
            assert_eq!(parse(argument).unwrap(), expected, "{argument}");
        }
        let at = parse("envs[3].key=A").unwrap();
        assert_eq!(at.place, Place::Env(Row::At(3), FieldId::EnvKey));
        assert_eq!(at.path(), "envs[3].key");
        assert_eq!(
            parse("envs[3]-").unwrap().place,
            Place::Env(Row::At(3), FieldId::EnvValue)
        );
    }

    #[test]
    fn volumes_go_by_their_mount_path_or_their_place() {
        let size = Some(FieldId::VolumeSize);
        for (argument, row, part, what) in [
            ("volumeMounts[/data].size=30", named("/data"), size, text("30")),
            ("volumeMounts[/a]b=c].size=30", named("/a]b=c"), size, text("30")),
            ("volumeMounts[1].size=+10", Row::At(1), size, text("+10")),
            ("volumeMounts[/data]-", named("/data"), None, What::Remove),
        ] {
            let parsed = parse(argument).unwrap();
            let expected = Assignment {
                place: Place::Volume(row, part),
                what,
            };
            assert_eq!(parsed, expected, "{argument}");
        }
        assert_eq!(
            parse("volumeMounts[/data].size=3").unwrap().path(),
            "volumeMounts[/data].size"
        );
    }

    #[test]
    fn what_is_no_field_names_the_nearest_and_never_a_value() {
        for (argument, said) in [
            ("maxNum=5", "did you mean workerConfig.maxNum?"),
            ("workerConfig.maxNm=hidden", "did you mean workerConfig.maxNum?"),
            ("max-workers=5", "did you mean workerConfig.maxNum?"),
            ("clusterId=x", "did you mean clusterID?"),
            ("port=1", "did you mean ports[0].port?"),
            ("env.TOKEN=hidden", "did you mean envs.TOKEN?"),
            ("envs[TOKEN]=hidden", "did you mean envs.TOKEN?"),
            ("volumeMounts[/data].sise=30", "did you mean volumeMounts[/data].size?"),
            ("zzzzz=hidden", "Set one of name, clusterID"),
            ("id=x", "id can't be set"),
            ("envs=hidden", "one by one"),
            ("volumeMounts-", "one by one"),
            ("name", "name=VALUE to set it, or name- to take it away"),
            ("envs.A", "envs.A=VALUE"),
            ("envs.=hidden", "the env's name is missing"),
            ("volumeMounts[/data", "says nothing to be done"),
        ] {
            let said_so = parse(argument).unwrap_err();
            assert!(said_so.contains(said), "{argument}: {said_so}");
            assert!(!said_so.contains("hidden"), "{said_so}");
        }
    }
}
