//! What is opened: the list of endpoints, one of them, and the way back.

use ratatui::layout::Size;

use super::event::Effect;
use super::guard::Guard;
use super::model::{DraftState, Form, LimitsState, Lookups, Model, Opened, Picker, Screen, Surroundings};
use super::view::Stack;
use crate::api::ApiError;

impl Model {
    /// A new editor, on an endpoint or on the picker, and what is to be asked for first.
    pub fn new(size: Size, around: Surroundings, id: Option<String>) -> (Self, Vec<Effect>) {
        let mut model = Self {
            size,
            around,
            screen: Screen::Picker(Box::default()),
            views: Stack::default(),
            notice: None,
            noticed: None,
            asked: id.clone(),
            list: None,
            limits: LimitsState::Loading,
            lookups: Lookups::default(),
            request: 0,
            recent: Vec::new(),
            again: None,
            guard: Guard::default(),
            pasting: None,
            told_alphabet: false,
            mouse: false,
            clicked: false,
            drawn: 0,
        };
        let mut effects = match id {
            Some(id) => model.open(id),
            None => model.open_picker(),
        };
        effects.push(Effect::LoadLimits);
        (model, effects)
    }

    /// Opens an endpoint.
    pub fn open(&mut self, id: String) -> Vec<Effect> {
        self.read(id, None)
    }

    /// Opens an endpoint to change a number only.
    pub fn open_to_scale(&mut self, id: String) -> Vec<Effect> {
        let effects = self.read(id, None);
        if let Screen::Loading { scale, .. } = &mut self.screen {
            *scale = true;
        }
        effects
    }

    /// Reads an endpoint, and finds out what is on disk about it; with the form that takes it over from another editor.
    pub fn read(&mut self, id: String, back: Option<Box<Form>>) -> Vec<Effect> {
        let request = self.next_request();
        let mut effects = vec![Effect::Load(request, id.clone())];
        let mut opened = None;
        if self.around.read_only {
            opened = Some(Box::new(Opened {
                draft_state: DraftState::Nowhere("this session is read-only".to_owned()),
                ..Opened::ours()
            }));
        } else if back.is_some() {
            effects.push(Effect::TakeOver(id.clone()));
        } else {
            effects.push(Effect::OpenEndpoint(id.clone()));
        }
        let loading = Screen::Loading {
            id,
            error: None,
            loaded: None,
            opened,
            scale: false,
            typed: Vec::new(),
            back,
        };
        self.leave_list_for(loading);
        effects
    }

    /// Why an endpoint can't be read, in front of the list; reading it again begins anew.
    pub fn could_not_open(&mut self, id: String, error: ApiError) {
        let mut failed = Screen::loading(id);
        if let Screen::Loading { error: why, .. } = &mut failed {
            *why = Some(error);
        }
        self.leave_list_for(failed);
    }

    /// Another screen in front; the list of endpoints that was there is kept for the way back.
    fn leave_list_for(&mut self, screen: Screen) {
        if let Screen::Picker(picker) = std::mem::replace(&mut self.screen, screen) {
            self.list = Some(picker);
        }
    }

    /// Opens the list of endpoints.
    pub fn open_picker(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        self.close_all();
        let blank = Screen::Picker(Box::new(Picker::loading(self.recent.clone())));
        let mut effects = Vec::new();
        // The list that was there before is good until the new one came: a line may be slow, and keys are typed from
        // memory.
        let known = match std::mem::replace(&mut self.screen, blank) {
            Screen::Picker(picker) => Some(picker),
            _ => {
                effects.push(Effect::Disown);
                self.list.take().map(|mut picker| {
                    picker.left();
                    picker.remember(self.recent.clone());
                    picker
                })
            }
        };
        if let Some(mut picker) = known {
            picker.read_anew();
            self.screen = Screen::Picker(picker);
        }
        effects.push(Effect::LoadList(request));
        if self.recent.is_empty() {
            effects.push(Effect::LoadRecent);
        }
        effects.push(Effect::LoadOverview);
        effects
    }

    /// From an endpoint that is being read: to the form that it was to take the place of, else to the picker.
    pub fn go_back(&mut self) -> Vec<Effect> {
        let Screen::Loading { back, .. } = &mut self.screen else {
            return Vec::new();
        };
        match back.take() {
            Some(mut form) => {
                form.work.set_account(self.lookups.known());
                self.screen = Screen::Form(form);
                self.next_request();
                vec![Effect::CancelRead, Effect::Disown]
            }
            None => self.open_picker(),
        }
    }

    /// Takes the endpoint of the form over. What the form was loaded from may be old by now: everything is read again.
    pub fn take_over(&mut self) -> Vec<Effect> {
        let Screen::Form(form) = &self.screen else {
            return Vec::new();
        };
        let (id, scaled) = (form.work.base().config.id.clone(), form.scaling.is_some());
        let Screen::Form(form) = std::mem::replace(&mut self.screen, Screen::loading(id.clone())) else {
            return Vec::new();
        };
        let effects = self.read(id, Some(form));
        if let Screen::Loading { scale, .. } = &mut self.screen {
            *scale = scaled;
        }
        effects
    }
}
