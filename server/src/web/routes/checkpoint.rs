//! A checkpoint is opened: what an earlier session decided, and what the decision log says of it since, comes onto a board
//! of its own.
//!
//! Projects and pillars keep their ids, so that a project is the same one from session to session, and its decisions in
//! the log go on.

use axum::http::StatusCode;
use plumbline_shared::{
    answer::Item,
    board::{Board, Project},
    checkpoint::done_field,
    ids::{MessageId, ParticipantId, ProjectId, SessionId},
    messages::{ClientMessage, Command},
    methods::may_show_counts,
    results::Counts,
    words::{Origin, Stance, StepKind},
};
use uuid::Uuid;

use crate::{
    live::{SessionHandle, commanded},
    log::{
        decisions::Decided,
        record::{Record, Status},
    },
    session::entry::{Body, Earlier, EarlierRow, PillarRow, Row},
    web::{app::App, problem::AppError},
};

/// The template of which a session is a checkpoint, where it is founded from an earlier one.
pub(super) const TEMPLATE: &str = "checkpoint";

/// What a checkpoint begins with.
pub(super) struct LookBack {
    describe: Command,
    pillars: Vec<PillarRow>,
    /// What was decided. Who opens it is filled in when that is known.
    pub(super) earlier: Earlier,
}

/// What a closed session leaves for its checkpoint.
pub(super) async fn look_back(app: &App, from: SessionId) -> Result<LookBack, AppError> {
    let (board, is_closed, is_demonstration, closed_at) = app
        .session(from)?
        .ask(|session| {
            // The last change of the board of a closed session is its close.
            (session.board(), session.is_closed(), session.is_demonstration(), session.shown().at)
        })
        .await?;
    if is_demonstration {
        return Err(AppError::unprocessable(
            "This session is only shown, and nothing of it was decided. Open a checkpoint from a session of your own.",
        ));
    }
    if !is_closed {
        return Err(AppError::new(
            StatusCode::CONFLICT,
            "not_closed",
            "This session is not closed yet. Close it first: a checkpoint looks at what has been decided.",
        ));
    }
    let projects: Vec<(ProjectId, String)> =
        board.projects.iter().map(|(id, project)| (*id, project.reference.clone())).collect();
    let mut before =
        app.node.decisions().before(app.node.store(), &projects).await.map_err(AppError::fault)?;
    let rows: Vec<EarlierRow> = board
        .projects
        .iter()
        .map(|(id, project)| {
            let (decided, times) = before.remove(id).unwrap_or_default();
            row(&board, *id, project, decided.as_ref(), times)
        })
        .collect();
    let said = board.decisions.values().any(|decision| decision.verdict.is_some());
    if said && rows.iter().all(|row| row.times == 0) {
        return Err(AppError::new(
            StatusCode::CONFLICT,
            "not_logged",
            "What this session decided is not in the decision log yet. Try again in a moment.",
        ));
    }
    let text = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    Ok(LookBack {
        describe: Command::Describe {
            purpose: text(&board.session.purpose),
            decider: text(&board.session.decider),
            rule: text(&board.session.rule),
        },
        pillars: pillars(&board),
        earlier: Earlier {
            by: ParticipantId::default(),
            session: from,
            title: board.session.title.clone(),
            closed_at,
            currency: board.session.currency.clone(),
            confidence: confidence(&board),
            signed: signed(&board),
            rows,
        },
    })
}

/// Brings it into a session that has just begun.
pub(super) async fn open(handle: &SessionHandle, by: ParticipantId, back: LookBack) -> Result<(), AppError> {
    let message = ClientMessage { id: MessageId(Uuid::now_v7()), command: back.describe };
    handle.propose(commanded(by, &message)).await??;
    if !back.pillars.is_empty() {
        handle.propose(Body::PillarsImported { by, rows: back.pillars }).await??;
    }
    handle.propose(Body::Earlier(Earlier { by, ..back.earlier })).await??;
    Ok(())
}

/// The pillars, as the same ones.
fn pillars(board: &Board) -> Vec<PillarRow> {
    let pillars = board.pillars.iter().map(|pillar| PillarRow {
        id: pillar.id,
        name: pillar.name.clone(),
        intent: pillar.intent.clone(),
        goals: pillar.goals.clone(),
        measure: pillar.measure.clone(),
        rules_out: pillar.rules_out.clone(),
        owner: pillar.owner.clone(),
        colour: pillar.colour.clone(),
    });
    pillars.collect()
}

fn row(board: &Board, id: ProjectId, project: &Project, decided: Option<&Decided>, times: u32) -> EarlierRow {
    let record = decided.map(|decided| &decided.record);
    let verdict = record.and_then(|record| record.verdict);
    let placement = board.placements.get(&id).filter(|_| board.pile(id).key().is_some());
    EarlierRow {
        row: Row {
            id,
            name: project.name.clone(),
            summary: project.summary.clone(),
            sponsor: project.sponsor.clone(),
            owner: project.owner.clone(),
            origin: project.origin.map(Origin::as_str).unwrap_or_default().to_owned(),
            cost: project.cost.map(whole),
            people: project.people.map(whole),
            reference: project.reference.clone(),
            more: project.more.clone(),
        },
        pile: placement.map(|placement| placement.pile.clone()).unwrap_or_default(),
        order: placement.map(|placement| placement.order.clone()).unwrap_or_default(),
        number: record.map_or(0, |record| record.number),
        times,
        decided_on: record.map(Record::decided_day).unwrap_or_default(),
        verdict: verdict.map(|verdict| verdict.as_str().to_owned()).unwrap_or_default(),
        owner: record.map(|record| record.owner.clone()).unwrap_or_default(),
        rationale: record.map(|record| record.rationale.clone()).unwrap_or_default(),
        fields: decided.map(fields).unwrap_or_default(),
    }
}

/// What a decision says beside its verdict, whether its owner has said yes, and what of it is done.
fn fields(decided: &Decided) -> Vec<(String, String)> {
    let mut fields = decided.record.fields.clone();
    let status = match decided.standing.status {
        Status::Accepted | Status::WindingDown => Some("accepted"),
        Status::Proposed => Some("proposed"),
        Status::Open | Status::Superseded | Status::Reversed => None,
    };
    if let Some(status) = status {
        fields.insert("status".to_owned(), status.to_owned());
    }
    let progress = &decided.standing.progress;
    if let Some(next) = &progress.next_review {
        fields.insert("review".to_owned(), next.clone());
    }
    for (deed, done) in &progress.done {
        fields.insert(done_field(deed.as_str()), done.on.clone());
    }
    fields.into_iter().collect()
}

/// How sure people were in private of the session as a whole, as it was revealed.
fn confidence(board: &Board) -> Option<Vec<u32>> {
    let commits = board.agenda.iter().rev().filter(|step| step.kind == StepKind::Commit);
    commits
        .filter_map(|step| board.results.get(&step.id)?.last_revealed())
        .find_map(|(round, _)| match &round.of(&Item::session())?.counts {
            Some(Counts::Scale(scale)) if round.words.is_empty() => Some(scale.counts.to_vec()),
            _ => None,
        })
        .filter(|counts| may_show_counts(counts.iter().sum()))
}

/// How many have signed the session as a whole: carry, with a reservation, do not carry.
fn signed(board: &Board) -> Vec<u32> {
    let mut counts = [0; 3];
    for signed in board.results.values().flat_map(|results| &results.signed) {
        if signed.about == Item::session() {
            counts[match signed.stance {
                Stance::Carry => 0,
                Stance::Reservation => 1,
                Stance::Decline => 2,
            }] += 1;
        }
    }
    counts.to_vec()
}

/// The nearest whole number. The schema holds figures far within what that takes.
fn whole(figure: f64) -> i64 {
    figure.round() as i64
}
