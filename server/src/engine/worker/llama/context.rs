//! A context: KV cells of several conversations, and the computing on them.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use llama_cpp_sys_2 as sys;

use super::{Batch, Model, Sequence};
use crate::engine::cells::{Attention, CellKind, ContextSize};

/// How a context is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContextSettings {
    /// What it has memory for, of all sequences together.
    pub size: ContextSize,
    /// Sequences that it keeps apart.
    pub sequences: u8,
}

/// Why tokens were not put through the model. In all cases none of them was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are not enough cells for them.
    #[error("the context has no room for them")]
    NoRoom,
    /// Somebody set the stop flag.
    #[error("it was stopped")]
    Stopped,
    /// llama.cpp gave up.
    #[error("llama.cpp gave up with code {0}")]
    Failed(i32),
}

/// Cells of a picture that was looked at, in the order of the picture.
pub struct Seen<'a> {
    /// What they are computed from: as many numbers for each.
    pub numbers: &'a [f32],
    /// Where each is, from where the picture begins: in one direction or in three.
    pub places: &'a [[i32; 3]],
    /// Whether that is three.
    pub is_in_room: bool,
    /// Whether they look at those after them too.
    pub looks_ahead: bool,
}

/// KV cells and the buffers to compute with. Freed on drop.
pub struct Context<'m> {
    pub(super) raw: NonNull<sys::llama_context>,
    pub(super) model: &'m Model,
    settings: ContextSettings,
    /// llama.cpp reads it through the pointer given at creation.
    _stop: Arc<AtomicBool>,
}

impl<'m> Context<'m> {
    /// The most tokens in one call of [`Context::decode`].
    pub const LONGEST_BATCH: usize = 512;

    /// Makes an empty context; `None` when llama.cpp could not, mostly for want of memory.
    /// Whoever sets `stop` ends a running [`Context::decode`] within milliseconds.
    pub fn new(
        model: &'m Model,
        settings: ContextSettings,
        stop: &Arc<AtomicBool>,
    ) -> Option<Context<'m>> {
        let stop = Arc::clone(stop);
        // SAFETY: it only returns a struct.
        let mut params = unsafe { sys::llama_context_default_params() };
        params.n_ctx = u32::try_from(settings.size.cells).ok()?;
        // One micro-batch for each batch: a stopped one is then undone as a whole.
        params.n_batch = Self::LONGEST_BATCH as u32;
        params.n_ubatch = Self::LONGEST_BATCH as u32;
        params.n_seq_max = settings.sequences.into();
        if is_windowed(model) {
            // Each has a guard, and one is spare.
            params.n_seq_max = params.n_seq_max * 2 + 1;
        }
        params.n_outputs_max = params.n_seq_max;
        // All cells are for whoever needs them, and a prefix can be shared.
        params.kv_unified = true;
        // Cells before a sliding window are kept: a sequence can then be cut there, too.
        params.swa_full = true;
        let kind = match settings.size.kind {
            CellKind::F16 => sys::GGML_TYPE_F16,
            CellKind::Q8 => sys::GGML_TYPE_Q8_0,
        };
        (params.type_k, params.type_v) = (kind, kind);
        params.flash_attn_type = match settings.size.attention {
            Attention::Auto => sys::LLAMA_FLASH_ATTN_TYPE_AUTO,
            Attention::Flash => sys::LLAMA_FLASH_ATTN_TYPE_ENABLED,
            Attention::Plain => sys::LLAMA_FLASH_ATTN_TYPE_DISABLED,
        };
        params.no_perf = true;
        params.abort_callback = Some(should_stop);
        params.abort_callback_data = Arc::as_ptr(&stop).cast_mut().cast::<c_void>();
        // SAFETY: the model outlives the context by the lifetime 'm, the flag by `_stop`; only
        // the engine's one thread makes contexts.
        let raw = unsafe { sys::llama_init_from_model(model.raw().as_ptr(), params) };
        Some(Context { raw: NonNull::new(raw)?, model, settings, _stop: stop })
    }

    /// How it was made.
    pub fn settings(&self) -> ContextSettings {
        self.settings
    }

    /// Computes with so many threads from now on.
    pub fn set_threads(&mut self, threads: u32) {
        let threads = i32::try_from(threads).unwrap_or(i32::MAX);
        // SAFETY: the context lives.
        unsafe { sys::llama_set_n_threads(self.raw.as_ptr(), threads, threads) }
    }

    /// Puts tokens through the model, each behind what its sequence holds. Afterwards
    /// [`Context::logits`] says what could follow.
    pub fn decode(&mut self, batch: &mut Batch) -> Result<(), DecodeError> {
        let count = batch.len();
        // llama.cpp asserts it.
        assert!((1..=Self::LONGEST_BATCH).contains(&count), "a batch has its bounds");
        let mut n_sequences = vec![1; count];
        let mut sequences: Vec<*mut sys::llama_seq_id> =
            batch.sequences.iter_mut().map(std::ptr::from_mut).collect();
        let raw = sys::llama_batch {
            n_tokens: count as i32,
            token: batch.tokens.as_mut_ptr(),
            embd: std::ptr::null_mut(),
            pos: batch.positions.as_mut_ptr(),
            n_seq_id: n_sequences.as_mut_ptr(),
            seq_id: sequences.as_mut_ptr(),
            logits: batch.wants_logits.as_mut_ptr(),
        };
        // SAFETY: every pointer is to `count` values that live until the call has returned.
        let code = unsafe { sys::llama_decode(self.raw.as_ptr(), raw) };
        outcome(code)?;
        self.guard_batch(batch);
        Ok(())
    }

    /// Puts cells of a picture through the model: that begins at this place of the sequence, which holds
    /// what comes before them. When it fails, the sequence may hold some of them.
    pub fn decode_seen(
        &mut self,
        sequence: Sequence,
        from: usize,
        seen: &Seen<'_>,
    ) -> Result<(), DecodeError> {
        if seen.looks_ahead {
            // SAFETY: the context lives.
            unsafe { sys::llama_set_causal_attn(self.raw.as_ptr(), false) }
        }
        let n_numbers = seen.numbers.len() / seen.places.len().max(1);
        let pieces = seen.places.chunks(Self::LONGEST_BATCH);
        let numbers = seen.numbers.chunks((n_numbers * Self::LONGEST_BATCH).max(1));
        let result = pieces.zip(numbers).try_for_each(|(places, numbers)| {
            self.decode_piece(sequence, from, places, numbers, seen.is_in_room)
        });
        if seen.looks_ahead {
            // SAFETY: the context lives.
            unsafe { sys::llama_set_causal_attn(self.raw.as_ptr(), true) }
        }
        result
    }

    fn decode_piece(
        &mut self,
        sequence: Sequence,
        from: usize,
        places: &[[i32; 3]],
        numbers: &[f32],
        is_in_room: bool,
    ) -> Result<(), DecodeError> {
        let count = places.len();
        let from = sys::llama_pos::try_from(from).unwrap_or(sys::llama_pos::MAX);
        let along = |axis: usize| places.iter().map(move |place| from.saturating_add(place[axis]));
        // All of the first direction, then all of the second; llama.cpp has a fourth one.
        let mut positions: Vec<sys::llama_pos> = along(0).collect();
        if is_in_room {
            positions.extend(along(1).chain(along(2)).chain(std::iter::repeat_n(0, count)));
        }
        let first = positions[0];
        let mut n_sequences = vec![1; count];
        let mut id = sequence.id();
        let mut sequences = vec![&raw mut id; count];
        let mut wants_logits = vec![0; count];
        let raw = sys::llama_batch {
            n_tokens: count as i32,
            token: std::ptr::null_mut(),
            embd: numbers.as_ptr().cast_mut(),
            pos: positions.as_mut_ptr(),
            n_seq_id: n_sequences.as_mut_ptr(),
            seq_id: sequences.as_mut_ptr(),
            logits: wants_logits.as_mut_ptr(),
        };
        // SAFETY: every pointer is to `count` values, four times as many positions where the model has
        // four directions, and the numbers of as many cells, which llama.cpp only reads; all live until
        // the call has returned.
        let code = unsafe { sys::llama_decode(self.raw.as_ptr(), raw) };
        outcome(code)?;
        self.guard_from(sequence, first);
        Ok(())
    }

    /// One number for every token of the vocabulary: the higher, the likelier it follows the
    /// token at this index of the last batch, which must have been the last of its sequence.
    pub fn logits(&mut self, idx: usize) -> &[f32] {
        let Ok(idx) = i32::try_from(idx) else { return &[] };
        // SAFETY: the row has as many values as the vocabulary, or is null where the token wanted
        // none, and lives until the next decode, which needs `&mut self`.
        unsafe {
            let row = sys::llama_get_logits_ith(self.raw.as_ptr(), idx);
            match NonNull::new(row) {
                Some(row) => std::slice::from_raw_parts(row.as_ptr(), self.model.n_vocab()),
                None => &[],
            }
        }
    }

    /// How many places a sequence holds: as many as tokens, where it has no pictures.
    pub fn n_places(&self, sequence: Sequence) -> usize {
        // SAFETY: the context lives; -1 for an empty sequence.
        let last = unsafe { sys::llama_memory_seq_pos_max(self.memory(), sequence.id()) };
        usize::try_from(last + 1).unwrap_or(0)
    }

    /// The shortest beginning of a sequence that can be gone on from: 0 unless cells before a
    /// sliding window were lost.
    pub fn shortest(&self, sequence: Sequence) -> usize {
        match self.first(sequence) {
            0 => 0,
            first => first + self.model.window(),
        }
    }

    /// The position of the first token that all layers know of a sequence.
    pub(super) fn first(&self, sequence: Sequence) -> usize {
        // SAFETY: the context lives; -1 for an empty sequence.
        let first = unsafe { sys::llama_memory_seq_pos_min(self.memory(), sequence.id()) };
        usize::try_from(first).unwrap_or(0)
    }

    /// Keeps the first places of a sequence and forgets the rest. False when this kind of
    /// model can't (recurrent ones): then all of it is forgotten.
    pub fn cut(&mut self, sequence: Sequence, n_places: usize) -> bool {
        let from = sys::llama_pos::try_from(n_places).unwrap_or(sys::llama_pos::MAX);
        // SAFETY: the context lives; -1 means to the end. Removing all never fails.
        unsafe {
            let is_cut = sys::llama_memory_seq_rm(self.memory(), sequence.id(), from, -1);
            if let Some(guard) = self.guard(sequence) {
                sys::llama_memory_seq_rm(self.memory(), guard.id(), from, -1);
            }
            if !is_cut {
                sys::llama_memory_seq_rm(self.memory(), sequence.id(), -1, -1);
            }
            is_cut
        }
    }

    /// Lets an empty sequence share the first places of another one.
    pub fn share(&mut self, from: Sequence, to: Sequence, n_places: usize) {
        let end = sys::llama_pos::try_from(n_places).unwrap_or(sys::llama_pos::MAX);
        // SAFETY: the context lives; both sequences are of this context.
        unsafe { sys::llama_memory_seq_cp(self.memory(), from.id(), to.id(), 0, end) }
        self.guard_from(to, 0);
    }

    /// llama.cpp takes cells that lie before a sliding window and belong to one sequence only for
    /// new tokens, even while others are free. So each sequence has a guard that shares all its
    /// cells: then it can be cut anywhere.
    pub(super) fn guard(&self, sequence: Sequence) -> Option<Sequence> {
        is_windowed(self.model).then(|| Sequence(sequence.0 + self.settings.sequences))
    }

    /// Guards what a sequence holds from this position on.
    pub(super) fn guard_from(&mut self, sequence: Sequence, from: sys::llama_pos) {
        if let Some(guard) = self.guard(sequence) {
            // SAFETY: the context lives; both sequences are of this context.
            unsafe {
                sys::llama_memory_seq_cp(self.memory(), sequence.id(), guard.id(), from, -1);
            }
        }
    }

    fn guard_batch(&mut self, batch: &Batch) {
        let mut at = 0;
        while let Some(&sequence) = batch.sequences.get(at) {
            let n_same = batch.sequences[at..].iter().take_while(|&&it| it == sequence).count();
            self.guard_from(Sequence(sequence as u8), batch.positions[at]);
            at += n_same;
        }
    }

    pub(super) fn memory(&self) -> sys::llama_memory_t {
        // SAFETY: the context lives.
        unsafe { sys::llama_get_memory(self.raw.as_ptr()) }
    }
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `llama_init_from_model` and is freed once.
        unsafe { sys::llama_free(self.raw.as_ptr()) }
    }
}

fn outcome(code: i32) -> Result<(), DecodeError> {
    match code {
        0 => Ok(()),
        1 => Err(DecodeError::NoRoom),
        2 => Err(DecodeError::Stopped),
        code => Err(DecodeError::Failed(code)),
    }
}

/// Whether some layers look back on a window only, and the model can go back in its text.
pub(super) fn is_windowed(model: &Model) -> bool {
    0 < model.window() && model.can_go_back()
}

unsafe extern "C" fn should_stop(stop: *mut c_void) -> bool {
    // SAFETY: the pointer is that of the flag which the context keeps alive.
    unsafe { &*stop.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}
