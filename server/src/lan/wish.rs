//! A way in that a person wishes, as it is kept: `192.168.1.5`, and `http://192.168.1.5` where it is not
//! encrypted.

use std::fmt;
use std::net::{AddrParseError, Ipv4Addr};
use std::str::FromStr;

/// What stands before an address where nothing is encrypted.
const PLAIN: &str = "http://";

/// A way in for phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Of this computer, in one of its networks.
    pub address: Ipv4Addr,
    /// Whether nobody else in that network can read along.
    pub is_encrypted: bool,
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_encrypted { "" } else { PLAIN }, self.address)
    }
}

impl FromStr for Wish {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Wish, AddrParseError> {
        let plain = text.strip_prefix(PLAIN);
        let address = plain.unwrap_or(text).parse()?;
        Ok(Wish { address, is_encrypted: plain.is_none() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_was_wished() {
        for text in ["192.168.1.5", "http://10.0.0.1"] {
            let wish: Wish = text.parse().expect("it is one");
            assert_eq!(wish.is_encrypted, !text.starts_with("http"));
            assert_eq!(wish.to_string(), text);
        }
        for text in ["", "https://10.0.0.1", "phone", "http://"] {
            assert!(text.parse::<Wish>().is_err(), "{text}");
        }
    }
}
