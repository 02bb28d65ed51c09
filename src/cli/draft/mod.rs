//! `novita-edit draft`: what the editor left unsaved on this machine, for this account. No server is asked.

mod discard;
mod listed;

use clap::{Args, Subcommand};

use super::changes;
use super::failure::Failure;
use super::options::{OutputArgs, RevealArgs, not_empty};
use super::output::{self, Align, Column, OutputFormat, Table, Tone};
use crate::endpoint::diff::{Change, changes as differences};
use crate::endpoint::format::EMPTY;
use crate::endpoint::inventory::named;
use crate::exit_code::Exit;
use crate::fs::{day, when};
use crate::platform::Platform;
use crate::secret::MASK;
use crate::store::{Draft, EndpointFiles, Owner, Store};
use crate::text::capital;
use crate::tui::left_texts::kept_files;
use crate::tui::model::EditorTarget;

/// How an ID is told: no server is asked for it.
const ID_HELP: &str = "Endpoint: its id, or its name, as loaded or as its draft has it";

#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum DraftCommand {
    /// All drafts, discarded ones too: id, name, how much is changed, since when, who edits it now
    #[command(visible_alias = "ls")]
    List(OutputArgs),
    /// What a draft changes of what was loaded
    Show(DraftShowArgs),
    /// Put a draft aside for 7 days, or delete it for good
    Discard(DiscardArgs),
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DraftShowArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// The newest one that was discarded
    #[arg(long)]
    pub discarded: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub reveal: RevealArgs,
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DiscardArgs {
    #[arg(value_name = "ID", help = ID_HELP, value_parser = not_empty())]
    pub id: String,

    /// Delete it for good, and what was discarded before
    #[arg(long)]
    pub now: bool,

    /// Don't ask
    #[arg(short, long)]
    pub yes: bool,
}

/// A draft and where it stands.
struct LeftDraft {
    files: EndpointFiles,
    draft: Box<Draft>,
    /// It was kept under another API key of the same API.
    is_of_other_key: bool,
    /// Who edits the endpoint now.
    editor: Option<Owner>,
    /// When it was discarded and until when it is kept, RFC 3339; `None`: it wasn't.
    discarded: Option<(String, String)>,
}

/// Does what is asked for.
///
/// # Errors
/// The drafts can't be read, there is none of the endpoint, or it is being edited.
pub fn run(platform: &Platform, command: &DraftCommand) -> Result<Exit, Failure> {
    let send_log = platform.send_log();
    if platform.config().state_dirs.is_none() {
        return without_home(command);
    }
    let store = send_log.look().map_err(Failure::File)?;
    let name = send_log.base_url();
    match command {
        DraftCommand::List(output) => {
            let mut all = drafts(&store, name, true)?;
            all.extend(discarded(&store, name)?);
            list(&all, &kept_files(send_log.dirs(), send_log.account()), output.output)
        }
        DraftCommand::Show(args) if args.discarded => show(
            &one(newest_each(discarded(&store, name)?), &args.id, "discarded draft")?,
            args,
        ),
        DraftCommand::Show(args) => show(&left_or_discarded(&store, name, &args.id)?, args),
        DraftCommand::Discard(args) if args.now => {
            let mut all = drafts(&store, name, false)?;
            all.extend(discarded(&store, name)?);
            discard::delete(&one(newest_each(all), &args.id, "draft")?, &platform.place(), args.yes)
        }
        DraftCommand::Discard(args) => {
            let left = left_or_discarded(&store, name, &args.id)?;
            let again = || {
                Ok(drafts(&store, name, false)?
                    .into_iter()
                    .find(|other| other.is_of(&left)))
            };
            discard::run(&left, &platform.place(), args.yes, again)
        }
    }
}

/// There is no place where a draft could be.
fn without_home(command: &DraftCommand) -> Result<Exit, Failure> {
    const NO_HOME: &str = "there is no home directory (HOME, XDG_STATE_HOME), so there are no drafts";
    let DraftCommand::List(output) = command else {
        return Err(Failure::NotFound(format!("{NO_HOME}.")));
    };
    output::document(output.output, &[(); 0], String::new, Vec::new)?;
    output::note(&format!("{}.", capital(NO_HOME)));
    Ok(Exit::Done)
}

/// All drafts that can be used, those that another key of the same API left last; `tell` also of the others.
fn drafts(store: &Store, name: &str, tell: bool) -> Result<Vec<LeftDraft>, Failure> {
    let unreadable = |error: crate::fs::FsError| Failure::File(format!("the drafts can't be read: {error}"));
    let mut all = Vec::new();
    for left in store.drafts_left(name).map_err(unreadable)? {
        match left.draft {
            Ok((files, draft)) => {
                let editor = files.editor().map_err(unreadable)?;
                all.push(LeftDraft {
                    files,
                    draft,
                    is_of_other_key: false,
                    editor,
                    discarded: None,
                });
            }
            Err(why) if tell => {
                let path = left.path.display();
                let text = format!("{path} is no draft that can be used: {why}. The editor puts it aside.");
                output::note(&output::warning(&text));
            }
            Err(_) => {}
        }
    }
    let others = store.drafts_of_other_keys(name).into_iter();
    all.extend(others.map(|(files, draft)| LeftDraft {
        files,
        draft,
        is_of_other_key: true,
        editor: None,
        discarded: None,
    }));
    Ok(all)
}

/// All that were discarded and are still kept, the newest first.
fn discarded(store: &Store, name: &str) -> Result<Vec<LeftDraft>, Failure> {
    let unreadable = |error| Failure::File(format!("the discarded drafts can't be read: {error}"));
    let all = store.discarded(name).map_err(unreadable)?.into_iter();
    Ok(all
        .map(|(files, one)| LeftDraft {
            files,
            draft: one.draft,
            is_of_other_key: false,
            editor: None,
            discarded: Some((one.at, one.until)),
        })
        .collect())
}

/// The first one of each endpoint.
fn newest_each(all: Vec<LeftDraft>) -> Vec<LeftDraft> {
    let mut seen = Vec::new();
    let mut is_first = |left: &LeftDraft| {
        let new = !seen.contains(&left.draft.endpoint);
        seen.push(left.draft.endpoint.clone());
        new
    };
    all.into_iter().filter(|left| is_first(left)).collect()
}

/// The draft that is meant; where it was discarded, the failure says so.
fn left_or_discarded(store: &Store, name: &str, wanted: &str) -> Result<LeftDraft, Failure> {
    let missing = match one(drafts(store, name, false)?, wanted, "draft") {
        Err(Failure::NotFound(why)) => why,
        found => return found,
    };
    let gone = newest_each(discarded(store, name)?);
    Err(Failure::NotFound(match one(gone, wanted, "discarded draft") {
        Ok(LeftDraft {
            discarded: Some((at, _)),
            ..
        }) => format!(
            "there is no unsaved draft of {}. Edits discarded {} are kept: `novita-edit draft show {} --discarded`.",
            output::safe(wanted),
            when(&at),
            output::safe(&shlex::try_quote(wanted).unwrap_or(wanted.into())),
        ),
        _ => missing,
    }))
}

/// The draft that is meant, as it is called: an id, or a name that only one has, as it was loaded or as it is edited.
fn one(all: Vec<LeftDraft>, wanted: &str, called: &str) -> Result<LeftDraft, Failure> {
    let shown = output::safe(wanted);
    let is_id = |left: &LeftDraft| left.draft.endpoint == wanted;
    let is_named = |left: &LeftDraft| left.draft.edited.name == wanted || left.draft.loaded.config.name == wanted;
    let named = all.iter().filter(|left| is_named(left)).count();
    let found = match all.iter().any(is_id) {
        true => all.iter().position(is_id),
        false if named == 1 => all.iter().position(is_named),
        false => None,
    };
    if let Some(at) = found {
        return Ok(all.into_iter().nth(at).expect("it was just found there"));
    }
    let lines: String = all.iter().map(|left| format!("  {}\n", left.title())).collect();
    Err(Failure::NotFound(match (named, all.is_empty()) {
        (_, true) => format!(
            "there is no {called} of {shown}: this account has none on this machine. Check --profile, the base URL and the key: \
             drafts belong to an account. `novita-edit draft list` lists them."
        ),
        (0 | 1, false) => {
            format!("there is no {called} of {shown}. These are there:\n{lines}Give the id of one of them.")
        }
        (several, false) => format!("{several} {called}s have the name {shown}:\n{lines}Give the id of one of them."),
    }))
}

fn list(all: &[LeftDraft], files: &[String], form: OutputFormat) -> Result<Exit, Failure> {
    // Names are for other commands, which mean drafts that are left.
    let drafts = || all.iter().filter(|left| left.discarded.is_none());
    let names = || {
        let mut names: Vec<_> = drafts().map(|left| left.draft.endpoint.clone()).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    };
    let listed: Vec<_> = all.iter().map(listed::short).collect();
    output::result(form, &listed, || table(all), names)?;
    for file in files {
        output::note(&output::safe(file));
    }
    if all.is_empty() && files.is_empty() {
        output::note("No draft: nothing is left unsaved on this machine for this account.");
    }
    Ok(Exit::Done)
}

fn table(all: &[LeftDraft]) -> Table {
    let mut table = Table::new([
        Column::new("ID", Align::Left, 0),
        Column::new("NAME", Align::Left, 1).cut_to(12),
        Column::new("CHANGES", Align::Right, 0),
        Column::new("SAVED", Align::Left, 2),
        Column::new("", Align::Left, 3).cut_to(20),
    ]);
    for left in all {
        let mut more = Vec::new();
        if let Some((at, until)) = &left.discarded {
            more.push(format!("discarded {}, kept until {}", when(at), day(until)));
        }
        if left.is_of_other_key {
            more.push("kept under another API key".to_owned());
        }
        if left.draft.typing.is_some() {
            more.push("a field was being typed".to_owned());
        }
        if left.draft.sent.is_some() {
            more.push("sent, not known if stored".to_owned());
        }
        more.extend(
            left.editor
                .iter()
                .map(|owner| format!("being edited by {}", owner.in_words())),
        );
        let cells = [
            (left.draft.endpoint.clone(), Tone::Plain),
            (left.draft.edited.name.clone(), Tone::Strong),
            (left.counted(), Tone::Plain),
            (when(&left.draft.saved_at), Tone::Plain),
            (more.join("; "), Tone::Warning),
        ];
        table.row(cells);
    }
    table
}

fn show(left: &LeftDraft, args: &DraftShowArgs) -> Result<Exit, Failure> {
    let reveal = args.reveal.reveal;
    let shown = left.lines(reveal).join("\n") + "\n";
    let masked = match args.output.output {
        _ if reveal => 0,
        OutputFormat::Name => 0,
        _ => shown.matches(MASK).count(),
    };
    let names = || vec![left.draft.endpoint.clone()];
    output::document(args.output.output, &listed::whole(left, reveal), || shown, names)?;
    output::tell_masked(masked);
    Ok(Exit::Done)
}

impl LeftDraft {
    /// Whether it was written with values, or with texts that may hold some, and may not be kept so any more.
    fn loses_values(&self) -> bool {
        let draft = &self.draft;
        let texts = draft.editor_texts.iter().map(|editor_text| &editor_text.text);
        let values = draft.edited.envs.iter().map(|env| &env.value).chain(texts);
        let typed = draft.typing.as_ref().filter(|typing| typing.place().1);
        let mut all = values.chain(typed.map(|typing| &typing.text));
        !self.files.redactor().keeps_values() && all.any(|value| !value.is_redacted())
    }

    /// How much of it isn't on the server: `2`, and texts from the editor beside it, `0, 1 text`.
    fn counted(&self) -> String {
        let changes = self.changes().len();
        match self.draft.editor_texts.len() {
            0 => changes.to_string(),
            1 => format!("{changes}, 1 text"),
            texts => format!("{changes}, {texts} texts"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        differences(&self.draft.loaded.config, &self.draft.edited)
    }

    /// `llama-3-8b (ep_7f3a91c2)`.
    fn title(&self) -> String {
        output::safe(&named(&self.draft.edited.name, &self.draft.endpoint))
    }

    /// Whether it is a draft of the same endpoint, newer or not.
    fn is_of(&self, other: &Self) -> bool {
        self.files.draft_path() == other.files.draft_path()
    }

    /// What is left, for people: whose, since when, and each change.
    fn lines(&self, reveal: bool) -> Vec<String> {
        let draft = &self.draft;
        let saved = when(&draft.saved_at);
        let title = Tone::Strong.paint(&self.title());
        let mut lines = vec![match (&self.discarded, &self.editor) {
            (Some((at, until)), _) => format!("{title}: discarded {}, kept until {}.", when(at), day(until)),
            (None, Some(owner)) => {
                let owner = output::safe(&owner.in_words());
                format!("{title}: being edited by {owner}; this is of {saved}.")
            }
            (None, None) if self.is_of_other_key => {
                format!("{title}: left unsaved under another API key, {saved}. The editor offers it for this one.")
            }
            (None, None) => format!("{title}: left unsaved, {saved}."),
        }];
        let configs = (&draft.loaded.config, &draft.edited);
        let changes = self.changes();
        lines.extend(changes.iter().map(|change| changes::line(change, configs, reveal)));
        if changes.is_empty() {
            lines.push("  Nothing differs from what was loaded.".to_owned());
        }
        if let Some((name, text)) = self.typing(reveal) {
            let text = if text.is_empty() { EMPTY } else { &text };
            let text = Tone::Plain.paint(&format!("{name}: {text} (being typed, not taken yet)"));
            lines.push(format!("  {} {text}", Tone::Warning.paint("›")));
        }
        for editor_text in &draft.editor_texts {
            let name = EditorTarget::of(&editor_text.what).name();
            let text = Tone::Plain.paint(&format!("a text of {name} from the editor, not taken"));
            lines.push(format!("  {} {}", Tone::Warning.paint("›"), output::safe(&text)));
        }
        if draft.sent.is_some() {
            let text = "They were sent, and whether they were stored was not known then.";
            lines.push(format!("  {} {text}", Tone::Warning.paint("!")));
        }
        lines
    }

    /// Where a text was being typed, and the text.
    fn typing(&self, reveal: bool) -> Option<(String, String)> {
        let typing = self.draft.typing.as_ref()?;
        let (name, secret) = typing.place();
        let text = match &typing.text {
            text if text.is_redacted() => "(not kept)",
            text if secret => changes::secret_text(text, reveal),
            text => text.reveal(),
        };
        Some((name, text.to_owned()))
    }
}
