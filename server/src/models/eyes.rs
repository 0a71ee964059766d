//! Which file sees for which model: one in the same folder, made for a model as wide as this one, and
//! called like it, unless it is called like none.

use std::path::Path;

use super::catalogue::stem;

/// A file that sees.
#[derive(Clone, Copy, Debug)]
pub struct Eyes<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// The embedding length of its model; 0 when it does not say.
    pub width: u64,
}

/// Words in names that say nothing of a model.
const NO_NAMES: [&str; 9] = ["mmproj", "model", "ggml", "vision", "f16", "bf16", "f32", "q8", "0"];

/// A name that begins like another one for so many letters is of the same model.
const ALIKE: usize = 5;

/// What sees best for a model of this embedding length; none where nothing does.
pub fn best<'a>(model: &Path, width: u64, all: impl Iterator<Item = Eyes<'a>>) -> Option<&'a Path> {
    let name = letters(&stem(model));
    let fits = all.filter(|it| it.path.parent() == model.parent());
    let fits = fits.filter(|it| it.width == 0 || it.width == width);
    let alike = fits.filter_map(|it| {
        let own = letters(&stem(it.path));
        let n_alike = own.chars().zip(name.chars()).take_while(|(one, other)| one == other).count();
        let is_of_any = own.is_empty();
        (is_of_any || ALIKE.min(name.len()) <= n_alike).then_some((n_alike, it.path))
    });
    // Of two that are as much alike, the first by name.
    alike.max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(one.1))).map(|it| it.1)
}

/// A name without what says nothing, as letters and digits.
fn letters(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric());
    words.filter(|word| !NO_NAMES.contains(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(model: &str, all: &[(&str, u64)], expected: Option<&str>) {
        let eyes = all.iter().map(|&(path, width)| Eyes { path: Path::new(path), width });
        assert_eq!(best(Path::new(model), 576, eyes), expected.map(Path::new), "{model}");
    }

    #[test]
    fn what_sees_for_a_model_is_beside_it_and_fits() {
        let eyes = [("a/mmproj-SmolVLM-256M-Instruct-f16.gguf", 576), ("a/mmproj-F16.gguf", 2048)];
        check("a/SmolVLM-256M-Instruct-Q8_0.gguf", &eyes, Some(eyes[0].0));
        check("b/SmolVLM-256M-Instruct-Q8_0.gguf", &eyes, None);
        check("a/SmolLM2-135M-Instruct.Q4_1.gguf", &eyes, None);
        check("a/another-Q4_K_M.gguf", &eyes, None);
        check(
            "a/another-Q4_K_M.gguf",
            &[("a/mmproj-model-f16.gguf", 576)],
            Some("a/mmproj-model-f16.gguf"),
        );
        check("a/another-Q4_K_M.gguf", &[("a/mmproj-BF16.gguf", 0)], Some("a/mmproj-BF16.gguf"));
    }

    #[test]
    fn the_one_that_is_called_like_the_model_is_first() {
        let eyes = [
            ("mmproj-Q8_0.gguf", 576),
            ("mmproj-gemma-3-4b-it-f16.gguf", 576),
            ("gemma-3-12b-it-mmproj.gguf", 576),
        ];
        check("gemma-3-4b-it-Q4_K_M.gguf", &eyes, Some(eyes[1].0));
        check("gemma-3-12b-it-Q4_K_M.gguf", &eyes, Some(eyes[2].0));
        check("other.gguf", &eyes, Some(eyes[0].0));
    }
}
