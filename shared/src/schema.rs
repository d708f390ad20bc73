//! The shape of the board: which roots the document has, what may stand under them, and what each value must look
//! like. DESIGN section 5 as data.

use serde::{Deserialize, Serialize};

use crate::{
    ids, limits, order,
    words::{OFF, Origin, Question, Status, StepKind, Verdict},
};

macro_rules! roots {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A root map of the document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Root { $($(#[$doc])* $variant),+ }

        impl Root {
            /// Every root, in the order of DESIGN section 5.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in the document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The root of that name, if the board has one.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

roots!(
    /// Title, purpose, decider, rule, step, round, step_state, deadline, locked, focus: the server's.
    Session = "session",
    /// Step id → map: the facilitator's.
    Agenda = "agenda",
    /// Participant id → map: the server's.
    Roster = "roster",
    /// Pillar id → map: the facilitator's.
    Pillars = "pillars",
    /// Project id → map.
    Projects = "projects",
    /// Project id → `[pillar id or "off", order]`: one write of one value.
    Placements = "placements",
    /// Project id → map: the server's.
    Flags = "flags",
    /// Note id → map: its author's.
    Notes = "notes",
    /// Project id → map: made by the server, filled by who decides.
    Decisions = "decisions",
    /// Step id → map: the server's.
    Results = "results",
    /// Project id → map: what was decided before this session, at a checkpoint. The server's.
    Earlier = "earlier",
);

/// The key of a decision's text that people write together.
pub const RATIONALE: &str = "rationale";
/// The key of a note's text.
pub const TEXT: &str = "text";

/// A plain value as it stands in the document: a scalar, or an array of them. Never an object, whose encoding has
/// no order of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number; finite.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// An array.
    List(Vec<Plain<'a>>),
    /// What the schema has no place for (objects, big integers, undefined).
    Other,
}

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// A text of at most so many characters.
    Text(usize),
    /// A whole or broken number within these bounds.
    Number(f64, f64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// An id in its canonical spelling.
    Id,
    /// A fractional order key.
    Order,
    /// A list of texts.
    Lines,
    /// A list of `[heading, text]` pairs.
    Pairs,
    /// A calendar day, `2026-11-20`, or empty.
    Day,
    /// `[pillar id or "off", order]`.
    Placement,
}

impl Shape {
    /// Whether `value` has this shape and keeps its limit. `null` is how a field is emptied and always fits, but
    /// not for placements: those are taken away, not emptied.
    #[must_use]
    pub fn fits(self, value: &Plain<'_>) -> bool {
        let text = |value: &Plain<'_>, most: usize| matches!(value, Plain::Text(text) if text.len() <= most || text.chars().count() <= most);
        match (self, value) {
            (Self::Placement, value) => placement(value).is_some(),
            (_, Plain::Null) => true,
            (Self::Text(most), value) => text(value, most),
            (Self::Number(least, most), Plain::Number(n)) => n.is_finite() && (least..=most).contains(n),
            (Self::Word(words), Plain::Text(word)) => words.contains(word),
            (Self::Id, Plain::Text(id)) => ids::is_canonical(id),
            (Self::Order, Plain::Text(key)) => order::is_key(key),
            (Self::Lines, Plain::List(lines)) => {
                lines.len() <= limits::LIST && lines.iter().all(|line| text(line, limits::LINE))
            }
            (Self::Pairs, Plain::List(pairs)) => {
                pairs.len() <= limits::LIST
                    && pairs.iter().all(|pair| match pair {
                        Plain::List(pair) => {
                            pair.len() == 2
                                && text(&pair[0], limits::TITLE)
                                && text(&pair[1], limits::PARAGRAPH)
                        }
                        _ => false,
                    })
            }
            (Self::Day, Plain::Text(day)) => day.is_empty() || is_day(day),
            _ => false,
        }
    }
}

/// The pile and the order that a placement names, if `value` is one.
#[must_use]
pub fn placement<'a>(value: &Plain<'a>) -> Option<(&'a str, &'a str)> {
    let Plain::List(parts) = value else { return None };
    match parts.as_slice() {
        [Plain::Text(pile), Plain::Text(order)]
            if (*pile == OFF || ids::is_canonical(pile)) && order::is_key(order) =>
        {
            Some((pile, order))
        }
        _ => None,
    }
}

/// Whether it is a day as the board writes it: `2026-11-20`, and one that the calendar has.
pub(crate) fn is_day(day: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        day.get(range)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse().ok())
    };
    let (Some(year), Some(month), Some(date)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days: u32 = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    day.len() == 10 && &day[4..5] == "-" && &day[7..8] == "-" && (1..=days).contains(&date)
}

const KINDS: &[&str] = &[
    StepKind::Gather.as_str(),
    StepKind::Ballot.as_str(),
    StepKind::Board.as_str(),
    StepKind::Decide.as_str(),
    StepKind::Commit.as_str(),
    StepKind::Close.as_str(),
];
const QUESTIONS: &[&str] = &[
    Question::Placement.as_str(),
    Question::Hobby.as_str(),
    Question::Verdict.as_str(),
    Question::Dots.as_str(),
    Question::Scale.as_str(),
    Question::Text.as_str(),
];
const STATUSES: &[&str] = &[Status::Proposed.as_str(), Status::Accepted.as_str()];
const ORIGINS: &[&str] = &[
    Origin::Planned.as_str(),
    Origin::Legacy.as_str(),
    Origin::Pet.as_str(),
    Origin::New.as_str(),
    Origin::Unknown.as_str(),
];
const VERDICTS: &[&str] =
    &[Verdict::Move.as_str(), Verdict::Wait.as_str(), Verdict::Stop.as_str(), Verdict::Open.as_str()];
/// The pillars' colours: names of design tokens, so that each theme has its own.
pub const COLOURS: &[&str] = &["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];

/// Money, in whole units of the session's currency.
const MONEY: Shape = Shape::Number(-1e15, 1e15);

const AGENDA: &[(&str, Shape)] = &[
    ("kind", Shape::Word(KINDS)),
    ("question", Shape::Word(QUESTIONS)),
    ("title", Shape::Text(limits::TITLE)),
    ("minutes", Shape::Number(0.0, 1_440.0)),
    ("options", Shape::Pairs),
    ("order", Shape::Order),
];
const PILLAR: &[(&str, Shape)] = &[
    ("name", Shape::Text(limits::TITLE)),
    ("intent", Shape::Text(limits::PARAGRAPH)),
    ("goals", Shape::Lines),
    ("measure", Shape::Text(limits::LINE)),
    ("rules_out", Shape::Text(limits::PARAGRAPH)),
    ("owner", Shape::Text(limits::TITLE)),
    ("colour", Shape::Word(COLOURS)),
    ("order", Shape::Order),
];
const PROJECT: &[(&str, Shape)] = &[
    ("name", Shape::Text(limits::TITLE)),
    ("summary", Shape::Text(limits::PARAGRAPH)),
    ("sponsor", Shape::Text(limits::LINE)),
    ("owner", Shape::Text(limits::LINE)),
    ("origin", Shape::Word(ORIGINS)),
    ("cost", MONEY),
    ("people", Shape::Number(0.0, 1e9)),
    ("reference", Shape::Text(limits::LINE)),
    ("more", Shape::Pairs),
    ("added_by", Shape::Id),
];
const NOTE: &[(&str, Shape)] = &[("about", Shape::Id), ("author", Shape::Id)];
const DECISION: &[(&str, Shape)] = &[
    ("verdict", Shape::Word(VERDICTS)),
    ("kind", Shape::Text(limits::LINE)),
    ("owner", Shape::Text(limits::LINE)),
    ("coalition", Shape::Text(limits::LINE)),
    ("assumptions", Shape::Text(limits::PARAGRAPH)),
    ("scope", Shape::Text(limits::PARAGRAPH)),
    ("outcome", Shape::Text(limits::PARAGRAPH)),
    ("measure", Shape::Text(limits::LINE)),
    ("obstacles", Shape::Text(limits::PARAGRAPH)),
    ("first_step", Shape::Text(limits::LINE)),
    ("first_step_due", Shape::Day),
    ("ends", Shape::Day),
    ("frees", Shape::Text(limits::LINE)),
    ("trigger", Shape::Text(limits::LINE)),
    ("expires", Shape::Day),
    ("review", Shape::Day),
    ("decided_by", Shape::Text(limits::LINE)),
    ("decide_by", Shape::Day),
    ("measure_due", Shape::Day),
    ("status", Shape::Word(STATUSES)),
    ("override", Shape::Text(limits::PARAGRAPH)),
    ("alternatives", Shape::Text(limits::PARAGRAPH)),
    ("consulted", Shape::Text(limits::LINE)),
    ("informed", Shape::Text(limits::LINE)),
    ("effective", Shape::Day),
    ("holds", Shape::Word(&["yes"])),
];
/// The version of the rules since which there are the fields of [`DECISION_SINCE_3`].
pub const RECORD_SINCE: u32 = 3;

/// Fields of a decision that the schema has since version 3 of the rules. Sessions that began under earlier ones go on
/// without them.
pub const DECISION_SINCE_3: &[&str] = &["alternatives", "consulted", "informed", "effective"];
/// Fields of a decision that the schema has since version 4 of the rules.
pub const DECISION_SINCE_4: &[&str] = &["holds"];

impl Root {
    /// The plain fields of an entry under this root, with their shapes. Empty where no client writes fields.
    #[must_use]
    pub fn fields(self) -> &'static [(&'static str, Shape)] {
        match self {
            Self::Agenda => AGENDA,
            Self::Pillars => PILLAR,
            Self::Projects => PROJECT,
            Self::Notes => NOTE,
            Self::Decisions => DECISION,
            Self::Session | Self::Roster | Self::Placements | Self::Flags | Self::Results | Self::Earlier => {
                &[]
            }
        }
    }

    /// The key under which an entry of this root has a text, where it has one.
    #[must_use]
    pub fn text(self) -> Option<&'static str> {
        match self {
            Self::Notes => Some(TEXT),
            Self::Decisions => Some(RATIONALE),
            _ => None,
        }
    }

    /// The field of an entry that says whose it is, where there is one.
    #[must_use]
    pub fn signature(self) -> Option<&'static str> {
        match self {
            Self::Projects => Some("added_by"),
            Self::Notes => Some("author"),
            _ => None,
        }
    }

    /// How many entries a board may have under this root.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Self::Agenda => limits::STEPS,
            Self::Pillars => limits::PILLARS,
            Self::Notes => limits::NOTES,
            Self::Roster => limits::PARTICIPANTS,
            _ => limits::PROJECTS,
        }
    }
}

/// What stands at a path of the document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// Something that only the server writes.
    Server,
    /// An entry: a map under a root.
    Entry(Root),
    /// A plain field of an entry.
    Field(Root, Shape),
    /// The text of an entry.
    Text(Root),
    /// A placement.
    Placement,
}

/// What the schema has at `root`, `key` and, within an entry, `field`; `None` where it has nothing.
#[must_use]
pub fn slot(root: &str, key: &str, field: Option<&str>) -> Option<Slot> {
    let root = Root::parse(root)?;
    match root {
        Root::Session | Root::Roster | Root::Flags | Root::Results | Root::Earlier => {
            return Some(Slot::Server);
        }
        _ if !ids::is_canonical(key) => return None,
        Root::Placements => return field.is_none().then_some(Slot::Placement),
        _ => {}
    }
    let Some(field) = field else { return Some(Slot::Entry(root)) };
    if root.text() == Some(field) {
        return Some(Slot::Text(root));
    }
    root.fields().iter().find(|(name, _)| *name == field).map(|(_, shape)| Slot::Field(root, *shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f";

    #[test]
    fn every_path_of_the_design_has_a_slot_and_no_other_has() {
        assert_eq!(slot("placements", ID, None), Some(Slot::Placement));
        assert_eq!(slot("placements", ID, Some("x")), None);
        assert_eq!(slot("placements", "x", None), None);
        assert_eq!(slot("session", "locked", None), Some(Slot::Server));
        assert_eq!(slot("projects", ID, None), Some(Slot::Entry(Root::Projects)));
        assert_eq!(slot("projects", ID, Some("cost")), Some(Slot::Field(Root::Projects, MONEY)));
        assert_eq!(slot("projects", ID, Some("salary")), None);
        assert_eq!(slot("notes", ID, Some("text")), Some(Slot::Text(Root::Notes)));
        assert_eq!(slot("decisions", ID, Some("rationale")), Some(Slot::Text(Root::Decisions)));
        assert_eq!(slot("elsewhere", ID, None), None);
    }

    #[test]
    fn a_placement_is_a_pile_and_an_order_and_nothing_else() {
        let order = order::between(None, None);
        let on = |pile| Plain::List(vec![Plain::Text(pile), Plain::Text(&order)]);
        assert!(Shape::Placement.fits(&on(ID)));
        assert!(Shape::Placement.fits(&on(OFF)));
        assert!(!Shape::Placement.fits(&on("somewhere")));
        assert!(!Shape::Placement.fits(&Plain::Text(OFF)));
        assert!(!Shape::Placement.fits(&Plain::Null));
    }

    #[test]
    fn values_are_held_to_their_shapes() {
        assert!(Shape::Text(3).fits(&Plain::Text("äöü")));
        assert!(!Shape::Text(3).fits(&Plain::Text("abcd")));
        assert!(Shape::Day.fits(&Plain::Text("2028-02-29")));
        assert!(!Shape::Day.fits(&Plain::Text("2026-02-29")));
        assert!(!Shape::Day.fits(&Plain::Text("2026-2-9")));
        assert!(!MONEY.fits(&Plain::Number(f64::NAN)));
        assert!(!MONEY.fits(&Plain::Number(1e16)));
        assert!(Shape::Pairs.fits(&Plain::List(vec![Plain::List(vec![Plain::Text("a"), Plain::Text("b")])])));
        assert!(!Shape::Pairs.fits(&Plain::List(vec![Plain::Text("a")])));
        assert!(!Shape::Word(VERDICTS).fits(&Plain::Text("kill")));
    }
}
