//! Two that are one: a person who came twice, a project that was entered twice.

use plumbline_shared::{
    board::{Board, Decision, Pile, Project},
    ids::{ParticipantId, ProjectId},
    limits,
    schema::Root,
    words::Origin,
};
use yrs::Any;

use super::{Effect, MESSAGES_REMEMBERED, Session, refusal::Refusal};

impl Session {
    /// `from` is `into`: what they wrote, answers and answered messages go over, and of two roles the one that may more
    /// stays. What opened the seat of `from` opens nothing any more, and what was private of it is told to nobody.
    pub(super) fn merge_people(
        &mut self,
        from: ParticipantId,
        into: ParticipantId,
    ) -> Result<Vec<Effect>, Refusal> {
        let member = if self.has_seats() {
            let member = self.people.merge_seats(from, into)?.clone();
            // Nothing of theirs is told to who stays: whether the two are one, only a facilitator says.
            self.withhold_all(from);
            self.ballots.merge_people(from, into, false);
            member
        } else {
            // Each one's tokens open what was the other's. Who pretends that two are one must not read a flag by that.
            let shares = self.people.comes_in(from) && self.people.comes_in(into);
            let member = self.people.merge(from, into)?.clone();
            self.flags.merge_people(from, into);
            self.ballots.merge_people(from, into, true);
            if shares {
                self.flags.withhold(into);
                self.ballots.withhold(into);
            }
            member
        };
        if let (Some(theirs), Some(own)) = (self.people.author(from), self.people.author(into)) {
            self.guard.hand_over(theirs, own);
        }
        self.ledger.hand_over(from, into);
        let answers = self.messages.remove(from.0.as_bytes()).unwrap_or_default();
        let kept = self.messages.entry(*into.0.as_bytes()).or_default();
        // The older ones go first where there are too many.
        for answer in answers.into_iter().rev() {
            if kept.len() < MESSAGES_REMEMBERED {
                kept.push_front(answer);
            }
        }
        let board = self.board();
        let signed = into.to_string();
        self.write(|writer| {
            writer.forget(from);
            writer.person(&member);
            for (id, _) in board.projects.iter().filter(|(_, project)| project.added_by == Some(from)) {
                writer.field(Root::Projects, &id.to_string(), "added_by", signed.as_str().into());
            }
            for (id, _) in board.notes.iter().filter(|(_, note)| note.author == Some(from)) {
                writer.field(Root::Notes, &id.to_string(), "author", signed.as_str().into());
            }
        });
        let mut effects = vec![Effect::Merged(from), Effect::RoleChanged(into), Effect::Flagged(into)];
        effects.extend(self.may_vote(into));
        Ok(effects)
    }

    /// `from` is `into`, which stays: what it leaves empty is filled, what it lacks is added, and nothing of it is
    /// overwritten.
    pub(super) fn merge_projects(
        &mut self,
        from: ProjectId,
        into: ProjectId,
        seed: u64,
    ) -> Result<Vec<Effect>, Refusal> {
        if from == into {
            return Err(Refusal::new("same_project", "That is one project. Choose two to merge."));
        }
        let board = self.board();
        let (Some(gone), Some(kept)) = (board.projects.get(&from), board.projects.get(&into)) else {
            let sentence = "One of the two projects is not on the board any more. Look again.";
            return Err(Refusal::new("no_such_project", sentence));
        };
        let filled = filled(kept, gone);
        let placed = placement(&board, from, into);
        let decided = decided(&board, from, into);
        let people = self.flags.merge_projects(from, into);
        let flags = self.flags.as_published(into, seed);
        let (old, key) = (from.to_string(), into.to_string());
        for root in [Root::Projects, Root::Decisions] {
            self.ledger.note(root, &old, false);
        }
        self.write(|writer| {
            for (field, value) in filled {
                writer.field(Root::Projects, &key, field, value);
            }
            if let Some((pile, order)) = &placed {
                writer.place(&key, pile, order);
            }
            for (field, value) in decided.fields {
                writer.field(Root::Decisions, &key, field, value.into());
            }
            if let Some(rationale) = &decided.rationale {
                writer.rationale(&key, rationale);
            }
            for (id, _) in board.notes.iter().filter(|(_, note)| note.about == old) {
                writer.field(Root::Notes, &id.to_string(), "about", key.as_str().into());
            }
            if board.session.focus == Some(from) {
                writer.session("focus", key.clone());
            }
            if people.is_some() {
                writer.flags(&flags);
            }
            for root in [Root::Projects, Root::Placements, Root::Decisions, Root::Flags] {
                writer.take_away(root, &old);
            }
        });
        Ok(people.unwrap_or_default().into_iter().map(Effect::Flagged).collect())
    }
}

/// What `kept` takes on of `gone`.
fn filled(kept: &Project, gone: &Project) -> Vec<(&'static str, Any)> {
    let mut filled: Vec<(&'static str, Any)> = Vec::new();
    for (field, own, other) in [
        ("summary", &kept.summary, &gone.summary),
        ("sponsor", &kept.sponsor, &gone.sponsor),
        ("owner", &kept.owner, &gone.owner),
        ("reference", &kept.reference, &gone.reference),
    ] {
        if own.is_empty() && !other.is_empty() {
            filled.push((field, other.as_str().into()));
        }
    }
    let known = |project: &Project| project.origin.filter(|origin| *origin != Origin::Unknown);
    if let (None, Some(origin)) = (known(kept), known(gone)) {
        filled.push(("origin", origin.as_str().into()));
    }
    for (field, own, other) in [("cost", kept.cost, gone.cost), ("people", kept.people, gone.people)] {
        if let (None, Some(figure)) = (own, other) {
            filled.push((field, figure.into()));
        }
    }
    let more: Vec<_> = gone
        .more
        .iter()
        .filter(|(heading, _)| !kept.more.iter().any(|(own, _)| own == heading))
        .take(limits::LIST.saturating_sub(kept.more.len()))
        .collect();
    if !more.is_empty() {
        let pair = |(heading, text): &(String, String)| -> Any {
            vec![Any::from(heading.as_str()), Any::from(text.as_str())].into()
        };
        let all: Vec<Any> = kept.more.iter().chain(more).map(pair).collect();
        filled.push(("more", all.into()));
    }
    filled
}

/// Where `from` lies, if `into` lies nowhere.
fn placement(board: &Board, from: ProjectId, into: ProjectId) -> Option<(String, String)> {
    if board.pile(into) != Pile::Unsorted || board.pile(from) == Pile::Unsorted {
        return None;
    }
    board.placements.get(&from).map(|placement| (placement.pile.clone(), placement.order.clone()))
}

/// What the decision on one project takes on of another's.
#[derive(Default)]
struct Decided {
    fields: Vec<(&'static str, String)>,
    rationale: Option<String>,
}

fn decided(board: &Board, from: ProjectId, into: ProjectId) -> Decided {
    let nothing = Decision::default();
    let Some(gone) = board.decisions.get(&from) else { return Decided::default() };
    let kept = board.decisions.get(&into).unwrap_or(&nothing);
    let text = |decision: &Decision, field: &str| match field {
        "verdict" => decision.verdict.map(|verdict| verdict.as_str().to_owned()).unwrap_or_default(),
        "owner" => decision.owner.clone(),
        field => decision.more.get(field).cloned().unwrap_or_default(),
    };
    let fields = Root::Decisions
        .fields()
        .iter()
        .map(|(field, _)| (*field, text(gone, field)))
        .filter(|(field, value)| !value.is_empty() && text(kept, field).is_empty())
        .collect();
    let rationale = (kept.rationale.is_empty() && !gone.rationale.is_empty()).then(|| gone.rationale.clone());
    Decided { fields, rationale }
}
