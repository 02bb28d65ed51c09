//! What is opened: the list of endpoints, one of them, and the way back.

use ratatui::layout::Size;

use super::event::Effect;
use super::guard::Guard;
use super::model::{DraftState, Form, LimitsState, Loading, Lookups, Model, Opened, Picker, Screen, Surroundings};
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
        self.read(id, None, false)
    }

    /// Opens an endpoint to change a number only.
    pub fn open_to_scale(&mut self, id: String) -> Vec<Effect> {
        self.read(id, None, true)
    }

    /// Reads an endpoint, and finds out what is on disk about it; with the form that takes it over from another editor.
    /// `scale`: only a number is to be changed.
    pub fn read(&mut self, id: String, back: Option<Box<Form>>, scale: bool) -> Vec<Effect> {
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
        self.leave_list_for(Loading {
            opened,
            scale,
            back,
            ..Loading::new(id)
        });
        effects
    }

    /// Why an endpoint can't be read, in front of the list; reading it again begins anew.
    pub fn could_not_open(&mut self, id: String, error: ApiError) {
        self.leave_list_for(Loading {
            error: Some(error),
            ..Loading::new(id)
        });
    }

    /// An endpoint is read instead; the list of endpoints that was there is kept for the way back.
    fn leave_list_for(&mut self, loading: Loading) {
        let screen = Screen::Loading(Box::new(loading));
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
            left => {
                effects.push(Effect::Disown);
                // Its rollout is watched as long as it is in front.
                if matches!(&left, Screen::Form(form) if form.is_rolling_out()) {
                    effects.push(Effect::CancelSave);
                }
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
        let Screen::Loading(loading) = &mut self.screen else {
            return Vec::new();
        };
        match loading.back.take() {
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
        let (id, scale) = (form.work.base().config.id.clone(), form.scaling.is_some());
        let loading = Screen::Loading(Box::new(Loading::new(id.clone())));
        let Screen::Form(form) = std::mem::replace(&mut self.screen, loading) else {
            return Vec::new();
        };
        self.read(id, Some(form), scale)
    }
}
