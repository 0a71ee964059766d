//! The hub's part about what waits: messages until an answer has ended, drafts until they are sent.

use wick_protocol::{ChatId, LONGEST_DRAFT};

use super::answers::{Text, name};
use super::models::Chosen;
use super::news::{News, SessionId};
use super::{Hub, Refusal};

impl Hub {
    /// Keeps a message until the answer that is being written in its chat has ended.
    pub(super) async fn queue(&self, key: String, chat: ChatId, text: Text) -> Result<(), Refusal> {
        let is_queued = self.save(move |db| db.queue(&key, chat, text.as_str())).await?;
        if !is_queued {
            return Err(Refusal("Many messages wait here already. Take one back first".into()));
        }
        self.news(News::Queue(chat));
        Ok(())
    }

    /// Changes a message that waits; `None` takes it back.
    pub async fn change_queued(
        &self,
        chat: ChatId,
        key: String,
        text: Option<String>,
    ) -> Result<(), Refusal> {
        let text = text.map(Text::new).transpose()?;
        let change = move |db: &mut crate::chats::Db| {
            db.change_queued(chat, &key, text.as_ref().map(Text::as_str))
        };
        self.save(change).await.map_err(|_| Refusal("That message was sent already".into()))?;
        self.news(News::Queue(chat));
        Ok(())
    }

    /// Says the message that waits first, unless an answer is being written.
    pub async fn send_queued(&self, chat: ChatId) -> Result<(), Refusal> {
        let _one_at_a_time = self.0.asking.lock().await;
        if self.is_writing(chat) {
            return Ok(());
        }
        let model = match self.chosen_model().await {
            Err(Chosen::None(reason)) => return Err(Refusal(reason)),
            model => model,
        };
        let name = name(&model).to_owned();
        if let Some(turn) = self.save(move |db| db.say_queued(chat, &name)).await? {
            self.news(News::Queue(chat));
            self.begin_turn(*turn, model);
        }
        Ok(())
    }

    /// Keeps what is written and not sent, and shows it to all other pages.
    pub async fn draft(
        &self,
        from: SessionId,
        chat: Option<ChatId>,
        text: String,
    ) -> Result<(), Refusal> {
        if LONGEST_DRAFT < text.len() {
            return Ok(());
        }
        // A chat that is gone has no draft, and what can't be saved is still on the page.
        if self.0.store.with(move |db| db.set_draft(chat, &text)).await.is_ok() {
            self.news(News::Draft(from, chat));
        }
        Ok(())
    }
}
