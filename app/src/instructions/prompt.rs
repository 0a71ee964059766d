//! What the model would get to read for the next answer, as the server lays it out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::{ClientMessage, Prompt};

use crate::numbers::grouped;
use crate::page::page;
use crate::ui::button::button;
use crate::ui::erased::{memo, shown_while};

/// The prompt of the open chat, with what is written in the composer.
pub(crate) fn prompt(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let state = page.state;
    let look = move || {
        page.tell(ClientMessage::ShowPrompt {
            chat: state.open().get_untracked(),
            instructions: state.of_new.get_untracked(),
            text: state.drafts.text.get_untracked(),
        });
    };
    state.prompt.set(None);
    look();
    let shown = memo(move || state.prompt.get());
    let with = move |what: fn(&Prompt) -> String| {
        memo(move || shown.with(|prompt| prompt.as_ref().map(what).unwrap_or_default()))
    };
    let says = memo(move || shown.with(|prompt| prompt.as_ref().map_or_else(waits, about)));
    let note = with(|prompt| prompt.says.clone().unwrap_or_default());
    let text = with(|prompt| prompt.text.clone());
    let is_copied = RwSignal::new(None);
    let copy = move || {
        spawn_local(async move {
            let copied = crate::browser::copy(&text.get_untracked()).await;
            is_copied.try_set(Some(copied));
        });
    };
    let copies = memo(move || match is_copied.get() {
        None => "Copy",
        Some(true) => "Copied",
        Some(false) => "The browser did not allow copying",
    });
    let exact = shown_while(
        move || text.with(|it| !it.is_empty()),
        move || {
            view! {
                <pre class="exact" role="region" aria-label="Prompt" tabindex="0" dir="auto">{text}</pre>
            }
            .into_any()
        },
    );
    let noted = shown_while(
        move || note.with(|it| !it.is_empty()),
        move || view! { <p>{note}</p> }.into_any(),
    );
    let copier = shown_while(
        move || text.with(|it| !it.is_empty()),
        move || button("", copies.into_any(), copy),
    );
    view! {
        <div class="prompt" role="status">
            <p>{says}</p>
            {noted}
        </div>
        {exact}
        <div class="actions">
            {button("", "Close".into_any(), move || is_open.set(false))}
            {copier}
        </div>
    }
    .into_any()
}

fn waits() -> String {
    "It is being laid out.".into()
}

fn about(prompt: &Prompt) -> String {
    let n_characters = prompt.text.chars().count();
    match n_characters {
        0 => "There is none.".into(),
        _ => format!(
            "{} gets these {} characters for the next answer.",
            prompt.model,
            grouped(n_characters as u64)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_counted_in_characters() {
        let prompt = |text: &str| Prompt { model: "Smol".into(), text: text.into(), says: None };
        let all = "Smol gets these 1,204 characters for the next answer.";
        assert_eq!(about(&prompt(&"é".repeat(1_204))), all);
        assert_eq!(about(&prompt("")), "There is none.");
    }
}
