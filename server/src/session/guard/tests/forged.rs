//! Forged and damaged updates: whatever passes does no harm.

use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Map, ReadTxn, StateVector, Transact};

use super::super::lib0::{write_id, write_string, write_var};
use super::super::place::Held;
use super::super::{Ahead, Author, Change, Examined, Id, Index, Judgement, Kind, SERVER_CLIENT, examine};
use super::board::{Board, LIMITS, Outcome, allow, apply, document, json, whole};
use super::plan::Plan;
use super::random::{Random, Seed, seeds};

/// Forged updates in one test run; more by `PLUMBLINE_FORGED`.
fn amount() -> u64 {
    std::env::var("PLUMBLINE_FORGED").ok().and_then(|amount| amount.parse().ok()).unwrap_or(120_000)
}

/// Updates offered to one board before it is thrown away.
const PER_BOARD: u64 = 150;

/// Whose client ids a forger uses.
const ID_POOL: [u64; 6] = [7, 8, 9, 1 << 31, SERVER_CLIENT, (1 << 53) - 1];

fn mood(random: &mut Random) -> impl FnMut(&Change<'_>) -> Judgement<String> + use<> {
    let mut random = Random::new(random.next());
    move |change| {
        assert!(!change.keys.is_empty());
        match random.below(10) {
            0 if allow(change) == Judgement::Allowed => Judgement::Later("not now".into()),
            1 if random.chance(20) => Judgement::Denied("no".into()),
            _ => allow(change),
        }
    }
}

/// Offers an update and checks all that must hold afterwards. Says whether it passed.
pub(super) fn offer(board: &mut Board, author: u32, bytes: &[u8], random: &mut Random) -> bool {
    let before = board.index.encode();
    let first = examine(&board.index, &Ahead::default(), Author(author), bytes, &LIMITS, &mut 0, &mut allow);
    if let Examined::Pass(admitted) = &first {
        let again = examine(
            &board.index,
            &Ahead::default(),
            Author(author),
            &admitted.update,
            &LIMITS,
            &mut 0,
            &mut allow,
        );
        let Examined::Pass(again) = again else { panic!("what was admitted is {again:?} the second time") };
        assert_eq!(again.update, admitted.update, "admitting it again changes it");
    }
    let outcome = board.offer(author, bytes, &mut mood(random));
    match outcome {
        Outcome::Applied(_) => {
            board.check();
            json(&board.doc);
            let again =
                examine(&board.index, &Ahead::default(), Author(author), bytes, &LIMITS, &mut 0, &mut allow);
            assert!(matches!(again, Examined::Nothing), "it is {again:?} after having been applied");
            true
        }
        Outcome::Nothing | Outcome::Gap | Outcome::Refused(_) => {
            assert_eq!(board.index.encode(), before);
            false
        }
    }
}

/// An honest page beside the forger still works, and sees what the server sees.
pub(super) fn honest_beside(board: &mut Board) {
    let unclaimed = (1000..).find(|&id| board.index.author_of(id).is_none()).unwrap();
    let page = document(unclaimed);
    apply(&page, &whole(&board.doc));
    assert_eq!(json(&page), json(&board.doc));
    let map = page.get_or_insert_map("placements");
    map.insert(&mut page.transact_mut(), "honest", "here");
    let update =
        page.transact().encode_state_as_update_v1(&StateVector::decode_v1(&board.state_vector()).unwrap());
    assert!(matches!(board.offer(99, &update, &mut allow), Outcome::Applied(_)));
    assert_eq!(json(&page), json(&board.doc));
}

#[test]
fn forged_updates_do_no_harm() {
    let mut passed = 0;
    for seed in seeds(amount() / PER_BOARD) {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        let mut board = Board::new();
        for _ in 0..PER_BOARD {
            let bytes = forge(&board.index, &mut random);
            let author = if random.chance(95) { 1 } else { 2 };
            passed += u64::from(offer(&mut board, author, &bytes, &mut random));
        }
        board.check_reload();
        honest_beside(&mut board);
    }
    assert!(
        std::env::var("PLUMBLINE_SEED").is_ok() || passed > amount() / 20,
        "only {passed} passed: the forger is too crude"
    );
}

#[test]
fn damaged_updates_do_no_harm() {
    for seed in seeds(amount() / 600) {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        let mut plan = Plan::new(seed, 2, 0);
        plan.run(12);
        let mut updates: Vec<Vec<u8>> = plan.log.drain(..).map(|(_, update)| update).collect();
        updates.push(whole(&plan.board.doc));
        for _ in 0..6 {
            let mut board = Board::new();
            apply_all(&mut board, &updates[..random.below(updates.len())]);
            for _ in 0..100 {
                let bytes = damage(&updates, &mut random);
                offer(&mut board, 1, &bytes, &mut random);
            }
            board.check_reload();
            honest_beside(&mut board);
        }
    }
}

fn apply_all(board: &mut Board, updates: &[Vec<u8>]) {
    for update in updates {
        board.offer(1, update, &mut allow);
    }
}

pub(super) fn damage(updates: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = random.pick(updates).clone();
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        match random.below(7) {
            _ if bytes.is_empty() => return bytes,
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.next().to_le_bytes()[0]),
            2 => {
                bytes.remove(at);
            }
            3 => bytes[at] ^= 1 << random.below(8),
            4 => {
                bytes[at] =
                    *random.pick(&[0, 1, 2, 0x7f, 0x80, 0xff, 0x21, 0x27, 0x28, 0x81, 0x84, 0x88, 0xa8, 0xc4])
            }
            5 => {
                let other = random.pick(updates).clone();
                let from = random.below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => {
                let to = at + random.below(bytes.len() - at);
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// An update whose structure is right and whose content is anything.
pub(super) fn forge(index: &Index, random: &mut Random) -> Vec<u8> {
    let mut clients: Vec<u64> = Vec::new();
    for _ in 0..*random.pick(&[1, 1, 1, 2, 3]) {
        let likely = if random.chance(90) { 3 } else { ID_POOL.len() };
        let client = *random.pick(&ID_POOL[..likely]);
        if !clients.contains(&client) || random.chance(2) {
            clients.push(client);
        }
    }
    if random.chance(90) {
        clients.sort_unstable_by(|a, b| b.cmp(a));
    }
    let mut out = Vec::new();
    let mut known: Vec<(u64, u32)> = index.state_vector().collect();
    for &client in &clients {
        let next = index.next_clock(client);
        known.retain(|(other, _)| *other != client);
        known.push((client, next + 3));
    }
    write_var(&mut out, clients.len() as u64);
    for &client in &clients {
        let next = index.next_clock(client);
        let clock = match random.below(20) {
            0 => next + 1,
            1..4 => next.saturating_sub(u32::try_from(random.below(4)).unwrap()),
            _ => next,
        };
        let blocks = *random.pick(&[1, 1, 1, 2, 3, 5]);
        write_var(&mut out, blocks as u64);
        write_id(&mut out, Id { client, clock });
        for _ in 0..blocks {
            if random.chance(25) || !fit_block(&mut out, index, &known, random) {
                forge_block(&mut out, &known, random);
            }
        }
    }
    let deletions = random.below(3);
    write_var(&mut out, deletions as u64);
    for _ in 0..deletions {
        let (client, end) = *random.pick(&known);
        write_var(&mut out, client);
        let ranges = 1 + random.below(2);
        write_var(&mut out, ranges as u64);
        for _ in 0..ranges {
            write_var(&mut out, random.below(end as usize + 1) as u64);
            write_var(&mut out, random.below(4) as u64);
        }
    }
    out
}

/// A block that fits the board as far as one can tell from the index.
fn fit_block(out: &mut Vec<u8>, index: &Index, known: &[(u64, u32)], random: &mut Random) -> bool {
    let some = |random: &mut Random| {
        let (client, end) = *random.pick(known);
        let id = Id { client, clock: u32::try_from(random.below(end as usize + 1)).unwrap() };
        index.find(id).map(|held| (id, held))
    };
    let Some((id, held)) = some(random) else { return false };
    match held {
        Held::Gc => return false,
        Held::Text(text) => {
            let right = (0..6).find_map(|_| some(random).filter(|(_, right)| *right == Held::Text(text)));
            let right = right.filter(|_| random.chance(60));
            out.push(0x84 | if right.is_some() { 0x40 } else { 0 });
            write_id(out, id);
            if let Some((right, _)) = right {
                write_id(out, right);
            }
            write_string(out, random.word(&["x", "yz", "é", "😀", "a😀b"]));
        }
        Held::Made { kind, .. } if random.chance(70) => {
            let kind = if kind == Kind::Text { 4 } else { *random.pick(&[0x21u8, 0x27, 0x27, 0x28, 0x28]) };
            out.push(kind);
            out.push(0);
            write_id(out, id);
            if kind == 4 {
                write_string(out, random.word(&["x", "yz", "é", "😀", "a😀b"]));
            } else {
                write_string(out, random.word(&["a", "b", "c", "text", "rationale", "verdict"]));
                content_of(out, kind & 0x1f, random);
            }
        }
        _ => {
            let kind = *random.pick(&[1, 7, 8, 8]);
            out.push(0xa0 | kind);
            write_id(out, id);
            content_of(out, kind, random);
        }
    }
    true
}

fn content_of(out: &mut Vec<u8>, kind: u8, random: &mut Random) {
    match kind {
        1 => write_var(out, 1 + random.below(3) as u64),
        7 => out.push(*random.pick(&[1, 2])),
        _ => {
            let values = *random.pick(&[1, 1, 1, 2, 3]);
            write_var(out, values);
            for value in 0..values {
                out.extend_from_slice(&[125, u8::try_from(value).unwrap()]);
            }
        }
    }
}

fn forge_id(out: &mut Vec<u8>, known: &[(u64, u32)], random: &mut Random) {
    let (client, end) = *random.pick(known);
    let back = random.below((end as usize + 1).min(12));
    write_id(out, Id { client, clock: end.saturating_sub(u32::try_from(back).unwrap()) });
}

fn forge_block(out: &mut Vec<u8>, known: &[(u64, u32)], random: &mut Random) {
    let kind = match random.below(100) {
        0..4 => {
            out.push(*random.pick(&[0, 0, 0, 10]));
            write_var(out, random.below(3) as u64 + u64::from(random.chance(90)));
            return;
        }
        4..14 => 1,
        14..40 => 4,
        40..65 => 7,
        65..97 => 8,
        _ => random.below(12),
    };
    let kind = u8::try_from(kind).unwrap();
    let origin = random.chance(55);
    let right = random.chance(if kind == 4 { 40 } else { 6 });
    let mut keyed = if kind == 4 { random.chance(5) } else { random.chance(97) };
    let mut parent = Vec::new();
    if random.chance(if kind == 4 { 3 } else { 50 }) {
        parent.push(1);
        write_string(&mut parent, random.word(&["placements", "notes", "projects", "decisions", "other"]));
    } else {
        parent.push(0);
        forge_id(&mut parent, known, random);
        keyed = keyed && random.chance(95);
    }
    out.push(
        kind | if origin { 0x80 } else { 0 } | if right { 0x40 } else { 0 } | if keyed { 0x20 } else { 0 },
    );
    if origin {
        forge_id(out, known, random);
    }
    if right {
        forge_id(out, known, random);
    }
    if !origin && !right {
        out.extend_from_slice(&parent);
        if keyed {
            write_string(out, random.word(&["a", "b", "c", "text", "d1", "rationale", "verdict"]));
        }
    }
    match kind {
        1 => write_var(out, 1 + random.below(3) as u64),
        4 => write_string(out, random.word(&["x", "yz", "é", "😀", "a😀b", "\u{fffd}", ""])),
        7 => out.push(*random.pick(&[1, 1, 1, 2, 2, 0, 3, 6])),
        8 => {
            let values = *random.pick(&[1, 1, 1, 1, 2, 3, 0]);
            write_var(out, values);
            for _ in 0..values {
                forge_value(out, random, 0);
            }
        }
        2 | 3 | 5 | 6 | 9 => {
            write_string(out, "{}");
            write_string(out, "1");
        }
        _ => {}
    }
}

fn forge_value(out: &mut Vec<u8>, random: &mut Random, depth: usize) {
    match random.below(16) {
        0..4 => {
            out.push(119);
            write_string(out, "text");
        }
        4..7 => out.extend_from_slice(&[125, u8::try_from(random.below(128)).unwrap()]),
        7 => out.push(*random.pick(&[120, 121, 126])),
        8 => {
            out.push(124);
            out.extend_from_slice(&(random.below(1000) as f32 / 8.0).to_be_bytes());
        }
        9 => {
            out.push(123);
            out.extend_from_slice(&random.next().to_be_bytes());
        }
        10..15 if depth < 20 => {
            let len = random.below(4);
            out.push(117);
            write_var(out, len as u64);
            (0..len).for_each(|_| forge_value(out, random, depth + 1));
        }
        _ => {
            let odd: [&[u8]; 5] = [&[126], &[118, 0], &[122, 0, 0, 0, 0, 0, 0, 0, 1], &[127], &[116, 0]];
            out.extend_from_slice(random.pick::<&[u8]>(&odd));
        }
    }
}

#[test]
fn what_a_forger_leaves_behind_folds_alike_from_a_snapshot() {
    for seed in seeds(200) {
        let _seed = Seed(seed);
        let mut random = Random::new(seed);
        let mut live = Board::new();
        let mut reloaded: Option<Board> = None;
        for step in 0..80 {
            let bytes = forge(&live.index, &mut random);
            let judge_seed = random.next();
            let outcome = live.offer(1, &bytes, &mut mood(&mut Random::new(judge_seed)));
            if let Some(reloaded) = &mut reloaded {
                let again = reloaded.offer(1, &bytes, &mut mood(&mut Random::new(judge_seed)));
                assert_eq!(std::mem::discriminant(&again), std::mem::discriminant(&outcome));
            }
            if step == 40 {
                let doc = document(SERVER_CLIENT);
                apply(&doc, &whole(&live.doc));
                let index = Index::decode(&live.index.encode()).unwrap();
                reloaded = Some(Board { doc, index });
            }
        }
        let reloaded = reloaded.unwrap();
        assert!(reloaded.index == live.index, "the indexes differ");
        assert_eq!(reloaded.index.encode(), live.index.encode());
        let settle = |board: &Board| {
            let doc = document(SERVER_CLIENT);
            apply(&doc, &whole(&board.doc));
            whole(&doc)
        };
        assert_eq!(settle(&reloaded), settle(&live), "the documents differ");
        assert_eq!(
            reloaded.doc.transact().state_vector().encode_v1().len(),
            live.doc.transact().state_vector().encode_v1().len()
        );
    }
}
