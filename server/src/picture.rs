//! The engine's history as a picture: memory, tokens a second, and what happened when, over one
//! axis of time. It is drawn at the width at which it is shown, so that its text is never scaled.

mod colours;
mod flags;
mod scale;
mod svg;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use wick_words::{Picture as Words, picture as words_in};

use self::colours::Colours;
pub use self::colours::Theme;
use self::flags::{Flag, place};
use self::scale::{Scale, ago, span_for};
use self::svg::{Anchor, Svg};
use crate::engine::history::{History, Mark, Sample, thin};

/// How high it is. The page makes room for it.
pub const HEIGHT: f64 = 356.0;

/// Where the plots begin; numbers stand left of it.
const LEFT: f64 = 40.0;

/// What is said of marks has so many lines, of this height, from here on.
const LANES: usize = 5;
const LANE: f64 = 14.0;
const LANES_TOP: f64 = 22.0;

/// Where a plot is.
#[derive(Clone, Copy)]
struct Plot {
    top: f64,
    bottom: f64,
}

const MEMORY: Plot = Plot { top: 98.0, bottom: 192.0 };
const WRITTEN: Plot = Plot { top: 226.0, bottom: 270.0 };
const READ: Plot = Plot { top: 304.0, bottom: 334.0 };

/// How it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    width: u16,
    theme: Theme,
    /// How far it reaches back at most; `None` = to the first load. Less where there is less.
    minutes: Option<u16>,
    words: &'static Words,
}

impl View {
    /// So many pixels wide, within what can be drawn.
    pub fn new(width: u16, theme: Theme, minutes: Option<u16>) -> Self {
        Self { width: width.clamp(280, 1_600), theme, minutes, words: words_in("en") }
    }

    /// In the language of this tag, where Wick has it; else in English.
    pub fn in_language(self, tag: &str) -> Self {
        Self { words: words_in(tag), ..self }
    }
}

/// Draws it as SVG.
pub fn draw(history: &History, now: Instant, view: View) -> String {
    let first = history.samples().next().map(|it| now.saturating_duration_since(it.from));
    let most = view.minutes.map_or(Duration::MAX, |it| Duration::from_mins(it.into()));
    let span = span_for(first.unwrap_or(most).min(most));
    let colours = Colours::of(view.theme);
    let svg = Svg::new(f64::from(view.width), HEIGHT);
    let (right, is_open) = (f64::from(view.width) - 1.0, history.is_open());
    let words = view.words;
    let picture = Picture { svg, colours, words, now, span, right, is_open };
    picture.draw(history)
}

struct Picture {
    svg: Svg,
    colours: Colours,
    words: &'static Words,
    now: Instant,
    span: Duration,
    right: f64,
    /// Whether something is loaded now.
    is_open: bool,
}

impl Picture {
    fn draw(mut self, history: &History) -> String {
        let shown = |at: Instant| self.age(at) < self.span;
        let mut samples: VecDeque<Sample> =
            history.samples().filter(|it| shown(it.to)).copied().collect();
        let marks: Vec<&Mark> = history.marks().filter(|it| shown(it.at)).collect();
        if samples.is_empty() && marks.is_empty() {
            return self.nothing(history);
        }
        // What falls on one pixel can't be told apart.
        let pixel = self.span.div_f64(self.right - LEFT);
        thin(&mut samples, |_| pixel);
        let Words { over, written: writes, read: reads, .. } = self.words;
        self.svg.title(&over.replace("{time}", &self.ago(self.span)));
        self.time();
        self.memory(&samples);
        let written = |it: &Sample| it.written.a_second();
        self.rate(&samples, WRITTEN, writes, written, self.colours.strong);
        let read = |it: &Sample| it.read.a_second();
        self.rate(&samples, READ, reads, read, self.colours.soft);
        self.marks(&marks);
        self.most(&samples, WRITTEN, written);
        self.most(&samples, READ, read);
        self.svg.end()
    }

    /// Says that nothing was loaded.
    fn nothing(mut self, history: &History) -> String {
        let Words { none, none_yet, since, in_the_last, .. } = self.words;
        let (what, since) = if history.samples().next().is_none() {
            (none_yet, since.replace("{time}", &self.ago(self.age(history.began()))))
        } else {
            (none, in_the_last.replace("{time}", &self.ago(self.span)))
        };
        let (middle, soft) = (self.right / 2.0, self.colours.soft);
        self.svg.text(middle, HEIGHT / 2.0 - 10.0, 14, soft, Anchor::Middle, what);
        self.svg.text(middle, HEIGHT / 2.0 + 10.0, 14, soft, Anchor::Middle, &since);
        self.svg.end()
    }

    fn ago(&self, age: Duration) -> String {
        ago(age, self.words)
    }

    fn age(&self, at: Instant) -> Duration {
        self.now.saturating_duration_since(at)
    }

    fn x(&self, at: Instant) -> f64 {
        let part = self.age(at).as_secs_f64() / self.span.as_secs_f64();
        self.right - (self.right - LEFT) * part.min(1.0)
    }

    fn time(&mut self) {
        let step = scale::time_step(self.span);
        let n_steps = (self.span.as_secs() / step.as_secs()) as u32;
        for nth in 0..=n_steps {
            let age = step * nth;
            let x = self.right - (self.right - LEFT) * age.div_duration_f64(self.span);
            let (says, anchor) = match nth {
                0 => (self.words.now.clone(), Anchor::End),
                _ => (format!("−{}", self.ago(age)), Anchor::Middle),
            };
            self.svg.text(x, HEIGHT - 4.0, 12, self.colours.soft, anchor, &says);
        }
    }

    /// The name of a plot, and lines with numbers across it.
    fn axis(&mut self, plot: Plot, name: &str, scale: &Scale) {
        let Colours { line, soft, ink, .. } = self.colours;
        // There is no room for more numbers than the first and the last.
        let is_low = plot.bottom - plot.top < 60.0;
        let ticks = if is_low { vec![0.0, scale.top()] } else { scale.ticks().collect() };
        for tick in ticks {
            let y = plot.y(tick / scale.top());
            self.svg.line((LEFT, y), (self.right, y), line);
            let says = self.words.grouped(tick as u64);
            self.svg.text(LEFT - 6.0, y + 4.0, 12, soft, Anchor::End, &says);
        }
        let y = if is_low { plot.top - 12.0 } else { 13.0 };
        self.svg.heading(0.0, y, ink, name);
    }

    /// The weights, and above them context and the rest.
    fn memory(&mut self, samples: &VecDeque<Sample>) {
        let most = samples.iter().map(|it| it.memory.total).max().unwrap_or_default();
        let (unit, name) = if most < 10_000_000_000 { (1e6, "MB") } else { (1e9, "GB") };
        let name = self.words.memory.replace("{unit}", name);
        let scale = Scale::to(most as f64 / unit, 3);
        self.axis(MEMORY, &name, &scale);
        let all = |it: &Sample| it.memory.total as f64 / unit / scale.top();
        let weights = |it: &Sample| it.memory.weights as f64 / unit / scale.top();
        let Colours { strong, fill, soft, .. } = self.colours;
        self.svg.area(&self.slopes(samples, all), fill, 0.35);
        self.svg.area(&self.slopes(samples, weights), fill, 1.0);
        self.svg.stroke(self.open_end(&self.slopes(samples, all)), strong);
        let Words { weights, context, .. } = self.words;
        let (weights, context) = (format!(" {weights}   "), format!(" {context}"));
        self.svg.legend(
            self.right,
            13.0,
            soft,
            fill,
            [(weights.as_str(), 1.0), (context.as_str(), 0.4)],
        );
    }

    fn rate(
        &mut self,
        samples: &VecDeque<Sample>,
        plot: Plot,
        name: &str,
        rate: impl Fn(&Sample) -> f64,
        colour: &'static str,
    ) {
        let most = samples.iter().map(&rate).fold(0.0, f64::max);
        let scale = Scale::to(most, 4);
        self.axis(plot, name, &scale);
        let steps = self.steps(samples, plot, |it| rate(it) / scale.top());
        self.svg.area(&steps, colour, 0.2);
        self.svg.stroke(self.open_end(&steps), colour);
    }

    /// Says how fast it was when it was fastest, over the lines of the marks.
    fn most(&mut self, samples: &VecDeque<Sample>, plot: Plot, rate: impl Fn(&Sample) -> f64) {
        let most = samples.iter().map(rate).fold(0.0, f64::max);
        if 0.5 <= most {
            let most = self.words.grouped(most.round() as u64);
            let says = self.words.at_most.replace("{n}", &most);
            let colours = (self.colours.soft, self.colours.paper);
            self.svg.text_over_lines(self.right, plot.top - 12.0, colours, Anchor::End, &says);
        }
    }

    /// A path without its way down at the end, where that is not the end of anything.
    fn open_end<'p>(&self, path: &'p str) -> &'p str {
        let end = if self.is_open { path.rfind('L') } else { None };
        &path[..end.unwrap_or(path.len())]
    }

    /// What is held, from end to end of the samples. It begins with nothing where nothing was
    /// loaded before.
    fn slopes(&self, samples: &VecDeque<Sample>, part: impl Fn(&Sample) -> f64) -> String {
        let mut path = String::new();
        for run in runs(samples) {
            let first = &run[0];
            let begins = if self.age(first.from) < self.span { 0.0 } else { part(first) };
            let (left, ends) = (self.x(first.from), self.x(run[run.len() - 1].to));
            svg::go(&mut path, 'M', left, MEMORY.bottom);
            svg::go(&mut path, 'L', left, MEMORY.y(begins));
            for sample in &run {
                svg::go(&mut path, 'L', self.x(sample.to), MEMORY.y(part(sample)));
            }
            svg::go(&mut path, 'L', ends, MEMORY.bottom);
        }
        path
    }

    /// What was done in each sample.
    fn steps(
        &self,
        samples: &VecDeque<Sample>,
        plot: Plot,
        part: impl Fn(&Sample) -> f64,
    ) -> String {
        let mut path = String::new();
        for run in runs(samples) {
            svg::go(&mut path, 'M', self.x(run[0].from), plot.bottom);
            let mut last = 0.0;
            for sample in &run {
                let part = part(sample);
                if f64::EPSILON < (part - last).abs() {
                    svg::go(&mut path, 'L', self.x(sample.from), plot.y(part));
                    last = part;
                }
                svg::go(&mut path, 'L', self.x(sample.to), plot.y(part));
            }
            svg::go(&mut path, 'L', self.x(run[run.len() - 1].to), plot.bottom);
        }
        path
    }

    /// A line down the plots for each mark, and a few words where there is room for them.
    fn marks(&mut self, marks: &[&Mark]) {
        let is_one = marks.windows(2).all(|two| two[0].model == two[1].model);
        let flags: Vec<Flag> =
            marks.iter().map(|it| Flag::new(it, self.x(it.at), is_one, self.words)).collect();
        let lanes = place(&flags, LANES, self.right);
        let top = |lane: Option<usize>| lane.map_or(MEMORY.top, |it| LANES_TOP + LANE * it as f64);
        for ((mark, flag), &lane) in marks.iter().zip(&flags).zip(&lanes) {
            let (what, time) = (mark.what.says(self.words), self.ago(self.age(mark.at)));
            let ago = self.words.ago.replace("{what}", &what).replace("{time}", &time);
            let says = format!("{}: {ago}", mark.model);
            self.svg.mark(&says, (flag.x, top(lane)), (flag.x, READ.bottom), self.colours.edge);
        }
        let Colours { ink, paper, .. } = self.colours;
        for (flag, lane) in flags.iter().zip(lanes).filter(|(_, lane)| lane.is_some()) {
            let (x, anchor) = flag.words_at(self.right);
            self.svg.text_over_lines(x, top(lane) + 11.0, (ink, paper), anchor, &flag.says);
        }
    }
}

impl Plot {
    /// Where this part of its height is.
    fn y(self, part: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * part
    }
}

/// Samples that follow each other without a gap.
fn runs(samples: &VecDeque<Sample>) -> Vec<Vec<Sample>> {
    let mut runs: Vec<Vec<Sample>> = Vec::new();
    for sample in samples {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|it| it.to == sample.from) => run.push(*sample),
            _ => runs.push(vec![*sample]),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
