//! SVG as text. Colours are attributes and not styles, which a content policy would stop.

use std::fmt::Write;

/// Where text stands, seen from its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A picture that is being drawn.
pub struct Svg(String);

/// About how wide text of 12 pixels is, rather too wide than too narrow: each system has fonts of
/// its own.
pub fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * 6.5
}

/// Continues a path.
pub fn go(path: &mut String, how: char, x: f64, y: f64) {
    // Writing into text does not fail.
    let _ = write!(path, "{how}{x:.1} {y:.1}");
}

/// Text as XML has it; what XML can't have is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'
            // These would turn what stands behind them around.
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => (),
            other => out.push(other),
        }
    }
    out
}

impl Svg {
    pub fn new(width: f64, height: f64) -> Self {
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, -apple-system, 'Segoe UI', \
             Roboto, 'Noto Sans', 'Liberation Sans', sans-serif\">\n"
        ))
    }

    pub fn end(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }

    fn add(&mut self, element: std::fmt::Arguments) {
        // Writing into text does not fail.
        let _ = self.0.write_fmt(element);
        self.0.push('\n');
    }

    /// What it is, for those who can't see it.
    pub fn title(&mut self, says: &str) {
        self.add(format_args!("<title>{}</title>", escaped(says)));
    }

    pub fn text(&mut self, x: f64, y: f64, size: u8, colour: &str, anchor: Anchor, says: &str) {
        let anchor = anchor.name();
        let says = escaped(says);
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{colour}\" \
             text-anchor=\"{anchor}\">{says}</text>"
        ));
    }

    /// Text with a ground of its own around each letter.
    pub fn text_over_lines(
        &mut self,
        x: f64,
        y: f64,
        (colour, ground): (&str, &str),
        anchor: Anchor,
        says: &str,
    ) {
        let (anchor, says) = (anchor.name(), escaped(says));
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"12\" fill=\"{colour}\" \
             stroke=\"{ground}\" stroke-width=\"4\" stroke-linejoin=\"round\" \
             paint-order=\"stroke\" text-anchor=\"{anchor}\">{says}</text>"
        ));
    }

    pub fn heading(&mut self, x: f64, y: f64, colour: &str, says: &str) {
        let says = escaped(says);
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"13\" font-weight=\"600\" \
             fill=\"{colour}\">{says}</text>"
        ));
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        self.add(format_args!(
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{colour}\"/>",
            from.0, from.1, to.0, to.1
        ));
    }

    /// A line that stands for a moment, and what happened then.
    pub fn mark(&mut self, says: &str, from: (f64, f64), to: (f64, f64), colour: &str) {
        self.add(format_args!(
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{colour}\" stroke-dasharray=\"2 2\">\
             <title>{}</title></path>",
            from.0,
            from.1,
            to.0,
            to.1,
            escaped(says)
        ));
    }

    pub fn area(&mut self, path: &str, colour: &str, opacity: f64) {
        self.add(format_args!("<path d=\"{path}\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>"));
    }

    pub fn stroke(&mut self, path: &str, colour: &str) {
        self.add(format_args!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" \
             stroke-linejoin=\"round\"/>"
        ));
    }

    /// What the areas of a colour stand for, by how strong it is, up to here.
    pub fn legend(&mut self, x: f64, y: f64, ink: &str, fill: &str, areas: [(&str, f64); 2]) {
        let area = |(says, opacity): (&str, f64)| {
            let says = escaped(says);
            format!("<tspan fill=\"{fill}\" fill-opacity=\"{opacity}\">■</tspan>{says}")
        };
        let [one, other] = areas.map(area);
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"12\" fill=\"{ink}\" \
             text-anchor=\"end\" xml:space=\"preserve\">{one}{other}</text>"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_end_nothing_and_has_no_character_that_xml_forbids() {
        let hostile = "</text><script>\"'&\u{0}\u{1b}\u{202e}\u{ffff}é";
        assert_eq!(escaped(hostile), "&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;é");
    }
}
