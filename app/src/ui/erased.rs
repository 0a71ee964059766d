//! Views that change, made of code that exists once.
//!
//! Generic views are compiled anew for each closure that they are given. A page of them is
//! twice as large as one that hands its closures on behind a pointer, and no faster.

use std::sync::Arc;

use leptos::prelude::*;

/// Names a row of [`each`]: a number, and what kind of row it is where a change of kind makes
/// it another row.
pub(crate) type Key = (i64, i64);

/// A view that is made again when what it was made from changes.
pub(crate) fn changing(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    fn erased(view: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
        (move || view()).into_any()
    }
    erased(Arc::new(view))
}

/// A view that is there while the condition holds.
pub(crate) fn shown_while(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let holds = memo(condition);
    changing(move || if holds.get() { view() } else { ().into_any() })
}

/// One view for each key, in their order. A key that stays keeps its view.
pub(crate) fn each(
    keys: impl Fn() -> Vec<Key> + Send + Sync + 'static,
    view: impl Fn(Key) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    type Keys = Arc<dyn Fn() -> Vec<Key> + Send + Sync>;
    type View = Arc<dyn Fn(Key) -> AnyView + Send + Sync>;
    fn erased(keys: Keys, view: View) -> AnyView {
        view! {
            <For each=move || keys() key=|key| *key let(key)>
                {view(key)}
            </For>
        }
        .into_any()
    }
    erased(Arc::new(keys), Arc::new(view))
}

/// A value that wakes who uses it only when it differs.
pub(crate) fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    fn erased<T>(value: Arc<dyn Fn() -> T + Send + Sync>) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| value())
    }
    erased(Arc::new(value))
}
