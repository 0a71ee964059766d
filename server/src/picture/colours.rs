//! The page's own colours, from its style sheet: a picture in a page has no part in its styles.

/// Where the page has them.
const TOKENS: &str = include_str!("../../../style/tokens.css");

/// Dark on light or light on dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    pub paper: &'static str,
    pub ink: &'static str,
    pub soft: &'static str,
    pub line: &'static str,
    pub edge: &'static str,
    pub fill: &'static str,
    pub strong: &'static str,
}

impl Colours {
    pub fn of(theme: Theme) -> Self {
        let colour = |name| colour(name, theme).unwrap_or("#888888");
        Self {
            paper: colour("--paper"),
            ink: colour("--ink"),
            soft: colour("--soft"),
            line: colour("--line"),
            edge: colour("--edge"),
            fill: colour("--fill"),
            strong: colour("--flame"),
        }
    }
}

/// The value in a line such as `--ink: light-dark(#211c16, #ece6db);`.
fn colour(name: &str, theme: Theme) -> Option<&'static str> {
    let mut lines = TOKENS.lines().map(str::trim);
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": light-dark("))?;
    let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
    Some(if theme == Theme::Light { light } else { dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_colours_are_those_of_the_page() {
        for theme in [Theme::Light, Theme::Dark] {
            for name in ["--paper", "--ink", "--soft", "--line", "--edge", "--fill", "--flame"] {
                let colour = colour(name, theme).expect(name);
                assert!(colour.len() == 7 && colour.starts_with('#'), "{name}: {colour}");
            }
        }
        assert_ne!(Colours::of(Theme::Light).ink, Colours::of(Theme::Dark).ink);
    }
}
