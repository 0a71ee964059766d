//! JSON taken apart: named values, and one of several kinds.

use serde_json::{Map, Value};
use wick_protocol::ChatId;

/// What cannot be read.
pub(super) type Trouble = &'static str;
pub(super) type Result<T> = std::result::Result<T, Trouble>;

/// Named values, of which each is taken once. What is missing is named by the error.
pub(super) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn from(value: Value) -> Result<Self> {
        match value {
            Value::Object(map) => Ok(Self(map)),
            _ => Err("not an object"),
        }
    }

    pub(super) fn value(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map(Value::take).unwrap_or_default()
    }

    pub(super) fn object_or_none<T>(
        &mut self,
        name: &str,
        read: fn(Value) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.value(name) {
            Value::Null => Ok(None),
            value => read(value).map(Some),
        }
    }

    pub(super) fn text(&mut self, name: Trouble) -> Result<String> {
        text(self.value(name)).map_err(|_| name)
    }

    pub(super) fn text_or_none(&mut self, name: &str) -> Option<String> {
        text(self.value(name)).ok()
    }

    pub(super) fn bool(&mut self, name: &str) -> bool {
        self.value(name) == Value::Bool(true)
    }

    pub(super) fn chat_or_none(&mut self) -> Option<ChatId> {
        self.value("chat").as_i64().map(ChatId)
    }

    pub(super) fn signed(&mut self, name: Trouble) -> Result<i64> {
        self.value(name).as_i64().ok_or(name)
    }

    pub(super) fn number<T: TryFrom<u64>>(&mut self, name: Trouble) -> Result<T> {
        let number = self.value(name).as_u64().ok_or(name)?;
        number.try_into().map_err(|_| name)
    }

    pub(super) fn float(&mut self, name: Trouble) -> Result<f32> {
        self.value(name).as_f64().map(|number| number as f32).ok_or(name)
    }

    pub(super) fn list<T>(
        &mut self,
        name: Trouble,
        read: fn(Value) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self.value(name) {
            Value::Array(values) => values.into_iter().map(read).collect(),
            _ => Err(name),
        }
    }
}

/// A text.
pub(super) fn text(value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("text"),
    }
}

/// One of several kinds: its name alone, or its name with what belongs to it.
pub(super) fn variant(value: Value) -> Result<(String, Object)> {
    match value {
        Value::String(kind) => Ok((kind, Object(Map::new()))),
        Value::Object(map) => {
            let (kind, value) = map.into_iter().next().ok_or("an empty object")?;
            Ok((kind, Object::from(value)?))
        }
        _ => Err("neither a name nor an object"),
    }
}
