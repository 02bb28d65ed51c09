//! A save as a pure state machine: answers in, requests and an outcome out.

use std::time::{Duration, Instant};

use novita_edit::api::{Accepted, ApiError, FailedCall, NoAnswer, NotSent, Refused, Unreadable, wire};
use novita_edit::endpoint::diff::ShownValue;
use novita_edit::endpoint::edit::Edit;
use novita_edit::endpoint::respelled::Respelling;
use novita_edit::endpoint::{FieldId, Limits, LoadedEndpoint, Moved, Number, Setting, Worker};
use novita_edit::session::{
    Answer, EditsStored, MOST_LOOKS, Next, OpenSend, Outcome, OwnSend, Request, ReviewedBody, Save, SendAnswer, Step,
    Workspace,
};
use novita_edit::store::SendOutcome;

fn loaded() -> LoadedEndpoint {
    wire::endpoint(include_bytes!("../../assets/demo/llama-3-8b.json"), "ep_7f3a91c2").unwrap()
}

/// What the server holds once the edit, Max workers 8, is stored.
fn stored() -> LoadedEndpoint {
    let mut endpoint = loaded();
    endpoint.config.workers.max_num = Number::of(8);
    endpoint
}

fn reviewed() -> ReviewedBody {
    let mut work = Workspace::new(loaded(), Limits::unknown());
    let edit = Edit::set(work.now(), FieldId::MaxWorkers, "8");
    work.apply(edit);
    ReviewedBody::of(&work).unwrap()
}

fn at(call: &'static str) -> FailedCall {
    FailedCall {
        host: "api.test".into(),
        call,
    }
}

fn lost() -> ApiError {
    ApiError::NoAnswer {
        at: at("POST /endpoint/update"),
        why: NoAnswer::Cut("connection reset".into()),
    }
}

fn editor_text() -> ApiError {
    ApiError::Unreadable {
        at: at("GET /endpoint"),
        why: Unreadable::Empty,
    }
}

fn unsent() -> ApiError {
    ApiError::NotSent {
        at: at("POST /endpoint/update"),
        why: NotSent::Refused,
    }
}

fn refused(status: u16) -> ApiError {
    ApiError::Refused(Box::new(Refused {
        at: at("POST /endpoint/update"),
        status,
        reason: "VALIDATOR_PARAM".into(),
        message: "workerConfig.maxNum is too large".into(),
        retry_after: None,
        key_source: "NOVITA_API_KEY".into(),
        key_renewed: false,
    }))
}

fn open(answer: SendAnswer) -> OpenSend {
    OpenSend {
        sent: reviewed().shared_config(),
        answer,
        until: None,
        is_over: false,
    }
}

type Read = Result<LoadedEndpoint, ApiError>;

/// How a save ended, and all that was asked for on the way.
struct Ran {
    outcome: Outcome,
    steps: Vec<(Step, u8)>,
    pauses: Vec<Duration>,
    posts: usize,
}

/// Runs a save against answers; the reads are given in order, the last one for ever.
fn run((mut save, mut request): (Save, Request), sent: &Result<(), ApiError>, reads: &[Read]) -> Ran {
    let (mut steps, mut pauses, mut posts, mut read) = (Vec::new(), Vec::new(), 0, 0);
    for _ in 0..20 {
        let progress = save.progress();
        steps.push((progress.step, progress.again.map_or(0, |again| again.count)));
        let answer = match request {
            Request::Read(pause) => {
                pauses.push(pause);
                let answer = reads[read.min(reads.len() - 1)].clone();
                read += 1;
                Answer::Read(Box::new(answer))
            }
            Request::Send(body) => {
                posts += 1;
                assert_eq!(body, reviewed(), "the reviewed bytes are the sent ones");
                Answer::Sent(sent.clone().map(|()| Accepted::default()))
            }
        };
        match save.answer(answer) {
            Next::Do(next) => request = next,
            Next::Done(outcome) => {
                return Ran {
                    outcome: *outcome,
                    steps,
                    pauses,
                    posts,
                };
            }
        }
    }
    panic!("the save never ended: {steps:?}");
}

fn save(sent: &Result<(), ApiError>, reads: &[Read]) -> Ran {
    run(Save::start(loaded(), reviewed()), sent, reads)
}

#[test]
fn an_update_that_reads_back_as_sent_is_saved() {
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(stored())]);
    let Outcome::Saved {
        fresh,
        moved,
        unreported,
        ..
    } = ran.outcome
    else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(*fresh, stored());
    assert_eq!((moved.len(), unreported.len()), (0, 0));
    assert_eq!(ran.steps, [(Step::Check, 0), (Step::Send, 0), (Step::Verify, 0)]);
    assert_eq!(ran.pauses, [Duration::ZERO; 2]);
    assert_eq!(ran.posts, 1);
}

#[test]
fn a_check_that_cannot_be_read_sends_nothing() {
    let ran = save(&Ok(()), &[Err(editor_text())]);
    assert!(
        matches!(&ran.outcome, Outcome::CheckFailed(e) if *e == editor_text()),
        "{:?}",
        ran.outcome
    );
    assert_eq!(ran.posts, 0);
    assert_eq!(ran.steps.len(), 4, "asked four times");
}

#[test]
fn somebody_elses_change_stops_the_check_and_is_named() {
    let mut theirs = loaded();
    theirs.config.workers.free_timeout = Number::of(900);
    let ran = save(&Ok(()), &[Ok(theirs.clone())]);
    let Outcome::ServerChanged {
        theirs: got, changes, ..
    } = ran.outcome
    else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(*got, theirs);
    let names: Vec<String> = changes.iter().map(|c| c.name()).collect();
    assert_eq!(names, ["Idle timeout"]);
    assert_eq!(ran.posts, 0);
}

#[test]
fn the_same_change_made_by_somebody_else_stops_the_check_too() {
    let ran = save(&Ok(()), &[Ok(stored())]);
    assert!(
        matches!(ran.outcome, Outcome::ServerChanged { .. }),
        "{:?}",
        ran.outcome
    );
    assert_eq!(ran.posts, 0);
}

#[test]
fn a_health_check_that_came_or_went_stops_the_check() {
    let mut theirs = loaded();
    theirs.has_health_check = false;
    theirs.config.health_path.clear();
    let ran = save(&Ok(()), &[Ok(theirs)]);
    assert!(
        matches!(ran.outcome, Outcome::ServerChanged { .. }),
        "{:?}",
        ran.outcome
    );
    assert_eq!(ran.posts, 0);
}

#[test]
fn read_only_facts_never_stop_the_check() {
    let mut theirs = loaded();
    theirs.status.state.word = "updating".into();
    theirs.status.workers.push(Worker::default());
    theirs.status.log = "something else".into();
    theirs.status.rootfs_size = "50".into();
    theirs.status.cuda_version = "12.8".into();
    let mut after = stored();
    after.status = theirs.status.clone();
    let ran = save(&Ok(()), &[Ok(theirs), Ok(after)]);
    let Outcome::Saved { moved, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(moved, [], "moved before the update is not moved by it");
}

#[test]
fn a_platform_setting_that_moved_with_the_update_is_told_beside_saved() {
    let mut after = stored();
    after.status.cuda_version = "12.8".into();
    after.status.state.word = "updating".into();
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(after)]);
    let Outcome::Saved { moved, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    let side = |text: &str| Some(ShownValue::Plain(text.into()));
    let cuda = Moved {
        path: "cudaVersion".into(),
        old: side("12.4"),
        new: side("12.8"),
    };
    assert_eq!(moved, [cuda]);
}

#[test]
fn an_update_that_never_left_is_sent_again_three_times_each_after_its_own_check_and_not_verified() {
    let ran = save(&Err(unsent()), &[Ok(loaded())]);
    assert!(matches!(ran.outcome, Outcome::NotSent(_)), "{:?}", ran.outcome);
    let wanted: Vec<_> = (0..4).flat_map(|n| [(Step::Check, n), (Step::Send, n)]).collect();
    assert_eq!(ran.steps, wanted);
    assert_eq!(
        ran.pauses.iter().map(Duration::as_millis).collect::<Vec<_>>(),
        [0, 500, 1000, 2000]
    );
}

#[test]
fn a_change_that_came_while_waiting_to_send_again_stops_the_save() {
    let mut theirs = loaded();
    theirs.config.workers.free_timeout = Number::of(900);
    let ran = save(&Err(unsent()), &[Ok(loaded()), Ok(theirs)]);
    assert!(
        matches!(ran.outcome, Outcome::ServerChanged { .. }),
        "{:?}",
        ran.outcome
    );
    assert_eq!(ran.posts, 1);
}

#[test]
fn check_and_send_share_their_three_repetitions() {
    let reads = [Err(editor_text()), Err(editor_text()), Ok(loaded())];
    let ran = save(&Err(unsent()), &reads);
    assert!(matches!(ran.outcome, Outcome::NotSent(_)), "{:?}", ran.outcome);
    assert_eq!(ran.posts, 2);
}

#[test]
fn a_check_is_repeated_and_then_the_save_goes_on() {
    let reads = [
        Err(editor_text()),
        Err(editor_text()),
        Err(editor_text()),
        Ok(loaded()),
        Ok(stored()),
    ];
    let ran = save(&Ok(()), &reads);
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    assert_eq!(ran.steps.last(), Some(&(Step::Verify, 0)), "verifying counts anew");
}

#[test]
fn a_read_back_that_is_refused_for_good_is_not_asked_again() {
    let ran = save(&Ok(()), &[Ok(loaded()), Err(refused(401))]);
    assert!(matches!(ran.outcome, Outcome::NotKnown { .. }), "{:?}", ran.outcome);
    assert_eq!(ran.steps.len(), 3);
}

#[test]
fn a_refusal_ends_the_save_with_the_servers_words() {
    for status in [400, 401, 403, 404, 409, 422, 429] {
        let ran = save(&Err(refused(status)), &[Ok(loaded())]);
        assert!(
            matches!(&ran.outcome, Outcome::Refused(e) if *e == refused(status)),
            "{status}: {:?}",
            ran.outcome
        );
        assert_eq!(ran.steps.len(), 3, "{status}: believed once it was read back");
        assert_eq!(ran.posts, 1, "{status}: never sent again by itself");
    }
}

#[test]
fn an_answer_that_never_came_is_decided_by_reading() {
    for error in [lost(), refused(500), refused(503), refused(408)] {
        let sent = Err(error.clone());
        let ran = save(&sent, &[Ok(loaded()), Ok(stored())]);
        assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
        assert_eq!(ran.posts, 1);
        let ran = save(&sent, &[Ok(loaded())]);
        let Outcome::NotKnown { read: Ok(fresh), open } = ran.outcome else {
            panic!("{:?}", ran.outcome)
        };
        assert_eq!(
            (*fresh, open.answer.error()),
            (loaded(), Some(&error)),
            "it may still arrive"
        );
        assert_eq!(ran.steps.len(), 6, "read back four times");
        assert_eq!(ran.posts, 1);
        let ran = save(&sent, &[Ok(loaded()), Err(editor_text())]);
        let Outcome::NotKnown {
            read: Err(read_error),
            open,
        } = ran.outcome
        else {
            panic!("{:?}", ran.outcome)
        };
        assert_eq!((read_error, open.answer.error()), (editor_text(), Some(&error)));
        assert_eq!(ran.posts, 1);
    }
}

#[test]
fn once_its_time_outs_are_over_what_is_not_there_was_not_saved() {
    let over = |answer| {
        let open = OpenSend {
            is_over: true,
            ..open(answer)
        };
        run(Save::verify(loaded(), reviewed(), open), &Ok(()), &[Ok(loaded())]).outcome
    };
    for answer in [
        SendAnswer::Nothing(Some(lost())),
        SendAnswer::Accepted(Accepted::default()),
    ] {
        let outcome = over(answer.clone());
        let Outcome::NotSaved { answer: kept, .. } = &outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(*kept, answer);
    }
}

#[test]
fn old_values_after_an_acceptance_are_looked_at_for_fifteen_seconds_and_are_no_verdict() {
    let ran = save(&Ok(()), &[Ok(loaded())]);
    let Outcome::NotShown { fresh, open } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(*fresh, loaded());
    assert!(matches!(open.answer, SendAnswer::Accepted(_)), "{open:?}");
    let looks: Vec<_> = (1..=MOST_LOOKS).map(|count| (Step::Look, count)).collect();
    assert_eq!(ran.steps[..3], [(Step::Check, 0), (Step::Send, 0), (Step::Verify, 0)]);
    assert_eq!(ran.steps[3..], looks);
    let pauses = &ran.pauses[2..];
    assert_eq!(pauses.iter().sum::<Duration>(), Duration::from_secs(15));
    assert!(
        pauses.is_sorted() && pauses[0] == Duration::from_millis(500),
        "{pauses:?}"
    );
}

#[test]
fn a_refusal_in_a_good_status_is_not_saved_where_the_old_values_are_read() {
    let refusal = Accepted {
        said: "quota exceeded".into(),
        refuses: true,
    };
    let open = open(SendAnswer::Accepted(refusal.clone()));
    let ran = run(
        Save::verify(loaded(), reviewed(), open.clone()),
        &Ok(()),
        &[Ok(loaded())],
    );
    let Outcome::NotSaved { answer, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(answer, SendAnswer::Accepted(refusal));
    assert_eq!(ran.steps.len(), 4, "read four times");
    let ran = run(Save::verify(loaded(), reviewed(), open), &Ok(()), &[Ok(stored())]);
    assert!(
        matches!(&ran.outcome, Outcome::Saved { said, .. } if said == "quota exceeded"),
        "only reading decides"
    );
}

#[test]
fn a_refusal_is_believed_only_after_a_read_back() {
    let refusal = || Err(refused(403));
    let ran = save(&refusal(), &[Ok(loaded()), Err(refused(403))]);
    let Outcome::RefusedNotRead { read_error, open } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!((&read_error, open.answer.error()), (&refused(403), Some(&refused(403))));
    // A gateway refused what was carried out behind it.
    let ran = save(&refusal(), &[Ok(loaded()), Ok(stored())]);
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    // With a change beside it nobody knows what the refusal did: what is read is told.
    let mut theirs = loaded();
    theirs.config.name = "renamed".into();
    let ran = save(&refusal(), &[Ok(loaded()), Ok(theirs)]);
    let Outcome::StoredDifferently { edits, answer, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!((edits, answer.error()), (EditsStored::None, Some(&refused(403))));
    let moved = Err(ApiError::Redirect {
        at: at("POST /endpoint/update"),
        status: 308,
        to: "elsewhere".into(),
    });
    let ran = save(&moved, &[Ok(loaded()), Ok(stored())]);
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    let ran = save(&moved, &[Ok(loaded())]);
    assert!(matches!(ran.outcome, Outcome::Refused(_)), "{:?}", ran.outcome);
}

#[test]
fn a_check_that_shows_what_was_before_the_own_last_save_is_read_again() {
    let mut before = loaded();
    before.config.workers.max_num = Number::of(3);
    let own = |is_recent| OwnSend {
        before: before.config.clone(),
        sent: loaded().config,
        stored: loaded().config,
        at: "2026-11-20T18:02:00+00:00".into(),
        is_recent,
    };
    let checked = |is_recent, reads: &[Read]| {
        let (mut save, first) = Save::start(loaded(), reviewed());
        save.knows_own(Some(own(is_recent)));
        run((save, first), &Ok(()), reads)
    };
    let ran = checked(
        true,
        &[Ok(before.clone()), Ok(before.clone()), Ok(loaded()), Ok(stored())],
    );
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    let ran = checked(true, &[Ok(before.clone())]);
    let Outcome::ServerChanged { as_before, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(
        as_before.map(|own| own.at).as_deref(),
        Some("2026-11-20T18:02:00+00:00")
    );
    assert_eq!(ran.steps.len(), 4, "read three times more");
    // Also where what was loaded was as old: it was saved from here since, by another program.
    let reads = [Ok(before.clone())];
    let (mut save, first) = Save::start(before.clone(), reviewed());
    save.knows_own(Some(own(true)));
    let ran = run((save, first), &Ok(()), &reads);
    assert!(
        matches!(&ran.outcome, Outcome::ServerChanged { as_before: Some(_), changes, .. } if changes.is_empty()),
        "{:?}",
        ran.outcome
    );
    // One that is long ago was taken back, or is told as old at least; a cache that says so is asked again.
    assert_eq!(checked(false, &[Ok(before.clone())]).steps.len(), 1);
    let mut cached = before.clone();
    cached.status.age = Duration::from_secs(30);
    assert_eq!(checked(false, &[Ok(cached)]).steps.len(), 4);
}

#[test]
fn what_moves_by_itself_between_load_and_check_is_no_setting_that_the_update_moved() {
    let setting = |value: &str| {
        vec![Setting {
            path: "queueConfig.maxPending".into(),
            value: ShownValue::Plain(value.into()),
        }]
    };
    let with = |mut endpoint: LoadedEndpoint, value| {
        endpoint.status.settings = setting(value);
        endpoint
    };
    let moved = |at_load, at_check, after| {
        let save = Save::start(with(loaded(), at_load), reviewed());
        let reads = [Ok(with(loaded(), at_check)), Ok(with(stored(), after))];
        match run(save, &Ok(()), &reads).outcome {
            Outcome::Saved { moved, .. } => moved.into_iter().map(|moved| moved.path).collect::<Vec<_>>(),
            outcome => panic!("{outcome:?}"),
        }
    };
    assert_eq!(moved("5", "5", "0"), ["queueConfig.maxPending"]);
    assert_eq!(moved("5", "6", "7"), [""; 0]);
}

#[test]
fn the_fourth_read_can_still_show_it_saved() {
    let reads = [
        Ok(loaded()),
        Ok(loaded()),
        Err(editor_text()),
        Ok(loaded()),
        Ok(stored()),
    ];
    let ran = save(&Ok(()), &reads);
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    assert_eq!(ran.steps.len(), 6);
}

#[test]
fn a_server_that_cannot_be_read_afterwards_leaves_it_not_known() {
    let ran = save(&Ok(()), &[Ok(loaded()), Err(editor_text())]);
    let Outcome::NotKnown {
        read: Err(read_error),
        open,
    } = ran.outcome
    else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!((read_error, open.answer.error()), (editor_text(), None));
    assert_eq!(ran.steps.len(), 6, "asked four times");
}

#[test]
fn old_values_and_then_a_server_that_cannot_be_read_leave_it_not_known() {
    let reads = [
        Ok(loaded()),
        Ok(loaded()),
        Ok(loaded()),
        Ok(loaded()),
        Err(editor_text()),
    ];
    let ran = save(&Ok(()), &reads);
    assert!(matches!(ran.outcome, Outcome::NotKnown { .. }), "{:?}", ran.outcome);
}

#[test]
fn another_value_than_sent_or_loaded_is_stored_differently() {
    let mut other = loaded();
    other.config.workers.max_num = Number::of(7);
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(other)]);
    let Outcome::StoredDifferently { deviations, edits, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(edits, EditsStored::None);
    assert_eq!(deviations[0].kinds, [Respelling::Clamped]);
    assert_eq!(ran.steps.len(), 6, "read four times");
}

#[test]
fn a_field_nobody_edited_that_reads_back_otherwise_is_stored_differently() {
    let mut other = stored();
    other.config.envs.pop();
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(other)]);
    let Outcome::StoredDifferently { deviations, edits, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(edits, EditsStored::All, "one's own change is there");
    assert_eq!(deviations[0].change.name(), "Environment VLLM_USAGE_SOURCE");
}

#[test]
fn another_spelling_is_read_once_and_told_as_that() {
    let mut other = stored();
    other.config.image.image = format!("docker.io/{}", other.config.image.image);
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(other)]);
    let Outcome::StoredDifferently { deviations, edits, .. } = &ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(*edits, EditsStored::All);
    assert!(deviations.iter().all(|deviation| deviation.is_spelling));
    assert!(!ran.outcome.may_be_sent_again());
    assert_eq!(ran.steps.len(), 3);
}

#[test]
fn a_request_timeout_that_is_not_reported_is_no_difference() {
    let mut silent = stored();
    silent.config.workers.request_timeout = Number::unknown();
    let mut before = loaded();
    before.config.workers.request_timeout = Number::unknown();
    let ran = save(&Ok(()), &[Ok(before), Ok(silent)]);
    let Outcome::Saved { unreported, .. } = ran.outcome else {
        panic!("{:?}", ran.outcome)
    };
    assert_eq!(unreported, [FieldId::RequestTimeout]);
}

#[test]
fn a_request_timeout_that_reads_back_otherwise_is_a_difference() {
    let mut other = stored();
    other.config.workers.request_timeout = Number::of(599);
    let ran = save(&Ok(()), &[Ok(loaded()), Ok(other)]);
    assert!(
        matches!(ran.outcome, Outcome::StoredDifferently { .. }),
        "{:?}",
        ran.outcome
    );
}

#[test]
fn asking_again_only_reads() {
    let asked = || Save::verify(loaded(), reviewed(), open(SendAnswer::Nothing(None)));
    let ran = run(asked(), &Ok(()), &[Ok(stored())]);
    assert!(matches!(ran.outcome, Outcome::Saved { .. }), "{:?}", ran.outcome);
    assert_eq!(ran.posts, 0);
    let ran = run(asked(), &Ok(()), &[Ok(loaded())]);
    assert!(matches!(ran.outcome, Outcome::NotKnown { .. }), "{:?}", ran.outcome);
    assert_eq!(ran.posts, 0);
    assert_eq!(ran.steps.len(), 4);
}

#[test]
fn a_body_with_an_error_in_it_cannot_be_reviewed() {
    let mut work = Workspace::new(loaded(), Limits::unknown());
    let edit = Edit::set(work.now(), FieldId::Image, "");
    work.apply(edit);
    assert!(ReviewedBody::of(&work).is_none());
    work.undo();
    assert!(ReviewedBody::of(&work).is_some());
}

#[test]
fn a_reviewed_body_tells_no_value_in_its_debug_form() {
    assert!(!format!("{:?}", reviewed()).contains("hf_demo"));
}

#[test]
fn a_save_over_what_was_just_read_begins_with_the_send_and_still_verifies() {
    let ran = run(
        Save::checked(loaded(), reviewed(), Instant::now()),
        &Ok(()),
        &[Ok(stored())],
    );
    assert!(matches!(ran.outcome, Outcome::Saved { .. }));
    assert_eq!(ran.steps, [(Step::Send, 0), (Step::Verify, 0)]);
}

#[test]
fn a_send_without_a_check_that_never_left_goes_again_only_after_one() {
    let mut theirs = loaded();
    theirs.config.name = "renamed".into();
    let ran = run(
        Save::checked(loaded(), reviewed(), Instant::now()),
        &Err(unsent()),
        &[Ok(theirs)],
    );
    assert!(
        matches!(ran.outcome, Outcome::ServerChanged { .. }),
        "{:?}",
        ran.outcome
    );
    assert_eq!(ran.steps, [(Step::Send, 0), (Step::Check, 1)]);
    assert_eq!(ran.posts, 1);
    let recorded = ran.outcome.recorded(true).map(|note| note.outcome);
    assert!(matches!(recorded, Some(SendOutcome::NotSent(_))), "{recorded:?}");
    let recorded = ran.outcome.recorded(false).map(|note| note.outcome);
    assert_eq!(
        recorded,
        Some(SendOutcome::Withdrawn),
        "what was never tried isn't listed"
    );
}
