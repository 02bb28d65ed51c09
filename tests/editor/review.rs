//! The review: what it shows, and what has to be seen before anything is sent.

use insta::assert_snapshot;
use novita_edit::endpoint::{EnvVar, body};
use novita_edit::tui::model::Surroundings;

use crate::harness::{Editor, ID, limits_event, llama, surroundings};

/// Max workers changed, the review open and seen.
pub fn reviewing() -> Editor {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>w");
    editor.shows("Review");
    editor
}

#[test]
fn enter_sends_exactly_the_reviewed_body() {
    let mut editor = reviewing();
    let wanted = body::text(editor.now());
    editor.keys("<Enter>");
    assert_eq!(editor.sent(), Some(wanted.as_str()));
    editor.shows("Saving");
}

#[test]
fn a_second_enter_sends_nothing_more() {
    let mut editor = reviewing();
    editor.keys("<Enter><Enter><Enter>w<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn keys_that_came_before_the_reviews_frame_are_dropped() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>6<Enter>");
    editor.typed_ahead("w<Enter>");
    assert_eq!(editor.sent(), None);
    editor.shows("Review");
    editor.keys("<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn an_error_is_gone_to_instead_of_sending() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>12<Enter>gw<Enter>");
    assert_eq!(editor.sent(), None);
    editor.hides("Review");
    assert_eq!(editor.focus(), "Max workers");
    editor.shows("12 is above 10");
}

#[test]
fn without_a_change_the_review_says_so_and_still_shows_the_body() {
    let mut editor = Editor::with(|c| drop(c.envs.remove(4)));
    editor.keys("w");
    editor.shows("Nothing is changed").shows("\"id\": \"ep_7f3a91c2\"");
    editor.keys("<Enter>");
    assert_eq!(editor.sent(), None);
}

#[test]
fn without_a_change_but_with_a_warning_the_body_is_shown_all_the_same() {
    let mut editor = Editor::form();
    editor.keys("w");
    editor.shows("Nothing is changed");
    for _ in 0..4 {
        if editor.screen().contains("\"id\": \"ep_7f3a91c2\"") {
            return;
        }
        editor.keys("<Tab>");
    }
    panic!("no view shows the body");
}

#[test]
fn tab_goes_through_the_four_views_and_round() {
    let mut editor = reviewing();
    editor.shows("1 change");
    editor.keys("<Tab>");
    editor
        .shows("@@")
        .shows("-    \"maxNum\": 5,")
        .shows("+    \"maxNum\": 6,");
    editor.keys("<Tab>");
    editor.shows("\"id\": \"ep_7f3a91c2\"");
    editor.keys("<Tab>");
    editor.shows("curl --request POST").shows("$NOVITA_API_KEY");
    editor.keys("<Tab>");
    editor.shows("1 change");
    editor.keys("<S-Tab>");
    editor.shows("curl --request POST");
}

#[test]
fn no_view_shows_a_value_until_it_is_asked_for() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter><End>_more<Enter>w");
    for _ in 0..4 {
        for _ in 0..8 {
            editor.hides("hf_demo");
            editor.keys("<PgDn>");
        }
        editor.keys("<Tab>");
    }
    editor.shows("12 values masked, V shows them");
    editor.keys("V");
    editor.shows("hf_demo_not_a_real_token → hf_demo_not_a_real_token_more");
}

#[test]
fn a_changed_value_shows_as_changed_although_it_is_masked() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter><Enter>x<Enter>w");
    editor.shows("Environment HF_TOKEN").shows("•••••• → ••••••");
    editor.keys("<Tab>");
    editor
        .shows("-      \"value\": \"••••••\"")
        .shows("+      \"value\": \"••••••\"");
}

#[test]
fn esc_q_and_ctrl_c_go_back_to_the_form() {
    for key in ["<Esc>", "q", "<C-c>"] {
        let mut editor = reviewing();
        editor.keys(key);
        editor.hides("Review");
        assert_eq!(editor.asked(), [], "{key}");
        assert_eq!(editor.now().workers.max_num.text(), "6");
    }
}

/// An endpoint with more warnings than fit on a page, and one change.
fn many_warnings() -> Editor {
    let mut editor = Editor::with(|c| c.envs = (0..60).map(|at| EnvVar::new(format!("{at}-BAD"), "v")).collect());
    editor.keys("/max w<Enter>6<Enter>w");
    editor
}

#[test]
fn warnings_below_the_fold_are_scrolled_to_before_anything_is_sent() {
    let mut editor = many_warnings();
    let mut pages = vec![editor.screen()];
    for _ in 0..20 {
        editor.keys("<Enter>");
        if editor.sent().is_some() {
            break;
        }
        pages.push(editor.screen());
    }
    assert!(editor.sent().is_some(), "it is sent in the end");
    assert!(pages.len() > 3, "{} pages", pages.len());
    for at in 0..60 {
        let name = format!("Environment {at}-BAD");
        assert!(
            pages.iter().any(|page| page.contains(&name)),
            "{name} was never on the screen"
        );
    }
}

#[test]
fn scrolling_through_the_warnings_by_hand_counts_as_seeing_them() {
    let mut editor = many_warnings();
    for _ in 0..10 {
        editor.keys("<PgDn>");
    }
    editor.keys("<Enter>");
    assert!(editor.sent().is_some(), "{}", editor.screen());
}

#[test]
fn jumping_over_the_warnings_does_not_count_as_seeing_them() {
    let mut editor = many_warnings();
    editor.keys("G<Enter>");
    assert_eq!(editor.sent(), None, "the middle was never on the screen");
}

#[test]
fn enters_typed_ahead_do_not_count_as_seeing_the_warnings() {
    let mut editor = many_warnings();
    editor.typed_ahead(&"<Enter>".repeat(12));
    assert_eq!(editor.sent(), None, "no frame showed the later warnings");
}

#[test]
fn a_read_only_session_sends_nothing() {
    let around = Surroundings {
        read_only: true,
        ..surroundings()
    };
    let mut editor = Editor::starting((80, 24), around, Some(ID));
    editor.event(limits_event());
    editor.load(Ok(llama()));
    editor.shows("read-only");
    editor.asked();
    editor.keys("/max w<Enter>6<Enter>w<Enter><Enter>");
    assert_eq!(editor.asked(), []);
    editor.shows("Read-only");
}

#[test]
fn capital_y_copies_the_exact_body() {
    let mut editor = reviewing();
    editor.keys("Y");
    assert_eq!(editor.copied(), body::text(editor.now()));
    editor.shows("the body, 12 environment values in clear.");
}

#[test]
fn the_unmasked_body_on_the_screen_is_the_body_that_is_sent() {
    let mut editor = Editor::on(llama(), (120, 200));
    editor.keys("/max w<Enter>6<Enter>w<Tab><Tab>V");
    let shown: Vec<String> = editor.screen().lines().map(|l| l.trim().to_owned()).collect();
    // Unmasking changes what the list of changes says: it comes back once before Enter sends.
    editor.keys("<Enter><Enter>");
    let sent = editor
        .sent()
        .unwrap_or_else(|| panic!("not sent:\n{}", editor.screen()))
        .to_owned();
    for line in sent.lines() {
        assert!(
            shown.contains(&line.trim().to_owned()),
            "{line:?} was not on the screen"
        );
    }
}

#[test]
fn a_protected_endpoint_is_sent_only_after_its_name_was_typed() {
    let mut editor = Editor::form();
    editor.model.around.protected = true;
    editor.keys("/max w<Enter>6<Enter>w<Enter>");
    editor.shows("Type the endpoint's name to send: llama-3-8b");
    editor.keys("<Enter>");
    editor.shows("Nothing was sent: that is not the endpoint's name.");
    editor.keys("llama-3-8<Enter>");
    assert_eq!(editor.sent(), None);
    editor.keys("<Esc>");
    editor.hides("Type the endpoint's name").shows("Enter SEND");
    editor.keys("<Enter>llama-3-8b<Enter>");
    assert!(editor.sent().is_some());
}

#[test]
fn the_question_of_a_protected_endpoint() {
    let mut editor = Editor::form();
    editor.model.around.protected = true;
    assert_snapshot!("protected", editor.keys("/max w<Enter>6<Enter>w<Enter>llam").picture());
}

#[test]
fn the_command_of_the_review_is_whole_at_every_width() {
    for width in [40, 50, 80, 120] {
        let mut editor = reviewing();
        editor.resize(width, 60).keys("<Tab><Tab><Tab>");
        let screen = editor.screen();
        let lines = screen.lines().skip_while(|line| !line.contains("curl --request"));
        let command: Vec<&str> = lines.map(str::trim_end).take_while(|line| !line.is_empty()).collect();
        let indent = command[0].find("curl").unwrap();
        let text: Vec<&str> = command
            .iter()
            .map(|line| line.get(indent..).unwrap_or_default())
            .collect();
        let printed = std::process::Command::new("sh")
            .args(["-c", &text.join("\n").replacen("curl", "printf '%s\\n'", 1)])
            .env("NOVITA_API_KEY", "KEY")
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(printed.stdout).unwrap(),
            "--request\nPOST\nhttps://api.novita.ai/gpu-instance/openapi/v1/endpoint/update\n--header\nAuthorization: Bearer \
             KEY\n--header\nContent-Type: application/json\n--data-binary\n@ep_7f3a91c2.json\n",
            "{width}: {screen}"
        );
    }
}
