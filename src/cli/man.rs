//! `novita-edit man`: a man page of the program and of each command, made of the same definition as the help.

use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::args::{self, ManArgs};
use super::failure::Failure;
use super::output;
use crate::exit_code::Exit;

/// When the pages were last looked through.
const DATE: &str = "2026-11-28";

/// On every page.
const FILES: &str = "\
  ~/.config/novita-edit/config.toml   settings and profiles
  ~/.config/novita-edit/keymap.toml   keys
  ~/.config/novita-edit/themes/       themes
  ~/.local/state/novita-edit/drafts   what is unsaved, values in clear
  ~/.local/state/novita-edit/history  what was sent, values in clear

  $XDG_CONFIG_HOME and $XDG_STATE_HOME take the place of ~/.config and
  ~/.local/state. `novita-edit config path` prints where they are.";

/// The sections of the program's own help that every page has.
const OF_ALL: [&str; 2] = ["Exit codes", "Environment"];

/// Prints a page, or writes all.
///
/// # Errors
/// There is no such command, or a file can't be written.
pub fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let program = args::definition();
    if let Some(dir) = &args.dir {
        write_all(&program, &program, dir)?;
        return Ok(Exit::Done);
    }
    let mut command = &program;
    for word in &args.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            let words = output::safe(&args.command.join(" "));
            Failure::Usage(format!("there is no command {words}. `novita-edit --help` lists them."))
        })?;
    }
    output::exact(&page(&program, command)?)?;
    Ok(Exit::Done)
}

fn write_all(program: &Command, command: &Command, dir: &Path) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = dir.join(format!("{name}.1"));
    let written = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&path, page(program, command)?));
    written.map_err(|problem| Failure::NotWritten { path, problem })?;
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    shown.into_iter().try_for_each(|inner| write_all(program, inner, dir))
}

fn page(program: &Command, command: &Command) -> io::Result<String> {
    let help = |command: &Command| command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (general, own) = (help(program), help(command));
    let man = Man::new(command.clone());
    // The title by hand: clap_mangen's leaves the date out, and what follows it moves up.
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
        .to_uppercase();
    let version = program.get_version().unwrap_or_default();
    let mut text = format!(".TH \"{name}\" \"1\" \"{DATE}\" \"novita-edit {version}\" \"novita-edit\"\n").into_bytes();
    man.render_name_section(&mut text)?;
    let mut roff = Roff::new();
    // clap_mangen's would list every option of every command.
    let usage = command.clone().render_usage().to_string();
    roff.control("SH", ["SYNOPSIS"]);
    let usage: Vec<String> = usage
        .trim_start_matches("Usage:")
        .lines()
        .map(|line| line.trim().to_owned())
        .collect();
    as_it_stands(&mut roff, &usage);
    roff.to_writer(&mut text)?;
    man.render_description_section(&mut text)?;
    let (lead, mut sections) = sections(&own);
    let mut roff = Roff::new();
    for paragraph in lead.split(String::is_empty).filter(|paragraph| !paragraph.is_empty()) {
        roff.control("PP", []);
        match paragraph {
            [first, ..] if first.starts_with(' ') => as_it_stands(&mut roff, paragraph),
            _ => drop(roff.text([roman(paragraph.join(" "))])),
        }
    }
    roff.to_writer(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.get_subcommands().any(|command| !command.is_hide_set()) {
        man.render_subcommands_section(&mut text)?;
    }
    let missing = |title: &&str| !sections.iter().any(|(other, _)| other == *title);
    let missing: Vec<&str> = OF_ALL.iter().copied().filter(missing).collect();
    let of_all = self::sections(&general).1;
    sections.extend(
        of_all
            .into_iter()
            .filter(|(title, _)| missing.contains(&title.as_str())),
    );
    sections.push(("Files".to_owned(), FILES.lines().map(str::to_owned).collect()));
    // As man pages have it: codes, environment, files, then the rest, examples last.
    let rank = |title: &str| match title {
        "Settings" => 0,
        "Exit codes" => 1,
        "Environment" => 2,
        "Files" => 3,
        "Examples" => 5,
        _ => 4,
    };
    sections.sort_by_key(|(title, _)| rank(title));
    let mut roff = Roff::new();
    for (title, lines) in &sections {
        let title = match title.as_str() {
            "Exit codes" => "EXIT STATUS".to_owned(),
            title => title.to_uppercase(),
        };
        roff.control("SH", [title.as_str()]);
        as_it_stands(&mut roff, lines);
    }
    roff.to_writer(&mut text)?;
    // clap_mangen breaks the line before and after the blank one, which breaks it already.
    Ok(String::from_utf8_lossy(&text).replace(".br\n\n.br\n", ".sp\n"))
}

/// A title, and the lines under it.
type ManSection = (String, Vec<String>);

/// What stands behind the options in a help: the lines before the first title, and the sections. A title is a line that
/// ends in a colon, not indented.
fn sections(help: &str) -> (Vec<String>, Vec<ManSection>) {
    let mut lead: Vec<String> = Vec::new();
    let mut sections: Vec<ManSection> = Vec::new();
    for line in help.lines() {
        let title = line
            .strip_suffix(':')
            .filter(|title| !title.is_empty() && !title.starts_with(' '));
        match (title, sections.last_mut()) {
            (Some(title), _) => sections.push((title.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => lead.push(line.to_owned()),
        }
    }
    for lines in sections.iter_mut().map(|(_, lines)| lines).chain([&mut lead]) {
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
    }
    (lead, sections)
}

/// Lines that are not filled: they were written for 80 columns, so they begin near the edge.
fn as_it_stands(roff: &mut Roff, lines: &[String]) {
    roff.control("in", ["2n"]);
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("fi", []);
    roff.control("in", []);
}
