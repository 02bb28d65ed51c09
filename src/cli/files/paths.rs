//! Which files `-f` means: files as they are named, the documents of folders, what a pattern matches.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use glob::MatchOptions;

use crate::cli::failure::Failure;
use crate::cli::output;

/// The name of standard input.
pub const STDIN: &str = "-";

/// A file that begins with a dot is named or isn't meant; a `*` is a part of one name, as in a shell.
const AS_SHELLS_DO: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    // Left to `hidden_parts`: the library ends the program over a name that isn't UTF-8.
    require_literal_leading_dot: false,
};

/// A folder that can't be read, or a folder or pattern without any file.
#[derive(Debug)]
pub struct NoFiles {
    /// It.
    pub named: PathBuf,
    /// What is told of it.
    pub failure: Failure,
}

type FoundFiles = Vec<Result<PathBuf, NoFiles>>;

/// All files that are meant, each once: in the order in which they were named, those of a folder or a pattern by their
/// names. What stands for no file is in its place between them and hides none.
///
/// # Errors
/// [`Failure::Usage`]: standard input is named twice, or what should be a pattern is none.
pub fn all(named: &[PathBuf], recursive: bool) -> Result<FoundFiles, Failure> {
    if named.iter().filter(|path| path.as_os_str() == STDIN).count() > 1 {
        return Err(Failure::Usage(
            "standard input can be only one of the files. Give -f - once".to_owned(),
        ));
    }
    let mut found = Vec::new();
    for path in named {
        match pattern_of(path) {
            Some(pattern) => found.extend(matching(pattern, recursive)?),
            None => found.extend(of(path, recursive)),
        }
    }
    let mut known = HashSet::new();
    found.retain(|one| one.as_ref().map_or(true, |path| is_new(path, &mut known)));
    Ok(found)
}

/// Whether a word that stands beside `-f` is one more file: what a shell makes of `-f *.yaml`.
pub fn is_document(path: &Path) -> bool {
    has_ending(path) && path.is_file()
}

/// A pattern is what has the signs of one and is no file itself.
fn pattern_of(path: &Path) -> Option<&str> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    (!path.exists()).then_some(text)
}

fn matching(pattern: &str, recursive: bool) -> Result<FoundFiles, Failure> {
    let shown = output::safe(pattern);
    let paths = glob::glob_with(pattern, AS_SHELLS_DO)
        .map_err(|error| Failure::Usage(format!("{shown} is no pattern of files: {}. Check -f", error.msg)))?;
    let mut found = Vec::new();
    let typed = hidden_parts(Path::new(pattern));
    for path in paths {
        match path {
            Ok(path) if hidden_parts(&path) > typed => {}
            Ok(path) => found.extend(of(&path, recursive)),
            Err(error) if hidden_parts(error.path()) > typed => {}
            Err(error) => found.push(Err(unreadable(error.path(), error.error()))),
        }
    }
    if found.is_empty() {
        found.push(Err(NoFiles {
            named: pattern.into(),
            failure: Failure::File(format!("no file is like {shown}. Check -f")),
        }));
    }
    Ok(found)
}

/// How many parts of a path begin with a dot: those that a pattern doesn't spell out itself it passes over.
fn hidden_parts(path: &Path) -> usize {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.as_encoded_bytes()),
        _ => None,
    });
    parts.filter(|name| name.starts_with(b".")).count()
}

/// What a path stands for: the documents in a folder; anything else for itself.
fn of(path: &Path, recursive: bool) -> FoundFiles {
    if !path.is_dir() {
        return vec![Ok(path.to_owned())];
    }
    let mut found = Vec::new();
    walk(path, recursive, &mut found);
    if found.is_empty() {
        let shown = output::safe(&path.display().to_string());
        let next = match recursive {
            true => "Check -f",
            false => "Check -f; -R looks into the folders in it, too",
        };
        found.push(Err(NoFiles {
            named: path.to_owned(),
            failure: Failure::File(format!("{shown} holds no *.json, *.yaml or *.yml file. {next}")),
        }));
    }
    found
}

/// Links to files are followed, as a mounted ConfigMap has them, links to folders aren't: they may lead in a circle.
fn walk(dir: &Path, recursive: bool, found: &mut FoundFiles) {
    let entries = fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<fs::DirEntry>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.push(Err(unreadable(dir, &error))),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !is_hidden(&entry.file_name())) {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if recursive {
                walk(&path, recursive, found);
            }
        // What can't be looked at is told when it is read.
        } else if has_ending(&path) && fs::metadata(&path).map_or(true, |facts| facts.is_file()) {
            found.push(Ok(path));
        }
    }
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    matches!(ending.as_deref(), Some("json" | "yaml" | "yml"))
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// A file that two arguments mean is read once.
fn is_new(path: &Path, known: &mut HashSet<PathBuf>) -> bool {
    match path.canonicalize() {
        Ok(real) if real.is_file() => known.insert(real),
        _ => true,
    }
}

fn unreadable(path: &Path, problem: &std::io::Error) -> NoFiles {
    let shown = output::safe(&path.display().to_string());
    NoFiles {
        named: path.to_owned(),
        failure: Failure::File(format!("{shown} can't be read: {problem}. Check -f")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a folder of files, below it.
    #[track_caller]
    fn found(files: &[&str], named: &[&str], recursive: bool) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let named: Vec<PathBuf> = named.iter().map(|name| dir.path().join(name)).collect();
        let shown = |found: Result<PathBuf, NoFiles>| match found {
            Ok(path) => path.strip_prefix(dir.path()).unwrap().display().to_string(),
            Err(none) => none.failure.to_string().replace(dir.path().to_str().unwrap(), "DIR"),
        };
        all(&named, recursive).unwrap().into_iter().map(shown).collect()
    }

    const FILES: [&str; 8] = [
        "b.yaml",
        "a.json",
        "c.YML",
        "readme.md",
        ".hidden.yaml",
        "sub/d.yaml",
        ".git/e.yaml",
        "[x].yaml",
    ];

    #[test]
    fn of_a_folder_the_documents_are_meant_by_their_names() {
        assert_eq!(found(&FILES, &[""], false), ["[x].yaml", "a.json", "b.yaml", "c.YML"]);
        assert_eq!(
            found(&FILES, &[""], true),
            ["[x].yaml", "a.json", "b.yaml", "c.YML", "sub/d.yaml"]
        );
        assert_eq!(
            found(&["readme.md", "sub/d.yaml"], [""].as_slice(), false),
            ["DIR/ holds no *.json, *.yaml or *.yml file. Check -f; -R looks into the folders in it, too"]
        );
    }

    #[test]
    fn a_pattern_is_what_is_no_file_itself() {
        assert_eq!(found(&FILES, &["[x].yaml"], false), ["[x].yaml"]);
        assert_eq!(found(&FILES, &["*.yaml"], false), ["[x].yaml", "b.yaml"]);
        assert_eq!(found(&FILES, &["*/*.yaml"], false), ["sub/d.yaml"]);
        assert_eq!(found(&FILES, &["**/?.yaml"], false), ["b.yaml", "sub/d.yaml"]);
        assert_eq!(
            found(&FILES, &["*.toml"], false),
            ["no file is like DIR/*.toml. Check -f"]
        );
    }

    #[test]
    fn what_stands_for_no_file_is_in_its_place_and_hides_none() {
        assert_eq!(
            found(&FILES, &["b.yaml", "*.toml", "sub"], false),
            ["b.yaml", "no file is like DIR/*.toml. Check -f", "sub/d.yaml"]
        );
        assert_eq!(
            found(&["readme/readme.md", "sub/d.yaml"], &["readme", "sub"], true),
            [
                "DIR/readme holds no *.json, *.yaml or *.yml file. Check -f",
                "sub/d.yaml"
            ]
        );
    }

    #[test]
    fn what_is_named_twice_is_meant_once_and_files_stay_in_their_order() {
        assert_eq!(
            found(&FILES, &["sub/d.yaml", "b.yaml", "*.yaml", ""], false),
            ["sub/d.yaml", "b.yaml", "[x].yaml", "a.json", "c.YML"]
        );
        assert_eq!(
            found(&[], &["gone.yaml"], false),
            ["gone.yaml"],
            "reading it tells that it isn't there"
        );
        let stdin = [PathBuf::from(STDIN), PathBuf::from(STDIN)];
        assert!(all(&stdin, false).is_err() && all(&stdin[..1], false).is_ok());
    }
}
