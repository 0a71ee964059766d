//! Something random that only one browser or program knows.

use std::fmt::{self, Display, Formatter};

use sha2::{Digest, Sha256};

use crate::chats::Hash;

/// 256 random bits, in hexadecimal.
pub struct Token(String);

impl Token {
    /// Makes one.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        Ok(Self(digits(&bits)))
    }

    /// What is kept of it.
    pub fn hash(&self) -> Hash {
        hash(&self.0)
    }
}

impl Display for Token {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

/// What is kept of what somebody shows. It has too many bits to be guessed, so it needs no salt and no
/// slow hash, and comparing hashes tells nothing of what was hashed.
pub fn hash(shown: &str) -> Hash {
    Sha256::digest(shown).into()
}

/// Something random that is shown once and soon: 128 bits, in hexadecimal.
pub fn code() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(digits(&bits))
}

/// In hexadecimal.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
