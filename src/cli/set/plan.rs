//! Assignments → the edits of one endpoint.

use super::assignment::{Assignment, Place, Row, What};
use crate::cli::failure::Failure;
use crate::cli::write::Planned;
use crate::cli::{amount, output};
use crate::endpoint::edit::{self, Edit};
use crate::endpoint::schema::Kind;
use crate::endpoint::{EndpointConfig, EnvVar, FieldId, List, VolumeMount};
use crate::secret::Secret;

/// Makes the edits. Rows are found as they were loaded, whatever else is set or taken away.
///
/// # Errors
/// [`Failure::Invalid`]: a row that isn't there, one of several of the same name, a number that can't be reckoned.
pub fn plan(planned: &mut Planned, assignments: &[(Assignment, Option<Secret>)]) -> Result<(), Failure> {
    let loaded = planned.work.now().clone();
    let mut gone: Vec<Edit> = Vec::new();
    // What a number of the policy means depends on its type: that comes first.
    let is_type = |assignment: &Assignment| assignment.place == Place::Field(FieldId::PolicyType);
    let (first, rest): (Vec<_>, Vec<_>) = assignments.iter().partition(|(assignment, _)| is_type(assignment));
    for (assignment, value) in first.into_iter().chain(rest) {
        match &assignment.place {
            Place::Field(field) => set_field(planned, assignment, *field, value.as_ref())?,
            Place::Env(row, part) => {
                let at = env_at(&loaded, row, assignment)?;
                match (at, value) {
                    (Some(at), Some(value)) => set_part(planned, List::Envs, at, *part, value)?,
                    (Some(at), None) => gone.push(Edit::Remove {
                        at,
                        row: edit::Row::Env(loaded.envs[at].clone()),
                    }),
                    (None, Some(value)) => add_env(planned, row, value),
                    (None, None) => planned.warnings.push(not_there(assignment)),
                }
            }
            Place::Volume(row, part) => {
                let at = volume_at(&loaded, row, assignment)?;
                match (at, part, value) {
                    (Some(at), Some(part), Some(value)) => set_part(planned, List::Volumes, at, *part, value)?,
                    (Some(at), None, None) => gone.push(Edit::Remove {
                        at,
                        row: edit::Row::Volume(loaded.volumes[at].clone()),
                    }),
                    // Once, with its first part; then it is there.
                    (None, Some(part), Some(value)) => {
                        let at = added_volume(planned, &loaded, row, assignments, assignment)?;
                        set_part(planned, List::Volumes, at, *part, value)?;
                    }
                    (None, None, None) => planned.warnings.push(not_there(assignment)),
                    _ => return Err(half_a_row(assignment)),
                }
            }
        }
    }
    // From the last row on, so that the places of those before stay what they are.
    gone.sort_by_key(|edit| match edit {
        Edit::Remove { at, .. } => std::cmp::Reverse(*at),
        _ => std::cmp::Reverse(0),
    });
    for edit in gone {
        planned.work.apply(edit);
    }
    Ok(())
}

fn set_field(
    planned: &mut Planned,
    assignment: &Assignment,
    field: FieldId,
    value: Option<&Secret>,
) -> Result<(), Failure> {
    let (now, limits) = (planned.work.now(), planned.work.limits());
    let text = match (field.spec().kind, value) {
        (Kind::Integer, Some(value)) => amount::text(field, value.reveal(), now, limits)?,
        (_, Some(value)) => value.reveal().to_owned(),
        (Kind::Text { .. }, None) => String::new(),
        (_, None) => {
            let path = assignment.path();
            return Err(Failure::Usage(format!(
                "{path} can't be taken away: every endpoint has one. Nothing was sent. Give it a value: {path}=VALUE."
            )));
        }
    };
    let edit = Edit::set(planned.work.now(), field, text);
    planned.work.apply(edit);
    Ok(())
}

/// Sets a part of the row at a place, which is there.
fn set_part(planned: &mut Planned, list: List, at: usize, part: FieldId, value: &Secret) -> Result<(), Failure> {
    let (now, limits) = (planned.work.now(), planned.work.limits());
    let Some(old) = edit::Row::of(now, list, at) else {
        return Ok(());
    };
    let mut new = old.clone();
    match part.spec().kind {
        Kind::Integer => {
            let text = amount::text_from(part, value.reveal(), old.text(part), now, limits)?;
            new.set_text(part, &text);
        }
        _ => new.set_text(part, value.reveal()),
    }
    planned.work.apply(Edit::Replace { at, old, new });
    Ok(())
}

fn add_env(planned: &mut Planned, row: &Row, value: &Secret) {
    let Row::Named(key) = row else { return };
    let env = EnvVar {
        key: key.clone(),
        value: value.clone(),
    };
    planned.work.apply(Edit::Insert {
        at: planned.work.now().envs.len(),
        row: edit::Row::Env(env),
    });
}

/// The place of a volume that was not loaded; it is added at the end, if its type is given.
fn added_volume(
    planned: &mut Planned,
    loaded: &EndpointConfig,
    row: &Row,
    assignments: &[(Assignment, Option<Secret>)],
    assignment: &Assignment,
) -> Result<usize, Failure> {
    let Row::Named(path) = row else {
        return Err(no_such_row(assignment, loaded.volumes.len()));
    };
    let now = planned.work.now();
    let there = now.volumes.iter().skip(loaded.volumes.len());
    if let Some(at) = there.clone().position(|volume| volume.mount_path == *path) {
        return Ok(loaded.volumes.len() + at);
    }
    let type_of_it = Place::Volume(row.clone(), Some(FieldId::VolumeType));
    let is_type = |(other, _): &&(Assignment, Option<Secret>)| other.place == type_of_it;
    if !assignments.iter().any(|one| is_type(&one)) {
        let paths: Vec<String> = loaded
            .volumes
            .iter()
            .map(|volume| output::safe(&volume.mount_path))
            .collect();
        let there = match paths.as_slice() {
            [] => "There is none".to_owned(),
            paths => format!("There are {}", paths.join(", ")),
        };
        let path = output::safe(path);
        return Err(Failure::Invalid(format!(
            "no volume is mounted at {path}, so nothing was sent. {there}; volumeMounts[{path}].type=local or network adds one."
        )));
    }
    let at = now.volumes.len();
    let volume = VolumeMount {
        mount_path: path.clone(),
        ..VolumeMount::default()
    };
    planned.work.apply(Edit::Insert {
        at,
        row: edit::Row::Volume(volume),
    });
    Ok(at)
}

fn env_at(loaded: &EndpointConfig, row: &Row, assignment: &Assignment) -> Result<Option<usize>, Failure> {
    found(loaded.envs.iter().map(|env| env.key.as_str()), row, assignment)
}

fn volume_at(loaded: &EndpointConfig, row: &Row, assignment: &Assignment) -> Result<Option<usize>, Failure> {
    let paths = loaded.volumes.iter().map(|volume| volume.mount_path.as_str());
    found(paths, row, assignment)
}

/// The row's place among those that were loaded.
fn found<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    row: &Row,
    assignment: &Assignment,
) -> Result<Option<usize>, Failure> {
    let count = names.len();
    match row {
        Row::At(at) if *at < count => Ok(Some(*at)),
        Row::At(_) => Err(no_such_row(assignment, count)),
        Row::Named(name) => {
            let places: Vec<usize> = names
                .enumerate()
                .filter(|(_, key)| key == name)
                .map(|(at, _)| at)
                .collect();
            match places.as_slice() {
                [] => Ok(None),
                [one] => Ok(Some(*one)),
                several => Err(ambiguous(assignment, several)),
            }
        }
    }
}

fn ambiguous(assignment: &Assignment, places: &[usize]) -> Failure {
    let list = match assignment.place {
        Place::Env(..) => "envs",
        _ => "volumeMounts",
    };
    let rows: Vec<String> = places.iter().map(|at| format!("{list}[{at}]")).collect();
    let path = output::safe(&assignment.path());
    Failure::Invalid(format!(
        "{path} stands there {} times, so nothing was sent. Name one by its place: {}.",
        places.len(),
        rows.join(", ")
    ))
}

fn no_such_row(assignment: &Assignment, count: usize) -> Failure {
    let path = output::safe(&assignment.path());
    Failure::Invalid(format!(
        "{path} isn't there, so nothing was sent: there are {count} rows, counted from 0. `novita-edit show` lists them."
    ))
}

fn half_a_row(assignment: &Assignment) -> Failure {
    let path = output::safe(&assignment.path());
    let why = match assignment.what {
        What::Remove => "can't be taken away from its row; set it, or take the whole row away",
        _ => "is a whole row; set its parts, such as .size",
    };
    Failure::Usage(format!("{path} {why}. Nothing was sent."))
}

fn not_there(assignment: &Assignment) -> String {
    format!(
        "There is no {}, so there is nothing to take away.",
        output::safe(&assignment.path())
    )
}
