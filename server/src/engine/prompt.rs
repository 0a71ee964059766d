//! Lays messages out as the text that a model was trained on.
//!
//! The template comes with the model file and is not trusted: it is rendered in Rust, with a
//! limit on the steps it may take and the text it may make, and never in the server's process.

use anyhow::{Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;

use serde::{Deserialize, Serialize};
use wick_protocol::{grouped, thought};

use super::frame::{Role, Turn};

/// Steps that a template may take. A template that loops for ever is stopped after some 30 ms; a
/// chat of a thousand messages takes less than a tenth of it.
const FUEL: u64 = 400_000;

/// The longest prompt, in bytes.
const LONGEST_PROMPT: usize = 32 << 20;

/// Used where the file has no template.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n\
    {{ message.content }}<|im_end|>\n{% endfor %}\
    {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// What a model file says about how messages are laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The chat template.
    pub template: Option<String>,
    /// The text of the token that begins every text of the model.
    pub begin: String,
    /// The text of the one that ends it.
    pub end: String,
    /// Whether the tokenizer puts the first one in front where the template does not.
    pub puts_begin: bool,
}

/// How messages become a prompt for one model.
pub struct Layout {
    environment: Environment<'static>,
    begin: String,
    end: String,
    puts_begin: bool,
    /// What ends an answer when the model has no token for it.
    stop: Option<String>,
    /// Whether the template speaks of thoughts.
    has_thoughts: bool,
    /// Whether the template has a place for what holds for the whole chat.
    has_system: bool,
}

impl Layout {
    /// From the template in the model's file; `ChatML` where there is none.
    pub fn new(wording: Wording) -> Result<Self> {
        let Wording { template, begin, end, puts_begin } = wording;
        let stop = template.is_none().then(|| "<|im_end|>".to_owned());
        let mut environment = Environment::new();
        // As the library that templates are written for sets it.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax?);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(100);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", |why: String| -> Result<Value, _> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, why))
        });
        environment.add_function("strftime_now", |_format: String| String::new());
        let template = template.unwrap_or_else(|| CHATML.to_owned());
        let has_thoughts = template.contains(thought::OPENS);
        if let Err(err) = environment.add_template_owned("chat", template) {
            bail!("The chat template in the model file can't be read: {err}");
        }
        let has_system = false;
        let mut layout =
            Self { environment, begin, end, puts_begin, stop, has_thoughts, has_system };
        layout.has_system = layout.shows_system();
        Ok(layout)
    }

    /// Whether the template has a place for what holds for the whole chat. Else it stands in front
    /// of the first message of the person.
    pub fn has_system(&self) -> bool {
        self.has_system
    }

    /// Tries it: templates without that place refuse such a message, or leave it out.
    fn shows_system(&self) -> bool {
        const ASIDE: &str = "Be brief, wick.";
        let turn = |role, text: &str| Turn { role, text: text.into() };
        let text = self.lay_out(&[turn(Role::System, ASIDE), turn(Role::User, "Hello")]);
        text.is_ok_and(|text| text.contains(ASIDE))
    }

    /// What ends an answer besides the person's own stop strings.
    pub fn stop(&self) -> Option<&str> {
        self.stop.as_deref()
    }

    /// What the template begins an answer with that belongs to it: the beginning of a thought, so that
    /// who reads the answer knows what it is.
    pub fn opening(&self, turns: &[Turn]) -> Option<String> {
        let text = self.has_thoughts.then(|| self.render(turns, "").ok())??;
        text.trim_end().ends_with(thought::OPENS).then(|| format!("{}\n", thought::OPENS))
    }

    /// The text for the model: what was said, and the beginning of the answer.
    pub fn render(&self, turns: &[Turn], begun: &str) -> Result<String> {
        let text =
            if self.has_system { self.lay_out(turns) } else { self.lay_out(&in_front(turns)) };
        match text? {
            text if text.len() + begun.len() <= LONGEST_PROMPT => Ok(join(text, begun)),
            text => bail!("The chat template made a text of {} bytes", text.len()),
        }
    }

    /// The same as the model gets it: with the token that the tokenizer puts in front.
    pub fn render_whole(&self, turns: &[Turn], begun: &str) -> Result<String> {
        let text = self.render(turns, begun)?;
        let lacks_begin = self.puts_begin && !text.starts_with(&self.begin);
        Ok(if lacks_begin { self.begin.clone() + &text } else { text })
    }

    fn lay_out(&self, turns: &[Turn]) -> Result<String> {
        let messages: Vec<Value> = turns
            .iter()
            .map(|turn| context! { role => name(turn.role), content => &turn.text })
            .collect();
        let text = self.environment.get_template("chat")?.render(context! {
            messages,
            add_generation_prompt => true,
            bos_token => &self.begin,
            eos_token => &self.end,
        });
        match text {
            Ok(text) => Ok(text),
            Err(err) if err.kind() == ErrorKind::OutOfFuel => {
                bail!(
                    "The chat template in the model file took over {} steps and was stopped",
                    grouped(FUEL)
                )
            }
            Err(err) => bail!(
                "The chat template in the model file did not take this chat: {}",
                err.detail().map_or_else(|| err.to_string(), ToOwned::to_owned)
            ),
        }
    }
}

/// Puts what is there of an answer behind the prompt, of which the template may have begun a thought.
fn join(mut text: String, begun: &str) -> String {
    if begun.starts_with(thought::OPENS)
        && let Some(before) = text.trim_end().strip_suffix(thought::OPENS)
    {
        text.truncate(before.len());
    }
    text + begun
}

/// For templates without a place for it: what holds for the whole chat stands in front of the first
/// message of the person.
fn in_front(turns: &[Turn]) -> Vec<Turn> {
    let n_system = turns.iter().take_while(|turn| turn.role == Role::System).count();
    let mut said = turns[n_system..].to_vec();
    if n_system == 0 {
        return said;
    }
    let mut texts: Vec<&str> = turns[..n_system].iter().map(|turn| turn.text.as_str()).collect();
    match turns.get(n_system).filter(|turn| turn.role == Role::User) {
        Some(first) => {
            texts.push(&first.text);
            said[0].text = texts.join("\n\n");
        }
        None => said.insert(0, Turn { role: Role::User, text: texts.join("\n\n") }),
    }
    said
}

/// As templates know who said something.
fn name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(role: Role, text: &str) -> Turn {
        Turn { role, text: text.into() }
    }

    fn layout(template: Option<&str>) -> Layout {
        let (begin, end) = ("<s>".to_owned(), "</s>".to_owned());
        let template = template.map(ToOwned::to_owned);
        Layout::new(Wording { template, begin, end, puts_begin: true }).expect("it is valid")
    }

    #[track_caller]
    fn check(template: Option<&str>, begun: &str, expected: &str) {
        let layout = layout(template);
        let turns = [turn(Role::User, "hi"), turn(Role::Assistant, "yo"), turn(Role::User, "é<")];
        let text = match layout.render(&turns, begun) {
            Ok(text) => text,
            Err(err) => format!("error: {err}"),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_file_without_a_template_gets_chatml() {
        check(
            None,
            "I be",
            "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo<|im_end|>\n\
             <|im_start|>user\né<<|im_end|>\n<|im_start|>assistant\nI be",
        );
    }

    #[test]
    fn a_template_may_begin_a_thought() {
        let template = "{% for m in messages %}{{ m.content }}|{% endfor %}{{ '<think>\\n' }}";
        check(Some(template), "", "hi|yo|é<|<think>\n");
        check(Some(template), "<think>\nWell", "hi|yo|é<|<think>\nWell");
        check(Some(template), "Well", "hi|yo|é<|<think>\nWell");
        let opening = |template| layout(Some(template)).opening(&[turn(Role::User, "hi")]);
        assert_eq!(opening(template).as_deref(), Some("<think>\n"));
        assert_eq!(opening("{{ messages[0].content }}"), None);
    }

    #[test]
    fn templates_may_use_what_python_has() {
        check(
            Some(
                "{{ bos_token }}{% for m in messages %}{{ m['content'].strip().upper() + eos_token }}{% endfor %}",
            ),
            "",
            "<s>HI</s>YO</s>É<</s>",
        );
    }

    #[test]
    fn what_holds_for_the_whole_chat_has_a_place_or_stands_in_front() {
        let all = "{% for m in messages %}{{ m.role }}: {{ m.content }}|{% endfor %}";
        let refuses = "{% if messages[0].role == 'system' %}{{ raise_exception('No') }}{% endif %}\
            {% for m in messages %}{{ m.role }}: {{ m.content }}|{% endfor %}";
        let leaves_out = "{% for m in messages if m.role != 'system' %}\
            {{ m.role }}: {{ m.content }}|{% endfor %}";
        let turns = [turn(Role::System, "Rhyme."), turn(Role::User, "hi"), turn(Role::User, "so")];
        let text = |template, turns: &[Turn]| {
            let layout = layout(Some(template));
            (layout.has_system(), layout.render(turns, "").expect("it is taken"))
        };
        let laid = |it: &str| it.to_owned();
        assert_eq!(text(all, &turns), (true, laid("system: Rhyme.|user: hi|user: so|")));
        for template in [refuses, leaves_out] {
            assert_eq!(text(template, &turns), (false, laid("user: Rhyme.\n\nhi|user: so|")));
            assert_eq!(text(template, &turns[1..]), (false, laid("user: hi|user: so|")));
            let without = [turn(Role::System, "Rhyme."), turn(Role::Assistant, "yo")];
            assert_eq!(text(template, &without), (false, laid("user: Rhyme.|assistant: yo|")));
        }
        assert!(layout(None).has_system());
    }

    #[test]
    fn the_token_in_front_is_there_once() {
        let whole = |template| {
            let text = layout(Some(template)).render_whole(&[turn(Role::User, "hi")], "I be");
            text.expect("it is taken")
        };
        assert_eq!(whole("{{ messages[0].content }}|"), "<s>hi|I be");
        assert_eq!(whole("{{ bos_token + messages[0].content }}|"), "<s>hi|I be");
    }

    #[test]
    fn a_template_that_refuses_says_why() {
        check(
            Some("{{ raise_exception('Only one message') }}"),
            "",
            "error: The chat template in the model file did not take this chat: Only one message",
        );
    }

    #[test]
    fn a_template_that_loops_is_stopped() {
        check(
            Some("{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}"),
            "",
            "error: The chat template in the model file took over 400,000 steps and was stopped",
        );
    }
}
