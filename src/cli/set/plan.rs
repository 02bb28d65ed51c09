//! Assignments → the edits of one endpoint.

use super::assignment::{AssignedValue, Assignment, RowName, SetTarget};
use crate::cli::failure::Failure;
use crate::cli::write::Planned;
use crate::cli::{options, output};
use crate::endpoint::edit::{Edit, Row};
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
    let is_type = |assignment: &Assignment| assignment.setting == SetTarget::Field(FieldId::PolicyType);
    let (first, rest): (Vec<_>, Vec<_>) = assignments.iter().partition(|(assignment, _)| is_type(assignment));
    for (assignment, value) in first.into_iter().chain(rest) {
        let (list, row, part) = match &assignment.setting {
            SetTarget::Field(field) => {
                set_field(planned, assignment, *field, value.as_ref())?;
                continue;
            }
            SetTarget::Row(list, row, part) => (*list, row, *part),
        };
        // An env goes with any part of it.
        let goes = list == List::Envs || part.is_none();
        match (row_at(&loaded, list, row, assignment)?, part, value) {
            (Some(at), Some(part), Some(value)) => set_part(planned, list, at, part, value)?,
            (Some(at), _, None) if goes => gone.extend(removal(&loaded, list, at)),
            (None, _, None) if goes => planned.warnings.push(not_there(assignment)),
            (None, Some(part), Some(value)) => {
                // Once, with its first part; then it is there.
                let at = match list {
                    List::Envs => added_env(planned, row),
                    List::Volumes => added_volume(planned, &loaded, row, assignments, assignment)?,
                };
                set_part(planned, list, at, part, value)?;
            }
            _ => return Err(half_a_row(assignment)),
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
        (Kind::Integer, Some(value)) => options::amount_text(field, value.reveal(), now, limits)?,
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
    let Some(old) = Row::of(now, list, at) else {
        return Ok(());
    };
    let mut new = old.clone();
    match part.spec().kind {
        Kind::Integer => {
            let text = options::amount_text_from(part, value.reveal(), old.text(part), now, limits)?;
            new.set_text(part, &text);
        }
        _ => new.set_text(part, value.reveal()),
    }
    planned.work.apply(Edit::Replace { at, old, new });
    Ok(())
}

fn removal(loaded: &EndpointConfig, list: List, at: usize) -> Option<Edit> {
    let row = Row::of(loaded, list, at)?;
    Some(Edit::Remove { at, row })
}

/// The place of an env that was not loaded; it is added at the end.
fn added_env(planned: &mut Planned, row: &RowName) -> usize {
    let key = match row {
        RowName::Named(key) => key.as_str(),
        RowName::At(_) => "",
    };
    let at = planned.work.now().envs.len();
    let row = Row::Env(EnvVar::new(key, ""));
    planned.work.apply(Edit::Insert { at, row });
    at
}

/// The place of a volume that was not loaded; it is added at the end, if its type is given.
fn added_volume(
    planned: &mut Planned,
    loaded: &EndpointConfig,
    row: &RowName,
    assignments: &[(Assignment, Option<Secret>)],
    assignment: &Assignment,
) -> Result<usize, Failure> {
    let RowName::Named(path) = row else {
        return Err(no_such_row(assignment, loaded.volumes.len()));
    };
    let now = planned.work.now();
    let there = now.volumes.iter().skip(loaded.volumes.len());
    if let Some(at) = there.clone().position(|volume| volume.mount_path == *path) {
        return Ok(loaded.volumes.len() + at);
    }
    let type_of_it = SetTarget::Row(List::Volumes, row.clone(), Some(FieldId::VolumeType));
    let is_type = |(other, _): &&(Assignment, Option<Secret>)| other.setting == type_of_it;
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
        row: Row::Volume(volume),
    });
    Ok(at)
}

/// The row's place among those that were loaded.
fn row_at(
    loaded: &EndpointConfig,
    list: List,
    row: &RowName,
    assignment: &Assignment,
) -> Result<Option<usize>, Failure> {
    let name = match row {
        RowName::Named(name) => name,
        RowName::At(at) if *at < list.len(loaded) => return Ok(Some(*at)),
        RowName::At(_) => return Err(no_such_row(assignment, list.len(loaded))),
    };
    let is_it = |at: &usize| Row::of(loaded, list, *at).is_some_and(|row| row.name() == name);
    let places: Vec<usize> = (0..list.len(loaded)).filter(is_it).collect();
    match places.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => Err(ambiguous(assignment, list, several)),
    }
}

fn ambiguous(assignment: &Assignment, list: List, places: &[usize]) -> Failure {
    let list = list.field().spec().path;
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
        AssignedValue::Remove => "can't be taken away from its row; set it, or take the whole row away",
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
