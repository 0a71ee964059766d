//! Wick on a phone: the code that its camera reads, and whether the phone is let in.

use leptos::prelude::*;
use wick_protocol::{Access, ClientMessage, LanDoor, Network};

use crate::page::page;
use crate::ui::button::{button, choice};
use crate::ui::erased::{changing, memo};
use crate::words;

/// Where phones reach Wick, and what lets one in.
pub(super) fn phones() -> AnyView {
    let chosen = RwSignal::new(0);
    changing(move || {
        let Access { networks, lan, .. } = super::told();
        let content = match lan {
            _ if networks.is_empty() => {
                view! { <p class="soft">{words::access::no_network()}</p> }.into_any()
            }
            Some(lan) => open(lan),
            None => closed(networks, chosen),
        };
        view! {
            <h3>{words::access::phones()}</h3>
            {content}
        }
        .into_any()
    })
}

fn closed(networks: Vec<Network>, chosen: RwSignal<usize>) -> AnyView {
    let page = page();
    let addresses: Vec<_> = networks.iter().map(|it| it.address.clone()).collect();
    let choices = networks.into_iter().enumerate().map(|(place, it)| {
        let is_chosen = memo(move || chosen.get() == place);
        choice("network", format!("{} ({})", it.address, it.name), is_chosen, move || {
            chosen.set(place);
        })
    });
    let choices = choices.collect::<Vec<_>>();
    let invite = move || {
        let address = addresses.get(chosen.get_untracked()).cloned().unwrap_or_default();
        page.ask(&ClientMessage::Invite { address });
    };
    view! {
        <p class="soft">{words::access::about_phones()}</p>
        <div class="choices networks">{choices}</div>
        {super::buttons(vec![button("main", words::access::open_on_phone().into_any(), invite)])}
    }
    .into_any()
}

fn open(LanDoor { address: place, name, fingerprint }: LanDoor) -> AnyView {
    let page = page();
    let told = page.state.told;
    let code = changing(move || {
        let invited = told.invited.get();
        if invited.is_empty() {
            return ().into_any();
        }
        let picture = told.picture.with(|it| String::from(js_sys::encode_uri_component(it)));
        view! {
            <img
                class="code"
                alt=words::access::code()
                src=format!("data:image/svg+xml,{picture}")
            />
            <pre class="exact">{invited}</pre>
            <p class="soft">{words::access::scan()}</p>
        }
        .into_any()
    });
    let says = words::access::open_at(&place, &name);
    let invite = move || {
        // https://192.168.1.5:8080
        let address = place.split(['/', ':']).nth(3).unwrap_or_default().to_owned();
        page.ask(&ClientMessage::Invite { address });
    };
    let close = move || page.ask(&ClientMessage::CloseLan);
    view! {
        {code}
        <p class="soft">{says}</p>
        <p class="soft fingerprint">{words::access::fingerprint(&fingerprint)}</p>
        {super::buttons(vec![
            button("", words::access::another_code().into_any(), invite),
            button("", words::access::close_to_phones().into_any(), close),
        ])}
    }
    .into_any()
}

/// Asks whether the phone that waits first is let in.
pub(crate) fn asking() -> AnyView {
    let page = page();
    changing(move || {
        let Some(asking) = super::told().asking.into_iter().next() else {
            return ().into_any();
        };
        let answer = move |is_allowed| {
            move || page.ask(&ClientMessage::Answer { asking: asking.id, is_allowed })
        };
        view! {
            <p>{words::access::allow(&asking.name, &asking.address)}</p>
            <div class="actions">
                {button("main", words::access::let_in().into_any(), answer(true))}
                {button("", words::access::send_away().into_any(), answer(false))}
            </div>
        }
        .into_any()
    })
}
