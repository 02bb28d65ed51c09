//! Any bytes that a terminal can send, to an editor whose every wish is answered.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use novita_edit::api::{Accepted, ApiError, FailedCall, NoAnswer, NotSent};
use novita_edit::endpoint::{LoadedEndpoint, Number, Summary};
use novita_edit::secret::Secret;
use novita_edit::session::{Answer, Next, Request, Save};
use novita_edit::store::{DraftReport, History, StoreOverview};
use novita_edit::terminal::Clicks;
use novita_edit::terminal::Seen;
use novita_edit::terminal::{InputEvent, InputParser, PASTE_LOST};
use novita_edit::tui::event::{Effect, Event};
use novita_edit::tui::model::{Edited, Opened, Surroundings, Written};
use ratatui::layout::Size;

use super::screen::{Editor, ID, check_body, limits, llama, lookups};

/// The terminal is silent for a while.
const SILENCE: u8 = 0xfe;
/// The next byte says to which size the terminal changes.
const RESIZE: u8 = 0xfd;

/// The first byte says where the editor is, and what answers it: the rest comes from the terminal.
pub fn keys(data: &[u8]) {
    let Some((&how, bytes)) = data.split_first() else {
        return;
    };
    let mut session = Session::new(how);
    let mut bytes = bytes.iter().copied().take(4096).peekable();
    while let (Some(byte), false) = (bytes.next(), session.is_over) {
        match byte {
            SILENCE => session.silence(),
            RESIZE => {
                let size = u16::from(bytes.next().unwrap_or(0));
                let size = Size::new(20 + (size & 15) * 9, 4 + (size >> 4) * 3);
                session.event(Event::Resize(size));
                session.editor.draw();
            }
            _ => {
                let mut read = vec![byte];
                // What comes at once is drawn once.
                while bytes.peek().is_some_and(|next| ![SILENCE, RESIZE].contains(next)) && read.len() < 32 {
                    read.extend(bytes.next());
                }
                session.feed(&read);
            }
        }
    }
    session.silence();
    if let Some(work) = session.editor.workspace() {
        check_body(work);
    }
}

struct Session {
    editor: Editor,
    parser: InputParser,
    clicks: Clicks,
    now: Instant,
    server: LoadedEndpoint,
    /// What goes wrong, and when.
    luck: u8,
    is_over: bool,
}

impl Session {
    fn new(how: u8) -> Self {
        let around = Surroundings {
            protected: how & 8 != 0,
            read_only: how & 16 != 0,
            update_url: "https://api.test/endpoint/update".into(),
            ..Surroundings::default()
        };
        let (width, height) = [(80, 24), (50, 14), (120, 40), (39, 11)][usize::from(how & 3)];
        let id = (how & 4 == 0).then_some(ID);
        let (editor, first) = Editor::start(width, height, around, id);
        let mut session = Self {
            editor,
            parser: InputParser::new(Duration::from_millis(50)),
            clicks: Clicks::default(),
            now: Instant::now(),
            server: llama(),
            luck: how >> 5,
            is_over: false,
        };
        session.answer(first);
        session.editor.draw();
        session
    }

    fn feed(&mut self, bytes: &[u8]) {
        let mut typed = Vec::new();
        self.parser.feed(bytes, self.now, &mut typed);
        self.typed(typed);
    }

    fn silence(&mut self) {
        self.now += PASTE_LOST;
        let mut typed = Vec::new();
        self.parser.expire(self.now, &mut typed);
        self.typed(typed);
        self.event(Event::Idle);
    }

    fn typed(&mut self, typed: Vec<InputEvent>) {
        let frame = self.editor.frame;
        let seen = Seen {
            newest: frame,
            settled: frame,
        };
        let mut rested = true;
        for typed in typed {
            let event = match typed {
                InputEvent::Mouse(report) => self
                    .clicks
                    .action(report, self.now)
                    .map(|action| Event::mouse(action, frame)),
                typed => Event::typed(typed, seen, std::mem::take(&mut rested)),
            };
            if let Some(event) = event {
                self.event(event);
            }
        }
        self.editor.draw();
    }

    fn event(&mut self, event: Event) {
        let effects = self.editor.update(event);
        self.answer(effects);
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.luck = self.luck.wrapping_add(1);
            let fails = self.luck % 8 == 7;
            match effect {
                Effect::LoadList(request) => {
                    let one = Summary {
                        id: ID.into(),
                        name: "llama-3-8b".into(),
                        ..Summary::default()
                    };
                    self.event(Event::Page(request, vec![one]));
                    let end = if fails { Err(cut("GET /endpoints")) } else { Ok(()) };
                    self.event(Event::ListEnd(request, end));
                }
                Effect::Load(request, _) => {
                    let read = if fails {
                        Err(cut("GET /endpoint"))
                    } else {
                        Ok(self.read())
                    };
                    self.event(Event::Loaded(request, Box::new(read), "14:03".into()));
                }
                Effect::OpenEndpoint(id) | Effect::TakeOver(id) => {
                    self.event(Event::Opened(id, Box::new(Opened::ours())))
                }
                Effect::LoadRecent => self.event(Event::Recent(vec![ID.into()])),
                Effect::LoadOverview => self.event(Event::StoreOverview(StoreOverview::default())),
                Effect::LoadHistory(id) => self.event(Event::HistoryRead(id, Ok(History::default()))),
                Effect::FlushDraft(leaving) => self.event(Event::Flushed(!fails, leaving)),
                Effect::LoadLimits => self.event(limits()),
                Effect::LoadLookups => lookups().into_iter().for_each(|event| self.event(event)),
                Effect::Save(base, body) => self.save(Save::start(*base, body)),
                Effect::Verify(base, body, open) => self.save(Save::verify(*base, body, *open)),
                Effect::Copy { what, .. } => self.event(Event::Copied(what, Ok(()))),
                Effect::RunEditor(target, text) => {
                    let edited = match self.luck % 4 {
                        0 => Edited::Failed("The editor ended with code 1.".into()),
                        1 => Edited::Text(Secret::new(text.reveal().replacen('1', "2", 1))),
                        2 => Edited::Text(Secret::new(format!("{}\u{202e}x", text.reveal()))),
                        _ => Edited::Text(text),
                    };
                    self.event(Event::Edited(target, edited));
                }
                Effect::ReadFile(path) => {
                    let text = Secret::new("A=1\nB='two \\x1b[31m'\nexport C=\"\u{202e}\"\n");
                    let read = if fails {
                        Err("it is a directory".into())
                    } else {
                        Ok(text)
                    };
                    self.event(Event::FileRead(path, read));
                }
                Effect::WriteFile(path, _, over) => {
                    let written = if over {
                        Written::Done(path.clone())
                    } else {
                        Written::Exists
                    };
                    self.event(Event::FileWritten(path, written));
                }
                Effect::CopyToFile(_) => self.event(Event::CopyWritten(Ok(PathBuf::from("/state/copy.txt")))),
                Effect::Discard(what) => {
                    let put = if fails {
                        Err("the disk is full".to_owned())
                    } else {
                        Ok(())
                    };
                    self.event(Event::Discarded(std::sync::Arc::new(what), put));
                }
                Effect::LoadDiscarded(id) => self.event(Event::DiscardedRead(id, Ok(Vec::new()))),
                Effect::DiscardDraft => self.event(Event::Kept(DraftReport::Removed)),
                Effect::Quit => self.is_over = true,
                Effect::CancelRead
                | Effect::CancelSave
                | Effect::Disown
                | Effect::SavedDecided(_)
                | Effect::LeftTold(_)
                | Effect::RecordOutcome(..)
                | Effect::RecordAnswers(..)
                | Effect::Mouse(_)
                | Effect::WatchIdle(_)
                | Effect::Suspend
                | Effect::Redraw => {}
            }
        }
    }

    /// Now and then somebody else was there before.
    fn read(&mut self) -> LoadedEndpoint {
        if self.luck % 5 == 4 {
            self.server.config.workers.max_num = Number::of(i64::from(self.luck));
            self.server.config.envs.rotate_left(usize::from(self.luck % 3));
        }
        self.server.clone()
    }

    fn save(&mut self, (mut save, mut request): (Save, Request)) {
        self.event(Event::SaveStep(save.progress()));
        self.editor.draw();
        loop {
            self.luck = self.luck.wrapping_add(1);
            let fails = self.luck % 8 == 6;
            let answer = match request {
                Request::Read(_) if fails => Answer::Read(Box::new(Err(cut("GET /endpoint")))),
                Request::Read(_) => Answer::Read(Box::new(Ok(self.read()))),
                Request::Send(_) if fails => Answer::Sent(Err(ApiError::NotSent {
                    at: at("POST /endpoint/update"),
                    why: NotSent::Refused,
                })),
                Request::Send(body) => {
                    self.server.config = body.config().clone();
                    Answer::Sent(Ok(Accepted::default()))
                }
            };
            match save.answer(answer) {
                Next::Do(next) => request = next,
                Next::Done(outcome) => return self.event(Event::SaveDone(outcome, "14:04".into())),
            }
        }
    }
}

fn cut(call: &'static str) -> ApiError {
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
