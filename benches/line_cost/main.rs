//! What the editor costs on a line: bytes, time, wake-ups and memory of the real binary in a pseudo-terminal, each
//! figure beside its goal, and vim beside it where it is installed.
//!
//! `cargo bench --bench line_cost` prints the tables of `docs/performance.md`; `-- rows`, `-- growth` or `-- ssh` only
//! one of them.

mod growth;
mod pty;
mod rows;
mod ssh;
mod world;

use std::time::Duration;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    println!("{}\n", machine());
    if is_wanted("rows") {
        rows::print();
    }
    if is_wanted("growth") {
        growth::print();
    }
    if is_wanted("ssh") {
        ssh::print();
    }
}

/// The machine, in a line.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{}, {cores} cores, load {} when it began.",
        model.map_or("a processor", |(_, name)| name.trim()),
        load.split(' ').next().unwrap_or("?")
    )
}

/// The middle one.
pub fn median<T: Copy + Ord>(mut of: Vec<T>) -> T {
    of.sort_unstable();
    of[of.len() / 2]
}

/// Milliseconds, two digits behind the point below ten.
pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 10.0 {
        format!("{ms:.2} ms")
    } else {
        format!("{ms:.0} ms")
    }
}
