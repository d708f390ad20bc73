//! How long it takes, on a board of 500 projects with 12 fields each. Run by hand, in release:
//! `cargo test --release -p plumbline guard::tests::speed -- --ignored --nocapture`

use std::hint::black_box;
use std::time::{Duration, Instant};

use yrs::{Any, Map, MapPrelim, ReadTxn, Text, TextPrelim, Transact, WriteTxn};

use super::super::{Ahead, Author, Examined, Index, examine};
use super::board::{Board, LIMITS, Outcome, allow, apply, document, whole};
use super::text::woven;

const FIELDS: [&str; 12] = [
    "name",
    "summary",
    "sponsor",
    "owner",
    "origin",
    "cost",
    "people",
    "reference",
    "more",
    "added_by",
    "k",
    "l",
];

fn report(what: &str, times: u32, started: Instant) {
    let each = started.elapsed() / times;
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{what:<46} {each:?}\n"));
}

fn large_board() -> Board {
    let mut board = Board::new();
    board.write(|txn| {
        let projects = txn.get_or_insert_map("projects");
        let placements = txn.get_or_insert_map("placements");
        for n in 0..500 {
            let id = format!("01890000-0000-7000-8000-{n:012}");
            let project = projects.insert(txn, id.clone(), MapPrelim::default());
            for field in FIELDS {
                project.insert(txn, field, format!("{field} of {n}"));
            }
            placements.insert(txn, id, Any::from(vec![Any::from("off"), Any::from("a0")]));
        }
    });
    board
}

#[test]
#[ignore = "a measurement, not a test"]
fn how_long_it_takes() {
    let mut board = large_board();
    let page = document(7);
    apply(&page, &whole(&board.doc));
    let placements = page.get_or_insert_map("placements");
    let mut moves = Vec::new();
    for n in 0..20_000u64 {
        let mut txn = page.transact_mut();
        let id = format!("01890000-0000-7000-8000-{:012}", n * 7919 % 500);
        placements.insert(&mut txn, id, Any::from(vec![Any::from("pillar-1"), Any::from(format!("a{n}"))]));
        moves.push(txn.encode_update_v1());
    }
    let started = Instant::now();
    for _ in 0..20_000 {
        black_box(examine(
            &board.index,
            &Ahead::default(),
            Author(1),
            black_box(&moves[0]),
            &LIMITS,
            &mut 0,
            &mut allow,
        ));
    }
    report("a placement, examined", 20_000, started);

    let mut ahead = Ahead::default();
    let started = Instant::now();
    for update in &moves[..1_000] {
        let Examined::Pass(admitted) =
            examine(&board.index, &ahead, Author(1), update, &LIMITS, &mut 0, &mut allow)
        else {
            panic!()
        };
        ahead.push(&admitted.delta);
    }
    report("a placement, pre-checked 0 to 1,000 ahead", 1_000, started);

    let started = Instant::now();
    for update in &moves {
        assert!(matches!(board.offer(1, update, &mut allow), Outcome::Applied(_)));
    }
    report("a placement, examined, applied, absorbed", 20_000, started);

    let known = whole(&page);
    let started = Instant::now();
    for _ in 0..100 {
        assert!(matches!(
            examine(
                &board.index,
                &Ahead::default(),
                Author(1),
                black_box(&known),
                &LIMITS,
                &mut 0,
                &mut allow
            ),
            Examined::Nothing
        ));
    }
    report(&format!("the whole board again, {} bytes", known.len()), 100, started);

    let started = Instant::now();
    let bytes = board.index.encode();
    report(&format!("the index written, {} bytes", bytes.len()), 1, started);
    let started = Instant::now();
    black_box(Index::decode(&bytes).unwrap());
    report("the index read", 1, started);

    let notes = page.get_or_insert_map("notes");
    let text = notes.insert(&mut page.transact_mut(), "n", TextPrelim::new(""));
    let sv = board.doc.transact().state_vector();
    let made = page.transact().encode_state_as_update_v1(&sv);
    assert!(matches!(board.offer(1, &made, &mut allow), Outcome::Applied(_)));
    let mut keys = Vec::new();
    for n in 0..2_000 {
        let mut txn = page.transact_mut();
        text.insert(&mut txn, n / 2, "x");
        keys.push(txn.encode_update_v1());
    }
    let started = Instant::now();
    for update in &keys {
        assert!(matches!(board.offer(1, update, &mut allow), Outcome::Applied(_)));
    }
    report("a letter in a text, all of it", 2_000, started);

    let mut board = Board::new();
    let (mut first, mut count, mut worst) = (0, 1_024, Duration::ZERO);
    while count > 0 {
        let frame = woven(first, count);
        let started = Instant::now();
        match board.offer(1, &frame, &mut allow) {
            Outcome::Applied(_) => {
                first += count;
                worst = worst.max(started.elapsed());
            }
            _ => count /= 2,
        }
    }
    let _ = std::io::Write::write_fmt(
        &mut std::io::stderr(),
        format_args!("the worst frame that passes: {worst:?}\n"),
    );
}
