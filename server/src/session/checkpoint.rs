//! A checkpoint's board: what was decided before comes onto it, and what the new portfolio has is recognised.

use plumbline_shared::{
    board::{Board, Project},
    checkpoint::{EarlierSession, HOLDS, IMPORTED_KEY, SESSION_KEY},
    ids::ProjectId,
    limits,
    schema::Root,
    words::{Found, Origin, Verdict},
};
use yrs::{Any, Transact};

use super::{
    CHECKPOINTS_SINCE, Effect, Session,
    entry::{Earlier, EarlierRow, Row},
    guard::Path,
    refusal::Refusal,
    writer::plain_at,
};

/// What an import says of a project, in the order in which it is kept for a confirmation that is taken back.
const SAID: [&str; 9] =
    ["name", "summary", "sponsor", "owner", "origin", "cost", "people", "reference", "more"];

impl Session {
    /// The board becomes that of a checkpoint: every project of the earlier session with what was decided about it.
    ///
    /// The decisions stand on the board as they were, to be changed where something has changed; what they were stands
    /// beside them where nobody can change it.
    pub(super) fn open_checkpoint(&mut self, earlier: &Earlier) -> Result<(), Refusal> {
        if self.rules < CHECKPOINTS_SINCE {
            return Err(Refusal::new(
                "older_session",
                "This session began under an older release, which had no checkpoints. Begin a new one.",
            ));
        }
        let board = self.board();
        if board.session.earlier.is_some() || !board.projects.is_empty() {
            return Err(Refusal::new(
                "checkpoint_begun",
                "This board is in use already. Open a checkpoint as a session of its own.",
            ));
        }
        let before = EarlierSession {
            session: earlier.session,
            title: earlier.title.clone(),
            closed_at: earlier.closed_at,
            currency: earlier.currency.clone(),
            confidence: earlier.confidence.as_ref().and_then(|counts| counts.as_slice().try_into().ok()),
            signed: earlier.signed.as_slice().try_into().unwrap_or_default(),
            imported_at: None,
        };
        let rows: Vec<&EarlierRow> = earlier.rows.iter().take(limits::PROJECTS).collect();
        for row in &rows {
            let key = row.row.id.to_string();
            self.ledger.note(Root::Projects, &key, true);
            self.ledger.note(Root::Decisions, &key, true);
        }
        self.write(|writer| {
            writer.session(SESSION_KEY, before.write());
            if !before.currency.is_empty() {
                writer.session("currency", before.currency.as_str());
            }
            for row in rows {
                let key = row.row.id.to_string();
                writer.project(row.row.id, &row.row);
                if !row.pile.is_empty() {
                    writer.place(&key, &row.pile, &row.order);
                }
                writer.earlier(&key, row);
                if Verdict::parse(&row.verdict).is_none() {
                    continue;
                }
                writer.field(Root::Decisions, &key, "verdict", row.verdict.as_str().into());
                writer.field(Root::Decisions, &key, "owner", row.owner.as_str().into());
                for (field, text) in &row.fields {
                    // A field of a later release, or of none, has no place on this board.
                    if Root::Decisions.fields().iter().any(|(known, _)| known == field) && field != HOLDS {
                        writer.field(Root::Decisions, &key, field, text.as_str().into());
                    }
                }
                if !row.rationale.is_empty() {
                    writer.rationale(&key, &row.rationale);
                }
            }
        });
        Ok(())
    }

    /// An import has brought the portfolio anew: which of the projects of before are in it.
    pub(super) fn recognise_imported(&mut self, before: &Board, written: &[(ProjectId, &Row)]) {
        if self.rules < CHECKPOINTS_SINCE || before.session.earlier.is_none() {
            return;
        }
        // JavaScript's numbers hold milliseconds exactly.
        #[allow(clippy::cast_precision_loss)]
        let now = self.clock as f64;
        self.write(|writer| {
            writer.session(IMPORTED_KEY, now);
            for (id, row) in written {
                let Some(earlier) = before.earlier.get(id) else { continue };
                // What a person has confirmed stays that, when the file comes again.
                if earlier.found == Some(Found::Likeness) {
                    continue;
                }
                let found = if is_reference(&earlier.reference, &row.reference) {
                    Found::Reference
                } else {
                    Found::Name
                };
                writer.field(Root::Earlier, &id.to_string(), "found", found.as_str().into());
            }
        });
    }

    /// A person says whether a row of the new portfolio is a project of before.
    pub(super) fn recognise(
        &mut self,
        project: ProjectId,
        row: ProjectId,
        is: bool,
        seed: u64,
    ) -> Result<Vec<Effect>, Refusal> {
        let board = self.board();
        let Some(earlier) = board.earlier.get(&project).filter(|_| board.projects.contains_key(&project))
        else {
            return Err(Refusal::new(
                "no_such_project",
                "This board has no such project of before. Look at the list again.",
            ));
        };
        if earlier.row == Some(row) {
            return if is { Ok(Vec::new()) } else { self.part(project, row) };
        }
        let Some(theirs) = board.projects.get(&row).filter(|_| !board.earlier.contains_key(&row)) else {
            return Err(Refusal::new(
                "no_such_project",
                "The row is not on the board any more, or it is another project of before. Look at the list again.",
            ));
        };
        let key = project.to_string();
        if !is {
            if !earlier.unlike.contains(&row) && earlier.unlike.len() < limits::LIST {
                let unlike = earlier.unlike.iter().chain([&row]);
                let unlike: Vec<Any> = unlike.map(|id| id.to_string().into()).collect();
                self.write(|writer| writer.field(Root::Earlier, &key, "unlike", unlike.into()));
            }
            return Ok(Vec::new());
        }
        if earlier.found.is_some() {
            return Err(Refusal::new(
                "found_already",
                "This project has been found in the portfolio already. Take that back first.",
            ));
        }
        let kept: Vec<Any> = vec![row.to_string().into(), self.said(project), self.said(row)];
        let taken_on = as_row(row, theirs);
        self.write(|writer| {
            writer.field(Root::Earlier, &key, "found", Found::Likeness.as_str().into());
            writer.field(Root::Earlier, &key, "row", kept.into());
            writer.project(project, &taken_on);
        });
        self.merge_projects(row, project, seed)
    }

    /// Takes back that a row is a project of before: both are on the board again, each with what it said.
    fn part(&mut self, project: ProjectId, row: ProjectId) -> Result<Vec<Effect>, Refusal> {
        let (key, other) = (project.to_string(), row.to_string());
        let path = path(Root::Earlier, &key, "row");
        let kept = plain_at(&self.doc.transact(), &path);
        let (Some(own), Some(theirs)) = (kept_part(kept.as_ref(), 1), kept_part(kept.as_ref(), 2)) else {
            return Err(Refusal::new(
                "no_such_project",
                "This was not confirmed here. Look at the list again.",
            ));
        };
        if self.board().projects.len() >= limits::PROJECTS {
            return Err(Refusal::new("full", "The board is full. Take something off it first."));
        }
        self.ledger.note(Root::Projects, &other, true);
        self.ledger.note(Root::Decisions, &other, true);
        self.write(|writer| {
            for (field, value) in SAID.iter().zip(own) {
                writer.field(Root::Projects, &key, field, value);
            }
            writer.bare_project(&other);
            for (field, value) in SAID.iter().zip(theirs) {
                if value != Any::Null {
                    writer.field(Root::Projects, &other, field, value);
                }
            }
            writer.field(Root::Earlier, &key, "found", Any::Null);
            writer.field(Root::Earlier, &key, "row", Any::Null);
            writer.field(Root::Earlier, &key, "unlike", vec![Any::from(other.as_str())].into());
        });
        Ok(Vec::new())
    }

    /// What a project says, field by field; `null` for what it leaves out.
    fn said(&self, project: ProjectId) -> Any {
        let key = project.to_string();
        let txn = self.doc.transact();
        let value = |field: &&str| {
            let path = path(Root::Projects, &key, field);
            plain_at(&txn, &path).unwrap_or(Any::Null)
        };
        SAID.iter().map(value).collect::<Vec<Any>>().into()
    }
}

fn path(root: Root, key: &str, field: &str) -> Path {
    Path { root: root.name().into(), keys: vec![key.into(), field.into()] }
}

/// Whether a row is known by its reference: both sides have one, and they are the same beyond case and blanks.
fn is_reference(before: &str, now: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    !before.trim().is_empty() && bare(before) == bare(now)
}

fn kept_part(kept: Option<&Any>, at: usize) -> Option<Vec<Any>> {
    let Some(Any::Array(parts)) = kept else { return None };
    match parts.get(at) {
        Some(Any::Array(values)) => Some(values.to_vec()),
        _ => None,
    }
}

/// A project as an import would bring it.
fn as_row(id: ProjectId, project: &Project) -> Row {
    // The schema holds figures far within what that takes.
    let whole = |figure: f64| figure.round() as i64;
    Row {
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
    }
}
