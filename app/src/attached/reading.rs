//! Files on their way into a message: read one after the other, and attached to the chat for which they
//! were chosen, whatever is shown by then.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{AbortController, File};
use wick_protocol::attached::{self, MOST_FILES, files, written};
use wick_protocol::{ChatId, LARGEST_FILE, LONGEST_MESSAGE};

use super::kind::{Kind, kind};
use super::sentences;
use crate::browser;
use crate::page::Page;
use crate::state::State;
use crate::words;

/// What the server is told of a file: it looks for itself.
const BYTES: &str = "application/octet-stream";

/// The files that are being read. Copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    page: StoredValue<Page>,
    list: RwSignal<Vec<OnItsWay>>,
    n_taken: StoredValue<i64>,
    /// Takes back what was sent to the server, by the file's number.
    asked: StoredValue<Vec<(i64, AbortController)>, LocalStorage>,
}

/// A file that is being read, or comes next.
#[derive(Clone)]
pub(super) struct OnItsWay {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) bytes: usize,
    chat: Option<ChatId>,
}

impl Reading {
    pub(super) fn new(page: Page) -> Self {
        let list = RwSignal::new(Vec::<OnItsWay>::new());
        let asked = StoredValue::new_local(Vec::new());
        let state = page.state;
        let drafts = state.drafts;
        Effect::new(move |_| {
            let open = state.open().get();
            drafts.is_reading.set(list.with(|list| list.iter().any(|it| it.chat == open)));
        });
        Self { page: StoredValue::new(page), list, n_taken: StoredValue::new(0), asked }
    }

    pub(super) fn state(self) -> State {
        self.page.with_value(|page| page.state)
    }

    /// What is being read for the open chat, in its order.
    pub(super) fn here(self) -> Vec<OnItsWay> {
        let open = self.state().open().get();
        self.list.with(|list| list.iter().filter(|it| it.chat == open).cloned().collect())
    }

    /// Reads these files and attaches what is in them.
    pub(super) fn take(self, files: Vec<File>) {
        let state = self.state();
        state.refusal.set(None);
        let n_here = state.drafts.attached.with_untracked(|it| attached::files(it).len());
        let n_here = n_here + untrack(move || self.here().len());
        let n_taken = files.len().min(MOST_FILES.saturating_sub(n_here));
        if n_taken < files.len() {
            state.refusal.set(Some(sentences::too_many(n_here + files.len())));
        }
        let chat = state.open().get_untracked();
        let files: Vec<_> = files.into_iter().take(n_taken).map(|it| (self.number(), it)).collect();
        self.list.update(|list| {
            list.extend(files.iter().map(|(number, file)| OnItsWay {
                number: *number,
                name: file.name(),
                bytes: file.size() as usize,
                chat,
            }));
        });
        spawn_local(async move {
            for (number, file) in files {
                // Somebody may have thought better of it.
                if self.is_wanted(number) {
                    let read = self.read(number, &file).await;
                    self.end(number, read);
                }
            }
        });
    }

    /// Attaches a long text that was pasted. False when there are too many files already.
    pub(super) fn take_text(self, text: &str) -> bool {
        let drafts = self.state().drafts;
        let name = drafts.attached.with_untracked(|it| {
            let (files, pasted) = (attached::files(it), words::attached::pasted());
            let n_pasted = files.iter().filter(|file| file.name.starts_with(pasted)).count();
            (files.len() < MOST_FILES).then(|| match n_pasted {
                0 => pasted.to_owned(),
                n => format!("{pasted} {}", n + 1),
            })
        });
        let text = text.replace("\r\n", "\n");
        let attach = |name: String| {
            let file = attached::File { name: &name, kind: attached::Kind::Text, text: &text };
            drafts.attach(&written(file));
        };
        name.map(attach).is_some()
    }

    /// Stops reading a file.
    pub(super) fn leave(self, number: i64) {
        self.list.update(|list| list.retain(|it| it.number != number));
        self.asked.with_value(|asked| {
            if let Some((_, asked)) = asked.iter().find(|(it, _)| *it == number) {
                asked.abort();
            }
        });
    }

    fn number(self) -> i64 {
        self.n_taken.update_value(|n| *n += 1);
        self.n_taken.get_value()
    }

    fn is_wanted(self, number: i64) -> bool {
        self.list.with_untracked(|list| list.iter().any(|it| it.number == number))
    }

    fn end(self, number: i64, read: Result<String, String>) {
        let mut ended = None;
        self.list.update(|list| {
            let idx = list.iter().position(|it| it.number == number);
            ended = idx.map(|idx| list.remove(idx));
        });
        let Some(OnItsWay { chat, .. }) = ended else { return };
        let state = self.state();
        match read {
            Ok(file) if chat == state.open().get_untracked() => state.drafts.attach(&file),
            Ok(file) => state.drafts.attach_to(chat, &file),
            Err(sentence) => state.refusal.update(|refusal| {
                let before = refusal.take().map(|it| it + " ").unwrap_or_default();
                *refusal = Some(before + &sentence);
            }),
        }
    }

    /// A file as it will stand in the message, or why it can't.
    async fn read(self, number: i64, file: &File) -> Result<String, String> {
        let (name, n_bytes) = (file.name(), file.size() as usize);
        if LARGEST_FILE < n_bytes {
            return Err(sentences::too_large(&name, n_bytes));
        }
        let bytes = browser::read(file).await.ok_or_else(|| words::attached::unreadable(&name))?;
        let file = match kind(bytes, &file.type_()) {
            Kind::Text(text) => {
                written(attached::File { name: &name, kind: attached::Kind::Text, text: &text })
            }
            Kind::Picture if let Some(says) = self.unseen(&name) => return Err(says),
            Kind::Pdf | Kind::Picture => self.ask(number, file, &name).await?,
            Kind::Other => return Err(words::attached::other(&name)),
        };
        let Some(read) = files(&file).pop() else { return Err(sentences::unread(&name, None)) };
        if read.text.trim().is_empty() {
            return Err(words::attached::empty(&name));
        }
        if LONGEST_MESSAGE < read.text.len() {
            return Err(sentences::too_long(&name, read.text.len()));
        }
        Ok(written(attached::File { name: &name, ..read }))
    }

    /// That a picture can't be seen, where the model that answers sees none.
    fn unseen(self, name: &str) -> Option<String> {
        let model = untrack(|| self.state().with_model(|it| (it.sees, it.name.clone())));
        match model {
            Some((true, _)) => None,
            model => Some(sentences::picture(name, model.map(|it| it.1).as_deref())),
        }
    }

    /// What the server reads in a file, as it could stand in a message.
    async fn ask(self, number: i64, file: &File, name: &str) -> Result<String, String> {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        self.asked.update_value(|asked| asked.extend(controller.map(|it| (number, it))));
        let answer = browser::post("/read", BYTES, file, signal.as_ref()).await;
        self.asked.update_value(|asked| asked.retain(|(it, _)| *it != number));
        match answer {
            None => Err(sentences::unread(name, None)),
            Some((false, says)) => Err(sentences::unread(name, Some(&says))),
            Some((true, file)) => Ok(file),
        }
    }
}
