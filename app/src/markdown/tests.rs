//! Answers as nodes: what is read, what is refused, and what pulldown-cmark makes of the same.

mod hostile;
mod reference;

use super::blocks::read;
use super::node::{Block, Code, Formula, Heading, Item, List, Side, Span, Table};

fn text(words: &str) -> Span {
    Span::Text(words.into())
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

#[track_caller]
fn check(markdown: &str, blocks: &[Block]) {
    assert_eq!(read(markdown), blocks);
}

#[test]
fn words_and_what_stresses_them() {
    let spans = vec![
        text("a "),
        Span::Strong(vec![text("b "), Span::Emphasis(vec![text("c")])]),
        text(" "),
        Span::Code("d".into()),
        text(" "),
        Span::Struck(vec![text("e")]),
    ];
    check("a **b *c*** `d` ~~e~~", &[Block::Paragraph(spans)]);
}

#[test]
fn a_broken_line_stays_broken() {
    check("a\nb", &[Block::Paragraph(vec![text("a"), Span::Break, text("b")])]);
}

#[test]
fn html_is_words() {
    let tag = "<img src=x onerror=alert(1)>";
    check(tag, &[paragraph(tag)]);
    check("a <b>c</b>", &[paragraph("a <b>c</b>")]);
    let lines =
        vec![text("<script>"), Span::Break, text("alert(1)"), Span::Break, text("</script>")];
    check("<script>\nalert(1)\n</script>", &[Block::Paragraph(lines)]);
    check("1 < 2 && 3 > 2", &[paragraph("1 < 2 && 3 > 2")]);
}

#[test]
fn links_lead_only_where_it_is_harmless() {
    let link = |address: &str| Span::Link { address: address.into(), spans: vec![text("x")] };
    for address in ["http://a.test/b", "HTTPS://a.test", "mailto:a@b.test"] {
        check(&format!("[x]({address})"), &[Block::Paragraph(vec![link(address)])]);
    }
    for address in ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//a.test", "/x", "é"]
    {
        check(&format!("[x]({address})"), &[paragraph("x")]);
    }
}

#[test]
fn pictures_say_where_they_would_come_from() {
    let picture = |host: &str| Span::Picture { host: host.into(), says: "a cat".into() };
    for (address, host) in [
        ("https://a.test/x?q=1", "a.test"),
        ("https://user@a.test:8080#x", "a.test:8080"),
        ("https://evil.test\\\\@good.test/", "evil.test"),
        ("x.png", ""),
    ] {
        let markdown = format!("![a *cat*]({address})");
        check(&markdown, &[Block::Paragraph(vec![picture(host)])]);
    }
}

#[test]
fn code_keeps_its_lines_while_it_arrives() {
    let code = |language: &str, text: &str| {
        Block::Code(Code { language: language.into(), text: text.into() })
    };
    check("```rust ignore\nfn a() {}\n\n<b>\n```", &[code("rust", "fn a() {}\n\n<b>")]);
    check("```py\nprint(", &[code("py", "print(")]);
    check("    x", &[code("", "x")]);
}

#[test]
fn lists_can_be_tight_loose_nested_and_tasks() {
    let plain = |words: &str| Block::Plain(vec![text(words)]);
    let item = |blocks: Vec<Block>| Item { is_done: None, blocks };
    let inner = List { start: None, items: vec![item(vec![plain("b")])] };
    let outer = List { start: Some(3), items: vec![item(vec![plain("a"), Block::List(inner)])] };
    check("3. a\n   - b", &[Block::List(outer)]);
    let loose = vec![item(vec![paragraph("a")]), item(vec![paragraph("b")])];
    check("- a\n\n- b", &[Block::List(List { start: None, items: loose })]);
    let tasks = vec![
        Item { is_done: Some(true), blocks: vec![plain("a")] },
        Item { is_done: Some(false), blocks: vec![plain("b")] },
    ];
    check("- [x] a\n- [ ] b", &[Block::List(List { start: None, items: tasks })]);
}

#[test]
fn tables_know_their_sides() {
    let table = Table {
        sides: vec![Side::Start, Side::Centre, Side::End],
        head: vec![vec![text("a")], vec![text("b")], vec![text("c")]],
        rows: vec![vec![vec![text("1")], vec![Span::Code("2".into())], vec![]]],
    };
    check("|a|b|c|\n|-|:-:|-:|\n|1|`2`|", &[Block::Table(table)]);
}

#[test]
fn headings_leave_no_level_out() {
    let heading =
        |rank: u8, level: u8| Block::Heading(Heading { rank, level, spans: vec![text("x")] });
    check(
        "### x\n# x\n## x\n#### x\n",
        &[heading(3, 3), heading(1, 3), heading(2, 4), heading(4, 5)],
    );
}

#[test]
fn quotes_contain_blocks() {
    check("> a\n>\n> b", &[Block::Quote(vec![paragraph("a"), paragraph("b")])]);
}

#[test]
fn addresses_are_links_without_brackets() {
    let link = |address: &str| Span::Link { address: address.into(), spans: vec![text(address)] };
    let spans = vec![
        text("see "),
        link("https://a.test/b_c?d=e"),
        text(" (or "),
        link("http://f.test"),
        text(")."),
    ];
    check("see https://a.test/b_c?d=e (or http://f.test).", &[Block::Paragraph(spans)]);
    check("<https://a.test>", &[Block::Paragraph(vec![link("https://a.test")])]);
    check("https:// xhttps://a.test", &[paragraph("https:// xhttps://a.test")]);
}

#[test]
fn characters_have_few_names() {
    check("&lt;b&gt; &amp; &#233;&#x41; &copy; &", &[paragraph("<b> & éA &copy; &")]);
}

#[test]
fn a_tilde_alone_says_about() {
    check("~5 to ~6", &[paragraph("~5 to ~6")]);
}

/// What models write, a sample of each kind.
const WRITTEN: &[&str] = &[
    "One line.",
    "Two\nlines  \nand three\\\nfour.\n\nNext.",
    "**Bold**, *stressed*, ***both***, __bold__, _stressed_, **a *b* c**, *a **b** c*.",
    "snake_case_name and 2*3*4 and ** and * and a_b_ and _c_d and **a**b.",
    "**Bold:** then `code` and ``a ` b`` and ` `` ` and `unclosed.",
    "\\*not stressed\\* \\# \\[x\\] \\a",
    "“**quoted**” — *dash* (**in brackets**)",
    "# One\n## Two ##\n### Three #\n#hash\n####### seven\nSet\n===\nSub\n---",
    "- a\n- b\n- c",
    "* a\n* b\n\nafter",
    "- a\n  - b\n    - c\n  - d\n- e",
    "1. one\n2. two\n   - deep\n   - deeper\n3. three",
    "1. one\n\n   with more\n\n2. two",
    "1. **Title**: words\n   that go on\n2. **Other**: words",
    "3) three\n4) four",
    "- a\n\n- b\n- c",
    "- a\n\n  ```rust\n  fn b() {\n\n      c();\n  }\n  ```\n- d",
    "1. Run:\n   ```sh\n   make\n\n   make install\n   ```\n2. Done",
    "- a\n+ b\n* c",
    "- a\nlazy\n- b\n\nafter",
    "-\n- b",
    "Words\n- a\n- b\nWords\n1. c\n2. d",
    "In 1986\n1986. was a year",
    "- [ ] open\n- [x] done\n- [X] also\n- [y] none",
    "```\nplain\n```",
    "```python\ndef a():\n\treturn \"**b**\"\n```\nafter",
    "~~~\n```\n~~~",
    "````md\n```\ninner\n```\n````",
    "```\nunclosed\n\n  code",
    "    indented\n\n    code\n\nafter",
    "para\n    not code",
    "> quote\n> goes on\n\nafter",
    "> a\n>\n> - b\n> - c\n>> d",
    "> lazy\ngoes on",
    "a\n\n---\n\nb\n\n***\n\n_ _ _",
    "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |\n| 4 | 5 | 6 |\n\nafter",
    "a | b\n--|--:\n`c` | **d**\n\\| | e",
    "Before:\n| a | b |\n|---|---|\n| 1 | 2 |",
    "| no | table |\n| at | all |",
    "[a](https://b.test) [c](<https://d.test/e f> \"title\") [g](https://h.test/i_(j))",
    "[a **b** `c`](https://d.test 'e') [f] [g](h) [i]( https://j.test )",
    "![a](https://b.test/c.png) ![](d.png) ![**e**](https://f@g.test:1/h \"i\")",
    "[![a](https://b.test/c.png)](https://d.test)",
    "~~struck~~ and ~~ not ~~ struck",
    "1 < 2, a<b>c</b>, <https://a.test/b>",
    "Ünï **cödé** 「**日本**」 *émphase* 🙂",
    "a * b * c, 5 * 3, * d",
    "**unclosed and *half* of it",
    "*a **b* c**",
    "- a\n  b\n\n      code\n\n  c",
    "\t- tab\n",
    "* * *\n- - -",
];

#[test]
fn what_models_write_is_read_as_pulldown_cmark_reads_it() {
    for markdown in WRITTEN {
        assert_eq!(read(markdown), reference::read(markdown), "{markdown}");
    }
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    for part in
        ["[", "![", "`a``", "*a ", "<a", "a**b", "> ", "- ", "|", "_a*b", "&a", "[a](", "~~a "]
    {
        assert!(!read(&part.repeat(5_000)).is_empty(), "{part}");
    }
}

#[test]
fn no_text_is_too_odd() {
    const PARTS: [&str; 24] = [
        "a", "é", " ", "  ", "\n", "\t", "*", "**", "_", "`", "```", "~~", "[", "](", ")", "!",
        "<", ">", "&#", "#", "- ", "1. ", "|", "\\",
    ];
    let mut chance: u64 = 1;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(PARTS[(chance >> 33) as usize % PARTS.len()]);
        }
        read(&text);
    }
}

#[test]
fn nesting_has_an_end_and_loses_no_words() {
    let deep = format!("{}end", ">".repeat(5_000));
    assert!(format!("{:?}", read(&deep)).contains("end"));
    let deep = format!("{}end{}", "*a ".repeat(2_000), " a*".repeat(2_000));
    assert!(format!("{:?}", read(&deep)).contains("end"));
    let deep = format!("{}end", "- ".repeat(2_000));
    assert!(format!("{:?}", read(&deep)).contains("end"));
}

#[test]
fn half_a_text_is_no_trouble() {
    let whole = "# T\n\nA **b** [c](https://d.test) `e`\n\n| f | g |\n|---|--:|\n| h | i |\n\n\
                 1. j\n   - k\n\n> l\n\n```rust\nm\n```\n\n![n](https://o.test/é.png) <p>\n\n---\n";
    for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        read(&whole[..end]);
    }
    assert_eq!(read(whole).len(), 8);
}

fn formula(source: &str, is_display: bool) -> Formula {
    Formula { source: source.into(), is_display }
}

#[test]
fn formulas_within_words_and_prices_that_are_none() {
    let within = |before: &str, source: &str, after: &str| {
        vec![Block::Paragraph(vec![
            text(before),
            Span::Formula(formula(source, false)),
            text(after),
        ])]
    };
    check("a $x^2$ b", &within("a ", "x^2", " b"));
    check("a \\(x_1 * y_1\\) b", &within("a ", "x_1 * y_1", " b"));
    let on_its_own = Span::Formula(formula("\\frac{a}{b}", true));
    check("a $$\\frac{a}{b}$$ b", &[Block::Paragraph(vec![text("a "), on_its_own, text(" b")])]);
    for words in ["It costs $5 or $10.", "$5-$10", "$ 1$", "a $b", "\\$x$", "US$ and A$"] {
        check(words, &[paragraph(&words.replace("\\$", "$"))]);
    }
    check("`$x$`", &[Block::Paragraph(vec![Span::Code("$x$".into())])]);
}

#[test]
fn formulas_on_their_own() {
    let block = |source: &str| Block::Paragraph(vec![Span::Formula(formula(source, true))]);
    check("$$x$$", &[block("x")]);
    check("a:\n\\[\na = b\n- c\n\\]\nb", &[paragraph("a:"), block("a = b\n- c"), paragraph("b")]);
    check("\\[ a \\]", &[block("a")]);
    check("\\[\na", &[block("a")]);
    check("$$\na\n\nb", &[block("a"), paragraph("b")]);
}

#[test]
fn notes_at_the_foot() {
    let note = |label: &str, mut spans: Vec<Span>| {
        spans.insert(0, Span::Note(label.into()));
        Block::Paragraph(spans)
    };
    check(
        "a[^1] b\n\n[^1]: c\n  d\n[^x2]: e\n",
        &[
            Block::Paragraph(vec![text("a"), Span::Mark("1".into()), text(" b")]),
            note("1", vec![text("c"), Span::Break, text("d")]),
            note("x2", vec![text("e")]),
        ],
    );
    check("[^a-z] [^]", &[paragraph("[^a-z] [^]")]);
}
