//! Running the command that prints an API key.

use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::key_rules::{KEY_SIZE_LIMIT, KeyVariables};
use crate::secret::Secret;

/// How long the command may take. Long enough to type a passphrase into the prompt of a password store.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// How often a command that has closed its stdout is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// Why the command gave no key; worded to stand after "…: ". Neither the command nor its output is in it.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "each message says what it is about")]
pub enum CommandError {
    #[error("sh can't be started ({0})")]
    Start(io::Error),
    #[error("its output can't be read ({0})")]
    Output(io::Error),
    #[error("it ended with exit code {0}")]
    ExitCode(i32),
    #[error("it was ended by signal {0}")]
    Signal(i32),
    #[error("it had not ended after {} s and was stopped", .0.as_secs_f64())]
    TimedOut(Duration),
    #[error("it printed more than {} KiB; it must print the key on its first line", KEY_SIZE_LIMIT / 1024)]
    TooMuch,
}

/// What `sh -c COMMAND` printed on stdout.
///
/// stdin is empty, stderr is the user's, and the command stays in this process's group: Ctrl-C reaches it, and it may
/// ask for a passphrase on the terminal. It counts as ended when the shell has: a background process that it left
/// behind and that still holds stdout is not waited for. It has this process's environment without the `variables` that
/// hold keys.
///
/// # Errors
/// The command can't be started, fails, prints more than [`KEY_SIZE_LIMIT`] or takes longer than `limit`.
pub fn run(command: &Secret, variables: &KeyVariables, limit: Duration) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let deadline = Instant::now() + limit;
    let mut shell = Command::new("sh");
    let mut child = variables
        .keep_from(&mut shell)
        .arg("-c")
        .arg(command.reveal())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(CommandError::Start)?;
    let result = collect(&mut child, deadline).and_then(|ended| ended.ok_or(CommandError::TimedOut(limit)));
    if result.is_err() {
        // It may have ended by itself meanwhile; in either case nothing is left running or unreaped.
        let _ = child.kill();
        let _ = child.wait();
    }
    let (status, output) = result?;
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(output),
        (Some(code), _) => Err(CommandError::ExitCode(code)),
        (None, signal) => Err(CommandError::Signal(signal.unwrap_or_default())),
    }
}

type Ended = (ExitStatus, Zeroizing<Vec<u8>>);

/// Exit status and output, or `None` when the deadline came first.
fn collect(child: &mut Child, deadline: Instant) -> Result<Option<Ended>, CommandError> {
    let mut stdout = child
        .stdout
        .take()
        .expect("stdout was asked to be a pipe, and is taken once");
    ioctl_fionbio(&stdout, true).map_err(|error| CommandError::Output(error.into()))?;
    // Room for the whole, so that no growing vector leaves copies of the key behind.
    let mut output = Zeroizing::new(Vec::with_capacity(KEY_SIZE_LIMIT));
    loop {
        // Asked before reading: all that a shell that has ended wrote is then in the pipe already.
        let status = child.try_wait().map_err(CommandError::Output)?;
        let closed = drain(&mut stdout, &mut output)?;
        if let Some(status) = status {
            return Ok(Some((status, output)));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        if closed {
            std::thread::sleep(PAUSE.min(left));
        } else {
            wait_for_output(&stdout, PAUSE.min(left))?;
        }
    }
}

/// Reads what is there. True at the end of the output.
fn drain(stdout: &mut ChildStdout, output: &mut Vec<u8>) -> Result<bool, CommandError> {
    let mut buffer = Zeroizing::new([0_u8; 4096]);
    loop {
        match stdout.read(buffer.as_mut_slice()) {
            Ok(0) => return Ok(true),
            Ok(count) => {
                if output.len() + count > KEY_SIZE_LIMIT {
                    output.zeroize();
                    return Err(CommandError::TooMuch);
                }
                output.extend_from_slice(&buffer[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CommandError::Output(error)),
        }
    }
}

fn wait_for_output(stdout: &ChildStdout, at_most: Duration) -> Result<(), CommandError> {
    let timeout = Timespec {
        tv_sec: 0,
        tv_nsec: at_most.subsec_nanos().into(),
    };
    match poll(&mut [PollFd::new(stdout, PollFlags::IN)], Some(&timeout)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(CommandError::Output(error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output_of(command: &str) -> Result<Vec<u8>, CommandError> {
        run(&Secret::new(command), &KeyVariables::new([]), TIME_LIMIT).map(|output| output.to_vec())
    }

    #[test]
    fn the_output_is_whole_also_when_it_comes_in_pieces() {
        assert_eq!(
            output_of("printf sk_; sleep 0.1; printf 'abc\\n'").unwrap(),
            b"sk_abc\n"
        );
    }

    #[test]
    fn stdin_is_empty() {
        assert_eq!(output_of("cat; echo end").unwrap(), b"end\n");
    }

    #[test]
    fn a_failing_command_is_told_by_its_code_or_signal() {
        assert!(matches!(output_of("echo sk_x; exit 7"), Err(CommandError::ExitCode(7))));
        assert!(matches!(
            output_of("no-such-program-here 2>/dev/null"),
            Err(CommandError::ExitCode(127))
        ));
        assert!(matches!(output_of("kill -TERM $$"), Err(CommandError::Signal(15))));
    }

    #[test]
    fn a_command_that_does_not_end_is_stopped() {
        let limit = Duration::from_millis(100);
        for command in ["exec sleep 600", "exec >&-; exec sleep 600"] {
            let error = run(&Secret::new(command), &KeyVariables::new([]), limit).unwrap_err();
            assert!(matches!(error, CommandError::TimedOut(_)), "{command}: {error}");
            assert_eq!(error.to_string(), "it had not ended after 0.1 s and was stopped");
        }
    }

    #[test]
    fn a_process_left_in_the_background_is_not_waited_for() {
        // `sleep` keeps stdout open: waiting for the end of the output would run into the time limit.
        let output = String::from_utf8(output_of("sleep 60 & echo sk_abc $!").unwrap()).unwrap();
        let pid = output.trim().strip_prefix("sk_abc ").unwrap();
        assert!(
            Command::new("kill").arg(pid).status().unwrap().success(),
            "it still ran"
        );
    }

    #[test]
    fn endless_output_is_cut_off() {
        assert!(matches!(output_of("yes"), Err(CommandError::TooMuch)));
    }
}
