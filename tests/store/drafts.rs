//! Drafts: written whole or not at all, and never lost to what stands in their place.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use novita_edit::endpoint::edit::Row;
use novita_edit::endpoint::{EnvVar, FieldId};
use novita_edit::fs::FsError;
use novita_edit::secret::Secret;
use novita_edit::store::{EditorLockError, FoundDraft, MOST_BYTES, SendFacts, Typing, TypingTarget, Unsaved};

use crate::harness::*;

#[test]
fn what_was_written_is_read_with_its_stamps() {
    let (_home, files) = files();
    let own = mine(&files);
    assert!(draft(&files).is_none());
    let typing = Typing {
        what: TypingTarget::Row {
            at: 3,
            old: None,
            row: Row::Env(EnvVar::new("A", "")),
            part: FieldId::EnvValue,
        },
        text: Secret::new("two\nlines"),
        cursor: (1, 2),
    };
    let unsaved = Unsaved {
        typing: Some(typing.clone()),
        sent: Some(Arc::new(config("7"))),
        ..unsaved("08")
    };
    own.write_draft(&unsaved).unwrap();
    let read = draft(&files).unwrap();
    assert_eq!((read.base_url.as_str(), read.endpoint.as_str()), (BASE, ID));
    assert_eq!(read.pid, std::process::id());
    assert!(read.saved_at.parse::<jiff::Timestamp>().is_ok(), "{}", read.saved_at);
    assert_eq!(read.edited.workers.max_num.text(), "08");
    assert_eq!(read.edited.envs[0].value.reveal(), "hf_hidden");
    assert!(read.loaded.has_health_check);
    assert_eq!(read.typing, Some(typing));
    assert_eq!(read.sent.unwrap().workers.max_num.text(), "7");
    own.remove_draft().unwrap();
    assert!(draft(&files).is_none());
    own.remove_draft().unwrap();
}

#[test]
fn a_reader_sees_the_old_draft_or_the_new_one_never_half_of_one() {
    let (_home, files) = files();
    let own = mine(&files);
    let (few, many) = (large(1), large(2000));
    own.write_draft(&few).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let reader = {
        let (files, stop) = (files.clone(), Arc::clone(&stop));
        std::thread::spawn(move || {
            let mut seen = [0; 2];
            while !stop.load(Ordering::SeqCst) {
                match draft(&files).unwrap().edited.envs.len() {
                    1 => seen[0] += 1,
                    2000 => seen[1] += 1,
                    other => panic!("{other} envs"),
                }
            }
            seen
        })
    };
    for _ in 0..20 {
        own.write_draft(&many).unwrap();
        own.write_draft(&few).unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    reader.join().unwrap();
    assert_eq!(
        names(&drafts_dir(&files)),
        ["ep_1.draft.json", "ep_1.editor.lock", "ep_1.owner.json"]
    );
}

/// Puts something in the draft's place, and gives where it is set aside to and why.
fn set_aside(put: impl FnOnce(&Path)) -> (tempfile::TempDir, PathBuf, String) {
    let (home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("6")).unwrap();
    put(&files.draft_path());
    let start = Instant::now();
    let found = files.read_draft().unwrap();
    assert!(start.elapsed() < Duration::from_secs(2));
    let FoundDraft::SetAside { name, why } = found else {
        panic!("{found}");
    };
    assert_eq!(name.parent(), files.draft_path().parent());
    // The place is free again.
    assert!(draft(&files).is_none());
    own.write_draft(&unsaved("7")).unwrap();
    assert_eq!(max(&files).unwrap(), "7");
    (home, name, why)
}

fn replaced(with: impl FnOnce(String) -> String) -> impl FnOnce(&Path) {
    |path| {
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::write(path, with(text)).unwrap();
    }
}

#[test]
fn a_draft_of_another_version_is_set_aside_as_it_is() {
    let (_home, name, why) = set_aside(replaced(|text| text.replacen("\"version\":1", "\"version\":2", 1)));
    assert_eq!(why, "it is of version 2; this program knows version 1");
    assert!(std::fs::read_to_string(&name).unwrap().contains("hf_hidden"));
    assert_eq!(mode(&name), 0o600);
}

#[test]
fn a_damaged_draft_is_set_aside_without_telling_what_is_in_it() {
    let half = |text: String| text[..text.len() / 2].to_owned();
    let no_field = |text: String| text.replace("null", r#"{"what":{"field":"hf_hidden"},"text":"","cursor":[0,0]}"#);
    type Damage = Box<dyn FnOnce(String) -> String>;
    let damages: [(&str, Damage); 5] = [
        ("empty", Box::new(|_| String::new())),
        ("truncated", Box::new(half)),
        ("not JSON", Box::new(|_| "hf_hidden".into())),
        (
            "a word for a boolean",
            Box::new(|text| text.replace("true", "\"hf_hidden\"")),
        ),
        ("an unknown field", Box::new(no_field)),
    ];
    for (damage, with) in damages {
        let (_home, name, why) = set_aside(replaced(with));
        assert!(why.starts_with("it is damaged (line 1"), "{damage}: {why}");
        assert!(name.exists() && !why.contains("hidden"), "{damage}: {why}");
    }
}

#[test]
fn a_draft_of_another_endpoint_is_set_aside() {
    let (_home, _, why) = set_aside(replaced(|text| {
        text.replace("\"endpoint\":\"ep_1\"", "\"endpoint\":\"ep_2\"")
    }));
    assert_eq!(why, "it belongs to another endpoint");
}

#[test]
fn a_link_a_pipe_a_directory_and_a_huge_file_are_set_aside_not_followed_and_not_waited_for() {
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    std::fs::write(&target, "theirs").unwrap();
    let (_home, name, why) = set_aside(|path| {
        std::fs::remove_file(path).unwrap();
        symlink(&target, path).unwrap();
    });
    assert_eq!(why, "it is not a regular file");
    assert!(name.is_symlink());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "theirs");

    let (_home, _, why) = set_aside(|path| {
        std::fs::remove_file(path).unwrap();
        assert!(
            std::process::Command::new("mkfifo")
                .arg(path)
                .status()
                .unwrap()
                .success()
        );
    });
    assert_eq!(why, "it is not a regular file");

    let (_home, name, _) = set_aside(|path| {
        std::fs::remove_file(path).unwrap();
        std::fs::create_dir(path).unwrap();
    });
    assert!(name.is_dir());

    let (_home, name, why) = set_aside(|path| {
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(MOST_BYTES + 1).unwrap();
    });
    assert_eq!(why, "it is over 64 MiB");
    assert_eq!(name.metadata().unwrap().len(), MOST_BYTES + 1);
}

#[test]
fn a_second_draft_set_aside_gets_another_name() {
    let (_home, files) = files();
    let aside = || {
        files.try_editor_lock().unwrap();
        std::fs::write(files.draft_path(), "x").unwrap();
        match files.read_draft().unwrap() {
            FoundDraft::SetAside { name, .. } => name,
            other => panic!("{other}"),
        }
    };
    let names = [aside(), aside(), aside()];
    assert!(names.iter().all(|name| name.exists()));
    assert!(names[0] != names[1] && names[1] != names[2]);
}

#[test]
fn a_link_in_the_drafts_place_is_neither_replaced_nor_removed() {
    let (home, files) = files();
    let own = mine(&files);
    let target = home.path().join("target");
    std::fs::write(&target, "theirs").unwrap();
    symlink(&target, files.draft_path()).unwrap();
    for refused in [own.write_draft(&unsaved("6")), own.remove_draft()] {
        let error = refused.unwrap_err();
        assert!(
            matches!(error, EditorLockError::Io(FsError::NotRegular { .. })),
            "{error}"
        );
        assert!(
            error.to_string().contains("ep_1.draft.json is not a regular file"),
            "{error}"
        );
    }
    assert!(files.draft_path().is_symlink());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "theirs");
}

#[test]
fn unknown_keys_are_passed_over() {
    let (_home, files) = files();
    mine(&files).write_draft(&unsaved("6")).unwrap();
    let text = std::fs::read_to_string(files.draft_path()).unwrap();
    let text = text
        .replacen('{', "{\"mood\":[1],", 1)
        .replace("\"envs\"", "\"later\":{},\"envs\"");
    std::fs::write(files.draft_path(), text).unwrap();
    assert_eq!(max(&files).unwrap(), "6");
}

#[test]
fn no_debug_text_tells_a_value_that_is_being_typed_or_set() {
    let (_home, files) = files();
    let own = mine(&files);
    let typing = Typing {
        what: TypingTarget::Row {
            at: 0,
            old: Some(Row::Env(EnvVar::new("A", "hf_hidden"))),
            row: Row::Env(EnvVar::new("A", "hf_hidden")),
            part: FieldId::EnvValue,
        },
        text: Secret::new("hf_hidden"),
        cursor: (0, 0),
    };
    let unsaved = Unsaved {
        typing: Some(typing),
        sent: Some(Arc::new(config("7"))),
        ..unsaved("6")
    };
    own.write_draft(&unsaved).unwrap();
    let send = files
        .record_send(&unsaved.loaded, &unsaved.edited, &SendFacts::default())
        .unwrap();
    let all = format!(
        "{unsaved:?} {:?} {own:?} {:?} {send:?}",
        files.read_draft(),
        files.history()
    );
    assert!(!all.contains("hidden"), "{all}");
    assert!(all.contains("HF_TOKEN"));
}

#[test]
fn a_draft_from_before_there_were_unread_texts_is_read() {
    let (_home, files) = files();
    mine(&files).write_draft(&unsaved("6")).unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&std::fs::read(files.draft_path()).unwrap()).unwrap();
    assert!(file.as_object_mut().unwrap().remove("unread").is_some());
    std::fs::write(files.draft_path(), file.to_string()).unwrap();
    assert!(draft(&files).unwrap().editor_texts.is_empty());
}
