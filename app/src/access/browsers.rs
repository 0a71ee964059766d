//! Browsers that are signed in: named, and signed out.

use leptos::prelude::*;
use wick_protocol::{Access, ClientMessage, Device};

use crate::browser;
use crate::page::page;
use crate::sidebar::named;
use crate::ui::button::button;
use crate::ui::erased::changing;
use crate::ui::said::{heading, soft};
use crate::words;

/// All that are signed in.
pub(super) fn browsers() -> AnyView {
    // The number of the one whose name is written.
    let renamed = RwSignal::new(0);
    changing(move || {
        let Access { devices, this, .. } = super::told();
        let says = match this {
            Some(_) => words::access::about_browsers(),
            None => words::access::anybody(),
        };
        let rows = devices.into_iter().map(|it| {
            let is_this = this == Some(it.id);
            row(it, is_this, renamed)
        });
        view! {
            {heading(words::access::browsers())}
            {soft(says)}
            <div class="presets">{rows.collect::<Vec<_>>()}</div>
        }
        .into_any()
    })
}

fn row(device: Device, is_this: bool, renamed: RwSignal<usize>) -> AnyView {
    let page = page();
    let Device { id: device, name, seen, address } = device;
    let number = device.0 as usize;
    let content = if renamed.get() == number {
        let rename = move |name| {
            renamed.set(0);
            page.ask(&ClientMessage::RenameDevice { device, name });
        };
        named(words::instructions::new_name(), name.clone(), words::common::rename(), rename)
    } else {
        let sign_out = move || page.ask(&ClientMessage::RevokeDevice { device });
        super::buttons(vec![
            button("", words::common::rename().into_any(), move || renamed.set(number)),
            button("", words::access::sign_out().into_any(), sign_out),
        ])
    };
    let says = if is_this {
        words::access::this_one().to_owned()
    } else {
        words::access::seen(&browser::moment(seen), &address)
    };
    super::row(name, says, content)
}
