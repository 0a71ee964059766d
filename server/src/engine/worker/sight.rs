//! Pictures of a prompt: taken out of what was said, and looked at when they are not known yet.
//!
//! The file that sees is opened for the first picture and let go of when the context rests. What a
//! picture is taken apart into is remembered, so that a chat with pictures goes on without looking again.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::{ImageFormat, load_from_memory_with_format};
use wick_protocol::attached::{self, File, Kind};
use wick_protocol::grouped;

use super::fingerprint::Fingerprint;
use super::llama::{Eyes, Model, Pixels};
use super::picture::{Id, Patch, Picture, id};
use super::resident;
use crate::engine::cells::{Attention, CellKind};
use crate::engine::frame::{Role, Turn};
use crate::engine::memory;

/// The most pictures that are remembered. Each is some thousand bytes.
const MOST_KNOWN: usize = 512;

/// A picture in what was said.
#[derive(Clone)]
pub struct Placed {
    /// What stands for it in the text. Nobody can have written it.
    pub mark: String,
    /// What it is in a prompt.
    pub picture: Arc<Picture>,
    /// The file.
    pub jpeg: Arc<[u8]>,
}

/// What sees for a model.
pub struct Sight<'m> {
    model: &'m Model,
    path: Option<PathBuf>,
    threads: u32,
    eyes: Option<Eyes>,
    /// Which file sees, once it was looked at.
    seen_by: Option<Fingerprint>,
    known: HashMap<Id, Arc<Picture>>,
    /// What marks have in them, in this process.
    secret: u64,
    /// Bytes that this process may have; `None` = what is free.
    limit: Option<u64>,
}

impl<'m> Sight<'m> {
    /// Sees with this file, once there is a picture; without one it sees nothing.
    pub fn new(model: &'m Model, path: Option<&Path>, threads: u32) -> Self {
        let secret = RandomState::new().hash_one("marks");
        let path = path.map(Path::to_owned);
        Self {
            model,
            path,
            threads,
            eyes: None,
            seen_by: None,
            known: HashMap::new(),
            secret,
            limit: None,
        }
    }

    /// Takes the pictures out of what was said and puts marks in their places; their names, where this
    /// model can't see.
    pub fn take_out(&mut self, turns: &mut [Turn]) -> Result<Vec<Placed>> {
        let mut all = Vec::new();
        for turn in turns.iter_mut().filter(|turn| has_pictures(turn)) {
            let mut placed = Vec::new();
            let text = without_pictures(&turn.text, |name, (width, height), base64| {
                if self.path.is_none() {
                    return Ok(format!(
                        "[{name}: a picture, {width} × {height}, that you can't see]"
                    ));
                }
                let mark = format!("<picture-{:016x}-{}>", self.secret, all.len() + placed.len());
                let place = self.place(mark.clone(), base64);
                let unseen = |err| anyhow!("The picture {name} can't be seen: {err:#}");
                placed.push(place.map_err(unseen)?);
                Ok(mark)
            });
            turn.text = text?;
            all.append(&mut placed);
        }
        Ok(all)
    }

    /// The process may have so many bytes from now on; `None` = what is free.
    pub fn set_memory(&mut self, memory: Option<u64>) {
        self.limit = memory;
    }

    /// The numbers of the cells of a patch.
    pub fn look(&mut self, patch: &Patch, jpeg: &[u8]) -> Result<Vec<f32>> {
        let pixels = pixels(jpeg)?;
        self.eyes()?.look(patch, &pixels)
    }

    /// Lets go of the file that sees. It is opened again for the next picture that is not known.
    pub fn rest(&mut self) {
        (self.eyes, self.seen_by) = (None, None);
    }

    fn place(&mut self, mark: String, base64: &str) -> Result<Placed> {
        let jpeg: Arc<[u8]> = BASE64_STANDARD.decode(base64)?.into();
        let id = id(&jpeg, &self.seen_by()?.0);
        if let Some(picture) = self.known.get(&id) {
            return Ok(Placed { mark, picture: Arc::clone(picture), jpeg });
        }
        let pixels = pixels(&jpeg)?;
        let picture = Arc::new(self.eyes()?.outline(id, &pixels)?);
        if MOST_KNOWN <= self.known.len() {
            self.known.clear();
        }
        self.known.insert(id, Arc::clone(&picture));
        Ok(Placed { mark, picture, jpeg })
    }

    fn seen_by(&mut self) -> Result<Fingerprint> {
        if let Some(seen_by) = self.seen_by {
            return Ok(seen_by);
        }
        let path = self.path.as_deref().context("There is nothing to see with")?;
        // What cells hold changes nothing of what is seen.
        Ok(*self.seen_by.insert(Fingerprint::of(path, CellKind::F16, Attention::Auto)?))
    }

    fn eyes(&mut self) -> Result<&mut Eyes> {
        let eyes = match self.eyes.take() {
            Some(eyes) => eyes,
            None => self.open()?,
        };
        Ok(self.eyes.insert(eyes))
    }

    fn open(&self) -> Result<Eyes> {
        let path = self.path.as_deref().context("There is nothing to see with")?;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = std::fs::metadata(path).with_context(|| format!("{file} can't be read"))?.len();
        // What it computes with comes on top.
        let need = bytes + bytes / 4;
        let left = self.limit.map(|limit| limit.saturating_sub(resident().total()));
        let free = memory::available().into_iter().chain(left).min();
        if let Some(free) = free.filter(|free| *free < need) {
            let megabytes = |bytes: u64| grouped(bytes.div_ceil(1_000_000));
            bail!(
                "{file}, which sees for this model, takes {} MB and {} MB are free. Close other programs",
                megabytes(need),
                megabytes(free)
            );
        }
        Eyes::open(path, self.model, self.threads)
            .map_err(|err| anyhow!("{file}, which sees for this model, can't be used: {err:#}"))
    }
}

/// Whether something in it is to be looked at.
pub fn has_pictures(turn: &Turn) -> bool {
    turn.role == Role::User && {
        let files = attached::files(attached::split(&turn.text).1);
        files.iter().any(File::is_picture)
    }
}

/// What was said, with something in front of it for each picture.
pub fn without_pictures(
    text: &str,
    mut in_place: impl FnMut(&str, (usize, usize), &str) -> Result<String>,
) -> Result<String> {
    let (said, attached) = attached::split(text);
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for file in attached::files(attached) {
        match file.kind {
            Kind::Picture(width, height) => {
                pictures.push(in_place(file.name, (width, height), file.text)?);
            }
            _ => others.push(attached::written(file)),
        }
    }
    let rest = attached::joined(said, &others.join("\n\n"));
    Ok([pictures.join("\n"), rest].join("\n").trim().to_owned())
}

fn pixels(jpeg: &[u8]) -> Result<Pixels> {
    let picture = load_from_memory_with_format(jpeg, ImageFormat::Jpeg)
        .context("The picture is damaged")?
        .into_rgb8();
    let (width, height) = picture.dimensions();
    Ok(Pixels { width, height, rgb: picture.into_raw() })
}

#[cfg(test)]
mod tests {
    use wick_protocol::attached::{joined, written};

    use super::*;

    #[test]
    fn pictures_stand_in_front_of_what_is_said_and_other_files_stay() {
        let cat = File { name: "cat.jpg", kind: Kind::Picture(3, 2), text: "/9j/" };
        let notes = File { name: "a.txt", kind: Kind::Text, text: "An apple" };
        let attached = [cat, notes, File { name: "b.jpg", ..cat }].map(written).join("\n\n");
        let in_place = |name: &str, (width, height), base64: &str| {
            Ok(format!("<{name} {width} {height} {base64}>"))
        };
        let check = |said: &str, attached: &str, expected: &str| {
            let text = joined(said, attached);
            assert_eq!(without_pictures(&text, in_place).expect("nothing fails"), expected);
        };
        let rest = written(notes);
        let pictures = "<cat.jpg 3 2 /9j/>\n<b.jpg 3 2 /9j/>";
        check("What?", &attached, &format!("{pictures}\nWhat?\n\n{rest}"));
        check("", &written(cat), "<cat.jpg 3 2 /9j/>");
        check("Hi", "", "Hi");
        let turn = |role, text: &str| Turn { role, text: text.into() };
        assert!(has_pictures(&turn(Role::User, &attached)));
        assert!(!has_pictures(&turn(Role::User, &rest)));
        assert!(!has_pictures(&turn(Role::Assistant, &attached)));
    }
}
