//! Which dialogs are open, and the keys that open them from everywhere.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use wick_protocol::MessageId;

use crate::browser;
use crate::more::Part;
use crate::page::Page;
use crate::ui::dialog::Dialog;
use crate::words;

/// Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Dialogs {
    /// The models.
    pub(crate) models: RwSignal<bool>,
    /// The settings.
    pub(crate) settings: RwSignal<bool>,
    /// The engine's panel.
    pub(crate) engine: RwSignal<bool>,
    /// The palette, which finds chats, models and what can be done.
    palette: RwSignal<bool>,
    /// The list of keys.
    pub(crate) keys: RwSignal<bool>,
    /// What an answer took.
    answer: RwSignal<bool>,
    /// Which answer.
    pub(crate) subject: RwSignal<Option<MessageId>>,
    /// All versions of that answer.
    pub(crate) versions: RwSignal<bool>,
    /// One message, answered by two models or in two ways.
    comparing: RwSignal<bool>,
    /// The instructions of the open chat, and presets.
    pub(crate) instructions: RwSignal<bool>,
    /// What the model would get to read.
    pub(crate) prompt: RwSignal<bool>,
    /// Who may use Wick.
    pub(crate) access: RwSignal<bool>,
    /// Whether a phone is let in.
    pub(crate) asking: RwSignal<bool>,
    /// The bar that finds words in the open chat, which is no dialog.
    pub(crate) finding: RwSignal<bool>,
}

impl Dialogs {
    /// All closed.
    pub(crate) fn new() -> Self {
        let closed = || RwSignal::new(false);
        let (models, settings, engine) = (closed(), closed(), closed());
        let (palette, keys, answer, versions) = (closed(), closed(), closed(), closed());
        let (instructions, prompt, access, finding) = (closed(), closed(), closed(), closed());
        let (asking, comparing) = (closed(), closed());
        let subject = RwSignal::new(None);
        Self {
            models,
            settings,
            engine,
            palette,
            keys,
            answer,
            subject,
            versions,
            comparing,
            instructions,
            prompt,
            access,
            asking,
            finding,
        }
    }

    /// Shows one; at most one is open.
    pub(crate) fn show(self, dialog: RwSignal<bool>) {
        let Self { models, settings, engine, palette, keys, instructions, prompt, access, .. } =
            self;
        for other in [models, settings, engine, palette, keys, instructions, prompt, access] {
            if other.get_untracked() && other != dialog {
                other.set(false);
            }
        }
        dialog.set(true);
    }

    /// Shows what an answer took.
    pub(crate) fn show_answer(self, id: MessageId) {
        self.subject.set(Some(id));
        self.answer.set(true);
    }

    /// Asks which model answers beside the one that is chosen; without an answer, what is written or
    /// was said last.
    pub(crate) fn compare(self, answer: Option<MessageId>) {
        self.subject.set(answer);
        self.comparing.set(true);
    }

    fn can_find(self, page: Page) -> bool {
        let is_bare = !self.finding.get_untracked() && !browser::has_dialog();
        is_bare && page.state.thread().with_untracked(|thread| !thread.is_empty())
    }

    /// Listens for keys from now on.
    pub(crate) fn follow_keys(self, page: Page) {
        window_event_listener(ev::keydown, move |event| {
            let has_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
            let key = event.key();
            match (has_command, event.shift_key(), key.as_str()) {
                (true, false, "k" | "K") if self.palette.get_untracked() => self.palette.set(false),
                (true, false, "k" | "K") => self.show(self.palette),
                (true, true, "o" | "O") => page.new_chat(),
                // Pressed again it is the browser's.
                (true, false, "f" | "F") if self.can_find(page) => self.finding.set(true),
                (false, _, "?") if !browser::is_writing(&event) => self.show(self.keys),
                _ => return,
            }
            event.prevent_default();
        });
    }
}

/// The dialogs that belong to the whole page.
#[component]
pub(crate) fn AllDialogs(dialogs: Dialogs) -> impl IntoView {
    let Dialogs { models, settings, engine, palette, keys, answer, versions, .. } = dialogs;
    let Dialogs { comparing, instructions, prompt, access, asking, .. } = dialogs;
    view! {
        <Dialog title=words::common::models() is_open=models part=Part::Models/>
        <Dialog title=words::common::settings() is_open=settings part=Part::Settings/>
        <Dialog title=words::common::engine() is_open=engine part=Part::Engine/>
        <Dialog title=words::frame::go_to() is_open=palette part=Part::Palette/>
        <Dialog title=words::frame::this_answer() is_open=answer part=Part::Answer/>
        <Dialog title=words::thread::versions() is_open=versions part=Part::Versions/>
        <Dialog title=words::frame::compare() is_open=comparing part=Part::Comparing/>
        <Dialog title=words::common::keys() is_open=keys part=Part::Keys/>
        <Dialog
            title=words::common::instructions()
            is_open=instructions
            part=Part::Instructions
        />
        <Dialog title=words::frame::exact_prompt() is_open=prompt part=Part::Prompt/>
        <Dialog title=words::frame::access() is_open=access part=Part::Access/>
        <Dialog title=words::frame::phone() is_open=asking part=Part::Asking/>
    }
}
