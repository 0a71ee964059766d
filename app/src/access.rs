//! Who may use Wick: browsers that are signed in, programs with a key.

mod browsers;
mod programs;

use leptos::prelude::*;
use wick_protocol::ClientMessage;

use crate::page::page;
use crate::ui::button::button;
use crate::words;

/// All of them.
pub(crate) fn access(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    // A key that was made is shown once.
    page.state.told.key.set(String::new());
    page.ask(&ClientMessage::ShowAccess);
    view! {
        {browsers::browsers()}
        {programs::programs()}
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}

/// A browser or a program, and what can be done with it.
fn row(name: String, says: String, content: AnyView) -> AnyView {
    let label = name.clone();
    view! {
        <div class="preset" role="group" aria-label=label>
            <p class="about"><span class="name">{name}</span><span>{says}</span></p>
            {content}
        </div>
    }
    .into_any()
}

fn buttons(all: Vec<AnyView>) -> AnyView {
    view! { <div class="row">{all}</div> }.into_any()
}
