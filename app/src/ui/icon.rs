//! Pictures on buttons, drawn with lines of the text's colour.

use leptos::prelude::*;

use super::piece::Piece;

/// One line drawing on a square of 24.
#[derive(Clone, Copy)]
pub(crate) struct Drawing(pub(crate) &'static str);

impl Drawing {
    pub(crate) const AGAIN: Self = Self("M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7");
    pub(crate) const BACK: Self = Self("M15 5l-7 7 7 7");
    pub(crate) const BIN: Self = Self("M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3");
    pub(crate) const CHART: Self = Self("M4 4v16h16M8 15l4-5 3 3 5-6");
    pub(crate) const CLIP: Self = Self(
        "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a2 2 0 0 1-3-3L14 7",
    );
    pub(crate) const COPY: Self = Self("M9 9h11v11H9zM5 15H4V4h11v1");
    pub(crate) const CROSS: Self = Self("M7 7l10 10M17 7L7 17");
    pub(crate) const DOWN: Self = Self("M12 5v14M6 13l6 6 6-6");
    pub(crate) const FLAME: Self = Self(
        "M12 3c1 3 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3.5 2-4.5 0 2 1 3 2 3 1.5-2 1.5-5.500 1-9z",
    );
    pub(crate) const FOLDER: Self = Self("M3 6h6l2 3h10v10H3z");
    pub(crate) const FORK: Self = Self("M6 4v6a5 5 0 0 0 5 5h8M15 11l4 4-4 4");
    pub(crate) const FORTH: Self = Self("M9 5l7 7-7 7");
    pub(crate) const LIST: Self = Self("M4 6h16M4 12h16M4 18h10");
    pub(crate) const MORE: Self = Self("M5 12h.01M12 12h.01M19 12h.01");
    pub(crate) const NEW: Self = Self("M12 5v14M5 12h14");
    pub(crate) const PIN: Self = Self("M12 15v6M8 4h8M9 4v6l-3 5h12l-3-5V4");
    pub(crate) const PEN: Self = Self("M4 20l1-4L16 5l3 3L8 19zM14 7l3 3");
    pub(crate) const SEND: Self = Self::UP;
    pub(crate) const SETTINGS: Self = Self(
        "M4 7h9M19 7h1M16 4.500a2.500 2.500 0 1 1 0 5a2.500 2.500 0 1 1 0-5\
         M4 17h1M11 17h9M8 14.500a2.500 2.500 0 1 1 0 5a2.500 2.500 0 1 1 0-5",
    );
    pub(crate) const STOP: Self = Self("M7 7h10v10H7z");
    pub(crate) const UP: Self = Self("M12 19V5M6 11l6-6 6 6");
    pub(crate) const UNFOLD: Self = Self("M7 10l5 5 5-5");

    /// The same as a piece.
    pub(crate) fn piece(self) -> Piece {
        let path = Piece::new("path", vec![("d", self.0.into())], vec![]);
        let attributes = vec![
            ("class", "icon".into()),
            ("viewBox", "0 0 24 24".into()),
            ("aria-hidden", "true".into()),
        ];
        Piece::new("svg", attributes, vec![path])
    }
}

/// Shows a drawing. What it means is said by the button that it is on.
#[component]
pub(crate) fn Icon(of: Drawing) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=of.0/>
        </svg>
    }
}
