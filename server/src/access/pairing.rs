//! A phone that wants in: it shows the code that it scanned, and a person allows it on a page.
//!
//! There is one code at a time. It has 128 bits, is good for five minutes and used up by the first who
//! shows it; so wrong ones are counted only to keep the noise of guessing away from everybody else: an
//! address that guesses is not looked at for a minute, and others never wait for it.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};
use wick_protocol::{Asking, AskingId};

use super::token::{code, hash};
use crate::chats::Hash;

/// How long a code is good.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// How long a phone waits to be allowed.
const WAITS_FOR: Duration = Duration::from_mins(2);

/// How long a wrong code is remembered.
const REMEMBERED: Duration = Duration::from_mins(1);

/// Wrong codes of one address in that time, after which it is not looked at.
const MOST_WRONG: usize = 5;

/// Wrong codes of all addresses in that time, after which none that guessed is looked at.
const MOST_WRONG_OF_ALL: usize = 20;

/// Phones that wait at once.
const MOST_ASKING: usize = 4;

/// A handle on who wants in.
#[derive(Clone, Default)]
pub struct Pairing {
    state: Arc<Mutex<State>>,
    /// Others wait than before.
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    code: Option<(Hash, Instant)>,
    asking: Vec<(Asking, oneshot::Sender<bool>)>,
    last: i64,
    wrong: VecDeque<(Instant, IpAddr)>,
}

/// Why a phone is not let in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// There is no such code, or no more.
    #[error(
        "This code does not let anybody in any more. Show another one: Open on phone, in Wick's page on the computer"
    )]
    Code,
    /// Its address guessed before.
    #[error("Too many wrong codes came from here. Try again in a minute")]
    Guessing,
    /// Others wait already.
    #[error("Other phones wait to be let in. Allow them on the computer first")]
    Full,
    /// A person said no.
    #[error("This phone was not allowed")]
    Refused,
    /// Nobody said anything.
    #[error("Nobody allowed this phone within 2 minutes. Show another code")]
    Overdue,
}

impl Pairing {
    /// Makes a code, in place of the one before.
    pub fn new_code(&self) -> Result<String, getrandom::Error> {
        let code = code()?;
        self.state().code = Some((hash(&code), Instant::now()));
        Ok(code)
    }

    /// Lets nobody in with the code that was made last.
    pub fn forget_code(&self) {
        self.state().code = None;
    }

    /// Those who wait, the first one first.
    pub fn asking(&self) -> Vec<Asking> {
        self.state().asking.iter().map(|(it, _)| it.clone()).collect()
    }

    /// Wakes whoever waits for it when others wait to be let in than before.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Waits until a person allows who shows this code. `tell` is called when others wait than before.
    /// Dropping it is going away.
    pub async fn ask(
        &self,
        code: &str,
        name: String,
        address: IpAddr,
        tell: impl Fn(),
    ) -> Result<(), PairError> {
        let (id, answer) = self.begin(code, name, address)?;
        let waits = Waits { pairing: self, id, tell };
        waits.tell();
        match tokio::time::timeout(WAITS_FOR, answer).await {
            Ok(Ok(true)) => Ok(()),
            Ok(_) => Err(PairError::Refused),
            Err(_) => Err(PairError::Overdue),
        }
    }

    /// Allows one that waits, or not.
    pub fn answer(&self, id: AskingId, is_allowed: bool) {
        let mut state = self.state();
        let place = state.asking.iter().position(|(it, _)| it.id == id);
        if let Some((_, reply)) = place.map(|place| state.asking.remove(place)) {
            // It may have gone away.
            let _ = reply.send(is_allowed);
        }
    }

    fn begin(
        &self,
        code: &str,
        name: String,
        address: IpAddr,
    ) -> Result<(AskingId, oneshot::Receiver<bool>), PairError> {
        let now = Instant::now();
        let mut state = self.state();
        state.wrong.retain(|(then, _)| now.duration_since(*then) < REMEMBERED);
        let n_own = state.wrong.iter().filter(|(_, it)| *it == address).count();
        let is_known = 0 < n_own && MOST_WRONG_OF_ALL <= state.wrong.len();
        if MOST_WRONG <= n_own || is_known {
            return Err(PairError::Guessing);
        }
        let hash = hash(code);
        let is_right = |(right, made): &(Hash, Instant)| {
            *right == hash && now.duration_since(*made) < GOOD_FOR
        };
        if !state.code.as_ref().is_some_and(is_right) {
            if state.wrong.len() == MOST_REMEMBERED {
                state.wrong.pop_front();
            }
            state.wrong.push_back((now, address));
            return Err(PairError::Code);
        }
        if MOST_ASKING <= state.asking.len() {
            return Err(PairError::Full);
        }
        state.code = None;
        state.last += 1;
        let id = AskingId(state.last);
        let (reply, answer) = oneshot::channel();
        state.asking.push((Asking { id, name, address: address.to_string() }, reply));
        Ok((id, answer))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wrong codes that are remembered at once.
const MOST_REMEMBERED: usize = 256;

/// One that waits. Dropping it takes it away.
struct Waits<'a, F: Fn()> {
    pairing: &'a Pairing,
    id: AskingId,
    tell: F,
}

impl<F: Fn()> Waits<'_, F> {
    fn tell(&self) {
        self.pairing.changed.send_replace(());
        (self.tell)();
    }
}

impl<F: Fn()> Drop for Waits<'_, F> {
    fn drop(&mut self) {
        self.pairing.answer(self.id, false);
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 20));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 66));

    fn begin(pairing: &Pairing, code: &str, address: IpAddr) -> Result<AskingId, PairError> {
        pairing.begin(code, "Phone".into(), address).map(|it| it.0)
    }

    #[tokio::test]
    async fn a_person_allows_who_shows_the_code_and_the_code_is_used_up() {
        let pairing = Pairing::default();
        let code = pairing.new_code().expect("there are random numbers");
        let asks = pairing.ask(&code, "Phone".into(), PHONE, || ());
        let allows = async {
            let asking = pairing.asking();
            assert_eq!(asking.len(), 1);
            assert_eq!(begin(&pairing, &code, PHONE), Err(PairError::Code));
            pairing.answer(asking[0].id, true);
        };
        let (asked, ()) = tokio::join!(asks, allows);
        assert_eq!(asked, Ok(()));
        assert_eq!(pairing.asking(), []);
    }

    #[tokio::test]
    async fn who_is_refused_or_goes_away_waits_no_more() {
        let pairing = Pairing::default();
        let code = pairing.new_code().expect("there are random numbers");
        let asks = pairing.ask(&code, "Phone".into(), PHONE, || ());
        let refuses = async { pairing.answer(pairing.asking()[0].id, false) };
        assert_eq!(tokio::join!(asks, refuses).0, Err(PairError::Refused));
        let code = pairing.new_code().expect("there are random numbers");
        let mut asks = Box::pin(pairing.ask(&code, "Phone".into(), PHONE, || ()));
        assert!(futures_util::poll!(&mut asks).is_pending());
        assert_eq!(pairing.asking().len(), 1);
        drop(asks);
        assert_eq!(pairing.asking(), []);
    }

    #[test]
    fn who_guesses_is_not_looked_at_and_others_are() {
        let pairing = Pairing::default();
        let code = pairing.new_code().expect("there are random numbers");
        for _ in 0..MOST_WRONG {
            assert_eq!(begin(&pairing, "0", OTHER), Err(PairError::Code));
        }
        for _ in 0..10_000 {
            assert_eq!(begin(&pairing, "0", OTHER), Err(PairError::Guessing));
        }
        // Also of those who show the right one.
        assert_eq!(begin(&pairing, &code, OTHER), Err(PairError::Guessing));
        for n in 0..200 {
            let address = IpAddr::from([192, 168, 2, n]);
            assert_eq!(begin(&pairing, "0", address), Err(PairError::Code));
            assert_eq!(
                begin(&pairing, "0", address).is_err_and(|it| it == PairError::Guessing),
                7 <= n
            );
        }
        assert!(pairing.state().wrong.len() <= MOST_REMEMBERED);
        assert!(begin(&pairing, &code, PHONE).is_ok());
    }

    #[test]
    fn a_code_is_good_for_five_minutes_and_until_the_next_one() {
        let pairing = Pairing::default();
        let (old, new) = (pairing.new_code(), pairing.new_code());
        let (old, new) = (old.expect("there are some"), new.expect("there are some"));
        assert_eq!(begin(&pairing, &old, PHONE), Err(PairError::Code));
        if let Some((_, made)) = &mut pairing.state().code {
            *made -= GOOD_FOR;
        }
        assert_eq!(begin(&pairing, &new, PHONE), Err(PairError::Code));
    }
}
