//! What each verdict needs, and what of it a decision still lacks.

use crate::{
    board::{Board, Decision},
    day::Day,
    deciding::Evidence,
    ids::ProjectId,
    words::{StopKind, Verdict},
};

/// Within so many days of the decision, what stops has to begin with it.
pub const FIRST_DAYS: i32 = 30;

/// Something that a decision needs and does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nothing has been decided at all.
    Verdict,
    /// Nobody answers for it.
    Owner,
    /// A stop: how it is carried out.
    StopKind,
    /// A stop: on which day it has ended.
    Ends,
    /// A stop: what is done first.
    FirstStep,
    /// A stop: on which day that is done, within the first thirty.
    FirstStepDue,
    /// A stop: what it frees, and for what.
    Frees,
    /// A wait: what ends it.
    Trigger,
    /// A wait: when it is over, with or without its trigger.
    Expires,
    /// A move: by what it will be seen to have moved.
    Measure,
    /// A move: what will resist.
    Obstacles,
    /// Who decides what is open; or whose word stands against the room's.
    DecidedBy,
    /// By when what is open is decided.
    DecideBy,
    /// Why it goes against the room's verdict.
    Override,
}

impl Need {
    /// The field of the decision that fills it, by its name in the schema.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Owner => "owner",
            Self::StopKind => "kind",
            Self::Ends => "ends",
            Self::FirstStep => "first_step",
            Self::FirstStepDue => "first_step_due",
            Self::Frees => "frees",
            Self::Trigger => "trigger",
            Self::Expires => "expires",
            Self::Measure => "measure",
            Self::Obstacles => "obstacles",
            Self::DecidedBy => "decided_by",
            Self::DecideBy => "decide_by",
            Self::Override => "override",
        }
    }

    /// What is missing, in English, to stand behind *missing:*. A page with another language goes by [`Need::field`].
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Verdict => "a verdict",
            Self::Owner => "an owner",
            Self::StopKind => "how it stops",
            Self::Ends => "the day on which it ends",
            Self::FirstStep => "a first step",
            Self::FirstStepDue => "a day for the first step, within thirty days",
            Self::Frees => "what it frees, and for what",
            Self::Trigger => "a trigger",
            Self::Expires => "the day on which the wait is over",
            Self::Measure => "a measure",
            Self::Obstacles => "what will resist",
            Self::DecidedBy => "who decides",
            Self::DecideBy => "by when it is decided",
            Self::Override => "why it goes against the room's verdict",
        }
    }
}

/// The fields that say something under every verdict, beside its own ([`fields`]) and its owner: what was weighed, who
/// was heard, who is to know, and from when on it holds.
pub const EVERY: &[&str] = &["alternatives", "consulted", "informed", "effective"];

/// The fields that say something about a decision with this verdict, by their names in the schema, in the order in
/// which they are asked for: first what it needs, then what it may have. What else a decision has was written under
/// another verdict, and says nothing any more.
#[must_use]
pub const fn fields(verdict: Verdict) -> &'static [&'static str] {
    match verdict {
        Verdict::Move => &[
            "owner",
            "coalition",
            "measure",
            "measure_due",
            "obstacles",
            "outcome",
            "scope",
            "assumptions",
            "review",
        ],
        Verdict::Wait => &["owner", "coalition", "trigger", "expires", "assumptions", "review"],
        Verdict::Stop => &[
            "owner",
            "coalition",
            "kind",
            "ends",
            "first_step",
            "first_step_due",
            "frees",
            "assumptions",
            "review",
        ],
        Verdict::Open => &["decided_by", "decide_by", "owner", "assumptions"],
    }
}

/// Whether a verdict goes against the room's own. To leave something open goes against nobody: it says who decides.
#[must_use]
pub fn is_against(verdict: Verdict, room: Option<Verdict>) -> bool {
    verdict != Verdict::Open && room.is_some_and(|room| room != verdict)
}

/// What a decision lacks, in the order in which it is asked for. `room` is the room's private verdict, if it has a
/// majority; `today` the day on which it is asked.
///
/// An owner always; who decides something open answers for it until then. A stop its kind, the day of its end, a first
/// step with a day within [`FIRST_DAYS`] of today, and what it frees; a wait a trigger and an expiry; a move a measure
/// and what will resist, or the day by which both are to be there (what is decided in bulk has one); something open who
/// decides it and by when. A verdict against the room's: why, and who says so. Without a verdict: that alone.
#[must_use]
pub fn missing(decision: &Decision, room: Option<Verdict>, today: Day) -> Vec<Need> {
    let Some(verdict) = decision.verdict else { return vec![Need::Verdict] };
    let said = |field: &str| decision.more.get(field).is_some_and(|text| !text.trim().is_empty());
    let day = |field: &str| decision.more.get(field).and_then(|text| Day::parse(text));
    let owned = !decision.owner.trim().is_empty();
    let against = is_against(verdict, room);
    let decided = |need: Need| said(need.field());
    let due = || day("measure_due").is_some();
    let holds = |need: Need| match need {
        Need::Verdict => true,
        Need::Owner => owned || (verdict == Verdict::Open && decided(Need::DecidedBy)),
        Need::StopKind => decision.more.get("kind").is_some_and(|kind| StopKind::parse(kind).is_some()),
        Need::Ends | Need::Expires | Need::DecideBy => day(need.field()).is_some(),
        Need::FirstStepDue => day(need.field()).is_some_and(|day| day <= today.plus(FIRST_DAYS)),
        Need::Measure | Need::Obstacles => decided(need) || due(),
        Need::FirstStep | Need::Frees | Need::Trigger | Need::DecidedBy | Need::Override => decided(need),
    };
    let needs: &[Need] = match verdict {
        Verdict::Move => &[Need::Owner, Need::Measure, Need::Obstacles],
        Verdict::Wait => &[Need::Owner, Need::Trigger, Need::Expires],
        Verdict::Stop => {
            &[Need::Owner, Need::StopKind, Need::Ends, Need::FirstStep, Need::FirstStepDue, Need::Frees]
        }
        Verdict::Open => &[Need::DecidedBy, Need::DecideBy, Need::Owner],
    };
    let record: &[Need] = if against { &[Need::Override, Need::DecidedBy] } else { &[] };
    needs.iter().chain(record).copied().filter(|need| !holds(*need)).collect()
}

/// Every project of which something is missing, with what: for the list before the close, and for the record.
///
/// Projects on which nothing has been decided are among them, with [`Need::Verdict`].
#[must_use]
pub fn lacking(board: &Board, today: Day) -> Vec<(ProjectId, Vec<Need>)> {
    let none = Decision::default();
    let of = |(project, evidence): (&ProjectId, &Evidence<'_>)| {
        let decision = board.decisions.get(project).unwrap_or(&none);
        let lacks = missing(decision, evidence.room(), today);
        (!lacks.is_empty()).then_some((*project, lacks))
    };
    Evidence::of_all(board).iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day(20_000);

    fn decision(verdict: Verdict, owner: &str, more: &[(&str, &str)]) -> Decision {
        Decision {
            verdict: Some(verdict),
            owner: owner.to_owned(),
            more: more.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect(),
            ..Decision::default()
        }
    }

    #[test]
    fn a_stop_needs_its_kind_its_end_a_first_step_within_thirty_days_and_what_it_frees() {
        let bare = decision(Verdict::Stop, " ", &[]);
        assert_eq!(
            missing(&bare, None, TODAY),
            [Need::Owner, Need::StopKind, Need::Ends, Need::FirstStep, Need::FirstStepDue, Need::Frees]
        );
        let due = TODAY.plus(30).to_string();
        let whole = [
            ("kind", "hand_over"),
            ("ends", "2027-03-31"),
            ("first_step", "Tell the team"),
            ("first_step_due", due.as_str()),
            ("frees", "14 people for the hospital programme"),
        ];
        assert_eq!(missing(&decision(Verdict::Stop, "Anna", &whole), None, TODAY), []);
        // A day later, the first step is one day too far off; and what is no kind is none.
        let mut late = decision(Verdict::Stop, "Anna", &whole);
        late.more.insert("first_step_due".to_owned(), TODAY.plus(31).to_string());
        late.more.insert("kind".to_owned(), "somehow".to_owned());
        assert_eq!(missing(&late, None, TODAY), [Need::StopKind, Need::FirstStepDue]);
    }

    #[test]
    fn a_wait_needs_a_trigger_and_an_expiry() {
        assert_eq!(
            missing(&decision(Verdict::Wait, "Anna", &[("expires", "soon")]), None, TODAY),
            [Need::Trigger, Need::Expires]
        );
        let whole = [("trigger", "The audit"), ("expires", "2027-01-31")];
        assert_eq!(missing(&decision(Verdict::Wait, "Anna", &whole), None, TODAY), []);
    }

    #[test]
    fn a_move_needs_a_measure_and_what_resists_or_the_day_by_which_they_are_there() {
        assert_eq!(
            missing(&decision(Verdict::Move, "Anna", &[]), None, TODAY),
            [Need::Measure, Need::Obstacles]
        );
        let bulk = [("measure_due", "2026-12-04")];
        assert_eq!(missing(&decision(Verdict::Move, "Anna", &bulk), None, TODAY), []);
        assert_eq!(missing(&decision(Verdict::Move, "", &bulk), None, TODAY), [Need::Owner]);
        let whole = [("measure", "Beds open"), ("obstacles", "The old contract")];
        assert_eq!(missing(&decision(Verdict::Move, "Anna", &whole), None, TODAY), []);
    }

    #[test]
    fn something_open_needs_who_decides_it_and_by_when_and_that_one_answers_for_it() {
        assert_eq!(
            missing(&decision(Verdict::Open, "", &[]), None, TODAY),
            [Need::DecidedBy, Need::DecideBy, Need::Owner]
        );
        let whole = [("decided_by", "The board"), ("decide_by", "2026-12-15")];
        assert_eq!(missing(&decision(Verdict::Open, "", &whole), Some(Verdict::Stop), TODAY), []);
    }

    #[test]
    fn a_verdict_against_the_room_needs_its_reason_and_a_name() {
        let whole = [("trigger", "The audit"), ("expires", "2027-01-31")];
        let against = decision(Verdict::Wait, "Anna", &whole);
        assert_eq!(missing(&against, Some(Verdict::Stop), TODAY), [Need::Override, Need::DecidedBy]);
        assert_eq!(missing(&against, Some(Verdict::Wait), TODAY), []);
    }

    #[test]
    fn without_a_verdict_it_is_the_verdict_that_is_missing() {
        let written = Decision { owner: "Anna".to_owned(), ..Decision::default() };
        assert_eq!(missing(&written, Some(Verdict::Stop), TODAY), [Need::Verdict]);
    }

    #[test]
    fn every_need_is_a_field_of_the_schema_and_asked_for_under_its_verdict() {
        use crate::schema::Root;
        let known = |field: &str| Root::Decisions.fields().iter().any(|(name, _)| *name == field);
        for verdict in Verdict::ALL.iter().copied() {
            assert!(fields(verdict).iter().all(|field| known(field)), "{verdict}");
            let bare = Decision { verdict: Some(verdict), ..Decision::default() };
            for need in missing(&bare, None, TODAY) {
                assert!(fields(verdict).contains(&need.field()), "{verdict}: {need:?}");
            }
        }
    }
}
