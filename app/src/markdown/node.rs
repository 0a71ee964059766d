//! What Markdown can say.

/// Something that stands on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// Words without a paragraph around them, as in a tight list.
    Plain(Vec<Span>),
    /// A heading.
    Heading(Heading),
    /// Code, shown as it is.
    Code(Code),
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// A line across.
    Rule,
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    /// As written, 1 to 6; decides how it looks.
    pub(crate) rank: u8,
    /// In the outline of the whole page, where no level may be left out.
    pub(crate) level: u8,
    /// What it says.
    pub(crate) spans: Vec<Span>,
}

/// A block of code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    /// As the answer calls it, perhaps nothing.
    pub(crate) language: String,
    /// The code.
    pub(crate) text: String,
}

/// A formula.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Formula {
    /// As LaTeX.
    pub(crate) source: String,
    /// Whether it stands on its own, in a line or outside of one.
    pub(crate) is_display: bool,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    /// The first number, when it counts.
    pub(crate) start: Option<u64>,
    /// What is in it.
    pub(crate) items: Vec<Item>,
}

/// One thing of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// Whether it is ticked, when it is a task.
    pub(crate) is_done: Option<bool>,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// How each column is set.
    pub(crate) sides: Vec<Side>,
    /// The cells of its head.
    pub(crate) head: Vec<Vec<Span>>,
    /// The cells of its rows.
    pub(crate) rows: Vec<Vec<Vec<Span>>>,
}

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    /// At the beginning of the line.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// At the end of the line, as numbers are.
    End,
}

/// Something within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// Words.
    Text(String),
    /// Code.
    Code(String),
    /// A formula.
    Formula(Formula),
    /// Leads to the note of this name.
    Mark(String),
    /// The note of this name begins here.
    Note(String),
    /// Said with weight.
    Strong(Vec<Span>),
    /// Said with stress.
    Emphasis(Vec<Span>),
    /// Taken back.
    Struck(Vec<Span>),
    /// Leads to http, https or mailto, and nowhere else.
    Link {
        /// Where.
        address: String,
        /// What it says.
        spans: Vec<Span>,
    },
    /// A picture that is not loaded.
    Picture {
        /// Where it would have come from, perhaps nothing.
        host: String,
        /// What it would show, perhaps nothing.
        says: String,
    },
    /// The line ends.
    Break,
}
