//! What a fuzzer makes of the guard: its bytes decide what is offered to a board, and all that must hold is held to.

use super::board::{Board, whole};
use super::forged::{damage, forge, honest_beside, offer};
use super::plan::Plan;
use super::random::Random;

/// Updates offered to one board.
const UPDATES: usize = 150;

/// About so many bytes decide one step of honest people.
const BYTES_PER_STEP: usize = 8;

/// One run. The first byte says what the others are:
///
/// 0. updates as they stand, a length of one byte before each;
/// 1. choices of a forger, who knows the board and makes updates whose structure is right;
/// 2. choices of honest people, whose changes may be taken back but not refused;
/// 3. choices of somebody who damages the updates of honest people.
pub(in super::super) fn run(bytes: &[u8]) {
    let Some((&kind, bytes)) = bytes.split_first() else { return };
    let mut random = Random::scripted(bytes);
    match kind % 4 {
        0 => raw(bytes),
        1 => forged(&mut random),
        2 => honest(random, bytes.len() / BYTES_PER_STEP),
        _ => damaged(&mut random),
    }
}

fn raw(mut bytes: &[u8]) {
    let mut board = Board::new();
    while let Some((&length, rest)) = bytes.split_first() {
        let (update, rest) = rest.split_at(rest.len().min(usize::from(length)));
        offer(&mut board, 1, update, &mut Random::new(1));
        bytes = rest;
    }
    leave(&mut board);
}

fn forged(random: &mut Random) {
    let mut board = Board::new();
    for _ in 0..UPDATES {
        let author = if random.chance(95) { 1 } else { 2 };
        let bytes = forge(&board.index, random);
        offer(&mut board, author, &bytes, random);
        if random.is_spent() {
            break;
        }
    }
    leave(&mut board);
}

fn honest(mut random: Random, steps: usize) {
    let later = if random.chance(50) { 0 } else { 30 };
    let mut plan = Plan::of(random, 3, later);
    plan.run(steps.min(UPDATES));
    assert_eq!(plan.refused, Vec::<String>::new());
    plan.converged();
}

fn damaged(random: &mut Random) {
    let mut plan = Plan::new(random.below(64) as u64, 2, 0);
    plan.run(6);
    let mut updates: Vec<Vec<u8>> = plan.log.drain(..).map(|(_, update)| update).collect();
    updates.push(whole(&plan.board.doc));
    let mut board = Board::new();
    for _ in 0..UPDATES {
        if random.chance(50) {
            let update = random.pick(&updates).clone();
            offer(&mut board, 1, &update, random);
        }
        let bytes = damage(&updates, random);
        offer(&mut board, 1, &bytes, random);
        if random.is_spent() {
            break;
        }
    }
    leave(&mut board);
}

fn leave(board: &mut Board) {
    board.check();
    board.check_reload();
    honest_beside(board);
}

/// What the fuzzer found once, and where it begins.
#[test]
fn nothing_that_was_ever_found_does_harm() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");
    let mut runs = 0;
    for folder in ["seeds/guard", "finds/guard"] {
        let Ok(files) = std::fs::read_dir(format!("{root}/{folder}")) else { continue };
        for file in files {
            run(&std::fs::read(file.unwrap().path()).unwrap());
            runs += 1;
        }
    }
    assert!(runs > 0);
}
