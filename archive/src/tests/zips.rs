//! Zips with files in them.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{SAMPLES, read};
use crate::{Archive, ReadError};

/// A zip with these files.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_file_in_a_zip_is_read() {
    let zip = zip(&[
        ("conversations-000.json", SAMPLES[1]),
        ("conversations-001.JSON", SAMPLES[1]),
        ("chats/one.jsonl", SAMPLES[5]),
        ("__MACOSX/._one.jsonl", b"\0\x05\x16\x07"),
        ("chat.html", b"<html>"),
        ("user.json", br#"{"id": "made-up"}"#),
        ("attached by a person.json", b"{ no"),
    ]);
    assert_eq!(read(zip).chats.len(), 3);
}

#[test]
fn a_zip_without_chats_is_something_else() {
    assert_eq!(Archive::read(&zip(&[])), Err(ReadError::Unknown));
    assert_eq!(Archive::read(&zip(&[("a.txt", b"{}")])), Err(ReadError::Unknown));
}

#[test]
fn the_only_file_of_a_zip_is_damaged() {
    let Err(ReadError::Damaged(why)) = Archive::read(&zip(&[("chats.json", b"[{")])) else {
        panic!("it is damaged");
    };
    assert!(why.starts_with("in chats.json, "));
}

#[test]
fn half_a_zip_is_damaged() {
    let zip = zip(&[("conversations.json", SAMPLES[1])]);
    let half = Archive::read(&zip[..zip.len() / 2]);
    assert!(matches!(half, Err(ReadError::Damaged(_))));
}
