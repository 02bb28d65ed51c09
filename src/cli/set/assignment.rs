//! `path=value` and `path-`, as they are typed.

use crate::endpoint::schema::{FIELDS, Kind};
use crate::endpoint::{FieldId, List};
use crate::secret::Secret;
use crate::text;

/// What one argument asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub setting: SetTarget,
    pub what: AssignedValue,
}

/// Which part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetTarget {
    /// A single field.
    Field(FieldId),
    /// A part of a row of a list; `None`: the whole row.
    Row(List, RowName, Option<FieldId>),
}

/// Which row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// By the env's key, the volume's mount path.
    Named(String),
    /// By its place, from 0, as problems name it.
    At(usize),
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignedValue {
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
        match &self.setting {
            SetTarget::Field(field) => field.spec().path.to_owned(),
            SetTarget::Row(List::Envs, RowName::Named(key), _) => format!("envs.{key}"),
            SetTarget::Row(list, row, part) => {
                let list = list.field().spec().path;
                let row = match row {
                    RowName::Named(name) => name.clone(),
                    RowName::At(at) => at.to_string(),
                };
                let part = part.map_or(String::new(), |part| format!(".{}", part.spec().key()));
                format!("{list}[{row}]{part}")
            }
        }
    }
}

/// Reads one argument.
///
/// # Errors
/// A sentence that never holds the value.
pub fn parse(argument: &str) -> Result<Assignment, String> {
    let (path, what) = parted(argument).ok_or_else(|| unfinished(argument))?;
    if path == "envs." {
        return Err("the env's name is missing; an env is written envs.NAME=VALUE".to_owned());
    }
    let setting = target(path).ok_or_else(|| unknown(path))?;
    Ok(Assignment { setting, what })
}

/// What a path names; `None`: nothing that can be set.
pub fn target(path: &str) -> Option<SetTarget> {
    if let Some(key) = path.strip_prefix("envs.") {
        let row = RowName::Named(key.to_owned());
        return (!key.is_empty()).then_some(SetTarget::Row(List::Envs, row, Some(FieldId::EnvValue)));
    }
    let Some((list, rest)) = bracketed(path) else {
        return single().find(|field| field.spec().path == path).map(SetTarget::Field);
    };
    let end = closing(rest, |behind| behind.is_empty() || behind.starts_with('.'))?;
    let (name, part) = (&rest[..end], &rest[end + 1..]);
    let row = match name.parse() {
        Ok(at) => RowName::At(at),
        Err(_) => RowName::Named(name.to_owned()),
    };
    of_row(list, row, part.trim_start_matches('.'))
}

/// The path, and what is to become of it.
fn parted(argument: &str) -> Option<(&str, AssignedValue)> {
    let behind = match bracketed(argument) {
        Some((_, rest)) => {
            let end = closing(rest, |behind| behind == "-" || behind.starts_with(['.', '=']))?;
            &rest[end + 1..]
        }
        None => argument,
    };
    let (part, what) = split(behind)?;
    Some((&argument[..argument.len() - behind.len() + part.len()], what))
}

/// The list of a path that goes by a row's place or name, and what stands behind its bracket.
fn bracketed(path: &str) -> Option<(List, &str)> {
    let lists = [List::Envs, List::Volumes].into_iter();
    lists
        .filter_map(|list| Some((list, path.strip_prefix(list.field().spec().path)?.strip_prefix('[')?)))
        .next()
}

/// Where the bracket of a row closes: a mount path may have brackets itself.
fn closing(rest: &str, ends: impl Fn(&str) -> bool) -> Option<usize> {
    rest.match_indices(']')
        .map(|(at, _)| at)
        .find(|at| ends(&rest[at + 1..]))
}

fn of_row(list: List, row: RowName, part: &str) -> Option<SetTarget> {
    let part = match (list, &row, part) {
        // Names of envs stand behind a dot.
        (List::Envs, RowName::Named(_), _) => return None,
        (List::Envs, _, "") => Some(FieldId::EnvValue),
        (List::Volumes, _, "") => None,
        (_, _, key) => Some(parts(list).find(|part| part.spec().key() == key)?),
    };
    Some(SetTarget::Row(list, row, part))
}

/// The parts of a list's rows.
fn parts(list: List) -> impl Iterator<Item = FieldId> {
    let parts = FIELDS.iter().filter(|spec| spec.id.is_row_part());
    parts
        .filter(move |spec| spec.pane.list() == Some(list))
        .map(|spec| spec.id)
}

/// `path=value`, or `path-`.
fn split(text: &str) -> Option<(&str, AssignedValue)> {
    let Some((path, value)) = text.split_once('=') else {
        return text.strip_suffix('-').map(|path| (path, AssignedValue::Remove));
    };
    let what = match value.strip_prefix('@') {
        // `@@` is a value that begins with the sign itself.
        Some(rest) if rest.starts_with('@') => AssignedValue::Text(Secret::new(rest)),
        Some(file) => AssignedValue::File(file.to_owned()),
        None => AssignedValue::Text(Secret::new(value)),
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
pub fn begins_as_a_path(path: &str) -> bool {
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
    match nearest_path(path, &[]) {
        Some(near) => format!("there is no field {path}; did you mean {near}?"),
        None => format!(
            "there is no field {path} that an update sets. Set one of {}, envs.NAME and volumeMounts[PATH].size",
            single_paths().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The paths of the single fields.
pub fn single_paths() -> impl Iterator<Item = &'static str> {
    single().map(|field| field.spec().path)
}

fn single() -> impl Iterator<Item = FieldId> {
    FieldId::canonical().filter(|field| field.spec().kind != Kind::Rows)
}

/// The path that was likely meant; `others` are known beside those that can be set.
pub fn nearest_path(path: &str, others: &[&str]) -> Option<String> {
    if others.iter().any(|other| other.eq_ignore_ascii_case(path)) {
        return text::nearest(path, others).map(str::to_owned);
    }
    if let Some(rest) = path.strip_prefix("envs").or_else(|| path.strip_prefix("env")) {
        let name = rest.trim_matches(['.', '[', ']']);
        return Some(format!("envs.{}", if name.is_empty() { "NAME" } else { name }));
    }
    let rows: Vec<String> = parts(List::Volumes)
        .map(|part| format!("volumeMounts[/data].{}", part.spec().key()))
        .collect();
    let mut known: Vec<&str> = single_paths().collect();
    known.extend(rows.iter().map(String::as_str));
    known.push("envs.NAME");
    known.extend(others);
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

    fn text(value: &str) -> AssignedValue {
        AssignedValue::Text(Secret::new(value))
    }

    fn named(name: &str) -> RowName {
        RowName::Named(name.to_owned())
    }

    #[test]
    fn every_field_is_set_by_its_path() {
        for path in single_paths() {
            let parsed = parse(&format!("{path}=a=b")).unwrap();
            assert_eq!(parsed.what, text("a=b"));
            assert_eq!(parsed.path(), path);
        }
        assert_eq!(parse("image.command-").unwrap().what, AssignedValue::Remove);
    }

    #[test]
    fn envs_go_by_their_name_whatever_it_has_in_it() {
        for (argument, key, what) in [
            ("envs.A=1", "A", text("1")),
            ("envs.A=", "A", text("")),
            ("envs.A-", "A", AssignedValue::Remove),
            ("envs.A--", "A-", AssignedValue::Remove),
            ("envs.A-=-", "A-", text("-")),
            ("envs.a.b[0]=x", "a.b[0]", text("x")),
            ("envs.T=@/run/token", "T", AssignedValue::File("/run/token".into())),
            ("envs.T=@-", "T", AssignedValue::File("-".into())),
            ("envs.T=@@name", "T", text("@name")),
        ] {
            let expected = Assignment {
                setting: SetTarget::Row(List::Envs, named(key), Some(FieldId::EnvValue)),
                what,
            };
            assert_eq!(parse(argument).unwrap(), expected, "{argument}");
        }
        let at = parse("envs[3].key=A").unwrap();
        assert_eq!(
            at.setting,
            SetTarget::Row(List::Envs, RowName::At(3), Some(FieldId::EnvKey))
        );
        assert_eq!(at.path(), "envs[3].key");
        assert_eq!(
            parse("envs[3]-").unwrap().setting,
            SetTarget::Row(List::Envs, RowName::At(3), Some(FieldId::EnvValue))
        );
    }

    #[test]
    fn volumes_go_by_their_mount_path_or_their_place() {
        let size = Some(FieldId::VolumeSize);
        for (argument, row, part, what) in [
            ("volumeMounts[/data].size=30", named("/data"), size, text("30")),
            ("volumeMounts[/a]b=c].size=30", named("/a]b=c"), size, text("30")),
            ("volumeMounts[1].size=+10", RowName::At(1), size, text("+10")),
            ("volumeMounts[/data]-", named("/data"), None, AssignedValue::Remove),
        ] {
            let parsed = parse(argument).unwrap();
            let expected = Assignment {
                setting: SetTarget::Row(List::Volumes, row, part),
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
