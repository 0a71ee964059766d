//! The open chat: what was said in it, oldest first.

mod actions;
mod details;
mod empty;
mod ending;
mod finding;
mod follow;
mod message;
mod progress;
mod queued;
mod sentences;
mod thought;
mod versions;

use leptos::html;
use leptos::prelude::*;
use wick_protocol::MessageId;

use crate::dialogs::Dialogs;
use crate::more::{Part, part};
use crate::page::page;
use crate::state::{Line, Pending};
use crate::ui::button::button;
use crate::ui::erased::{changing, each, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::words;
pub(crate) use actions::act;
pub(crate) use details::details;
use empty::Empty;
pub(crate) use finding::finding;
use follow::Follow;
use message::{Message, MessageOnItsWay};
use queued::Queue;
pub(crate) use queued::queue;
pub(crate) use versions::versions;

/// Kinds of rows: a message, and the line under the last one that the model does not see.
const MESSAGE: i64 = 0;
const END_OF_LEFT_OUT: i64 = 1;

/// So many messages are laid out and painted together, or not at all where none of them is in sight. A
/// browser looks after each such piece in every frame, which costs it much when there are hundreds.
const STRETCH: usize = 20;

/// Stretches with one of so many last messages, which fill a screen, are there at once. The others come
/// when these were shown, from the end on, one with each frame: nobody sees them before, and they take no
/// other room when they are there.
const AT_ONCE: usize = 20;

/// The messages of the open chat, or what to do when there are none.
#[component]
pub(crate) fn Thread() -> impl IntoView {
    let state = page().state;
    let log = NodeRef::<html::Div>::new();
    let content = NodeRef::<html::Div>::new();
    let follow = Follow::new(log, content);
    // Another chat is read from its end.
    Effect::new(move |_| {
        state.open().track();
        follow.go_to_end();
    });

    let later = StoredValue::new(Vec::new());
    // A message that the reader was led to is shown once it is there, and all that comes before it.
    Effect::new(move |_| {
        let Some(target) = state.target.get() else { return };
        if state.thread().with(|thread| thread.iter().any(|line| line.id == target)) {
            follow.let_go();
            while bring_next(later) {}
            request_animation_frame(move || {
                state.target.set(None);
                crate::browser::point_at(&message::element_id(target));
            });
        }
    });

    let left_out = memo(move || state.left_out());
    let lines = each(
        move || {
            let key = |(idx, line): (usize, &Line)| (line.id.0, idx as i64);
            state.thread().with(|it| it.iter().enumerate().step_by(STRETCH).map(key).collect())
        },
        move |(_, first)| {
            let lines = view_stretch(first as usize, later, left_out);
            view! { <div class="stretch">{lines}</div> }.into_any()
        },
    );
    let on_their_way = move || {
        let open = state.open().get();
        let is_shown = |it: &&Pending| it.chat == open && !it.is_seen;
        let text = |it: &Pending| it.text.clone();
        state.pending().with(|list| list.iter().filter(is_shown).map(text).collect::<Vec<_>>())
    };
    let pending = changing(move || {
        let view = |text| view! { <MessageOnItsWay text=text/> }.into_any();
        on_their_way().into_iter().map(view).collect::<Vec<_>>().into_any()
    });
    let empty = shown_while(
        move || {
            let is_bare = state.thread().with(Vec::is_empty) && on_their_way().is_empty();
            state.is_here().get() && is_bare
        },
        || view! { <Empty/> }.into_any(),
    );
    let to_end = shown_while(
        move || !follow.is_at_end(),
        move || {
            let says = view! { <Icon of=Drawing::DOWN/> {words::thread::go_to_end()} }.into_any();
            button("to-end", says, move || follow.go_to_end())
        },
    );
    let finds = expect_context::<Dialogs>().finding;
    let finding = shown_while(
        move || finds.get() && !state.thread().with(Vec::is_empty),
        move || part(Part::Finding, finds, RwSignal::new(false)),
    );
    view! {
        {finding}
        <div class="thread">
            <div
                class="log"
                role="log"
                aria-label=words::thread::conversation()
                // `voice` says answers by the sentence.
                aria-live="off"
                tabindex="0"
                node_ref=log
                on:scroll=move |_| follow.hear_scroll()
            >
                <div class="measure" node_ref=content>
                    {lines}
                    {pending}
                    <Queue/>
                </div>
            </div>
            {empty}
            {to_end}
        </div>
    }
}

/// Stretches that are not there yet, the one nearest to the end last.
type Later = StoredValue<Vec<RwSignal<bool>>>;

/// The last message that the model does not see.
type LeftOut = Memo<Option<MessageId>>;

/// The lines from this place on that stand together.
fn view_stretch(first: usize, later: Later, left_out: LeftOut) -> AnyView {
    let state = page().state;
    let n_lines = state.thread().with_untracked(Vec::len);
    let is_at_end = n_lines < first + STRETCH + AT_ONCE;
    let is_now = is_at_end || state.target.get_untracked().is_some();
    let is_here = RwSignal::new(is_now);
    let wait = |later: &mut Vec<_>| {
        later.push(is_here);
        later.len() == 1
    };
    if !is_now && later.try_update_value(wait) == Some(true) {
        // The next frame shows the end.
        request_animation_frame(move || bring_later(later));
    }
    shown_while(move || is_here.get(), move || view_lines(first, left_out))
}

/// Brings one stretch with each frame, for as long as some are missing.
fn bring_later(later: Later) {
    request_animation_frame(move || {
        if bring_next(later) {
            bring_later(later);
        }
    });
}

/// Brings the next stretch; false when there is none. Those of a chat that is not shown any more are
/// gone already.
fn bring_next(later: Later) -> bool {
    let next = later.try_update_value(Vec::pop).flatten();
    next.map(|next| next.try_set(true)).is_some()
}

fn view_lines(first: usize, left_out: LeftOut) -> AnyView {
    let state = page().state;
    each(
        move || {
            let left_out = left_out.get();
            let rows = |line: &Line| {
                let end = (left_out == Some(line.id)).then_some((line.id.0, END_OF_LEFT_OUT));
                [Some((line.id.0, MESSAGE)), end].into_iter().flatten()
            };
            state.thread().with(|it| it.iter().skip(first).take(STRETCH).flat_map(rows).collect())
        },
        move |(id, kind)| {
            if kind == END_OF_LEFT_OUT {
                return view! { <EndOfLeftOut/> }.into_any();
            }
            let line = state.with_line(MessageId(id), Line::clone);
            line.map(|line| view! { <Message line=line/> }).into_any()
        },
    )
}

/// The line between what the model does not see any more and what it does.
#[component]
fn EndOfLeftOut() -> impl IntoView {
    let says = words::thread::left_out();
    view! { <div class="left-out" role="separator" aria-label=says>{says}</div> }
}
