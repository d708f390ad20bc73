//! What the rounds of a step came to, as it stands on the board: in whole numbers, and nobody's in particular.
//!
//! A round is one value, an array: it says what is asked from the moment it opens, and what it came to from its reveal
//! on. Every ratio is computed by who reads it (`methods`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yrs::{Any, Map, MapRef, Out, ReadTxn};

use crate::{
    answer::Item,
    ids::{ParticipantId, PillarId},
    methods::{ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts},
    words::{Claim, Question, Stance},
};

/// The key of the claims that have been checked.
pub const CHECKS: &str = "checks";
/// The key of what was signed in public.
pub const SIGNED: &str = "signed";
/// The key of what was said unsigned.
pub const DISSENT: &str = "dissent";

/// Everything that a step came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepResults {
    /// Its rounds, by their number.
    pub rounds: BTreeMap<u32, Round>,
    /// Which claims have been checked.
    pub checks: Vec<Check>,
    /// Who has signed what.
    pub signed: Vec<Signed>,
    /// What was said unsigned, in an order that says nothing.
    pub dissent: Vec<Dissent>,
}

/// One round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Round {
    /// What it asks.
    pub question: Question,
    /// The question in its own words; empty for the usual ones.
    pub prompt: String,
    /// Dots that each person has.
    pub budget: u32,
    /// Dots of one person on one project at most.
    pub cap: u32,
    /// The lowest number of the scale.
    pub lowest: u8,
    /// The pillars that can be chosen, in their order.
    pub pillars: Vec<PillarId>,
    /// The statements that are answered, where it is about statements.
    pub statements: Vec<String>,
    /// The words of a scale that is answered in words: the first is answered by 0, the next by 1. None: in numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// What it is about.
    pub items: Vec<Item>,
    /// What it came to; none before the reveal.
    pub tally: Option<Tally>,
}

/// What a round came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    /// How many could answer.
    pub eligible: u32,
    /// How many have answered anything.
    pub answered: u32,
    /// How many of those on paper.
    pub on_paper: u32,
    /// What it came to for each item, in the order of the round's items.
    pub items: Vec<ItemTally>,
}

/// What a round came to for one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemTally {
    /// How many could answer; who sat out is not among them.
    pub eligible: u32,
    /// How many have.
    pub answered: u32,
    /// How many sat out.
    pub sat_out: u32,
    /// The counts; none where so few have answered that counts would tell who it was.
    pub counts: Option<Counts>,
}

/// Counts, by the kind of question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// On which pile.
    Placement(PileCounts),
    /// What it claims, and where what was claimed can be checked.
    Hobby(ClaimCounts, Vec<(Claim, String)>),
    /// Which verdict.
    Verdict(VerdictCounts),
    /// How many dots.
    Dots(DotCounts),
    /// Which number.
    Scale(ScaleCounts),
    /// The texts, in an order that says nothing.
    Text(Vec<String>),
}

/// [`Counts`] for the description of the API: the derive does not see that two fields without names are an array.
#[cfg(feature = "openapi")]
mod described {
    use super::{Claim, ClaimCounts, Counts, DotCounts, PileCounts, ScaleCounts, VerdictCounts};
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, Schema},
    };

    /// Counts, by the kind of question.
    #[derive(ToSchema)]
    #[schema(as = Counts, rename_all = "snake_case")]
    #[allow(dead_code)]
    enum Shape {
        /// On which pile.
        Placement(PileCounts),
        /// What it claims, and where what was claimed can be checked.
        Hobby((ClaimCounts, Vec<(Claim, String)>)),
        /// Which verdict.
        Verdict(VerdictCounts),
        /// How many dots.
        Dots(DotCounts),
        /// Which number.
        Scale(ScaleCounts),
        /// The texts, in an order that says nothing.
        Text(Vec<String>),
    }

    impl PartialSchema for Counts {
        fn schema() -> RefOr<Schema> {
            Shape::schema()
        }
    }

    impl ToSchema for Counts {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            Shape::schemas(schemas);
        }
    }
}

/// A claim that has been checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// Of which project.
    pub item: Item,
    /// Which claim.
    pub claim: Claim,
    /// Whether it stands.
    pub stands: bool,
    /// Who says so.
    pub by: ParticipantId,
}

/// What somebody has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signed {
    /// Who.
    pub participant: ParticipantId,
    /// What: the decision on a project, or the session.
    pub about: Item,
    /// How.
    pub stance: Stance,
    /// The reservation, or why not.
    pub reason: String,
}

/// What somebody has said unsigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dissent {
    /// About what.
    pub about: Item,
    /// What.
    pub text: String,
}

impl StepResults {
    /// Reads what stands at a step of the root `results`. What cannot be read is left out.
    #[must_use]
    pub fn read<T: ReadTxn>(txn: &T, map: &MapRef) -> Self {
        let mut results = Self::default();
        for (key, value) in map.iter(txn) {
            let Out::Any(value) = value else { continue };
            match key {
                CHECKS => results.checks = list(&value).iter().filter_map(Check::read).collect(),
                SIGNED => results.signed = list(&value).iter().filter_map(Signed::read).collect(),
                DISSENT => results.dissent = list(&value).iter().filter_map(Dissent::read).collect(),
                number => {
                    if let (Ok(number), Some(round)) = (number.parse(), Round::read(&value)) {
                        results.rounds.insert(number, round);
                    }
                }
            }
        }
        results
    }

    /// The last round that was revealed.
    #[must_use]
    pub fn last_revealed(&self) -> Option<(&Round, &Tally)> {
        self.rounds.values().rev().find_map(|round| Some((round, round.tally.as_ref()?)))
    }
}

impl Round {
    /// The round as it stands on the board.
    #[must_use]
    pub fn write(&self) -> Any {
        let mut parts = vec![
            self.question.as_str().into(),
            self.prompt.as_str().into(),
            array([self.budget.into(), self.cap.into(), u32::from(self.lowest).into()]),
            array(self.pillars.iter().map(|pillar| pillar.to_string().into())),
            array(self.statements.iter().map(|text| text.as_str().into())),
            array(self.items.iter().map(|item| item.as_str().into())),
            self.tally.as_ref().map_or(Any::Null, Tally::write),
        ];
        // Only where there are any: a round without them stands as it always did.
        if !self.words.is_empty() {
            parts.push(array(self.words.iter().map(|text| text.as_str().into())));
        }
        array(parts)
    }

    fn read(value: &Any) -> Option<Self> {
        let [question, prompt, figures, pillars, statements, items, tally, rest @ ..] = list(value) else {
            return None;
        };
        let words = rest.first().map(list).unwrap_or_default();
        let [budget, cap, lowest] = list(figures) else { return None };
        let question = Question::parse(text(question)?)?;
        let items: Vec<Item> = list(items).iter().filter_map(|item| Item::parse(text(item)?)).collect();
        let tally = Tally::read(question, tally);
        // A tally that does not fit its items is none.
        let tally = tally.filter(|tally| tally.items.len() == items.len());
        Some(Self {
            question,
            prompt: text(prompt)?.to_owned(),
            budget: count(budget),
            cap: count(cap),
            lowest: u8::from(count(lowest) == 1),
            pillars: list(pillars).iter().filter_map(|pillar| text(pillar)?.parse().ok()).collect(),
            statements: list(statements).iter().filter_map(|s| text(s).map(str::to_owned)).collect(),
            words: words.iter().filter_map(|word| text(word).map(str::to_owned)).collect(),
            items,
            tally,
        })
    }

    /// The tally of one item.
    #[must_use]
    pub fn of(&self, item: &Item) -> Option<&ItemTally> {
        let at = self.items.iter().position(|known| known == item)?;
        self.tally.as_ref()?.items.get(at)
    }
}

impl Tally {
    fn write(&self) -> Any {
        array([
            self.eligible.into(),
            self.answered.into(),
            self.on_paper.into(),
            array(self.items.iter().map(ItemTally::write)),
        ])
    }

    fn read(question: Question, value: &Any) -> Option<Self> {
        let [eligible, answered, on_paper, items] = list(value) else { return None };
        Some(Self {
            eligible: count(eligible),
            answered: count(answered),
            on_paper: count(on_paper),
            items: list(items).iter().filter_map(|item| ItemTally::read(question, item)).collect(),
        })
    }
}

impl ItemTally {
    fn write(&self) -> Any {
        array([
            self.eligible.into(),
            self.answered.into(),
            self.sat_out.into(),
            self.counts.as_ref().map_or(Any::Null, Counts::write),
        ])
    }

    fn read(question: Question, value: &Any) -> Option<Self> {
        let [eligible, answered, sat_out, counts] = list(value) else { return None };
        Some(Self {
            eligible: count(eligible),
            answered: count(answered),
            sat_out: count(sat_out),
            counts: Counts::read(question, count(answered), counts),
        })
    }
}

impl Counts {
    fn write(&self) -> Any {
        let numbers = |numbers: &[u32]| array(numbers.iter().map(|number| (*number).into()));
        match self {
            Self::Placement(piles) => array([
                piles.off.into(),
                piles.unknown.into(),
                array(
                    piles.pillars.iter().map(|(id, count)| array([id.to_string().into(), (*count).into()])),
                ),
            ]),
            Self::Hobby(claims, sources) => array([
                numbers(&[claims.strategy, claims.revenue, claims.expense, claims.required, claims.none]),
                array(sources.iter().map(|(claim, at)| array([claim.as_str().into(), at.as_str().into()]))),
            ]),
            Self::Verdict(verdicts) => numbers(&[verdicts.move_on, verdicts.wait, verdicts.stop]),
            Self::Dots(dots) => numbers(&[dots.dots, dots.people]),
            Self::Scale(scale) => numbers(&scale.counts),
            Self::Text(texts) => array(texts.iter().map(|text| text.as_str().into())),
        }
    }

    fn read(question: Question, answered: u32, value: &Any) -> Option<Self> {
        let Any::Array(parts) = value else { return None };
        let parts = &**parts;
        Some(match question {
            Question::Placement => {
                let [off, unknown, pillars] = parts else { return None };
                let pillars = list(pillars)
                    .iter()
                    .filter_map(|pair| match list(pair) {
                        [id, chosen] => Some((text(id)?.parse().ok()?, count(chosen))),
                        _ => None,
                    })
                    .collect();
                Self::Placement(PileCounts { off: count(off), pillars, unknown: count(unknown) })
            }
            Question::Hobby => {
                let [numbers, sources] = parts else { return None };
                let [strategy, revenue, expense, required, none] = list(numbers) else { return None };
                let claims = ClaimCounts {
                    answered,
                    strategy: count(strategy),
                    revenue: count(revenue),
                    expense: count(expense),
                    required: count(required),
                    none: count(none),
                };
                let sources = list(sources)
                    .iter()
                    .filter_map(|pair| match list(pair) {
                        [claim, at] => Some((Claim::parse(text(claim)?)?, text(at)?.to_owned())),
                        _ => None,
                    })
                    .collect();
                Self::Hobby(claims, sources)
            }
            Question::Verdict => {
                let [move_on, wait, stop] = parts else { return None };
                Self::Verdict(VerdictCounts { move_on: count(move_on), wait: count(wait), stop: count(stop) })
            }
            Question::Dots => {
                let [dots, people] = parts else { return None };
                Self::Dots(DotCounts { dots: count(dots), people: count(people) })
            }
            Question::Scale => {
                let numbers: Vec<u32> = parts.iter().map(count).collect();
                Self::Scale(ScaleCounts { counts: numbers.try_into().ok()? })
            }
            Question::Text => {
                Self::Text(parts.iter().filter_map(|part| text(part).map(str::to_owned)).collect())
            }
        })
    }
}

impl Check {
    /// The check as it stands on the board.
    #[must_use]
    pub fn write(&self) -> Any {
        array([
            self.item.as_str().into(),
            self.claim.as_str().into(),
            self.stands.into(),
            self.by.to_string().into(),
        ])
    }

    fn read(value: &Any) -> Option<Self> {
        let [item, claim, stands, by] = list(value) else { return None };
        Some(Self {
            item: Item::parse(text(item)?)?,
            claim: Claim::parse(text(claim)?)?,
            stands: matches!(stands, Any::Bool(true)),
            by: text(by)?.parse().ok()?,
        })
    }
}

impl Signed {
    /// The signature as it stands on the board.
    #[must_use]
    pub fn write(&self) -> Any {
        array([
            self.participant.to_string().into(),
            self.about.as_str().into(),
            self.stance.as_str().into(),
            self.reason.as_str().into(),
        ])
    }

    fn read(value: &Any) -> Option<Self> {
        let [participant, about, stance, reason] = list(value) else { return None };
        Some(Self {
            participant: text(participant)?.parse().ok()?,
            about: Item::parse(text(about)?)?,
            stance: Stance::parse(text(stance)?)?,
            reason: text(reason)?.to_owned(),
        })
    }
}

impl Dissent {
    /// The dissent as it stands on the board.
    #[must_use]
    pub fn write(&self) -> Any {
        array([self.about.as_str().into(), self.text.as_str().into()])
    }

    fn read(value: &Any) -> Option<Self> {
        let [about, said] = list(value) else { return None };
        Some(Self { about: Item::parse(text(about)?)?, text: text(said)?.to_owned() })
    }
}

/// An array of what is given.
pub fn array(parts: impl IntoIterator<Item = Any>) -> Any {
    parts.into_iter().collect::<Vec<Any>>().into()
}

fn list(value: &Any) -> &[Any] {
    match value {
        Any::Array(parts) => parts,
        _ => &[],
    }
}

fn text(value: &Any) -> Option<&str> {
    match value {
        Any::String(text) => Some(text),
        _ => None,
    }
}

/// A whole number that the server wrote; 0 for anything else.
fn count(value: &Any) -> u32 {
    match value {
        // Below 2^32, since the server wrote it.
        Any::Number(number) => number.as_f64().map_or(0, |number| number as u32),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn round(question: Question, counts: Option<Counts>) -> Round {
        let item = ItemTally { eligible: 12, answered: 11, sat_out: 1, counts };
        Round {
            question,
            prompt: "Which one?".to_owned(),
            budget: 5,
            cap: 3,
            lowest: 1,
            pillars: vec![PillarId(Uuid::from_u128(3))],
            statements: vec!["I know why".to_owned()],
            words: Vec::new(),
            items: vec![Item::session(), Item::statement(0)],
            tally: Some(Tally { eligible: 12, answered: 11, on_paper: 2, items: vec![item.clone(), item] }),
        }
    }

    #[test]
    fn every_round_comes_back_from_the_board_as_it_was() {
        let pillar = PillarId(Uuid::from_u128(3));
        let claims = ClaimCounts { answered: 11, strategy: 1, revenue: 2, expense: 3, required: 4, none: 5 };
        for (question, counts) in [
            (
                Question::Placement,
                Counts::Placement(PileCounts { off: 6, pillars: vec![(pillar, 4)], unknown: 1 }),
            ),
            (Question::Hobby, Counts::Hobby(claims, vec![(Claim::Revenue, "ledger 4".to_owned())])),
            (Question::Verdict, Counts::Verdict(VerdictCounts { move_on: 5, wait: 2, stop: 4 })),
            (Question::Dots, Counts::Dots(DotCounts { dots: 9, people: 4 })),
            (Question::Scale, Counts::Scale(ScaleCounts { counts: [0, 1, 2, 3, 4, 1] })),
            (Question::Text, Counts::Text(vec!["a".to_owned(), "b".to_owned()])),
        ] {
            let shown = round(question, Some(counts));
            assert_eq!(Round::read(&shown.write()), Some(shown));
            let kept_back = round(question, None);
            assert_eq!(Round::read(&kept_back.write()), Some(kept_back));
            let words = vec!["No".to_owned(), "Some".to_owned(), "As much".to_owned()];
            let in_words = Round { words, ..round(question, None) };
            assert_eq!(Round::read(&in_words.write()), Some(in_words));
            let open = Round { tally: None, ..round(question, None) };
            assert_eq!(Round::read(&open.write()), Some(open));
        }
    }

    #[test]
    fn what_is_no_round_is_left_out() {
        assert_eq!(Round::read(&Any::Null), None);
        assert_eq!(Round::read(&array([])), None);
        assert_eq!(Round::read(&array(std::iter::repeat_n(Any::Null, 7))), None);
    }
}
