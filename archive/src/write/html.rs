//! Chats as one HTML file that needs nothing else: no script, no other file, no connection. Other
//! versions than the shown ones are folded below them, with what followed; deeper than a person
//! would unfold, they are left out. As in Wick's page, answers are Markdown, what a person wrote stands
//! as it was written, and what is attached to it is folded.

mod text;

use std::fmt::Write;

use wick_protocol::attached;

use super::{INSTRUCTIONS, in_one_line, name};
use crate::chat::Forks;
use crate::{Archive, Author, Chat, Message, date};
use text::{answer, escaped};

/// Versions within versions are left out from here on.
const DEEPEST: usize = 8;

pub(super) fn write(archive: &Archive) -> String {
    let title = match &*archive.chats {
        [chat] => escaped(&in_one_line(&chat.title)),
        chats => format!("{} chats", chats.len()),
    };
    let mut page =
        Page(format!(include_str!("html/head.html"), title, include_str!("html/page.css")));
    if 1 < archive.chats.len() {
        page.contents(&archive.chats);
    }
    for (at, chat) in archive.chats.iter().enumerate() {
        page.chat(at, chat);
    }
    page.add(format_args!("</body>\n</html>\n"));
    page.0
}

struct Page(String);

impl Page {
    fn add(&mut self, text: std::fmt::Arguments) {
        self.0.write_fmt(text).expect("there is memory");
    }

    fn contents(&mut self, chats: &[Chat]) {
        self.add(format_args!("<nav aria-label=\"Chats\">\n<ol>\n"));
        for (at, chat) in chats.iter().enumerate() {
            let title = escaped(&in_one_line(&chat.title));
            self.add(format_args!("<li><a href=\"#chat-{}\">{title}</a></li>\n", at + 1));
        }
        self.add(format_args!("</ol>\n</nav>\n"));
    }

    fn chat(&mut self, at: usize, chat: &Chat) {
        let title = escaped(&in_one_line(&chat.title));
        self.add(format_args!("<main id=\"chat-{}\">\n<h1 dir=\"auto\">{title}</h1>\n", at + 1));
        self.time(chat.created);
        self.instructions(&chat.instructions);
        let tree = Tree { forks: chat.forks(), versions: versions(chat), chat };
        if let Some(root) = tree.forks.root {
            self.thread(&tree, root, 0);
        }
        self.add(format_args!("</main>\n"));
    }

    fn instructions(&mut self, text: &str) {
        if !text.is_empty() {
            let text = escaped(text);
            self.add(format_args!("<article class=\"instructions\">\n<h2>{INSTRUCTIONS}</h2>\n"));
            self.add(format_args!("<div dir=\"auto\">{text}</div>\n</article>\n"));
        }
    }

    /// A message, what is shown after it, and the other versions of what is shown.
    fn thread(&mut self, tree: &Tree, from: usize, depth: usize) {
        for at in tree.forks.path(Some(from)) {
            self.message(&tree.chat.messages[at]);
            // The versions of the first one of a fold are beside it.
            if at != from || depth == 0 {
                self.other_versions(tree, at, depth + 1);
            }
        }
    }

    fn other_versions(&mut self, tree: &Tree, of: usize, depth: usize) {
        let versions = tree.versions_beside(of);
        let others = match versions.len() {
            0 | 1 => return,
            _ if DEEPEST < depth => return,
            2 => "1 other version".to_owned(),
            n_versions => format!("{} other versions", n_versions - 1),
        };
        self.add(format_args!("<details>\n<summary>{others}</summary>\n"));
        for version in versions.iter().filter(|version| **version != of) {
            self.add(format_args!("<div class=\"version\">\n"));
            self.thread(tree, *version, depth);
            self.add(format_args!("</div>\n"));
        }
        self.add(format_args!("</details>\n"));
    }

    fn message(&mut self, message: &Message) {
        let class = match message.author {
            Author::Person => "person",
            Author::Model { .. } => "model",
        };
        let name = escaped(&name(&message.author));
        self.add(format_args!("<article class=\"{class}\">\n<h2>{name}</h2>\n"));
        self.time(message.sent);
        let (text, attached) = match message.author {
            Author::Person => {
                let (said, attached) = attached::split(&message.text);
                (escaped(said), attached)
            }
            Author::Model { .. } => (answer(&message.text), ""),
        };
        if !text.is_empty() || attached.is_empty() {
            self.add(format_args!("<div dir=\"auto\">{text}</div>\n"));
        }
        for file in attached::files(attached) {
            let (name, text) = (escaped(file.name), escaped(file.text));
            if let attached::Kind::Picture(width, height) = file.kind {
                self.add(format_args!(
                    "<p><img src=\"data:image/jpeg;base64,{text}\" alt=\"{name}\" width=\"{width}\" \
                     height=\"{height}\"></p>\n"
                ));
                continue;
            }
            self.add(format_args!("<details>\n<summary>{name}</summary>\n"));
            self.add(format_args!("<div dir=\"auto\">{text}</div>\n</details>\n"));
        }
        self.add(format_args!("</article>\n"));
    }

    fn time(&mut self, time: i64) {
        if time != 0 {
            let (machine, written) = (date::machine(time), date::written(time));
            self.add(format_args!("<time datetime=\"{machine}\">{written}</time>\n"));
        }
    }
}

/// A chat, with what stands at the same place of it.
struct Tree<'a> {
    chat: &'a Chat,
    forks: Forks,
    /// The messages after each one; before all of them, the first ones.
    versions: Vec<Vec<usize>>,
}

impl Tree<'_> {
    /// The versions of a message, it among them.
    fn versions_beside(&self, message: usize) -> &[usize] {
        &self.versions[self.chat.messages[message].parent.map_or(0, |parent| parent + 1)]
    }
}

fn versions(chat: &Chat) -> Vec<Vec<usize>> {
    let mut versions = vec![Vec::new(); chat.messages.len() + 1];
    for (at, message) in chat.messages.iter().enumerate() {
        match message.parent {
            None => versions[0].push(at),
            Some(parent) if parent < at => versions[parent + 1].push(at),
            Some(_) => (),
        }
    }
    versions
}
