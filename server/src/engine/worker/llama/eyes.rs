//! What sees for a model: a second file (a projector, `mmproj`) with a network that turns a picture into
//! what cells are computed from, where tokens have their embeddings.

use std::ffi::CString;
use std::path::Path;
use std::ptr::NonNull;
use std::slice;

use anyhow::{Context as _, Result, bail};
use llama_cpp_sys_2 as sys;

use super::{Model, Token, log};
use crate::engine::worker::picture::{Id, Patch, Picture, Places};

/// The pixels of a picture: red, green and blue of each, row by row.
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
    /// Three bytes for each.
    pub rgb: Vec<u8>,
}

/// A loaded projector. Freed on drop.
pub struct Eyes {
    raw: NonNull<sys::mtmd_context>,
    /// Numbers of one cell.
    n_numbers: usize,
}

// SAFETY: nothing of it belongs to a thread; it is used by one at a time.
unsafe impl Send for Eyes {}

impl Eyes {
    /// Reads the file that sees for this model.
    pub fn open(path: &Path, model: &Model, threads: u32) -> Result<Self> {
        let file = CString::new(path.to_str().context("Its name is no text")?)?;
        // SAFETY: it only returns a struct.
        let mut params = unsafe { sys::mtmd_context_params_default() };
        params.use_gpu = false;
        params.print_timings = false;
        params.warmup = false;
        params.n_threads = i32::try_from(threads).unwrap_or(1);
        let before = log::last_error();
        // SAFETY: the file's name and the model live during the call, and of the model only facts are
        // kept; llama.cpp catches what it throws.
        let raw = unsafe { sys::mtmd_init_from_file(file.as_ptr(), model.raw().as_ptr(), params) };
        let Some(raw) = NonNull::new(raw) else {
            match log::last_error() {
                cause if cause.is_empty() || cause == before => bail!("llama.cpp can't read it"),
                cause => bail!("{cause}"),
            }
        };
        // SAFETY: the model lives.
        let n_numbers = unsafe { sys::llama_model_n_embd_inp(model.raw().as_ptr()) };
        let eyes = Self { raw, n_numbers: usize::try_from(n_numbers)? };
        // SAFETY: it was made just now.
        if !unsafe { sys::mtmd_support_vision(eyes.raw.as_ptr()) } {
            bail!("it is not made to see");
        }
        Ok(eyes)
    }

    /// What stands for a picture in a prompt.
    pub fn outline(&self, id: Id, pixels: &Pixels) -> Result<Picture> {
        let chunks = self.chunks(pixels)?;
        let mut picture = Picture { tokens: Vec::new(), patches: Vec::new() };
        for chunk in chunks.all() {
            if chunk.is_text() {
                picture.tokens.extend(chunk.tokens());
            } else {
                let patch = self.patch((id, picture.patches.len()), &chunk)?;
                picture.tokens.extend(&patch.names);
                picture.patches.push(patch);
            }
        }
        if picture.patches.is_empty() {
            bail!("There is nothing to be seen in it");
        }
        Ok(picture)
    }

    /// Looks at a patch: the numbers of its cells, one cell after the other.
    pub fn look(&mut self, patch: &Patch, pixels: &Pixels) -> Result<Vec<f32>> {
        let chunks = self.chunks(pixels)?;
        let chunk = chunks.all().filter(|it| !it.is_text()).nth(patch.number);
        let chunk = chunk.context("The picture is another one now")?;
        // SAFETY: both live; this is the one thread that looks.
        let code = unsafe { sys::mtmd_encode_chunk(self.raw.as_ptr(), chunk.raw) };
        // SAFETY: it lives.
        let numbers = unsafe { sys::mtmd_get_output_embd(self.raw.as_ptr()) };
        if code != 0 || numbers.is_null() {
            bail!("llama.cpp gave up with code {code}");
        }
        // SAFETY: `mtmd.h`: the last look gave so many numbers, which stay until the next one.
        let numbers = unsafe { slice::from_raw_parts(numbers, self.n_numbers * patch.names.len()) };
        Ok(numbers.to_vec())
    }

    fn patch(&self, which: (Id, usize), chunk: &Chunk<'_>) -> Result<Patch> {
        let n_cells = chunk.n_cells();
        // SAFETY: both live.
        let (n_places, is_in_room, looks_ahead) = unsafe {
            (
                sys::mtmd_input_chunk_get_n_pos(chunk.raw),
                sys::mtmd_decode_use_mrope(self.raw.as_ptr()),
                sys::mtmd_decode_use_non_causal(self.raw.as_ptr(), chunk.raw),
            )
        };
        let places = if is_in_room { Places::InTheRoom(chunk.places()?) } else { Places::InARow };
        let n_places = usize::try_from(n_places)?;
        if n_cells == 0 || n_places == 0 || n_cells < n_places {
            bail!("This kind of model takes more places for a picture than cells");
        }
        Ok(Patch::new(which, n_cells, n_places, places, looks_ahead))
    }

    fn chunks(&self, pixels: &Pixels) -> Result<Chunks> {
        let Pixels { width, height, rgb } = pixels;
        if rgb.len() as u64 != u64::from(*width) * u64::from(*height) * 3 || rgb.is_empty() {
            bail!("The picture has other pixels than it says");
        }
        // SAFETY: the marker is a string of the library's own; the pixels are as many as said and are
        // copied; the list and the picture are freed below or by `Chunks`.
        unsafe {
            let marker = sys::mtmd_get_marker(self.raw.as_ptr());
            let chunks =
                NonNull::new(sys::mtmd_input_chunks_init()).context("No memory is left")?;
            let chunks = Chunks(chunks);
            let bitmap = sys::mtmd_bitmap_init(*width, *height, rgb.as_ptr());
            let text = sys::mtmd_input_text {
                text: marker,
                text_len: std::ffi::CStr::from_ptr(marker).count_bytes(),
                add_special: false,
                parse_special: true,
            };
            let mut bitmaps = [bitmap.cast_const()];
            let code = sys::mtmd_tokenize(
                self.raw.as_ptr(),
                chunks.0.as_ptr(),
                &raw const text,
                bitmaps.as_mut_ptr(),
                1,
            );
            sys::mtmd_bitmap_free(bitmap);
            if code != 0 {
                bail!("llama.cpp could not take the picture apart (code {code})");
            }
            Ok(chunks)
        }
    }
}

impl Drop for Eyes {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `mtmd_init_from_file` and is freed once.
        unsafe { sys::mtmd_free(self.raw.as_ptr()) }
    }
}

/// The parts of a picture. Freed on drop.
struct Chunks(NonNull<sys::mtmd_input_chunks>);

impl Chunks {
    fn all(&self) -> impl Iterator<Item = Chunk<'_>> {
        // SAFETY: the list lives, and what it gives out lives as long.
        let n = unsafe { sys::mtmd_input_chunks_size(self.0.as_ptr()) };
        (0..n).map(|idx| {
            // SAFETY: as above, and the index is within it.
            let raw = unsafe { sys::mtmd_input_chunks_get(self.0.as_ptr(), idx) };
            Chunk { raw, _of: self }
        })
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `mtmd_input_chunks_init` and is freed once.
        unsafe { sys::mtmd_input_chunks_free(self.0.as_ptr()) }
    }
}

/// A part of a picture: tokens, or something to look at.
struct Chunk<'a> {
    raw: *const sys::mtmd_input_chunk,
    _of: &'a Chunks,
}

impl Chunk<'_> {
    fn is_text(&self) -> bool {
        // SAFETY: the list that it is of lives.
        let kind = unsafe { sys::mtmd_input_chunk_get_type(self.raw) };
        kind == sys::MTMD_INPUT_CHUNK_TYPE_TEXT
    }

    fn tokens(&self) -> Vec<Token> {
        let mut n = 0;
        // SAFETY: the list that it is of lives, and so do the tokens, of which it says how many.
        let tokens = unsafe {
            let tokens = sys::mtmd_input_chunk_get_tokens_text(self.raw, &raw mut n);
            if tokens.is_null() { &[] } else { slice::from_raw_parts(tokens, n) }
        };
        tokens.iter().map(|&id| Token::new(id)).collect()
    }

    fn n_cells(&self) -> usize {
        // SAFETY: the list that it is of lives.
        unsafe { sys::mtmd_input_chunk_get_n_tokens(self.raw) }
    }

    /// Where its cells are in time, height and width. Only places that move with where it begins.
    fn places(&self) -> Result<Vec<[i32; 3]>> {
        // SAFETY: the list that it is of lives.
        let image = unsafe { sys::mtmd_input_chunk_get_tokens_image(self.raw) };
        if image.is_null() {
            bail!("It is no picture");
        }
        let place = |from: i32, idx: usize| -> [i32; 3] {
            // SAFETY: as above, and the index is within it.
            let it = unsafe { sys::mtmd_image_tokens_get_decoder_pos(image, from, idx) };
            [it.t, it.y, it.x].map(u32::cast_signed)
        };
        let moves = |idx| place(1, idx) == place(0, idx).map(|it| it + 1);
        if !(0..self.n_cells()).all(moves) {
            bail!("This kind of model has pictures in places that Wick does not know");
        }
        Ok((0..self.n_cells()).map(|idx| place(0, idx)).collect())
    }
}
