//! The header, taken apart: counts are checked against limits before they are believed, and lengths
//! against what the file still has.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};

use super::kinds::{size_of_values, width};
use super::meaning::{Value, understand};
use super::{Header, HeaderError, MOST_LAYERS};

/// The longest text in a header, in bytes.
const LONGEST_TEXT: u64 = 16 << 20;

/// The most entries in an array: four times the largest vocabulary known.
const MOST_ENTRIES: u64 = 64 << 20;

/// The most keys and the most tensors.
const MOST_KEYS: u64 = 1 << 16;

/// Reads a header from its beginning to its end, once.
pub struct Reader<R> {
    from: R,
    have: u64,
    at: u64,
}

impl<R: Read + Seek> Reader<R> {
    /// Of a file of so many bytes.
    pub fn new(from: R, have: u64) -> Self {
        Self { from, have, at: 0 }
    }

    /// Reads and checks all of it.
    pub fn header(mut self) -> Result<Header, HeaderError> {
        let (n_tensors, keys) = self.keys()?;
        let header = understand(&keys)?;
        self.check_tensors(n_tensors, &keys)?;
        Ok(header)
    }

    /// How many tensors there are, and what is said before them.
    pub fn keys(&mut self) -> Result<(u64, HashMap<String, Value>), HeaderError> {
        let mut magic = [0; 4];
        if self.from.read_exact(&mut magic).is_err() || &magic != b"GGUF" {
            return Err(HeaderError::NotGguf);
        }
        self.at = 4;
        match self.u32()? {
            2 | 3 => (),
            version => return Err(HeaderError::Version(version)),
        }
        let n_tensors = self.count(MOST_KEYS, "its number of tensors")?;
        let n_keys = self.count(MOST_KEYS, "its number of keys")?;
        let mut keys = HashMap::new();
        for _ in 0..n_keys {
            let key = self.text()?;
            if let Some(value) = self.value()? {
                keys.insert(key, value);
            }
        }
        Ok((n_tensors, keys))
    }

    /// One text of a list of them.
    pub fn entry(&mut self, list: Option<&Value>, idx: u64) -> Result<String, HeaderError> {
        let Some(Value::List { at, .. }) = list else { return Ok(String::new()) };
        self.from.seek(SeekFrom::Start(*at))?;
        self.at = *at;
        for _ in 0..idx {
            let length = self.count(LONGEST_TEXT, "the length of a text")?;
            self.skip(length)?;
        }
        self.text()
    }

    /// Every tensor must end inside the file.
    fn check_tensors(
        &mut self,
        n_tensors: u64,
        keys: &HashMap<String, Value>,
    ) -> Result<(), HeaderError> {
        let alignment = keys.get("general.alignment").and_then(Value::number).unwrap_or(32);
        if !alignment.is_power_of_two() || (1 << 20) < alignment {
            return Err(HeaderError::Damaged("its alignment"));
        }
        let mut end = 0;
        for _ in 0..n_tensors {
            let _name = self.text()?;
            let n_dims = self.u32()?;
            if 4 < n_dims {
                return Err(HeaderError::Damaged("the shape of a tensor"));
            }
            let mut n_values: u64 = 1;
            for _ in 0..n_dims {
                let dim = self.u64()?;
                n_values = n_values
                    .checked_mul(dim)
                    .filter(|&n| n < 1 << 48)
                    .ok_or(HeaderError::Damaged("the shape of a tensor"))?;
            }
            let kind = self.u32()?;
            let offset = self.u64()?;
            let size = size_of_values(kind, n_values);
            let tensor_end = offset.checked_add(size).ok_or(HeaderError::Damaged("an offset"))?;
            end = end.max(tensor_end);
        }
        let data = self.at.next_multiple_of(alignment);
        let need = data.checked_add(end).ok_or(HeaderError::Damaged("an offset"))?;
        if self.have < need {
            return Err(HeaderError::Truncated { have: self.have, need });
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Option<Value>, HeaderError> {
        let kind = self.u32()?;
        self.value_of(kind)
    }

    /// Numbers and texts are kept, short lists of whole numbers too; of others their length.
    fn value_of(&mut self, kind: u32) -> Result<Option<Value>, HeaderError> {
        Ok(match kind {
            8 => Some(Value::Text(self.text()?)),
            9 => {
                let kind = self.u32()?;
                let n_entries = self.count(MOST_ENTRIES, "the length of a list")?;
                Some(self.list(kind, n_entries)?)
            }
            6 => Some(Value::Float(f32::from_bits(self.u32()?))),
            kind => {
                let number = self.whole(kind)?;
                (kind != 12).then_some(Value::Number(number))
            }
        })
    }

    fn list(&mut self, kind: u32, n_entries: u64) -> Result<Value, HeaderError> {
        let (at, mut numbers) = (self.at, Vec::new());
        if n_entries <= MOST_LAYERS && !matches!(kind, 6 | 8 | 9 | 12) {
            for _ in 0..n_entries {
                numbers.push(self.whole(kind)?);
            }
        } else {
            self.pass_entries(kind, n_entries)?;
        }
        Ok(Value::List { n_entries, at, numbers })
    }

    fn whole(&mut self, kind: u32) -> Result<u64, HeaderError> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes[..width(kind)?])?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn pass_entries(&mut self, kind: u32, n_entries: u64) -> Result<(), HeaderError> {
        match kind {
            8 => {
                for _ in 0..n_entries {
                    let length = self.count(LONGEST_TEXT, "the length of a text")?;
                    self.skip(length)?;
                }
                Ok(())
            }
            9 => Err(HeaderError::Damaged("a list of lists")),
            kind => self.skip(n_entries * width(kind)? as u64),
        }
    }

    fn text(&mut self) -> Result<String, HeaderError> {
        let length = self.count(LONGEST_TEXT, "the length of a text")?;
        self.check_left(length)?;
        let mut bytes = vec![0; length as usize];
        self.bytes(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn count(&mut self, most: u64, what: &'static str) -> Result<u64, HeaderError> {
        match self.u64()? {
            count if count <= most => Ok(count),
            _ => Err(HeaderError::Damaged(what)),
        }
    }

    fn u32(&mut self) -> Result<u32, HeaderError> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn u64(&mut self) -> Result<u64, HeaderError> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn bytes(&mut self, bytes: &mut [u8]) -> Result<(), HeaderError> {
        self.from.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn skip(&mut self, n_bytes: u64) -> Result<(), HeaderError> {
        self.check_left(n_bytes)?;
        self.from.seek_relative(n_bytes as i64)?;
        self.at += n_bytes;
        Ok(())
    }

    fn check_left(&self, n_bytes: u64) -> Result<(), HeaderError> {
        let need = self.at + n_bytes;
        if self.have < need {
            return Err(HeaderError::Truncated { have: self.have, need });
        }
        Ok(())
    }
}
