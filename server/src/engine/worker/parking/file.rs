//! A parked file: a head, the tokens, the state, and a checksum over all of it.
//!
//! All numbers are little end first.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `WICKPARK` |
//! | 32 | fingerprint of the model |
//! | 8 | owner |
//! | 8 | number of tokens |
//! | 8 | bytes of the state |
//! | 4 each | tokens |
//! | … | the state, as llama.cpp gave it |
//! | 16 | XXH3 (128 bits) of everything before |

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::ENDING;
use crate::engine::frame::Owner;
use crate::engine::worker::fingerprint::Fingerprint;
use crate::engine::worker::llama::Token;

const MAGIC: [u8; 8] = *b"WICKPARK";
const HEAD: u64 = 64;
const CHECKSUM: u64 = 16;

/// What a file says of itself, not checked yet.
pub struct Head {
    pub owner: Owner,
    pub tokens: Vec<Token>,
}

/// Bytes that a file has.
pub fn size(tokens: &[Token], state: &[u8]) -> u64 {
    HEAD + 4 * tokens.len() as u64 + state.len() as u64 + CHECKSUM
}

/// Writes a file and tells where it is.
pub fn write(
    folder: &Path,
    fingerprint: &Fingerprint,
    owner: Owner,
    tokens: &[Token],
    state: &[u8],
) -> io::Result<PathBuf> {
    let ids: Vec<u8> = tokens.iter().flat_map(|token| token.0.to_le_bytes()).collect();
    let name = format!("{}-{:016x}.{ENDING}", owner.0, xxh3_128(&ids) as u64);
    let (path, unfinished) = (folder.join(&name), folder.join(format!("{name}.unfinished")));
    let result = (|| {
        let mut file = File::create(&unfinished)?;
        let mut checksum = Xxh3Default::new();
        let mut put = |bytes: &[u8]| {
            checksum.update(bytes);
            file.write_all(bytes)
        };
        put(&MAGIC)?;
        put(&fingerprint.0)?;
        put(&owner.0.to_le_bytes())?;
        put(&(tokens.len() as u64).to_le_bytes())?;
        put(&(state.len() as u64).to_le_bytes())?;
        put(&ids)?;
        put(state)?;
        file.write_all(&checksum.digest128().to_le_bytes())?;
        fs::rename(&unfinished, &path)
    })();
    if result.is_err() {
        super::remove(&unfinished);
    }
    result.map(|()| path)
}

/// Reads what a file says of itself.
pub fn head(path: &Path, fingerprint: &Fingerprint) -> io::Result<Head> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let mut head = [0; HEAD as usize];
    file.read_exact(&mut head)?;
    let (owner, n_tokens, n_state) = parse(&head, fingerprint).ok_or(io::ErrorKind::InvalidData)?;
    let whole = n_tokens.checked_mul(4).and_then(|n| n.checked_add(n_state));
    if whole.and_then(|n| n.checked_add(HEAD + CHECKSUM)) != Some(size) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut ids = vec![0; 4 * n_tokens as usize];
    file.read_exact(&mut ids)?;
    let (ids, _) = ids.as_chunks::<4>();
    let tokens = ids.iter().map(|id| Token::new(i32::from_le_bytes(*id))).collect();
    Ok(Head { owner, tokens })
}

/// Reads the state that belongs to these tokens, when the whole file is as it was written.
pub fn state(path: &Path, fingerprint: &Fingerprint, tokens: &[Token]) -> io::Result<Vec<u8>> {
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let mut bytes = fs::read(path)?;
    let end = bytes.len().checked_sub(CHECKSUM as usize).ok_or_else(invalid)?;
    let (content, checksum) = bytes.split_at(end);
    if xxh3_128(content).to_le_bytes() != *checksum {
        return Err(invalid());
    }
    let head = content.first_chunk().ok_or_else(invalid)?;
    let (_, n_tokens, _) = parse(head, fingerprint).ok_or_else(invalid)?;
    if n_tokens != tokens.len() as u64 {
        return Err(invalid());
    }
    bytes.truncate(end);
    bytes.drain(..HEAD as usize + 4 * tokens.len());
    Ok(bytes)
}

/// Owner, number of tokens and bytes of the state, when the head is of this model.
fn parse(head: &[u8; HEAD as usize], fingerprint: &Fingerprint) -> Option<(Owner, u64, u64)> {
    let number = |at: usize| Some(u64::from_le_bytes(head.get(at..at + 8)?.try_into().ok()?));
    let is_ours = head[..8] == MAGIC && head[8..40] == fingerprint.0;
    is_ours.then_some(())?;
    Some((Owner(number(40)?), number(48)?, number(56)?))
}

/// Whose a file is, by its name alone.
pub fn owner_in_name(path: &Path) -> Option<Owner> {
    path.file_name()?.to_str()?.split_once('-')?.0.parse().ok().map(Owner)
}
