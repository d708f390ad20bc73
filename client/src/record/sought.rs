//! What is looked for in the decision log, as the page's address says it: so that it can be linked to and found again.

use form_urlencoded::{Serializer, parse};
use plumbline_shared::{day::Day, ids::SessionId, words::Verdict};

use super::Status;

/// How many decisions are fetched at a time.
pub(crate) const PER_PAGE: usize = 50;
/// How many the server gives at once at most.
const LARGEST: usize = 200;
/// How many an address can ask for: what is further down is looked for, not leafed to.
const MOST_SHOWN: usize = 5_000;

/// By when something has to be due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Due {
    /// Whenever, or never.
    #[default]
    Any,
    /// Its day is over.
    Over,
    /// Within so many days from today, or over.
    Within(u16),
    /// By that day.
    By(Day),
}

impl Due {
    /// What the page offers.
    pub(crate) const OFFERED: [Self; 5] =
        [Self::Any, Self::Over, Self::Within(7), Self::Within(30), Self::Within(90)];

    /// As it stands in the address; empty for any.
    pub(crate) fn written(self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Over => "over".to_owned(),
            Self::Within(days) => days.to_string(),
            Self::By(day) => day.to_string(),
        }
    }

    /// What stands there so; any for what cannot be read.
    pub(crate) fn read(text: &str) -> Self {
        match text {
            "over" => Self::Over,
            _ => match (text.parse(), Day::parse(text)) {
                (Ok(days), _) => Self::Within(days),
                (_, Some(day)) => Self::By(day),
                _ => Self::Any,
            },
        }
    }

    /// The last day that counts, if it is `today`.
    fn last(self, today: Day) -> Option<Day> {
        match self {
            Self::Any => None,
            Self::Over => Some(today.plus(-1)),
            Self::Within(days) => Some(today.plus(i32::from(days))),
            Self::By(day) => Some(day),
        }
    }
}

/// What is looked for. Each part that is set narrows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sought {
    /// Words that all occur.
    pub(crate) words: String,
    /// The pile, by its name.
    pub(crate) pillar: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// What was decided.
    pub(crate) verdict: Option<Verdict>,
    /// Where it stands.
    pub(crate) status: Option<Status>,
    /// Which session decided.
    pub(crate) session: Option<SessionId>,
    /// By when it is due.
    pub(crate) due: Due,
    /// Only what holds.
    pub(crate) holds: bool,
    /// Only stops of which those whom they concern have not been told.
    pub(crate) untold: bool,
    /// How many are shown: none stands for the first page of them.
    pub(crate) shown: Option<usize>,
}

impl Sought {
    /// What stands behind an address's question mark. What cannot be read is not looked for: a link from elsewhere shows
    /// more rather than nothing.
    pub(crate) fn read(asked: &str) -> Self {
        let mut sought = Self::default();
        for (name, value) in parse(asked.as_bytes()) {
            match &*name {
                "q" => sought.words = value.into_owned(),
                "pillar" => sought.pillar = value.into_owned(),
                "owner" => sought.owner = value.into_owned(),
                "verdict" => sought.verdict = Verdict::parse(&value),
                "status" => sought.status = Status::parse(&value),
                "session" => sought.session = value.parse().ok(),
                "due" => sought.due = Due::read(&value),
                "holds" => sought.holds = is_yes(&value),
                "untold" => sought.untold = is_yes(&value),
                "shown" => sought.shown = value.parse().ok().map(|shown: usize| shown.min(MOST_SHOWN)),
                _ => {}
            }
        }
        sought
    }

    /// As it stands in the address.
    pub(crate) fn written(&self) -> String {
        let mut written = self.common();
        if self.due != Due::Any {
            written.append_pair("due", &self.due.written());
        }
        if let Some(shown) = self.shown {
            written.append_pair("shown", &shown.to_string());
        }
        written.finish()
    }

    /// As the server is asked for the next page of them, of which there are `have` already and the next begins at
    /// `cursor`. What is looked for by its day comes in the order of the days.
    pub(crate) fn asked(&self, today: Day, have: usize, cursor: Option<&str>) -> String {
        let mut asked = self.common();
        if let Some(day) = self.due.last(today) {
            asked.append_pair("due", &day.to_string()).append_pair("order", "due");
        }
        asked.append_pair("limit", &self.limit(have).to_string());
        if let Some(cursor) = cursor {
            asked.append_pair("cursor", cursor);
        }
        asked.finish()
    }

    /// Whether anything narrows it.
    pub(crate) fn narrows(&self) -> bool {
        *self != Self { shown: self.shown, ..Self::default() }
    }

    /// How many of the choices beside the words are made.
    pub(crate) fn chosen(&self) -> usize {
        let made = [
            !self.pillar.is_empty(),
            !self.owner.is_empty(),
            self.verdict.is_some(),
            self.status.is_some(),
            self.session.is_some(),
            self.due != Due::Any,
            self.holds,
            self.untold,
        ];
        made.into_iter().filter(|made| *made).count()
    }

    /// How many are to be shown.
    pub(crate) fn wanted(&self) -> usize {
        self.shown.unwrap_or(PER_PAGE)
    }

    fn limit(&self, have: usize) -> usize {
        self.wanted().saturating_sub(have).clamp(1, LARGEST)
    }

    fn common(&self) -> Serializer<'static, String> {
        let mut written = Serializer::new(String::new());
        let texts = [("q", self.words.trim()), ("pillar", &self.pillar), ("owner", &self.owner)];
        for (name, value) in texts.into_iter().filter(|(_, value)| !value.is_empty()) {
            written.append_pair(name, value);
        }
        if let Some(verdict) = self.verdict {
            written.append_pair("verdict", verdict.as_str());
        }
        if let Some(status) = self.status {
            written.append_pair("status", status.as_str());
        }
        if let Some(session) = self.session {
            written.append_pair("session", &session.to_string());
        }
        for (name, _) in [("holds", self.holds), ("untold", self.untold)].into_iter().filter(|(_, set)| *set)
        {
            written.append_pair(name, "1");
        }
        written
    }
}

fn is_yes(flag: &str) -> bool {
    !matches!(flag, "" | "0" | "false")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn all() -> Sought {
        Sought {
            words: "tram & \"lines\" 100 % سلام".to_owned(),
            pillar: "Net zero+".to_owned(),
            owner: "Ærø, Ben".to_owned(),
            verdict: Some(Verdict::Stop),
            status: Some(Status::WindingDown),
            session: "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f".parse().ok(),
            due: Due::Within(30),
            holds: true,
            untold: true,
            shown: Some(150),
        }
    }

    #[test]
    fn an_address_says_all_that_is_looked_for() {
        assert_eq!(Sought::read(&all().written()), all());
        assert_eq!(Sought::default().written(), "");
        for due in Due::OFFERED.into_iter().chain([Due::By(Day::parse("2026-12-24").unwrap())]) {
            assert_eq!(Due::read(&due.written()), due);
        }
    }

    #[test]
    fn what_an_address_says_wrongly_narrows_nothing() {
        let wrong = "verdict=maybe&status=&session=7&due=soon&holds=0&shown=many&elsewhere=1&q";
        assert_eq!(Sought::read(wrong), Sought::default());
        assert!(!Sought::read("shown=100").narrows() && Sought::read("holds=1").narrows());
        assert_eq!(Sought::read("shown=999999999").wanted(), MOST_SHOWN);
    }

    #[test]
    fn the_server_is_asked_for_days_and_for_what_is_missing() {
        let today = Day::parse("2026-11-28").unwrap();
        let asked = |sought: &Sought, have, cursor| sought.asked(today, have, cursor);
        assert_eq!(asked(&Sought::default(), 0, None), "limit=50");
        let over = Sought { due: Due::Over, shown: Some(450), ..Sought::default() };
        assert_eq!(asked(&over, 0, None), "due=2026-11-27&order=due&limit=200");
        assert_eq!(asked(&over, 400, Some("NDA")), "due=2026-11-27&order=due&limit=50&cursor=NDA");
        let soon = Sought { due: Due::Within(7), ..Sought::default() };
        assert_eq!(asked(&soon, 0, None), "due=2026-12-05&order=due&limit=50");
    }
}
