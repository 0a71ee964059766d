//! The files of the site: named by their content, so that a browser may keep them for good,
//! and compressed once, here, instead of for each request. What the first paint needs is
//! inside the HTML; the policy allows it by its hash.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::Result;
use wick_slim::{Slim, bare};
use wick_words::Language;

/// What stands inside the HTML, as the policy names it: `'sha256-…'`.
pub(crate) struct Inline {
    /// The scripts that set the theme and start the page.
    pub(crate) scripts: String,
    /// The styles.
    pub(crate) style: String,
}

/// Writes the whole site into the folder `site`.
pub(crate) fn make(root: &Path, page: &Slim, site: &Path) -> Result<Inline> {
    let assets = root.join("assets");
    let asset = |name: &str| read(&assets.join(name));
    let script = |name: &str| asset(name).map(|it| bare(&it));
    let add = |stem: &str, ending: &str, content: &[u8]| add(site, stem, ending, content);

    let wasm = add("app", "wasm", &page.wasm)?;
    let more = add("more", "wasm", &page.more)?;
    let js = page.js.replace(wick_slim::ADDRESS, &more);
    let app = add("app", "js", js.as_bytes())?;
    let english = Language::read(wick_words::ENGLISH)?;
    let mut words = Vec::new();
    for (tag, file) in wick_words::LANGUAGES {
        let table = wick_words::table(&Language::read(file)?, &english)?;
        let name = add(&format!("words-{tag}"), "txt", table.as_bytes())?;
        words.push(format!("{tag}: \"/{name}\""));
    }
    let words = format!("{{ {} }}", words.join(", "));
    let names = [("{app.js}", app), ("{app.wasm}", wasm), ("{words.txt}", words)];
    let parts = ["sight.js", "writing.js", "door.js", "start.js"];
    let mut start = parts.map(script).into_iter().collect::<Result<Vec<_>>>()?.join("\n");
    for (name, line) in english.lines_of_scripts() {
        let place = format!("{{door.{name}}}");
        if !start.contains(&place) {
            return Err(format!("no script says door.{name}").into());
        }
        start = start.replace(&place, &line.to_string());
    }
    let start = fill(&start, &names)?;
    let (theme, style) = (fill(&script("theme.js")?, &names)?, bare(&styles(&root.join("style"))?));
    let scripts = format!("{} {}", source(&theme), source(&start));
    let inline = Inline { scripts, style: source(&style) };
    let highlight = without_rare(&asset("highlight/highlight.js")?)?;
    let highlight = add("highlight", "js", highlight.as_bytes())?;
    let colours = fill(&script("colours.js")?, &[("{highlight.js}", highlight)])?;
    let colours = add("colours", "js", colours.as_bytes())?;
    let find = add("find", "js", script("find.js")?.as_bytes())?;
    let icon = add("icon", "svg", asset("icon.svg")?.as_bytes())?;
    let picture = |size: u32| -> Result<String> {
        add(&format!("icon{size}"), "png", &fs::read(assets.join(format!("icon{size}.png")))?)
    };
    let pictures = [
        ("{icon.svg}", icon.clone()),
        ("{icon192.png}", picture(192)?),
        ("{icon512.png}", picture(512)?),
    ];
    let manifest = fill(&asset("manifest.webmanifest")?, &pictures)?;
    let manifest = add("manifest", "webmanifest", manifest.as_bytes())?;
    let [_, (_, small), _] = &pictures;

    let [app, wasm, words] = names;
    let kept =
        [app.clone(), wasm.clone(), words, ("{more.wasm}", more), ("{icon.svg}", icon.clone())];
    let names = [
        app,
        wasm,
        ("{start.js}", start),
        ("{theme.js}", theme),
        ("{style.css}", style),
        ("{icon.svg}", icon),
        ("{colours.js}", colours),
        ("{find.js}", find),
        ("{manifest.webmanifest}", manifest),
        ("{icon192.png}", small.clone()),
    ];
    let index = fill(&script("index.html")?, &names)?;
    write(&site.join("index.html"), index.as_bytes())?;
    let worker = fill(&asset("sw.js")?, &kept)?.replace("{version}", &digest(index.as_bytes()));
    write(&site.join("sw.js"), worker.as_bytes())?;
    Ok(inline)
}

/// Languages of highlight.js that answers hardly ever have.
const RARE: [&str; 6] = ["less", "objectivec", "php_template", "plaintext", "vbnet", "wasm"];

/// Parts of highlight.js that the page never calls, each from its first words up to those that stay:
/// its own HTML, colouring elements by itself, what is deprecated, plugins, what it tells of mistakes, and words that
/// only tell one language from another, name classes of a library that are capital letters anyway, features of a
/// screen that a colon follows, or filters of SVG.
const UNUSED: [(&str, &str); 24] = [
    ("class r{constructor(", "const s=(e={})"),
    ("return new r(this", "}finalize(){"),
    ("toJSON(){", "}class c extends o"),
    ("class X extends Error{", "const V=t,"),
    ("function y(e){let n=null;const t=(e=>{", "function N(e){return"),
    ("highlightAll:v,", "registerLanguage:(e,n)"),
    ("addPlugin:e=>{", "}),t.debugMode="),
    (", did you forget", "\",l={"),
    ("ERR: contains `self`", "\")\n;return e.classNameAliases"),
    ("unregisterLanguage:", "getLanguage:N"),
    ("t.debugMode=", "t.regex={"),
    ("ne.newInstance=", "const te="),
    ("H(\"10.7.0\",\"highlight(lang, code", "i=e,a=n)"),
    (",K=(e,...n)=>{console.log", ",q=Error()"),
    ("ignoreUnescapedHTML:", "languages:null"),
    ("function _(e){\nreturn p.noHighlightRe", "function h(e,n,t)"),
    ("_illegalBy:{", "_emitter:S};if(s)"),
    (", way more iterations", "\")\n;return C+=o"),
    ("P(\"Language definition", "!s)throw n"),
    ("registerAliases:k,", "inherit:J"),
    ("\"any\",\"auto_ptr\",", "]"),
    ("\"any-hover\",", "]"),
    ("\"feBlend\",", "\"linearGradient\""),
    ("\"AppendIterator\",", "\"parent\",\"php_user_filter\""),
];

/// Where highlight.js begins to list the properties of CSS that it knows.
const PROPERTIES: &str = "\"accent-color\",";

/// What is a property of CSS without a list: what stands before a colon and a space. A selector's colon has
/// none behind it.
const PROPERTY: &str = "\"[a-z-]+(?=: )\"";

/// highlight.js with the languages that are left, thirty, and without what is not used.
fn without_rare(js: &str) -> Result<String> {
    let mut js = js.to_owned();
    for (first, stays) in UNUSED {
        let from = js.find(first).ok_or_else(|| format!("highlight.js has no {first}"))?;
        let length = js[from..].find(stays).ok_or_else(|| format!("there is no {stays}"))?;
        js.replace_range(from..from + length, "");
    }
    let from = js.find(PROPERTIES).ok_or("highlight.js lists no properties")?;
    let length = js[from..].find(']').ok_or("the properties have no end")?;
    js.replace_range(from..from + length, PROPERTY);
    for name in RARE {
        let (from, next) = (js.find(&format!("grmr_{name}:")), format!("grmr_{name}:").len());
        let from = from.ok_or_else(|| format!("highlight.js does not know {name}"))?;
        let behind =
            js[from + next..].find("grmr_").ok_or("the last language can't be left out")?;
        js.replace_range(from..from + next + behind, "");
    }
    Ok(js)
}

/// As a content policy names a script or a style.
fn source(content: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// All styles in one: the tokens, what holds everywhere, then each part of the page by name.
fn styles(folder: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "css") {
            files.push(path);
        }
    }
    let first = |path: &Path| match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("tokens") => 0,
        Some("base") => 1,
        _ => 2,
    };
    files.sort_by_key(|path| (first(path), path.clone()));
    files.iter().map(|path| read(path)).collect()
}

/// Puts names where the text has places for them; a place without a name is a mistake.
fn fill(text: &str, names: &[(&str, String)]) -> Result<String> {
    let mut text = text.to_owned();
    for (place, name) in names {
        text = text.replace(place, name);
    }
    let stems = [
        "app",
        "more",
        "start",
        "theme",
        "style",
        "icon",
        "icon192",
        "icon512",
        "colours",
        "find",
        "highlight",
        "manifest",
        "words",
    ];
    for stem in stems {
        if let Some(place) = text.split('{').find(|it| it.starts_with(&format!("{stem}."))) {
            let place = place.split('}').next().unwrap_or_default();
            return Err(format!("nothing to put for {{{place}}}").into());
        }
    }
    Ok(text)
}

/// Adds a file and tells the name it got, such as `app-0f1e2d3c4b5a.js`.
fn add(site: &Path, stem: &str, ending: &str, content: &[u8]) -> Result<String> {
    let name = format!("{stem}-{}.{ending}", digest(content));
    write(&site.join(&name), content)?;
    Ok(name)
}

/// The beginning of a digest, as names have it.
fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file, and its compressed twins where they are smaller.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content)?;
    let twins = [("br", brotli(content)?), ("gz", gzip(content)?)];
    for (ending, twin) in twins {
        if twin.len() < content.len() {
            fs::write(format!("{}.{ending}", path.display()), twin)?;
        }
    }
    Ok(())
}

/// The smallest of several. What the bytes before one say of it is taken from their upper bits in wasm, which is
/// 3 % smaller so, and in other ways in texts.
fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    const MODES: [BrotliEncoderMode; 2] =
        [BrotliEncoderMode::BROTLI_MODE_FONT, BrotliEncoderMode::BROTLI_FORCE_MSB_PRIOR];
    let mut smallest: Option<Vec<u8>> = None;
    for (mode, lgblock) in MODES.into_iter().flat_map(|mode| [(mode, 0), (mode, 19)]) {
        let params = BrotliEncoderParams { quality: 11, mode, lgblock, ..Default::default() };
        let mut twin = Vec::new();
        brotli::BrotliCompress(&mut &*content, &mut twin, &params)?;
        if smallest.as_ref().is_none_or(|it| twin.len() < it.len()) {
            smallest = Some(twin);
        }
    }
    Ok(smallest.unwrap_or_default())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|err| format!("{}: {err}", path.display()).into())
}
