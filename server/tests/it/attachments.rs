//! Files at messages: PDFs are read, whatever they are made like, and what is attached stays.

use std::io::Write;
use std::time::Instant;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use wick_protocol::attached::{File, Kind, about_tokens, files, joined, split, written};
use wick_protocol::{ClientMessage, LARGEST_FILE, LONGEST_MESSAGE, ServerMessage};

use crate::support::{PATIENCE, SMOL, Wick, likeliest, until_gone};

const IS_PDF: &str = "Content-Type: application/octet-stream\r\n";
const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A file of these objects, of which the first is its catalog.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = vec!["0000000000 65535 f ".to_owned()];
    for (idx, object) in objects.iter().enumerate() {
        table.push(format!("{:010} 00000 n ", file.len()));
        file.extend(format!("{} 0 obj\n", idx + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (begins, n, table) = (file.len(), objects.len() + 1, table.join("\n"));
    let end = format!(
        "xref\n0 {n}\n{table}\ntrailer\n<< /Size {n} /Root 1 0 R >>\nstartxref\n{begins}\n%%EOF\n"
    );
    file.extend(end.bytes());
    file
}

/// A stream with more entries in its dictionary.
fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// A file with pages of these contents, each a stream.
fn pages(contents: &[Vec<u8>], resources: &str) -> Vec<u8> {
    let kids: String = (0..contents.len()).map(|idx| format!("{} 0 R ", 4 + 2 * idx)).collect();
    let all = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len());
    let mut objects: Vec<Vec<u8>> = [CATALOG, &all, FONT].map(|it| it.as_bytes().to_vec()).to_vec();
    for (idx, content) in contents.iter().enumerate() {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> {resources} >> >>",
            5 + 2 * idx
        );
        objects.extend([page.into_bytes(), content.clone()]);
    }
    file(&objects)
}

/// A file in which these lines stand, one page after the other.
fn pdf(texts: &[&[&str]]) -> Vec<u8> {
    let content = |lines: &&[&str]| {
        let lines: String = lines.iter().map(|line| format!("({line}) Tj T*\n")).collect();
        stream("", format!("BT /F1 12 Tf 14 TL 72 720 Td\n{lines}ET").as_bytes())
    };
    pages(&texts.iter().map(content).collect::<Vec<_>>(), "")
}

/// A stream of so many times the same that is small on the wire.
fn packed(piece: &[u8], n_bytes: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let block = piece.repeat((1 << 20) / piece.len());
    for _ in 0..n_bytes >> 20 {
        packed.write_all(&block).unwrap();
    }
    stream("/Filter /FlateDecode", &packed.finish().unwrap())
}

fn read(wick: &Wick, file: &[u8]) -> (u16, String) {
    let response = wick.post("/read", IS_PDF, file);
    (response.status, String::from_utf8(response.body).unwrap())
}

#[test]
fn a_pdf_is_read_page_by_page() {
    let wick = Wick::without_models();
    let file =
        pdf(&[&["The keeper of the lighthouse", "lights the lamp."], &["And then he sleeps."]]);

    let (status, said) = read(&wick, &file);

    assert_eq!(status, 200, "{said}");
    let [File { kind, text, .. }] = files(&said)[..] else { panic!("{said}") };
    assert_eq!(kind, Kind::Pages(2));
    let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
    let expected = ["The keeper of the lighthouse", "lights the lamp.", "And then he sleeps."];
    assert_eq!(lines, expected, "{text}");
    assert!(wick.engines().is_empty(), "nobody is left");
}

#[test]
fn what_can_not_be_read_is_said_in_a_sentence() {
    let wick = Wick::without_models();
    let whole = pdf(&[&["Hello"]]);
    let cycle = [CATALOG, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"];
    let cycle: Vec<_> = cycle.iter().map(|it| it.as_bytes().to_vec()).collect();
    for (broken, says) in [
        (&b""[..], "damaged"),
        (b"%PDF-1.4\nand nothing else", "damaged"),
        (&whole[..whole.len() / 2], "damaged"),
        (&file(&cycle), "damaged"),
        (&file(&[CATALOG.into()]), "damaged"),
        (&pdf(&[&[], &[]]), "no text on the 2 pages"),
    ] {
        let (status, said) = read(&wick, broken);
        assert_eq!(status, 422, "{said}");
        assert!(said.contains(says) && said.ends_with('.'), "{said}");
    }
    let line = "a line of text that is said again and again".repeat(20);
    let lines = vec![&*line; 1 + LONGEST_MESSAGE / line.len()];
    let (status, said) = read(&wick, &pdf(&[&["Hello"], &lines, &["End"]]));
    assert_eq!(status, 422, "{said}");
    assert!(said.starts_with("The first 2 of the 3 pages have 524288 bytes"), "{said}");
}

#[test]
fn a_file_that_would_take_all_memory_or_all_time_ends_alone() {
    let wick = Wick::without_models();
    // Half a gigabyte of instructions in two megabytes; a form that draws itself.
    let bomb = pages(&[packed(b"q Q ", 512 << 20)], "");
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>",
        b"/A Do",
    );
    let mirror = pages(&[form], "/XObject << /A 5 0 R >>");
    for file in [bomb, mirror] {
        let began = Instant::now();
        let (status, said) = read(&wick, &file);
        assert_eq!(status, 422, "{said}");
        assert!(began.elapsed() < PATIENCE);
        assert!(wick.engines().is_empty(), "nobody is left");
    }
    assert_eq!(read(&wick, &pdf(&[&["Hello"]])).0, 200);
}

#[test]
fn who_goes_away_leaves_nobody_behind() {
    let wick = Wick::without_models();
    let stream = wick.posted("/read", IS_PDF, &pages(&[packed(b"q Q ", 512 << 20)], ""));
    let began = Instant::now();
    let reader = loop {
        assert!(began.elapsed() < PATIENCE, "nothing was started");
        match wick.engine() {
            Some(reader) => break reader,
            None => std::thread::yield_now(),
        }
    };
    drop(stream);
    until_gone(reader);
}

#[test]
fn only_the_page_can_have_a_file_read_and_only_so_large_a_one() {
    let wick = Wick::without_models();
    let file = pdf(&[&["Hello"]]);
    let foreign = format!("{IS_PDF}Origin: http://evil.test\r\n");
    assert_eq!(wick.post("/read", &foreign, &file).status, 403);
    // What a form or a script of another page can send without asking first.
    for kind in ["", "Content-Type: text/plain\r\n", "Content-Type: multipart/form-data\r\n"] {
        assert_eq!(wick.post("/read", kind, &file).status, 415, "{kind}");
    }
    assert_eq!(wick.get("/read", "").status, 405);
    let (status, said) = read(&wick, &vec![b'%'; LARGEST_FILE + 1]);
    assert_eq!((status, &*said), (413, "The file is larger than 32 MB, which is the most."));
}

#[tokio::test]
async fn what_is_attached_is_part_of_the_message_wherever_it_goes() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let file =
        File { name: "keys.md", kind: Kind::Text, text: "# Keys\n\nThe xylophone key opens it." };
    let message = joined("Which key?", &written(file));
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.say(&message).await;
    page.answer().await;

    page.ask(ClientMessage::Search { text: "xylophone".into() }).await;
    let hits = page.until(|it| match it {
        ServerMessage::Found { hits, .. } => Some(hits.clone()),
        _ => None,
    });
    let hits = hits.await;
    assert_eq!(hits[0].title, "Which key?", "{hits:?}");

    let archive = wick.get("/export/all.json", "").body;
    let other = Wick::without_models();
    let kind = "Content-Type: application/octet-stream\r\n";
    assert_eq!(other.post("/import", kind, &archive).status, 200);
    let mut page = other.page().await;
    page.ask(ClientMessage::Open { chat: Some(hits[0].chat), message: None }).await;
    let text = page.until(|it| match it {
        ServerMessage::Thread { messages, .. } => Some(messages[0].text.clone()),
        _ => None,
    });
    assert_eq!(split(&text.await), ("Which key?", &*written(file)));
}

#[test]
fn tokens_are_estimated_as_the_model_counts_them() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let count = |text: &str| {
        let body = json!({ "messages": [{ "role": "user", "content": text }], "max_tokens": 1 });
        let kind = "Content-Type: application/json\r\n";
        let answer = wick.post("/v1/chat/completions", kind, body.to_string().as_bytes());
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        answer["usage"]["prompt_tokens"].as_u64().unwrap() as f64
    };
    let alone = count("a") - 1.0;
    let table: String = (0..40).map(|n| format!("{n},{},town {}\n", n * 37, n % 7)).collect();
    let (prose, code) = (include_str!("../../../README.md"), include_str!("support/mod.rs"));
    for text in [prose, code, &table] {
        let text = &text[..text.floor_char_boundary(450)];
        let (real, about) = (count(text) - alone, about_tokens(text) as f64);
        assert!((about / real - 1.0).abs() < 0.25, "{about} for {real} of {text}");
    }
}
