//! Fields of files that others wrote: what is missing, or of another kind than expected, is
//! nothing and no error.

use serde_json::Value;

/// A text, unless it is empty.
pub(super) fn text<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    of.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// An id: a text or a number.
pub(super) fn id(of: &Value, name: &str) -> Option<String> {
    match of.get(name)? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Ids in an array.
pub(super) fn ids(of: &Value, name: &str) -> Vec<String> {
    let ids = list(of, name).iter();
    ids.filter_map(|id| id.as_str().map(str::to_owned).or_else(|| Some(id.as_i64()?.to_string())))
        .collect()
}

/// An array; none is empty.
pub(super) fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether it says yes.
pub(super) fn is(of: &Value, name: &str) -> bool {
    of.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A time, in milliseconds since 1970.
pub(super) fn time(of: &Value, name: &str) -> Option<i64> {
    milliseconds(of.get(name)?.as_f64()?)
}

/// A time as programs count it, which is seconds, milliseconds, microseconds or nanoseconds since
/// 1970. Which one is known by its size: read as seconds, the smallest number of milliseconds here
/// is of the year 5138.
pub(super) fn milliseconds(count: f64) -> Option<i64> {
    let time = match count {
        0.0..1e11 => count * 1e3,
        1e11..1e14 => count,
        1e14..1e17 => count / 1e3,
        1e17..1e20 => count / 1e6,
        _ => return None,
    };
    Some(time as i64).filter(|time| 0 < *time)
}
