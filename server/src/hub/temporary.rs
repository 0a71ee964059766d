//! The hub's part about temporary chats: they are gone when no page shows them any more.

use std::time::Duration;

use wick_protocol::ChatId;

use super::{Hub, owner};

/// How long a temporary chat waits for its page: a lost connection or a reload is no farewell.
const WAITS_FOR_PAGE: Duration = Duration::from_mins(1);

/// As long as it is there, a page shows the chat.
pub struct Showing {
    hub: Hub,
    chat: ChatId,
}

impl Hub {
    /// Keeps a temporary chat from going while a page shows it. Others need no keeping.
    pub fn showing(&self, chat: ChatId) -> Option<Showing> {
        if !chat.is_temporary() {
            return None;
        }
        *self.lock(&self.0.shown).entry(chat).or_default() += 1;
        Some(Showing { hub: self.clone(), chat })
    }

    async fn drop_unshown(&self, chat: ChatId) {
        tokio::select! {
            () = tokio::time::sleep(WAITS_FOR_PAGE) => (),
            () = self.0.closing.cancelled() => return,
        }
        if !self.lock(&self.0.shown).contains_key(&chat) {
            self.drop_temporary(chat).await;
        }
    }

    /// Removes a temporary chat for good.
    pub(super) async fn drop_temporary(&self, chat: ChatId) {
        self.quiet(chat).await;
        // One that is gone already needs no removing.
        let _ = self.0.store.with(move |db| db.drop_chat(chat)).await;
        self.0.engine.forget(owner(chat)).await;
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        let chat = self.chat;
        let mut shown = self.hub.lock(&self.hub.0.shown);
        if let Some(n_pages) = shown.get_mut(&chat) {
            *n_pages -= 1;
            if *n_pages == 0 {
                shown.remove(&chat);
                let hub = self.hub.clone();
                self.hub.0.turns.spawn(async move { hub.drop_unshown(chat).await });
            }
        }
    }
}
