//! Volumes and environment: add, edit, delete, move, mask.

use novita_edit::endpoint::{EnvVar, VolumeType};
use novita_edit::secret::MASK;

use crate::harness::Editor;

fn keys(editor: &Editor) -> Vec<&str> {
    editor.now().envs.iter().map(|e| e.key.as_str()).collect()
}

fn at(row: &str) -> Editor {
    let mut editor = Editor::form();
    editor.keys(&format!("/{row}<Enter>"));
    assert_eq!(editor.focus(), row);
    editor
}

#[test]
fn a_adds_an_env_below_the_focused_one_part_by_part() {
    let mut editor = at("HF_TOKEN");
    editor.keys("aNEW_KEY<Enter>value<Enter>");
    assert_eq!(keys(&editor)[..3], ["HF_TOKEN", "NEW_KEY", "MODEL_NAME"]);
    assert_eq!(editor.now().envs[1], EnvVar::new("NEW_KEY", "value"));
    assert_eq!(editor.focus(), "NEW_KEY");
    editor.shows("Environment 13");
    editor.keys("u");
    assert_eq!(editor.now().envs.len(), 12);
}

#[test]
fn enter_on_an_env_edits_its_value() {
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter><C-u>128<Enter>");
    assert_eq!(editor.now().envs[6], EnvVar::new("MAX_NUM_SEQS", "128"));
}

#[test]
fn an_envs_key_is_edited_by_tab() {
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter><S-Tab><C-u>SEQS<Enter>");
    assert_eq!(editor.now().envs[6], EnvVar::new("SEQS", "64"));
    assert_eq!(editor.focus(), "SEQS");
}

#[test]
fn esc_leaves_a_row_as_it_was_and_a_new_one_out() {
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter>999<Tab>999<Esc>");
    assert_eq!(editor.now().envs[6], EnvVar::new("MAX_NUM_SEQS", "64"));
    editor.keys("aX<Enter>y<Esc>");
    assert_eq!(editor.now().envs.len(), 12);
    editor.keys("<C-y>");
    assert!(
        editor.now().envs.contains(&EnvVar::new("X", "y")),
        "redo brings it back"
    );
}

#[test]
fn d_deletes_the_row_and_u_brings_it_back_to_its_place() {
    let mut editor = at("MODEL_NAME");
    editor.keys("d");
    assert_eq!(keys(&editor)[..2], ["HF_TOKEN", "VLLM_ATTENTION_BACKEND"]);
    assert_eq!(editor.focus(), "VLLM_ATTENTION_BACKEND");
    editor.keys("u");
    assert_eq!(keys(&editor)[1], "MODEL_NAME");
}

#[test]
fn all_rows_can_be_deleted_and_one_added_to_the_empty_list() {
    let mut editor = at("HF_TOKEN");
    editor.keys(&"d".repeat(14));
    assert_eq!(editor.now().envs.len(), 0);
    assert_eq!(editor.focus(), "no env");
    editor.keys("aA<Enter>1<Enter>");
    assert_eq!(keys(&editor), ["A"]);
    editor.keys(&"u".repeat(13));
    assert_eq!(editor.now().envs.len(), 12);
}

#[test]
fn capital_j_and_k_move_the_row_and_the_focus_with_it() {
    let mut editor = at("MODEL_NAME");
    editor.keys("J");
    assert_eq!(keys(&editor)[..3], ["HF_TOKEN", "VLLM_ATTENTION_BACKEND", "MODEL_NAME"]);
    assert_eq!(editor.focus(), "MODEL_NAME");
    editor.keys("KKK");
    assert_eq!(keys(&editor)[0], "MODEL_NAME");
    assert_eq!(editor.focus(), "MODEL_NAME");
    editor.keys("uuu");
    assert_eq!(keys(&editor)[..2], ["HF_TOKEN", "MODEL_NAME"]);
}

#[test]
fn a_moved_row_is_a_change_that_the_review_lists() {
    let mut editor = at("MODEL_NAME");
    editor.keys("Kw");
    editor.shows("Environment").shows("1 change").shows("order");
}

#[test]
fn list_keys_on_a_single_field_say_what_they_are_for() {
    let mut editor = Editor::form();
    editor.keys("/max w<Enter>a");
    editor.shows("a adds a row to a list");
    editor.keys("d");
    editor.shows("d deletes a row");
    assert!(!editor.form_state().work.is_changed());
}

#[test]
fn a_local_volume_is_added_part_by_part() {
    let mut editor = at("/data");
    editor.keys("a<Enter><Enter>/scratch<Enter>");
    let volume = &editor.now().volumes[1];
    assert_eq!(volume.kind, VolumeType::Local);
    assert_eq!(volume.size.text(), "30");
    assert_eq!(volume.mount_path, "/scratch");
    assert_eq!(editor.now().volumes.len(), 3);
}

#[test]
fn a_network_volume_is_added_part_by_part() {
    let mut editor = at("/data");
    editor.keys("an<Enter>stor_4<Enter>/cache<Enter>");
    let volume = &editor.now().volumes[1];
    assert_eq!(volume.kind, VolumeType::Network);
    assert_eq!(volume.storage_id, "stor_4");
    assert_eq!(volume.mount_path, "/cache");
}

#[test]
fn a_volumes_mount_path_is_edited_by_enter() {
    let mut editor = at("/data");
    editor.keys("<Enter><C-u>/d<Enter>");
    assert_eq!(editor.now().volumes[0].mount_path, "/d");
    editor.keys("u");
    assert_eq!(editor.now().volumes[0].mount_path, "/data");
}

#[test]
fn capital_u_puts_a_row_back_as_it_was_loaded() {
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter>9<Enter>U");
    assert_eq!(editor.now().envs[6], EnvVar::new("MAX_NUM_SEQS", "64"));
    assert!(!editor.form_state().work.is_changed());
}

#[test]
fn values_are_masked_one_width_for_all_until_revealed() {
    let mut editor = at("MODEL_NAME");
    editor.hides("hf_demo").hides("Llama-3.1-8B-Instruct\u{2502}");
    let masks = editor.screen().matches(MASK).count();
    assert!(masks > 3, "{masks}");
    editor.hides("•••••••");
    editor.keys("v");
    assert!(editor.line("MODEL_NAME").contains("meta-"), "{}", editor.screen());
    editor.hides("hf_demo");
    editor.keys("v");
    assert!(editor.line("MODEL_NAME").contains(MASK));
    editor.keys("V");
    editor.shows("hf_demo").hides(MASK);
    editor.keys("V");
    editor.hides("hf_demo");
}

#[test]
fn a_masked_value_is_masked_in_its_box_until_it_is_touched() {
    let mut editor = at("HF_TOKEN");
    editor.keys("<Enter>");
    editor.hides("hf_demo");
    editor.keys("<End>").hides("hf_demo");
    editor.keys("x").shows("hf_demo_not_a_real_tokenx");
    // What isn't shown is selected, and looks like that: letters don't come behind what nobody sees.
    let mut editor = at("HF_TOKEN");
    editor.keys("<Enter>").shows("typing replaces it");
    assert!(editor.is_reversed("••••••  "), "{}", editor.screen());
    editor.keys("new").shows("›Value       new").hides("hf_demo");
    // One that is shown is edited.
    let mut editor = at("HF_TOKEN");
    editor.keys("v<Enter>x").shows("hf_demo_not_a_real_tokenx");
}

#[test]
fn a_revealed_row_does_not_reveal_another_one_that_takes_its_place() {
    let mut editor = at("MODEL_NAME");
    editor.keys("vkd");
    assert_eq!(editor.focus(), "MODEL_NAME");
    editor.keys("uvd");
    editor.hides("FLASH_ATTN");
}

#[test]
fn undo_does_not_reveal_another_value() {
    // v reveals row 1; undo of an insertion above it moves the rows; what is seen must not change hands.
    let mut editor = at("HF_TOKEN");
    editor.keys("aX<Enter>1<Enter>k");
    assert_eq!(editor.focus(), "HF_TOKEN");
    editor.keys("jv");
    assert_eq!(editor.focus(), "X");
    editor.keys("u");
    assert!(!editor.line("MODEL_NAME").contains("meta-"), "{}", editor.screen());
}

#[test]
fn y_copies_the_focused_value_and_capital_y_the_whole_body() {
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("y");
    assert_eq!(editor.copied(), "64");
    editor.shows("Sent to the terminal's clipboard: the value of MAX_NUM_SEQS, in clear.");
    editor.keys("Y");
    assert_eq!(editor.copied(), novita_edit::endpoint::body::text(editor.now()));
    editor.shows("clipboard: the body, 12 environment values in clear.");
}

#[test]
fn a_duplicate_key_is_warned_of_while_it_is_typed() {
    let mut editor = at("HF_TOKEN");
    editor.keys("aMODEL_NAME");
    editor.shows("the key is there 2 times");
    editor.keys("_2");
    editor.hides("the key is there 2 times");
}

#[test]
fn the_mask_typed_as_a_value_is_an_error() {
    let mut editor = at("HF_TOKEN");
    editor.keys("<Enter><C-u>").paste(MASK);
    editor.keys("<Enter>");
    editor.shows("the value is the mask itself");
    editor.shows("Environment 12 ✗1 !1");
}

#[test]
fn a_value_may_have_several_lines() {
    let mut editor = at("HF_TOKEN");
    editor.keys("<Enter><C-u>").paste("one\ntwo");
    editor.keys("<Enter>");
    assert_eq!(editor.now().envs[0].value.reveal(), "one\ntwo");
    editor.keys("v");
    editor.shows("one␊two");
}

#[test]
fn a_new_row_is_no_error_before_anything_could_be_typed() {
    let mut editor = Editor::form();
    editor.keys("/HF_TOKEN<Enter>a").shows("New env").hides("✗");
    // What is typed is checked as ever.
    editor.keys("9X").shows("no shell can read this name");
    editor.keys("<C-u>").hides("✗");
    // Left blank it is told, and so it is when it is taken.
    editor.keys("<Enter>").shows("✗ Key:");
    editor.keys("<Esc>").hides("✗");
    editor.keys("a<Tab>").shows("✗ Key:");
    editor
        .keys("<Esc>a<C-s>")
        .shows("✗ Environment")
        .shows("Enter to the first error");
    assert_eq!(editor.sent(), None);
    assert_eq!(editor.now().envs.len(), 13);
}

#[test]
fn a_new_volume_is_told_part_by_part() {
    let mut editor = Editor::form();
    editor.keys("/data<Enter>a").shows("New volume").hides("✗");
    editor.keys(" <Tab>").shows("Storage ID").hides("✗");
    // The storage was passed over, the mount path is where the cursor is.
    editor.keys("<Tab>").shows("✗ Storage ID:").hides("✗2");
    editor.keys("/x<Enter>").shows("✗1");
}

#[test]
fn an_equals_sign_behind_a_name_leads_to_the_value() {
    let mut editor = at("MODEL_NAME");
    editor.keys("aTOKEN=abc=1<Enter>");
    let envs = &editor.now().envs;
    let added = envs
        .iter()
        .find(|env| env.key == "TOKEN")
        .expect("the name is what stands before the sign");
    assert_eq!(added.value.reveal(), "abc=1");
    // In a row that is there the value stays until it is typed over.
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter><S-Tab><End>2=<Enter>");
    let row = editor.now().envs.iter().find(|env| env.key == "MAX_NUM_SEQS2").unwrap();
    assert_eq!(row.value.reveal(), "64");
    // In the middle of a name it would part the name.
    let mut editor = at("MAX_NUM_SEQS");
    editor.keys("<Enter><S-Tab><Home>=");
    editor.shows("A name has no =");
    editor.keys("<C-u>=").shows("A name has no =");
}

#[test]
fn a_pasted_line_is_parted_into_name_and_value() {
    for (pasted, key, value) in [
        ("HF=secret=1", "HF", "secret=1"),
        ("HF=secret\n", "HF", "secret"),
        ("export HF=\"two words\"", "HF", "two words"),
        ("HF=", "HF", ""),
    ] {
        let mut editor = at("MODEL_NAME");
        editor.keys("a").paste(pasted);
        editor.shows("The paste was parted at its =");
        assert!(
            editor.form_state().typing().is_some_and(|typing| typing.place().1),
            "the value has the focus"
        );
        editor.keys("<Enter>");
        let row = editor.now().envs.iter().find(|env| env.key == key);
        assert_eq!(row.map(|row| row.value.reveal()), Some(value), "{pasted}");
    }
    // Behind what is typed already, and in pieces.
    let mut editor = at("MODEL_NAME");
    editor.keys("aMY_").paste_piece("KEY=sec", true, false);
    editor.paste_piece("ret", false, true).keys("<Enter>");
    let row = editor.now().envs.iter().find(|env| env.key == "MY_KEY");
    assert_eq!(row.map(|row| row.value.reveal()), Some("secret"));
    // Several are for the list.
    let mut editor = at("MODEL_NAME");
    editor.keys("a").paste("A=1\nB=2");
    editor.shows("The paste has 2 variables");
}
