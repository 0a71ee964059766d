//! Where a new prompt goes on from.

use std::time::Instant;

use super::{
    Begun, Common, Keep, Kept, Owner, RoomError, Row, Seat, Sequence, Sessions, Token, WhyRead,
    n_places,
};

/// Going on from a file takes as long as reading about so many tokens.
const WORTH_A_FILE: usize = 8;

/// A session of which only so many tokens are not wanted any more is cut and not shared: two that
/// are nearly alike are worth no more than one.
const NOT_WORTH_A_SESSION: usize = 4;

/// What begins like a prompt.
enum Source {
    /// A session in the cells.
    Row(Sequence),
    /// Something parked, by its index.
    Parked(usize),
}

impl Sessions<'_> {
    /// Finds what begins like the prompt and makes a session of it, with room for the whole
    /// prompt and one token more. `has_history`: the owner was answered before.
    pub fn begin(
        &mut self,
        (owner, keep): (Owner, Keep),
        prompt: &[Token],
        has_history: bool,
    ) -> Result<Begun, RoomError> {
        let is_new = has_history && owner != Owner::default() && !self.knows(owner);
        let n_live = match self.best(prompt, &mut None) {
            (Some(Source::Row(_)), common) => common.known.min(prompt.len()),
            _ => 0,
        };
        let parked = self.parking.best_kind(|tokens| self.common(tokens, prompt));
        // What was parked decides what cells hold, where most of the prompt is in it.
        let most = parked.filter(|&(_, n)| prompt.len() < 2 * n).map(|it| it.0);
        self.make_room_for(prompt.len() + 1, n_live, most)?;
        let mut why_read = None;
        let (seat, kept, n_known) = loop {
            let (source, common) = self.best(prompt, &mut why_read);
            match source {
                None => break (self.empty_seat(owner), Kept::default(), 0),
                Some(Source::Row(sequence)) => {
                    let (seat, kept) = self.go_on(sequence, common, owner, keep);
                    break (seat, kept, common.prompt);
                }
                Some(Source::Parked(idx)) => match self.take_up(idx, common, owner) {
                    Taken::Whole(seat, kept) => break (seat, kept, common.prompt),
                    Taken::NoRoom(seat) => break (seat, Kept::default(), 0),
                    Taken::Damaged => why_read = Some(WhyRead::Damaged),
                },
            }
        };
        // What was parked from cells of another kind is of no use now.
        let is_other = parked.is_some_and(|(_, n)| n_known + WORTH_A_FILE < n);
        let is_other = is_other && parked.map(|it| it.0) != self.made().map(|it| it.1);
        let is_lost = self.parking.take_lost(owner);
        if keep == Keep::Parked && owner != Owner::default() {
            self.parking.is_live(owner);
        }
        let why_read = why_read
            .or_else(|| is_lost.then_some(WhyRead::Lost))
            .or_else(|| is_other.then_some(WhyRead::OtherKind))
            .or_else(|| self.parking.gave_way(owner).then_some(WhyRead::GaveWay))
            .or_else(|| (is_new && keep == Keep::InMemory).then_some(WhyRead::Temporary))
            .or_else(|| is_new.then_some(WhyRead::NotSeen));
        self.rows[usize::from(seat.0.0)].keep = keep;
        let known = &self.row(&seat).tokens;
        let prompt: Vec<Token> = known.iter().chain(&prompt[n_known..]).copied().collect();
        self.clear_the_way(&seat, prompt.len() - self.held(&seat));
        Ok(Begun { seat, prompt, kept, why_read })
    }

    fn knows(&self, owner: Owner) -> bool {
        self.rows.iter().any(|row| row.owner == owner) || self.parking.knows(owner)
    }

    /// What has most in common with the prompt and can be gone on from.
    fn best(&self, prompt: &[Token], why: &mut Option<WhyRead>) -> (Option<Source>, Common) {
        let mut n_unusable = 0;
        // What is known of a text is of no use for less than its shortest usable beginning.
        let mut usable = |tokens: &[Token], shortest: usize| {
            let common = self.common(tokens, prompt);
            if shortest.min(tokens.len()) <= common.known {
                return common;
            }
            n_unusable = common.prompt.max(n_unusable);
            Common::default()
        };
        let mut row = (Sequence(0), Common::default());
        for sequence in self.sequences() {
            let it = &self.rows[usize::from(sequence.0)];
            let common = usable(&it.tokens, self.shortest(sequence));
            // Of two that are alike, one that need not be shared.
            let is_whole = !it.is_busy && common.known == it.tokens.len();
            if row.1.prompt < common.prompt || (row.1.prompt == common.prompt && is_whole) {
                row = (sequence, common);
            }
        }
        let shortest = if self.model.can_go_back() { 0 } else { usize::MAX };
        let parked = self.parking.best(|tokens| usable(tokens, shortest));
        let (source, common) = match parked {
            Some((idx, common)) if row.1.prompt + WORTH_A_FILE < common.prompt => {
                (Some(Source::Parked(idx)), common)
            }
            _ if 0 < row.1.known => (Some(Source::Row(row.0)), row.1),
            _ => (None, Common::default()),
        };
        if common.prompt < n_unusable {
            *why = why.or(Some(WhyRead::CannotGoBack));
        }
        (source, common)
    }

    /// How much of a session must be kept for it to be of use.
    fn shortest(&self, sequence: Sequence) -> usize {
        let context = self.context.as_ref().filter(|_| self.model.can_go_back());
        context.map_or(usize::MAX, |context| context.shortest(sequence))
    }

    /// Goes on in a session, or in another one that shares its beginning.
    fn go_on(&mut self, from: Sequence, common: Common, owner: Owner, keep: Keep) -> (Seat, Kept) {
        let used = self.tick();
        let row = &mut self.rows[usize::from(from.0)];
        let n_lost = row.tokens.len() - common.known;
        // What is to be parked stays as it is when what follows is not.
        let is_other = row.keep == Keep::Parked && keep != Keep::Parked;
        if row.is_busy || is_other || NOT_WORTH_A_SESSION < n_lost {
            return self.share(from, common.known, owner);
        }
        let kept = if row.owner == owner {
            Kept { live: common.known, ..Kept::default() }
        } else {
            Kept { shared: common.known, ..Kept::default() }
        };
        row.tokens.truncate(common.known);
        row.is_parked &= n_lost == 0;
        (row.owner, row.is_busy, row.used) = (owner, true, used);
        if let Some(context) = self.context.as_mut().filter(|_| 0 < n_lost) {
            context.cut(from, n_places(&row.tokens));
        }
        (Seat(from), kept)
    }

    fn share(&mut self, from: Sequence, n_tokens: usize, owner: Owner) -> (Seat, Kept) {
        let tokens = self.rows[usize::from(from.0)].tokens[..n_tokens].to_vec();
        // It is in use for this moment, so that it is not the one to make room.
        let was_busy = std::mem::replace(&mut self.rows[usize::from(from.0)].is_busy, true);
        let seat = self.empty_seat(owner);
        self.rows[usize::from(from.0)].is_busy = was_busy;
        if let Some(context) = &mut self.context {
            context.share(from, seat.0, n_places(&tokens));
        }
        self.rows[usize::from(seat.0.0)].tokens = tokens;
        (seat, Kept { shared: n_tokens, ..Kept::default() })
    }

    /// Takes up what was parked.
    fn take_up(&mut self, idx: usize, common: Common, owner: Owner) -> Taken {
        let began = Instant::now();
        let mut tokens = self.parking.tokens(idx).to_vec();
        let Ok(state) = self.parking.load(idx) else { return Taken::Damaged };
        let seat = self.empty_seat(owner);
        while !self.context.as_mut().is_some_and(|it| it.set_state(seat.0, &state)) {
            let kind = self.made().map(|it| it.1);
            // A context of another kind can't take it up.
            if self.make_room().is_err() || self.made().map(|it| it.1) != kind {
                return Taken::NoRoom(seat);
            }
        }
        let is_whole = common.known == tokens.len();
        tokens.truncate(common.known);
        if let Some(context) = self.context.as_mut().filter(|_| !is_whole) {
            context.cut(seat.0, n_places(&tokens));
        }
        let row = &mut self.rows[usize::from(seat.0.0)];
        (row.tokens, row.is_parked) = (tokens, is_whole);
        self.came_back += began.elapsed();
        Taken::Whole(seat, Kept { parked: common.known, ..Kept::default() })
    }

    /// A session with nothing in it. There are more sessions than answers at once, so there is
    /// always one that can be parked.
    fn empty_seat(&mut self, owner: Owner) -> Seat {
        let is_free = |row: &Row| !row.is_busy && row.tokens.is_empty();
        let free = self.rows.iter().position(is_free).map(|idx| Sequence(idx as u8));
        let sequence = free.or_else(|| self.longest_unused()).unwrap_or(Sequence(0));
        if free.is_none() {
            self.make_way(sequence);
        }
        let used = self.tick();
        let row = Row { owner, used, is_busy: true, ..Row::default() };
        self.rows[usize::from(sequence.0)] = row;
        Seat(sequence)
    }
}

/// How taking up what was parked went.
enum Taken {
    Whole(Seat, Kept),
    /// The context can't hold it; the session is empty.
    NoRoom(Seat),
    Damaged,
}
