//! Updates that nothing may come of, each by its name, and what is to become of it.

use plumbline_shared::{order, schema::Root, wire::SERVER_CLIENT};
use uuid::Uuid;
use yrs::{Any, Map, Out, ReadTxn, Transact, branch::BranchID};

use crate::{
    forge::{self, Block, Content, Run, Under},
    peer::{self, Peer},
    socket::Event,
    stage::Stage,
};

/// What a forger knows: the board, and the blocks that others wrote.
pub struct Known {
    /// A project.
    pub project: String,
    /// The forger's own participant id.
    pub participant: String,
    /// The forger's own client id.
    pub own: u64,
    /// Somebody else's participant id.
    pub victim: String,
    /// Their client id and next clock.
    pub theirs: (u64, u64),
    /// The server's next clock.
    pub servers: u64,
    /// The block of the project's map.
    pub project_map: forge::Id,
    /// The block of the pillar's map.
    pub pillar_map: forge::Id,
    /// The block of the victim's note.
    pub note_map: forge::Id,
}

/// What the server should do with a forgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It says no, or closes.
    Refused,
    /// It is nothing new, or hangs in the air: without effect, and no offence.
    Nothing,
}

use Fate::{Nothing, Refused};

/// A place in a pile.
#[must_use]
pub fn key() -> String {
    order::between(None, None)
}

fn one(client: u64, clock: u64, under: Under<'_>, content: Content<'_>) -> Vec<u8> {
    forge::update(&[Run { client, clock, blocks: vec![Block { under, content }] }], &[])
}

/// Every forgery by its name.
#[must_use]
pub fn forgeries(k: &Known) -> Vec<(&'static str, Fate, Vec<u8>)> {
    let (project, own) = (k.project.as_str(), k.own);
    let good = || forge::placement("off", &key());
    let at = |root, key| Under::Root(root, Some(key));
    let in_placements = |content| one(own, 0, at("placements", project), content);
    let value = |value: Vec<u8>| in_placements(Content::Any(vec![value]));
    let fresh = Uuid::now_v7().to_string();
    let raw = |kind, bytes: &[u8]| in_placements(Content::Raw(kind, bytes.to_vec()));
    let whole = forge::set(own, 0, "placements", project, good());
    let with = |bytes: &[u8]| [whole.as_slice(), bytes].concat();
    let cut = |at: usize| whole[..at].to_vec();
    let field = |map, name, value| one(own, 0, Under::Block(map, Some(name)), Content::Any(vec![value]));
    let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    vec![
        ("another's client id", Refused, forge::set(k.theirs.0, k.theirs.1, "placements", project, good())),
        (
            "the server's client id",
            Refused,
            forge::set(SERVER_CLIENT, k.servers, "placements", project, good()),
        ),
        (
            "another's block with another content",
            Nothing,
            forge::set(k.theirs.0, 0, "placements", project, good()),
        ),
        (
            "the server's block with another content",
            Nothing,
            forge::set(SERVER_CLIENT, 0, "session", "title", forge::text("Mine")),
        ),
        ("the session", Refused, forge::set(own, 0, "session", "locked", vec![120])),
        ("the roster", Refused, one(own, 0, at("roster", &fresh), Content::Map)),
        ("the flags", Refused, one(own, 0, at("flags", project), Content::Map)),
        ("the results", Refused, one(own, 0, at("results", &fresh), Content::Map)),
        ("a decision's map", Refused, one(own, 0, at("decisions", project), Content::Map)),
        ("a pillar", Refused, one(own, 0, at("pillars", &fresh), Content::Map)),
        ("a step", Refused, one(own, 0, at("agenda", &fresh), Content::Map)),
        ("a root that the board has not", Refused, forge::set(own, 0, "elsewhere", project, good())),
        ("a root's list", Refused, one(own, 0, Under::Root("placements", None), Content::Any(vec![good()]))),
        ("a key that is no id", Refused, forge::set(own, 0, "placements", "x", good())),
        (
            "another spelling of an id",
            Refused,
            forge::set(own, 0, "placements", &project.to_uppercase(), good()),
        ),
        ("a project that is not there", Refused, forge::set(own, 0, "placements", &fresh, good())),
        ("a pillar's name", Refused, field(k.pillar_map, "name", forge::text("Mine"))),
        ("a project's cost", Refused, field(k.project_map, "cost", forge::number(1))),
        ("a project's unknown field", Refused, field(k.project_map, "salary", forge::number(1))),
        ("a note's author", Refused, field(k.note_map, "author", forge::text(&k.participant))),
        ("a note in another's name", Refused, {
            let blocks = vec![
                Block { under: at("notes", &fresh), content: Content::Map },
                Block {
                    under: Under::Block((own, 0), Some("author")),
                    content: Content::Any(vec![forge::text(&k.victim)]),
                },
            ];
            forge::update(&[Run { client: own, clock: 0, blocks }], &[])
        }),
        ("an object", Refused, value(forge::object(&[("pile", forge::text("off"))]))),
        ("an object in an array", Refused, value(forge::list(&[forge::object(&[])]))),
        ("a number", Refused, value(forge::number(7))),
        ("null", Refused, value(vec![126])),
        ("a pile that is no pillar", Refused, value(forge::placement("somewhere", &key()))),
        ("an order that is none", Refused, value(forge::placement("off", "zz"))),
        (
            "two values in one block, one of them bad",
            Refused,
            in_placements(Content::Any(vec![good(), forge::number(7)])),
        ),
        ("seventeen arrays in each other", Refused, value(forge::nested(17))),
        ("seven thousand arrays in each other", Refused, value(forge::nested(7_000))),
        ("a hundred kilobytes", Refused, value(forge::placement(&"x".repeat(100_000), &key()))),
        ("JSON content", Refused, raw(2, &[1, 4, b'n', b'u', b'l', b'l'])),
        ("binary content", Refused, raw(3, &[1, 0])),
        ("an embed", Refused, raw(5, &[2, b'{', b'}'])),
        ("a format", Refused, raw(6, &[1, b'b', 4, b't', b'r', b'u', b'e'])),
        ("an array type", Refused, raw(7, &[0])),
        ("an XML element", Refused, raw(7, &[3, 1, b'p'])),
        ("a subdocument", Refused, raw(9, &[1, b'x', 118, 0])),
        ("a skip", Refused, raw(10, &[1])),
        ("a kind that does not exist", Refused, raw(15, &[0])),
        ("a map where a value stands", Refused, in_placements(Content::Map)),
        ("characters where a value stands", Refused, in_placements(Content::Text("é"))),
        (
            "a deletion of the server's block",
            Refused,
            forge::update(&[], &[(SERVER_CLIENT, k.project_map.1, 1)]),
        ),
        ("a deletion of another's note", Refused, forge::update(&[], &[(k.note_map.0, k.note_map.1, 1)])),
        ("a deletion of everything", Refused, forge::update(&[], &[(SERVER_CLIENT, 0, k.servers)])),
        ("a deletion of what is not there", Nothing, forge::update(&[], &[(k.theirs.0, 1 << 20, 5)])),
        (
            "origins of two maps",
            Refused,
            one(own, 0, Under::Between(k.project_map, k.pillar_map), Content::Any(vec![good()])),
        ),
        (
            "one origin on both sides",
            Refused,
            one(own, 0, Under::Between(k.note_map, k.note_map), Content::Any(vec![good()])),
        ),
        (
            "a parent that holds nothing",
            Refused,
            one(own, 0, Under::Block((k.theirs.0, 0), Some("x")), Content::Any(vec![good()])),
        ),
        (
            "an origin that is not there",
            Nothing,
            one(own, 0, Under::After((own ^ 1, 9)), Content::Any(vec![good()])),
        ),
        ("a gap", Nothing, forge::set(own, 5, "placements", project, good())),
        ("a clock past the end", Refused, forge::set(own, 1 << 40, "placements", project, good())),
        ("a client past 2^53", Refused, forge::set(own + (1 << 53), 0, "placements", project, good())),
        ("a client of 64 bits", Refused, forge::set(u64::MAX, 0, "placements", project, good())),
        ("bytes behind the end", Refused, with(&[0])),
        ("an update behind the update", Refused, with(&whole)),
        ("no bytes", Refused, Vec::new()),
        ("half an update", Refused, cut(whole.len() / 2)),
        ("all but the last byte", Refused, cut(whole.len() - 1)),
        ("four billion clients", Refused, huge.to_vec()),
        ("four billion blocks", Refused, [&[1], huge.as_slice(), &[1, 0]].concat()),
        ("four billion deletions", Refused, [&[0], huge.as_slice()].concat()),
        ("four billion ranges", Refused, [&[0, 1, 1], huge.as_slice()].concat()),
        ("four billion characters", Refused, raw(4, &huge)),
        ("four billion values", Refused, raw(8, &huge)),
        ("an array of four billion", Refused, raw(8, &[&[1, 117], huge.as_slice()].concat())),
        (
            "a collected block of four billion",
            Refused,
            one(own, 0, Under::Root("x", None), Content::Collected(u64::from(u32::MAX))),
        ),
        ("a deleted block of four billion", Refused, in_placements(Content::Deleted(u64::from(u32::MAX)))),
        ("a v2 update", Refused, {
            let doc = peer::document();
            let mut txn = doc.transact_mut();
            peer::place(&mut txn, project, "off", &key());
            txn.encode_update_v2()
        }),
    ]
}

/// Where the block of an entry stands.
///
/// # Panics
/// When there is no such entry.
#[must_use]
pub fn block_of(doc: &yrs::Doc, root: Root, key: &str) -> forge::Id {
    let txn = doc.transact();
    let Some(Out::YMap(map)) = txn.get_map(root.name()).and_then(|all| all.get(&txn, key)) else {
        panic!("{key} is under {}", root.name())
    };
    let branch: &yrs::branch::Branch = map.as_ref();
    let BranchID::Nested(id) = branch.id() else { panic!("an entry is no root") };
    (id.client.get(), u64::from(id.clock))
}

fn next_clock(doc: &yrs::Doc, client: u64) -> u64 {
    u64::from(doc.transact().state_vector().get(&yrs::block::ClientID::new(client)))
}

/// A victim with a placement and a note, and what a forger beside them knows.
///
/// # Panics
/// When the victim is not admitted.
pub async fn victim_of(stage: &Stage) -> (Peer, String) {
    let victim = stage.peer("Vic").await;
    victim.place(&stage.projects[1], "off", &key());
    let note = Uuid::now_v7().to_string();
    let author =
        victim.seen().welcome.as_ref().and_then(|w| w.participant).expect("a welcome names us").to_string();
    victim.change(|txn| {
        use yrs::{MapPrelim, TextPrelim, WriteTxn};
        let notes = txn.get_or_insert_map(Root::Notes.name());
        let entry = notes.insert(txn, note.as_str(), MapPrelim::default());
        entry.insert(txn, "about", Any::from(stage.projects[1].as_str()));
        entry.insert(txn, "author", Any::from(author.as_str()));
        entry.insert(txn, "text", TextPrelim::new("Vic's words"));
    });
    victim.saved().await;
    (victim, note)
}

/// What `forger` knows of `victim` and the board.
///
/// # Panics
/// When one of them was not welcomed.
#[must_use]
pub fn known(stage: &Stage, forger: &Peer, victim: &Peer, note: &str) -> Known {
    let participant = |peer: &Peer| {
        peer.seen().welcome.as_ref().and_then(|w| w.participant).expect("a welcome names us").to_string()
    };
    let (own, their) = (forger.seen().doc.client_id().get(), victim.seen().doc.client_id().get());
    let (me, them) = (participant(forger), participant(victim));
    let seen = forger.seen();
    Known {
        project: stage.projects[0].clone(),
        participant: me,
        own,
        victim: them,
        theirs: (their, next_clock(&seen.doc, their)),
        servers: next_clock(&seen.doc, SERVER_CLIENT),
        project_map: block_of(&seen.doc, Root::Projects, &stage.projects[0]),
        pillar_map: block_of(&seen.doc, Root::Pillars, &stage.pillars[0]),
        note_map: block_of(&seen.doc, Root::Notes, note),
    }
}

/// Waits until the server has dealt with a frame; whether it was refused.
pub async fn refused(peer: &Peer, frame: u64, name: &str) -> bool {
    peer.until(&format!("«{name}» is dealt with"), |seen| match &seen.ended {
        Some(Event::Closed(code)) => Ok(*code >= 4400),
        Some(_) => Ok(true),
        None if seen.denied.iter().any(|denied| denied.frame == Some(frame)) => Ok(true),
        None if seen.saved >= frame => Ok(false),
        None => Err(format!("{} saved, {:?}", seen.saved, seen.denied)),
    })
    .await
}
