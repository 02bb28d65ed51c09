//! How cost grows with what there is.

use std::time::Duration;

use crate::pty::Session;
use crate::world::{ID, editor, form, server};
use crate::{median, ms};

/// Characters of a value.
const LENGTH: usize = 40;

pub fn print() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let home = home.path();
    println!("| variables | start to the filled form | a key | peak memory |");
    println!("| --- | --- | --- | --- |");
    for count in [10, 100, 1000, 5000] {
        let server = server(Some((count, LENGTH)), 0);
        let starts = (0..5).map(|_| editor(&server.base_url(), home, Some(ID)).wait_for("0–10"));
        let start = median(starts.collect());
        let mut session = form(&server, home);
        for key in ["/", "n", "a", "m", "e", "\r", "\r", "x"] {
            session.key(key.as_bytes());
        }
        let key = typed(&mut session, "abcdefghijk");
        println!("| {count} | {} | {} | {} |", ms(start), ms(key), peak(&session));
    }
    println!("\n| endpoints | start to the whole list | a move | a letter of the filter | peak memory |");
    println!("| --- | --- | --- | --- | --- |");
    for count in [10, 100, 1000, 10_000] {
        let server = server(None, count);
        let whole = format!("{count} of {count}");
        let starts = (0..3).map(|_| editor(&server.base_url(), home, None).wait_for(&whole));
        let start = median(starts.collect());
        let mut session = editor(&server.base_url(), home, None);
        session.wait_for(&whole);
        session.settle();
        let moved = typed(&mut session, "jjjjjjjjjjj");
        session.key(b"/");
        let letter = typed(&mut session, "endpoint-99");
        println!(
            "| {count} | {} | {} | {} | {} |",
            ms(start),
            ms(moved),
            ms(letter),
            peak(&session)
        );
    }
    println!();
}

fn typed(session: &mut Session, keys: &str) -> Duration {
    median(keys.bytes().map(|key| session.key(&[key]).time).collect())
}

fn peak(session: &Session) -> String {
    format!("{:.1} MiB", session.peak() as f64 / 1024.0)
}
