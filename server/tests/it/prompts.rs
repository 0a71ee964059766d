//! Instructions, presets, and the exact prompt.

use std::fs;
use std::path::Path;

use wick_protocol::{
    AnswerState, ChatId, ClientMessage, Finish, LONGEST_INSTRUCTIONS, ModelId, Preset, Sampling,
    ServerMessage,
};

use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, state, stats, test_models};

/// What the model is told, so long that reading it would be seen.
const KEEPER: &str = "You keep a lighthouse on a rock in the sea. You are brief, and you never \
                      forget the lamp, the lens, the clockwork, the fog horn and the boat. When \
                      somebody asks for the weather, you look out of the window first. You write \
                      down every ship that passes, with its flag, its course and its cargo, and you \
                      tell of them when you are asked.";

/// Fewer tokens than that has.
const MANY: usize = 50;

/// A prompt, and what is said of it.
struct Prompt {
    text: String,
    says: String,
}

async fn prompt(page: &mut Page, text: &str) -> Prompt {
    let (chat, text) = (page.chat, text.to_owned());
    let instructions = chat.is_none().then(|| "Be brief.".to_owned());
    page.ask(ClientMessage::ShowPrompt { chat, instructions, text }).await;
    page.until(|message| match message {
        ServerMessage::Prompt { text, says } => {
            Some(Prompt { text: text.clone(), says: says.clone() })
        }
        _ => None,
    })
    .await
}

async fn instructions(page: &mut Page) -> (Option<ChatId>, String) {
    page.until(|message| match message {
        ServerMessage::InstructionsChanged { chat, text } => Some((*chat, text.clone())),
        _ => None,
    })
    .await
}

async fn presets(page: &mut Page) -> Vec<Preset> {
    page.until(|message| match message {
        ServerMessage::PresetsChanged { presets } => Some(presets.clone()),
        _ => None,
    })
    .await
}

async fn refusal(page: &mut Page, message: ClientMessage) -> String {
    page.ask(message).await;
    page.refusal().await
}

/// Chooses a model by its file.
async fn choose(page: &mut Page, file: &str) {
    page.ask(ClientMessage::ChooseModel { model: ModelId(file.into()) }).await;
    page.until(|message| match message {
        ServerMessage::ModelsChanged { models } => {
            (models.chosen.as_ref()?.0 == file).then_some(())
        }
        _ => None,
    })
    .await;
}

/// A Wick with a copy of the starter model that has this template, made as long as its own.
fn with_template(template: &str) -> Option<Wick> {
    let folder = test_models()?;
    let data = tempfile::tempdir().unwrap();
    let models = data.path().join("models");
    fs::create_dir(&models).unwrap();
    write_with_template(&folder.join(SMOL), &models.join(SMOL), template);
    Some(Wick::start(data, &["--threads", "1"]))
}

fn write_with_template(from: &Path, to: &Path, template: &str) {
    const KEY: &[u8] = b"tokenizer.chat_template";
    let mut file = fs::read(from).unwrap();
    let key = file.windows(KEY.len()).position(|it| it == KEY).unwrap();
    // Behind the key stand the kind of the value and its length.
    let at = key + KEY.len() + 4;
    let length = u64::from_le_bytes(file[at..at + 8].try_into().unwrap()) as usize;
    let room = length - template.len() - "{##}".len();
    let template = format!("{{#{}#}}{template}", " ".repeat(room));
    file[at + 8..][..length].copy_from_slice(template.as_bytes());
    fs::write(to, file).unwrap();
}

#[tokio::test]
async fn another_chat_with_the_same_instructions_does_not_read_them_again() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(3)).await;
    page.begin("What is the time?", KEEPER).await;
    let first = stats(&page.answer().await);
    assert_eq!(first.kept.all(), 0);
    page.chat = None;
    page.begin("Who passed by last night?", KEEPER).await;
    let second = stats(&page.answer().await);
    assert!(MANY < second.kept.shared && second.n_read < 30, "{second:?} after {first:?}");
    page.say("And then?").await;
    let third = stats(&page.answer().await);
    assert!(MANY < third.kept.live && third.n_read < 30, "{third:?}");
}

#[tokio::test]
async fn instructions_hold_from_the_next_answer_on_and_are_seen_on_every_page() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(3)).await;
    page.say("What is the time?").await;
    let bare = page.answer().await;
    let chat = page.chat.unwrap();
    let mut other = wick.page().await;
    other.open(chat).await;
    let text = KEEPER.to_owned();
    page.ask(ClientMessage::SetInstructions { chat, text }).await;
    for page in [&mut page, &mut other] {
        assert_eq!(instructions(page).await, (Some(chat), KEEPER.into()));
    }
    other.ask(ClientMessage::Again { message: bare.id, times: 1 }).await;
    other.until_state(AnswerState::is_live).await;
    let told = stats(&other.answer().await);
    assert!(stats(&bare).n_read + MANY < told.n_read + told.kept.all(), "{told:?} after {bare:?}");

    other.ask(ClientMessage::Fork { message: bare.id }).await;
    let fork = other
        .until(|message| match message {
            ServerMessage::Began { chat } => Some(*chat),
            _ => None,
        })
        .await;
    let wick = wick.started_again();
    let mut page = wick.page().await;
    for chat in [chat, fork] {
        page.chat = Some(chat);
        assert!(prompt(&mut page, "And now?").await.text.contains(KEEPER));
    }
    let json = String::from_utf8(wick.get(&format!("/export/{}.json", chat.0), "").body).unwrap();
    assert!(json.contains(&format!("\"instructions\": \"{KEEPER}\"")), "{json}");
}

#[tokio::test]
async fn the_exact_prompt_is_shown_and_nothing_is_loaded_for_it() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    choose(&mut page, SMOL).await;
    let nothing = prompt(&mut page, " ").await;
    assert_eq!(nothing.text, "");
    assert!(nothing.says.starts_with("Nothing is said yet"));
    let all = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello\n<|im_end|>\
               \n<|im_start|>assistant\n";
    let of_smol = prompt(&mut page, "Hello").await;
    assert_eq!(of_smol.text, all.replace("Hello\n", "Hello"));
    let says = format!(
        "SmolLM2-135M-Instruct gets these {} characters for the next answer.",
        of_smol.text.len()
    );
    assert_eq!(of_smol.says, says);
    choose(&mut page, GEMMA).await;
    let of_gemma = prompt(&mut page, "Hello").await;
    assert_eq!(of_gemma.text, format!("<bos>{}", of_smol.text), "its tokenizer begins with it");
    assert_eq!(page.engine.as_ref().unwrap().running, [], "no model has a process");
    assert_eq!(wick.engine(), None);
}

#[tokio::test]
async fn the_prompt_of_a_chat_has_all_that_was_said_and_what_an_answer_begins_with() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.begin("Write a long story about a ship.", "Be brief.").await;
    let answer = page.answer().await;
    assert_eq!(state(&answer), &AnswerState::Finished { why: Finish::Length });
    let head = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWrite a long story about a ship.<|im_end|>\n\
                <|im_start|>assistant\n";
    let next = prompt(&mut page, "").await;
    assert_eq!(next.text, format!("{head}{}", answer.text), "it goes on");
    let next = prompt(&mut page, "Two?").await;
    let tail = "<|im_end|>\n<|im_start|>user\nTwo?<|im_end|>\n<|im_start|>assistant\n";
    assert_eq!(next.text, format!("{head}{}{tail}", answer.text));
}

#[tokio::test]
async fn a_model_without_a_place_for_instructions_has_them_in_front_of_the_first_message() {
    let template = "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No') }}\
                    {% endif %}[{{ m.role }}] {{ m.content }}\n{% endfor %}[assistant] ";
    let Some(wick) = with_template(template) else { return };
    let mut page = wick.page().await;
    let shown = prompt(&mut page, "Hello").await;
    assert_eq!(shown.text, "[user] Be brief.\n\nHello\n[assistant] ");
    assert!(shown.says.contains("in front of your first message"));
    page.sample(likeliest(3)).await;
    page.begin("Hello", "Be brief.").await;
    assert_eq!(stats(&page.answer().await).n_tokens, 3);
}

#[tokio::test]
async fn a_template_that_takes_all_memory_ends_nothing_but_its_own_process() {
    let template = "{% set n = namespace(x='wick') %}{% for i in range(60) %}\
                    {% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}";
    let Some(wick) = with_template(template) else { return };
    let mut page = wick.page().await;
    for _ in 0..2 {
        let shown = prompt(&mut page, "Hello").await;
        assert_eq!(shown.text, "");
        assert!(!shown.says.is_empty());
    }
}

#[tokio::test]
async fn presets_are_on_every_page_and_set_what_they_keep() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let (mut page, mut other) = (wick.page().await, wick.page().await);
    page.sample(likeliest(3)).await;
    choose(&mut page, SMOL).await;
    let (name, instructions_of) = ("Keeper".to_owned(), KEEPER.to_owned());
    let save = ClientMessage::SavePreset { name: name.clone(), instructions: instructions_of };
    page.ask(save).await;
    let saved = presets(&mut other).await;
    assert_eq!((saved.len(), saved[0].instructions.as_str()), (1, KEEPER));
    assert_eq!(saved[0].says, "Temperature 0, SmolLM2-135M-Instruct");

    page.sample(Sampling::default()).await;
    choose(&mut page, GEMMA).await;
    page.say("Hello").await;
    let chat = page.chat;
    page.ask(ClientMessage::ChoosePreset { name: name.clone(), chat }).await;
    assert_eq!(instructions(&mut page).await, (chat, KEEPER.into()));
    let sampling = page
        .until(|message| match message {
            ServerMessage::SamplingChanged { sampling } => Some(sampling.clone()),
            _ => None,
        })
        .await;
    assert_eq!(sampling, likeliest(3));
    let chosen = page
        .until(|message| match message {
            ServerMessage::ModelsChanged { models } => models.chosen.clone(),
            _ => None,
        })
        .await;
    assert_eq!(chosen.0, SMOL);

    // `other` shows a new chat.
    page.ask(ClientMessage::DefaultPreset { name: Some(name.clone()) }).await;
    while instructions(&mut other).await != (None, KEEPER.into()) {}
    other.say("Hello").await;
    assert!(prompt(&mut other, "So?").await.text.contains(KEEPER));
    let to = "Warden".to_owned();
    page.ask(ClientMessage::RenamePreset { name: name.clone(), to: to.clone() }).await;
    let is_renamed = |it: Vec<Preset>| it[0].name == "Warden" && it[0].is_default;
    while !is_renamed(presets(&mut page).await) {}
    let gone = refusal(&mut page, ClientMessage::ChoosePreset { name, chat }).await;
    assert_eq!(gone, "It is not there any more");
    page.ask(ClientMessage::DeletePreset { name: to }).await;
    assert_eq!(presets(&mut page).await, []);
}

#[tokio::test]
async fn what_is_too_long_or_not_there_is_refused() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    let nowhere = ClientMessage::SetInstructions { chat: ChatId(9), text: "Be brief.".into() };
    assert_eq!(refusal(&mut page, nowhere).await, "It is not there any more");
    let long = "x".repeat(LONGEST_INSTRUCTIONS + 1);
    let set = ClientMessage::SetInstructions { chat: ChatId(9), text: long.clone() };
    let reason = refusal(&mut page, set).await;
    assert!(reason.starts_with("The instructions have 32769 bytes and up to 32768"), "{reason}");
    let save = ClientMessage::SavePreset { name: "Long".into(), instructions: long };
    assert_eq!(refusal(&mut page, save).await, reason);
    let nameless = ClientMessage::SavePreset { name: " ".into(), instructions: String::new() };
    assert!(refusal(&mut page, nameless).await.starts_with("A name has"));
    let shown = prompt(&mut page, "Hello").await;
    assert!(shown.says.starts_with("There is no model to answer"));
}
