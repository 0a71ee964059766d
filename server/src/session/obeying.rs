//! What a page may ask for, and who does it.

use futures_util::Sink;
use wick_protocol::{ClientMessage, ServerMessage};

use super::{Frame, Gone, Session};
use crate::hub::Refusal;

/// Why something was not done.
pub(super) enum Trouble {
    Refused(Refusal),
    Gone(Gone),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Gone> for Trouble {
    fn from(gone: Gone) -> Self {
        Self::Gone(gone)
    }
}

impl<O: Sink<Frame> + Unpin> Session<O> {
    /// Does what the page asks for. Gives what it is told of it besides the news.
    pub(super) async fn obey(
        &mut self,
        message: ClientMessage,
    ) -> Result<Option<ServerMessage>, Trouble> {
        use ClientMessage as Ask;
        match message {
            Ask::Hello { .. } => return Err(Refusal("The page said where it stands".into()).into()),
            Ask::Open { chat, message } => {
                if let Some(message) = message {
                    self.hub.walk_to(message).await?;
                }
                self.open(chat).await?;
            }
            Ask::Say { key, chat, text, is_temporary, instructions } => {
                let begins = (is_temporary, instructions);
                let chat = self.hub.say(self.id, key.clone(), chat, text, begins).await?;
                return Ok(Some(ServerMessage::Accepted { key, chat }));
            }
            Ask::Edit { key, message, text } => {
                let chat = self.hub.edit(key.clone(), message, text).await?;
                return Ok(Some(ServerMessage::Accepted { key, chat }));
            }
            Ask::Fork { message } => {
                let chat = self.hub.fork(message).await?;
                return Ok(Some(ServerMessage::Began { chat }));
            }
            Ask::Search { text } => return Ok(Some(self.hub.search(text).await?)),
            Ask::ChangeQueued { chat, key, text } => {
                self.hub.change_queued(chat, key, text).await?;
            }
            Ask::SendQueued { chat } => self.hub.send_queued(chat).await?,
            Ask::Draft { chat, text } => self.hub.draft(self.id, chat, text).await?,
            Ask::Stop { message } => self.hub.stop(message),
            Ask::AnswerNow { message } => self.hub.answer_now(message),
            Ask::Continue { message } => self.hub.go_on(message).await?,
            Ask::LoadAnyway { message } => self.hub.load_anyway(message).await?,
            Ask::Again { message, times } => self.hub.again(message, times).await?,
            Ask::Compare { message, model, sampling } => {
                self.hub.compare(message, model, sampling).await?;
            }
            Ask::Walk { message } => self.hub.walk(message).await?,
            Ask::DeleteMessage { message } => self.hub.delete_message(message).await?,
            Ask::RestoreMessage { message } => self.hub.restore_message(message).await?,
            Ask::SetInstructions { chat, text } => self.hub.set_instructions(chat, text).await?,
            Ask::ShowPrompt { chat, instructions, text } => {
                return Ok(Some(self.hub.prompt(chat, instructions, &text).await?));
            }
            Ask::ShowVersions { message } => {
                return Ok(Some(self.hub.versions(message).await?));
            }
            Ask::ShowAccess => return Ok(Some(self.hub.show_access(self.pass.device))),
            Ask::RenameDevice { device, name } => self.hub.rename_device(device, &name).await?,
            Ask::RevokeDevice { device } => self.hub.revoke_device(device).await?,
            Ask::MakeKey { name, scope, models } => {
                let key = self.hub.make_key(&name, scope, models).await?;
                return Ok(Some(ServerMessage::KeyMade { key }));
            }
            Ask::RevokeKey { key } => self.hub.revoke_key(key).await?,
            Ask::Invite { address, is_encrypted } => {
                return Ok(Some(self.hub.invite(&address, is_encrypted).await?));
            }
            Ask::CloseLan => self.hub.close_lan().await?,
            Ask::Answer { asking, is_allowed } => self.hub.answer_phone(asking, is_allowed),
            Ask::SetKeyless { is_keyless } => self.hub.set_keyless(is_keyless).await?,
            Ask::SavePreset { name, instructions } => {
                self.hub.save_preset(&name, instructions).await?;
            }
            Ask::ChoosePreset { name, chat } => self.hub.choose_preset(name, chat).await?,
            Ask::RenamePreset { name, to } => self.hub.rename_preset(name, &to).await?,
            Ask::DeletePreset { name } => self.hub.delete_preset(name).await?,
            Ask::DefaultPreset { name } => self.hub.set_default_preset(name).await?,
            Ask::Rename { chat, title } => self.hub.rename(chat, &title).await?,
            Ask::Arrange { chat, place } => self.hub.arrange(chat, place).await?,
            Ask::Delete { chat } => self.hub.delete(chat).await?,
            Ask::Restore { chat } => self.hub.restore(chat).await?,
            Ask::NameFolder { folder, name, chat } => {
                self.hub.name_folder(folder, &name, chat).await?;
            }
            Ask::DeleteFolder { folder } => self.hub.delete_folder(folder).await?,
            Ask::ChooseModel { model } => self.hub.choose_model(model).await?,
            Ask::SetSampling { sampling } => self.hub.set_sampling(sampling).await?,
            Ask::LookForModels => self.hub.look_for_models().await,
            Ask::Rest => self.hub.rest().await?,
            Ask::GetStarter => self.hub.get_starter(),
        }
        Ok(None)
    }
}
