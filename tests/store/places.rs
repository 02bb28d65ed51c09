//! Directories, modes, names, and what stands in their way.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use novita_edit::fs::FsError;
use novita_edit::store::{EditorLockAttempt, SendFacts, Store};

use crate::again;
use crate::harness::*;

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn assert_private(root: &Path) {
    for path in all_under(root).iter().filter(|path| !path.is_symlink()) {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path), wanted, "{path:?}");
    }
}

fn write_everything(home: &Path) {
    let files = files_in(home);
    let own = mine(&files);
    own.write_draft(&unsaved("6")).unwrap();
    files
        .record_send(&snapshot(), &config("6"), &SendFacts::default())
        .unwrap();
    let root = dirs(home).root().to_owned();
    assert_eq!(all_under(&root).len(), 9);
    assert_private(&root);
}

#[test]
#[ignore = "a helper"]
fn helper_writes_everything() {
    if let Some(home) = again::home() {
        write_everything(&home);
    }
}

#[test]
fn directories_are_0700_and_files_0600_whatever_the_umask() {
    for umask in ["0000", "0022", "0077", "0277", "0777"] {
        let home = tempfile::tempdir().unwrap();
        let helper = again::command("places::helper_writes_everything", home.path());
        let status = std::process::Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
            .arg(helper.get_program())
            .args(helper.get_args())
            .env(again::HOME, home.path())
            .output()
            .unwrap();
        assert!(
            status.status.success(),
            "{umask}: {}",
            String::from_utf8_lossy(&status.stdout)
        );
        assert!(dirs(home.path()).root().is_dir());
    }
}

#[test]
fn looser_modes_are_tightened() {
    let home = tempfile::tempdir().unwrap();
    write_everything(home.path());
    let root = dirs(home.path()).root().to_owned();
    for path in all_under(&root) {
        chmod(&path, if path.is_dir() { 0o777 } else { 0o666 });
    }
    write_everything(home.path());
}

#[test]
fn the_root_may_be_a_link_but_nothing_below_it() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), dirs(home.path()).root()).unwrap();
    write_everything(home.path());

    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(dirs(home.path()).root()).unwrap();
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), dirs(home.path()).drafts()).unwrap();
    let error = Store::open(&dirs(home.path()), &account()).unwrap_err();
    assert!(matches!(error, FsError::NotDirectory { .. }), "{error}");
    assert!(error.to_string().contains("drafts is not a directory"), "{error}");
    assert!(names(outside.path()).is_empty());
}

#[test]
fn a_file_in_a_directorys_place_is_told() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(dirs(home.path()).root(), "x").unwrap();
    let error = Store::open(&dirs(home.path()), &account()).unwrap_err();
    assert!(matches!(error, FsError::NotDirectory { .. }), "{error}");
}

#[test]
fn no_path_holds_the_key_and_none_leaves_its_directory() {
    let home = tempfile::tempdir().unwrap();
    let store = store(home.path());
    let long = "é/".repeat(3000);
    let ids = [
        "..",
        ".",
        "",
        "/etc/passwd",
        "a/../../b",
        "-rf",
        "A",
        "a",
        "x\0y",
        "con",
        long.as_str(),
        "~",
    ];
    let mut owners = Vec::new();
    for id in ids {
        let files = store.endpoint_files(BASE, id);
        let EditorLockAttempt::Yours(own) = files.try_editor_lock().unwrap() else {
            panic!("{id:?} has another's file");
        };
        let mut unsaved = unsaved("6");
        std::sync::Arc::make_mut(&mut unsaved.edited).id = id.to_owned();
        std::sync::Arc::make_mut(&mut unsaved.loaded).config.id = id.to_owned();
        own.write_draft(&unsaved).unwrap();
        files
            .record_send(&snapshot(), &unsaved.edited, &SendFacts::default())
            .unwrap();
        assert_eq!(draft(&files).unwrap().endpoint, id);
        owners.push(own);
    }
    let root = dirs(home.path()).root().to_owned();
    // Root, drafts, history, an account in each, and four files an id.
    assert_eq!(all_under(&root).len(), 5 + 4 * ids.len());
    assert_private(&root);
    assert_eq!(names(home.path()), ["novita-edit"]);
    assert!(
        all_under(&root)
            .iter()
            .all(|path| !path.to_str().unwrap().contains("hidden"))
    );
}

#[test]
fn a_state_directory_that_was_deleted_meanwhile_comes_back_with_the_next_write() {
    let (home, files) = files();
    let own = mine(&files);
    own.write_draft(&unsaved("6")).unwrap();
    std::fs::remove_dir_all(dirs(home.path()).root()).unwrap();
    own.write_draft(&unsaved("7")).unwrap();
    own.holds().unwrap();
    assert_eq!(max(&files).unwrap(), "7");
    files
        .record_send(&snapshot(), &config("7"), &SendFacts::default())
        .unwrap();
}

#[test]
fn accounts_do_not_see_each_others_drafts() {
    let home = tempfile::tempdir().unwrap();
    let own = mine(&files_in(home.path()));
    own.write_draft(&unsaved("6")).unwrap();
    let other = novita_edit::store::Account::new(BASE, &novita_edit::secret::Secret::new("sk_other"));
    let files = Store::open(&dirs(home.path()), &other)
        .unwrap()
        .endpoint_files(BASE, ID);
    assert!(draft(&files).is_none());
    mine(&files);
}
