//! What the model is told before everything else, what it would get to read, and what else was asked for.

use leptos::prelude::*;
use wick_protocol::{Message, Preset};

/// Instructions, presets, and the prompt and the versions that were asked for last.
pub(crate) struct Told {
    /// The instructions of the open chat; of a new one, those that all begin with.
    pub(super) instructions: RwSignal<String>,
    /// What takes their place in the chat that the next message begins.
    pub(crate) of_new: RwSignal<Option<String>>,
    /// By name.
    pub(super) presets: RwSignal<Vec<Preset>>,
    /// What the model would get to read, as far as that was asked for.
    pub(crate) prompt: RwSignal<String>,
    /// What is said of it.
    pub(crate) prompt_says: RwSignal<String>,
    /// All versions of a message.
    pub(crate) versions: RwSignal<Vec<Message>>,
    /// Who may use Wick, as JSON; empty until somebody told it.
    pub(crate) access: RwSignal<String>,
    /// The address that lets a phone in; empty for none.
    pub(crate) invited: RwSignal<String>,
    /// Its picture.
    pub(crate) picture: RwSignal<String>,
    /// The key that was made last; empty for none.
    pub(crate) key: RwSignal<String>,
}

impl Told {
    /// A phone is let in with this.
    pub(super) fn invite(&self, address: String, picture: String) {
        self.picture.set(picture);
        self.invited.set(address);
    }

    /// Nothing yet. It lives as long as the page.
    pub(super) fn new() -> &'static Self {
        Box::leak(Box::new(Self {
            instructions: RwSignal::new(String::new()),
            of_new: RwSignal::new(None),
            presets: RwSignal::new(Vec::new()),
            prompt: RwSignal::new(String::new()),
            prompt_says: RwSignal::new(String::new()),
            versions: RwSignal::new(Vec::new()),
            access: RwSignal::new(String::new()),
            invited: RwSignal::new(String::new()),
            picture: RwSignal::new(String::new()),
            key: RwSignal::new(String::new()),
        }))
    }
}
