//! Which model files there are in the model folders.
//!
//! Models are named by ids of this list. What a page sends is looked up here and never used as
//! a path.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wick_protocol::{Fit, Model, ModelId, Template};

use super::eyes::{self, Eyes};
use super::gguf::{Header, HeaderError};
use super::loads::Loads;
use crate::engine::{Cells, ModelFile, Need, Took};

/// Folders inside folders are looked into this deep, as others sort models by publisher.
const DEEPEST: usize = 4;

/// The most files that are listed.
const MOST_FILES: usize = 1000;

/// The model files of some folders.
pub struct Catalogue {
    folders: Vec<PathBuf>,
    /// How contexts are made.
    cells: Cells,
    entries: Vec<Entry>,
    loads: Loads,
    /// Bytes of memory that a model could have at the last look.
    free: Option<u64>,
}

struct Entry {
    path: PathBuf,
    /// Size and time: while they stay, the header is not read again.
    stamp: Stamp,
    model: Model,
    need: Need,
    /// The embedding length of the model that it sees for, where it is no model itself.
    sees_for: Option<u64>,
    /// What sees for it.
    eyes: Option<PathBuf>,
}

type Stamp = (u64, Option<SystemTime>);

impl Catalogue {
    /// Nothing is read before [`Catalogue::look`]. Contexts are made with these cells.
    pub fn new(folders: Vec<PathBuf>, cells: Cells) -> Self {
        Self { folders, cells, entries: Vec::new(), loads: Loads::default(), free: None }
    }

    /// What loads took, to be kept.
    pub fn loads(&self) -> &Loads {
        &self.loads
    }

    /// Knows from now on what was kept.
    pub fn remember(&mut self, loads: Loads) {
        self.loads = loads;
    }

    /// Knows from now on what a load of this file of so many bytes took.
    pub fn learn(&mut self, path: &Path, bytes: u64, took: Took) {
        let is_it = |it: &&mut Entry| it.path == path && it.need.file_bytes == bytes;
        if let Some(entry) = self.entries.iter_mut().find(is_it) {
            entry.need.took = Some(took);
            self.loads.add(path, bytes, took);
        }
    }

    /// Where is looked, to be shown.
    pub fn folders(&self) -> Vec<String> {
        self.folders.iter().map(|folder| folder.display().to_string()).collect()
    }

    /// Looks again. Headers of files that did not change are not read again. A model could have
    /// `free` bytes of memory, as far as that is known.
    pub fn look(&mut self, free: Option<u64>) {
        let mut known: HashMap<PathBuf, Entry> =
            self.entries.drain(..).map(|entry| (entry.path.clone(), entry)).collect();
        let mut paths = Vec::new();
        for folder in &self.folders {
            find(folder, DEEPEST, &mut paths);
        }
        paths.sort();
        paths.dedup();
        for path in paths.into_iter().filter(|path| !is_later_part(path)) {
            let Some(stamp) = stamp(&path) else { continue };
            let entry = match known.remove(&path) {
                Some(entry) if entry.stamp == stamp => entry,
                _ => {
                    let (model, need, sees_for) = read(&path, stamp.0);
                    Entry { path, stamp, model, need, sees_for, eyes: None }
                }
            };
            self.entries.push(entry);
        }
        self.name_apart();
        self.give_eyes();
        self.free = free;
        self.loads.keep(|path, bytes| {
            self.entries.iter().any(|it| it.path == path && it.need.file_bytes == bytes)
        });
        for entry in &mut self.entries {
            entry.need.took = self.loads.of(&entry.path, entry.need.file_bytes);
        }
    }

    /// The models, sorted by name.
    pub fn models(&self) -> Vec<Model> {
        let model = |entry: &Entry| {
            let free = self.free.filter(|_| entry.model.trouble.is_none());
            let fit = free.map(|free| Fit { need: entry.need.where_free(self.cells, free), free });
            let room = self
                .cells
                .pinned
                .map_or(entry.model.context, |it| u32::try_from(it).unwrap_or(u32::MAX));
            Model { fit, room, ..entry.model.clone() }
        };
        let used = |it: &Entry| self.entries.iter().any(|all| all.eyes.as_ref() == Some(&it.path));
        let shown = self.entries.iter().filter(|it| it.sees_for.is_none() || !used(it));
        let mut models: Vec<Model> = shown.map(model).collect();
        models.sort_by_key(|model| (model.name.to_lowercase(), model.id.clone()));
        models
    }

    /// When the file of a model was changed, as far as the system says.
    pub fn changed(&self, id: &ModelId) -> Option<SystemTime> {
        self.entries.iter().find(|entry| entry.model.id == *id)?.stamp.1
    }

    /// The file of a model, read again where it changed since it was listed. An error is a
    /// sentence for people.
    pub fn usable(&mut self, id: &ModelId) -> Result<ModelFile, String> {
        let gone =
            || "The model is not in the model folders any more. Choose another one".to_owned();
        let entry = self.entries.iter_mut().find(|entry| entry.model.id == *id).ok_or_else(gone)?;
        let stamp = stamp(&entry.path).ok_or_else(gone)?;
        if stamp != entry.stamp {
            entry.stamp = stamp;
            let (model, need, sees_for) = read(&entry.path, stamp.0);
            (entry.need, entry.sees_for) = (need, sees_for);
            entry.model = Model { id: id.clone(), sees: entry.model.sees, ..model };
        }
        let eyes = entry.eyes.clone().filter(|it| it.is_file());
        checked(&entry.path, eyes, entry.model.clone(), entry.need.clone())
    }

    /// Finds out what sees for each model.
    fn give_eyes(&mut self) {
        let of = |it: &Entry| Some((it.path.clone(), it.sees_for?));
        let all: Vec<(PathBuf, u64)> = self.entries.iter().filter_map(of).collect();
        for entry in self.entries.iter_mut().filter(|it| it.sees_for.is_none()) {
            let eyes = all.iter().map(|(path, width)| Eyes { path, width: *width });
            let width = entry.need.shape.as_ref().map(|shape| shape.embedding_length);
            let best = width.and_then(|width| eyes::best(&entry.path, width, eyes));
            entry.eyes = best.map(Path::to_owned);
            entry.model.sees = entry.eyes.is_some();
        }
    }

    /// An id is the file's name; where two folders have the same one, a number follows.
    fn name_apart(&mut self) {
        let mut seen: HashMap<String, u32> = HashMap::new();
        for entry in &mut self.entries {
            let times = seen.entry(entry.model.file.clone()).or_default();
            *times += 1;
            entry.model.id = ModelId(match times {
                1 => entry.model.file.clone(),
                times => format!("{} ({times})", entry.model.file),
            });
        }
    }
}

/// The model of a file that a person names, wherever it is, and the tokens that it was trained to
/// look back on. An error is a sentence for people.
pub fn named(path: &Path) -> Result<(ModelFile, u32), String> {
    let no_file = || format!("{} is no file", path.display());
    let (bytes, _) = stamp(path).ok_or_else(no_file)?;
    let (model, need, _) = read(path, bytes);
    let context = model.context;
    Ok((checked(path, None, model, need)?, context))
}

fn checked(
    path: &Path,
    eyes: Option<PathBuf>,
    model: Model,
    need: Need,
) -> Result<ModelFile, String> {
    let Model { id, name, bytes, trouble, file, .. } = model;
    match trouble {
        Some(trouble) => Err(format!("{file} can't be used. {trouble}")),
        None => Ok(ModelFile { id, name, path: path.to_owned(), eyes, bytes, need }),
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let facts = fs::metadata(path).ok()?;
    facts.is_file().then(|| (facts.len(), facts.modified().ok()))
}

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if MOST_FILES <= found.len() {
            return;
        }
        if path.is_dir() {
            if 0 < depth {
                find(&path, depth - 1, found);
            }
        } else if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("gguf")) {
            found.push(path);
        }
    }
}

/// Models in several files are named `…-00001-of-00003.gguf`; llama.cpp finds the others.
fn is_later_part(path: &Path) -> bool {
    part(path).is_some_and(|(_, number, _)| number != 1)
}

/// The name, the number and the count of a part.
fn part(path: &Path) -> Option<(&str, u32, u32)> {
    let stem = path.file_stem()?.to_str()?;
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (name, number) = rest.rsplit_once('-')?;
    Some((name, number.parse().ok()?, count.parse().ok()?))
}

/// A model, and what is known of the memory that it needs; of a file that sees for one, the embedding
/// length of that one.
fn read(path: &Path, bytes: u64) -> (Model, Need, Option<u64>) {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut sees_for = None;
    let (header, trouble) = match Header::read(path) {
        Ok(header) => {
            let trouble = missing_part(path, header.n_parts);
            (header, trouble)
        }
        Err(err) => {
            if let HeaderError::Eyes { width } = err {
                sees_for = Some(width);
            }
            (Header::default(), Some(err.to_string()))
        }
    };
    let bytes = bytes + later_parts(path).map(|(_, bytes)| bytes.unwrap_or(0)).sum::<u64>();
    let trained = header.context as usize;
    let need = Need { file_bytes: bytes, trained, shape: header.shape, took: None };
    let model = Model {
        id: ModelId(file.clone()),
        name: name(path, header.quantisation),
        file,
        bytes,
        quantisation: header.quantisation.unwrap_or("unknown").to_owned(),
        parameters: header.size_label,
        context: header.context,
        room: header.context,
        template: if header.has_template { Template::InFile } else { Template::ChatMl },
        usual: header.usual,
        trouble,
        fit: None,
        sees: false,
    };
    (model, need, sees_for)
}

/// The file's name without what is shown beside it: the quantisation and the number of the part.
/// What headers call models is often the name of a training run.
fn name(path: &Path, quantisation: Option<&str>) -> String {
    let stem = stem(path);
    let whole = part(path).map_or(&*stem, |(name, _, _)| name);
    let without = quantisation.and_then(|quantisation| {
        let at = whole.len().checked_sub(quantisation.len())?;
        let is_there = whole.get(at..)?.eq_ignore_ascii_case(quantisation);
        is_there.then(|| whole[..at].trim_end_matches(['.', '-', '_', ' ']))
    });
    without.filter(|name| !name.is_empty()).unwrap_or(whole).to_owned()
}

/// The file's name without its ending.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn missing_part(path: &Path, n_parts: u32) -> Option<String> {
    if 1 < n_parts && part(path).is_none() {
        return Some(format!("This is one of {n_parts} parts and has lost its number"));
    }
    let (missing, _) = later_parts(path).find(|(_, bytes)| bytes.is_none())?;
    Some(format!("A part is missing: {missing}"))
}

/// The names of the other files of a model, and their sizes where they are there.
fn later_parts(path: &Path) -> impl Iterator<Item = (String, Option<u64>)> {
    let (name, _, count) = part(path).unwrap_or(("", 1, 1));
    (2..=count.min(1000)).map(move |number| {
        let file = format!("{name}-{number:05}-of-{count:05}.gguf");
        let bytes = fs::metadata(path.with_file_name(&file)).ok().map(|facts| facts.len());
        (file, bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_looked_into_and_what_is_no_model_says_so() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let inner = folder.path().join("publisher");
        fs::create_dir(&inner).expect("it is new");
        fs::write(inner.join("a.gguf"), "not one").expect("it is small");
        fs::write(folder.path().join("a.gguf"), "not one either").expect("it is small");
        fs::write(folder.path().join("notes.txt"), "text").expect("it is small");
        let mut catalogue = Catalogue::new(vec![folder.path().to_owned()], Cells::default());
        catalogue.look(Some(u64::MAX));
        let models = catalogue.models();
        let ids: Vec<&str> = models.iter().map(|model| model.id.0.as_str()).collect();
        assert_eq!(ids, ["a.gguf", "a.gguf (2)"]);
        assert_eq!(models[0].trouble.as_deref(), Some("This is not a GGUF file"));
        assert_eq!((models[0].context, models[0].room), (0, 0));
        let err = catalogue.usable(&models[0].id).expect_err("it is none");
        assert_eq!(err, "a.gguf can't be used. This is not a GGUF file");
    }

    #[test]
    fn a_chat_has_the_room_that_was_set() {
        let folder = tempfile::tempdir().expect("there is a folder for it");
        fs::write(folder.path().join("a.gguf"), "not one").expect("it is small");
        let cells = Cells { pinned: Some(512), ..Cells::default() };
        let mut catalogue = Catalogue::new(vec![folder.path().to_owned()], cells);
        catalogue.look(None);
        assert_eq!(catalogue.models()[0].room, 512);
    }

    #[test]
    fn an_id_is_never_a_path() {
        let mut catalogue = Catalogue::new(vec![], Cells::default());
        for id in ["../../etc/passwd", "/etc/passwd", "a\0b", ""] {
            assert!(catalogue.usable(&ModelId(id.into())).is_err());
        }
    }

    #[test]
    fn a_model_is_called_what_its_file_is_called() {
        let name = |file: &str, quantisation| name(Path::new(file), quantisation);
        assert_eq!(name("Smol-135M-Instruct.Q4_1.gguf", Some("Q4_1")), "Smol-135M-Instruct");
        assert_eq!(name("gemma-3-270m-q4_k_m.gguf", Some("Q4_K_M")), "gemma-3-270m");
        assert_eq!(name("big-Q8_0-00001-of-00003.gguf", Some("Q8_0")), "big");
        assert_eq!(name("Q8_0.gguf", Some("Q8_0")), "Q8_0");
        assert_eq!(name("é.gguf", Some("Q8_0")), "é");
        assert_eq!(name("odd.gguf", None), "odd");
    }

    #[test]
    fn parts_are_known_by_their_names() {
        let part = |name: &'static str| part(Path::new(name));
        assert_eq!(part("m-00002-of-00003.gguf"), Some(("m", 2, 3)));
        assert_eq!(part("out-of-the-box.gguf"), None);
    }
}
