//! A model: weights and vocabulary.

use std::path::Path;
use std::ptr::NonNull;

use anyhow::{Result, bail};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_sys_2 as sys;

use super::{Token, kernels, log};
use crate::engine::Shape;
use crate::engine::prompt::Wording;

/// llama.cpp, ready to be used. There is one in a process.
pub struct Backend(LlamaBackend);

impl Backend {
    /// Starts llama.cpp with the best kernels for this processor, and listens to its log.
    pub fn start() -> Result<Self> {
        log::listen();
        let backend = LlamaBackend::init()?;
        kernels::take_best();
        Ok(Self(backend))
    }
}

/// A loaded model.
pub struct Model(LlamaModel);

impl Model {
    /// Reads a model from a GGUF file. `progress` hears fractions from 0 to 1.
    pub fn load(
        backend: &Backend,
        path: &Path,
        mut progress: impl FnMut(f32) + 'static,
    ) -> Result<Self> {
        let params = LlamaModelParams::default().with_progress_callback(move |fraction| {
            progress(fraction);
            true
        });
        match LlamaModel::load_from_file(&backend.0, path, &params) {
            Ok(model) => Ok(Self(model)),
            Err(err) => match log::last_error() {
                cause if cause.is_empty() => bail!("{err}"),
                cause => bail!("{cause}"),
            },
        }
    }

    /// The tokens of a prompt. What looks like a special token in it becomes one; the token
    /// that begins every text is put in front where the model wants it.
    pub fn tokenize(&self, prompt: &str) -> Vec<Token> {
        let vocab = self.0.vocab();
        let begin = self.special(vocab.bos());
        // Templates write the beginning themselves; it must not be there twice.
        let prompt = match prompt.strip_prefix(&begin) {
            Some(rest) if vocab.should_add_bos() && !begin.is_empty() => rest,
            _ => prompt,
        };
        vocab.tokenize(prompt.as_bytes(), true, true)
    }

    /// The tokens of a text within a prompt: nothing is put in front.
    pub fn tokenize_more(&self, text: &str) -> Vec<Token> {
        self.0.vocab().tokenize(text.as_bytes(), false, true)
    }

    /// Adds the bytes of a token to `bytes`. A character may be split over several tokens;
    /// special tokens and cells of pictures have no bytes.
    pub fn piece(&self, token: Token, bytes: &mut Vec<u8>) {
        if token.0 < 0 {
            return;
        }
        self.0.vocab().token_to_piece_into(token, bytes, false, None);
    }

    /// Whether the model ends its turn with this token.
    pub fn is_end(&self, token: Token) -> bool {
        self.0.vocab().is_eog(token)
    }

    /// All tokens that end its turn.
    pub fn ends(&self) -> Vec<Token> {
        (0..self.0.n_vocab()).map(Token::new).filter(|&token| self.is_end(token)).collect()
    }

    /// Tokens that the model was trained to look back on.
    pub fn context_trained(&self) -> usize {
        self.0.n_ctx_train() as usize
    }

    /// Whether a sequence can be cut at any token. Recurrent models hold one state for all
    /// that they read, and can't go back in it.
    pub fn can_go_back(&self) -> bool {
        // SAFETY: the model lives.
        unsafe {
            !sys::llama_model_is_recurrent(self.raw().as_ptr())
                && !sys::llama_model_is_hybrid(self.raw().as_ptr())
        }
    }

    /// Tokens that layers with a sliding window look back on; 0 where there are none.
    pub fn window(&self) -> usize {
        // SAFETY: the model lives.
        let window = unsafe { sys::llama_model_n_swa(self.raw().as_ptr()) };
        usize::try_from(window).unwrap_or(0)
    }

    /// Size of the vocabulary.
    pub fn n_vocab(&self) -> usize {
        self.0.n_vocab().max(0) as usize
    }

    /// How it is built. Exact where all layers are alike, else an estimate; for files whose header
    /// could not be read by others.
    pub fn shape(&self) -> Shape {
        let n_heads = u64::from(self.0.n_head().max(1));
        let embedding_length = u64::try_from(self.0.n_embd()).unwrap_or(0);
        let even = embedding_length / n_heads;
        Shape {
            embedding_length,
            feed_forward_length: self.number("feed_forward_length").unwrap_or(embedding_length * 4),
            n_heads,
            n_heads_kv: vec![u64::from(self.0.n_head_kv()); self.0.n_layer() as usize],
            key_length: self.number("attention.key_length").unwrap_or(even),
            value_length: self.number("attention.value_length").unwrap_or(even),
            n_vocabulary: self.n_vocab() as u64,
        }
    }

    fn number(&self, name: &str) -> Option<u64> {
        let architecture = self.0.meta_val_str("general.architecture").ok()?;
        self.0.meta_val_str(&format!("{architecture}.{name}")).ok()?.parse().ok()
    }

    /// How messages are laid out for it.
    pub fn wording(&self) -> Wording {
        let vocab = self.0.vocab();
        Wording {
            template: self.0.chat_template(None).ok().and_then(|it| it.to_string().ok()),
            begin: self.special(vocab.bos()),
            end: self.special(vocab.eos()),
            puts_begin: vocab.should_add_bos(),
        }
    }

    fn special(&self, token: Token) -> String {
        let mut bytes = Vec::new();
        if 0 <= token.0 {
            self.0.vocab().token_to_piece_into(token, &mut bytes, true, None);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The safe wrapper.
    pub(super) fn wrapped(&self) -> &LlamaModel {
        &self.0
    }

    /// llama.cpp's own handle, for the context.
    pub(super) fn raw(&self) -> NonNull<sys::llama_model> {
        const {
            assert!(size_of::<LlamaModel>() == size_of::<NonNull<sys::llama_model>>());
        }
        // SAFETY: `LlamaModel` is `repr(transparent)` over `Ptr`, which is `repr(transparent)`
        // over `NonNull<llama_model>` (llama-cpp-2 0.1.160, model.rs and ptr.rs; pinned with =).
        unsafe { *std::ptr::from_ref(&self.0).cast::<NonNull<sys::llama_model>>() }
    }
}
