//! A message's Markdown as HTML. Nothing that a text says becomes anything but text, lists, tables,
//! code and links to the web: HTML in it is shown as it was written, images are not loaded.

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

/// Quotes and lists deeper than this are shown as if they were this deep.
const DEEPEST: usize = 24;

/// In characters.
const LONGEST_ADDRESS: usize = 200;

/// Text in which no character means anything to HTML, in an attribute or elsewhere.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            character => out.push(character),
        }
    }
    out
}

/// An answer as HTML: what the model thought before it is folded.
pub(super) fn answer(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(thoughts) = rest.trim_start().strip_prefix("<think>")
        && let Some((thoughts, after)) = thoughts.split_once("</think>")
    {
        out.push_str("<details>\n<summary>Thoughts</summary>\n");
        out.push_str(&markdown(thoughts));
        out.push_str("</details>\n");
        rest = after;
    }
    out + &markdown(rest)
}

fn markdown(text: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut plain = Plain::default();
    let events = Parser::new_ext(text, options).filter_map(|event| plain.event(event));
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// Replaces what is not to be in the file.
#[derive(Default)]
struct Plain<'a> {
    /// Where the links that are open lead, if they are none any more.
    refused: Vec<Option<CowStr<'a>>>,
    /// How many quotes, lists and their items are open.
    depth: usize,
}

impl<'a> Plain<'a> {
    fn event(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        Some(match event {
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            Event::Start(tag) => return self.start(tag),
            Event::End(tag) => return self.end(tag),
            other => other,
        })
    }

    fn start(&mut self, tag: Tag<'a>) -> Option<Event<'a>> {
        Some(Event::Start(match tag {
            Tag::HtmlBlock => Tag::Paragraph,
            Tag::Heading { level, .. } => {
                let (id, classes, attrs) = (None, Vec::new(), Vec::new());
                Tag::Heading { level: below_the_author(level), id, classes, attrs }
            }
            Tag::Image { dest_url, .. } => {
                let address = shortened(&dest_url);
                let image = format!("<span class=\"image\">[image from {address}] ");
                return Some(Event::InlineHtml(image.into()));
            }
            Tag::Link { link_type, dest_url, .. } if !is_to_the_web(link_type, &dest_url) => {
                self.refused.push(Some(dest_url));
                return None;
            }
            Tag::Link { .. } => {
                self.refused.push(None);
                tag
            }
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item => {
                self.depth += 1;
                if DEEPEST < self.depth {
                    return None;
                }
                tag
            }
            tag => tag,
        }))
    }

    fn end(&mut self, tag: TagEnd) -> Option<Event<'a>> {
        Some(match tag {
            TagEnd::HtmlBlock => Event::End(TagEnd::Paragraph),
            TagEnd::Heading(level) => Event::End(TagEnd::Heading(below_the_author(level))),
            TagEnd::Image => Event::InlineHtml("</span>".into()),
            TagEnd::Link => match self.refused.pop().flatten() {
                None => Event::End(tag),
                Some(address) => {
                    let address = shortened(&address);
                    let address = format!(" <span class=\"address\">({address})</span>");
                    Event::InlineHtml(address.into())
                }
            },
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.depth -= 1;
                if DEEPEST <= self.depth {
                    return None;
                }
                Event::End(tag)
            }
            tag => Event::End(tag),
        })
    }
}

/// An address as text. One that holds all of a picture is of no use to a person.
fn shortened(address: &str) -> String {
    match address.char_indices().nth(LONGEST_ADDRESS) {
        Some((end, _)) => escaped(&address[..end]) + "…",
        None => escaped(address),
    }
}

/// The chat is a heading of the first level, an author one of the second.
fn below_the_author(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// Whether a link can be followed from a file on anybody's computer without doing anything else.
fn is_to_the_web(kind: LinkType, address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    kind == LinkType::Email
        || ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}
