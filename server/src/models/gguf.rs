//! The header of a GGUF file: what the model is called, what it needs, whether it is whole.
//!
//! It is read before llama.cpp sees the file and believes nothing: no allocation comes from a
//! count in the file, and every tensor must end inside the file. The format:
//! `ggml/docs/gguf.md` of the ggml project.
//!
//! `reader` takes it apart, `kinds` knows how long things are, `meaning` says what it is about.

mod kinds;
mod meaning;
mod reader;

mod wording;

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use wick_protocol::{Sampling, grouped};

use self::reader::Reader;
use crate::engine::Shape;
pub use wording::wording;

/// The most layers, and the longest list of numbers that is kept.
const MOST_LAYERS: u64 = 4096;

/// What a header says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// `general.size_label`, such as "135M".
    pub size_label: Option<String>,
    /// `general.file_type`, as a person writes it, such as "Q4_K_M".
    pub quantisation: Option<&'static str>,
    /// Tokens that the model was trained to look back on; 0 when it does not say.
    pub context: u32,
    /// Whether it brings a chat template.
    pub has_template: bool,
    /// `general.sampling.*`, as far as it can be used, and for the rest what is usual.
    pub usual: Sampling,
    /// In how many files the model is.
    pub n_parts: u32,
    /// How it is built, when it says.
    pub shape: Option<Shape>,
}

/// Why a file is not used. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// It does not begin as a GGUF does.
    #[error("This is not a GGUF file")]
    NotGguf,
    /// Written for other machines or by an unknown version.
    #[error("This is a GGUF of version {0}; versions 2 and 3 can be read")]
    Version(u32),
    /// The end is missing.
    #[error("The file is cut off: {} of at least {} bytes are there. Fetch it again", grouped(*.have), grouped(*.need))]
    Truncated {
        /// Bytes that are there.
        have: u64,
        /// Bytes that the header speaks of.
        need: u64,
    },
    /// A count or an offset that can't be.
    #[error("The header of the file is damaged: {0}. Fetch it again")]
    Damaged(&'static str),
    /// A file that holds something else than a model that writes text.
    #[error("This file holds {0} and no model that answers")]
    NoModel(&'static str),
    /// A file that sees for a model. It is of no use without one.
    #[error("This file sees for a model, and no model that it fits is in its folder")]
    Eyes {
        /// The embedding length of that model; 0 when it does not say.
        width: u64,
    },
    /// The disk or the rights.
    #[error("The file can't be read: {0}")]
    Io(#[from] io::Error),
}

impl Header {
    /// Reads and checks the header of a file.
    pub fn read(path: &Path) -> Result<Header, HeaderError> {
        let file = File::open(path)?;
        let have = file.metadata()?.len();
        match Reader::new(BufReader::with_capacity(1 << 18, file), have).header() {
            Err(HeaderError::Io(err)) if err.kind() == io::ErrorKind::UnexpectedEof => {
                Err(HeaderError::Truncated { have, need: have + 1 })
            }
            result => result,
        }
    }
}

#[cfg(test)]
mod mutations;
#[cfg(test)]
mod tests;
