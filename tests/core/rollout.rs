//! When the workers that a save asked for are there: histories as they were observed, and what each look tells.

use std::time::Duration;

use novita_edit::endpoint::{LoadedEndpoint, Number, State, Worker};
use novita_edit::session::{Rollout, RolloutStart};

use crate::edits::endpoint;

/// What was saved, over one to five workers.
#[derive(Clone, Copy)]
enum Saved {
    Image,
    /// At least and at most so many workers.
    Scale(i64, i64),
    /// Nothing from here: what stands there is judged.
    Nothing,
}
use Saved::{Image, Nothing, Scale};

/// The endpoint at the check: its state, its workers, and how many are asked for.
type Check = (&'static str, &'static str, (i64, i64));

/// A look: seconds since the save, state, workers, and the verdict that is told then.
type Look = (f64, &'static str, &'static str, &'static str);

fn state(word: &str, error: &str) -> State {
    State {
        word: word.to_owned(),
        error: error.to_owned(),
        message: String::new(),
    }
}

/// `a+` runs and is healthy, `a~` runs only, `a-` is pending, `a!` has an error, `aR` is `Running` and healthy, `ax` is
/// removed. Without ids: `+`.
fn worker(text: &str) -> Worker {
    let (id, sign) = text.split_at(text.len() - 1);
    let (word, healthy, error) = match sign {
        "+" => ("running", true, ""),
        "R" => ("Running", true, ""),
        "~" => ("running", false, ""),
        "-" => ("pending", false, ""),
        "!" => ("pending", false, "ImagePullBackOff"),
        "x" => ("removed", true, ""),
        other => panic!("{other}"),
    };
    Worker {
        id: id.to_owned(),
        state: state(word, error),
        healthy,
    }
}

fn workers(text: &str) -> Vec<Worker> {
    text.split_whitespace().map(worker).collect()
}

fn before((min, max): (i64, i64)) -> LoadedEndpoint {
    let mut endpoint = endpoint();
    endpoint.config.workers.min_num = Number::of(min);
    endpoint.config.workers.max_num = Number::of(max);
    endpoint
}

fn stored(saved: Saved, asked: (i64, i64)) -> LoadedEndpoint {
    let mut endpoint = before(asked);
    match saved {
        Image => endpoint.config.image.image = "acme/new:2".to_owned(),
        Scale(min, max) => {
            endpoint.config.workers.min_num = Number::of(min);
            endpoint.config.workers.max_num = Number::of(max);
        }
        Nothing => {}
    }
    endpoint
}

/// `serving`; `old serving`: with the configuration of before; `other serving`: with somebody else's; `serving age 9`: a cache had kept it for 9 s.
fn seen(saved: Saved, asked: (i64, i64), text: &str, list: &str) -> LoadedEndpoint {
    let (text, mut endpoint) = match text.split_once(' ') {
        Some(("old", text)) => (text, before(asked)),
        Some(("other", text)) => {
            let mut other = stored(saved, asked);
            other.config.image.image = "acme/other:3".to_owned();
            (text, other)
        }
        _ => (text, stored(saved, asked)),
    };
    let (word, age) = text.split_once(" age ").unwrap_or((text, "0"));
    let (word, error) = word.split_once(' ').unwrap_or((word, ""));
    endpoint.status.state = state(word, error);
    endpoint.status.age = Duration::from_secs(age.parse().unwrap());
    endpoint.status.workers = workers(list);
    endpoint
}

#[track_caller]
fn holds(what: &str, saved: Saved, (word, list, asked): Check, looks: &[Look]) {
    let ids = workers(list).into_iter().filter(|worker| !worker.is_removed());
    let start = RolloutStart {
        workers: Some(ids.map(|worker| worker.id).collect()),
        state: Some(word.to_owned()),
        before: before(asked).config,
        stored: stored(saved, asked).config,
        earlier: None,
    };
    let mut rollout = Rollout::new((!matches!(saved, Nothing)).then_some(start));
    for (at, state, list, wanted) in looks {
        let verdict = rollout.look(Duration::from_secs_f64(*at), &seen(saved, asked, state, list));
        let told = format!("{}: {}", verdict.word(), verdict.words());
        assert_eq!(told, *wanted, "{what}, after {at} s: {state} {list}");
    }
}

const NONE_NEW: &str = "going: no new worker yet";
const UPDATING: &str = "going: not serving yet";
const ALL_NEW: &str = "ready: all 2 new workers are healthy";
const OLD: &str = "going: the answer is older than the save";
const CHANGED: &str = "; the configuration is not the one that was saved: somebody changed it since";
const AT_ZERO: &str = "ready: no worker runs, and none has to";
const AILING: &str = "going: a worker has an error";
const NONE_REPLACED: &str = "ready: 2 workers are healthy; no worker was replaced, those from before the save go on";

#[test]
fn a_replacement_is_over_once_all_new_ones_are_healthy_and_the_others_gone() {
    let two: Check = ("serving", "a+ b+", (1, 5));
    holds(
        "it still says serving, then updating, with the old ones",
        Image,
        two,
        &[
            (0.1, "serving", "a+ b+", NONE_NEW),
            (0.5, "updating", "a+ b+", UPDATING),
            (4.0, "updating", "a+ b+ c- d-", UPDATING),
            (5.0, "serving", "a+ b+ c- d-", "going: 0 of 2 new ones healthy"),
            (9.0, "serving", "a+ b+ c+ d~", "going: 1 of 2 new ones healthy"),
            (
                12.0,
                "serving",
                "a+ b+ c+ d+",
                "going: 2 workers from before the save are still there",
            ),
            (
                13.0,
                "serving",
                "ax b+ c+ d+",
                "going: one worker from before the save is still there",
            ),
            (14.0, "serving", "ax bx c+ d+", ALL_NEW),
        ],
    );
    holds(
        "it says serving all the while",
        Image,
        two,
        &[
            (1.0, "serving", "a+ b+", NONE_NEW),
            (29.0, "serving", "a+ b+", NONE_NEW),
            (29.5, "serving", "a+ b+ c-", "going: 0 of 1 new ones healthy"),
            (60.0, "serving", "ax bx c+ d+", ALL_NEW),
        ],
    );
    holds(
        "one by one: some are new yet",
        Image,
        two,
        &[
            (
                5.0,
                "serving",
                "a+ b+ c+",
                "going: 2 workers from before the save are still there",
            ),
            (20.0, "serving", "ax b+ c+ d-", "going: 1 of 2 new ones healthy"),
            (
                40.0,
                "serving",
                "ax b+ c+ d+",
                "going: one worker from before the save is still there",
            ),
            (44.0, "serving", "ax bx c+ d+", ALL_NEW),
        ],
    );
    holds(
        "all go first, and the list is empty for a moment",
        Image,
        two,
        &[
            (2.0, "serving", "", NONE_NEW),
            (3.0, "serving", "ax bx", NONE_NEW),
            (40.0, "serving", "ax bx", "going: 0 healthy are not what is asked for"),
            (41.0, "serving", "c-", "going: 0 of 1 new ones healthy"),
            (50.0, "serving", "c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "some are not enough",
        Image,
        ("serving", "a+ b+", (2, 5)),
        &[
            (5.0, "serving", "ax bx c+", "going: 1 healthy are not what is asked for"),
            (6.0, "serving", "ax bx c+ d+", ALL_NEW),
        ],
    );
    holds(
        "what was broken before may stay in the list",
        Image,
        ("failed", "a! b!", (1, 5)),
        &[
            (1.0, "updating", "a! b! c- d-", UPDATING),
            (9.0, "serving", "a! b! c+ d+", ALL_NEW),
        ],
    );
}

#[test]
fn old_ones_that_stay_beside_the_new_ones_are_told() {
    holds(
        "they drain for long, over the most that is asked for",
        Image,
        ("serving", "a+ b+", (1, 2)),
        &[
            (
                5.0,
                "serving",
                "a+ b+ c+ d+",
                "going: 2 workers from before the save are still there",
            ),
            (
                34.0,
                "serving",
                "a+ b+ c+ d+",
                "going: 2 workers from before the save are still there",
            ),
            (
                35.0,
                "serving",
                "a+ b+ c+ d+",
                "ready: all 2 new workers are healthy; 2 from before the save go on beside them",
            ),
        ],
    );
    holds(
        "what moves meanwhile begins the time anew",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (
                5.0,
                "serving",
                "a+ b+ c+",
                "going: 2 workers from before the save are still there",
            ),
            (
                30.0,
                "serving",
                "ax b+ c+",
                "going: one worker from before the save is still there",
            ),
            (
                59.0,
                "serving",
                "ax b+ c+",
                "going: one worker from before the save is still there",
            ),
            (
                60.0,
                "serving",
                "ax b+ c+",
                "ready: the new worker is healthy; one from before the save goes on beside them",
            ),
        ],
    );
}

#[test]
fn where_none_is_new_after_30_s_the_count_is_enough_and_that_is_told() {
    let two: Check = ("serving", "a+ b+", (1, 5));
    holds(
        "the server replaces none",
        Image,
        two,
        &[
            (0.2, "serving", "a+ b+", NONE_NEW),
            (5.0, "updating", "a+ b+", UPDATING),
            (9.0, "serving", "a+ b+", NONE_NEW),
            (30.0, "serving", "a+ b+", NONE_REPLACED),
        ],
    );
    holds(
        "they begin anew in place",
        Image,
        two,
        &[
            (29.0, "serving", "a~ b~", NONE_NEW),
            (31.0, "serving", "a~ b~", "going: 0 healthy are not what is asked for"),
            (80.0, "serving", "a+ b+", NONE_REPLACED),
        ],
    );
    holds(
        "fewer",
        Scale(1, 1),
        ("serving", "a+ b+", (1, 5)),
        &[
            (1.0, "serving", "a+ b+", NONE_NEW),
            (31.0, "serving", "a+ b+", "going: 2 healthy are not what is asked for"),
            (
                35.0,
                "serving",
                "a+ bx",
                "ready: 1 worker is healthy; no worker was replaced, those from before the save go on",
            ),
        ],
    );
}

#[test]
fn where_only_their_number_changed_those_of_before_count_as_well() {
    holds(
        "more",
        Scale(4, 5),
        ("serving", "a+ b+", (1, 5)),
        &[
            (0.1, "serving", "a+ b+", NONE_NEW),
            (1.0, "updating", "a+ b+ c- d-", UPDATING),
            (5.0, "serving", "a+ b+ c+ d-", "going: 1 of 2 new ones healthy"),
            (8.0, "serving", "a+ b+ c+ d+", ALL_NEW),
        ],
    );
    holds(
        "more, and one of those of before is ill",
        Scale(4, 5),
        ("serving", "a+ b!", (1, 5)),
        &[
            (
                5.0,
                "serving",
                "a+ b! c+ d+",
                "going: 3 healthy are not what is asked for",
            ),
            (
                35.0,
                "serving",
                "a+ b! c+ d+",
                "going: 3 healthy are not what is asked for",
            ),
            (90.0, "serving", "a+ b+ c+ d+", ALL_NEW),
        ],
    );
    holds(
        "more, and one of those of before becomes ill",
        Scale(4, 5),
        ("serving", "a+ b+", (1, 5)),
        &[
            (1.0, "serving", "a+ b+", NONE_NEW),
            (
                5.0,
                "serving",
                "a+ b! c+ d+",
                "going: 3 healthy are not what is asked for",
            ),
            (
                35.0,
                "serving",
                "a+ b! c+ d+",
                "failed: the worker b is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "one that was ill and got over it has its next error from the save on",
        Scale(4, 5),
        ("serving", "a+ b!", (1, 5)),
        &[
            (1.0, "serving", "a+ b!", NONE_NEW),
            (2.0, "serving", "a+ b+", NONE_NEW),
            (3.0, "serving", "a+ b!", NONE_NEW),
            (
                33.0,
                "serving",
                "a+ b!",
                "failed: the worker b is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "what was broken before is what it was",
        Scale(1, 2),
        ("serving", "a+ b!", (1, 5)),
        &[
            (1.0, "serving QuotaLow", "a+ b!", NONE_NEW),
            (
                31.0,
                "serving QuotaLow",
                "a+ b!",
                "ready: 1 worker is healthy; no worker was replaced, those from before the save go on",
            ),
        ],
    );
    holds(
        "a server that replaces them for it",
        Scale(2, 2),
        ("serving", "a+", (1, 5)),
        &[
            (
                5.0,
                "serving",
                "a+ c+ d+",
                "going: one worker from before the save is still there",
            ),
            (9.0, "serving", "ax c+ d+", ALL_NEW),
        ],
    );
}

#[test]
fn at_zero_serving_is_enough_once_it_is_of_after_the_save() {
    holds(
        "nothing runs, and it was updated",
        Image,
        ("serving", "", (0, 5)),
        &[
            (0.2, "serving", "", NONE_NEW),
            (1.0, "updating", "", UPDATING),
            (5.0, "serving", "", "ready: no worker runs, and none has to"),
        ],
    );
    holds(
        "nothing runs, and it says serving all the while",
        Image,
        ("serving", "", (0, 5)),
        &[
            (0.2, "serving", "", NONE_NEW),
            (30.0, "serving", "", "ready: no worker runs, and none has to"),
        ],
    );
    holds(
        "those of before are there still",
        Image,
        ("serving", "a+ b+", (0, 5)),
        &[
            (0.2, "serving", "a+ b+", NONE_NEW),
            (3.0, "updating", "a+ b+", UPDATING),
            (6.0, "serving", "a+ b+", NONE_NEW),
            (9.0, "serving", "a+ b+ c-", "going: 0 of 1 new ones healthy"),
            (15.0, "serving", "ax bx c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "one comes for a request meanwhile",
        Image,
        ("serving", "", (0, 5)),
        &[
            (1.0, "serving", "c-", "going: 0 of 1 new ones healthy"),
            (5.0, "serving", "c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "an empty list is none at once where there were some",
        Image,
        ("serving", "a+ b+", (0, 5)),
        &[
            (2.0, "updating", "a+ b+", UPDATING),
            (6.0, "serving", "", NONE_NEW),
            (8.0, "serving", "a+ b+ c-", "going: 0 of 1 new ones healthy"),
            (10.0, "serving", "", NONE_NEW),
            (45.0, "serving", "", "ready: no worker runs, and none has to"),
        ],
    );
    holds(
        "nor later on",
        Image,
        ("serving", "a+ b+", (0, 5)),
        &[
            (40.0, "updating", "a+ b+", UPDATING),
            (41.0, "serving", "", NONE_NEW),
            (42.0, "serving", "c-", "going: 0 of 1 new ones healthy"),
        ],
    );
}

#[test]
fn an_answer_that_is_older_than_the_save_is_no_evidence() {
    let two: Check = ("serving", "a+ b+", (1, 5));
    holds(
        "a replica lags behind",
        Image,
        two,
        &[
            (5.0, "updating", "a+ b+ c-", UPDATING),
            (31.0, "old serving", "a+ b+", OLD),
            (32.0, "serving", "a+ b+ c-", "going: 0 of 1 new ones healthy"),
        ],
    );
    holds(
        "a cache has kept it",
        Image,
        two,
        &[
            (31.0, "serving age 40", "a+ b+", OLD),
            (33.0, "serving age 2", "ax bx c+ d+", ALL_NEW),
        ],
    );
    holds(
        "of a state that ends it, neither",
        Image,
        two,
        &[(5.0, "old failed", "a+ b+", OLD), (6.0, "updating", "a+ b+", UPDATING)],
    );
    holds(
        "so long no replica lags behind: somebody changed it back",
        Image,
        two,
        &[
            (119.0, "old serving", "a+ b+", OLD),
            (
                121.0,
                "old serving",
                "a+ b+",
                format!("{NONE_REPLACED}{CHANGED}").leak(),
            ),
        ],
    );
}

#[test]
fn without_ids_only_their_count_is_known() {
    let looks = "ready: 2 workers are healthy; whether they are new is not known, since the server gives them no ids";
    holds(
        "",
        Image,
        ("serving", "+ +", (1, 5)),
        &[
            (0.2, "serving", "+ +", NONE_NEW),
            (1.0, "updating", "+ +", UPDATING),
            (4.0, "serving", "+ + - -", NONE_NEW),
            (8.0, "serving", "+ +", looks),
        ],
    );
    holds(
        "it says serving all the while",
        Image,
        ("serving", "+ +", (1, 5)),
        &[(29.0, "serving", "+ +", NONE_NEW), (30.0, "serving", "+ +", looks)],
    );
    let start = RolloutStart {
        workers: None,
        state: None,
        before: before((1, 5)).config,
        stored: stored(Image, (1, 5)).config,
        earlier: None,
    };
    let mut rollout = Rollout::new(Some(start));
    let now = seen(Image, (1, 5), "serving", "c+ d+");
    assert!(
        !rollout.look(Duration::from_secs(1), &now).is_ready(),
        "nor where they weren't noted"
    );
}

#[test]
fn what_stands_there_is_judged_as_it_is_where_nothing_was_saved() {
    for (asked, word, list, wanted) in [
        ((0, 5), "serving", "", "ready: no worker runs, and none has to"),
        ((1, 5), "serving", "a+ b- cx", "ready: 1 worker is healthy"),
        (
            (2, 5),
            "serving",
            "a+ b- cx",
            "going: 1 healthy are not what is asked for",
        ),
        ((1, 5), "updating", "a+", UPDATING),
        ((0, 1), "serving", "a+ b+", "going: 2 healthy are not what is asked for"),
        ((2, 2), "serving", "a+ b+", "ready: 2 workers are healthy"),
    ] {
        holds("", Nothing, ("", "", asked), &[(0.0, word, list, wanted)]);
    }
    holds(
        "it fails while it is looked at",
        Nothing,
        ("", "", (1, 5)),
        &[
            (0.0, "updating", "", UPDATING),
            (2.0, "failed NoGpu", "", UPDATING),
            (4.0, "failed NoGpu", "", "failed: it is failed, NoGpu"),
        ],
    );
    holds(
        "it is stopped all the while",
        Nothing,
        ("", "", (1, 5)),
        &[
            (0.0, "stopped", "", UPDATING),
            (29.0, "stopped", "", UPDATING),
            (30.0, "stopped", "", "failed: it is stopped"),
        ],
    );
    holds(
        "a worker has an error all the while",
        Nothing,
        ("", "", (1, 5)),
        &[
            (0.0, "serving", "a!", "going: 0 healthy are not what is asked for"),
            (
                31.0,
                "serving",
                "a!",
                "failed: the worker a is pending, ImagePullBackOff",
            ),
        ],
    );
}

#[test]
fn a_state_that_ends_it_fails_once_it_is_entered_or_lasts() {
    for word in ["failed", "stopped", "deleting"] {
        let failed = format!("failed: it is {word}");
        let looks = [
            (0.3, "updating", "a+", UPDATING),
            (2.0, word, "a+", UPDATING),
            (2.2, word, "a+", &*failed.leak()),
        ];
        holds("entered", Image, ("serving", "a+", (1, 5)), &looks);
    }
    holds(
        "entered before the first look",
        Image,
        ("serving", "a+", (1, 5)),
        &[
            (0.3, "failed ImagePull", "a+", UPDATING),
            (0.5, "failed ImagePull", "a+", "failed: it is failed, ImagePull"),
        ],
    );
    holds(
        "one stale answer doesn't end it",
        Image,
        ("failed", "a!", (1, 5)),
        &[
            (0.3, "updating", "a! c-", UPDATING),
            (0.6, "failed", "a!", UPDATING),
            (0.9, "updating", "a! c-", UPDATING),
            (1.2, "failed", "a!", UPDATING),
            (9.0, "serving", "ax c+", "ready: the new worker is healthy"),
        ],
    );
    let broken: Check = ("failed", "a!", (1, 5));
    holds(
        "one that is being mended reads failed first",
        Image,
        broken,
        &[
            (0.2, "failed", "a!", UPDATING),
            (20.0, "failed", "a! c-", UPDATING),
            (25.0, "updating", "a! c-", UPDATING),
            (50.0, "serving", "ax c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "it stays so",
        Image,
        broken,
        &[
            (0.2, "failed", "a!", UPDATING),
            (30.1, "failed", "a!", UPDATING),
            (30.2, "failed", "a!", "failed: it is failed"),
        ],
    );
    holds(
        "it comes back to it",
        Image,
        broken,
        &[
            (0.2, "failed", "a!", UPDATING),
            (3.0, "updating", "a!", UPDATING),
            (9.0, "failed", "a!", UPDATING),
            (9.5, "failed", "a!", "failed: it is failed"),
        ],
    );
}

#[test]
fn a_workers_error_fails_it_once_it_lasts() {
    let one: Check = ("serving", "a+", (1, 5));
    let error = "failed: the worker d is pending, ImagePullBackOff";
    holds(
        "of a new one; the next one that is tried has it, too",
        Image,
        one,
        &[
            (5.0, "serving", "a+ c-", "going: 0 of 1 new ones healthy"),
            (10.0, "serving", "a+ c!", "going: 0 of 1 new ones healthy"),
            (25.0, "serving", "a+ cx d!", "going: 0 of 1 new ones healthy"),
            (40.0, "serving", "a+ cx d!", error),
        ],
    );
    holds(
        "it passes",
        Image,
        one,
        &[
            (10.0, "serving", "a+ c!", "going: 0 of 1 new ones healthy"),
            (35.0, "serving", "a+ c~", "going: 0 of 1 new ones healthy"),
            (45.0, "serving", "a+ c!", "going: 0 of 1 new ones healthy"),
            (60.0, "serving", "ax c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "of one of before, which is to be mended: no worker comes for it",
        Image,
        ("serving", "a!", (1, 5)),
        &[
            (1.0, "serving", "a!", NONE_NEW),
            (30.5, "serving", "a!", "going: 0 healthy are not what is asked for"),
            (
                31.0,
                "serving",
                "a!",
                "failed: the worker a is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "enough others are healthy, and it isn't new",
        Image,
        ("serving", "a+ b!", (1, 5)),
        &[
            (1.0, "serving", "a+ b!", NONE_NEW),
            (30.5, "serving", "a+ b!", AILING),
            (
                31.0,
                "serving",
                "a+ b!",
                "failed: the worker b is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "it gets its error in place, late",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (29.0, "serving", "a+ b+", NONE_NEW),
            (29.5, "serving", "a+ b!", NONE_NEW),
            (31.0, "serving", "a+ b!", AILING),
            (40.0, "serving", "a+ b+", NONE_REPLACED),
        ],
    );
    holds(
        "between two that fail none is there",
        Image,
        ("serving", "a+", (0, 5)),
        &[
            (5.0, "serving", "ax c!", "going: 0 of 1 new ones healthy"),
            (10.0, "serving", "ax cx", NONE_NEW),
            (15.0, "serving", "ax cx d!", "going: 0 of 1 new ones healthy"),
            (20.0, "serving", "", NONE_NEW),
            (
                35.0,
                "serving",
                "e!",
                "failed: the worker e is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "the new ones went with their error, and those of before go on",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (5.0, "serving", "a+ b+ c!", "going: 0 of 1 new ones healthy"),
            (8.0, "serving", "a+ b+", NONE_NEW),
            (
                38.0,
                "serving",
                "a+ b+",
                "failed: the worker c is pending, ImagePullBackOff",
            ),
        ],
    );
    holds(
        "without ids",
        Image,
        ("serving", "+ +", (1, 5)),
        &[
            (1.0, "serving", "+ !", NONE_NEW),
            (30.0, "serving", "+ !", AILING),
            (31.0, "serving", "+ !", "failed: a worker is pending, ImagePullBackOff"),
        ],
    );
    holds(
        "the state tells one, and serves",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (1.0, "serving ImagePull", "a+ b+", NONE_NEW),
            (30.5, "serving ImagePull", "a+ b+", "going: the state tells an error"),
            (31.0, "serving ImagePull", "a+ b+", "failed: it is serving, ImagePull"),
        ],
    );
}

#[test]
fn none_that_runs_is_enough_only_where_none_is_listed_for_a_while_and_the_last_had_no_error() {
    holds(
        "as it stands, with a broken one",
        Nothing,
        ("", "", (0, 5)),
        &[
            (
                0.0,
                "serving",
                "a!",
                "going: the one worker that is there isn't healthy",
            ),
            (
                2.0,
                "serving",
                "a! b-",
                "going: none of the 2 workers that are there is healthy",
            ),
            (
                31.0,
                "serving",
                "a!",
                "failed: the worker a is pending, ImagePullBackOff",
            ),
        ],
    );
    let empty = "going: no worker is listed any more, which may be so for a moment only";
    holds(
        "as it stands, and one was there",
        Nothing,
        ("", "", (0, 5)),
        &[
            (
                0.0,
                "serving",
                "a-",
                "going: the one worker that is there isn't healthy",
            ),
            (2.0, "serving", "", empty),
            (31.0, "serving", "", empty),
            (32.0, "serving", "", AT_ZERO),
        ],
    );
    holds(
        "without ids",
        Image,
        ("serving", "+ +", (0, 5)),
        &[
            (1.0, "updating", "+ +", UPDATING),
            (2.0, "serving", "", NONE_NEW),
            (31.0, "serving", "", NONE_NEW),
            (32.0, "serving", "", AT_ZERO),
        ],
    );
    holds(
        "they are broken in place",
        Image,
        ("serving", "a+ b+", (0, 5)),
        &[
            (1.0, "updating", "a+ b+", UPDATING),
            (
                40.0,
                "serving",
                "a- b-",
                "going: none of the 2 workers that are there is healthy",
            ),
        ],
    );
    holds(
        "the new one went with its error",
        Image,
        ("serving", "", (0, 5)),
        &[
            (1.0, "serving", "c!", "going: 0 of 1 new ones healthy"),
            (2.0, "serving", "", NONE_NEW),
            (32.0, "serving", "", "failed: the worker c is pending, ImagePullBackOff"),
        ],
    );
}

#[test]
fn workers_without_ids_are_no_evidence_where_there_were_ids() {
    let no_ids = "going: the answer has workers without ids";
    holds(
        "at the check",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (1.0, "updating", "a+ b+", UPDATING),
            (3.0, "serving", "+ +", no_ids),
            (31.0, "serving", "a+ +", no_ids),
            (33.0, "serving", "a+ b+ c-", "going: 0 of 1 new ones healthy"),
            (40.0, "serving", "ax bx c+", "ready: the new worker is healthy"),
        ],
    );
    holds(
        "in a look",
        Image,
        ("serving", "", (1, 5)),
        &[
            (1.0, "updating", "c-", UPDATING),
            (3.0, "serving", "+", no_ids),
            (5.0, "serving", "c+", "ready: the new worker is healthy"),
        ],
    );
}

#[test]
fn a_configuration_that_somebody_changed_since_is_told() {
    holds(
        "to another",
        Image,
        ("serving", "a+ b+", (1, 5)),
        &[
            (1.0, "other updating", "a+ b+ c-", UPDATING),
            (
                9.0,
                "other serving",
                "ax bx c+ d+",
                format!("{ALL_NEW}{CHANGED}").leak(),
            ),
        ],
    );
}

#[test]
fn a_save_of_their_number_goes_on_with_the_rollout_before_it() {
    let start = |saved, ids: &str, (before, stored): (LoadedEndpoint, LoadedEndpoint)| RolloutStart {
        workers: Some(workers(ids).into_iter().map(|worker| worker.id).collect()),
        state: Some(saved),
        before: before.config,
        stored: stored.config,
        earlier: None,
    };
    let image = start("serving".to_owned(), "a+ b+", (before((1, 5)), stored(Image, (1, 5))));
    let more = start(
        "updating".to_owned(),
        "a+ b+ c-",
        (stored(Image, (1, 5)), stored(Image, (3, 5))),
    );
    let mut rollout = Rollout::new(Some(more.after(Some(image))));
    for (at, asked, list, wanted) in [
        (1.0, (1, 5), "a+ b+ c-", OLD),
        (
            5.0,
            (3, 5),
            "a+ b+ c+",
            "going: 2 workers from before the save are still there",
        ),
        (9.0, (3, 5), "ax bx c+ d+ e+", "ready: all 3 new workers are healthy"),
    ] {
        let look = seen(Image, asked, "serving", list);
        let verdict = rollout.look(Duration::from_secs_f64(at), &look);
        assert_eq!(format!("{}: {}", verdict.word(), verdict.words()), wanted, "{at}");
    }
}

#[test]
fn a_worker_runs_in_any_letter_case() {
    holds(
        "",
        Image,
        ("serving", "a+", (1, 5)),
        &[(5.0, "serving", "ax cR", "ready: the new worker is healthy")],
    );
}
