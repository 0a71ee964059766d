//! The hub's part about the tree of a chat: other versions, walking between them, taking messages
//! away.

use wick_protocol::{
    Author, Chat, ChatId, MOST_VERSIONS, MessageId, ModelId, Sampling, ServerMessage,
};

use super::answers::{Text, name, shown};
use super::models::Chosen;
use super::news::News;
use super::{Hub, Refusal};
use crate::chats::{Said, Spot};

impl Hub {
    /// Writes so many other versions of an answer at once. The last of them is shown.
    pub async fn again(&self, answer: MessageId, times: u32) -> Result<(), Refusal> {
        let chat = self.chat_of_answer(answer).await?;
        if !(1..=MOST_VERSIONS).contains(&times) {
            return Err(too_many());
        }
        let _one_at_a_time = self.0.asking.lock().await;
        self.quiet(chat).await;
        for _ in 0..times {
            let model = match self.chosen_model().await {
                Err(Chosen::None(reason)) => return Err(Refusal(reason)),
                model => model,
            };
            let name = name(&model).to_owned();
            let turn = self.save(move |db| db.again(answer, &name)).await?;
            self.begin_turn(*turn, model);
        }
        Ok(())
    }

    /// Writes one more version of an answer beside it, with this model and this sampling. What is being
    /// written goes on.
    pub async fn compare(
        &self,
        answer: MessageId,
        model: ModelId,
        sampling: Sampling,
    ) -> Result<(), Refusal> {
        sampling.check().map_err(|err| Refusal(err.to_string()))?;
        let chat = self.chat_of_answer(answer).await?;
        self.find_model(&model)?;
        let _one_at_a_time = self.0.asking.lock().await;
        if MOST_VERSIONS as usize <= self.n_written(chat) {
            return Err(too_many());
        }
        let model = self.usable_model(model).await;
        let name = name(&model).to_owned();
        let turn = self.save(move |db| db.again(answer, &name)).await?;
        self.begin_turn_with(*turn, model, sampling);
        Ok(())
    }

    /// Makes another version of a message; one of a person is answered. Gives the chat.
    pub async fn edit(
        &self,
        key: String,
        message: MessageId,
        text: String,
    ) -> Result<ChatId, Refusal> {
        let text = Text::new(text)?;
        let saved = self.0.store.with(move |db| db.message(message)).await?;
        let chat = saved.chat;
        if saved.author != Author::Person {
            self.quiet(chat).await;
            self.save(move |db| db.edit_answer(message, text.as_str())).await?;
            self.tell_changed(chat).await?;
            return Ok(chat);
        }
        let model = match self.chosen_model().await {
            Err(Chosen::None(reason)) => return Err(Refusal(reason)),
            model => model,
        };
        let _one_at_a_time = self.0.asking.lock().await;
        self.quiet(chat).await;
        let name = name(&model).to_owned();
        let edit = move |db: &mut crate::chats::Db| {
            db.say(&key, Spot::Beside(message), text.as_str(), &name)
        };
        if let Said::New(turn) = self.save(edit).await? {
            self.begin_turn(*turn, model);
        }
        Ok(chat)
    }

    /// All versions of a message, with those that are being written as far as they are.
    pub async fn versions(&self, message: MessageId) -> Result<ServerMessage, Refusal> {
        // In this order: one that ends in between is then in both.
        let live = self.lock(&self.0.live).clone();
        let mut messages = self.0.store.with(move |db| db.versions(message)).await?;
        for message in &mut messages {
            if let Some(live) = live.get(&message.id) {
                *message = shown(live.answer.borrow().clone(), message.chat);
            }
        }
        Ok(ServerMessage::Versions { messages })
    }

    /// Shows this version of a message and what followed it last.
    pub async fn walk(&self, message: MessageId) -> Result<(), Refusal> {
        let chat = self.save(move |db| db.walk(message)).await?;
        self.news(News::Thread(chat, None));
        Ok(())
    }

    /// Takes a message away with all that follows it. It can be restored for a minute.
    pub async fn delete_message(&self, message: MessageId) -> Result<(), Refusal> {
        let saved = self.0.store.with(move |db| db.message(message)).await?;
        let _one_at_a_time = self.0.asking.lock().await;
        let delete = move |db: &mut crate::chats::Db| db.delete_message(message);
        let gone = self.save(delete).await?;
        self.end_those(|id, _| gone.contains(&id)).await;
        self.news(News::Thread(saved.chat, None));
        self.purge_later();
        Ok(())
    }

    /// Brings back a message that was taken away, with what followed it.
    pub async fn restore_message(&self, message: MessageId) -> Result<(), Refusal> {
        let chat = self.save(move |db| db.restore_message(message)).await?;
        self.news(News::Thread(chat, None));
        Ok(())
    }

    /// Begins another chat with what was said up to this message.
    pub async fn fork(&self, message: MessageId) -> Result<ChatId, Refusal> {
        let chat = self.save(move |db| db.fork(message)).await?;
        let id = chat.id;
        self.tell_chat(chat);
        Ok(id)
    }

    /// The chat of a message that is an answer.
    async fn chat_of_answer(&self, answer: MessageId) -> Result<ChatId, Refusal> {
        let saved = self.0.store.with(move |db| db.message(answer)).await?;
        match saved.author {
            Author::Model { .. } => Ok(saved.chat),
            Author::Person => Err(Refusal("Only an answer can be written again".into())),
        }
    }

    async fn tell_changed(&self, chat: ChatId) -> Result<(), Refusal> {
        let chat: Chat = self.0.store.with(move |db| db.chat(chat)).await?;
        self.news(News::Thread(chat.id, None));
        self.tell_chat(chat);
        Ok(())
    }
}

fn too_many() -> Refusal {
    Refusal(format!("1 to {MOST_VERSIONS} versions can be written at once"))
}
