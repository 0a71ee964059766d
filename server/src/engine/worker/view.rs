//! A part of a picture in the prompt of an answer: where it is, and what is seen of it.

use std::ops::Range;
use std::sync::Arc;

use super::llama::{Seen, Token};
use super::picture::{Patch, Places, is_cell};
use super::sight::Placed;

/// A patch of a picture at its place in a prompt.
pub struct View {
    /// The token of the prompt that is its first cell.
    pub begins: usize,
    /// What it is a part of.
    pub jpeg: Arc<[u8]>,
    patch: Patch,
    places: Vec<[i32; 3]>,
    looked: Looked,
}

/// How far it is.
enum Looked {
    NotYet,
    Now,
    /// The numbers of its cells.
    Done(Vec<f32>),
}

impl View {
    /// Its cells, as tokens of the prompt.
    pub fn cells(&self) -> Range<usize> {
        self.begins..self.begins + self.patch.names.len()
    }

    /// Whether it is being looked at.
    pub fn is_looked_at(&self) -> bool {
        matches!(self.looked, Looked::Now)
    }

    /// Whether it was looked at.
    pub fn is_seen(&self) -> bool {
        matches!(self.looked, Looked::Done(_))
    }

    /// What is to be looked at from now on; none when it is or was.
    pub fn begin(&mut self) -> Option<Patch> {
        if !matches!(self.looked, Looked::NotYet) {
            return None;
        }
        self.looked = Looked::Now;
        Some(self.patch.clone())
    }

    /// What was seen.
    pub fn see(&mut self, numbers: Vec<f32>) {
        self.looked = Looked::Done(numbers);
    }

    /// So many cells from this one on, all where they go together; none while it is not seen.
    pub fn piece(&self, from: usize, most: usize) -> Option<(&[Token], Seen<'_>)> {
        let Looked::Done(numbers) = &self.looked else { return None };
        let n_cells = self.patch.names.len();
        let looks_ahead = self.patch.looks_ahead;
        let to = if looks_ahead { n_cells } else { n_cells.min(from + most) };
        let n_numbers = numbers.len() / n_cells;
        let seen = Seen {
            numbers: numbers.get(from * n_numbers..to * n_numbers)?,
            places: self.places.get(from..to)?,
            is_in_room: matches!(self.patch.places, Places::InTheRoom(_)),
            looks_ahead,
        };
        Some((self.patch.names.get(from..to)?, seen))
    }
}

/// Where the pictures are in a prompt.
pub fn views(prompt: &[Token], pictures: &[Placed]) -> Vec<View> {
    let mut views = Vec::new();
    let mut at = 0;
    while let Some(n_tokens) = prompt[at..].iter().position(|it| is_cell(*it)) {
        at += n_tokens;
        let patches =
            pictures.iter().flat_map(|it| it.picture.patches.iter().map(move |patch| (it, patch)));
        let found = { patches }.find(|(_, patch)| prompt[at..].starts_with(&patch.names));
        let Some((Placed { jpeg, .. }, patch)) = found else { break };
        let places = match &patch.places {
            Places::InARow => (0..patch.names.len() as i32).map(|it| [it; 3]).collect(),
            Places::InTheRoom(places) => places.clone(),
        };
        let (jpeg, patch) = (Arc::clone(jpeg), patch.clone());
        let n_cells = patch.names.len();
        views.push(View { begins: at, jpeg, patch, places, looked: Looked::NotYet });
        at += n_cells;
    }
    views
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::worker::picture::{Picture, id};

    fn placed(file: &[u8], looks_ahead: bool) -> Placed {
        let places = Places::InARow;
        let patch =
            |number| Patch::new((id(file, &[0; 32]), number), 4, 4, places.clone(), looks_ahead);
        let patches: Vec<Patch> = (0..2).map(patch).collect();
        let tokens = patches.iter().flat_map(|it| it.names.clone()).collect();
        let picture = Arc::new(Picture { tokens, patches });
        Placed { mark: String::new(), picture, jpeg: file.into() }
    }

    #[test]
    fn every_patch_is_found_where_it_is() {
        let pictures = [placed(b"a", false), placed(b"b", false)];
        let text = vec![Token::new(7); 3];
        let [a, b] = [0, 1].map(|it| pictures[it].picture.tokens.clone());
        let prompt = [text.clone(), b.clone(), a, text, b].concat();
        let views = views(&prompt, &pictures);
        let begins: Vec<(usize, u8)> = views.iter().map(|it| (it.begins, it.jpeg[0])).collect();
        let expected = [(3, b'b'), (7, b'b'), (11, b'a'), (15, b'a'), (22, b'b'), (26, b'b')];
        assert_eq!(begins, expected);
    }

    #[test]
    fn a_picture_is_put_in_pieces_once_it_was_seen() {
        let pictures = [placed(b"a", false), placed(b"b", true)];
        let prompt = [0, 1].map(|it| pictures[it].picture.tokens.clone()).concat();
        let mut views = views(&prompt, &pictures);
        assert!(views[0].piece(0, 9).is_none());
        assert!(views[0].begin().is_some() && views[0].begin().is_none());
        let numbers: Vec<f32> = (0..8_u8).map(f32::from).collect();
        views[0].see(numbers.clone());
        let (names, seen) = views[0].piece(1, 2).expect("it was seen");
        assert_eq!(names, &prompt[1..3]);
        assert_eq!((seen.numbers, seen.places), (&numbers[2..6], &[[1; 3], [2; 3]][..]));
        views[2].see(numbers);
        assert_eq!(views[2].piece(0, 2).expect("it was seen").0.len(), 4, "all go together");
    }
}
