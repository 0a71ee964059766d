//! Files at messages: those at the one that is written, and those of the ones that were said.
//!
//! Reading order: `arrival` (dropped, pasted), `reading` (what is in them), `chips` (what is shown of them
//! in the composer), `sent` (and in the thread).

mod arrival;
mod chips;
mod kind;
mod reading;
mod sent;
mod sentences;

use leptos::html;
use leptos::prelude::*;

use crate::browser;
use crate::page::page;
use crate::ui::button::icon_button;
use crate::ui::erased::shown_while;
use crate::ui::icon::Drawing;
use crate::words;
use chips::Chips;
use reading::Reading;

pub(crate) use sent::sent;

/// The files at the message that is written, a button that attaches some, and a sign where they can be
/// dropped.
pub(crate) fn composer() -> AnyView {
    let page = page();
    let reading = Reading::new(page);
    let is_over = RwSignal::new(false);
    arrival::listen(reading, is_over);
    let field = NodeRef::<html::Input>::new();
    let choose = move || {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let take = move |_| {
        if let Some(field) = field.get_untracked() {
            reading.take(browser::take_files(&field));
        }
    };
    let place = shown_while(
        move || is_over.get(),
        || view! { <div class="drop"><p>{words::attached::drop_files()}</p></div> }.into_any(),
    );
    view! {
        {place}
        <Chips reading=reading/>
        <input type="file" multiple hidden node_ref=field on:change=take/>
        {icon_button("quiet round", words::attached::attach_files(), Drawing::CLIP, choose)}
    }
    .into_any()
}
