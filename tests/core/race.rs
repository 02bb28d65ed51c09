//! A simulated race of editors on one endpoint: no change is ever dropped silently.
//!
//! The server holds one configuration, and each send replaces it whole. Every editor is a real `Workspace` driven by a
//! real `Save`, one atomic step at a time: a load, an edit, a read or a send that arrives. Between any two steps of one
//! editor there may be any steps of the others; answers get lost, requests get lost or arrive when nobody waits for
//! them any more.
//!
//! What holds for every change that was sent and arrived, slot by slot (a field, a row by key and ordinal, an order):
//! - the server holds it at the end; or
//! - a later send changed it, and whoever sent that had this value before his eyes (it was in his base, and each way
//!   into the base names it: loaded, clashing, or among the others' changes); or
//! - its author wanted another value himself since, in a later send, arrived or not; or
//! - its author was told: never that it is saved, or else afterwards, at a read at the latest. Everybody reads once
//!   more at the end, as opening the endpoint again does, and compares with his last send or his base.
//!
//! What can't be closed, since the API has no version number and no condition on an update: a complete send of another
//! machine that falls between my check and the arrival of my request is overwritten, and I don't see it: what I read
//! back is what I sent. Its author, if he verified before that, learns it at his next read, not earlier. The same goes
//! for a request of my own that arrives after I stopped waiting for it. Between sessions of one machine the owner file
//! prevents both. The tests show that nothing is overwritten unseen but in this gap. A request timeout that the server
//! doesn't report can't be compared at all; here it is reported.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::edits::{ID, Touch, choice, endpoint, group, slots, touch, with};
use novita_edit::api::{Accepted, ApiError, FailedCall, NoAnswer, NotSent, Unreadable, wire};
use novita_edit::endpoint::diff::{self, Change, differences};
use novita_edit::endpoint::edit::{Edit, Row};
use novita_edit::endpoint::merge::{Merge, Resolution};
use novita_edit::endpoint::{EndpointConfig, EnvVar, FieldId, Limits, List, LoadedEndpoint};
use novita_edit::session::{Answer, Next, OpenSend, Outcome, OwnSend, Request, ReviewedBody, Save, Step, Workspace};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

/// What a person decides when a save ends otherwise than hoped.
#[derive(Clone, Debug)]
struct Decision {
    gives_up: bool,
    choices: Vec<Option<Resolution>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// A read is refused, a send never leaves.
    Unreached,
    /// A send is carried out, or a read answered, and the answer never comes.
    AnswerLost,
    /// A send is lost on its way, and nobody can tell.
    RequestLost,
    /// A send arrives when its answer isn't waited for any more.
    Late,
    /// A read is answered by a cache or a replica that lags behind: with what was there before the last change.
    Old,
}

#[derive(Clone, Debug)]
enum Wish {
    Edit(Touch),
    Undo,
    Save,
    Reread,
}

/// One step of an editor. What it comes to depends on where the editor is: a wish in the form, the fault on the way.
#[derive(Clone, Debug)]
enum Act {
    Go {
        who: usize,
        wish: Wish,
        fault: Fault,
        decision: Decision,
    },
    /// The oldest late request arrives.
    Arrive,
}

fn act() -> impl Strategy<Value = Act> {
    let wish = prop_oneof![
        4 => touch().prop_map(Wish::Edit),
        1 => Just(Wish::Undo),
        4 => Just(Wish::Save),
        1 => Just(Wish::Reread),
    ];
    let fault = prop_oneof![
        16 => Just(Fault::None),
        1 => Just(Fault::Unreached),
        1 => Just(Fault::AnswerLost),
        1 => Just(Fault::RequestLost),
        1 => Just(Fault::Late),
        2 => Just(Fault::Old),
    ];
    let decision = (prop::bool::weighted(0.15), prop::collection::vec(choice(), 0..5))
        .prop_map(|(gives_up, choices)| Decision { gives_up, choices });
    prop_oneof![
        20 => (0..3_usize, wish, fault, decision)
            .prop_map(|(who, wish, fault, decision)| Act::Go { who, wish, fault, decision }),
        1 => Just(Act::Arrive),
    ]
}

fn lost(call: &'static str) -> ApiError {
    ApiError::NoAnswer {
        at: at(call),
        why: NoAnswer::Cut("connection reset".into()),
    }
}

fn at(call: &'static str) -> FailedCall {
    FailedCall {
        host: "api.test".into(),
        call,
    }
}

const GET: &str = "GET /endpoint";
const POST: &str = "POST /endpoint/update";

/// A send on its way, and what became of it.
struct Sending {
    by: usize,
    /// The read before it, which found the base.
    checked: usize,
    /// What its sender believed to replace.
    base: EndpointConfig,
    body: EndpointConfig,
    /// When its sender was told that it is stored.
    believed: Option<usize>,
}

enum Phase {
    Form,
    Asking(Box<Save>, Request),
}

struct Editor {
    work: Workspace,
    phase: Phase,
    checked: usize,
    last: Option<usize>,
    /// What was sent while nobody knows what came of it, and which send that was.
    unknown: Option<(EndpointConfig, usize)>,
    /// What was named to the person as changed by somebody else or not stored, and when.
    told: Vec<(usize, String)>,
}

/// What happened, so that a property that holds of nothing is noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    stored: usize,
    merged: usize,
    clashed: usize,
    superseded: usize,
    /// Changes that were overwritten unseen, while their author believed them saved.
    overwritten: usize,
    /// Changes that were overwritten unseen, and their author was never told that they are saved.
    open: usize,
    late: usize,
}

struct World {
    server: EndpointConfig,
    /// What it held before the last change.
    before: EndpointConfig,
    /// The newest send that is known to be stored, in the history that all share on one machine.
    own: Option<OwnSend>,
    time: usize,
    editors: Vec<Option<Editor>>,
    sendings: Vec<Sending>,
    /// Which sends arrived, and when.
    arrived: Vec<(usize, usize)>,
    late: Vec<usize>,
    tally: Tally,
}

impl World {
    fn new(editors: usize) -> Self {
        Self {
            server: endpoint().config,
            before: endpoint().config,
            own: None,
            time: 0,
            editors: (0..editors).map(|_| None).collect(),
            sendings: Vec::new(),
            arrived: Vec::new(),
            late: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn read(&self) -> LoadedEndpoint {
        with(self.server.clone())
    }

    fn old(&self) -> LoadedEndpoint {
        with(self.before.clone())
    }

    /// The history is asked for the newest stored send before each check.
    fn knows_own(&self, save: &mut Save) {
        save.knows_own(self.own.clone());
    }

    fn load(&mut self, who: usize) {
        self.time += 1;
        self.editors[who] = Some(Editor {
            work: Workspace::new(self.read(), Limits::unknown()),
            phase: Phase::Form,
            checked: 0,
            last: None,
            unknown: None,
            told: Vec::new(),
        });
    }

    fn editor(&mut self, who: usize) -> &mut Editor {
        self.editors[who].as_mut().expect("loaded")
    }

    fn act(&mut self, act: &Act) {
        let Act::Go {
            who,
            wish,
            fault,
            decision,
        } = act
        else {
            self.time += 1;
            if !self.late.is_empty() {
                let number = self.late.remove(0);
                self.tally.late += 1;
                self.arrive(number);
            }
            return;
        };
        let who = who % self.editors.len();
        match &mut self.editors[who] {
            None => self.load(who),
            Some(editor) => match (&editor.phase, wish) {
                (Phase::Asking(..), _) => self.deliver(who, *fault, decision),
                (Phase::Form, Wish::Edit(touch)) => {
                    if let Some(edit) = touch.edit(editor.work.now()) {
                        editor.work.apply(edit);
                    }
                }
                (Phase::Form, Wish::Undo) => drop(editor.work.undo()),
                (Phase::Form, Wish::Save) => self.start(who),
                (Phase::Form, Wish::Reread) => self.reread(who, decision),
            },
        }
    }

    fn start(&mut self, who: usize) {
        let editor = self.editor(who);
        if editor.work.is_changed()
            && let Some(body) = ReviewedBody::of(&editor.work)
        {
            let (save, request) = Save::start(editor.work.base().clone(), body);
            editor.phase = Phase::Asking(Box::new(save), request);
        }
    }

    /// A request arrives at the server, or doesn't, and its answer at the editor.
    fn deliver(&mut self, who: usize, fault: Fault, decision: &Decision) {
        self.time += 1;
        let (read, old) = (self.read(), self.old());
        let Phase::Asking(mut save, request) = std::mem::replace(&mut self.editor(who).phase, Phase::Form) else {
            return;
        };
        if save.progress().step == Step::Check {
            self.knows_own(&mut save);
        }
        let answer = match (request, fault) {
            (Request::Read(_), Fault::Old) => {
                if save.progress().step == Step::Check {
                    // What it shows was so until the last change: the gap begins there.
                    let last = self.arrived.last().map_or(0, |(_, at)| at - 1);
                    self.editor(who).checked = last;
                }
                Answer::Read(Box::new(Ok(old)))
            }
            (Request::Read(_), Fault::None | Fault::Late) => {
                if save.progress().step == Step::Check {
                    self.editor(who).checked = self.time;
                }
                Answer::Read(Box::new(Ok(read)))
            }
            // What can't be read will not be read by asking again either: the driver's repetitions are another test.
            (Request::Read(_), _) => {
                let why = Unreadable::Html { title: String::new() };
                Answer::Read(Box::new(Err(ApiError::Unreadable { at: at(GET), why })))
            }
            (Request::Send(_), Fault::Unreached) => {
                let why = NotSent::Refused;
                Answer::Sent(Err(ApiError::NotSent { at: at(POST), why }))
            }
            (Request::Send(body), fault) => {
                let number = self.sendings.len();
                let stored = wire::endpoint(body.bytes(), ID).expect("a body reads back").config;
                assert_eq!(&stored, body.config());
                let editor = self.editor(who);
                editor.last = Some(number);
                let (checked, base) = (editor.checked, editor.work.base().config.clone());
                self.sendings.push(Sending {
                    by: who,
                    checked,
                    base,
                    body: stored,
                    believed: None,
                });
                match fault {
                    Fault::Late => self.late.push(number),
                    Fault::RequestLost => {}
                    _ => self.arrive(number),
                }
                Answer::Sent(if matches!(fault, Fault::None | Fault::Old) {
                    Ok(Accepted::default())
                } else {
                    Err(lost(POST))
                })
            }
        };
        match save.answer(answer) {
            Next::Do(request) => self.editor(who).phase = Phase::Asking(save, request),
            Next::Done(outcome) => self.settle(who, &save, *outcome, decision),
        }
    }

    fn arrive(&mut self, number: usize) {
        let body = self.sendings[number].body.clone();
        self.before = std::mem::replace(&mut self.server, body);
        self.arrived.push((number, self.time));
    }

    /// As the editor's update does, with the person's decision.
    fn settle(&mut self, who: usize, save: &Save, outcome: Outcome, decision: &Decision) {
        let (now, before) = (self.server.clone(), self.before.clone());
        let editor = self.editor(who);
        let sent = save.body().config();
        match outcome {
            Outcome::Saved { fresh, .. } => {
                assert!(
                    [&now, &before].contains(&sent),
                    "saved is said only of what is or, by an old answer, was there"
                );
                let own = OwnSend {
                    before: editor.work.base().config.clone(),
                    sent: sent.clone(),
                    stored: fresh.config.clone(),
                    at: String::new(),
                    is_recent: true,
                };
                let edited = editor.work.now().clone();
                editor.work.saved(*fresh, sent);
                assert_eq!(editor.work.now(), &edited);
                editor.unknown = None;
                let number = editor.last.expect("sent");
                self.believe(number);
                self.own = Some(own);
            }
            Outcome::ServerChanged {
                as_before: Some(_),
                changes,
                ..
            } if changes.is_empty() => {}
            Outcome::ServerChanged { theirs, changes, .. } => {
                assert!(!changes.is_empty());
                match editor
                    .unknown
                    .take_if(|(sent, _)| differences(sent, &theirs.config).is_empty())
                {
                    Some((sent, number)) => {
                        editor.work.saved(*theirs, &sent);
                        self.believe(number);
                    }
                    None => self.meet(who, *theirs, decision),
                }
            }
            Outcome::StoredDifferently { fresh, deviations, .. } => {
                let changes: Vec<Change> = deviations.into_iter().map(|found| found.change).collect();
                editor.unknown = None;
                self.tell(who, &changes);
                self.editor(who).work.stored_differently(*fresh, sent);
                self.tally.merged += 1;
            }
            Outcome::NotSaved { fresh, .. } => {
                editor.unknown = None;
                let changes = differences(sent, &fresh.config);
                self.tell(who, &changes);
            }
            Outcome::NotShown { open, .. } | Outcome::NotKnown { open, .. } => {
                // Asked once more, its time-outs are over.
                let asked = editor.unknown.replace((sent.clone(), editor.last.expect("sent")));
                let open = OpenSend {
                    is_over: asked.is_some_and(|(before, _)| before == *sent),
                    ..open
                };
                if !decision.gives_up {
                    let (save, request) = Save::verify(editor.work.base().clone(), save.body().clone(), open);
                    editor.phase = Phase::Asking(Box::new(save), request);
                }
            }
            Outcome::CheckFailed(_) | Outcome::NotSent(_) => {}
            other => panic!("{other:?}"),
        }
    }

    fn believe(&mut self, number: usize) {
        self.sendings[number].believed = Some(self.time);
        self.tally.stored += 1;
    }

    fn tell(&mut self, who: usize, changes: &[Change]) {
        let time = self.time;
        let told = &mut self.editor(who).told;
        told.extend(changes.iter().map(|change| (time, name(change))));
    }

    /// The server holds something else than the base: merged, unless the person gives up at a clash.
    fn meet(&mut self, who: usize, theirs: LoadedEndpoint, decision: &Decision) {
        let work = &self.editor(who).work;
        let merge = work.merge_with(&theirs.config);
        if !merge.clashes().is_empty() && decision.gives_up {
            return;
        }
        let before = [&work.base().config, work.now(), &theirs.config].map(Clone::clone);
        let Editor { work, told, .. } = self.editor(who);
        work.merge(theirs, &decision.choices);
        check_merged(&before, &merge, work, told);
        let mut others = work.others().to_vec();
        others.extend(differences(&before[1], work.now()));
        let time = self.time;
        self.tell(who, &others);
        let clashes = merge.clashes().iter().map(|clash| (time, clash.name()));
        self.editor(who).told.extend(clashes);
        if merge.clashes().is_empty() {
            self.tally.merged += 1;
        } else {
            self.tally.clashed += 1;
        }
    }

    fn reread(&mut self, who: usize, decision: &Decision) {
        self.time += 1;
        let read = self.read();
        let editor = self.editor(who);
        let theirs = differences(&editor.work.base().config, &read.config);
        if let Some((sent, number)) = editor.unknown.take() {
            if differences(&sent, &read.config).is_empty() {
                editor.work.saved(read, &sent);
                self.believe(number);
                return;
            }
            if !theirs.is_empty() {
                editor.unknown = Some((sent, number));
            }
        }
        if theirs.is_empty() {
            return;
        }
        if editor.work.is_changed() {
            self.meet(who, read, decision);
        } else {
            editor.work.merge(read, &[]);
            self.tell(who, &theirs);
        }
    }

    /// All requests arrive, all saves end, and everybody reads once more.
    fn end(&mut self) {
        let decision = Decision {
            gives_up: true,
            choices: Vec::new(),
        };
        for who in 0..self.editors.len() {
            while matches!(
                &self.editors[who],
                Some(Editor {
                    phase: Phase::Asking(..),
                    ..
                })
            ) {
                self.deliver(who, Fault::None, &decision);
            }
        }
        while !self.late.is_empty() {
            self.act(&Act::Arrive);
        }
        self.time += 1;
        for who in 0..self.editors.len() {
            if let Some(editor) = &self.editors[who] {
                let reference = editor
                    .unknown
                    .as_ref()
                    .map_or(&editor.work.base().config, |(sent, _)| sent);
                let told = differences(reference, &self.server);
                self.tell(who, &told);
            }
        }
        for first in 0..self.arrived.len() {
            self.follow(first);
        }
    }

    /// What became of each change of a send that arrived.
    fn follow(&mut self, first: usize) {
        let (number, _) = self.arrived[first];
        let sending = &self.sendings[number];
        for slot in changed(&sending.base, &sending.body) {
            if !changed(&sending.body, &self.server).contains(&slot) {
                continue;
            }
            let later = || {
                self.arrived[first + 1..]
                    .iter()
                    .map(|(number, at)| (&self.sendings[*number], *at))
            };
            let had_it_before_his_eyes = |by: &Sending| !changed(&sending.body, &by.base).contains(&slot);
            let (by, at) = later()
                .find(|(by, _)| changed(&sending.body, &by.body).contains(&slot))
                .expect("what the server doesn't hold was replaced");
            if had_it_before_his_eyes(by) {
                self.tally.superseded += 1;
                continue;
            }
            assert!(
                self.arrived.iter().any(|(_, gap)| (by.checked + 1..at).contains(gap)),
                "{slot} was overwritten unseen, and not in the gap between check and arrival"
            );
            let Some(believed) = sending.believed else {
                self.tally.open += 1;
                continue;
            };
            // Arrived or not: the author himself wants another value since.
            let decided_anew = self.sendings[number + 1..].iter().any(|own| {
                own.by == sending.by && had_it_before_his_eyes(own) && changed(&own.base, &own.body).contains(&slot)
            });
            let author = self.editors[sending.by].as_ref().expect("it sent");
            let told = author
                .told
                .iter()
                .any(|(at, name)| *at > believed && tells(name, &slot));
            assert!(
                told || decided_anew,
                "nobody told {} that {slot} is gone: {:?}",
                sending.by,
                author.told
            );
            self.tally.overwritten += 1;
        }
    }
}

/// Whether a change of this name tells of a slot. Where rows went and came, their names tell of the order too: it is of
/// the rows that stayed.
fn tells(name: &str, slot: &str) -> bool {
    group(name) == group(slot)
        || match slot {
            "Environment order" => name.starts_with("Environment "),
            "Volumes order" => name.starts_with("Volume "),
            _ => false,
        }
}

/// The name of a change; an order is not a row.
fn name(change: &Change) -> String {
    match (&change.row, change.field) {
        (None, FieldId::Environment | FieldId::Volumes) => format!("{} order", change.name()),
        _ => change.name(),
    }
}

/// The slots that differ. What stands in them is compared here; only the orders are left to the program's own diff.
fn changed(old: &EndpointConfig, new: &EndpointConfig) -> BTreeSet<String> {
    let (before, after) = (slots(old), slots(new));
    let names = before.keys().chain(after.keys());
    let mut changed: BTreeSet<String> = names.filter(|n| before.get(*n) != after.get(*n)).cloned().collect();
    changed.extend(
        diff::changes(old, new)
            .iter()
            .map(name)
            .filter(|n| n.ends_with(" order")),
    );
    changed
}

/// Nothing of mine went and nothing of theirs came but what is named. Worked out anew, without the merge's own rules of
/// which rows belong together but this: where rows of a key went, all rows of that key are one.
fn check_merged([base, mine, theirs]: &[EndpointConfig; 3], merge: &Merge, work: &Workspace, told: &[(usize, String)]) {
    let all = [base, mine, theirs, work.now()].map(slots);
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for slot in all.iter().flat_map(BTreeMap::keys) {
        units.entry(group(slot)).or_default().insert(slot);
    }
    let clashing: BTreeSet<String> = merge.clashes().iter().map(|c| group(&c.name()).to_owned()).collect();
    let others: BTreeSet<String> = work.others().iter().map(|c| group(&c.name()).to_owned()).collect();
    for (unit, names) in units {
        let rows = |side: usize| names.iter().filter(|name| all[side].contains_key(**name)).count();
        let together = rows(1) < rows(0) || rows(2) < rows(0);
        let parts: Vec<Vec<&str>> = match together {
            true => vec![names.iter().copied().collect()],
            false => names.iter().map(|name| vec![*name]).collect(),
        };
        for part in parts {
            let [was, my, their, is] =
                [0, 1, 2, 3].map(|side| part.iter().map(|name| all[side].get(*name)).collect::<Vec<_>>());
            let expected = match () {
                () if my == their || was == their => Some(&my),
                () if was == my => Some(&their),
                () => None,
            };
            match expected {
                _ if clashing.contains(unit) => {}
                None => panic!("{unit} clashes, and nobody was asked"),
                Some(expected) => assert_eq!(&is, expected, "{unit}: {was:?}, mine {my:?}, theirs {their:?}"),
            }
            // What was told before, and is as it was at first again, is no change of others any more.
            let told = || told.iter().any(|(_, name)| group(name) == unit);
            assert!(
                is == my || clashing.contains(unit) || others.contains(unit) || told(),
                "{unit} came in unnamed: {was:?}, mine {my:?}, now {is:?}"
            );
        }
    }
}

#[test]
fn no_change_is_dropped_silently_however_editors_race() {
    let config = ProptestConfig {
        cases: 250,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let cases = config.cases as usize;
    let tally = std::cell::Cell::new(Tally::default());
    let race = (2..=3_usize, prop::collection::vec(act(), 10..70));
    TestRunner::new(config)
        .run(&race, |(editors, acts)| {
            let mut world = World::new(editors);
            acts.iter().for_each(|act| world.act(act));
            world.end();
            tally.set(tally.get().with(world.tally));
            Ok::<(), TestCaseError>(())
        })
        .unwrap();
    let tally = tally.get();
    println!("{tally:?}");
    assert!(tally.stored > cases && tally.merged > cases / 4, "{tally:?}");
    assert!(tally.clashed > cases / 10 && tally.superseded > cases / 10, "{tally:?}");
    assert!(
        tally.overwritten > cases / 50 && tally.open > 0 && tally.late > 0,
        "{tally:?}"
    );
}

impl Tally {
    fn with(self, other: Self) -> Self {
        Self {
            stored: self.stored + other.stored,
            merged: self.merged + other.merged,
            clashed: self.clashed + other.clashed,
            superseded: self.superseded + other.superseded,
            overwritten: self.overwritten + other.overwritten,
            open: self.open + other.open,
            late: self.late + other.late,
        }
    }
}

/// The steps of one editor in the enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Load,
    Edit,
    Check,
    Send,
    Verify,
}

const PARTS: [Part; 5] = [Part::Load, Part::Edit, Part::Check, Part::Send, Part::Verify];

/// Every interleaving of both editors' steps.
fn interleavings() -> Vec<Vec<(usize, Part)>> {
    (0..1_u32 << 10)
        .filter(|mask| mask.count_ones() == 5)
        .map(|mask| {
            let mut at = [0; 2];
            (0..10)
                .map(|step| {
                    let who = (mask >> step & 1) as usize;
                    at[who] += 1;
                    (who, PARTS[at[who] - 1])
                })
                .collect()
        })
        .collect()
}

/// What an interleaving must come to, by counting versions only.
#[derive(Default)]
struct Foreseen {
    met: usize,
    /// Whose change was overwritten in the gap after it had been verified.
    lost: Option<usize>,
}

fn foresee(steps: &[(usize, Part)]) -> Foreseen {
    let (mut version, mut foreseen) = (0, Foreseen::default());
    let (mut seen, mut own, mut stopped, mut verified) = ([0; 2], [None; 2], [false; 2], [false; 2]);
    for &(who, part) in steps {
        match part {
            Part::Load => seen[who] = version,
            Part::Edit => {}
            Part::Check => {
                stopped[who] = version != seen[who];
                foreseen.met += usize::from(stopped[who]);
            }
            Part::Send if !stopped[who] => {
                if version != seen[who] && verified[1 - who] {
                    foreseen.lost = Some(1 - who);
                }
                version += 1;
                own[who] = Some(version);
            }
            Part::Verify if !stopped[who] => {
                verified[who] = own[who] == Some(version);
                foreseen.met += usize::from(!verified[who]);
            }
            Part::Send | Part::Verify => {}
        }
    }
    foreseen
}

/// Runs an interleaving to its end: whoever met a change merges, keeping his own where both clash, and saves again.
fn run(steps: &[(usize, Part)], edits: &[Touched; 2]) -> (World, usize) {
    let decision = Decision {
        gives_up: false,
        choices: vec![Some(Resolution::Mine); 9],
    };
    let mut world = World::new(2);
    let asking = |world: &World, who: usize| {
        matches!(
            &world.editors[who],
            Some(Editor {
                phase: Phase::Asking(..),
                ..
            })
        )
    };
    for &(who, part) in steps {
        match part {
            Part::Load => world.load(who),
            Part::Edit => {
                let edit = edits[who](world.editor(who).work.now());
                world.editor(who).work.apply(edit);
            }
            Part::Check => {
                world.start(who);
                world.deliver(who, Fault::None, &decision);
            }
            Part::Send if asking(&world, who) => world.deliver(who, Fault::None, &decision),
            Part::Verify => {
                while asking(&world, who) {
                    world.deliver(who, Fault::None, &decision);
                }
            }
            Part::Send => {}
        }
    }
    let met = world.tally.merged + world.tally.clashed;
    for who in [0, 1] {
        world.start(who);
        while asking(&world, who) {
            world.deliver(who, Fault::None, &decision);
        }
    }
    (world, met)
}

type Touched = fn(&EndpointConfig) -> Edit;

fn env(config: &EndpointConfig, at: usize) -> Row {
    Row::of(config, List::Envs, at).unwrap()
}

fn place(config: &EndpointConfig, key: &str) -> usize {
    config.envs.iter().position(|env| env.key == key).unwrap()
}

#[test]
fn of_disjoint_changes_both_are_stored_in_every_interleaving_but_those_of_the_gap_which_are_told() {
    let pairs: [[Touched; 2]; 3] = [
        [
            |c| Edit::set(c, FieldId::Name, "first"),
            |c| Edit::set(c, FieldId::MaxWorkers, "6"),
        ],
        [
            |_| Edit::Insert {
                at: 1,
                row: Row::Env(EnvVar::new("NEW", "1")),
            },
            |c| {
                let at = place(c, "C");
                Edit::Remove { at, row: env(c, at) }
            },
        ],
        [
            |c| {
                let (at, new) = (place(c, "B"), Row::Env(EnvVar::new("B", "9")));
                Edit::Replace {
                    at,
                    old: env(c, at),
                    new,
                }
            },
            |_| Edit::Move {
                list: List::Envs,
                from: 3,
                to: 0,
            },
        ],
    ];
    for edits in &pairs {
        let (mut merged, mut lost) = (0, 0);
        for steps in interleavings() {
            let foreseen = foresee(&steps);
            let (mut world, met) = run(&steps, edits);
            assert_eq!(met, foreseen.met, "{steps:?}");
            let mut both = endpoint().config;
            for (who, edit) in edits.iter().enumerate() {
                if foreseen.lost != Some(who) {
                    edit(&both).apply(&mut both);
                }
            }
            assert!(diff::changes(&both, &world.server).is_empty(), "{steps:?}");
            world.end();
            merged += world.tally.merged;
            lost += world.tally.overwritten;
            assert_eq!(
                world.tally.overwritten,
                usize::from(foreseen.lost.is_some()),
                "{steps:?}"
            );
        }
        println!("252 interleavings: {merged} merges, {lost} overwritten in the gap and told");
        assert!(merged > 0 && lost > 0);
    }
}

#[test]
fn of_clashing_changes_none_is_replaced_unseen_in_any_interleaving_but_in_the_gap() {
    let pairs: [[Touched; 2]; 4] = [
        [
            |c| Edit::set(c, FieldId::Name, "first"),
            |c| Edit::set(c, FieldId::Name, "second"),
        ],
        [
            |_| Edit::Insert {
                at: 0,
                row: Row::Env(EnvVar::new("NEW", "1")),
            },
            |_| Edit::Insert {
                at: 4,
                row: Row::Env(EnvVar::new("NEW", "2")),
            },
        ],
        [
            |c| {
                let (at, new) = (1, Row::Env(EnvVar::new("B", "9")));
                Edit::Replace {
                    at,
                    old: env(c, at),
                    new,
                }
            },
            |c| Edit::Remove { at: 1, row: env(c, 1) },
        ],
        [
            |_| Edit::Move {
                list: List::Envs,
                from: 0,
                to: 3,
            },
            |_| Edit::Move {
                list: List::Envs,
                from: 3,
                to: 0,
            },
        ],
    ];
    for edits in &pairs {
        let mut tally = Tally::default();
        for steps in interleavings() {
            let (mut world, _) = run(&steps, edits);
            world.end();
            tally = tally.with(world.tally);
        }
        println!("252 interleavings: {tally:?}");
        assert!(
            tally.clashed > 0 && tally.superseded > 0 && tally.overwritten > 0,
            "{tally:?}"
        );
    }
}

#[test]
fn whoever_decides_anew_in_a_send_that_never_arrives_knows_that_it_is_open() {
    let keen = Decision {
        gives_up: true,
        choices: Vec::new(),
    };
    let mut world = World::new(2);
    let edit = |world: &mut World, who: usize, field, text: &str| {
        let edit = Edit::set(world.editor(who).work.now(), field, text);
        world.editor(who).work.apply(edit);
    };
    world.load(0);
    world.load(1);
    // The other has checked before the first send, and arrives after the check of the second.
    edit(&mut world, 1, FieldId::Name, "qwen");
    world.start(1);
    world.deliver(1, Fault::None, &keen);
    edit(&mut world, 0, FieldId::Name, "mistral");
    world.start(0);
    (0..3).for_each(|_| world.deliver(0, Fault::None, &keen));
    edit(&mut world, 0, FieldId::Name, "qwen");
    edit(&mut world, 0, FieldId::MaxWorkers, "6");
    world.start(0);
    world.deliver(0, Fault::None, &keen);
    world.deliver(1, Fault::None, &keen);
    world.deliver(0, Fault::RequestLost, &keen);
    world.deliver(0, Fault::AnswerLost, &keen);
    assert!(world.editor(0).unknown.is_some());
    world.end();
}

/// One machine: a save ends before the next one begins, whoever makes it, and all of them share a history.
#[test]
fn on_one_machine_nothing_that_was_saved_is_overwritten_without_a_word_however_old_the_answers_are() {
    let one = (
        touch(),
        0..3_usize,
        prop::collection::vec(prop::bool::weighted(0.3), 0..9),
        prop::bool::ANY,
    );
    let saves = prop::collection::vec(one, 1..12);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(400));
    let decision = Decision {
        gives_up: true,
        choices: Vec::new(),
    };
    let (sends, suspects) = (Cell::new(0), Cell::new(0));
    runner
        .run(&saves, |saves| {
            let mut world = World::new(3);
            for (touch, who, olds, reloads) in saves {
                if reloads || world.editors[who].is_none() {
                    world.load(who);
                }
                if let Some(edit) = touch.edit(world.editor(who).work.now()) {
                    world.editor(who).work.apply(edit);
                }
                world.start(who);
                let mut olds = olds.into_iter().chain(std::iter::repeat(false));
                while let Some(Editor {
                    phase: Phase::Asking(save, request),
                    ..
                }) = &world.editors[who]
                {
                    if matches!(request, Request::Send(_)) {
                        let (base, server) = (&save.base().config, &world.server);
                        prop_assert!(changed(base, server).is_empty(), "sent over what it had not seen");
                        sends.set(sends.get() + 1);
                    }
                    let is_old = matches!(request, Request::Read(_)) && olds.next().unwrap_or_default();
                    suspects.set(suspects.get() + usize::from(is_old));
                    world.deliver(who, if is_old { Fault::Old } else { Fault::None }, &decision);
                }
            }
            Ok(())
        })
        .unwrap();
    let (sends, suspects) = (sends.get(), suspects.get());
    assert!(sends > 100 && suspects > 100, "{sends} sends, {suspects} old answers");
}
