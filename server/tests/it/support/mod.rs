//! A running Wick, and a page that talks to it.

pub mod network;
mod page;
mod read;
mod response;
pub mod signed;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use wick_protocol::{
    AnswerState, Author, ClientMessage, Message, Reached, Sampling, ServerMessage, Stats,
};

pub use page::{Page, Socket};
pub use response::Response;
pub use signed::Signed;

/// Nothing in a test takes so long unless it hangs.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The starter model's file name.
pub const SMOL: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// The file name of the model with a sliding window and no chat template.
pub const GEMMA: &str = "gemma-3-270m-q4_k_m.gguf";

/// The folder with the models; `None`, said aloud, when there is none.
pub fn test_models() -> Option<PathBuf> {
    let folder = std::env::var_os("WICK_TEST_MODELS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: WICK_TEST_MODELS is not set");
    }
    folder
}

/// A Wick of its own: data folder, port, engine.
pub struct Wick {
    process: Process,
    pub port: u16,
    pub data: TempDir,
    /// When its process was.
    pub started: Instant,
    /// The browser that the requests come from; `None` where nobody has to sign in.
    pub signed: Option<Signed>,
}

/// Ends with the test, whatever becomes of it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Prepares a command that keeps everything in `data` and opens no browser.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wick"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WICK_") {
            command.env_remove(name);
        }
    }
    command.args(["--no-open", "--port", "0", "--data-dir"]).arg(data);
    // What the model is asked besides would be in the way of what is watched.
    command.env("WICK_TITLES", "beginning");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

impl Wick {
    /// Starts one without a model.
    pub fn without_models() -> Wick {
        Self::start(tempfile::tempdir().unwrap(), &[])
    }

    /// Starts one that knows these model files of the test folder, and was used before; `None` when
    /// there is none. It computes with one thread: tests run side by side, and threads of llama.cpp
    /// that wait for each other beside other work are many times slower than one.
    pub fn with(models: &[&str], args: &[&str]) -> Option<Wick> {
        let data = knowing(models)?;
        read::give(data.path());
        Some(Self::start(data, &on_one_thread(args)))
    }

    /// The same where no model has read anything yet.
    pub fn unread(models: &[&str], args: &[&str]) -> Option<Wick> {
        Self::computing(models, &on_one_thread(args))
    }

    /// Starts one where no model has read anything yet, and that computes as it likes.
    pub fn computing(models: &[&str], args: &[&str]) -> Option<Wick> {
        Some(Self::start(knowing(models)?, args))
    }

    /// Starts one on a data folder, and signs a browser in.
    pub fn start(data: TempDir, args: &[&str]) -> Wick {
        let mut wick = Self::start_for(data, args, None);
        wick.signed = Signed::new(wick.data.path(), wick.port);
        wick
    }

    /// Starts one for a browser that was signed in before.
    fn start_for(data: TempDir, args: &[&str], signed: Option<Signed>) -> Wick {
        let started = Instant::now();
        let mut process = Process(command(data.path()).args(args).spawn().unwrap());
        let port = port(&mut process.0);
        Wick { process, port, data, started, signed }
    }

    /// The header lines of a browser that is signed in.
    pub fn shown(&self) -> String {
        let lines = |it: &Signed| it.cookie_line(self.port) + &it.secret_line();
        self.signed.as_ref().map(lines).unwrap_or_default()
    }

    /// Ends it as `kill -9` does, waits until its engine has ended too, and starts another one on
    /// the same data.
    pub fn killed_and_started_again(self) -> Wick {
        let engines = self.engines();
        let Wick { process, data, signed, .. } = self;
        drop(process);
        engines.into_iter().for_each(until_gone);
        Self::start_for(data, &["--threads", "1"], signed)
    }

    /// Asks it to end, waits, and starts another one on the same data.
    pub fn started_again(mut self) -> Wick {
        signal(self.id(), "TERM");
        assert!(self.process.0.wait().unwrap().success());
        Self::start_for(self.data, &["--threads", "1"], self.signed)
    }

    /// Asks it to end, waits, and leaves its data.
    pub fn ended(mut self) -> TempDir {
        signal(self.id(), "TERM");
        assert!(self.process.0.wait().unwrap().success());
        self.data
    }

    /// Where what was read is parked.
    pub fn parked(&self) -> Vec<PathBuf> {
        read::files(self.data.path())
    }

    /// The server's process.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// Asks it to end, and waits.
    pub fn end(mut self) -> ExitStatus {
        signal(self.id(), "TERM");
        self.process.0.wait().unwrap()
    }

    /// The engine process that was started last, when there is one.
    pub fn engine(&self) -> Option<u32> {
        self.engines().pop()
    }

    /// The engine processes, in the order in which they were started.
    pub fn engines(&self) -> Vec<u32> {
        // Each thread has children of its own.
        let of_threads: String = fs::read_dir(format!("/proc/{}/task", self.id()))
            .unwrap()
            .filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok())
            .collect();
        let mut engines: Vec<u32> =
            of_threads.split_whitespace().map(|it| it.parse().unwrap()).collect();
        engines.sort_unstable_by_key(|&it| started(it));
        engines
    }

    /// Bytes of the engine process in memory.
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.engine().unwrap()));
        let status = status.unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        resident.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Sends a request as it is and reads the whole response.
    pub fn request(&self, head: &str) -> Response {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        Response::read(stream)
    }

    /// Posts this to a path as the page does, with these header lines besides.
    pub fn post(&self, path: &str, headers: &str, body: &[u8]) -> Response {
        Response::read(self.posted(path, headers, body))
    }

    /// The same, with no part of the response read.
    pub fn posted(&self, path: &str, headers: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (port, length, shown) = (self.port, body.len(), self.shown());
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{shown}{headers}\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        stream
    }

    /// Gets a path as the page does, with these header lines besides.
    pub fn get(&self, path: &str, headers: &str) -> Response {
        let (port, shown) = (self.port, self.shown());
        self.request(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{shown}{headers}\r\n"
        ))
    }

    /// Opens a page.
    pub async fn page(&self) -> Page {
        self.page_of(self.signed.as_ref()).await
    }

    /// Opens a page in this browser.
    pub async fn page_of(&self, browser: Option<&Signed>) -> Page {
        let mut page = Page::new(self.connect_as(browser).await.unwrap());
        page.ask(ClientMessage::Hello { seen: None, chat: None, reached: None }).await;
        page.until(|message| matches!(message, ServerMessage::Thread { .. }).then_some(())).await;
        page
    }

    /// Connects a page again that lost its connection, and says where it stands. What it missed
    /// comes next.
    pub async fn back(&self, lost: Page) -> Page {
        let mut page = lost.over(self.connect().await);
        let reached = page.shown.as_ref();
        let reached = reached.map(|it| Reached { message: it.id, at: it.text.len() });
        page.ask(ClientMessage::Hello { seen: page.seen, chat: page.chat, reached }).await;
        page
    }

    /// Opens a WebSocket on which nothing is said yet.
    pub async fn connect(&self) -> Socket {
        self.connect_as(self.signed.as_ref()).await.unwrap()
    }

    /// The same in this browser.
    pub async fn connect_as(
        &self,
        browser: Option<&Signed>,
    ) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
        let mut request = format!("ws://127.0.0.1:{}/ws", self.port).into_client_request().unwrap();
        let origin = format!("http://localhost:{}", self.port);
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        request.headers_mut().insert("Origin", value(&origin));
        if let Some(Signed { cookie, secret }) = browser {
            let cookie = format!("wick-{}={cookie}", self.port);
            request.headers_mut().insert("Cookie", value(&cookie));
            let protocols = format!("wick, {secret}");
            request.headers_mut().insert("Sec-WebSocket-Protocol", value(&protocols));
        }
        Ok(connect_async(request).await?.0)
    }
}

/// These arguments, and that one thread computes.
fn on_one_thread<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["--threads", "1"], args].concat()
}

/// A data folder with these model files of the test folder; `None` when there is none.
fn knowing(models: &[&str]) -> Option<TempDir> {
    let folder = test_models()?;
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join("models")).unwrap();
    for model in models {
        let link = data.path().join("models").join(model);
        std::os::unix::fs::symlink(folder.join(model), link).unwrap();
    }
    Some(data)
}

/// When a process was started, in the system's own time; 0 when it is gone.
fn started(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Behind the name, the state is field 3 and the start field 22.
    let field = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19));
    field.and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Waits until a process that is no child of ours has ended.
pub fn until_gone(process: u32) {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};
    let pid = Pid::from_raw(process as i32).unwrap();
    // Without a process there is nothing to wait for.
    let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else { return };
    let timeout = PATIENCE.try_into().unwrap();
    let ended = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&timeout));
    assert_eq!(ended.unwrap(), 1, "the engine did not end");
}

/// Sends a signal by its name.
pub fn signal(process: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(status.unwrap().success());
}

fn port(process: &mut Child) -> u16 {
    let output = process.stdout.take().unwrap();
    let address = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| Some(line.strip_prefix("Wick is at http://localhost:")?.to_owned()));
    address.expect("it ended before it said its address").parse().unwrap()
}

/// How far an answer is.
pub fn state(answer: &Message) -> &AnswerState {
    match &answer.author {
        Author::Model { state, .. } => state,
        Author::Person => panic!("a person said this"),
    }
}

/// What an answer took.
pub fn stats(answer: &Message) -> Stats {
    match &answer.author {
        Author::Model { stats, .. } => stats.expect("it has ended by itself"),
        Author::Person => panic!("a person said this"),
    }
}

/// Always the likeliest token, and no more than this many.
pub fn likeliest(max_tokens: u32) -> Sampling {
    Sampling { temperature: 0.0, max_tokens: Some(max_tokens), ..Sampling::default() }
}

/// What a process that was started writes into a file.
pub fn until_written(file: &Path) -> String {
    let until = Instant::now() + PATIENCE;
    loop {
        let written = fs::read_to_string(file).unwrap_or_default();
        if written.ends_with('\n') {
            return written;
        }
        assert!(Instant::now() < until, "nothing was written");
        std::thread::yield_now();
    }
}
