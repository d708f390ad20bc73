//! Where made-up updates come from: forged on purpose, generated at random out of what a forger can know, and damaged.

use uuid::Uuid;

use crate::{
    chance::Chance,
    forge::{self, Block, Content, Id, Run, Under},
};

/// The server's own client id.
pub(crate) const SERVER: u64 = 1 << 32;

/// What whoever is connected knows of a board.
pub(crate) struct Known {
    /// Client and next clock, the server's and others' included.
    pub(crate) clocks: Vec<Id>,
    /// A client id that nobody has used, and those of the forger.
    pub(crate) fresh: u64,
    pub(crate) own: Vec<u64>,
    /// Somebody else's.
    pub(crate) others: u64,
    pub(crate) projects: Vec<String>,
    pub(crate) pillars: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl Known {
    fn next(&self, client: u64) -> u64 {
        self.clocks.iter().find(|(known, _)| *known == client).map_or(0, |(_, next)| *next)
    }

    /// A block that is there, or nearly.
    fn block(&self, chance: &mut Chance) -> Id {
        let (client, next) = *chance.pick(&self.clocks);
        (client, chance.below(usize::try_from(next).unwrap() + 2) as u64)
    }
}

/// A place in a pile that is one.
const ORDER: &str = "80";

const ROOTS: [&str; 12] = [
    "placements",
    "placements",
    "notes",
    "projects",
    "session",
    "agenda",
    "roster",
    "pillars",
    "flags",
    "decisions",
    "results",
    "elsewhere",
];
const FIELDS: [&str; 14] = [
    "name",
    "text",
    "author",
    "about",
    "added_by",
    "cost",
    "verdict",
    "rationale",
    "locked",
    "order",
    "kind",
    "role",
    "count",
    "x",
];

/// An update that nothing of may come of, whatever the session is doing: by how it is made.
pub(crate) fn forged(known: &Known, chance: &mut Chance) -> Vec<u8> {
    let project = chance.pick(&known.projects).as_str();
    let order = ORDER;
    let good = || forge::placement("off", order);
    let fresh = Uuid::from_u64_pair(chance.draw(), chance.draw()).to_string();
    let own = known.fresh;
    let one = |client, clock, under: Under<'_>, content| {
        forge::update(&[Run { client, clock, blocks: vec![Block { under, content }] }], &[])
    };
    let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let place = |content| one(own, 0, Under::Root("placements", Some(project)), content);
    let raw = |kind, bytes: &[u8]| place(Content::Raw(kind, bytes.to_vec()));
    match chance.below(22) {
        0 => forge::set(known.others, known.next(known.others), "placements", project, good()),
        1 => forge::set(SERVER, known.next(SERVER), "placements", project, good()),
        2 => forge::set(
            own,
            0,
            "session",
            chance.pick::<&str>(&["locked", "step", "title", "deadline"]),
            vec![120],
        ),
        3 => one(own, 0, Under::Root("roster", Some(&fresh)), Content::Map),
        4 => one(own, 0, Under::Root("flags", Some(project)), Content::Map),
        5 => one(own, 0, Under::Root("results", Some(&fresh)), Content::Map),
        6 => one(own, 0, Under::Root("decisions", Some(project)), Content::Map),
        7 => one(own, 0, Under::Root("pillars", Some(&fresh)), Content::Map),
        8 => one(own, 0, Under::Root("agenda", Some(&fresh)), Content::Map),
        9 => place(Content::Any(vec![forge::nested(17 + chance.below(8_000))])),
        10 => place(Content::Any(vec![forge::object(&[("pile", forge::text("off"))])])),
        11 => place(Content::Any(vec![forge::placement(&"x".repeat(66_000 + chance.below(60_000)), order)])),
        12 => raw(*chance.pick(&[2, 3, 5, 6, 9, 10, 11, 15]), &[1, 4, b'n', b'u', b'l', b'l']),
        13 => raw(*chance.pick(&[4, 8]), &huge),
        14 => huge.to_vec(),
        15 => [&[1], huge.as_slice(), &[1, 0]].concat(),
        16 => [&[0, 1, 1], huge.as_slice()].concat(),
        17 => forge::update(&[], &[(SERVER, 0, known.next(SERVER))]),
        18 => forge::set(own + (1 << 53), 0, "placements", project, good()),
        19 => forge::set(own, 1 << 40, "placements", project, good()),
        20 => {
            let mut update = forge::set(own, 0, "placements", project, good());
            update.push(0);
            update
        }
        _ => place(Content::Map),
    }
}

/// An update that might as well be honest: a card, a note, a project, each with some of what makes them so.
pub(crate) fn likely(known: &Known, who: &str, chance: &mut Chance) -> Vec<u8> {
    let client =
        if known.own.is_empty() || chance.percent(60) { known.fresh } else { *chance.pick(&known.own) };
    let clock = known.next(client);
    let fresh = Uuid::from_u64_pair(chance.draw(), chance.draw()).to_string();
    let value = |value: Vec<u8>| Content::Any(vec![value]);
    let of = |at: u64, field: &'static str| Under::Block((client, clock + at), Some(field));
    let blocks = match chance.below(4) {
        0 | 1 => {
            let pile = if chance.percent(30) { "off" } else { chance.pick(&known.pillars).as_str() };
            let under = Under::Root("placements", Some(chance.pick(&known.projects).as_str()));
            vec![Block { under, content: value(forge::placement(pile, ORDER)) }]
        }
        2 => vec![
            Block { under: Under::Root("notes", Some(&fresh)), content: Content::Map },
            Block {
                under: of(0, "author"),
                content: value(forge::text(if chance.percent(80) { who } else { "x" })),
            },
            Block { under: of(0, "text"), content: Content::NewText },
            Block { under: Under::Block((client, clock + 2), None), content: Content::Text("a😀b") },
            Block { under: of(0, chance.pick::<&str>(&FIELDS)), content: value(forge::number(7)) },
        ],
        _ => vec![
            Block { under: Under::Root("projects", Some(&fresh)), content: Content::Map },
            Block { under: of(0, "name"), content: value(forge::text("One more")) },
            Block {
                under: of(0, "added_by"),
                content: value(forge::text(if chance.percent(80) { who } else { "x" })),
            },
            Block { under: of(0, chance.pick::<&str>(&FIELDS)), content: value(forge::number(7)) },
        ],
    };
    let blocks =
        if chance.percent(50) { blocks } else { blocks.into_iter().take(1 + chance.below(4)).collect() };
    forge::update(&[Run { client, clock, blocks }], &[])
}

/// An update whose form is right, and whose content is anything.
pub(crate) fn generated(known: &Known, chance: &mut Chance) -> Vec<u8> {
    let mut names: Vec<String> = (0..8).map(|_| name(known, chance)).collect();
    names.push("x".repeat(chance.below(90_000)));
    let mut runs = Vec::new();
    for _ in 0..*chance.pick(&[1, 1, 1, 1, 2, 3]) {
        let client = match chance.below(20) {
            0..10 => known.fresh + chance.below(2) as u64,
            10..16 if !known.own.is_empty() => *chance.pick(&known.own),
            16 => known.others,
            17 => SERVER,
            18 => chance.draw() >> chance.below(64),
            _ => known.fresh,
        };
        let next = known.next(client);
        let clock = match chance.below(12) {
            0 => next + 1,
            1 => next.saturating_sub(chance.below(3) as u64),
            _ => next,
        };
        let blocks = (0..*chance.pick(&[1, 1, 1, 2, 3, 6]))
            .map(|at| block(known, (client, clock + at), &names, chance))
            .collect();
        runs.push(Run { client, clock, blocks });
    }
    let mut deleted = Vec::new();
    while chance.percent(20) {
        let (client, clock) = known.block(chance);
        deleted.push((client, clock, 1 + chance.below(3) as u64));
    }
    forge::update(&runs, &deleted)
}

fn name(known: &Known, chance: &mut Chance) -> String {
    let fresh = Uuid::from_u64_pair(chance.draw(), chance.draw()).to_string();
    match chance.below(10) {
        0..5 => chance.pick(&known.projects).clone(),
        5 => chance.pick(&known.pillars).clone(),
        6 if !known.notes.is_empty() => chance.pick(&known.notes).clone(),
        7 => "off".to_owned(),
        8 => String::new(),
        _ => fresh,
    }
}

fn block<'a>(known: &Known, at: Id, names: &'a [String], chance: &mut Chance) -> Block<'a> {
    let small = &names[..8];
    let field = Some(*chance.pick(&FIELDS));
    let under = match chance.below(20) {
        0..9 => Under::Root(chance.pick::<&str>(&ROOTS), Some(chance.pick(small).as_str())),
        9 => Under::Root(chance.pick::<&str>(&ROOTS), None),
        10..14 => Under::Block(known.block(chance), field),
        // Into what this update has made itself.
        14 | 15 if at.1 > 0 => Under::Block((at.0, at.1 - 1), field),
        16 => Under::After(known.block(chance)),
        17 => Under::Before(known.block(chance)),
        18 => Under::Between(known.block(chance), known.block(chance)),
        _ => Under::Root("placements", Some(chance.pick(small).as_str())),
    };
    let content = match chance.below(16) {
        0..5 => Content::Any(vec![forge::placement(chance.pick(small).as_str(), ORDER)]),
        5..9 => Content::Any((0..*chance.pick(&[1, 1, 1, 2])).map(|_| value(names, chance, 0)).collect()),
        9 | 10 => Content::Map,
        11 => Content::NewText,
        12 => Content::Text(chance.pick::<&str>(&["x", "yz", "é", "😀", "a😀b", "", "\u{fffd}"])),
        13 => Content::Deleted(chance.below(3) as u64),
        14 => Content::Collected(chance.below(3) as u64),
        _ => Content::Raw(chance.below(12) as u8, vec![1, 1, b'x', 0]),
    };
    Block { under, content }
}

fn value(names: &[String], chance: &mut Chance, depth: usize) -> Vec<u8> {
    match chance.below(12) {
        0..5 => forge::text(chance.pick(names).as_str()),
        5 | 6 => forge::number(chance.draw() as u32 >> 1),
        7 => vec![*chance.pick(&[120, 121, 126, 127])],
        8 if depth < 20 => {
            let parts: Vec<_> = (0..chance.below(4)).map(|_| value(names, chance, depth + 1)).collect();
            forge::list(&parts)
        }
        9 => forge::object(&[("a", forge::number(1))]),
        10 => forge::nested(chance.below(24)),
        _ => [vec![123], chance.draw().to_be_bytes().to_vec()].concat(),
    }
}

/// One of `updates` with a few bytes changed.
pub(crate) fn damage(updates: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = chance.pick(updates).clone();
    for _ in 0..=chance.below(3) {
        if bytes.is_empty() {
            return bytes;
        }
        let at = chance.below(bytes.len());
        match chance.below(8) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, chance.draw() as u8),
            2 => drop(bytes.remove(at)),
            3 | 4 => bytes[at] ^= 1 << chance.below(8),
            5 => {
                bytes[at] =
                    *chance.pick(&[0, 1, 2, 0x7f, 0x80, 0xff, 0x21, 0x27, 0x28, 0x81, 0x84, 0x88, 0xa8, 0xc4])
            }
            6 => {
                let other = chance.pick(updates);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[chance.below(other.len().max(1)).min(other.len())..]);
            }
            _ => {
                let end = at + chance.below((bytes.len() - at).min(40));
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}
