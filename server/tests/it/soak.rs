//! A short form of `cargo xtask soak`.

use crate::cuts::{Dice, cut, kill};

#[tokio::test]
async fn no_cut_loses_a_word() {
    let Some(tally) = cut(14, 100, &mut Dice::new(0x5eed)).await else { return };
    assert_eq!(tally.n_cuts, 14);
}

#[tokio::test]
async fn a_server_that_is_killed_keeps_the_chats_whole() {
    let Some(tally) = kill(3, &mut Dice::new(0xdead)).await else { return };
    assert_eq!(tally.n_cuts, 3);
}
