//! Whatever people do and however they are cut off, all end with one board.

use std::collections::BTreeSet;

use super::room::Room;
use crate::testing::{Plan, Size, What};

fn run(plan: &Plan) {
    let mut room = Room::new(plan.pages, 12, 3);
    let mut chance = plan.chance();
    room.connect_all();
    room.settle();
    for (page, what) in &plan.moves {
        match what {
            What::Disconnect => room.disconnect(*page),
            What::Connect => room.connect(*page),
            What::Reload => room.reload(*page),
            What::Restart => (0..plan.pages).for_each(|page| room.disconnect(page)),
            What::Travel(frames) => room.travel(*frames, &mut chance),
            act => {
                let board = room.pages[*page].replica.board();
                if let Some(intent) = act.intent(&board, &mut chance) {
                    // A refusal changes nothing, which is what the end shows.
                    let _ = room.pages[*page].replica.act(intent);
                }
            }
        }
    }
    room.connect_all();
    room.settle();
    room.assert_agreement();
    let board = room.relay.board();
    let placed: Vec<_> = board.piles().into_values().flatten().collect();
    let once: BTreeSet<_> = placed.iter().copied().collect();
    assert_eq!(placed.len(), board.projects.len());
    assert_eq!(once.len(), board.projects.len());
}

#[test]
fn any_plan_ends_with_one_board() {
    let seeds = std::env::var("PLUMBLINE_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(150);
    for seed in 0..seeds {
        let plan = Plan::from_seed(seed, Size { pages: 3, moves: 120 });
        let ran = std::panic::catch_unwind(|| run(&plan));
        assert!(ran.is_ok(), "seed {seed} fails; the plan:\n{plan}");
    }
}

#[test]
fn a_long_plan_of_many_pages_ends_with_one_board() {
    run(&Plan::from_seed(99, Size { pages: 8, moves: 1_500 }));
}
