//! What a board says of what was asked, said and signed: in counts, and by name only what was signed in public.

use plumbline_shared::{
    answer::Item,
    board::Board,
    deciding::{Evidence, Told},
    ids::{ParticipantId, ProjectId},
    methods::{Checks, HobbyOutcome, PileChoice, hobby_outcome, room_verdict},
    results::{Counts, ItemTally, Round, StepResults},
    words::Claim,
};

use super::{About, Asked, Checked, Counted, Outcome, PillarCount, Said, SignOff};

/// How somebody is called who has left the session.
const GONE: &str = "somebody who has left";

/// What every revealed round came to for a project.
pub(crate) fn evidence(board: &Board, project: ProjectId, evidence: &Evidence<'_>) -> Vec<Asked> {
    let of = |told: &Told<'_>| {
        let step = board.agenda.iter().find(|step| step.id == told.step)?;
        let item = Item::project(project);
        let results = board.results.get(&told.step)?;
        let on_paper = told.round.tally.as_ref().map_or(0, |tally| tally.on_paper);
        Some(Asked {
            step: told.step,
            title: step.title.clone(),
            round: told.number,
            question: told.round.question,
            prompt: told.round.prompt.clone(),
            words: told.round.words.clone(),
            about: About::Project,
            eligible: told.tally.eligible,
            answered: told.tally.answered,
            sat_out: told.tally.sat_out,
            on_paper,
            counts: counted(board, results, &item, told.tally),
        })
    };
    evidence.told.iter().filter_map(of).collect()
}

/// What every revealed round about the session as a whole came to: how sure people are.
pub(crate) fn about_session(board: &Board) -> Vec<Asked> {
    let mut all = Vec::new();
    for step in &board.agenda {
        let Some(results) = board.results.get(&step.id) else { continue };
        for (number, round) in &results.rounds {
            let item = Item::session();
            let (Some(tally), Some(of)) = (&round.tally, of(round, &item)) else { continue };
            all.push(Asked {
                step: step.id,
                title: step.title.clone(),
                round: *number,
                question: round.question,
                prompt: round.prompt.clone(),
                words: round.words.clone(),
                about: About::Session,
                eligible: of.eligible,
                answered: of.answered,
                sat_out: of.sat_out,
                on_paper: tally.on_paper,
                counts: counted(board, results, &item, of),
            });
        }
    }
    all
}

fn of<'r>(round: &'r Round, item: &Item) -> Option<&'r ItemTally> {
    round.of(item)
}

fn counted(board: &Board, results: &StepResults, item: &Item, tally: &ItemTally) -> Option<Counted> {
    Some(match tally.counts.as_ref()? {
        Counts::Placement(piles) => {
            let words = piles.in_words_order();
            let pillar = |(pile, count): &(PileChoice, u32)| match pile {
                PileChoice::Off => None,
                PileChoice::Pillar(id) => {
                    let pillar = board.pillars.iter().find(|pillar| pillar.id == *id);
                    let name = pillar.map(|pillar| pillar.name.clone()).unwrap_or_default();
                    Some(PillarCount { id: *id, name, count: *count })
                }
            };
            Counted::Placement {
                off: piles.off,
                pillars: words.piles.iter().filter_map(pillar).collect(),
                unknown: piles.unknown,
            }
        }
        // Where a claim can be looked up is part of an answer, and stays in the room.
        Counts::Hobby(claims, _) => {
            let checked: Vec<Checked> = results
                .checks
                .iter()
                .filter(|check| check.item == *item)
                .map(|check| Checked { claim: check.claim, stands: check.stands, by: name(board, check.by) })
                .collect();
            let stands = |claim: Claim| {
                checked.iter().rev().find(|check| check.claim == claim).map(|check| check.stands)
            };
            let checks = Checks { revenue: stands(Claim::Revenue), required: stands(Claim::Required) };
            Counted::Hobby {
                strategy: claims.strategy,
                revenue: claims.revenue,
                expense: claims.expense,
                required: claims.required,
                none: claims.none,
                outcome: outcome(hobby_outcome(claims, tally.eligible, &checks)),
                checks: checked,
            }
        }
        Counts::Verdict(verdicts) => Counted::Verdict {
            r#move: verdicts.move_on,
            wait: verdicts.wait,
            stop: verdicts.stop,
            room: room_verdict(verdicts),
        },
        Counts::Dots(dots) => Counted::Dots { dots: dots.dots, people: dots.people },
        Counts::Scale(scale) => Counted::Scale { counts: scale.counts },
        // They are answers, whoever gave them.
        Counts::Text(_) => return None,
    })
}

fn outcome(outcome: HobbyOutcome) -> Outcome {
    match outcome {
        HobbyOutcome::Strategic => Outcome::Strategic,
        HobbyOutcome::MissionCritical => Outcome::MissionCritical,
        HobbyOutcome::Hobby => Outcome::Hobby,
        HobbyOutcome::Contested => Outcome::Contested,
        HobbyOutcome::TooFew => Outcome::TooFew,
    }
}

/// What was said unsigned of an item.
pub(crate) fn said(board: &Board, item: &Item, about: About) -> Vec<Said> {
    let all = board.results.values().flat_map(|results| &results.dissent);
    all.filter(|said| said.about == *item).map(|said| Said { about, text: said.text.clone() }).collect()
}

/// Who has signed an item: of one person the last signature, by name.
pub(crate) fn signed(board: &Board, item: &Item, about: About) -> Vec<SignOff> {
    let mut all: Vec<(ParticipantId, SignOff)> = Vec::new();
    // Steps in their order: who signs again in a later one has thought again.
    for step in &board.agenda {
        let Some(results) = board.results.get(&step.id) else { continue };
        for signed in results.signed.iter().filter(|signed| signed.about == *item) {
            all.retain(|(who, _)| *who != signed.participant);
            let name = name(board, signed.participant);
            let sign = SignOff { about, name, stance: signed.stance, reason: signed.reason.clone() };
            all.push((signed.participant, sign));
        }
    }
    let mut all: Vec<SignOff> = all.into_iter().map(|(_, sign)| sign).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn name(board: &Board, who: ParticipantId) -> String {
    board.roster.get(&who).map_or_else(|| GONE.to_owned(), |person| person.name.clone())
}
