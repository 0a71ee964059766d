//! Messages out of a stream of events that comes in pieces. Each is the data of one event, on one
//! line; what else is in the stream keeps it alive.

/// What the pieces so far end with.
#[derive(Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    /// Takes the next piece and hands on the messages that are whole with it.
    pub(super) fn take(&mut self, piece: &[u8], hear: &mut dyn FnMut(String)) {
        for part in piece.split_inclusive(|it| *it == b'\n') {
            self.begun.extend_from_slice(part);
            if !part.ends_with(b"\n") {
                return;
            }
            let message = self.begun.strip_prefix(b"data: ").and_then(|it| it.strip_suffix(b"\n"));
            if let Some(text) = message.and_then(|it| str::from_utf8(it).ok()) {
                hear(text.to_owned());
            }
            self.begun.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "data: {\"é\":\"🦀\"}\n\n: ping\n\ndata: 7\n\n";

    #[track_caller]
    fn check<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, messages: &[&str]) {
        let (mut lines, mut heard) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.take(piece, &mut |text| heard.push(text));
        }
        assert_eq!(heard, messages);
    }

    #[test]
    fn a_message_is_heard_however_it_is_cut() {
        for n in 1..=STREAM.len() {
            check(STREAM.as_bytes().chunks(n), &["{\"é\":\"🦀\"}", "7"]);
        }
    }

    #[test]
    fn what_is_cut_off_is_not_heard() {
        check([&b"data: 1\n\ndata: 23"[..]], &["1"]);
        check([&b""[..]], &[]);
    }
}
