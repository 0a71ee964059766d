//! The settings as they are written, and as they are meant.

use wick_protocol::{Sampling, SamplingError};

use crate::numbers;
use crate::wire::{decimal, from_decimal};
use crate::words;

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Temperature,
    TopK,
    TopP,
    MinP,
    RepeatPenalty,
    Seed,
    Longest,
    Stop,
    Format,
}

impl Field {
    /// Those of one line each, as they are shown.
    pub(crate) const ALL: [Self; 7] = [
        Self::Temperature,
        Self::TopK,
        Self::TopP,
        Self::MinP,
        Self::RepeatPenalty,
        Self::Seed,
        Self::Longest,
    ];

    /// As a person knows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Temperature => words::settings::temperature(),
            Self::TopK => "Top-k",
            Self::TopP => "Top-p",
            Self::MinP => "Min-p",
            Self::RepeatPenalty => words::settings::repeat_penalty(),
            Self::Seed => words::settings::seed(),
            Self::Longest => words::settings::longest(),
            Self::Stop => words::settings::stop(),
            Self::Format => words::settings::format(),
        }
    }

    /// The element's id.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Temperature => "temperature",
            Self::TopK => "top-k",
            Self::TopP => "top-p",
            Self::MinP => "min-p",
            Self::RepeatPenalty => "repeat-penalty",
            Self::Seed => "seed",
            Self::Longest => "longest",
            Self::Stop => "stop",
            Self::Format => "format",
        }
    }

    /// What it does, in a sentence.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Temperature => words::settings::about_temperature(),
            Self::TopK => words::settings::about_top_k(),
            Self::TopP => words::settings::about_top_p(),
            Self::MinP => words::settings::about_min_p(),
            Self::RepeatPenalty => words::settings::about_repeat_penalty(),
            Self::Seed => words::settings::about_seed(),
            Self::Longest => words::settings::about_longest(),
            Self::Stop => words::settings::about_stop(),
            Self::Format => words::settings::about_format(),
        }
    }

    /// What stands in the field when nothing is written there.
    pub(crate) fn when_empty(self) -> Option<&'static str> {
        match self {
            Self::Seed => Some(words::settings::another_seed()),
            Self::Longest => Some(words::settings::no_limit()),
            _ => None,
        }
    }

    /// Which keyboard a phone should raise.
    pub(crate) fn keyboard(self) -> &'static str {
        match self {
            Self::TopK | Self::Seed | Self::Longest => "numeric",
            _ => "decimal",
        }
    }
}

/// The settings as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    values: [String; 9],
}

impl From<&Sampling> for Form {
    fn from(sampling: &Sampling) -> Self {
        let or_nothing = |value: Option<u32>| value.map(|it| it.to_string()).unwrap_or_default();
        Self {
            values: [
                decimal(sampling.temperature),
                sampling.top_k.to_string(),
                decimal(sampling.top_p),
                decimal(sampling.min_p),
                decimal(sampling.repeat_penalty),
                or_nothing(sampling.seed),
                or_nothing(sampling.max_tokens),
                sampling.stop.join("\n"),
                sampling.format.clone(),
            ],
        }
    }
}

impl Form {
    /// What is written in a field.
    pub(crate) fn get(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    /// Writes into a field.
    pub(crate) fn set(&mut self, field: Field, value: String) {
        self.values[field as usize] = value;
    }

    /// What is meant, or what is wrong with each field that cannot be used.
    pub(crate) fn read(&self) -> Result<Sampling, Vec<(Field, String)>> {
        let mut sampling = Sampling::default();
        let mut troubles = Vec::new();
        let mut take = |field: Field, put: &dyn Fn(&mut Sampling) -> Result<(), String>| {
            // Alone among defaults, a value is the only thing that can be out of range.
            let mut alone = Sampling::default();
            let checked = put(&mut alone)
                .and_then(|()| alone.check().map_err(|err| says(field, &err)))
                .and_then(|()| put(&mut sampling));
            if let Err(trouble) = checked {
                troubles.push((field, trouble));
            }
        };
        take(Field::Temperature, &|it| put(&mut it.temperature, self.number(Field::Temperature)));
        take(Field::TopK, &|it| put(&mut it.top_k, self.whole(Field::TopK)));
        take(Field::TopP, &|it| put(&mut it.top_p, self.number(Field::TopP)));
        take(Field::MinP, &|it| put(&mut it.min_p, self.number(Field::MinP)));
        take(Field::RepeatPenalty, &|it| {
            put(&mut it.repeat_penalty, self.number(Field::RepeatPenalty))
        });
        take(Field::Seed, &|it| put(&mut it.seed, self.perhaps(Field::Seed)));
        take(Field::Longest, &|it| put(&mut it.max_tokens, self.perhaps(Field::Longest)));
        take(Field::Stop, &|it| {
            let lines = self.get(Field::Stop).lines().filter(|line| !line.is_empty());
            it.stop = lines.map(str::to_owned).collect();
            Ok(())
        });
        take(Field::Format, &|it| {
            put(&mut it.format, Ok(self.get(Field::Format).trim().to_owned()))
        });
        if troubles.is_empty() { Ok(sampling) } else { Err(troubles) }
    }

    fn number(&self, field: Field) -> Result<f32, String> {
        from_decimal(self.get(field).trim())
            .ok_or_else(|| words::settings::has_to_be_number(field.name()))
    }

    fn whole(&self, field: Field) -> Result<u32, String> {
        let value = self.get(field).trim().parse();
        value.map_err(|_| words::settings::has_to_be_whole(field.name()))
    }

    fn perhaps(&self, field: Field) -> Result<Option<u32>, String> {
        if self.get(field).trim().is_empty() { Ok(None) } else { self.whole(field).map(Some) }
    }
}

/// As the protocol says it. Its own `Display` would bring all of the formatting of floats.
fn says(field: Field, err: &SamplingError) -> String {
    match err {
        SamplingError::OutOfRange { value, low, high, .. } => {
            let [value, low, high] = [value, low, high].map(|it| numbers::decimal(*it));
            words::settings::out_of_range(field.name(), &value, &low, &high)
        }
        SamplingError::NoTokens => words::settings::no_tokens().into(),
        SamplingError::StopStrings { count, most, longest } => {
            let [count, most, longest] = [count, most, longest].map(ToString::to_string);
            words::settings::stop_strings(&count, &most, &longest)
        }
        SamplingError::Format { count, most } => {
            words::settings::long_format(&count.to_string(), &most.to_string())
        }
    }
}

fn put<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    value.map(|value| *place = value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_meant() {
        let sampling = Sampling {
            seed: Some(7),
            max_tokens: Some(512),
            stop: vec!["###".into(), " User:".into()],
            format: "{}".into(),
            ..Sampling::default()
        };
        assert_eq!(Form::from(&sampling).read(), Ok(sampling));
        assert_eq!(Form::from(&Sampling::default()).read(), Ok(Sampling::default()));
    }

    #[test]
    fn what_is_wrong_is_said_as_the_protocol_says_it() {
        let default = Sampling::default();
        let too_long = " ".repeat(Sampling::LONGEST_FORMAT) + "{";
        for (field, wrong) in [
            (Field::Temperature, Sampling { temperature: 5.5, ..default.clone() }),
            (Field::RepeatPenalty, Sampling { repeat_penalty: 0.05, ..default.clone() }),
            (Field::Longest, Sampling { max_tokens: Some(0), ..default.clone() }),
            (Field::Stop, Sampling { stop: vec![String::new()], ..default.clone() }),
            (Field::Format, Sampling { format: too_long, ..default }),
        ] {
            let err = wrong.check().expect_err("it is wrong");
            assert_eq!(says(field, &err), format!("{err}."));
        }
    }

    #[test]
    fn each_wrong_field_says_what_is_wrong() {
        let mut form = Form::from(&Sampling::default());
        form.set(Field::Temperature, "9".into());
        form.set(Field::TopK, "many".into());
        form.set(Field::MinP, "0,1".into());
        form.set(Field::Longest, "0".into());
        let troubles = form.read().expect_err("three are wrong");
        let expected = [
            (Field::Temperature, "Temperature is 9; it goes from 0 to 5."),
            (Field::TopK, "Top-k has to be a whole number."),
            (Field::Longest, "The longest answer is 0 tokens; it needs at least 1."),
        ];
        assert_eq!(troubles, expected.map(|(field, says)| (field, says.to_owned())));
    }
}
