//! Code, with buttons that copy it and wrap its lines.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::colours::colour;
use super::node::{Block, Code};
use crate::browser;
use crate::ui::button::button;
use crate::ui::erased::memo;
use crate::ui::icon::{Drawing, Icon};

/// How long the button says that it copied.
const SAID_FOR: Duration = Duration::from_secs(2);

/// A block of code. It scrolls inside itself.
#[component]
pub(crate) fn CodeBlock(block: Memo<Arc<Block>>) -> impl IntoView {
    let code = move || match &*block.get() {
        Block::Code(code) => code.clone(),
        _ => Code::default(),
    };
    let language = memo(move || code().language);
    let text = memo(move || code().text);
    let pre = NodeRef::new();
    colour(pre, text, language);
    let says = RwSignal::new("Copy code");
    let copy = move || {
        spawn_local(async move {
            let is_copied = browser::copy(&text.get_untracked()).await;
            says.try_set(if is_copied { "Copied" } else { "Not copied" });
            set_timeout(move || _ = says.try_set("Copy code"), SAID_FOR);
        });
    };
    let label = memo(move || match language.get() {
        language if language.is_empty() => "Code".to_owned(),
        language => format!("Code, {language}"),
    });
    view! {
        <div class="code">
            <div class="code-head">
                <span>{language}</span>
                // Brought to life by `answers`.
                <button type="button" class="quiet wrap" aria-pressed="false">"Wrap"</button>
                {button("quiet", view! { <Icon of=Drawing::COPY/> {says} }.into_any(), copy)}
            </div>
            <pre
                dir="ltr"
                role="group"
                node_ref=pre
                aria-label=label
                tabindex="0"
            ><code>{text}</code></pre>
        </div>
    }
}
