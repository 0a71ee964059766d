//! What the makers of a model recommend for the choice of its tokens.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use serde_json::{Value, json};
use wick_protocol::{Sampling, ServerMessage};

use crate::models::choose;
use crate::support::{Page, SMOL, Wick, stats, test_models};

const CALM: &str = "calm.gguf";

/// The starter model with a recommendation: temperature 0, top-k 20.
fn calm(folder: &Path) {
    let mut from = File::open(test_models().unwrap().join(SMOL)).unwrap();
    let mut head = [0; 24];
    from.read_exact(&mut head).unwrap();
    let n_keys = u64::from_le_bytes(head[16..].try_into().unwrap());
    head[16..].copy_from_slice(&(n_keys + 3).to_le_bytes());
    let mut more = Vec::new();
    let mut put = |key: &str, kind: u32, value: &[u8]| {
        more.extend((key.len() as u64).to_le_bytes());
        more.extend(key.as_bytes());
        more.extend(kind.to_le_bytes());
        more.extend(value);
    };
    put("general.sampling.temp", 6, &0f32.to_le_bytes());
    put("general.sampling.top_k", 5, &20i32.to_le_bytes());
    // What follows begins at a multiple of 32, as before.
    put("general.room", 8, &[]);
    let n_room = (more.len() + 8).next_multiple_of(32) - more.len() - 8;
    more.extend((n_room as u64).to_le_bytes());
    more.extend(vec![b' '; n_room]);
    let mut to = File::create(folder.join(CALM)).unwrap();
    to.write_all(&head).unwrap();
    to.write_all(&more).unwrap();
    std::io::copy(&mut from, &mut to).unwrap();
}

/// What is set from now on.
async fn changed(page: &mut Page) -> Sampling {
    page.until(|it| match it {
        ServerMessage::SamplingChanged { sampling } => Some(sampling.clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn what_nobody_set_is_as_the_model_recommends() {
    let Some(models) = test_models() else { return };
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("models");
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(models.join(SMOL), folder.join(SMOL)).unwrap();
    calm(&folder);
    let wick = Wick::start(data, &["--threads", "1"]);
    let mut page = wick.page().await;
    choose(&mut page, SMOL).await;
    page.sample(Sampling { max_tokens: Some(8), ..Sampling::default() }).await;
    choose(&mut page, CALM).await;
    let calm = Sampling { temperature: 0.0, top_k: 20, max_tokens: Some(8), ..Sampling::default() };
    assert_eq!(changed(&mut page).await, calm);
    page.say("Hello").await;
    let how = stats(&page.answer().await).how.unwrap();
    assert_eq!((how.temperature, how.top_k), (0.0, 20));
    // What is set is kept, whatever another model recommends, and after a restart.
    page.sample(Sampling { temperature: 0.3, ..calm }).await;
    let wick = wick.started_again();
    let mut page = wick.page().await;
    choose(&mut page, SMOL).await;
    let expected = Sampling { temperature: 0.3, max_tokens: Some(8), ..Sampling::default() };
    assert_eq!(changed(&mut page).await, expected);
    // Programs that leave it out get what the model recommends: the likeliest token.
    let asked = json!({
        "model": CALM, "max_tokens": 12, "messages": [{ "role": "user", "content": "A number?" }],
    });
    let ask = || {
        let headers = "Content-Type: application/json\r\n";
        let body = wick.post("/v1/chat/completions", headers, asked.to_string().as_bytes()).body;
        let said: Value = serde_json::from_slice(&body).unwrap();
        said["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(ask(), ask());
}
