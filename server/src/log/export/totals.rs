//! What decisions come to together: what they weigh, what is due, and how far they are carried.

use std::collections::{BTreeMap, BTreeSet};

use plumbline_shared::{
    day::Day,
    ids::SessionId,
    methods::{ScaleCounts, StanceCounts, confidence_gap, may_show_counts},
    words::{Question, Stance, Verdict},
};

use super::summary::Sum;
use crate::log::{
    decisions::Decided,
    record::{About, Counted},
};

/// What some projects weigh together, each currency by itself.
pub(super) struct Load {
    pub(super) projects: usize,
    /// By currency, the empty one for costs of which the unit is not known.
    pub(super) cost: Vec<(String, Sum)>,
    pub(super) people: Sum,
}

/// What the projects of some decisions weigh.
pub(super) fn load<'d>(decided: impl Iterator<Item = &'d Decided> + Clone) -> Load {
    let project = |decided: &'d Decided| &decided.record.project;
    let known = decided.clone().map(project).filter(|project| project.cost.is_some());
    let currencies: BTreeSet<&str> = known.map(|project| project.currency.as_str()).collect();
    let cost = currencies.into_iter().map(|currency| {
        let of = decided.clone().map(project).filter(|project| project.currency == currency);
        (currency.to_owned(), Sum::of(of.map(|project| project.cost)))
    });
    Load {
        projects: decided.clone().count(),
        cost: cost.collect(),
        people: Sum::of(decided.map(|decided| decided.record.project.people)),
    }
}

impl Load {
    /// The cost in words, with its coverage; a dash where nothing is known, which is not the same as nothing.
    pub(super) fn cost_words(&self) -> String {
        let one = |(currency, sum): &(String, Sum)| {
            let known = if sum.known == self.projects {
                String::new()
            } else {
                format!(" (known of {} of {})", sum.known, self.projects)
            };
            format!("{} {currency}", sum.sum.grouped()).trim().to_owned() + &known
        };
        if self.cost.is_empty() {
            "–".to_owned()
        } else {
            self.cost.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    }

    /// How many people, with the coverage.
    pub(super) fn people_words(&self) -> String {
        match self.people {
            Sum { known: 0, .. } => "–".to_owned(),
            Sum { sum, known } if known == self.projects => sum.grouped(),
            Sum { sum, known } => format!("{} (known of {known} of {})", sum.grouped(), self.projects),
        }
    }
}

/// A day by which something is to be done.
pub(super) struct Due<'d> {
    pub(super) day: Day,
    pub(super) field: &'static str,
    pub(super) decided: &'d Decided,
}

/// The days that decisions name, with what is due on them.
pub(super) const DUES: [(&str, &str); 6] = [
    ("first_step_due", "First step"),
    ("ends", "Ends"),
    ("expires", "The wait is over"),
    ("decide_by", "To be decided"),
    ("measure_due", "Measure due"),
    ("review", "Review"),
];

/// What is due on which day, the first one first. What is done is not due any more.
pub(super) fn dues<'d>(decided: impl Iterator<Item = &'d Decided>) -> Vec<Due<'d>> {
    let mut dues: Vec<Due<'d>> = decided
        .flat_map(|decided| {
            let left = DUES.iter().filter(|(field, _)| decided.done(field).is_none());
            left.filter_map(move |(field, _)| {
                Some(Due { day: Day::parse(decided.day(field))?, field, decided })
            })
        })
        .collect();
    dues.sort_by_key(|due| (due.day, due.decided.record.number));
    dues
}

/// How far a session's decisions are carried.
pub(super) struct Carried {
    pub(super) session: String,
    /// How many of those who answered in private are confident, and how many answered.
    pub(super) confident: Option<(u32, u32)>,
    pub(super) signed: StanceCounts,
    /// What was carried in public beyond what was meant in private, in hundredths.
    pub(super) gap: Option<i32>,
}

/// How far the decisions of each session are carried: the group's word, and nobody's. A gap is told only where three or
/// more have answered and as many have signed.
pub(super) fn carried<'d>(decided: impl Iterator<Item = &'d Decided>) -> Vec<Carried> {
    let mut last: BTreeMap<SessionId, &Decided> = BTreeMap::new();
    for decided in decided {
        let latest = last.entry(decided.record.session.id).or_insert(decided);
        if decided.record.number >= latest.record.number {
            *latest = decided;
        }
    }
    let of = |decided: &&Decided| {
        let record = &decided.record;
        let mut signed = StanceCounts::default();
        for sign in record.sign_offs.iter().filter(|sign| sign.about == About::Session) {
            match sign.stance {
                Stance::Carry => signed.carry += 1,
                Stance::Reservation => signed.reservation += 1,
                Stance::Decline => signed.decline += 1,
            }
        }
        let about = |asked: &&crate::log::record::Asked| {
            asked.about == About::Session && asked.question == Question::Scale
        };
        let scale = record.evidence.iter().rev().filter(about).find_map(|asked| match &asked.counts {
            Some(Counted::Scale { counts }) => Some(ScaleCounts { counts: *counts }),
            _ => None,
        });
        let answered = scale.as_ref().map_or(0, ScaleCounts::answered);
        let scale = scale.filter(|_| may_show_counts(answered));
        let confident = scale.as_ref().map(|scale| (scale.counts[3..].iter().sum(), answered));
        let signatures = signed.carry + signed.reservation + signed.decline;
        let gap = scale
            .filter(|_| may_show_counts(signatures))
            .and_then(|scale| confidence_gap(&scale, &signed))
            // Of a share between −1 and 1 the hundredths are small.
            .map(|gap| format!("{:.0}", gap.gap() * 100.0).parse().unwrap_or_default());
        Carried { session: record.session.title.clone(), confident, signed, gap }
    };
    last.values()
        .map(of)
        .filter(|carried| carried.confident.is_some() || carried.signed != StanceCounts::default())
        .collect()
}

/// Moves in the order in which the room put them: by dots, where there were any, and then as they were decided.
pub(super) fn in_order<'d>(moves: impl Iterator<Item = &'d Decided>) -> Vec<&'d Decided> {
    let mut moves: Vec<&Decided> =
        moves.filter(|decided| decided.record.verdict == Some(Verdict::Move)).collect();
    let dots = |decided: &Decided| {
        let last = decided.record.evidence.iter().rev().find_map(|asked| match asked.counts {
            Some(Counted::Dots { dots, .. }) => Some(dots),
            _ => None,
        });
        last.unwrap_or(0)
    };
    moves.sort_by_key(|decided| (std::cmp::Reverse(dots(decided)), decided.record.number));
    moves
}
