//! An endpoint as people read it: the form's panes, every field with its unit, its range and what is wrong with it.

use super::ShownEndpoint;
use crate::cli::list::state_tone;
use crate::cli::output::{CutAt, Piece, TextSheet, Tone};
use crate::endpoint::format::{EMPTY, worded};
use crate::endpoint::inventory::named;
use crate::endpoint::{EnvVar, FieldId, List, Pane, Problem, Severity, VolumeMount, VolumeType, Worker};
use crate::secret::MASK;
use crate::text::width::shown_width;

/// Where values begin.
const VALUES: usize = 19;
/// How wide a number is with its unit; behind it stands its range.
const NUMBERS: usize = 10;
/// The most columns that the keys of a list take.
const MOST_KEYS: usize = 34;

pub(super) fn of(shown: &ShownEndpoint) -> TextSheet {
    let mut sheet = TextSheet::default();
    head(&mut sheet, shown);
    for pane in Pane::ALL {
        sheet.blank();
        title(&mut sheet, shown, pane);
        match pane.list() {
            None => FieldId::in_pane(pane).for_each(|field| single(&mut sheet, shown, field)),
            Some(List::Volumes) => volumes(&mut sheet, shown),
            Some(List::Envs) => envs(&mut sheet, shown),
        }
    }
    sheet.blank();
    facts(&mut sheet, shown);
    sheet
}

fn head(sheet: &mut TextSheet, shown: &ShownEndpoint) {
    let (config, status) = (&shown.loaded.config, &shown.loaded.status);
    let name = if config.name.is_empty() {
        "(no name)"
    } else {
        &config.name
    };
    sheet.line([
        Piece::new(name, Tone::Strong).cut(CutAt::Middle),
        Piece::new(format!("  {}", config.id), Tone::Faint),
    ]);
    let state = if status.state.word.is_empty() {
        "unknown"
    } else {
        &status.state.word
    };
    let count = status.worker_count();
    let workers = match count.all {
        0 => "  no worker".to_owned(),
        all => format!("  {}/{all} healthy, {} running", count.healthy, count.running),
    };
    sheet.line([
        Piece::new(format!("● {state}"), state_tone(&status.state.word)),
        Piece::new(workers, Tone::Plain),
    ]);
    for text in [&status.state.error, &status.state.message] {
        if !text.is_empty() {
            sheet.sentence(0, "✗", text, Tone::Bad);
        }
    }
    if !status.url.is_empty() {
        sheet.line([Piece::new(&status.url, Tone::Plain)]);
    }
}

/// The pane's title, with what it has of rows and problems.
fn title(sheet: &mut TextSheet, shown: &ShownEndpoint, pane: Pane) {
    let mut pieces = vec![Piece::new(pane.title(), Tone::Strong)];
    if let Some(list) = pane.list() {
        pieces.push(Piece::new(format!(" {}", list.len(&shown.loaded.config)), Tone::Strong));
    }
    for severity in [Severity::Error, Severity::Warning] {
        let here = |problem: &&Problem| problem.place.field.spec().pane == pane && problem.severity == severity;
        let count = shown.problems.iter().filter(here).count();
        if count > 0 {
            let (sign, tone) = sign(severity);
            pieces.push(Piece::new(format!(" {sign}{count}"), tone));
        }
    }
    sheet.line(pieces);
}

fn single(sheet: &mut TextSheet, shown: &ShownEndpoint, field: FieldId) {
    let config = &shown.loaded.config;
    let text = worded(field, config.text(field), config);
    let tone = if config.text(field).trim().is_empty() {
        Tone::Faint
    } else {
        Tone::Plain
    };
    let cut = if matches!(field, FieldId::Image | FieldId::Name) {
        CutAt::Middle
    } else {
        CutAt::End
    };
    let range = match field.range(config, &shown.limits) {
        Some(Ok((min, max))) => format!("{min}–{max}"),
        Some(Err(_)) => "no range".to_owned(),
        None => String::new(),
    };
    let value = Piece::new(with_name(shown, field, text), tone).cut(cut);
    let value = if range.is_empty() { value } else { value.wide(NUMBERS) };
    let range = if range.is_empty() { range } else { format!("  {range}") };
    sheet.line([label(field.label(), VALUES), value, Piece::new(range, Tone::Faint)]);
    told(sheet, shown, |problem| problem.place.field == field);
}

/// What an id is called, as far as a storage tells it.
fn with_name(shown: &ShownEndpoint, field: FieldId, text: String) -> String {
    match field {
        FieldId::ClusterId if !shown.loaded.config.cluster_id.is_empty() => shown.inventory.cluster_words(&text),
        _ => text,
    }
}

fn volumes(sheet: &mut TextSheet, shown: &ShownEndpoint) {
    let volumes = &shown.loaded.config.volumes;
    let wide = keys_width(volumes.iter().map(|volume| volume.mount_path.as_str()));
    for (row, volume) in volumes.iter().enumerate() {
        let words = volume_words(shown, volume);
        sheet.line([label(&volume.mount_path, wide), Piece::new(words, Tone::Plain)]);
        told(sheet, shown, |problem| {
            problem.place.row == Some(row) && problem.place.field.spec().pane == Pane::Volumes
        });
    }
}

fn volume_words(shown: &ShownEndpoint, volume: &VolumeMount) -> String {
    match &volume.kind {
        VolumeType::Local => format!("local    {} GB", volume.size),
        VolumeType::Network => {
            let name = shown
                .inventory
                .storage(&volume.storage_id)
                .map_or("", |storage| storage.name.as_str());
            format!("network  {}", named(name, &volume.storage_id))
        }
        VolumeType::Other(word) => format!("{word}  {} {}", volume.size, volume.storage_id)
            .trim_end()
            .to_owned(),
    }
}

fn envs(sheet: &mut TextSheet, shown: &ShownEndpoint) {
    let envs = &shown.loaded.config.envs;
    let wide = keys_width(envs.iter().map(|env| env.key.as_str()));
    for (row, env) in envs.iter().enumerate() {
        sheet.line([label(&env.key, wide), value(env, shown.reveal)]);
        told(sheet, shown, |problem| {
            problem.place.row == Some(row) && problem.place.field.spec().pane == Pane::Environment
        });
    }
}

fn value(env: &EnvVar, reveal: bool) -> Piece {
    match reveal {
        true if env.value.is_empty() => Piece::new(EMPTY, Tone::Faint),
        true => Piece::new(env.value.reveal(), Tone::Plain),
        false => Piece::new(MASK, Tone::Faint),
    }
}

/// Where values begin in a list whose keys are these.
fn keys_width<'a>(keys: impl Iterator<Item = &'a str>) -> usize {
    let widest = keys.map(shown_width).max().unwrap_or(0);
    (widest + 4).clamp(VALUES, MOST_KEYS)
}

fn label(text: &str, wide: usize) -> Piece {
    let room = wide.saturating_sub(shown_width(text) + 2);
    // A key that is longer than its column pushes its value on.
    let gap = if room == 0 { "  " } else { "" };
    Piece::new(format!("  {text}{gap}"), Tone::Plain).wide(wide)
}

fn facts(sheet: &mut TextSheet, shown: &ShownEndpoint) {
    let status = &shown.loaded.status;
    sheet.line([Piece::new("Endpoint (read-only)", Tone::Strong)]);
    let root = match status.rootfs_size.as_str() {
        "" => String::new(),
        size => format!("{size} GB"),
    };
    let mut all = vec![
        ("App name".to_owned(), status.app_name.clone()),
        ("GPU product".to_owned(), status.products.join(", ")),
        ("CUDA version".to_owned(), status.cuda_version.clone()),
        ("Root disk".to_owned(), root),
    ];
    let probe = |(name, text): &(String, String)| (format!("Probe {name}"), text.clone());
    all.extend(status.probe.iter().map(probe));
    all.push(("Log".to_owned(), status.log.clone()));
    let wide = keys_width(
        all.iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, _)| name.as_str()),
    );
    for (name, text) in all.iter().filter(|(_, text)| !text.is_empty()) {
        sheet.line([label(name, wide), Piece::new(text, Tone::Plain)]);
    }
    settings(sheet, shown);
    let there: Vec<&Worker> = status.present_workers().collect();
    if !there.is_empty() {
        let count = format!("Workers now {}", there.len());
        sheet.blank();
        sheet.line([Piece::new(count, Tone::Strong)]);
    }
    for worker in there {
        let health = if worker.healthy { "healthy" } else { "not healthy" };
        let state = &worker.state;
        let mut more = health.to_owned();
        for text in [&state.error, &state.message] {
            if !text.is_empty() {
                more.push_str(&format!(", {text}"));
            }
        }
        let word = Piece::new(format!("{}  ", state.word), state_tone(&state.word)).wide(NUMBERS);
        sheet.line([label(&worker.id, VALUES), word, Piece::new(more, Tone::Plain)]);
    }
}

/// What no document knows and no update carries.
fn settings(sheet: &mut TextSheet, shown: &ShownEndpoint) {
    let status = &shown.loaded.status;
    if status.settings.is_empty() {
        return;
    }
    sheet.blank();
    let title = format!(
        "Settings that no update carries {}",
        status.settings.len() + status.settings_left_out
    );
    sheet.line([Piece::new(title, Tone::Strong)]);
    let wide = keys_width(status.settings.iter().map(|setting| setting.path.as_str()));
    for setting in &status.settings {
        let tone = match setting.is_secret() && !shown.reveal {
            true => Tone::Faint,
            false => Tone::Plain,
        };
        sheet.line([
            label(&setting.path, wide),
            Piece::new(setting.shown(shown.reveal), tone),
        ]);
    }
    if status.settings_left_out > 0 {
        let more = format!("  … {} more, which are not kept", status.settings_left_out);
        sheet.line([Piece::new(more, Tone::Faint)]);
    }
}

/// What is wrong with the field or the row above.
fn told(sheet: &mut TextSheet, shown: &ShownEndpoint, here: impl Fn(&Problem) -> bool) {
    for problem in shown.problems.iter().filter(|problem| here(problem)) {
        let (sign, tone) = sign(problem.severity);
        sheet.sentence(4, sign, format!("{} ({})", problem.message, problem.source), tone);
    }
}

fn sign(severity: Severity) -> (&'static str, Tone) {
    match severity {
        Severity::Error => ("✗", Tone::Bad),
        Severity::Warning => ("!", Tone::Warning),
    }
}
