//! What the starter model has read before a first message: the words that every chat of its template
//! begins with. Whoever used Wick once has it on the disk; so do the tests, and no engine has to read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::{SMOL, Wick};

/// A file that it is parked in.
struct Parked {
    /// Where, from the data folder on.
    path: PathBuf,
    bytes: Vec<u8>,
}

static READ: LazyLock<Vec<Parked>> = LazyLock::new(|| {
    let wick = Wick::unread(&[SMOL], &[]).expect("the models are there");
    let asked = serde_json::json!({
        "model": "SmolLM2-135M-Instruct", "max_tokens": 1,
        "messages": [{ "role": "user", "content": "Well?" }],
    });
    let kind = "Content-Type: application/json\r\n";
    let response = wick.post("/v1/chat/completions", kind, asked.to_string().as_bytes());
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    let data = wick.ended();
    let files = files(data.path()).into_iter();
    let read: Vec<Parked> = files
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            Parked { path: path.strip_prefix(data.path()).unwrap().to_owned(), bytes }
        })
        .collect();
    assert!(!read.is_empty(), "nothing was parked");
    read
});

/// Puts it into a data folder.
pub fn give(data: &Path) {
    for Parked { path, bytes } in &*READ {
        let path = data.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The files below a data folder in which what was read is parked.
pub fn files(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data.join("parked")).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
    let files = files.map(|file| file.path());
    files.filter(|path| path.extension().is_some_and(|it| it == "parked")).collect()
}
