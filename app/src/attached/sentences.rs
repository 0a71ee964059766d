//! What is said of files.

use wick_protocol::attached::{File, Kind, MOST_FILES, about_tokens_of, files, split};
use wick_protocol::{LARGEST_FILE, LONGEST_MESSAGE, Model};

use crate::numbers::{grouped, tenths};
use crate::words;

/// A size such as "812 bytes", "12 kB" or "1.2 MB".
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => words::attached::bytes(bytes),
        1_000..999_500 => format!("{} kB", grouped((bytes as u64 + 500) / 1_000)),
        _ => format!("{} MB", tenths(bytes as f64 / 1e6)),
    }
}

/// How much there is in a file: "3 pages, 12 kB".
pub(super) fn extent(file: &File<'_>) -> String {
    let size = size(file.text.len());
    match file.kind {
        Kind::Text => size,
        Kind::Pages(n) => words::attached::pages_of_text(n, &size),
        Kind::Picture(width, height) => format!("{width} × {height}"),
    }
}

/// An estimate with as many figures as it deserves.
pub(super) fn about(n_tokens: usize) -> String {
    let figures = match n_tokens {
        0..100 => n_tokens,
        100..1_000 => n_tokens.div_ceil(10) * 10,
        _ => n_tokens.div_ceil(100) * 100,
    };
    words::attached::about_tokens(figures)
}

/// What is wrong with a message for a model: it has a picture and can't be seen, or is too long.
pub(super) fn trouble(model: &Model, message: &str) -> Option<String> {
    for file in files(split(message).1) {
        if file.is_picture() && !model.sees {
            return Some(picture(file.name, Some(&model.name)));
        }
    }
    beyond(model, message)
}

/// That a message is more than a model can look at, and how much of it would fit; nothing where it is
/// not.
fn beyond(model: &Model, message: &str) -> Option<String> {
    let most = model.room as usize;
    // An answer needs some of it too.
    let room = most - (most / 4).min(512);
    let need = about_tokens_of(message);
    if most == 0 || need <= room {
        return None;
    }
    let fits = (message.len() as f64 * room as f64 / need as f64) as usize;
    Some(words::attached::beyond(
        &about(need),
        &model.name,
        &grouped(most as u64),
        &size(message.len()),
        &size(fits),
    ))
}

/// A picture can't be attached.
pub(super) fn picture(name: &str, model: Option<&str>) -> String {
    match model {
        Some(model) => words::attached::picture_for(name, model),
        None => words::attached::picture(name),
    }
}

/// Larger than what is read.
pub(super) fn too_large(name: &str, bytes: usize) -> String {
    words::attached::too_large(name, &size(bytes), &size(LARGEST_FILE))
}

/// More text than can be sent.
pub(super) fn too_long(name: &str, bytes: usize) -> String {
    let (bytes, most) = (grouped(bytes as u64), grouped(LONGEST_MESSAGE as u64));
    words::attached::too_long(name, &bytes, &most)
}

/// More files than can be attached.
pub(super) fn too_many(n_files: usize) -> String {
    words::attached::too_many(n_files, &MOST_FILES.to_string())
}

/// What the server says of a file.
pub(super) fn unread(name: &str, says: Option<&str>) -> String {
    let says = says.map_or(words::attached::not_sent().into(), words::translated);
    words::attached::not_attached(name, &says)
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Sampling, Template};

    use super::*;

    #[test]
    fn sizes_are_said_in_a_unit_that_suits_them() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(12_499), "12 kB");
        assert_eq!(size(999_499), "999 kB");
        assert_eq!(size(1_240_000), "1.2 MB");
        let extent = |kind, n| extent(&File { name: "a", kind, text: &"x".repeat(n) });
        assert_eq!(extent(Kind::Text, 812), "812 bytes");
        assert_eq!(extent(Kind::Pages(1), 2_000), "1 page, 2 kB of text");
        assert_eq!(extent(Kind::Pages(12), 2_000), "12 pages, 2 kB of text");
        assert_eq!(extent(Kind::Picture(640, 480), 2_000), "640 × 480");
    }

    #[test]
    fn an_estimate_does_not_look_like_a_count() {
        assert_eq!(about(1), "about 1 token");
        assert_eq!(about(37), "about 37 tokens");
        assert_eq!(about(432), "about 440 tokens");
        assert_eq!(about(12_345), "about 12,400 tokens");
    }

    #[test]
    fn what_is_beyond_a_model_is_said_with_what_would_fit() {
        let model = |room| Model {
            id: ModelId("a".into()),
            name: "SmolLM2".into(),
            file: "a.gguf".into(),
            bytes: 1,
            quantisation: "Q4_1".into(),
            parameters: None,
            context: 8_192,
            room,
            template: Template::InFile,
            usual: Sampling::default(),
            trouble: None,
            fit: None,
            sees: false,
        };
        let text = "word ".repeat(10_000);
        let says = beyond(&model(8_192), &text).expect("it is too long");
        assert_eq!(
            says,
            "This message is about 10,000 tokens, and SmolLM2 holds 8,192 of them, its answer included. \
             Of these 50 kB about 38 kB would fit."
        );
        assert_eq!(beyond(&model(32_768), &text), None);
        assert_eq!(beyond(&model(8_192), "word"), None);
        // A header that does not say it.
        assert_eq!(beyond(&model(0), &text), None);
    }

    #[test]
    fn why_a_file_is_not_attached_is_said_with_its_name() {
        assert_eq!(
            picture("a.png", Some("SmolLM2")),
            "a.png is a picture, and SmolLM2 can't see pictures. Text files of any kind and PDFs can be attached."
        );
        assert_eq!(too_large("a.pdf", 40_000_000), "a.pdf has 40.0 MB; up to 33.6 MB can be read.");
        assert_eq!(
            unread("a.pdf", Some("The file is damaged.")),
            "a.pdf was not attached. The file is damaged."
        );
    }
}
