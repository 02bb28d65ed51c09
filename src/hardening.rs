//! Keeps this process's memory, which holds the API key and environment values, from other eyes.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// From now on no core dump is written of this process or its children, and on Linux no other process of the user can
/// read its memory, its environment or its open files, nor attach a debugger (root can). What the system refuses stays
/// as it was.
///
/// A child may raise the limit again, and starts readable as every program does.
pub fn seal() {
    let limit = Rlimit {
        current: Some(0),
        ..getrlimit(Resource::Core)
    };
    let _ = setrlimit(Resource::Core, limit);
    // The limit doesn't hold where dumps are piped to a program, as systemd's are.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
