//! The frames between the server and an engine process: a length, then `postcard`.
//!
//! Lengths are 4 bytes, little end first. A frame that claims more than [`LONGEST_FRAME`] is an
//! error and not an allocation.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use wick_protocol::{Finish, Kept, Sampling, WhyRead};

use super::cage::Cage;
use super::cells::{CellKind, Cells, WhenFull};
use super::memory::Resident;
use super::need::Need;
use super::prompt::Wording;

/// The longest frame, in bytes. A whole chat travels in one.
pub const LONGEST_FRAME: usize = 64 << 20;

/// Names a job of one engine process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId(pub u64);

/// Whose tokens are kept: what one owner said is forgotten together. The engine does not know
/// what it stands for; 0 is nobody in particular.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Owner(pub u64);

/// What becomes of what was read and written for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// It stays, and goes to the disk when it has rested.
    #[default]
    Parked,
    /// It stays in memory and is never written anywhere.
    InMemory,
    /// It is forgotten when the answer ends; what it began like is left as it was.
    Nothing,
}

/// What the server asks an engine process for. Closing the pipe ends the process.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToWorker {
    /// Comes first, and once.
    Load(Load),
    /// Comes in its place: lay a prompt out, tell it and end.
    LayOut(Outline),
    /// Write an answer.
    Generate(Job),
    /// Nobody waits for this answer any more.
    Cancel(JobId),
    /// What this owner said is not needed any more.
    Forget(Owner),
}

/// The model of an engine process.
#[derive(Debug, Serialize, Deserialize)]
pub struct Load {
    /// The GGUF file.
    pub path: PathBuf,
    /// The one that sees for it, where there is one.
    pub eyes: Option<PathBuf>,
    /// How many threads compute.
    pub threads: u32,
    /// How long the context stays when nobody uses it; `None` = for ever.
    pub context_idle: Option<Duration>,
    /// How contexts are made.
    pub cells: Cells,
    /// What becomes of a chat that is longer than there is room for.
    pub when_full: WhenFull,
    /// The memory that the model needs.
    pub need: Need,
    /// Whether the process is to be caged.
    pub is_caged: bool,
    /// Where sessions are parked; `None` = nowhere.
    pub parking: Option<Place>,
}

/// Where sessions are parked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Files of all models are in it.
    pub folder: PathBuf,
    /// Bytes that they may have together.
    pub limit: u64,
}

/// An answer to write.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// Names it.
    pub id: JobId,
    /// Whose it is.
    pub owner: Owner,
    /// What was said, oldest first.
    pub turns: Vec<Turn>,
    /// What the answer begins with: it is continued, not repeated.
    pub begun: String,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Whether the answer goes on when the model says that it is done.
    pub ignore_end: bool,
    /// What becomes of it afterwards.
    pub keep: Keep,
    /// Bytes of memory that the process may have now; `None` = what is free.
    pub memory: Option<u64>,
}

/// A prompt to lay out, for which no model is needed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outline {
    /// How the model's messages are laid out.
    pub wording: Wording,
    /// What was said, oldest first.
    pub turns: Vec<Turn>,
    /// What the answer begins with already.
    pub begun: String,
}

/// A prompt as a model gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaidOut {
    /// All of it.
    pub text: String,
    /// Whether the template has a place for what holds for the whole chat. Else it stands in front
    /// of the first message of the person.
    pub has_system: bool,
}

/// One message of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub text: String,
}

/// Who said a message of a prompt. Templates know them by these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// What holds for the whole chat.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// What an engine process tells the server.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromWorker {
    /// This is what holds of its cage; comes before the model is opened.
    Caged(Cage),
    /// The model is about to be read; this much of the process is in memory.
    Begun(Resident),
    /// The model is being read: 0 to 100.
    Loading(u8),
    /// The model is there; this much of the process is in memory.
    Loaded(Resident),
    /// The model can't be used; the process ends. A sentence for people.
    NotLoaded(String),
    /// There is a context, or another one.
    Context {
        /// Tokens that fit.
        cells: usize,
        /// What a cell holds.
        kind: CellKind,
        /// How long making it took, and taking up in it what was parked.
        took: Duration,
    },
    /// So many sessions were parked on the disk.
    Parked(u32),
    /// What was known is parked and the context is freed.
    ContextFreed {
        /// Resident bytes before.
        before: u64,
        /// Resident bytes after.
        after: u64,
    },
    /// Something happened to a job.
    Job(JobId, JobEvent),
    /// The prompt that was to be laid out, or why it can't be, in a sentence for people.
    LaidOut(Result<LaidOut, String>),
}

/// What happens to a job. `Done` and `Failed` come last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobEvent {
    /// So many other answers come first.
    Waiting(usize),
    /// The model reads the prompt.
    Reading {
        /// Tokens read.
        done: usize,
        /// Tokens to read.
        total: usize,
    },
    /// A picture is looked at.
    Looking {
        /// Which one, from 1 on.
        picture: usize,
        /// Of how many.
        of: usize,
    },
    /// More of the answer.
    Text {
        /// In whole characters.
        text: String,
        /// Tokens of the answer that are written, those included that are no text yet.
        n_written: usize,
    },
    /// The answer ended.
    Done(Finish, Usage),
    /// There is no answer, or no more of it. A sentence for people.
    Failed(String),
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Prompt tokens that were not read, and where they came from.
    pub kept: Kept,
    /// Prompt tokens that were read.
    pub n_read: usize,
    /// From the first of them to the last.
    pub reading: Duration,
    /// Why some were read that had been read before.
    pub why_read: Option<WhyRead>,
    /// The oldest turns that were left out because they did not fit.
    pub n_left_out: usize,
    /// Tokens written.
    pub n_written: usize,
    /// From the first token written to the last.
    pub writing: Duration,
}

/// Writes a frame.
pub fn write<T: Serialize>(to: &mut impl Write, frame: &T) -> io::Result<()> {
    to.write_all(&pack(frame)?)?;
    to.flush()
}

/// Reads a frame; an error of the kind `UnexpectedEof` when the other end closed.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut bytes = vec![0; checked_length(length)?];
    from.read_exact(&mut bytes)?;
    unpack(&bytes)
}

/// Writes a frame from async code.
pub async fn send<T: Serialize>(to: &mut (impl AsyncWrite + Unpin), frame: &T) -> io::Result<()> {
    to.write_all(&pack(frame)?).await?;
    to.flush().await
}

/// Reads a frame from async code; not safe to cancel in the middle.
pub async fn receive<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    let mut bytes = vec![0; checked_length(length)?];
    from.read_exact(&mut bytes).await?;
    unpack(&bytes)
}

fn pack<T: Serialize>(frame: &T) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(frame, vec![0; 4]).map_err(io::Error::other)?;
    let length = bytes.len() - 4;
    if LONGEST_FRAME < length {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    bytes[..4].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(bytes)
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(|err| io::Error::new(io::ErrorKind::InvalidData, err))
}

fn checked_length(length: [u8; 4]) -> io::Result<usize> {
    match u32::from_le_bytes(length) as usize {
        length if length <= LONGEST_FRAME => Ok(length),
        length => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a frame claims {length} bytes"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_sent() {
        let mut pipe = Vec::new();
        let event = JobEvent::Text { text: "héllo".into(), n_written: 2 };
        write(&mut pipe, &FromWorker::Job(JobId(3), event.clone())).expect("a vector takes all");
        let FromWorker::Job(id, back) = read(&mut pipe.as_slice()).expect("it was just written")
        else {
            panic!("another frame came back");
        };
        assert_eq!((id, back), (JobId(3), event));
    }

    #[test]
    fn a_frame_that_claims_gigabytes_is_refused() {
        let err = read::<FromWorker>(&mut [0xff; 8].as_slice()).expect_err("it is far too long");
        assert_eq!(err.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_closed_pipe_is_the_end() {
        let err = read::<FromWorker>(&mut [].as_slice()).expect_err("there is nothing");
        assert_eq!(err.kind(), io::ErrorKind::UnexpectedEof);
    }
}
