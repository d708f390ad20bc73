//! A session that goes on from an earlier one: *Choose and commit* from *Frame an issue*.
//!
//! It takes along what was agreed and what was found out, and nothing of who said what in private: the purpose, who
//! decides and by what rule, the pillars, and every project that was not stopped, with its notes and what was left open
//! about it as further lines of its card.

use plumbline_shared::{
    board::{Board, Decision, Project},
    ids::{MessageId, ParticipantId, ProjectId},
    limits,
    messages::{ClientMessage, Command},
    words::{Origin, Verdict},
};
use uuid::Uuid;

use crate::{
    live::{SessionHandle, commanded},
    session::entry::{Body, PillarRow, Row},
    web::problem::AppError,
};

/// What was written about a decision, as the card of the next session has it, as far as its verdict has a place for it.
fn written(verdict: Option<Verdict>) -> &'static [(&'static str, &'static str)] {
    match verdict {
        Some(Verdict::Open) => {
            &[("assumptions", "To be found out"), ("decided_by", "By whom"), ("decide_by", "By when")]
        }
        Some(Verdict::Wait) => &[("trigger", "Waits for"), ("assumptions", "Assumed")],
        _ => &[("assumptions", "Assumed")],
    }
}

/// Brings what goes on from `earlier` into a session that has just begun.
pub(super) async fn go_on(
    handle: &SessionHandle,
    by: ParticipantId,
    earlier: &Board,
) -> Result<(), AppError> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    let said = &earlier.session;
    let describe = Command::Describe {
        purpose: text(&said.purpose),
        decider: text(&said.decider),
        rule: text(&said.rule),
    };
    let message = ClientMessage { id: MessageId(Uuid::now_v7()), command: describe };
    handle.propose(commanded(by, &message)).await??;
    let rows = pillars(earlier);
    if !rows.is_empty() {
        handle.propose(Body::PillarsImported { by, rows }).await??;
    }
    let rows = projects(earlier);
    if !rows.is_empty() {
        let currency = text(&said.currency);
        handle.propose(Body::Imported { by, rows, currency, file: None }).await??;
    }
    Ok(())
}

fn pillars(earlier: &Board) -> Vec<PillarRow> {
    let pillars = earlier.pillars.iter().map(|pillar| PillarRow {
        // It is the same pillar: it keeps its id, also where the next session gives it another name.
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

fn projects(earlier: &Board) -> Vec<Row> {
    let none = Decision::default();
    let goes_on = earlier.projects.iter().filter_map(|(id, project)| {
        let decision = earlier.decisions.get(id).unwrap_or(&none);
        (decision.verdict != Some(Verdict::Stop)).then(|| row(earlier, *id, project, decision))
    });
    goes_on.collect()
}

fn row(earlier: &Board, id: ProjectId, project: &Project, decision: &Decision) -> Row {
    let mut more = project.more.clone();
    let mut add = |heading: &str, text: &str| {
        let text = text.trim();
        if !text.is_empty() && more.len() < limits::LIST {
            more.push((heading.to_owned(), text.chars().take(limits::PARAGRAPH).collect()));
        }
    };
    for (field, heading) in written(decision.verdict) {
        add(heading, decision.more.get(*field).map_or("", String::as_str));
    }
    add("Decided before because", &decision.rationale);
    let about = id.to_string();
    for note in earlier.notes.values().filter(|note| note.about == about) {
        add("Noted before", &note.text);
    }
    Row {
        id: ProjectId(Uuid::now_v7()),
        name: project.name.clone(),
        summary: project.summary.clone(),
        sponsor: project.sponsor.clone(),
        owner: project.owner.clone(),
        origin: project.origin.map(Origin::as_str).unwrap_or_default().to_owned(),
        cost: project.cost.map(whole),
        people: project.people.map(whole),
        reference: project.reference.clone(),
        more,
    }
}

/// The nearest whole number. The schema holds figures far within what that takes.
fn whole(figure: f64) -> i64 {
    figure.round() as i64
}

#[cfg(test)]
mod tests {
    use plumbline_shared::{board::Note, ids::NoteId};

    use super::*;
    use crate::log::record::tests::{board, id};

    #[test]
    fn what_was_not_stopped_goes_on_with_what_is_known_of_it() {
        let mut earlier = board();
        earlier.decisions.get_mut(&id(0x10)).unwrap().verdict = Some(Verdict::Stop);
        let about = id::<ProjectId>(0x11).to_string();
        let note = Note { about, author: None, text: "The city pays half.".to_owned() };
        earlier.notes.insert(id::<NoteId>(0x77), note);
        let rows = projects(&earlier);
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["City pledge", "Brand museum"]);
        let pledge = &rows[0];
        assert_eq!(
            (pledge.cost, pledge.people, pledge.reference.as_str()),
            (Some(3_100_001), Some(14), "R-City pledge")
        );
        let told: Vec<(&str, &str)> = pledge.more.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            told,
            [
                ("Waits for", "The audit"),
                ("Decided before because", "Worth doing, and not ours."),
                ("Noted before", "The city pays half."),
            ]
        );
        assert_eq!(pillars(&earlier).len(), 2);
    }
}
