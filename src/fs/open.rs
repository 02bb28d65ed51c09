//! The one way a file is opened: what it has to be before it is used, and with what it is read whole.
//!
//! The checks are made on what was opened, so that it can't be exchanged between check and use, and nothing is waited
//! for: a pipe in a file's place is refused.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::secret::read_to_end;

/// Mode of a file that only its owner may read and write.
pub const PRIVATE_FILE: u32 = 0o600;

/// What a file has to be to be used. All of them have to be regular files, but for `/dev/null`, which is empty
/// settings.
///
/// "Its owner" is the user or root, whose files are as good as one's own; to root, as in a container, anybody's are, but
/// for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Of this program, in a directory of its own: no link, and its owner's.
    Own,
    /// In a place that isn't asked about: no link, whosever it is.
    Unlinked,
    /// That the user named: a link is followed, and it may be anybody's.
    Named,
    /// Settings, which may name a command that is run, and the server that the key goes to: a link is followed, as
    /// people have them who keep such files elsewhere; its owner's, and nobody else may write it, nor put another file
    /// in its place. To root only root's are as good as its own.
    Settings,
    /// The API key: a link is followed; its owner's, and nobody else may read or write it. Writing counts too: whoever
    /// can exchange the key decides in whose account the endpoints are changed.
    Key,
}

/// What a file is opened for. One that isn't there is made, but for reading alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenFor {
    /// Reading.
    Read,
    /// Writing behind what is there.
    Append,
    /// Reading, and writing behind what is there.
    ReadAppend,
    /// Reading and writing; what is there stays until it is written over.
    ReadWrite,
}

impl OpenFor {
    fn options(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        match self {
            Self::Read => options.read(true),
            Self::Append => options.append(true).create(true),
            Self::ReadAppend => options.read(true).append(true).create(true),
            Self::ReadWrite => options.read(true).write(true).create(true).truncate(false),
        };
        options
    }
}

/// What keeps a file from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is a link that isn't followed, a directory, a pipe, a device…
    NotRegular,
    /// It is another user's.
    Foreign {
        /// Whose, by number.
        owner: u32,
    },
    /// Others may write it, or read it where they may not.
    Exposed {
        /// Its permission bits.
        mode: u32,
    },
    /// Others may put another file in its place, by the directory that it is in.
    Replaceable {
        /// That directory.
        dir: PathBuf,
        /// Whose it is, by number.
        owner: u32,
        /// Its permission bits.
        mode: u32,
    },
    /// It has more bytes than there may be.
    TooLarge,
}

/// Why there is no open file, or nothing read.
#[derive(Debug)]
pub enum OpenError {
    /// The system doesn't open it.
    Unopened(io::Error),
    /// It is not what it has to be.
    Unfit(Unfit),
    /// The system opened it, and doesn't give what is in it.
    Unread(io::Error),
}

impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Unopened(problem) | OpenError::Unread(problem) => problem,
            OpenError::Unfit(_) => io::ErrorKind::InvalidInput.into(),
        }
    }
}

/// An open file.
#[derive(Debug)]
pub struct OpenFile {
    /// What it is read and written by.
    pub file: File,
    /// How many bytes it had when it was opened.
    pub size: u64,
}

impl OpenFile {
    /// Gives the file mode 0600 if it has another one: a file that was made may lack what its owner needs, by the
    /// umask.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_private(&self) -> io::Result<()> {
        if self.file.metadata()?.mode() & 0o777 == PRIVATE_FILE {
            return Ok(());
        }
        self.file.set_permissions(Permissions::from_mode(PRIVATE_FILE))
    }

    /// Whether this file is the one that stands at the path.
    pub fn is_at(&self, path: &Path) -> bool {
        match (self.file.metadata(), std::fs::symlink_metadata(path)) {
            (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
            _ => false,
        }
    }

    /// Takes the file's lock unless somebody else has it; whether it was free. It is let go when the file is closed.
    ///
    /// # Errors
    /// What the system says, where there are no locks for instance.
    pub fn try_lock(&self) -> io::Result<bool> {
        self.try_flock(FlockOperation::NonBlockingLockExclusive)
    }

    /// Whether somebody has the file's lock now. Whoever looks at the same time doesn't count.
    ///
    /// # Errors
    /// As of [`Self::try_lock`].
    pub fn is_locked(&self) -> io::Result<bool> {
        let free = self.try_flock(FlockOperation::NonBlockingLockShared)?;
        if free {
            self.try_flock(FlockOperation::Unlock)?;
        }
        Ok(!free)
    }

    fn try_flock(&self, operation: FlockOperation) -> io::Result<bool> {
        loop {
            match rustix::fs::flock(&self.file, operation) {
                Ok(()) => return Ok(true),
                Err(Errno::WOULDBLOCK) => return Ok(false),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }
}

/// Opens a file, if it is what it has to be. One that is made gets mode 0600.
///
/// # Errors
/// It can't be opened, or isn't fit.
pub fn open(path: &Path, what_for: OpenFor, rules: Rules) -> Result<OpenFile, OpenError> {
    if rules == Rules::Settings {
        check_dirs(path).map_err(OpenError::Unfit)?;
    }
    let follows_links = !matches!(rules, Rules::Own | Rules::Unlinked);
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    flags.set(OFlags::NOFOLLOW, !follows_links);
    let mut options = what_for.options();
    // The flags are the system's own numbers on either side.
    options.mode(PRIVATE_FILE).custom_flags(flags.bits() as i32);
    let file = options
        .open(path)
        .map_err(|problem| match Errno::from_io_error(&problem) {
            Some(Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::ISDIR) if !follows_links => {
                OpenError::Unfit(Unfit::NotRegular)
            }
            _ => OpenError::Unopened(problem),
        })?;
    let facts = file.metadata().map_err(OpenError::Unopened)?;
    if !(rules == Rules::Settings && is_null(&facts)) {
        let user = rustix::process::geteuid().as_raw();
        check(rules, FileFacts::of(&facts), user).map_err(OpenError::Unfit)?;
    }
    Ok(OpenFile {
        size: facts.len(),
        file,
    })
}

/// Opens what the user named to be read once, from its beginning to its end, whatever it is: a pipe or a terminal too,
/// which is waited for. Nothing of it is checked.
///
/// # Errors
/// What the system says.
pub fn open_stream(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What a file holds, at most so many bytes.
///
/// # Errors
/// It can't be opened or read, isn't fit, or has more bytes.
pub fn read(path: &Path, rules: Rules, most: u64) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let OpenFile { file, size } = open(path, OpenFor::Read, rules)?;
    if size > most {
        return Err(OpenError::Unfit(Unfit::TooLarge));
    }
    let bytes = read_to_end(file, size, most + 1).map_err(OpenError::Unread)?;
    if bytes.len() as u64 > most {
        return Err(OpenError::Unfit(Unfit::TooLarge));
    }
    Ok(bytes)
}

fn is_null(facts: &Metadata) -> bool {
    let is_same = |null: Metadata| null.rdev() == facts.rdev();
    facts.file_type().is_char_device() && std::fs::metadata("/dev/null").is_ok_and(is_same)
}

/// What the rules ask of a file.
#[derive(Clone, Copy)]
struct FileFacts {
    is_regular: bool,
    /// Permission bits.
    mode: u32,
    owner: u32,
    group: u32,
}

impl FileFacts {
    fn of(facts: &Metadata) -> Self {
        Self {
            is_regular: facts.is_file(),
            mode: facts.mode() & 0o7777,
            owner: facts.uid(),
            group: facts.gid(),
        }
    }

    fn is_exposed(self, rules: Rules) -> bool {
        match rules {
            Rules::Own | Rules::Unlinked | Rules::Named => false,
            // Where each user has a group of their own, with the same number, new files are writable by it.
            Rules::Settings => self.mode & 0o002 != 0 || self.mode & 0o020 != 0 && self.group != self.owner,
            Rules::Key => self.mode & 0o066 != 0,
        }
    }
}

/// Whether nobody else can put another file in the place of this one: neither where the path says, nor where a link there
/// leads. What isn't there isn't looked at.
fn check_dirs(path: &Path) -> Result<(), Unfit> {
    let user = rustix::process::geteuid().as_raw();
    let target = std::fs::canonicalize(path).ok();
    for file in [Some(path), target.as_deref()].into_iter().flatten() {
        let dir = match file.parent() {
            Some(dir) if dir.as_os_str().is_empty() => Path::new("."),
            Some(dir) => dir,
            None => continue,
        };
        if let Ok(facts) = std::fs::metadata(dir)
            && is_shared(FileFacts::of(&facts), user)
            // What is no file of anybody, as `/dev/null`, is judged by itself.
            && !std::fs::metadata(file).is_ok_and(|file| is_null(&file))
        {
            return Err(Unfit::Replaceable {
                dir: dir.to_owned(),
                owner: facts.uid(),
                mode: facts.mode() & 0o7777,
            });
        }
    }
    Ok(())
}

/// Whether others can exchange what the user has in a directory. Where it is sticky, as `/tmp`, they can't.
fn is_shared(dir: FileFacts, user: u32) -> bool {
    const STICKY: u32 = 0o1000;
    let foreign = dir.owner != user && dir.owner != 0;
    // The owner of a sticky directory may still do all.
    foreign || (dir.mode & STICKY == 0 && dir.is_exposed(Rules::Settings))
}

/// Whether a file is somebody else's.
pub(super) const fn is_foreign(owner: u32, user: u32) -> bool {
    owner != user && owner != 0 && user != 0
}

fn check(rules: Rules, facts: FileFacts, user: u32) -> Result<(), Unfit> {
    if !facts.is_regular {
        return Err(Unfit::NotRegular);
    }
    let exposed = Unfit::Exposed { mode: facts.mode };
    // Of a key this comes first: that others may read it is what has to be mended, whosever it is.
    if rules == Rules::Key && facts.is_exposed(rules) {
        return Err(exposed);
    }
    let foreign = match rules {
        Rules::Unlinked | Rules::Named => false,
        Rules::Settings => facts.owner != user && facts.owner != 0,
        Rules::Own | Rules::Key => is_foreign(facts.owner, user),
    };
    if foreign {
        return Err(Unfit::Foreign { owner: facts.owner });
    }
    if facts.is_exposed(rules) {
        return Err(exposed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const ALL: [Rules; 5] = [Rules::Own, Rules::Unlinked, Rules::Named, Rules::Settings, Rules::Key];

    fn opened(path: &Path, rules: Rules) -> Result<(), OpenError> {
        open(path, OpenFor::Read, rules).map(drop)
    }

    fn is_irregular(path: &Path, rules: Rules) -> bool {
        matches!(opened(path, rules), Err(OpenError::Unfit(Unfit::NotRegular)))
    }

    #[test]
    fn others_may_write_no_settings_and_read_no_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, "").unwrap();
        for (mode, fits) in [
            (0o600, &ALL[..]),
            (0o400, &ALL[..]),
            (0o700, &ALL[..]),
            (0o644, &ALL[..4]),
            (0o666, &ALL[..3]),
            (0o602, &ALL[..3]),
        ] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            for rules in ALL {
                match opened(&path, rules) {
                    Ok(()) => assert!(fits.contains(&rules), "{rules:?} {mode:o}"),
                    Err(OpenError::Unfit(Unfit::Exposed { mode: told })) => {
                        assert!(told == mode && !fits.contains(&rules), "{rules:?} {mode:o}");
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    #[test]
    fn links_are_followed_where_people_have_them() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("file"), dir.path().join("link"));
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        symlink(&path, &link).unwrap();
        for rules in ALL {
            let refuses = matches!(rules, Rules::Own | Rules::Unlinked);
            assert_eq!(is_irregular(&link, rules), refuses, "{rules:?}");
            assert_eq!(opened(&link, rules).is_ok(), !refuses, "{rules:?}");
        }
    }

    #[test]
    fn directories_pipes_and_devices_are_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        let null = Path::new("/dev/null");
        for rules in ALL {
            for path in [dir.path(), &fifo] {
                assert!(is_irregular(path, rules), "{rules:?} {path:?}");
            }
            assert_eq!(opened(null, rules).is_ok(), rules == Rules::Settings, "{rules:?}");
        }
    }

    #[test]
    fn whose_file_and_whose_group_it_is_counts() {
        let facts = |mode, owner, group| FileFacts {
            is_regular: true,
            mode,
            owner,
            group,
        };
        for (facts, user) in [
            (facts(0o644, 1000, 100), 1000),
            (facts(0o644, 0, 0), 1000),
            (facts(0o664, 1000, 1000), 1000),
            (facts(0o644, 0, 0), 0),
        ] {
            assert_eq!(check(Rules::Settings, facts, user), Ok(()));
        }
        // What another user wrote decides which command root runs.
        let of_a_user = check(Rules::Settings, facts(0o600, 1000, 1000), 0);
        assert_eq!(of_a_user, Err(Unfit::Foreign { owner: 1000 }));
        let writable = check(Rules::Settings, facts(0o664, 1000, 100), 1000);
        assert_eq!(writable, Err(Unfit::Exposed { mode: 0o664 }));
        let foreign = facts(0o600, 1001, 1001);
        for rules in ALL {
            let expected = match rules {
                Rules::Unlinked | Rules::Named => Ok(()),
                _ => Err(Unfit::Foreign { owner: 1001 }),
            };
            assert_eq!(check(rules, foreign, 1000), expected);
            assert_eq!(check(rules, facts(0o600, 0, 0), 1000), Ok(()));
            if rules != Rules::Settings {
                assert_eq!(check(rules, facts(0o600, 1000, 1000), 0), Ok(()));
            }
        }
        let key = check(Rules::Key, facts(0o644, 1001, 1001), 1000);
        assert_eq!(key, Err(Unfit::Exposed { mode: 0o644 }));
    }

    #[test]
    fn settings_are_not_read_where_others_can_exchange_them() {
        let dir = tempfile::tempdir().unwrap();
        let (open_dir, own_dir) = (dir.path().join("open"), dir.path().join("own"));
        for made in [&open_dir, &own_dir] {
            std::fs::create_dir(made).unwrap();
            std::fs::write(made.join("file"), "").unwrap();
            std::fs::set_permissions(made.join("file"), Permissions::from_mode(0o600)).unwrap();
        }
        let set = |mode| std::fs::set_permissions(&open_dir, Permissions::from_mode(mode)).unwrap();
        let file = open_dir.join("file");
        let link = own_dir.join("link");
        symlink(&file, &link).unwrap();
        for (mode, fits) in [
            (0o700, true),
            (0o755, true),
            (0o777, false),
            (0o1777, true),
            (0o702, false),
        ] {
            set(mode);
            for path in [&file, &link] {
                let told = opened(path, Rules::Settings);
                assert_eq!(told.is_ok(), fits, "{mode:o} {path:?} {told:?}");
                assert!(
                    fits || matches!(&told, Err(OpenError::Unfit(Unfit::Replaceable { dir, mode: told, .. }))
                        if dir.ends_with("open") && *told == mode)
                );
            }
            // Also one that isn't there: somebody may have taken it away.
            let missing = opened(&open_dir.join("none"), Rules::Settings);
            assert_eq!(matches!(missing, Err(OpenError::Unopened(_))), fits, "{mode:o}");
            // Whatever else is read is judged by itself.
            for rules in ALL.into_iter().filter(|rules| *rules != Rules::Settings) {
                assert!(opened(&file, rules).is_ok(), "{rules:?}");
            }
        }
    }

    #[test]
    fn whose_directory_it_is_counts_for_settings() {
        let dir = |mode, owner, group| FileFacts {
            is_regular: false,
            mode,
            owner,
            group,
        };
        for (dir, user, shared) in [
            (dir(0o755, 1000, 1000), 1000, false),
            (dir(0o755, 0, 0), 1000, false),
            (dir(0o755, 1001, 1001), 1000, true),
            (dir(0o1777, 0, 0), 1000, false),
            (dir(0o1777, 1001, 1001), 1000, true),
            (dir(0o775, 1000, 1000), 1000, false),
            (dir(0o775, 1000, 100), 1000, true),
            (dir(0o755, 1000, 1000), 0, true),
            (dir(0o755, 0, 0), 0, false),
        ] {
            assert_eq!(is_shared(dir, user), shared, "{:o} {} {user}", dir.mode, dir.owner);
        }
    }

    #[test]
    fn a_lock_is_seen_by_others_and_looking_takes_it_from_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let open = || open(&path, OpenFor::ReadWrite, Rules::Own).unwrap();
        let (held, first, second) = (open(), open(), open());
        assert!(!first.is_locked().unwrap());
        assert!(held.try_lock().unwrap());
        assert!(first.is_locked().unwrap() && second.is_locked().unwrap());
        drop(held);
        assert!(!first.is_locked().unwrap());
    }

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_at_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, [b'x'; 100]).unwrap();
        assert_eq!(read(&path, Rules::Named, 100).unwrap().len(), 100);
        let refused = read(&path, Rules::Named, 99);
        assert!(matches!(refused, Err(OpenError::Unfit(Unfit::TooLarge))));
    }
}
