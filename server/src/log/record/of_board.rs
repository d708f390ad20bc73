//! The records that a close makes of its board.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use plumbline_shared::{
    answer::Item,
    board::{Board, Decision, Pile, Project},
    day::Day,
    deciding::{EVERY, Evidence, fields, is_against, missing},
    ids::{ProjectId, SessionId},
    methods::{PileChoice, modal_pile},
    words::{Question, Status as Said, Verdict},
};

use super::{
    About, Against, Asked, Attendance, Close, Erased, Import, Origin, Place, ProjectPart, Record,
    SessionPart, Status, VERSION, about_session, evidence, said, signed,
};
use crate::{
    log::export::Amount,
    session::{Attended, ImportNote, Session},
    store::Position,
};

/// A session as it was when it was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// Which.
    pub session: SessionId,
    /// Where the close stands in the session's log; its stamp is when that was.
    pub at: Position,
    /// The board.
    pub board: Board,
    /// The files that were imported.
    pub imports: Vec<ImportNote>,
    /// How many were here in each step that it went on from.
    pub attendance: Vec<Attended>,
}

impl Closed {
    /// A session as it is now, as if the entry at `at` had closed it.
    pub fn of(session: &Session, at: Position) -> Self {
        Self {
            session: session.id(),
            at,
            board: session.board(),
            imports: session.imports().to_vec(),
            attendance: session.attendance(),
        }
    }
}

/// One record for every project with a verdict, in the order of the portfolio. They have no numbers yet.
pub fn records(closed: &Closed) -> Vec<Record> {
    let board = &closed.board;
    let all = Evidence::of_all(board);
    let session = about_session(board);
    let (imports, attendance) = (imports(closed), attendance(closed));
    let erased = erased(board);
    let decided = all.iter().filter_map(|(id, evidence)| {
        let decision = board.decisions.get(id)?;
        Some((*id, board.projects.get(id)?, evidence, decision, decision.verdict?))
    });
    (1..)
        .zip(decided)
        .map(|(n, (id, project, evidence, decision, verdict))| {
            let mut record = record(closed, id, project, evidence, decision, verdict);
            record.close.n = n;
            record.imports.clone_from(&imports);
            record.attendance.clone_from(&attendance);
            record.erased = Some(erased.clone());
            record.evidence.extend(session.iter().filter(|asked| is_confidence(asked)).cloned());
            record
        })
        .collect()
}

/// How sure people are is evidence for every decision; what else was asked of the whole is not.
fn is_confidence(asked: &Asked) -> bool {
    asked.question == Question::Scale
}

fn record(
    closed: &Closed,
    id: ProjectId,
    project: &Project,
    told: &Evidence<'_>,
    decision: &Decision,
    verdict: Verdict,
) -> Record {
    let board = &closed.board;
    let item = Item::project(id);
    let whole = Item::session();
    let room = told.room();
    let against = is_against(verdict, room).then_some(room).flatten();
    let text = |field: &str| decision.more.get(field).map_or("", |text| text.trim());
    let by = |about: About, item: &Item| (said(board, item, about), signed(board, item, about));
    let ((mut dissent, mut sign_offs), (said, signed)) =
        (by(About::Project, &item), by(About::Session, &whole));
    dissent.extend(said);
    sign_offs.extend(signed);
    Record {
        schema: VERSION,
        number: 0,
        supersedes: None,
        session: session_part(closed),
        close: Close { position: closed.at.to_string(), n: 0 },
        decided_on: stamp(closed.at),
        project: project_part(board, id, project),
        verdict: Some(verdict),
        status: match (verdict, Said::parse(text("status"))) {
            (Verdict::Open, _) => Status::Open,
            (_, Some(Said::Accepted)) => Status::Accepted,
            (_, Some(Said::Proposed) | None) => Status::Proposed,
        },
        from: origin(board, told),
        to: place(board, told.pile),
        decider: board.session.decider.clone(),
        rule: board.session.rule.clone(),
        owner: decision.owner.trim().to_owned(),
        rationale: decision.rationale.trim().to_owned(),
        fields: further(decision, verdict),
        against: against.map(|room| Against {
            room,
            reason: text("override").to_owned(),
            by: text("decided_by").to_owned(),
        }),
        evidence: evidence(board, id, told),
        flags: told.flags.map_or(0, |flags| flags.count),
        dissent,
        sign_offs,
        missing: missing(decision, room, Day::of(closed.at.at))
            .into_iter()
            .map(|need| need.field().to_owned())
            .collect(),
        imports: Vec::new(),
        attendance: Vec::new(),
        erased: None,
    }
}

pub(super) fn session_part(closed: &Closed) -> SessionPart {
    let session = &closed.board.session;
    SessionPart { id: closed.session, title: session.title.clone(), purpose: session.purpose.clone() }
}

pub(super) fn project_part(board: &Board, id: ProjectId, project: &Project) -> ProjectPart {
    ProjectPart {
        id,
        name: project.name.clone(),
        reference: project.reference.clone(),
        sponsor: project.sponsor.clone(),
        owner: project.owner.clone(),
        cost: project.cost.and_then(Amount::new),
        currency: board.session.currency.clone(),
        people: project.people.and_then(Amount::new),
    }
}

/// The files that the session's portfolio came from.
pub(super) fn imports(closed: &Closed) -> Vec<Import> {
    let import = |note: &ImportNote| Import {
        sha256: HEXLOWER.encode(&note.file.sha256),
        bytes: note.file.bytes,
        format: note.file.format.clone(),
        rows: note.rows,
        imported_on: stamp(Position { at: note.at, n: 0 }),
    };
    closed.imports.iter().map(import).collect()
}

/// How many were here in each step, by its title.
pub(super) fn attendance(closed: &Closed) -> Vec<Attendance> {
    let attended = |attended: &Attended| {
        let step = closed.board.agenda.iter().find(|step| step.id == attended.step);
        Attendance {
            step: attended.step,
            kind: step.map(|step| step.kind),
            title: step.map(|step| step.title.clone()).unwrap_or_default(),
            here: attended.here,
            joined: attended.joined,
        }
    };
    closed.attendance.iter().map(attended).collect()
}

/// What the close of this board erases. It is written down before it is done: nothing is erased before its record is
/// there.
pub(super) fn erased(board: &Board) -> Erased {
    let rounds = || board.results.values().flat_map(|results| results.rounds.values());
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (rounds, kept) =
        (count(rounds().count()), count(rounds().filter(|round| round.tally.is_some()).count()));
    let statement = if rounds == 0 {
        "There were no ballots.".to_owned()
    } else {
        format!(
            "The close erases all answers of {rounds} {}. Kept are the counts of {kept} that {} revealed. Backups that \
             were made before the close are not reached.",
            if rounds == 1 { "round" } else { "rounds" },
            if kept == 1 { "was" } else { "were" },
        )
    };
    Erased { rounds, kept, statement }
}

/// What the decision says beside its owner, as far as its verdict has a place for it: what was written under another
/// verdict says nothing any more.
fn further(decision: &Decision, verdict: Verdict) -> BTreeMap<String, String> {
    let mut further = BTreeMap::new();
    for name in fields(verdict).iter().chain(EVERY) {
        let text = decision.more.get(*name).map_or("", |text| text.trim());
        if !text.is_empty() {
            further.insert((*name).to_owned(), text.to_owned());
        }
    }
    further
}

/// What most chose in the first round in which the project was sorted alone.
pub(crate) fn origin(board: &Board, told: &Evidence<'_>) -> Origin {
    let first = told.rounds(Question::Placement).find_map(|round| round.placement());
    let Some(counts) = first.filter(|counts| counts.answered() > 0) else { return Origin::Unknown };
    match modal_pile(counts) {
        None => Origin::Split,
        Some(PileChoice::Off) => Origin::Off,
        Some(PileChoice::Pillar(id)) => {
            let pillar = board.pillars.iter().find(|pillar| pillar.id == id).cloned().unwrap_or_default();
            Origin::Pillar {
                id,
                name: pillar.name,
                intent: pillar.intent,
                goals: pillar.goals,
                measure: pillar.measure,
                rules_out: pillar.rules_out,
            }
        }
    }
}

fn place(board: &Board, pile: Pile) -> Place {
    let id = match pile {
        Pile::Unsorted => return Place::Unsorted,
        Pile::Off => return Place::Off,
        Pile::Pillar(id) => id,
    };
    let Some(pillar) = board.pillars.iter().find(|pillar| pillar.id == id) else { return Place::Unsorted };
    Place::Pillar {
        id,
        name: pillar.name.clone(),
        intent: pillar.intent.clone(),
        goals: pillar.goals.clone(),
        measure: pillar.measure.clone(),
        rules_out: pillar.rules_out.clone(),
    }
}

/// The log's stamp as a calendar has it. A time that no calendar has reads as 1970.
pub(crate) fn stamp(at: Position) -> String {
    let stamp = i64::try_from(at.at).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    stamp.unwrap_or_default().to_string()
}
