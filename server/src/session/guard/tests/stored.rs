//! The index as it is stored.

use super::super::{Index, SERVER_CLIENT};
use super::board::{Board, Outcome, allow, apply, document, json, whole};
use super::plan::Plan;
use super::random::{Random, Seed, seeds};

#[test]
fn the_same_log_gives_the_same_bytes_from_its_start_and_from_any_snapshot() {
    for seed in seeds(60) {
        let _seed = Seed(seed);
        let mut plan = Plan::new(seed, 4, 0);
        plan.run(60);
        let mut random = Random::new(seed);
        let mut folded = Board::new();
        let snapshot = random.below(plan.log.len());
        let mut restored = None;
        for (position, (author, update)) in plan.log.iter().enumerate() {
            if position == snapshot {
                let doc = document(SERVER_CLIENT);
                apply(&doc, &whole(&folded.doc));
                restored = Some(Board { doc, index: Index::decode(&folded.index.encode()).unwrap() });
            }
            for board in [Some(&mut folded), restored.as_mut()].into_iter().flatten() {
                let outcome = board.offer(*author, update, &mut allow);
                assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
                board.check();
            }
        }
        let restored = restored.unwrap();
        assert_eq!(folded.index.encode(), restored.index.encode());
        assert!(folded.index == restored.index);
        assert_eq!(json(&folded.doc), json(&restored.doc));
        folded.check_reload();
    }
}

#[test]
fn a_damaged_index_is_an_error_or_an_index_and_never_a_panic() {
    let mut plan = Plan::new(1, 4, 0);
    plan.run(120);
    let good = plan.board.index.encode();
    assert!(Index::decode(&good).unwrap() == plan.board.index);
    let mut random = Random::new(1);
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..1 + random.below(3) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = random.next().to_le_bytes()[0],
                1 => bytes.truncate(at),
                _ => {
                    bytes.remove(at);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        if let Ok(index) = Index::decode(&bytes) {
            // Whatever it says, it can be asked and written.
            let again = Index::decode(&index.encode()).unwrap();
            assert!(again == index);
            let mut board = Board { doc: document(SERVER_CLIENT), index };
            for (_, update) in plan.log.iter().take(3) {
                let examined = super::super::examine(
                    &board.index,
                    &super::super::Ahead::default(),
                    super::super::Author(1),
                    update,
                    &super::board::LIMITS,
                    &mut 0,
                    &mut allow,
                );
                drop(examined);
            }
            board.index = Index::new();
        }
    }
}

#[test]
fn an_index_travels_in_cbor() {
    let mut plan = Plan::new(2, 2, 0);
    plan.run(30);
    let bytes = minicbor::to_vec(&plan.board.index).unwrap();
    let index: Index = minicbor::decode(&bytes).unwrap();
    assert!(index == plan.board.index);
    assert!(minicbor::decode::<Index>(&bytes[..bytes.len() - 1]).is_err());
}
