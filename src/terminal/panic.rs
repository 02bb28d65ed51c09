//! What any panic in any thread comes to: the screen back, the draft written, the report on stderr, exit code 101.

use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::tty::restore_now;

/// The exit code of a panic, as Rust's own runtime has it.
pub const EXIT_PANIC: i32 = 101;

/// Makes every panic end the process, also one in a task that tokio would catch: after it nobody knows what is true.
///
/// The terminal is restored first, since a panic in a hook aborts the process there and then. Then `before` runs (it
/// writes the draft; it may not wait for locks that the panicking thread can hold), then `report`, which writes to
/// stderr, for example color-eyre's `PanicHook::panic_report`. Neither may panic: write with `writeln!` and ignore the
/// error, for `eprintln!` panics where stderr has hung up. A second thread that panics meanwhile waits for the end.
pub fn install_panic_hook(
    before: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static,
    report: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static,
) {
    static PANICKING: AtomicBool = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |info| {
        if PANICKING.swap(true, Ordering::SeqCst) {
            loop {
                thread::park();
            }
        }
        restore_now();
        before(info);
        report(info);
        std::process::exit(EXIT_PANIC);
    }));
}
