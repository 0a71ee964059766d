//! The hub's part about chats that leave and enter Wick.

use wick_archive::{Archive, Format};
use wick_protocol::{ChatId, ServerMessage};

use super::{Hub, Refusal};

impl Hub {
    /// One chat, or all that are listed, as a file. One chat at a time, so that others are served
    /// between them.
    pub async fn pack(&self, chat: Option<ChatId>, format: Format) -> Result<String, Refusal> {
        let ids = match chat {
            Some(chat) => vec![chat],
            None => {
                let chats = self.0.store.with(|db| db.chats()).await?;
                chats.into_iter().map(|it| it.id).collect()
            }
        };
        let mut chats = Vec::with_capacity(ids.len());
        for id in ids {
            chats.push(self.0.store.with(move |db| db.pack(id)).await?);
        }
        let write = move || Archive { chats }.write(format);
        tokio::task::spawn_blocking(write).await.map_err(|err| Refusal(err.to_string()))
    }

    /// Takes all chats out of a file, of Wick or of another program, and says how many.
    pub async fn unpack(&self, file: Vec<u8>) -> Result<usize, Refusal> {
        let read = tokio::task::spawn_blocking(move || Archive::read(&file)).await;
        let archive = read.map_err(|err| Refusal(err.to_string()))?;
        let chats = archive.map_err(|err| Refusal(err.to_string()))?.chats;
        let n_chats = chats.len();
        for chat in chats {
            let chat = self.save(move |db| db.unpack(&chat)).await?;
            self.tell_chat(chat);
        }
        let folders = self.0.store.with(|db| db.folders()).await?;
        self.tell(ServerMessage::FoldersChanged { folders });
        Ok(n_chats)
    }
}
