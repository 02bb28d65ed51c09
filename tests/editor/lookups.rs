//! Look-ups: asked for in the background, chosen from under a field, and never in the way.

use insta::assert_snapshot;
use novita_edit::endpoint::{FieldId, Storage};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{LookedUp, Opened};

use crate::harness::{Editor, ID, cut, limits_event, llama, surroundings};
use crate::situations::picker_of;

fn known() -> Editor {
    let mut editor = Editor::form();
    editor.looked_up();
    editor
}

fn failed(editor: &mut Editor) {
    for answer in [
        LookedUp::Storages(Err(cut("GET /networkstorages/list"))),
        LookedUp::Clusters(Err(cut("GET /clusters"))),
        LookedUp::Credentials(Err(cut("GET /repository/auths"))),
    ] {
        editor.event(Event::Lookup(answer));
    }
}

fn open(editor: &mut Editor) {
    editor.load(Ok(llama()));
    editor.event(Event::Opened(ID.into(), Box::new(Opened::ours())));
}

#[test]
fn they_are_asked_for_when_the_first_form_opens_and_kept_for_the_session() {
    let mut editor = Editor::starting((80, 24), surroundings(), Some(ID));
    editor.event(limits_event());
    assert!(!editor.asked().contains(&Effect::LoadLookups), "nothing needs them yet");
    open(&mut editor);
    assert_eq!(editor.asked(), [Effect::LoadLookups]);
    editor.looked_up().keys("o<Enter>");
    editor.event(Event::Page(editor.model.request, crate::harness::summaries()));
    editor.keys("<Enter>");
    open(&mut editor);
    assert!(!editor.asked().contains(&Effect::LoadLookups), "they are here");
    editor.shows("hf-cache (stor_9)");
}

#[test]
fn the_list_of_endpoints_needs_none() {
    let mut editor = picker_of(crate::harness::summaries());
    editor.keys("jk");
    assert_eq!(editor.asked(), []);
}

#[test]
fn r_reads_them_again_once_at_a_time() {
    let mut editor = Editor::form();
    editor.keys("r");
    assert!(!editor.asked().contains(&Effect::LoadLookups), "they are under way");
    editor.looked_up().keys("r");
    assert!(editor.asked().contains(&Effect::LoadLookups));
    failed(&mut editor);
    // What was known stays in use.
    editor.shows("hf-cache (stor_9)");
    editor.keys("/cluster<Enter><Enter>").shows("US East 1");
}

#[test]
fn names_stand_beside_ids_where_there_is_room() {
    let mut editor = Editor::form();
    editor.hides("hf-cache");
    editor.looked_up();
    editor.shows("hf-cache (stor_9)").hides("US Dallas");
    editor.resize(200, 40);
    editor.shows("US Dallas NAS 2 (us-dallas-nas-2)");
    editor.resize(40, 12).keys("/models<Enter>");
    editor.shows("stor_9").shows("/models");
}

#[test]
fn a_cluster_is_chosen_from_the_list_under_its_field() {
    let mut editor = known();
    editor.keys("/cluster<Enter><Enter>");
    // The id that stands there hides no other.
    editor.shows("eu-frankfurt-nas-1  EU Frankfurt NAS 1  H100 SXM, L40S");
    editor.shows("no network storage");
    assert_snapshot!("lookup_clusters", editor.picture());
    editor.keys("<Down><Down>");
    editor.shows("›eu-frankfurt-nas-1");
    editor.keys("<Enter>");
    assert_eq!(editor.now().cluster_id, "eu-frankfurt-nas-1");
    editor.keys("u");
    assert_eq!(editor.now().cluster_id, "us-dallas-nas-2");
}

#[test]
fn what_is_typed_filters_the_list_and_stays_free_text() {
    let mut editor = known();
    editor.keys("/cluster<Enter><Enter><C-u>frank");
    editor.shows("EU Frankfurt NAS 1").hides("US East 1");
    editor.keys("<Enter>");
    assert_eq!(editor.now().cluster_id, "frank", "Enter takes the text");
    editor.keys("<Enter><C-u>frankf<Down><Enter>");
    assert_eq!(editor.now().cluster_id, "eu-frankfurt-nas-1", "or what was chosen");
    editor.keys("<Enter><C-u>mars<Down>");
    editor.shows("Nothing matches; Enter takes \"mars\" as it is.");
    editor.keys("<Enter>");
    assert_eq!(editor.now().cluster_id, "mars");
}

#[test]
fn typing_and_going_up_lead_back_to_the_text() {
    let mut editor = known();
    editor.keys("/cluster<Enter><Enter><C-u>us<Down>-<Enter>");
    assert_eq!(editor.now().cluster_id, "us-");
    editor.keys("<Enter><C-u>us<Down><Up><Enter>");
    assert_eq!(editor.now().cluster_id, "us");
    editor.keys("<Enter><C-u>us<Down>");
    editor.paste("x").keys("<Enter>");
    assert_eq!(editor.now().cluster_id, "usx");
}

#[test]
fn esc_leaves_the_field_whatever_was_chosen() {
    let mut editor = known();
    editor.keys("/cluster<Enter><Enter><Down><Down><Esc>");
    assert_eq!(editor.now().cluster_id, "us-dallas-nas-2");
    assert!(!editor.form_state().work.is_changed());
}

#[test]
fn tab_takes_what_was_chosen_and_goes_on() {
    let mut editor = known();
    editor.keys("/auth<Enter><Enter><Down><Tab>");
    assert_eq!(editor.now().image.auth_id, "auth_2b7d");
    assert_eq!(editor.focus(), "Command");
}

#[test]
fn credentials_show_name_and_user_and_no_password() {
    let mut editor = known();
    editor.keys("/auth<Enter><Enter>");
    editor
        .shows("auth_6f03  docker-hub-acme")
        .shows("acme")
        .shows("render-bot");
    editor.hides("demo-password");
    assert!(!format!("{:?}", editor.model.lookups).contains("demo-password"));
    assert_snapshot!("lookup_credentials", editor.picture());
    editor.resize(40, 12);
    assert_snapshot!("lookup_credentials_40x12", editor.picture());
    editor.keys("acme<Down><Enter>i");
    editor.keys("<Down><Down>").shows("(auth_6f03)").shows("Its user");
}

#[test]
fn storages_stand_in_the_box_of_a_volume() {
    let mut editor = known();
    editor.keys("/models<Enter><Enter>");
    assert_snapshot!("lookup_storages", editor.picture());
    // Those in the endpoint's cluster come first.
    editor.keys("<Down><Down><Enter>");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_d2f8");
    editor.hides("Another cluster").shows("datasets");
    editor.resize(40, 12).keys("<Enter>");
    assert_snapshot!("lookup_storages_40x12", editor.picture());
}

#[test]
fn a_storage_in_another_cluster_offers_to_set_the_cluster_as_one_step() {
    let mut editor = known();
    editor.keys("/models<Enter><Enter><C-u>render<Down><Enter>");
    editor.shows("render-scratch (stor_77a0) lies in EU Frankfurt NAS 1 (eu-frankfurt-nas-1)");
    assert_snapshot!("lookup_other_cluster", editor.picture());
    editor.keys("y");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_77a0");
    assert_eq!(editor.now().cluster_id, "eu-frankfurt-nas-1");
    assert_eq!(editor.form_state().work.error_count(), 0);
    editor.shows("u takes both back");
    editor.keys("u");
    assert!(!editor.form_state().work.is_changed());
    editor.keys("<C-y>");
    assert_eq!(editor.now().cluster_id, "eu-frankfurt-nas-1");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_77a0");
}

#[test]
fn declined_the_other_cluster_is_an_error_at_both_ends() {
    let mut editor = known();
    editor.keys("/models<Enter><Enter><C-u>stor_4c1e<Enter>n");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_4c1e");
    assert_eq!(editor.now().cluster_id, "us-dallas-nas-2");
    editor.shows("models-eu (stor_4c1e) lies in EU Frankfurt NAS 1 (eu-frankfurt-nas-1), but Cluster ID is US Dallas");
    editor.keys("/cluster<Enter>");
    editor.shows("US Dallas NAS 2 (us-dallas-nas-2) is not where the network storage models-eu (stor_4c1e) lies");
    editor.keys("w<Enter>");
    assert_eq!(editor.sent(), None);
}

#[test]
fn keys_typed_before_the_question_could_be_seen_do_not_answer_it() {
    let mut editor = known();
    editor
        .keys("/models<Enter><Enter><C-u>stor_4c1e")
        .typed_ahead("<Enter>y");
    editor.shows("Another cluster");
    assert_eq!(editor.now().cluster_id, "us-dallas-nas-2");
    editor.keys("q<Esc>").hides("Another cluster");
}

#[test]
fn the_mount_path_of_a_volume_elsewhere_can_be_edited_without_being_asked() {
    let mut editor = known();
    editor.keys("/models<Enter><Enter><C-u>stor_4c1e<Enter>n<Enter><Tab>x<Enter>");
    assert_eq!(editor.now().volumes[1].mount_path, "/modelsx");
    editor.hides("Another cluster");
}

#[test]
fn an_unknown_storage_is_a_warning_once_the_storages_are_known() {
    let mut editor = Editor::form();
    editor.keys("/models<Enter><Enter><C-u>stor_mars<Enter>");
    editor.hides("no network storage has the id");
    editor.looked_up();
    editor.shows("no network storage has the id \"stor_mars\" (the account's storages)");
    assert_eq!(editor.form_state().work.error_count(), 0);
}

#[test]
fn a_new_volume_is_filled_from_the_list() {
    let mut editor = known();
    editor.keys("/models<Enter>an<Enter>data<Down><Enter>/datasets<Enter>");
    let volume = &editor.now().volumes[2];
    assert_eq!(
        (volume.storage_id.as_str(), volume.mount_path.as_str()),
        ("stor_d2f8", "/datasets")
    );
}

#[test]
fn before_and_without_an_answer_a_sentence_stands_there_and_text_works() {
    let mut editor = Editor::form();
    editor.keys("/cluster<Enter><Enter>");
    editor.shows("Reading the clusters…");
    failed(&mut editor);
    editor.shows("The clusters could not be read; F1 tells why.").hides("✗");
    assert_snapshot!("lookup_failed", editor.picture());
    editor
        .keys("<F1>")
        .shows("The connection to api.test broke before GET")
        .shows("r asks again");
    editor.keys("<Esc>");
    editor.keys("<Down><Up>-2<Enter>");
    assert_eq!(editor.now().cluster_id, "us-dallas-nas-2-2");
    editor.hides("could not be read");
    editor.keys("/models<Enter><Enter>");
    editor.shows("The network storages could not be read; F1 tells why.");
    editor.keys("<Down><Esc>");
    assert_eq!(
        editor.form_state().work.now().text(FieldId::ClusterId),
        "us-dallas-nas-2-2"
    );
}

#[test]
fn an_answer_that_brings_an_error_has_to_be_seen_in_the_review() {
    let mut editor = Editor::form();
    editor.keys("/cluster<Enter><Enter><C-u>us-east-1<Enter>w");
    editor.looked_up();
    editor
        .shows("hf-cache (stor_9) lies in US Dallas NAS 2 (us-dallas-nas-2), but Cluster ID is US East 1 (us-east-1)");
    editor.keys("<Enter>");
    assert_eq!(editor.sent(), None);
    assert_eq!(editor.focus(), "Cluster ID");
}

#[test]
fn an_answer_hides_nothing_that_was_revealed() {
    let mut editor = Editor::form();
    editor.keys("/MODEL_NAME<Enter>v").looked_up();
    assert!(editor.line("MODEL_NAME").contains("meta-"), "{}", editor.screen());
}

#[test]
fn lists_sentences_and_the_question_fit_at_every_size() {
    for keys in [
        "/cluster<Enter><Enter><Down>",
        "/cluster<Enter><Enter>zzz",
        "/auth<Enter><Enter>",
        "/models<Enter><Enter><Down>",
        "/models<Enter>an<Enter>",
        "/models<Enter><Enter><C-u>stor_4c1e<Enter>",
    ] {
        let (mut with, mut without) = (known(), Editor::form());
        failed(&mut without);
        for editor in [&mut with, &mut without] {
            editor.keys(keys);
            for height in [11, 12, 13, 15, 19, 20, 24, 40] {
                for width in [39, 40, 41, 57, 79, 80, 119, 120, 200] {
                    editor.resize(width, height);
                }
            }
        }
    }
}

#[test]
fn a_long_list_scrolls_with_what_is_chosen() {
    let mut editor = Editor::form();
    let storages = (1..=20).map(|n| Storage {
        id: format!("stor_{n:02}"),
        name: format!("storage {n}"),
        ..Storage::default()
    });
    editor.event(Event::Lookup(LookedUp::Storages(Ok(storages.collect()))));
    editor.keys("/models<Enter><Enter>");
    editor.shows("stor_06").hides("stor_07");
    assert!(editor.line("stor_06").contains('▼'), "{}", editor.screen());
    editor.keys("<Down><Down><Down><Down><Down><Down><Down><Down>");
    editor.shows("›stor_08").hides("stor_02");
    assert!(editor.line("stor_03").contains('▲'), "{}", editor.screen());
    editor.keys("<Enter>");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_08");
}

#[test]
fn what_enter_takes_stands_above_the_list() {
    let mut editor = known();
    editor.keys("/auth<Enter><Enter>").shows("↓ chooses; letters filter.");
    // Part of a name is no id, and isn't taken for one unseen.
    editor.keys("acme").shows("Enter takes \"acme\" as it is; ↓ chooses.");
    editor
        .keys("<Down>")
        .shows("Enter takes auth_6f03, docker-hub-acme.")
        .hides("as it is");
    editor.keys("<Up>").shows("Enter takes \"acme\" as it is");
    editor
        .keys("<C-u>auth_6f03")
        .shows("Enter takes auth_6f03, docker-hub-acme.");
    editor.keys("<Esc>/models<Enter><Enter><C-u>eu");
    editor
        .shows("Enter takes \"eu\" as it is; ↓ chooses.")
        .shows("models-eu")
        .hides("datasets");
}

#[test]
fn a_whole_name_stands_for_its_id_and_a_name_of_two_for_none() {
    let mut editor = known();
    editor.keys("/auth<Enter><Enter>Docker-Hub-ACME");
    editor
        .shows("›auth_6f03")
        .shows("Enter takes auth_6f03, docker-hub-acme.");
    editor.keys("<Tab>");
    assert_eq!(editor.now().image.auth_id, "auth_6f03");
    let mut editor = Editor::form();
    let storages = ["stor_1", "stor_2"].map(|id| Storage {
        id: id.into(),
        name: "cache".into(),
        ..Storage::default()
    });
    editor.event(Event::Lookup(LookedUp::Storages(Ok(storages.into()))));
    editor.keys("/models<Enter><Enter><C-u>cache");
    editor.shows("Enter takes \"cache\" as it is; ↓ chooses.");
    editor.keys("<Enter>");
    assert_eq!(editor.now().volumes[1].storage_id, "cache");
}

#[test]
fn the_sentence_instead_of_a_list_has_a_box_of_its_own() {
    let mut editor = Editor::form();
    failed(&mut editor);
    for (width, height) in [(80, 24), (50, 14), (40, 12), (120, 40)] {
        editor.resize(width, height).keys("<Esc>/cluster<Enter><Enter>");
        let line = editor.line("The clusters could not be");
        let before = line.split("The clusters").next().unwrap_or_default();
        assert!(before.ends_with("│ "), "{}", editor.screen());
    }
}

#[test]
fn what_is_known_by_name_is_shown_by_it_at_every_width() {
    let mut editor = known();
    editor.keys("/models<Enter><Enter><Down><Down><Enter>");
    assert_eq!(editor.now().volumes[1].storage_id, "stor_d2f8");
    editor.keys("/auth<Enter><Enter><Down><Down><Enter>");
    let name = |id: &str| {
        let account = editor.form_state().work.account();
        account.credential(id).unwrap().name.clone()
    };
    let credential = name(&editor.now().image.auth_id);
    for (width, height) in [(40, 12), (50, 14), (60, 20), (80, 24), (100, 24), (120, 40), (200, 50)] {
        editor.resize(width, height).keys("/models<Enter>").shows("datasets");
        editor.keys("/auth<Enter>").shows(&credential);
    }
    editor.shows("datasets (stor_d2f8)");
    // Changed or not.
    editor.resize(80, 24).shows("datasets (stor_d…");
    editor.keys("/models<Enter>U").shows("hf-cache (stor_9)");
}

#[test]
fn a_click_on_a_row_of_the_list_chooses_it_and_takes_nothing() {
    let mut editor = Editor::form();
    editor.looked_up().keys("/auth<Enter><Enter>");
    let before = editor.now().image.auth_id.clone();
    editor.click("auth_6f03");
    editor.shows("Enter takes auth_6f03").shows("›auth_6f03");
    assert_eq!(editor.now().image.auth_id, before);
    editor.keys("<Enter>");
    assert_eq!(editor.now().image.auth_id, "auth_6f03");
}

#[test]
fn an_auth_id_that_the_account_has_not_is_a_warning_as_a_storage_is() {
    let mut editor = Editor::form();
    editor.keys("/auth<Enter><Enter>zzz<Enter>");
    // Nobody knows yet.
    editor.hides("no image credential");
    editor.looked_up();
    editor.shows("! Auth ID: no image credential has the id \"zzz\"");
    editor.keys("<Enter>auth_6f03<Enter>").hides("no image credential");
}
