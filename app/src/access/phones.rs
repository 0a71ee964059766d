//! Wick on a phone: the code that its camera reads, and whether the phone is let in.

use leptos::prelude::*;
use wick_protocol::{Access, ClientMessage, LanDoor, Network};

use crate::browser::origin;
use crate::page::page;
use crate::ui::button::{button, choice};
use crate::ui::erased::{changing, memo};
use crate::ui::said::{exact, heading, soft};
use crate::words;

/// Where phones reach Wick, and what lets one in.
pub(super) fn phones() -> AnyView {
    let chosen = RwSignal::new(0);
    let is_plain = RwSignal::new(false);
    changing(move || {
        let Access { networks, lan, .. } = super::told();
        let content = match lan {
            _ if networks.is_empty() => soft(words::access::no_network()),
            Some(lan) => open(lan),
            None => closed(networks, chosen, is_plain),
        };
        view! {
            {heading(words::access::phones())}
            {content}
        }
        .into_any()
    })
}

fn closed(networks: Vec<Network>, chosen: RwSignal<usize>, is_plain: RwSignal<bool>) -> AnyView {
    let addresses: Vec<_> = networks.iter().map(|it| it.address.clone()).collect();
    let choices = networks.into_iter().enumerate().map(|(place, it)| {
        let is_chosen = memo(move || chosen.get() == place);
        choice("network", format!("{} ({})", it.address, it.name), is_chosen, move || {
            chosen.set(place);
        })
    });
    let choices = choices.collect::<Vec<_>>();
    let plain =
        super::check(words::access::plain().into(), memo(move || is_plain.get()), move || {
            is_plain.update(|it| *it = !*it);
        });
    let open_on_phone = move || {
        let address = addresses.get(chosen.get_untracked()).cloned().unwrap_or_default();
        invite(address, !is_plain.get_untracked());
    };
    let says = words::access::open_on_phone().into_any();
    view! {
        {soft(words::access::about_phones())}
        <div class="choices networks">{choices}</div>
        {plain}
        {super::buttons(vec![button("main", says, open_on_phone)])}
    }
    .into_any()
}

fn invite(address: String, is_encrypted: bool) {
    page().ask(&ClientMessage::Invite { address, is_encrypted });
}

fn open(door: LanDoor) -> AnyView {
    let LanDoor { address: place, name, fingerprint, words, firewall } = door;
    let page = page();
    let told = page.state.told;
    let is_encrypted = !fingerprint.is_empty();
    let scan = if is_encrypted { words::access::scan() } else { words::access::scan_plain() };
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
            {exact(invited)}
            {soft(scan)}
        }
        .into_any()
    });
    let app = (is_encrypted && [&place, &name].contains(&&origin())).then(|| app(&name));
    let says = words::access::open_at(&place, &name);
    let barrier = (!firewall.name.is_empty()).then(|| {
        view! {
            {soft(words::access::firewall(&firewall.name))}
            {exact(firewall.allow)}
        }
    });
    let safety = if is_encrypted {
        view! {
            {soft(words::access::both_show(&words))}
            <p class="soft fingerprint">{words::access::fingerprint(&fingerprint)}</p>
        }
        .into_any()
    } else {
        view! { <p class="wrong">{words::access::not_encrypted()}</p> }.into_any()
    };
    let another = move || {
        // https://192.168.1.5:8080
        invite(place.split(['/', ':']).nth(3).unwrap_or_default().to_owned(), is_encrypted);
    };
    let close = move || page.ask(&ClientMessage::CloseLan);
    view! {
        {code}
        {soft(says)}
        {barrier}
        {safety}
        {super::buttons(vec![
            button("", words::access::another_code().into_any(), another),
            button("", words::access::close_to_phones().into_any(), close),
        ])}
        {app}
    }
    .into_any()
}

/// How this phone comes to trust Wick, so that it can be an app there. Whether it does is known by the page
/// being kept, and told by the style.
fn app(name: &str) -> AnyView {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let how = match agent {
        _ if agent.contains("Android") => words::access::trust_android(),
        _ if agent.contains("iPhone") || agent.contains("iPad") => words::access::trust_ios(),
        _ => words::access::trust_elsewhere(),
    };
    view! {
        {heading(words::access::app())}
        <p class="soft is-trusted">{words::access::is_trusted()}</p>
        <ol class="soft not-trusted">
            <li>
                <a href="/export/authority.crt">{words::access::authority()}</a>
                " "
                {words::access::about_authority()}
            </li>
            <li>{how}</li>
            <li>{words::access::open_again(name)}</li>
        </ol>
    }
    .into_any()
}

/// Asks whether the phone that waits first is let in.
pub(crate) fn asking() -> AnyView {
    let page = page();
    changing(move || {
        let Access { asking, lan, .. } = super::told();
        let Some(asking) = asking.into_iter().next() else {
            return ().into_any();
        };
        let words = lan.map(|it| it.words).filter(|it| !it.is_empty());
        let both = words.map(|it| soft(words::access::has_to_show(&it)));
        let answer = move |is_allowed| {
            move || page.ask(&ClientMessage::Answer { asking: asking.id, is_allowed })
        };
        view! {
            <p>{words::access::allow(&asking.name, &asking.address)}</p>
            {both}
            <div class="actions">
                {button("main", words::access::let_in().into_any(), answer(true))}
                {button("", words::access::send_away().into_any(), answer(false))}
            </div>
        }
        .into_any()
    })
}
