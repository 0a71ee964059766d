//! What is said in a chat: messages and answers, put into the tree where they belong.

use rusqlite::{Connection, params};
use wick_protocol::{AnswerState, Chat, ChatId, Finish, Message, MessageId, Stats};

use super::branches::{said_before, tree, walk};
use super::db::{Db, now};
use super::instructions::{instructions, set_instructions};
use super::rows::{BEGUN, chat_of_key, json, one_chat, one_message, parent};
use super::{DbError, list};

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Into a new chat.
    New {
        /// Whether that is never written anywhere.
        is_temporary: bool,
        /// Its instructions; `None` = those that new chats begin with.
        instructions: Option<String>,
    },
    /// Behind what is shown of this chat.
    End(ChatId),
    /// Beside this message, as another version of it.
    Beside(MessageId),
}

/// What became of a message that a person sent.
#[derive(Debug, PartialEq)]
pub enum Said {
    /// It is saved, with an answer that has no text yet.
    New(Box<NewTurn>),
    /// The same message came before.
    Before(ChatId),
}

/// An answer that is to be written.
#[derive(Debug, PartialEq)]
pub struct NewTurn {
    /// The chat, which may be new.
    pub chat: Chat,
    /// The last message that was there before; `None` when there is none on its path.
    pub after: Option<MessageId>,
    /// What the model is told before all of it.
    pub instructions: String,
    /// What was said before the answer, oldest first.
    pub before: Vec<Message>,
    /// The answer to write.
    pub answer: Message,
}

/// An answer that can be continued.
#[derive(Debug, PartialEq)]
pub struct Unfinished {
    /// The answer as it stands, marked as waiting.
    pub answer: Message,
    /// What the model is told before all that was said.
    pub instructions: String,
    /// What was said before it, oldest first.
    pub before: Vec<Message>,
}

impl Db {
    /// Saves a person's message and makes room for the answer. On the disk when this returns.
    pub fn say(&mut self, key: &str, spot: Spot, text: &str, model: &str) -> Result<Said, DbError> {
        for db in self.all() {
            if let Some(before) = chat_of_key(db, key)? {
                return Ok(Said::Before(before));
            }
        }
        self.say_new(key, spot, text, model).map(Said::New)
    }

    /// The same, of a message that is known not to have come before.
    pub(super) fn say_new(
        &mut self,
        key: &str,
        spot: Spot,
        text: &str,
        model: &str,
    ) -> Result<Box<NewTurn>, DbError> {
        let id = match spot {
            Spot::New { is_temporary: false, .. } => 0,
            Spot::New { is_temporary: true, .. } => {
                self.memory()?;
                ChatId::FIRST_TEMPORARY
            }
            Spot::End(chat) => chat.0,
            Spot::Beside(message) => message.0,
        };
        let of_new = self.instructions(None)?;
        let now = now();
        self.safely(id, |db| {
            let (chat, after) = match spot {
                Spot::New { instructions, .. } => {
                    let chat = list::begin(db, text, now)?;
                    set_instructions(db, chat, &instructions.unwrap_or(of_new))?;
                    (chat, None)
                }
                Spot::End(chat) => (chat, tree(db, chat)?.path().last().copied()),
                Spot::Beside(message) => (one_message(db, message)?.chat, parent(db, message)?),
            };
            list::touch(db, chat, now)?;
            db.execute(
                "INSERT INTO message (chat, parent, author, text, sent, key)
                 VALUES (?, ?, 'person', ?, ?, ?)",
                params![chat.0, after.map(|it| it.0), text, now, key],
            )?;
            let said = MessageId(db.last_insert_rowid());
            // It may have waited until now.
            db.execute("DELETE FROM queued WHERE key = ?", [key])?;
            new_turn(db, (chat, after), Some(said), model, now)
        })
    }

    /// Makes room for another version of an answer.
    pub fn again(&mut self, answer: MessageId, model: &str) -> Result<Box<NewTurn>, DbError> {
        let now = now();
        self.safely(answer.0, |db| {
            let chat = one_message(db, answer)?.chat;
            let after = parent(db, answer)?;
            list::touch(db, chat, now)?;
            new_turn(db, (chat, after), after, model, now)
        })
    }

    /// Makes another version of an answer, which a person wrote.
    pub fn edit_answer(&mut self, answer: MessageId, text: &str) -> Result<ChatId, DbError> {
        let now = now();
        let state = AnswerState::Finished { why: Finish::Edited };
        self.safely(answer.0, |db| {
            let chat = one_message(db, answer)?.chat;
            list::touch(db, chat, now)?;
            db.execute(
                "INSERT INTO message (chat, parent, author, model, text, state, sent)
                 SELECT chat, parent, author, model, ?2, ?3, ?4 FROM message WHERE id = ?1",
                params![answer.0, text, json(&state), now],
            )?;
            let edited = MessageId(db.last_insert_rowid());
            walk(db, chat, edited)?;
            Ok(chat)
        })
    }

    /// Adds to an answer that is being written. `at` is where, in bytes.
    pub fn append(&mut self, answer: MessageId, at: usize, text: &str) -> Result<(), DbError> {
        self.of(answer.0)
            .prepare_cached("INSERT OR REPLACE INTO piece (message, at, text) VALUES (?, ?, ?)")?
            .execute(params![answer.0, at as i64, text])?;
        Ok(())
    }

    /// An answer ended: its text is whole. On the disk when this returns. The answer to a chat
    /// that is gone is let go.
    pub fn finish(
        &mut self,
        answer: MessageId,
        text: &str,
        state: &AnswerState,
        stats: Option<&Stats>,
    ) -> Result<(), DbError> {
        self.safely(answer.0, |db| {
            db.execute("DELETE FROM piece WHERE message = ?", [answer.0])?;
            db.execute(
                "UPDATE message SET text = ?2, state = ?3, stats = ?4 WHERE id = ?1",
                params![answer.0, text, json(state), stats.map(json)],
            )?;
            Ok(())
        })
    }

    /// Marks an answer that ended early as being written again, by `model`.
    pub fn resume(&mut self, answer: MessageId, model: &str) -> Result<Unfinished, DbError> {
        let db = self.of(answer.0);
        let chat = one_message(db, answer)?.chat;
        let mut before = said_before(db, chat, answer)?;
        before.pop();
        db.execute(
            "UPDATE message SET state = ?2, stats = NULL, model = ?3 WHERE id = ?1",
            params![answer.0, json(&BEGUN), model],
        )?;
        let instructions = instructions(db, chat)?;
        Ok(Unfinished { answer: one_message(db, answer)?, instructions, before })
    }
}

/// Makes room for an answer under `parent` and shows it. `after` stays as it was.
fn new_turn(
    db: &Connection,
    (chat, after): (ChatId, Option<MessageId>),
    parent: Option<MessageId>,
    model: &str,
    now: i64,
) -> Result<Box<NewTurn>, DbError> {
    db.execute(
        "INSERT INTO message (chat, parent, author, model, text, state, sent)
         VALUES (?, ?, 'model', ?, '', ?, ?)",
        params![chat.0, parent.map(|it| it.0), model, json(&BEGUN), now],
    )?;
    let answer = MessageId(db.last_insert_rowid());
    walk(db, chat, answer)?;
    let mut before = said_before(db, chat, answer)?;
    let answer = before.pop().ok_or(DbError::Gone)?;
    let instructions = instructions(db, chat)?;
    Ok(Box::new(NewTurn { chat: one_chat(db, chat)?, after, instructions, before, answer }))
}
