//! Chats as HTML: nothing that anybody said becomes a part of the page.

use wick_protocol::attached::{File, Kind, joined, written};

use super::{chat, model, person};
use crate::{Archive, Chat, Format, Message};

fn html(text: &str) -> String {
    Archive { chats: vec![chat("Title", vec![model(None, text)])] }.write(Format::Html)
}

#[track_caller]
fn says(text: &str, expected: &str) {
    let page = html(text);
    assert!(page.contains(expected), "{expected} is not in {page}");
}

#[test]
fn the_page_needs_nothing_else() {
    let page = html("Hello");
    assert!(
        page.contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"")
    );
    assert!(page.contains("prefers-color-scheme: dark"));
    for outside in ["<script", "<link", "<img", "@import", "url(", "src="] {
        assert!(!page.contains(outside), "{outside} is in {page}");
    }
}

#[test]
fn markdown_is_rendered() {
    says("**Hello**", "<strong>Hello</strong>");
    says("# One\n## Two", "<h3>One</h3>\n<h4>Two</h4>");
    says("|a|\n|-|\n|b|", "<td>b</td>");
    says("~~no~~", "<del>no</del>");
    says("- [x] done", "type=\"checkbox\" checked=\"\"");
    says("`<b>`", "<code>&lt;b&gt;</code>");
}

#[test]
fn html_is_text() {
    says("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
    says("a <img src=x onerror=alert(1)> b", "a &lt;img src=x onerror=alert(1)&gt; b");
    says("<div onclick='a()'>\n\n**b**\n\n</div>", "&lt;div onclick='a()'&gt;");
    says("```\"><script>\n</code></pre><script>\n```", "&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;");
    says("</article></main></body>", "&lt;/article&gt;&lt;/main&gt;&lt;/body&gt;");
}

#[test]
fn only_links_to_the_web_are_links() {
    says(
        "[a](https://example.org/?a=1&b=\"2\")",
        "href=\"https://example.org/?a=1&amp;b=%222%22\"",
    );
    says("<a@example.org>", "href=\"mailto:a@example.org\"");
    says("[a](javascript:alert(1))", "a <span class=\"address\">(javascript:alert(1))</span>");
    for text in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,<script>)",
        "<javascript:alert(1)>",
        "[a][b]\n\n[b]: vbscript:x",
        "[a](/etc/passwd)",
        "[a](&#106;avascript:x)",
        "[a](\tjavascript:x)",
        "[a](file:///etc/passwd)",
    ] {
        assert!(!html(text).contains("<a "), "{text} has become a link");
    }
}

#[test]
fn images_are_not_loaded() {
    says(
        "![a *cat*](https://example.org/cat.png)",
        "<span class=\"image\">[image from https://example.org/cat.png] a <em>cat</em></span>",
    );
    says("[![b](x.png)](javascript:y)", "</span> <span class=\"address\">(javascript:y)</span>");
    let picture = format!("![](data:image/png;base64,{})", "A".repeat(5000));
    assert!(!html(&picture).contains(&"A".repeat(300)));
}

#[test]
fn titles_and_names_are_text() {
    let mut answer = model(None, "Hello");
    if let crate::Author::Model { name, .. } = &mut answer.author {
        *name = "<b>\"'".into();
    }
    let chats = vec![chat("</title><script>a", vec![answer]), chat("<i>", vec![])];
    let page = Archive { chats: chats.clone() }.write(Format::Html);
    assert!(!page.contains("<script") && !page.contains("<i>") && !page.contains("<b>"));
    assert!(page.contains("<h2>&lt;b&gt;&quot;&#39;</h2>"));
    assert!(page.contains("<li><a href=\"#chat-1\">&lt;/title&gt;&lt;script&gt;a</a></li>"));
    let page = Archive { chats: chats[..1].to_vec() }.write(Format::Html);
    assert!(
        page.contains("<title>&lt;/title&gt;&lt;script&gt;a</title>") && !page.contains("<nav")
    );
}

#[test]
fn what_a_person_wrote_stands_as_it_was_written() {
    let page = Archive { chats: vec![chat("Title", vec![person(None, "*a*\n<b>")])] };
    assert!(page.write(Format::Html).contains("<div dir=\"auto\">*a*\n&lt;b&gt;</div>"));
}

#[test]
fn instructions_are_text_above_what_was_said() {
    let told =
        Chat { instructions: "Be *brief*.\n<b>".into(), ..chat("Told", vec![person(None, "?")]) };
    let page = Archive { chats: vec![told] }.write(Format::Html);
    let section = "<h2>Instructions</h2>\n<div dir=\"auto\">Be *brief*.\n&lt;b&gt;</div>";
    let place = |text: &str| page.find(text).unwrap();
    assert!(place(section) < place("<h2>You</h2>"));
    assert!(!html("No").contains("Instructions"));
}

#[test]
fn thoughts_are_folded() {
    says(
        "<think>\nHm\n</think>\n\nYes",
        "<summary>Thoughts</summary>\n<p>Hm</p>\n</details>\n<p>Yes</p>",
    );
    says("<think> and no end", "&lt;think&gt; and no end");
}

#[test]
fn other_versions_are_folded_with_what_followed() {
    let hidden = |parent, text| Message { is_shown: false, ..model(parent, text) };
    let messages = vec![
        person(None, "Question"),
        hidden(Some(0), "First"),
        hidden(Some(1), "Follow"),
        hidden(Some(1), "Follow otherwise"),
        model(Some(0), "Second"),
    ];
    let page = Archive { chats: vec![chat("Title", messages)] }.write(Format::Html);
    let place = |text: &str| page.find(text).unwrap();
    assert_eq!(page.matches("1 other version<").count(), 2);
    assert!(place("Second") < place("1 other version<"));
    assert!(place("1 other version<") < place("First"));
    for text in ["Question", "First", "Follow", "Follow otherwise", "Second"] {
        assert_eq!(
            page.matches(&format!("<p>{text}</p>")).count()
                + page.matches(&format!(">{text}</div>")).count(),
            1
        );
    }
}

#[test]
fn versions_within_versions_end_somewhere() {
    let mut messages = vec![person(None, "0")];
    for at in 0..5000 {
        messages.push(Message { is_shown: false, ..person(Some(at * 2), "a") });
        messages.push(Message { is_shown: false, ..person(Some(at * 2), "b") });
        // The one that is not shown is the one that goes on.
        messages[at * 2 + 1].is_shown = true;
    }
    let page = Archive { chats: vec![chat("Title", messages)] }.write(Format::Html);
    assert_eq!(page.matches("<details>").count(), 8);
}

#[test]
fn deep_quotes_and_lists_are_flat() {
    let page = html(&format!("{} deep\n\n{} deep", ">".repeat(1000), "- ".repeat(1000)));
    assert_eq!(page.matches("<blockquote>").count(), 24);
    assert_eq!(page.matches("<ul>").count(), 12);
    assert_eq!(page.matches("</li>").count(), 12);
}

#[test]
fn what_is_attached_is_folded() {
    let file = written(File { name: "<b>.rs", kind: Kind::Text, text: "</div>\n# No heading" });
    let page = |said: &str| {
        let messages = vec![person(None, &joined(said, &file))];
        Archive { chats: vec![chat("Title", messages)] }.write(Format::Html)
    };
    let folded = "<details>\n<summary>&lt;b&gt;.rs</summary>\n\
        <div dir=\"auto\">&lt;/div&gt;\n# No heading</div>\n</details>\n</article>";
    assert!(page("Why?").contains(&format!("<div dir=\"auto\">Why?</div>\n{folded}")));
    assert!(!page("").contains("<div dir=\"auto\"></div>"));
}

#[test]
fn a_picture_is_shown_and_nothing_else_is_in_it() {
    let picture = File { name: "a\"b.jpg", kind: Kind::Picture(4, 3), text: "/9j/\" onload=\"x" };
    let messages = vec![person(None, &joined("Look", &written(picture)))];
    let page = Archive { chats: vec![chat("Title", messages)] }.write(Format::Html);
    let shown = "<p><img src=\"data:image/jpeg;base64,/9j/&quot; onload=&quot;x\" alt=\"a&quot;b.jpg\" \
        width=\"4\" height=\"3\"></p>";
    assert!(page.contains(shown), "{page}");
}
