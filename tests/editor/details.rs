//! Details: names in a column of their own, units, and an address that can be copied.

use crate::harness::{Editor, llama};

#[test]
fn the_probes_settings_stand_in_a_column_as_the_server_has_them() {
    for size in [(80, 50), (120, 50), (40, 60)] {
        let mut editor = Editor::on(llama(), size);
        if size.0 < 120 {
            editor.keys("i");
        }
        // No document says in which units.
        let wanted = ["30 ", "10 ", "5 ", "1 ", "3 "];
        let names = [
            "initialDelay",
            "period",
            "timeout",
            "successThreshold",
            "failureThreshold",
        ];
        let columns: Vec<usize> = names
            .iter()
            .zip(wanted)
            .map(|(name, text)| {
                let line = editor.line(&format!("  {name} "));
                let at = line.find(text).unwrap_or_else(|| panic!("no {text:?} in {line:?}"));
                line[..at].chars().count()
            })
            .collect();
        assert!(columns.windows(2).all(|two| two[0] == two[1]), "{size:?}: {columns:?}");
    }
}

#[test]
fn a_setting_that_nobody_knows_stands_as_it_came() {
    let mut endpoint = llama();
    endpoint.status.probe.push(("startupGrace".into(), "7".into()));
    let mut editor = Editor::on(endpoint, (80, 50));
    assert!(editor.keys("i").line("startupGrace").contains("startupGrace      7 "));
}

#[test]
fn the_address_stands_in_one_line_wherever_a_line_can_hold_it() {
    for size in [(40, 40), (80, 24), (120, 40)] {
        let mut editor = Editor::on(llama(), size);
        if size.0 < 120 {
            editor.keys("i");
        }
        // Not the header, which shows it too where it has the room.
        let screen = editor.screen();
        let body: Vec<&str> = screen.lines().skip(2).collect();
        assert!(
            body.iter().any(|line| line.contains("https://ep-7f3a91c2.novita.ai")),
            "{screen}"
        );
    }
}

#[test]
fn an_address_that_no_line_can_hold_is_broken_at_its_joints() {
    let mut endpoint = llama();
    endpoint.status.url = "https://ep-7f3a91c2.novita.ai/v1/chat/completions?model=llama".into();
    let mut editor = Editor::on(endpoint, (40, 40));
    let screen = editor.keys("i").screen();
    let mut lines = screen.lines().map(|line| line.trim_matches(['│', ' ']));
    assert!(
        lines.any(|line| line == "https://ep-7f3a91c2.novita.ai/v1/"),
        "{screen}"
    );
    assert_eq!(lines.next(), Some("chat/completions?model=llama"), "{screen}");
}
