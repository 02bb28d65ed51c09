//! A view is one thing that can be in front; views in front of each other are a stack.
//!
//! A new view is one file in `views/`: its state, what its actions do, and how it is drawn. What no view may forget is
//! done for all of them, in `dispatch` and `screen`: keys are found by [`View::commands`] and [`View::context`], which
//! the key bar and help are read off as well; a text in front gets the keys first; what scrolls is scrolled; and an
//! action counts only if its key was read after the view could be seen, by [`View::weight`].
//!
//! Under the stack lies the screen: the list of endpoints, an endpoint being read, or the form. They are views without
//! a state of their own, since all others work on what they show: that is the model's.
//!
//! `M` is what all views share.

use std::any::{Any, TypeId};
use std::fmt::Debug;

use crossterm::event::KeyEvent;

use super::canvas::Canvas;
use super::command::Command;
use super::event::Effect;
use super::guard::Weight;
use super::hit_map::{Target, Window};
use super::keymap::{Action, Context};
use super::press::Press;
use super::widgets::scroll::Scroll;
use super::widgets::text_edit::{TextEdit, TextKind};
use crate::endpoint::incoming::Taken;

/// One thing that can be in front.
pub trait View<M>: Any + Debug {
    /// Its table in the keymap; `None`: all its keys stand in its commands.
    fn context(&self) -> Option<Context> {
        None
    }

    /// What it takes now, in the order of the key bar.
    fn commands(&self, model: &M) -> Vec<Command>;

    /// What any other key means; `None`: nothing.
    fn otherwise(&self) -> Option<Action> {
        None
    }

    /// What stands over its keys in help.
    fn help_title(&self) -> &'static str {
        "Here"
    }

    /// How much hangs on an action here.
    fn weight(&self, _model: &M, action: Action) -> Weight {
        action.weight()
    }

    /// Does what an action means here. The view is in no stack meanwhile: what it opens in front comes over it, or
    /// takes its place when it closes.
    fn act(&mut self, model: &mut M, action: Action, press: &Press) -> Flow;

    /// The text that is typed into, and its kind.
    fn text<'a>(&'a mut self, _model: &'a mut M) -> Option<(&'a mut TextEdit, TextKind)> {
        None
    }

    /// The text was changed, or a key or a paste for it could not be taken (why).
    fn typed(&mut self, _model: &mut M, _refused: Option<String>) {}

    /// A paste came, or a piece of one that stalled; `last`: nothing of it follows. It goes into the text.
    fn paste(&mut self, model: &mut M, pasted: &Taken, _last: bool) {
        if let Some((text, _)) = self.text(model) {
            let refused = text.insert(&pasted.text.reveal().replace('\n', " ")).err();
            self.typed(model, refused);
        }
    }

    /// A key that is in no command. [`takes`](Self::takes) says whether it means anything.
    fn stray(&mut self, _model: &mut M, _press: &Press) -> Flow {
        Flow::stay()
    }

    /// Whether a field or a row is edited in it: then all keys are that one's.
    fn is_editing(&self, _model: &M) -> bool {
        false
    }

    /// How much hangs on a key for what is edited in it; `None`: as for any text.
    fn weight_of_typing(&self, _model: &M, _key: &KeyEvent) -> Option<Weight> {
        None
    }

    /// How much hangs on a key that is in no command but means something here: [`stray`](Self::stray) takes it, or the
    /// view waits for its end. `None`: it means nothing.
    fn takes(&self, _model: &M, _key: &KeyEvent) -> Option<Weight> {
        self.is_waiting().then_some(Weight::Light)
    }

    /// Something outside is waited for: nothing but its end comes of a key that is in no command, and help isn't asked for.
    fn is_waiting(&self) -> bool {
        false
    }

    /// Whether its keys can be asked for.
    fn has_help(&self) -> bool {
        self.otherwise().is_none() && !self.is_waiting()
    }

    /// A key for what is edited in it.
    fn edit(&mut self, _model: &mut M, _press: &Press) -> Flow {
        Flow::stay()
    }

    /// What of it scrolls.
    fn scroll(&mut self) -> Option<&mut Scroll> {
        None
    }

    /// The notice that a key takes away stays told here, until there is another.
    fn tells_the_last_notice(&self) -> bool {
        false
    }

    /// Whether its values are shown, where they can be masked.
    fn reveals(&mut self) -> Option<&mut bool> {
        None
    }

    /// Whether values are shown in it that could be masked.
    fn is_revealing(&mut self) -> bool {
        self.reveals().is_some_and(|shown| *shown)
    }

    /// Masks them.
    fn mask(&mut self) {
        if let Some(shown) = self.reveals() {
            *shown = false;
        }
    }

    /// A click hit this.
    fn click(&mut self, _model: &mut M, _target: Target) {}

    /// A click hit nothing.
    fn click_beside(&mut self, _model: &mut M) {}

    /// What the first click of a double click hit is edited.
    fn double_click(&mut self, _model: &mut M) -> Flow {
        Flow::stay()
    }

    /// A click was among these rows: it doesn't move them.
    fn hold(&mut self, _model: &mut M, _window: Window) {}

    /// The wheel was turned by so many rows over this.
    fn wheel(&mut self, _model: &mut M, rows: i64, _window: Window) {
        if let Some(scroll) = self.scroll() {
            scroll.by(rows);
        }
    }

    /// Which of its questions is asked: with another one, keys that were meant for the one before don't count.
    fn question(&self) -> usize {
        0
    }

    /// Help comes over it: what the same key once more would have confirmed is not meant any more.
    fn ask_no_more(&mut self) {}

    /// It was drawn in the frame of this number; `None`: another view lay over it.
    fn drawn(&mut self, _frame: Option<u64>) {}

    /// Somebody used a key or the mouse with this frame on the terminal.
    fn seen(&mut self, _frame: u64) {}

    /// Draws it, and notes what a click hits. The key bar is drawn for it.
    fn draw(&self, model: &M, canvas: &mut Canvas<'_>);

    /// The name of its type, by which tests tell views apart.
    fn name(&self) -> &'static str {
        let path = std::any::type_name::<Self>();
        path.rsplit("::").next().unwrap_or(path)
    }
}

/// What becomes of a view after an action, and what is to be done outside.
#[derive(Debug, Default)]
#[must_use]
pub struct Flow {
    /// Whether the view is gone.
    pub closes: bool,
    /// What the screen does then, as if it had been asked for there.
    pub then: Option<Action>,
    /// To be done outside.
    pub effects: Vec<Effect>,
}

impl Flow {
    /// It stays.
    pub fn stay() -> Self {
        Self::default()
    }

    /// It closes.
    pub fn close() -> Self {
        Self {
            closes: true,
            ..Self::default()
        }
    }

    /// It closes, and the screen does this.
    pub fn close_for(action: Action) -> Self {
        Self {
            then: Some(action),
            ..Self::close()
        }
    }

    /// It stays, and the screen does this.
    pub fn ask_for(action: Action) -> Self {
        Self {
            then: Some(action),
            ..Self::default()
        }
    }

    /// With something to be done outside.
    pub fn with(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects.extend(effects);
        self
    }
}

/// Views in front of each other.
#[derive(Debug)]
pub struct Stack<M> {
    views: Vec<Box<dyn View<M>>>,
    /// How often all were closed at once.
    cleared: usize,
}

impl<M> Default for Stack<M> {
    fn default() -> Self {
        Self {
            views: Vec::new(),
            cleared: 0,
        }
    }
}

impl<M: 'static> Stack<M> {
    /// The one in front.
    pub fn front(&self) -> Option<&dyn View<M>> {
        self.views.last().map(AsRef::as_ref)
    }

    /// The one in front, to be changed.
    pub fn front_mut(&mut self) -> Option<&mut (dyn View<M> + 'static)> {
        self.views.last_mut().map(AsMut::as_mut)
    }

    /// All of them, the one in front last.
    pub fn iter(&self) -> impl Iterator<Item = &dyn View<M>> {
        self.views.iter().map(AsRef::as_ref)
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut (dyn View<M> + 'static)> {
        self.views.iter_mut().map(AsMut::as_mut)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The one of a type, wherever it stands.
    pub fn find<V: View<M>>(&self) -> Option<&V> {
        self.views.iter().find_map(|view| (&**view as &dyn Any).downcast_ref())
    }

    /// The one of a type, to be changed.
    pub fn find_mut<V: View<M>>(&mut self) -> Option<&mut V> {
        self.views
            .iter_mut()
            .find_map(|view| (&mut **view as &mut dyn Any).downcast_mut())
    }

    /// In front of all others.
    pub fn push(&mut self, view: impl View<M>) {
        self.views.push(Box::new(view));
    }

    /// Closes all.
    pub fn clear(&mut self) {
        self.views.clear();
        self.cleared += 1;
    }

    /// Takes the one of a type out, with what lies over it.
    pub fn take<V: View<M>>(&mut self) -> Option<V> {
        let at = self.views.iter().position(|view| (&**view as &dyn Any).is::<V>())?;
        let view: Box<dyn Any> = self.views.drain(at..).next()?;
        view.downcast().ok().map(|view| *view)
    }

    /// What is in front, as far as a key can be an answer to it.
    pub fn identity(&self) -> Vec<(TypeId, usize)> {
        let views = self.views.iter();
        views
            .map(|view| ((&**view as &dyn Any).type_id(), view.question()))
            .collect()
    }

    /// Takes the one in front out, to give it the model that it stands in.
    pub fn take_front(&mut self) -> Option<TakenView<M>> {
        let view = self.views.pop()?;
        Some(TakenView {
            view,
            at: self.views.len(),
            cleared: self.cleared,
        })
    }

    /// Puts it back where it stood, unless all were closed meanwhile.
    pub fn put_back(&mut self, taken: TakenView<M>) {
        if taken.cleared == self.cleared {
            self.views.insert(taken.at.min(self.views.len()), taken.view);
        }
    }
}

/// A view that was taken out of its stack.
#[derive(Debug)]
pub struct TakenView<M> {
    /// The view.
    pub view: Box<dyn View<M>>,
    at: usize,
    cleared: usize,
}
