//! Memory for another model: what rests gives way to it, by bytes and not by count, and what
//! writes is waited for.

use std::collections::VecDeque;
use std::io;
use std::time::Instant;

use super::Supervisor;
use crate::engine::child::Child;
use crate::engine::frame::{Load, ToWorker};
use crate::engine::history::End;
use crate::engine::memory::{self, Resident, readable};
use crate::engine::refusal::refusal;
use crate::engine::running::{Asked, Running};
use crate::engine::{EngineError, ModelFile};

impl Supervisor {
    /// Answers whose model is not loaded yet: loads it as soon as there is memory for it.
    pub(super) async fn serve_waiting(&mut self) {
        while let Some(first) = self.waiting.front() {
            let (model, anyway) = (first.request.model.clone(), first.request.anyway);
            let memory = self.memory_of(&model);
            if let Some(running) = running_with(&mut self.running, &model) {
                if let Some(asked) = self.waiting.pop_front() {
                    running.give(asked, memory).await;
                }
                continue;
            }
            // What is ending gives its memory back and may be parking what this model knew.
            if self.is_ending() {
                return;
            }
            if let Some(idx) = self.running.iter().position(|it| it.model.path == model.path) {
                // The file was changed.
                if self.running[idx].is_idle() {
                    self.end(idx, End::Changed, None);
                }
                return;
            }
            match self.room_for(&model, anyway) {
                Room::Enough => {
                    if let Err(err) = self.start(&model).await {
                        self.refuse(&model, &err);
                    }
                }
                Room::After(these) => {
                    // From the last on, so that the indices stay right.
                    for idx in these {
                        self.rest(idx, End::MadeRoom, &format!(" to make room for {}", model.name));
                    }
                    return;
                }
                Room::Later => return,
                Room::TooLittle(free) => {
                    let is_set = memory::available().is_some_and(|all| free < all)
                        && self.settings.memory.is_some();
                    let cells = self.settings.cells;
                    let sentence = refusal(&model.name, &model.need, cells, free, is_set);
                    let err = EngineError::NoMemory(sentence);
                    self.refuse(&model, &err);
                }
            }
        }
    }

    /// Bytes that the process of this model may have: what the others leave of the limit that was
    /// set.
    pub(super) fn memory_of(&self, model: &ModelFile) -> Option<u64> {
        let limit = self.settings.memory?;
        let others = self.running.iter().filter(|it| it.model.path != model.path);
        let held = others.filter_map(Running::resident).map(Resident::total).sum();
        Some(limit.saturating_sub(held))
    }

    /// Room with the best kind of cells for which there is some.
    fn room_for(&self, model: &ModelFile, anyway: bool) -> Room {
        let cells = self.settings.cells;
        let needs = model.need.kinds(cells).map(|kind| model.need.to_begin(cells, kind));
        let needs: Vec<u64> = needs.collect();
        let fits = |&need: &u64| {
            let room = self.room_for_bytes(need, false);
            (!matches!(room, Room::TooLittle(_))).then_some(room)
        };
        let least = needs.iter().copied().min().unwrap_or(0);
        needs.iter().find_map(fits).unwrap_or_else(|| self.room_for_bytes(least, anyway))
    }

    /// Both the system and the limit that was set must have room.
    fn room_for_bytes(&self, need: u64, anyway: bool) -> Room {
        let held = |bytes: fn(Resident) -> u64| -> Vec<Held> {
            let of = |it: &Running| {
                let bytes = it.resident().map_or(0, bytes);
                Held { bytes, is_idle: it.is_idle(), used: it.used() }
            };
            self.running.iter().map(of).collect()
        };
        // What a process uses in files is the system's to take anyway.
        let own = held(|resident| resident.anonymous);
        let of_system = memory::available().map(|free| room(need, free, &own, anyway));
        let all = held(Resident::total);
        let n_bytes = all.iter().map(|it| it.bytes).sum();
        let limit = self.settings.memory.map(|limit| limit.saturating_sub(n_bytes));
        let of_limit = limit.map(|left| room(need, left, &all, anyway));
        let rooms = [of_system, of_limit].into_iter().flatten();
        rooms.max_by_key(Room::how_little).unwrap_or(Room::Enough)
    }

    /// Tells everybody who waits for this model why they wait in vain.
    fn refuse(&mut self, model: &ModelFile, err: &EngineError) {
        tracing::warn!("{err}");
        let (refused, left): (VecDeque<Asked>, _) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|asked| asked.request.model.path == model.path);
        self.waiting = left;
        for asked in refused {
            let _ = asked.events.send(Err(err.clone()));
        }
    }

    async fn start(&mut self, model: &ModelFile) -> Result<(), EngineError> {
        if let Some(wait) = self.crashes.wait(&model.path, Instant::now()) {
            return Err(EngineError::Failed(format!(
                "{} ended the engine 3 times within a minute. It is left alone for {} seconds; \
                 choose another model or try again then",
                model.name,
                wait.as_secs().max(1)
            )));
        }
        let failed =
            |err: io::Error| EngineError::Failed(format!("The engine did not start: {err}"));
        let mut child =
            Child::start(&self.settings.program, self.frames_sender.clone()).map_err(failed)?;
        let load = Load {
            path: model.path.clone(),
            eyes: model.eyes.clone(),
            threads: self.settings.threads,
            context_idle: self.settings.context_idle,
            cells: self.settings.cells,
            when_full: self.settings.when_full,
            need: model.need.clone(),
            is_caged: self.settings.is_caged,
            parking: self.settings.parking.clone(),
        };
        child.send(&ToWorker::Load(load)).await.map_err(failed)?;
        tracing::info!("loading {} ({})", model.name, readable(model.bytes));
        if !self.settings.is_caged {
            tracing::warn!("{}: the engine is not caged, as --no-cage says", model.name);
        }
        self.history.begin(Instant::now());
        self.running.push(Running::new(model.clone(), child, self.settings.cells));
        self.receipt = None;
        Ok(())
    }
}

/// The process of this very model, from now on the one that was asked last.
pub(super) fn running_with<'r>(
    running: &'r mut Vec<Running>,
    model: &ModelFile,
) -> Option<&'r mut Running> {
    let is_it = |it: &Running| {
        let (one, other) = (&it.model, model);
        one.path == other.path && one.bytes == other.bytes && one.eyes == other.eyes
    };
    let idx = running.iter().position(is_it)?;
    let asked = running.remove(idx);
    running.push(asked);
    running.last_mut()
}

/// What a process holds.
struct Held {
    bytes: u64,
    is_idle: bool,
    used: Instant,
}

/// Whether there is memory for another model.
#[derive(Debug, PartialEq, Eq)]
enum Room {
    Enough,
    /// When these have ended, highest index first.
    After(Vec<usize>),
    /// When answers that are being written have ended.
    Later,
    /// Only so many bytes, even if all that rests ended.
    TooLittle(u64),
}

impl Room {
    /// More for less room, such that of two the larger holds for both.
    fn how_little(&self) -> u64 {
        match self {
            Self::Enough => 0,
            Self::After(these) => these.len() as u64,
            Self::Later => 1 << 63,
            Self::TooLittle(free) => u64::MAX - (free >> 1),
        }
    }
}

/// What can be done for a model that needs more than is free. Of those that rest, the ones that
/// were used longest ago end first, and no more than it takes.
fn room(need: u64, free: u64, held: &[Held], anyway: bool) -> Room {
    if need <= free {
        return Room::Enough;
    }
    let mut idle: Vec<usize> = (0..held.len()).filter(|&idx| held[idx].is_idle).collect();
    idle.sort_by_key(|&idx| held[idx].used);
    let mut could_be_free = free;
    let mut n_ended = 0;
    while could_be_free < need && n_ended < idle.len() {
        could_be_free = could_be_free.saturating_add(held[idle[n_ended]].bytes);
        n_ended += 1;
    }
    let all = held.iter().fold(free, |sum, it| sum.saturating_add(it.bytes));
    if could_be_free < need && need <= all {
        return Room::Later;
    }
    if could_be_free < need && !anyway {
        return Room::TooLittle(could_be_free);
    }
    idle.truncate(n_ended);
    idle.sort_unstable_by(|a, b| b.cmp(a));
    if idle.is_empty() { Room::Enough } else { Room::After(idle) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Processes by their bytes, whether they rest, and the order in which they were used.
    fn check(need: u64, free: u64, held: &[(u64, bool, u64)], anyway: bool) -> Room {
        let began = Instant::now();
        let held: Vec<Held> = held
            .iter()
            .map(|&(bytes, is_idle, used)| Held {
                bytes,
                is_idle,
                used: began + Duration::from_secs(used),
            })
            .collect();
        room(need, free, &held, anyway)
    }

    #[test]
    fn the_one_used_longest_ago_gives_way_first_and_no_more_than_it_takes() {
        let held = [(100, true, 2), (200, true, 1), (400, true, 3)];
        assert_eq!(check(250, 100, &held, false), Room::After(vec![1]));
        assert_eq!(check(400, 100, &held, false), Room::After(vec![1, 0]));
        assert_eq!(check(401, 100, &held, false), Room::After(vec![2, 1, 0]));
    }

    #[test]
    fn what_writes_is_waited_for_and_not_taken_away() {
        let held = [(100, true, 1), (300, false, 2)];
        assert_eq!(check(200, 100, &held, false), Room::After(vec![0]));
        assert_eq!(check(201, 100, &held, false), Room::Later);
        assert_eq!(check(201, 100, &held, true), Room::Later);
    }

    #[test]
    fn of_two_rooms_the_smaller_one_holds() {
        let rooms = [Room::TooLittle(9), Room::TooLittle(10), Room::Later, Room::After(vec![1, 0])];
        let all = rooms.into_iter().chain([Room::After(vec![0]), Room::Enough]);
        assert!(all.is_sorted_by_key(|it| std::cmp::Reverse(it.how_little())));
    }

    #[test]
    fn what_can_never_fit_ends_nothing_unless_a_person_wants_it() {
        let held = [(100, true, 1), (300, false, 2)];
        assert_eq!(check(501, 100, &held, false), Room::TooLittle(200));
        assert_eq!(check(501, 100, &held, true), Room::After(vec![0]));
        assert_eq!(check(501, 100, &[(300, false, 2)], true), Room::Enough);
    }
}
