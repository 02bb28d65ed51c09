use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use super::*;
use crate::terminal::input::PastePiece;

const TIMEOUT: Duration = Duration::from_millis(50);
const NONE: KeyModifiers = KeyModifiers::NONE;
const ALT: KeyModifiers = KeyModifiers::ALT;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

/// Events of reads that follow each other closely, then nothing for a long time.
fn reads(reads: &[&[u8]]) -> Vec<InputEvent> {
    let mut parser = InputParser::new(TIMEOUT);
    let mut events = Vec::new();
    let mut now = Instant::now();
    for read in reads {
        parser.feed(read, now, &mut events);
        now += Duration::from_millis(1);
        parser.expire(now, &mut events);
    }
    while let Some(at) = parser.deadline() {
        parser.expire(at, &mut events);
    }
    events
}

fn k(code: KeyCode, modifiers: KeyModifiers) -> InputEvent {
    key(code, modifiers)
}

fn c(c: char, modifiers: KeyModifiers) -> InputEvent {
    key(KeyCode::Char(c), modifiers)
}

/// ESC and a key in one.
fn esc(key: InputEvent) -> InputEvent {
    match key {
        InputEvent::Key(key) => InputEvent::EscKey(key),
        other => other,
    }
}

fn piece(text: &str, first: bool, last: bool) -> InputEvent {
    InputEvent::Paste(PastePiece {
        text: text.to_owned(),
        first,
        last,
        cut: false,
    })
}

fn paste(text: &str) -> InputEvent {
    piece(text, true, true)
}

/// What each input must give, however it is cut into reads.
fn table() -> Vec<(&'static [u8], Vec<InputEvent>)> {
    use KeyCode::{
        BackTab, Backspace, Delete, Down, End, Enter, Esc, F, Home, Insert, Left, PageDown, PageUp, Right, Tab, Up,
    };
    let mouse = |kind, column, row, modifiers| {
        InputEvent::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers,
        })
    };
    let left = MouseButton::Left;
    vec![
        (b"a", vec![c('a', NONE)]),
        (b"A", vec![c('A', SHIFT)]),
        ("é中👩".as_bytes(), vec![c('é', NONE), c('中', NONE), c('👩', NONE)]),
        (b"\x1b", vec![k(Esc, NONE)]),
        (b"\x1b\x1b", vec![k(Esc, NONE), k(Esc, NONE)]),
        (b"\x1b\x1b\x1b", vec![k(Esc, NONE), k(Esc, NONE), k(Esc, NONE)]),
        (b"\x1bd", vec![esc(c('d', NONE))]),
        (b"\x1b\x1bd", vec![k(Esc, NONE), esc(c('d', NONE))]),
        ("\x1bé".as_bytes(), vec![esc(c('é', NONE))]),
        (
            b"\x1b[A\x1b[B\x1b[C\x1b[D",
            vec![k(Up, NONE), k(Down, NONE), k(Right, NONE), k(Left, NONE)],
        ),
        (
            b"\x1bOA\x1bOB\x1bOC\x1bOD",
            vec![k(Up, NONE), k(Down, NONE), k(Right, NONE), k(Left, NONE)],
        ),
        (b"\x1b\x1b[A", vec![k(Up, ALT)]),
        (b"\x1b\x1bOB", vec![k(Down, ALT)]),
        (b"\x1b\x1b\x1b[A", vec![k(Esc, NONE), k(Up, ALT)]),
        (
            b"\x1b[1;5A\x1b[1;2D\x1b[1;3H",
            vec![k(Up, CTRL), k(Left, SHIFT), k(Home, ALT)],
        ),
        (b"\x1b[a\x1bOa", vec![k(Up, SHIFT), k(Up, CTRL)]),
        (b"\x1b[H\x1b[1~\x1b[7~\x1bOH", vec![k(Home, NONE); 4]),
        (b"\x1b[F\x1b[4~\x1b[8~\x1bOF", vec![k(End, NONE); 4]),
        (
            b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~",
            vec![k(Insert, NONE), k(Delete, NONE), k(PageUp, NONE), k(PageDown, NONE)],
        ),
        (
            b"\x1b[3;5~\x1b[3^\x1b[3$",
            vec![k(Delete, CTRL), k(Delete, CTRL), k(Delete, SHIFT)],
        ),
        (
            b"\x1bOP\x1bOQ\x1bOR\x1bOS",
            vec![k(F(1), NONE), k(F(2), NONE), k(F(3), NONE), k(F(4), NONE)],
        ),
        (
            b"\x1b[[A\x1b[[B\x1b[[E",
            vec![k(F(1), NONE), k(F(2), NONE), k(F(5), NONE)],
        ),
        (
            b"\x1b[11~\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~",
            vec![
                k(F(1), NONE),
                k(F(5), NONE),
                k(F(6), NONE),
                k(F(10), NONE),
                k(F(11), NONE),
                k(F(12), NONE),
            ],
        ),
        (
            b"\x1b[1;2P\x1b[15;5~\x1bO5P",
            vec![k(F(1), SHIFT), k(F(5), CTRL), k(F(1), CTRL)],
        ),
        (b"\x1b[Z\x1b\t", vec![k(BackTab, SHIFT), esc(k(Tab, NONE))]),
        (b"\t\r\x1b\r", vec![k(Tab, NONE), k(Enter, NONE), esc(k(Enter, NONE))]),
        (b"\n", vec![c('j', CTRL)]),
        (
            b"\x08\x7f\x1b\x7f",
            vec![k(Backspace, NONE), k(Backspace, NONE), esc(k(Backspace, NONE))],
        ),
        (
            b"\0\x01\x1a\x1c\x1f",
            vec![c(' ', CTRL), c('a', CTRL), c('z', CTRL), c('\\', CTRL), c('_', CTRL)],
        ),
        (b"\x1bOj\x1bOp\x1bOM", vec![c('*', NONE), c('0', NONE), k(Enter, NONE)]),
        // Alt keys whose letter could have begun a sequence.
        (b"\x1b[", vec![esc(c('[', NONE))]),
        (b"\x1bO", vec![esc(c('O', SHIFT))]),
        (b"\x1b]", vec![esc(c(']', NONE))]),
        (b"\x1bP\r", vec![esc(c('P', SHIFT)), k(Enter, NONE)]),
        (b"\x1b[\r", vec![esc(c('[', NONE)), k(Enter, NONE)]),
        (b"\x1b\x1b[\r", vec![k(Esc, NONE), esc(c('[', NONE)), k(Enter, NONE)]),
        // modifyOtherKeys and kitty.
        (
            b"\x1b[27;5;13~\x1b[27;2;65~\x1b[27;5;9~",
            vec![k(Enter, CTRL), c('A', SHIFT), k(Tab, CTRL)],
        ),
        (
            b"\x1b[97u\x1b[97;5u\x1b[97;2u",
            vec![c('a', NONE), c('a', CTRL), c('A', SHIFT)],
        ),
        (
            b"\x1b[61:43;6u\x1b[27u\x1b[9;2u",
            vec![c('+', CTRL), k(Esc, NONE), k(BackTab, SHIFT)],
        ),
        // One meaning for a key, however the terminal words it.
        (
            b"\x1b[91;5u\x1b[105;5u\x1b[109;5u\x1b[13;2u",
            vec![k(Esc, NONE), k(Tab, NONE), k(Enter, NONE), k(Enter, ALT)],
        ),
        (
            b"\x1b[27;5;91~\x1b[27;5;105~\x1b[27;5;109~\x1b[27;2;13~",
            vec![k(Esc, NONE), k(Tab, NONE), k(Enter, NONE), k(Enter, ALT)],
        ),
        // What came as a sequence is never taken apart.
        (b"\x1b[98;3u\x1b[1;3D", vec![c('b', ALT), k(Left, ALT)]),
        (
            b"\x1b[104;5u\x1b[57399u\x1b[57441u",
            vec![k(Backspace, NONE), c('0', NONE)],
        ),
        (b"\x1b[97;1:3u\x1b[1;1:3Aa", vec![c('a', NONE)]),
        // Mouse.
        (
            b"\x1b[<0;3;4M\x1b[<0;3;4m",
            vec![
                mouse(MouseEventKind::Down(left), 2, 3, NONE),
                mouse(MouseEventKind::Up(left), 2, 3, NONE),
            ],
        ),
        (
            b"\x1b[<64;1;1M\x1b[<65;300;200M\x1b[<20;1;1M",
            vec![
                mouse(MouseEventKind::ScrollUp, 0, 0, NONE),
                mouse(MouseEventKind::ScrollDown, 299, 199, NONE),
                mouse(MouseEventKind::Down(left), 0, 0, SHIFT | CTRL),
            ],
        ),
        (b"\x1b[M !!", vec![mouse(MouseEventKind::Down(left), 0, 0, NONE)]),
        (b"\x1b[<0;0;0Ma", vec![c('a', NONE)]),
        // Answers that nobody asked for, each followed by a key.
        (b"\x1b[24;80Ra", vec![c('a', NONE)]),
        (b"\x1b[?62;22ca\x1b[>0;276;0ca\x1b[=1ca", vec![c('a', NONE); 3]),
        (
            b"\x1b[?2026;2$ya\x1b[4;1$ya\x1b[0na\x1b[8;24;80ta\x1b[?1ua",
            vec![c('a', NONE); 5],
        ),
        (
            b"\x1b]11;rgb:0000/0000/0000\x07a\x1b]11;rgb:0/0/0\x1b\\a",
            vec![c('a', NONE); 2],
        ),
        (b"\x1bP>|xterm(390)\x1b\\a\x1b_Gi=1;OK\x1b\\a", vec![c('a', NONE); 2]),
        (b"\x1b[Ia\x1b[Oa", vec![c('a', NONE); 2]),
        (b"\x1b[99~a\x1b[5xa\x1b[!pa\x1b[[za\x1bOza", vec![c('a', NONE); 5]),
        // A broken sequence gives way to what interrupts it.
        (b"\x1b[1;\x1b[A", vec![k(Up, NONE)]),
        (b"\x1b[1;\x03", vec![c('c', CTRL)]),
        (b"\x1b]0;title\x03", vec![c('c', CTRL)]),
        ("\x1b[1é".as_bytes(), vec![c('é', NONE)]),
        // Not UTF-8.
        (b"\xff\x80\xc0\xaf\xfea", vec![c('a', NONE)]),
        (
            b"\xc3a\xe4\xb8b\xf0\x9f\x91c",
            vec![c('a', NONE), c('b', NONE), c('c', NONE)],
        ),
        (b"\xed\xa0\x80a\xc2\x85a", vec![c('a', NONE); 2]),
        // Pastes.
        (b"\x1b[200~hello\x1b[201~x", vec![paste("hello"), c('x', NONE)]),
        (b"\x1b[200~a\rb\r\nc\nd\x1b[201~", vec![paste("a\nb\nc\nd")]),
        (b"\x1b[200~\x1b[201~x", vec![paste(""), c('x', NONE)]),
        (b"\x1b[200~a\x1b[200~b\x1b[201~x", vec![paste("ab"), c('x', NONE)]),
        (b"\x1b[201~x", vec![c('x', NONE)]),
        (b"\x1b[200~\x1b[31m~\x1b[201~", vec![paste("\x1b[31m~")]),
        (b"\x1b[200~\xffa\x03\x1b[201~", vec![paste("\u{fffd}a\u{3}")]),
        (b"\x1b\x1b[200~a\x1b[201~", vec![k(Esc, NONE), paste("a")]),
        (
            b"\x1b[200~lost end\x1b[20",
            vec![piece("lost end", true, false), piece("", false, true)],
        ),
    ]
}

#[test]
fn every_sequence_gives_its_events() {
    for (bytes, expected) in table() {
        assert_eq!(reads(&[bytes]), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_sequence_cut_at_any_byte_gives_the_same_events() {
    for (bytes, expected) in table() {
        for cut in 0..=bytes.len() {
            let (a, b) = bytes.split_at(cut);
            assert_eq!(reads(&[a, b]), expected, "{} | {}", a.escape_ascii(), b.escape_ascii());
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(reads(&single), expected, "{} byte by byte", bytes.escape_ascii());
    }
}

#[test]
fn a_lone_esc_waits_for_its_timeout_and_no_longer() {
    let mut parser = InputParser::new(TIMEOUT);
    let mut events = Vec::new();
    let start = Instant::now();
    parser.feed(b"\x1b", start, &mut events);
    assert_eq!(parser.deadline(), Some(start + TIMEOUT));
    parser.expire(start + TIMEOUT - Duration::from_millis(1), &mut events);
    assert_eq!(events, []);
    parser.expire(start + TIMEOUT, &mut events);
    assert_eq!(events, [k(KeyCode::Esc, NONE)]);
    assert_eq!(parser.deadline(), None);
}

#[test]
fn esc_and_the_rest_20_ms_apart_are_one_arrow_key() {
    let mut parser = InputParser::new(TIMEOUT);
    let mut events = Vec::new();
    let start = Instant::now();
    parser.feed(b"\x1b", start, &mut events);
    parser.expire(start + Duration::from_millis(20), &mut events);
    parser.feed(b"[A", start + Duration::from_millis(20), &mut events);
    assert_eq!(events, [k(KeyCode::Up, NONE)]);
}

#[test]
fn part_of_a_sequence_that_never_ends_is_dropped_and_keys_work_again() {
    for part in [
        &b"\x1b[1;"[..],
        b"\x1b[?62;",
        b"\x1b]11;rgb",
        b"\x1bPq",
        b"\xe4\xb8",
        b"\x1b[M ",
        b"\x1b[[",
    ] {
        let mut parser = InputParser::new(TIMEOUT);
        let mut events = Vec::new();
        let start = Instant::now();
        parser.feed(part, start, &mut events);
        let at = parser.deadline().unwrap();
        parser.expire(at, &mut events);
        parser.feed(b"a", at, &mut events);
        assert_eq!(events, [c('a', NONE)], "{}", part.escape_ascii());
    }
}

/// A parser whose clock is moved by hand.
struct Line {
    parser: InputParser,
    now: Instant,
    events: Vec<InputEvent>,
}

impl Line {
    fn new() -> Self {
        Self {
            parser: InputParser::new(TIMEOUT),
            now: Instant::now(),
            events: Vec::new(),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.parser.feed(bytes, self.now, &mut self.events);
        self
    }

    /// Nothing comes for so long; the parser is called whenever it wants to be.
    fn silence(&mut self, ms: u64) -> &mut Self {
        let end = self.now + Duration::from_millis(ms);
        while let Some(at) = self.parser.deadline().filter(|at| *at <= end) {
            self.parser.expire(at, &mut self.events);
        }
        self.now = end;
        self
    }

    fn gave(&mut self) -> Vec<InputEvent> {
        std::mem::take(&mut self.events)
    }
}

#[test]
fn what_nobody_types_waits_two_seconds_for_its_rest() {
    let arrow = k(KeyCode::Right, CTRL);
    for (head, rest, expected) in [
        (&b"\xc3"[..], &b"\xa9"[..], c('é', NONE)),
        (b"\x1b\xc3", b"\xa9", esc(c('é', NONE))),
        (b"\x1b[1;", b"5C", arrow.clone()),
        (b"\x1b[1", b";5C", arrow),
        (b"\x1b[[", b"A", k(KeyCode::F(1), NONE)),
        (b"\x1b[20", b"0~x\x1b[201~", paste("x")),
    ] {
        let mut line = Line::new();
        assert_eq!(line.send(head).silence(1900).gave(), [], "{}", head.escape_ascii());
        assert_eq!(
            line.send(rest).silence(5000).gave(),
            [expected],
            "{}",
            head.escape_ascii()
        );
    }
    let mut line = Line::new();
    line.send(b"\x1b[<0;8").silence(1900).send(b"6;10M");
    assert!(matches!(line.gave()[..], [InputEvent::Mouse(_)]));
}

#[test]
fn what_comes_after_more_than_two_seconds_is_not_typed_either() {
    for (head, tail) in [
        (&b"\x1b[1;"[..], &b"5C"[..]),
        (b"\x1b[<0;8", b";6M"),
        (b"\x1b[1;5", b"~"),
    ] {
        let mut line = Line::new();
        let rest = [tail, b"x"].concat();
        assert_eq!(
            line.send(head).silence(2500).send(&rest).gave(),
            [c('x', NONE)],
            "{}",
            head.escape_ascii()
        );
    }
    let mut line = Line::new();
    line.send(b"\x1b[200").silence(2500).send(b"~hello\r\x1b[201~x");
    assert_eq!(line.gave(), [paste("hello\n"), c('x', NONE)]);
    // A letter alone is a key, and half a minute later everything is one.
    let mut line = Line::new();
    assert_eq!(line.send(b"\x1b[1;").silence(2500).send(b"q").gave(), [c('q', NONE)]);
    let mut line = Line::new();
    assert_eq!(line.send(b"\x1b[1;").silence(40_000).send(b"5").gave(), [c('5', NONE)]);
}

#[test]
fn what_a_person_may_have_typed_waits_for_the_esc_timeout_only() {
    for (bytes, expected) in [
        (&b"\x1b"[..], vec![k(KeyCode::Esc, NONE)]),
        (b"\x1b\x1b", vec![k(KeyCode::Esc, NONE); 2]),
        (b"\x1b[", vec![esc(c('[', NONE))]),
        (b"\x1bO", vec![esc(c('O', SHIFT))]),
        (b"\x1b]", vec![esc(c(']', NONE))]),
    ] {
        let mut line = Line::new();
        assert_eq!(line.send(bytes).silence(49).gave(), []);
        assert_eq!(line.silence(1).gave(), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn esc_tab_is_shift_tab_on_the_linux_console_only() {
    let mut parser = InputParser::new(TIMEOUT).for_linux_console(true);
    let mut events = Vec::new();
    parser.feed(b"\x1b\t", Instant::now(), &mut events);
    assert_eq!(events, [esc(k(KeyCode::BackTab, SHIFT))]);
}

#[test]
fn a_paste_that_stalls_is_delivered_so_far_and_its_rest_still_belongs_to_it() {
    let mut line = Line::new();
    line.send(b"\x1b[200~half").silence(1900).send(b" of it").silence(1900);
    assert_eq!(line.gave(), []);
    assert_eq!(line.silence(100).gave(), [piece("half of it", true, false)]);
    // Neither its line ends nor its letters are keys, however late they come.
    line.silence(20_000).send(b"\rquit\r").silence(2000);
    assert_eq!(line.gave(), [piece("\nquit", false, false)]);
    line.silence(20_000).send(b"!\x1b[201~x");
    assert_eq!(line.gave(), [piece("\n!", false, true), c('x', NONE)]);
}

#[test]
fn a_stall_may_fall_anywhere_in_a_paste_and_nothing_of_it_is_lost_or_typed() {
    let whole = "é\r\n日本\r👩".as_bytes();
    let bytes = [b"\x1b[200~", whole, b"\x1b[201~"].concat();
    for cut in 6..bytes.len() {
        let mut line = Line::new();
        line.send(&bytes[..cut]).silence(3000).send(&bytes[cut..]).send(b"x");
        let mut text = String::new();
        let events = line.gave();
        for event in &events[..events.len() - 1] {
            match event {
                InputEvent::Paste(piece) => text.push_str(&piece.text),
                other => panic!("{other:?} at {cut}"),
            }
        }
        assert_eq!(text, "é\n日本\n👩", "cut at {cut}");
        assert_eq!(events.last(), Some(&c('x', NONE)));
        let last = events.iter().rev().nth(1);
        assert!(
            matches!(last, Some(InputEvent::Paste(PastePiece { last: true, .. }))),
            "cut at {cut}"
        );
    }
}

#[test]
fn a_paste_that_lost_its_end_ends_by_esc_ctrl_c_or_half_a_minute() {
    let stalled = || {
        let mut line = Line::new();
        line.send(b"\x1b[200~half").silence(2000).gave();
        line
    };
    let over = piece("", false, true);
    let mut line = stalled();
    assert_eq!(line.send(b"\x1b").silence(1999).gave(), []);
    assert_eq!(line.silence(1).gave(), std::slice::from_ref(&over));
    assert_eq!(line.send(b"q").gave(), [c('q', NONE)]);
    // Pressed again before anything was to be seen of it.
    let mut line = stalled();
    assert_eq!(
        line.send(b"\x1b").silence(800).send(b"\x1b").silence(2000).gave(),
        std::slice::from_ref(&over)
    );
    assert_eq!(line.send(b"q").gave(), [c('q', NONE)]);
    let mut line = stalled();
    assert_eq!(line.send(b"\x03").gave(), std::slice::from_ref(&over));
    assert_eq!(line.send(b"q").gave(), [c('q', NONE)]);
    let mut line = stalled();
    assert_eq!(line.silence(29_999).gave(), []);
    assert_eq!(line.silence(1).send(b"q").gave(), [over, c('q', NONE)]);
    // Among other bytes neither is a key.
    let mut line = stalled();
    line.send(b"a\x03b\x1bc").silence(2000);
    assert_eq!(line.gave(), [piece("a\u{3}b\u{1b}c", false, false)]);
}

#[test]
fn a_paste_goes_on_after_somebody_else_had_the_terminal() {
    let mut line = Line::new();
    line.send(b"\x1b[200~half");
    line.parser.pause(&mut line.events);
    assert_eq!(line.gave(), [piece("half", true, false)]);
    assert_eq!(
        line.send(b" q\r\x1b[201~x").gave(),
        [piece(" q\n", false, true), c('x', NONE)]
    );
}

#[test]
fn an_esc_in_an_open_paste_may_be_its_torn_end() {
    let mut line = Line::new();
    line.send(b"\x1b[200~text\x1b").silence(1900).send(b"[201~q");
    assert_eq!(line.gave(), [paste("text"), c('q', NONE)]);
    let mut line = Line::new();
    line.send(b"\x1b[200~text\x1b[2").silence(4000).send(b"01~q");
    let expected = [piece("text", true, false), piece("", false, true), c('q', NONE)];
    assert_eq!(line.gave(), expected);
}

#[test]
fn a_paste_over_the_limit_is_cut_and_its_rest_is_never_typed() {
    let mut line = Line::new();
    line.send(b"\x1b[200~").send(&vec![b'x'; PASTE_LIMIT + 5000]);
    line.send(b"\x1b[201~q");
    let events = line.gave();
    let [InputEvent::Paste(first), InputEvent::Paste(last), key] = &events[..] else {
        panic!("{} events", events.len());
    };
    assert_eq!(
        (first.text.len(), first.first, first.last, first.cut),
        (PASTE_LIMIT, true, false, true)
    );
    assert_eq!((&*last.text, last.first, last.last, last.cut), ("", false, true, true));
    assert_eq!(*key, c('q', NONE));
}

#[test]
fn a_paste_of_exactly_the_limit_is_whole() {
    let mut parser = InputParser::new(TIMEOUT);
    let mut events = Vec::new();
    let now = Instant::now();
    parser.feed(b"\x1b[200~", now, &mut events);
    parser.feed(&vec![b'x'; PASTE_LIMIT], now, &mut events);
    parser.feed(b"\x1b[201~q", now, &mut events);
    assert!(matches!(&events[..], [InputEvent::Paste(piece), _] if piece.text.len() == PASTE_LIMIT && !piece.cut));
}

/// Bytes that terminals send, and others, in any order.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => any::<u8>().prop_map(|b| vec![b]),
        2 => prop::sample::select(table().into_iter().map(|(bytes, _)| bytes.to_vec()).collect::<Vec<_>>()),
        2 => prop::sample::select(vec![&b"\x1b"[..], b"[", b"O", b"]", b"P", b"\x1b[", b"\x1b[200~", b"\x1b[20", b"M", b"~", b"$", b"\\"])
            .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_came_keys_work_again_after_the_silence(bytes in noise()) {
        let mut parser = InputParser::new(TIMEOUT);
        let mut events = Vec::new();
        let now = Instant::now();
        parser.feed(&bytes, now, &mut events);
        while let Some(at) = parser.deadline() {
            prop_assert!(at <= now + PASTE_SILENCE + PASTE_LOST);
            parser.expire(at, &mut events);
        }
        prop_assert_eq!(parser.deadline(), None);
        events.clear();
        parser.feed(b"a", now, &mut events);
        prop_assert_eq!(events, vec![c('a', NONE)]);
    }

    #[test]
    fn however_it_is_cut_noise_gives_the_same_events(bytes in noise(), at in any::<prop::sample::Index>()) {
        let cut = at.index(bytes.len() + 1);
        prop_assert_eq!(reads(&[&bytes]), reads(&[&bytes[..cut], &bytes[cut..]]));
    }
}
