//! What simulated people think: out of a seed, and of what projects and pillars say.

use plumbline_shared::{
    board::{Board, Pillar, Project},
    ids::{PillarId, ProjectId},
    words::{Claim, Origin, Verdict},
};

/// How somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Sees what the strategy says.
    Plain,
    /// Finds a pillar for almost everything.
    Kind,
    /// Puts off strategy whatever is not plainly on it.
    Strict,
    /// Leads the organisation, and defends what is their own.
    Unwilling,
}

/// A simulated person.
#[derive(Clone, Debug)]
pub(super) struct Persona {
    pub(super) name: &'static str,
    pub(super) function: &'static str,
    pub(super) temper: Temper,
    seed: u64,
}

/// Who they are: names of no organisation, functions of every one.
const PEOPLE: [(&str, &str, Temper); 12] = [
    ("Maren", "Chief Executive", Temper::Unwilling),
    ("Idris", "Finance", Temper::Strict),
    ("Sofia", "Operations", Temper::Plain),
    ("Tomasz", "Technology", Temper::Kind),
    ("Ngozi", "People", Temper::Plain),
    ("Henrik", "Customers", Temper::Kind),
    ("Leila", "Legal", Temper::Strict),
    ("Dario", "Commercial", Temper::Kind),
    ("Yuki", "Strategy", Temper::Plain),
    ("Amara", "Communication", Temper::Plain),
    ("Pavel", "Engineering", Temper::Strict),
    ("Rosa", "Regions", Temper::Plain),
];

impl Persona {
    /// So many people; from the thirteenth on the names come again.
    pub(super) fn all(count: usize, seed: u64) -> Vec<Self> {
        (0..count)
            .map(|place| {
                let (name, function, temper) = PEOPLE[place % PEOPLE.len()];
                let temper = if place < PEOPLE.len() { temper } else { Temper::Plain };
                Self { name, function, temper, seed: mixed(seed ^ (place as u64 + 1)) }
            })
            .collect()
    }

    /// Where they put a project: a pillar, or off strategy; none where they do not know it.
    pub(super) fn sorts(&self, board: &Board, id: ProjectId) -> Option<Choice> {
        let project = board.projects.get(&id)?;
        let chance = self.chance(id, 1);
        if chance % 100 < 4 {
            return None;
        }
        let near = likeness(project, &board.pillars);
        let Some(((best, pillar), rest)) = near.split_first() else { return Some(Choice::Off) };
        if self.owns(project) {
            return Some(Choice::On(*pillar));
        }
        let wants = match self.temper {
            Temper::Plain | Temper::Unwilling => 100,
            Temper::Kind => 70,
            Temper::Strict => 130,
        };
        // Nobody sees everything alike.
        let mood = (chance >> 8) % 7 * 10;
        if bearing(project.origin) + best + i64::try_from(mood).unwrap_or(0) < wants + 30 {
            return Some(Choice::Off);
        }
        // What stands near two pillars is put on the second now and then.
        let second =
            rest.first().filter(|(second, _)| second * 5 >= best * 3 && (chance >> 16).is_multiple_of(4));
        Some(Choice::On(second.map_or(*pillar, |(_, second)| *second)))
    }

    /// Which of the four questions they tick.
    pub(super) fn claims(&self, board: &Board, id: ProjectId) -> Vec<Claim> {
        let Some(project) = board.projects.get(&id) else { return Vec::new() };
        let says = words(&format!("{} {}", project.name, project.summary));
        let says = |any: &[&str]| any.iter().any(|word| says.iter().any(|said| said.starts_with(word)));
        let mut claims = Vec::new();
        if says(&["revenue", "income", "profit", "earn", "sell", "sale", "business"])
            && !self.chance(id, 2).is_multiple_of(4)
        {
            claims.push(Claim::Revenue);
        }
        if says(&["save", "saving", "cheap", "discount", "upkeep", "pays"])
            && !self.chance(id, 3).is_multiple_of(3)
        {
            claims.push(Claim::Expense);
        }
        if says(&["law", "legal", "regulat", "directive", "permit", "licence", "audit", "accident", "fine"])
            && !self.chance(id, 4).is_multiple_of(5)
        {
            claims.push(Claim::Required);
        }
        if claims.is_empty() && self.owns(project) {
            claims.push(Claim::Strategy);
        }
        claims
    }

    /// Their verdict.
    pub(super) fn verdict(&self, board: &Board, id: ProjectId) -> Verdict {
        let owns = board.projects.get(&id).is_some_and(|project| self.owns(project));
        match (self.sorts(board, id), self.chance(id, 5) % 10) {
            _ if owns => Verdict::Move,
            (Some(Choice::On(_)), 0..=7) => Verdict::Move,
            (Some(Choice::On(_)), _) => Verdict::Wait,
            // What the business needs is not stopped because no pillar names it.
            (_, 0..=7) if self.claims(board, id).contains(&Claim::Required) => Verdict::Move,
            (_, 0..=7) if !self.claims(board, id).is_empty() => Verdict::Wait,
            (_, 0..=5) => Verdict::Stop,
            (_, 6..=8) => Verdict::Wait,
            _ => Verdict::Move,
        }
    }

    /// Why they ask whether a project is a hobby; none where they do not.
    pub(super) fn doubts(&self, board: &Board, id: ProjectId) -> Option<&'static str> {
        let project = board.projects.get(&id)?;
        let suspicious = matches!(project.origin, Some(Origin::Pet | Origin::Legacy));
        let asks = self.temper != Temper::Unwilling && suspicious && self.chance(id, 6).is_multiple_of(9);
        asks.then(|| {
            const WHY: [&str; 4] = [
                "I have never seen what it is measured by.",
                "Who would notice if it ended?",
                "It has outlived the reason for which it was begun.",
                "",
            ];
            WHY[usize::try_from(self.chance(id, 7) % 4).unwrap_or(0)]
        })
    }

    /// How much they trust that it will be done, from 0 to 5.
    pub(super) fn confidence(&self) -> u8 {
        match self.temper {
            Temper::Plain => 3,
            Temper::Kind => 4,
            Temper::Strict => 2,
            Temper::Unwilling => 1,
        }
    }

    /// What they say unsigned about the whole, if anything.
    pub(super) fn dissents(&self) -> Option<&'static str> {
        match self.temper {
            Temper::Strict => Some("We have said yes to more than we have people for."),
            Temper::Unwilling => {
                Some("What we stop took years to build. I am not sure that we know what we lose.")
            }
            Temper::Plain | Temper::Kind => None,
        }
    }

    /// A number that is always the same for this person, this project and this purpose.
    pub(super) fn chance(&self, id: ProjectId, purpose: u64) -> u64 {
        let (a, b) = id.0.as_u64_pair();
        mixed(self.seed ^ a.rotate_left(9) ^ b ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The chief executive's own: what has that function for its sponsor.
    fn owns(&self, project: &Project) -> bool {
        self.temper == Temper::Unwilling && project.sponsor.to_lowercase().contains("chief executive")
    }
}

/// Where somebody puts a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// On a pillar.
    On(PillarId),
    /// On none.
    Off,
}

/// How far a project's origin speaks for it before anybody has read it.
fn bearing(origin: Option<Origin>) -> i64 {
    match origin {
        Some(Origin::Planned) => 60,
        Some(Origin::New) => 0,
        Some(Origin::Legacy | Origin::Pet) => -30,
        Some(Origin::Unknown) => -40,
        None => 30,
    }
}

/// The pillars by how much a project has in common with each, the nearest first: words of which it has many in common with
/// no other pillar count most, and that the same person stands for both.
fn likeness(project: &Project, pillars: &[Pillar]) -> Vec<(i64, PillarId)> {
    let said = words(&format!("{} {}", project.name, project.summary));
    let texts = pillars.iter().map(|pillar| {
        words(&format!("{} {} {} {}", pillar.name, pillar.intent, pillar.goals.join(" "), pillar.measure))
    });
    let texts: Vec<Vec<String>> = texts.collect();
    let mut near: Vec<(i64, PillarId)> = pillars
        .iter()
        .map(|pillar| {
            let same = !pillar.owner.is_empty() && pillar.owner == project.sponsor;
            (if same { 50 } else { 0 }, pillar.id)
        })
        .collect();
    for word in &said {
        let hits: Vec<usize> =
            (0..texts.len()).filter(|at| texts[*at].iter().any(|other| are_alike(word, other))).collect();
        for at in &hits {
            near[*at].0 += 60 / i64::try_from(hits.len()).unwrap_or(i64::MAX);
        }
    }
    near.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
    near
}

/// Words that say nothing about what somebody is at.
const COMMON: [&str; 38] = [
    "about", "after", "because", "been", "before", "every", "first", "from", "half", "have", "into", "last",
    "made", "make", "month", "more", "most", "once", "only", "over", "than", "that", "their", "them", "then",
    "there", "they", "this", "those", "until", "what", "when", "where", "which", "with", "work", "would",
    "year",
];

/// The words that mean something, in the singular as far as a final *s* tells.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() >= 3)
        .map(|word| {
            let word = word.to_lowercase();
            word.strip_suffix('s')
                .filter(|rest| rest.chars().count() >= 4)
                .map_or(word.clone(), str::to_owned)
        })
        .filter(|word| !COMMON.contains(&word.as_str()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether two words have a stem in common: *leak* and *leakage*, *train* and *trained*.
fn are_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let letters = short.chars().count();
    let stem: String = short.chars().take(5).collect();
    letters >= 4 && long.starts_with(&stem) && (letters > 4 || long.chars().count() <= 7)
}

/// SplitMix64's mixing (Steele, Lea and Flood).
pub(super) fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
