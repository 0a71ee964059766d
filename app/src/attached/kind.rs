//! What a file is, by what is in it.

/// What can be made of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is text.
    Text(String),
    /// It has pages, which the server reads.
    Pdf,
    /// It has to be looked at.
    Picture,
    /// Nothing.
    Other,
}

/// What this is. What the browser thinks of its name is asked last.
pub(super) fn kind(bytes: Vec<u8>, says: &str) -> Kind {
    if bytes.starts_with(b"%PDF-") {
        return Kind::Pdf;
    }
    let is_picture = is_picture(&bytes);
    match text(bytes) {
        Some(text) => Kind::Text(text),
        None if is_picture || says.starts_with("image/") => Kind::Picture,
        None => Kind::Other,
    }
}

/// UTF-8, or UTF-16 that says so, with line breaks as everywhere.
fn text(bytes: Vec<u8>) -> Option<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (units, rest) = bytes.as_chunks::<2>();
        let units: Vec<_> = units.iter().map(|&it| unit(it)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    let text = match &*bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => str::from_utf8(rest).ok()?.to_owned(),
        _ => String::from_utf8(bytes).ok()?,
    };
    // No text has this, and many other files do.
    (!text.contains('\0')).then(|| text.replace("\r\n", "\n"))
}

/// PNG, JPEG, GIF, WebP, and those in boxes (HEIC, AVIF).
fn is_picture(bytes: &[u8]) -> bool {
    let is_named = |at: usize, names: &[&[u8]]| {
        names.iter().any(|name| bytes.get(at..).is_some_and(|it| it.starts_with(name)))
    };
    is_named(0, &[b"\x89PNG", b"\xff\xd8\xff", b"GIF8"])
        || is_named(0, &[b"RIFF"]) && is_named(8, &[b"WEBP"])
        || is_named(4, &[b"ftyphei", b"ftypmif1", b"ftypavif"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_text(bytes: &[u8], text: &str) {
        assert_eq!(kind(bytes.to_vec(), ""), Kind::Text(text.into()));
    }

    #[test]
    fn text_is_text_whatever_it_is_called() {
        is_text(b"", "");
        is_text("Gr\u{fc}\u{df}e\r\nzwei".as_bytes(), "Gr\u{fc}\u{df}e\nzwei");
        is_text(b"\xef\xbb\xbfa,b", "a,b");
        is_text(b"\xff\xfeh\0i\0", "hi");
        is_text(b"\xfe\xff\0h\0i", "hi");
        let drawing = Kind::Text("<svg/>".into());
        assert_eq!(kind(b"<svg/>".to_vec(), "image/svg+xml"), drawing);
    }

    #[test]
    fn what_is_no_text_is_known_by_its_beginning() {
        let check = |bytes: &[u8], says, expected| assert_eq!(kind(bytes.to_vec(), says), expected);
        check(b"%PDF-1.7\n%\xff", "", Kind::Pdf);
        check(b"\x89PNG\r\n\x1a\n\0\0", "", Kind::Picture);
        check(b"\xff\xd8\xff\xe0\0", "text/plain", Kind::Picture);
        check(b"RIFF\xff\0\0\0WEBP", "", Kind::Picture);
        check(b"\0\0\0\x18ftypheic", "", Kind::Picture);
        check(b"\xff\0", "image/x-unheard-of", Kind::Picture);
        check(b"PK\x03\x04\0\0", "application/zip", Kind::Other);
        check(b"a\0b", "text/plain", Kind::Other);
        check(b"caf\xe9", "text/plain", Kind::Other);
        check(b"\xff\xfea", "text/plain", Kind::Other);
        check(b"\xff\xfe\0\xd8", "text/plain", Kind::Other);
    }
}
