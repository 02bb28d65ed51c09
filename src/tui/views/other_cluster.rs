//! The question about a network storage in another cluster: whether Cluster ID is to be that one.

use ratatui::widgets::Widget;

use crate::endpoint::FieldId;
use crate::endpoint::edit::Edit;
use crate::endpoint::inventory::named;
use crate::tui::canvas::Canvas;
use crate::tui::command::Command;
use crate::tui::keymap::{Action, form_key};
use crate::tui::model::{Form, Model, Screen};
use crate::tui::press::Press;
use crate::tui::view::{Flow, View};
use crate::tui::widgets::key_bar::Rank;
use crate::tui::widgets::question::Question;

/// A network storage that lies in another cluster than the endpoint.
#[derive(Debug)]
pub struct OtherCluster {
    /// The storage: `hf-cache (stor_9)`.
    storage: String,
    /// The id of its cluster.
    cluster_id: String,
    /// The same with its name.
    cluster: String,
    /// The endpoint's cluster with its name; empty: none is set.
    now: String,
}

impl OtherCluster {
    /// What is to be asked of a storage that was chosen; `None`: it lies where the endpoint does, or nobody knows
    /// where.
    pub fn of(form: &Form, storage: &str) -> Option<Self> {
        let account = form.work.account();
        let storage = account.storage(storage)?;
        let now = form.work.now().cluster_id.as_str();
        if storage.cluster_id.is_empty() || storage.cluster_id == now {
            return None;
        }
        Some(Self {
            storage: named(&storage.name, &storage.id),
            cluster_id: storage.cluster_id.clone(),
            cluster: named(&storage.cluster_name, &storage.cluster_id),
            now: account.cluster_words(now),
        })
    }
}

impl View<Model> for OtherCluster {
    fn commands(&self, _model: &Model) -> Vec<Command> {
        vec![
            Command::fixed(&[("y", Action::Accept)], "set it", Rank::Way),
            Command::fixed(&[("n", Action::Back)], "leave it", Rank::Useful),
            Command::fixed(
                &[("esc", Action::Back), ("ctrl-c", Action::Back)],
                "leave it",
                Rank::Way,
            ),
        ]
    }

    fn act(&mut self, model: &mut Model, action: Action, _press: &Press) -> Flow {
        if let (Action::Accept, Screen::Form(form)) = (action, &mut model.screen) {
            let set = Edit::set(form.work.now(), FieldId::ClusterId, self.cluster_id.as_str());
            form.work.join(set);
            let undo = form_key(Action::Undo);
            model.say(format!("Cluster ID is {} now; {undo} takes both back.", self.cluster));
        }
        Flow::close()
    }

    fn draw(&self, _model: &Model, canvas: &mut Canvas<'_>) {
        let now = match self.now.as_str() {
            "" => "and Cluster ID is blank".to_owned(),
            now => format!("but Cluster ID is {now}"),
        };
        let text = format!(
            "{} lies in {}, {now}. A network volume can be mounted in its own cluster only.",
            self.storage, self.cluster
        );
        let question = Question {
            title: "Another cluster",
            text: &text,
            choices: &[
                ("y".to_owned(), format!("set Cluster ID to {} too", self.cluster_id)),
                ("n".to_owned(), "leave Cluster ID as it is".to_owned()),
            ],
            width: 66,
            key: 5,
            takes_gap: false,
        };
        question.render(canvas.area, canvas.buffer);
    }
}
