//! Lays messages out as the text that a model was trained on.
//!
//! The template comes with the model file and is not trusted: it is rendered in Rust, with a
//! limit on the steps it may take and the text it may make.

use anyhow::{Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;

use wick_protocol::thought;

use crate::engine::frame::{Role, Turn};

/// Steps that a template may take. A template that loops for ever is stopped after some 30 ms; a
/// chat of a thousand messages takes less than a tenth of it.
const FUEL: u64 = 400_000;

/// The longest prompt, in bytes.
const LONGEST_PROMPT: usize = 32 << 20;

/// Used where the file has no template.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n\
    {{ message.content }}<|im_end|>\n{% endfor %}\
    {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// How messages become a prompt for one model.
pub struct Layout {
    environment: Environment<'static>,
    /// The texts of the tokens that begin and end every text of the model.
    begin: String,
    end: String,
    /// What ends an answer when the model has no token for it.
    stop: Option<String>,
    /// Whether the template speaks of thoughts.
    has_thoughts: bool,
}

impl Layout {
    /// From the template in the model's file; `ChatML` where there is none.
    pub fn new(template: Option<String>, (begin, end): (String, String)) -> Result<Self> {
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
        Ok(Self { environment, begin, end, stop, has_thoughts })
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
            Ok(text) if text.len() + begun.len() <= LONGEST_PROMPT => Ok(join(text, begun)),
            Ok(text) => bail!("The chat template made a text of {} bytes", text.len()),
            Err(err) if err.kind() == ErrorKind::OutOfFuel => {
                bail!("The chat template in the model file took over {FUEL} steps and was stopped")
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

    #[track_caller]
    fn check(template: Option<&str>, begun: &str, expected: &str) {
        let ends = ("<s>".to_owned(), "</s>".to_owned());
        let layout = Layout::new(template.map(ToOwned::to_owned), ends).expect("it is valid");
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
        let opening = |template: &str| {
            let ends = ("<s>".to_owned(), "</s>".to_owned());
            let layout = Layout::new(Some(template.into()), ends).expect("it is valid");
            layout.opening(&[turn(Role::User, "hi")])
        };
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
            "error: The chat template in the model file took over 400000 steps and was stopped",
        );
    }
}
