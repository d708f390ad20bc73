//! Whatever people do and however they are cut off, all end with one board, and nobody's act vanishes unsaid.

use std::collections::BTreeSet;

use super::{relay::Judgement, room::Room};
use crate::{
    Event,
    testing::{Plan, Size, What},
};

/// Runs a plan to its end. How many acts were saved, and how many refused.
fn run(plan: &Plan, mut room: Room) -> (usize, usize) {
    let mut chance = plan.chance();
    let mut kept = BTreeSet::new();
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
                let Some(intent) = act.intent(&board, &mut chance) else { continue };
                // A refusal changes nothing, and an act that changes nothing is not kept.
                if let Ok(id) = room.pages[*page].replica.act(intent)
                    && room.pages[*page].replica.outbox().intents().any(|(kept, _)| kept == id)
                {
                    kept.insert((*page, id));
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
    let (mut saved, mut denied) = (BTreeSet::new(), BTreeSet::new());
    for page in 0..plan.pages {
        for event in room.events(page) {
            match event {
                Event::Saved { intents } => saved.extend(intents.into_iter().map(|id| (page, id))),
                Event::Denied { intents, .. } => denied.extend(intents.into_iter().map(|(id, _)| (page, id))),
                _ => {}
            }
        }
    }
    assert!(saved.is_disjoint(&denied));
    let told: BTreeSet<_> = saved.union(&denied).copied().collect();
    assert_eq!(told, kept);
    (saved.len(), denied.len())
}

fn seeds(default: u64) -> std::ops::Range<u64> {
    0..std::env::var("PLUMBLINE_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(default)
}

fn run_seeds(size: Size, count: u64, room: impl Fn() -> Room + std::panic::RefUnwindSafe) -> (usize, usize) {
    let (mut saved, mut denied) = (0, 0);
    for seed in seeds(count) {
        let plan = Plan::from_seed(seed, size);
        match std::panic::catch_unwind(|| run(&plan, room())) {
            Ok(more) => (saved, denied) = (saved + more.0, denied + more.1),
            Err(_) => panic!("seed {seed} fails; the plan:\n{plan}"),
        }
    }
    (saved, denied)
}

#[test]
fn any_plan_ends_with_one_board() {
    let (saved, denied) = run_seeds(Size { pages: 3, moves: 120 }, 150, || Room::new(3, 12, 3));
    println!("{saved} saved, {denied} denied");
    assert!(saved > 50 * denied);
}

#[test]
fn any_plan_ends_with_one_board_where_frames_are_refused() {
    let refusing = || {
        let mut room = Room::new(3, 12, 3);
        room.relay.judge = Some(Box::new(|before, after| {
            let forbidden = |name: &str| name.starts_with("Name ") && name.ends_with('3');
            let refused = after.projects.iter().any(|(id, project)| {
                forbidden(&project.name)
                    && before.projects.get(id).is_none_or(|before| before.name != project.name)
            });
            if refused { Judgement::Refuse } else { Judgement::Accept }
        }));
        room
    };
    let (saved, denied) = run_seeds(Size { pages: 3, moves: 160 }, 150, refusing);
    println!("{saved} saved, {denied} denied");
    assert!(denied > 10);
}

#[test]
fn a_long_plan_of_many_pages_ends_with_one_board() {
    run(&Plan::from_seed(99, Size { pages: 8, moves: 1_500 }), Room::new(8, 40, 6));
}
