//! The hub's part about the list of chats: titles, folders, the archive, search, what was taken
//! away.

use std::time::Duration;

use wick_protocol::{
    Chat, ChatId, FolderId, Hit, LONGEST_NAME, LONGEST_SEARCH, Place, ServerMessage,
};

use super::{Hub, Refusal, owner};

/// How long a chat or a message that was taken away can be restored.
const RESTORE_WITHIN: Duration = Duration::from_mins(1);

impl Hub {
    /// Gives a chat another title.
    pub async fn rename(&self, chat: ChatId, title: &str) -> Result<(), Refusal> {
        let title = named(title)?;
        let chat = self.save(move |db| db.rename(chat, &title)).await?;
        self.tell_chat(chat);
        Ok(())
    }

    /// Puts a chat elsewhere in the list.
    pub async fn arrange(&self, chat: ChatId, place: Place) -> Result<(), Refusal> {
        let chat = self.save(move |db| db.arrange(chat, place)).await?;
        self.tell_chat(chat);
        Ok(())
    }

    /// Takes a chat away; what is being written in it is stopped. It can be restored for a
    /// minute, unless it is temporary.
    pub async fn delete(&self, chat: ChatId) -> Result<(), Refusal> {
        self.stop_those(|_, live| live.chat == chat);
        if chat.is_temporary() {
            self.drop_temporary(chat).await;
        } else {
            self.save(move |db| db.delete(chat)).await?;
            self.purge_later();
        }
        self.tell(ServerMessage::ChatGone { chat });
        Ok(())
    }

    /// Brings a chat back that was taken away.
    pub async fn restore(&self, chat: ChatId) -> Result<(), Refusal> {
        let chat = self.save(move |db| db.restore(chat)).await?;
        self.tell_chat(chat);
        Ok(())
    }

    /// Makes a folder, or gives one another name, and puts a chat into it.
    pub async fn name_folder(
        &self,
        folder: Option<FolderId>,
        name: &str,
        chat: Option<ChatId>,
    ) -> Result<(), Refusal> {
        let name = named(name)?;
        let chat = self.save(move |db| db.name_folder(folder, &name, chat)).await?;
        self.tell_folders().await?;
        if let Some(chat) = chat {
            self.tell_chat(chat);
        }
        Ok(())
    }

    /// Takes a folder away; its chats stay.
    pub async fn delete_folder(&self, folder: FolderId) -> Result<(), Refusal> {
        let chats = self.save(move |db| db.delete_folder(folder)).await?;
        for chat in chats {
            self.tell_chat(chat);
        }
        self.tell_folders().await
    }

    /// Looks for words in all chats.
    pub async fn search(&self, text: String) -> Result<ServerMessage, Refusal> {
        let hits: Vec<Hit> = if LONGEST_SEARCH < text.len() {
            Vec::new()
        } else {
            let words = text.clone();
            self.0.store.with(move |db| db.search(&words)).await?
        };
        Ok(ServerMessage::Found { text, hits })
    }

    /// A chat is new, or something about it changed. Temporary ones are in no list.
    pub(super) fn tell_chat(&self, chat: Chat) {
        if !chat.id.is_temporary() {
            self.tell(ServerMessage::ChatChanged { chat });
        }
    }

    /// What was taken away until now is removed for good when it can't be restored any more.
    pub(super) fn purge_later(&self) {
        let hub = self.clone();
        self.0.turns.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(RESTORE_WITHIN) => {
                    let before = crate::chats::now() - RESTORE_WITHIN.as_millis() as i64;
                    // What stays is purged with the next start.
                    let gone = hub.0.store.with(move |db| db.purge(before + 1)).await;
                    for chat in gone.unwrap_or_default() {
                        hub.0.engine.forget(owner(chat)).await;
                    }
                }
                () = hub.0.closing.cancelled() => (),
            }
        });
    }

    async fn tell_folders(&self) -> Result<(), Refusal> {
        let folders = self.0.store.with(|db| db.folders()).await?;
        self.tell(ServerMessage::FoldersChanged { folders });
        Ok(())
    }
}

/// A name that a chat, a folder or a preset can have.
pub(super) fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim().replace(['\n', '\r', '\t'], " ");
    if name.is_empty() || LONGEST_NAME < name.len() {
        return Err(Refusal(format!("A name has 1 to {LONGEST_NAME} bytes")));
    }
    Ok(name)
}
