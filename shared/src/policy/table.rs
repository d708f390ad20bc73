//! The whole policy as a table: every role, every step, every kind of change. `docs/POLICY.md` is made from it, and a
//! change of the rules that nobody meant shows as a difference there.

use std::fmt::Write;

use uuid::Uuid;

use super::*;
use crate::{
    answer::{Answer, Item},
    ids::StepId,
    messages::Seen,
    words::{Claim, Stance},
};

const KEY: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f";
const ORDER: &str = "80";
const ME: ParticipantId = ParticipantId(Uuid::from_u128(1));
const OTHER: ParticipantId = ParticipantId(Uuid::from_u128(2));

/// A board on which everything stands, and on which nobody has signed anything.
struct Everything;

impl Facts for Everything {
    fn standing(&self, _: Root, _: &str) -> Standing {
        Standing::Stands
    }
    fn count(&self, _: Root) -> usize {
        1
    }
    fn signed(&self, _: Root, _: &str) -> Option<ParticipantId> {
        None
    }
}

enum Asked {
    Change(&'static str, Option<&'static str>, Deed<'static>, Option<ParticipantId>),
    Command(Command),
}

fn seen() -> Seen {
    Seen { step: StepId(Uuid::from_u128(3)), round: 1 }
}

/// Everything that is asked, in the words of the table.
fn asked() -> Vec<(&'static str, Asked)> {
    let text = Deed::Set(Plain::Text("x"));
    let (step, item) = (seen().step, Item::session());
    let place = || Deed::Set(Plain::List(vec![Plain::Text("off"), Plain::Text(ORDER)]));
    let change = |root, field, deed, by| Asked::Change(root, field, deed, by);
    vec![
        ("place a card", change("placements", None, place(), None)),
        ("add a project", change("projects", None, Deed::Make { text: false }, None)),
        ("correct one's own project", change("projects", Some("name"), text.clone(), Some(ME))),
        ("correct another's project", change("projects", Some("name"), text.clone(), Some(OTHER))),
        ("remove another's project", change("projects", None, Deed::Unset, Some(OTHER))),
        ("add a note", change("notes", None, Deed::Make { text: false }, None)),
        ("write in another's note", change("notes", Some("text"), Deed::Write { units: 1 }, Some(OTHER))),
        ("remove one's own note", change("notes", None, Deed::Unset, Some(ME))),
        ("remove another's note", change("notes", None, Deed::Unset, Some(OTHER))),
        ("set a verdict", change("decisions", Some("verdict"), Deed::Set(Plain::Text("stop")), None)),
        ("write in a rationale", change("decisions", Some("rationale"), Deed::Write { units: 1 }, None)),
        ("change a pillar", change("pillars", Some("name"), text.clone(), None)),
        ("change the agenda", change("agenda", Some("title"), text, None)),
        ("take the current step out of it", change("agenda", None, Deed::Unset, None)),
        ("write a result", change("results", Some("1"), Deed::Set(Plain::Null), None)),
        (
            "answer",
            Asked::Command(Command::Cast {
                step,
                round: 1,
                item: item.clone(),
                value: Some(Answer::Scale { scale: 3 }),
            }),
        ),
        ("say that one has finished", Asked::Command(Command::Done { step, round: 1, done: true })),
        ("sit out", Asked::Command(Command::Recuse { project: ProjectId::default(), out: true })),
        (
            "ask *is this a hobby?*",
            Asked::Command(Command::Flag { project: ProjectId::default(), reason: Some(String::new()) }),
        ),
        (
            "disagree, unsigned",
            Asked::Command(Command::Dissent { about: item.clone(), text: Some("x".to_owned()) }),
        ),
        (
            "sign by name",
            Asked::Command(Command::Sign {
                about: item.clone(),
                stance: Some(Stance::Carry),
                reason: String::new(),
            }),
        ),
        (
            "check a claim",
            Asked::Command(Command::Check { step, item, claim: Claim::Revenue, stands: Some(true) }),
        ),
        (
            "type in a paper ballot",
            Asked::Command(Command::Paper { participant: OTHER, step, round: 1, answers: Vec::new() }),
        ),
        ("open, seal, reveal, go on, lock", Asked::Command(Command::Open { seen: seen() })),
        ("rename, merge, remove people", Asked::Command(Command::Remove { participant: OTHER })),
        ("close", Asked::Command(Command::Close { seen: seen() })),
        ("resume", Asked::Command(Command::Resume { seen: seen() })),
    ]
}

/// The moments of a session, in the words of the table.
fn moments() -> Vec<(&'static str, Moment)> {
    let step = KEY.parse().ok();
    let at = |kind, state| Moment { step, kind, state, locked: false, closed: false, only: None };
    let open = |kind| at(kind, StepState::Open);
    vec![
        ("gather", open(StepKind::Gather)),
        ("ballot, ready", at(StepKind::Ballot, StepState::Ready)),
        ("ballot, open", open(StepKind::Ballot)),
        ("ballot, sealed", at(StepKind::Ballot, StepState::Sealed)),
        ("ballot, revealed", at(StepKind::Ballot, StepState::Revealed)),
        ("board", open(StepKind::Board)),
        ("board, locked", Moment { locked: true, ..open(StepKind::Board) }),
        ("board, another card", Moment { only: Some(ProjectId::default()), ..open(StepKind::Board) }),
        ("decide", open(StepKind::Decide)),
        ("commit, open", open(StepKind::Commit)),
        ("commit, revealed", at(StepKind::Commit, StepState::Revealed)),
        ("close", open(StepKind::Close)),
        ("closed", Moment { closed: true, ..open(StepKind::Board) }),
    ]
}

fn answer(role: Role, moment: &Moment, asked: &Asked) -> &'static str {
    let actor = Actor { participant: ME, role };
    let answer = match asked {
        Asked::Change(root, field, deed, made_by) => {
            let change = Change { root, key: KEY, field: *field, deed: deed.clone(), made_by: *made_by };
            permits(&actor, moment, &Everything, &change)
        }
        Asked::Command(command) => commands(&actor, moment, command),
    };
    answer.map_or_else(Denied::code, |_| "yes")
}

fn table() -> String {
    let mut page = String::from(
        "# Who may do what, and when\n\n\
         Made from `permits` and `commands` in `shared/src/policy.rs` by a test, which fails when this page is not what they \
         say: `UPDATE=1 cargo test -p plumbline-shared policy::table` writes it anew. A cell says *yes*, or the code of the \
         reason that is told ([PROTOCOL.md](PROTOCOL.md)). Beyond this table, an answer has to be for the round that is open, \
         and signatures wait for the private answers where a step asks for both.\n",
    );
    for role in Role::ALL {
        let mut name = role.as_str().to_owned();
        name[..1].make_ascii_uppercase();
        let _ = write!(page, "\n## {name}\n\n| |");
        for (moment, _) in moments() {
            let _ = write!(page, " {moment} |");
        }
        page.push_str("\n| --- |");
        page.push_str(&" --- |".repeat(moments().len()));
        for (what, asked) in asked() {
            let _ = write!(page, "\n| {what} |");
            for (_, moment) in moments() {
                let _ = write!(page, " {} |", answer(*role, &moment, &asked));
            }
        }
        page.push('\n');
    }
    page
}

#[test]
fn the_page_of_the_policy_says_what_the_policy_does() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/POLICY.md");
    let table = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    let page = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        page == table,
        "docs/POLICY.md is not what the rules say: UPDATE=1 writes it anew; then look at the difference"
    );
}
