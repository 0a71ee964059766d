//! What the browser keeps for the page: theme and language for good, unsent text for this tab.
//! A browser that keeps nothing (private windows may not) is no error.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::words;

const THEME: &str = "wick-theme";
const LANGUAGE: &str = "wick-language";
const UNSENT: &str = "wick-unsent";
const NUMBERS: &str = "wick-numbers";

/// Which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// White and yellow on black, with strong lines.
    Contrast,
}

impl Theme {
    /// All, as they are offered.
    pub(crate) const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => words::frame::system(),
            Self::Light => words::frame::light(),
            Self::Dark => words::frame::dark(),
            Self::Contrast => words::frame::contrast(),
        }
    }

    /// As theme.js and the styles know it.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
            Self::Contrast => Some("contrast"),
        }
    }

    /// The one that was chosen.
    pub(crate) fn kept() -> Self {
        let kept = kept(THEME);
        let is_kept = |it: &Self| it.word().is_some() && it.word() == kept.as_deref();
        Self::ALL.into_iter().find(is_kept).unwrap_or(Self::System)
    }

    /// The colours that are shown: "light" or "dark".
    pub(crate) fn shown() -> &'static str {
        let prefers_dark = || {
            let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
            dark.is_some_and(|it| it.matches())
        };
        match Self::kept() {
            Self::Light => "light",
            Self::System if !prefers_dark() => "light",
            Self::System | Self::Dark | Self::Contrast => "dark",
        }
    }

    /// Shows it, now and in times to come.
    pub(crate) fn keep(self) {
        let root = document().document_element();
        let _ = root.map(|it| match self.word() {
            Some(word) => it.set_attribute("data-theme", word),
            None => it.remove_attribute("data-theme"),
        });
        keep(THEME, self.word());
    }
}

/// Which language the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// The first of the browser's that the page has.
    Browser,
    /// As `words/en.json` has it.
    English,
    /// As `words/de.json` has it.
    German,
}

impl Language {
    /// All, as they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::Browser, Self::English, Self::German];

    /// What it is called, in itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Browser => words::frame::automatic(),
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// As theme.js knows it.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Browser => None,
            Self::English => Some("en"),
            Self::German => Some("de"),
        }
    }

    /// The one that was chosen.
    pub(crate) fn kept() -> Self {
        let kept = kept(LANGUAGE);
        let is_kept = |it: &Self| it.word().is_some() && it.word() == kept.as_deref();
        Self::ALL.into_iter().find(is_kept).unwrap_or(Self::Browser)
    }

    /// The tag of the one that the page speaks.
    pub(crate) fn shown() -> String {
        let root = document().document_element();
        root.and_then(|it| it.get_attribute("lang")).unwrap_or_default()
    }

    /// Speaks it in times to come, which begin with another load of the page.
    pub(crate) fn keep(self) {
        keep(LANGUAGE, self.word());
        let _ = window().location().reload();
    }
}

/// Whether the lines of code have numbers.
pub(crate) fn has_numbers() -> bool {
    document().document_element().is_some_and(|it| it.has_attribute("data-numbers"))
}

/// Gives the lines of code numbers or takes them away, now and in times to come.
pub(crate) fn keep_numbers(are_shown: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.toggle_attribute_with_force("data-numbers", are_shown);
    }
    // Code that is on the screen and has no colours has no numbers yet.
    if let Ok(code) = document().query_selector_all(".code pre") {
        for code in (0..code.length()).filter_map(|idx| code.get(idx)?.dyn_into::<Element>().ok()) {
            let n_lines = code.text_content().unwrap_or_default().lines().count();
            let numbers: Vec<String> = (1..=n_lines).map(|n| n.to_string()).collect();
            let _ = code.set_attribute("data-numbers", &numbers.join("\n"));
        }
    }
    keep(NUMBERS, are_shown.then_some("on"));
}

/// What is kept for good under this name.
fn kept(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

/// Keeps a word under this name for good, or nothing.
fn keep(name: &str, word: Option<&str>) {
    let storage = window().local_storage().ok().flatten();
    let _ = storage.map(|it| match word {
        Some(word) => it.set_item(name, word),
        None => it.remove_item(name),
    });
}

/// Keeps what was not sent over a reload of this tab.
pub(crate) fn put_aside(unsent: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(UNSENT, unsent);
    }
}

/// What was put aside; it is handed out once.
pub(crate) fn take_back() -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    let unsent = storage.get_item(UNSENT).ok().flatten()?;
    let _ = storage.remove_item(UNSENT);
    Some(unsent)
}
