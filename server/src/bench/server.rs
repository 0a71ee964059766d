//! What can be seen of a running server from outside, through OpenAI's interface.
//!
//! Requests are in HTTP 1.0, where a stream comes as it is.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hyper::Uri;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::report::median;
use super::{progress, text};

/// One answer as it came.
#[derive(Clone, Copy, Serialize)]
struct Answer {
    first_token_ms: f64,
    tokens_per_second: f64,
    n_prompt: u64,
    n_cached: u64,
}

/// The medians.
#[derive(Serialize)]
pub struct Report {
    server: String,
    runs: u32,
    new_chat: Answer,
    next_message: Answer,
}

/// Where the key is, as for other programs. On the command line other users could see it.
const KEY: &str = "OPENAI_API_KEY";

/// Asks a new chat and its next message so many times: a prompt of about so many tokens, and answers of
/// so many.
pub async fn measure(url: &str, (prompt, answer): (usize, u32), runs: u32) -> Result<Report> {
    let uri: Uri = url.parse().with_context(|| format!("{url} is no address"))?;
    let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http"));
    let authority = authority.with_context(|| format!("{url} does not begin with http://"))?;
    let address = match authority.port() {
        Some(_) => authority.to_string(),
        None => format!("{authority}:80"),
    };
    progress("warming up");
    // Journeys have other numbers each time, so that nothing is kept from the last bench.
    let number = std::process::id();
    let (few, _) = ask(&address, answer, &[text::opening(number, text::FEW)]).await?;
    let n_sentences = text::sentences(prompt, few.n_prompt as usize);
    let (mut new, mut next) = (Vec::new(), Vec::new());
    for run in 1..=runs {
        progress(&format!("run {run} of {runs}"));
        let opening = text::opening(number.wrapping_add(run), n_sentences);
        let (came, said) = ask(&address, answer, std::slice::from_ref(&opening)).await?;
        new.push(came);
        next.push(ask(&address, answer, &[opening, said, text::NEXT.to_owned()]).await?.0);
    }
    Ok(Report { server: url.to_owned(), runs, new_chat: middle(&new), next_message: middle(&next) })
}

/// Sends a chat, in which the person and the model take turns, and reads the answer.
async fn ask(address: &str, n_tokens: u32, said: &[String]) -> Result<(Answer, String)> {
    let message = |(role, content)| json!({ "role": role, "content": content });
    let messages: Vec<Value> =
        ["user", "assistant"].into_iter().cycle().zip(said).map(message).collect();
    let body = json!({
        "messages": messages, "temperature": 0, "max_tokens": n_tokens,
        "ignore_eos": true, "stream": true, "stream_options": { "include_usage": true },
    })
    .to_string();
    let asked = Instant::now();
    let mut stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("No server answers at {address}"))?;
    let head = format!(
        "POST /v1/chat/completions HTTP/1.0\r\nHost: {address}\r\n{}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        shown_key(),
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await?;
    read(stream, asked).await
}

/// The header with the key, where there is one.
fn shown_key() -> String {
    let key = std::env::var(KEY).ok().filter(|it| it.bytes().all(|byte| byte.is_ascii_graphic()));
    key.map(|it| format!("Authorization: Bearer {it}\r\n")).unwrap_or_default()
}

async fn read(stream: TcpStream, asked: Instant) -> Result<(Answer, String)> {
    let mut lines = BufReader::new(stream).lines();
    let status = lines.next_line().await?.unwrap_or_default();
    let is_well = status.split(' ').nth(1) == Some("200");
    let (mut times, mut text) = (None, String::new());
    let (mut usage, mut last) = (Value::Null, String::new());
    while let Some(line) = lines.next_line().await? {
        if let Some(data) = line.strip_prefix("data: ") {
            let piece: Value = serde_json::from_str(data).unwrap_or_default();
            let more = piece["choices"][0]["delta"]["content"].as_str().unwrap_or_default();
            if !more.is_empty() {
                text.push_str(more);
                let now = asked.elapsed();
                times = Some((times.map_or(now, |(first, _)| first), now));
            }
            if !piece["usage"].is_null() {
                usage = piece["usage"].clone();
            }
        }
        last = line;
    }
    let Some((first, end)) = times.filter(|_| is_well) else {
        bail!("The server did not answer: {status}. {last}");
    };
    Ok((answer(first, end, &usage), text))
}

fn answer(first: Duration, end: Duration, usage: &Value) -> Answer {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let n_after_first = number(&usage["completion_tokens"]).saturating_sub(1) as f64;
    Answer {
        first_token_ms: first.as_secs_f64() * 1e3,
        tokens_per_second: n_after_first / end.saturating_sub(first).as_secs_f64().max(1e-6),
        n_prompt: number(&usage["prompt_tokens"]),
        n_cached: number(&usage["prompt_tokens_details"]["cached_tokens"]),
    }
}

fn middle(answers: &[Answer]) -> Answer {
    let of = |value: fn(&Answer) -> f64| median(answers.iter().map(value));
    Answer {
        first_token_ms: of(|it| it.first_token_ms),
        tokens_per_second: of(|it| it.tokens_per_second),
        n_prompt: of(|it| it.n_prompt as f64) as u64,
        n_cached: of(|it| it.n_cached as f64) as u64,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        writeln!(to, "{}, medians of {} runs.\n", self.server, self.runs)?;
        writeln!(to, "| Message | First token | Writing | Tokens of the prompt | Kept |")?;
        writeln!(to, "| --- | ---: | ---: | ---: | ---: |")?;
        for (what, it) in [("a new chat", &self.new_chat), ("next message", &self.next_message)] {
            let Answer { first_token_ms, tokens_per_second, n_prompt, n_cached } = it;
            writeln!(
                to,
                "| {what} | {first_token_ms:.0} ms | {tokens_per_second:.1} tokens/s | {n_prompt} \
                 | {n_cached} |"
            )?;
        }
        Ok(())
    }
}
