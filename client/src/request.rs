//! A request for new work while it is being written: what stands in the form, what is still missing, and how it is sent.

use plumbline_shared::json::Json;

use crate::take::Take;

/// What stands in the form. Kept in the browser until it has arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The token of the status link that it will have: by it, too, the server knows it when it is sent twice.
    pub(crate) token: String,
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) pillar: Choice,
    pub(crate) measure: String,
    pub(crate) target: String,
    pub(crate) instead: Choice,
    pub(crate) owner: String,
    pub(crate) cost: String,
    pub(crate) people: String,
    pub(crate) asked_by: String,
}

/// One of several, or none of them, which is a choice as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Nothing is chosen yet.
    #[default]
    Open,
    /// None of them.
    None,
    /// This one, by its name; empty while it is being typed.
    One(String),
}

/// What keeps a draft from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lacks {
    Name,
    Pillar,
    Instead,
    InsteadName,
    Owner,
    Cost,
    People,
    AskedBy,
}

impl Draft {
    /// What is to be put right, in the order of the form.
    pub(crate) fn lacks(&self) -> Vec<Lacks> {
        let empty = |text: &str| text.trim().is_empty();
        let instead = matches!(&self.instead, Choice::One(name) if empty(name));
        [
            (empty(&self.name), Lacks::Name),
            (self.pillar == Choice::Open, Lacks::Pillar),
            (self.instead == Choice::Open, Lacks::Instead),
            (instead, Lacks::InsteadName),
            (empty(&self.owner), Lacks::Owner),
            (whole(&self.cost).is_none(), Lacks::Cost),
            (whole(&self.people).is_none(), Lacks::People),
            (empty(&self.asked_by), Lacks::AskedBy),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect()
    }

    /// What is sent. `reference` is that of the project which stops or waits, if it is one of the portfolio.
    pub(crate) fn sent(&self, reference: &str, currency: &str) -> Json {
        let text = |text: &str| Json::from(text.trim());
        let figure = |text: &str| match whole(text).flatten() {
            #[allow(
                clippy::cast_precision_loss,
                reason = "whole numbers of at most fifteen digits are exact"
            )]
            Some(figure) => Json::Number(figure as f64),
            None => Json::Null,
        };
        let instead = match &self.instead {
            Choice::One(name) => Json::object(vec![("name", text(name)), ("reference", reference.into())]),
            Choice::Open | Choice::None => Json::Null,
        };
        let pillar = match &self.pillar {
            Choice::One(name) => text(name),
            Choice::Open | Choice::None => Json::Null,
        };
        Json::object(vec![
            ("token", if self.token.is_empty() { Json::Null } else { self.token.as_str().into() }),
            ("name", text(&self.name)),
            ("purpose", text(&self.purpose)),
            ("pillar", pillar),
            ("measure", text(&self.measure)),
            ("target", text(&self.target)),
            ("instead", instead),
            ("owner", text(&self.owner)),
            ("cost", figure(&self.cost)),
            ("currency", currency.into()),
            ("people", figure(&self.people)),
            ("asked_by", text(&self.asked_by)),
        ])
    }

    /// Whether anything was written.
    pub(crate) fn is_blank(&self) -> bool {
        *self == Self { token: self.token.clone(), ..Self::default() }
    }
}

impl From<&Draft> for Json {
    fn from(draft: &Draft) -> Self {
        let choice = |choice: &Choice| match choice {
            Choice::Open => Json::Null,
            Choice::None => Json::Bool(false),
            Choice::One(name) => name.into(),
        };
        Self::object(vec![
            ("token", (&draft.token).into()),
            ("name", (&draft.name).into()),
            ("purpose", (&draft.purpose).into()),
            ("pillar", choice(&draft.pillar)),
            ("measure", (&draft.measure).into()),
            ("target", (&draft.target).into()),
            ("instead", choice(&draft.instead)),
            ("owner", (&draft.owner).into()),
            ("cost", (&draft.cost).into()),
            ("people", (&draft.people).into()),
            ("asked_by", (&draft.asked_by).into()),
        ])
    }
}

impl Take for Draft {
    fn take(json: &Json) -> Option<Self> {
        let text = |name: &str| json.get(name).string().unwrap_or_default();
        let choice = |name: &str| match json.get(name) {
            Json::Text(name) => Choice::One(name.clone()),
            Json::Bool(_) => Choice::None,
            _ => Choice::Open,
        };
        Some(Self {
            token: json.get("token").string()?,
            name: text("name"),
            purpose: text("purpose"),
            pillar: choice("pillar"),
            measure: text("measure"),
            target: text("target"),
            instead: choice("instead"),
            owner: text("owner"),
            cost: text("cost"),
            people: text("people"),
            asked_by: text("asked_by"),
        })
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    Waiting,
    Taken,
    Decided,
    Declined,
    Duplicate,
}

impl Stands {
    pub(crate) const ALL: [Self; 5] =
        [Self::Waiting, Self::Taken, Self::Decided, Self::Declined, Self::Duplicate];

    /// The word, as the server has it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Taken => "taken",
            Self::Decided => "decided",
            Self::Declined => "declined",
            Self::Duplicate => "duplicate",
        }
    }
}

impl Take for Stands {
    fn take(json: &Json) -> Option<Self> {
        let word = json.text()?;
        Self::ALL.into_iter().find(|stands| stands.as_str() == word)
    }
}

/// The whole number that is typed, with or without signs between its thousands; `None` within for nothing, and nothing at
/// all for what is no whole number.
pub(crate) fn whole(typed: &str) -> Option<Option<u64>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(None);
    }
    let groups: Vec<&str> = typed.split([' ', '\u{a0}', '\u{202f}', ',', '.', '\'', '\u{2019}']).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    if first.is_empty() || !grouped || !groups.iter().all(digits) {
        return None;
    }
    let number = groups.concat();
    if number.len() > 15 { None } else { number.parse().ok().map(Some) }
}

/// The letters of a token.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The token of a status link out of 43 random bytes: six bits of each.
pub(crate) fn token(random: &[u8; 43]) -> String {
    let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(byte & 63)]));
    "pq_".chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn full() -> Draft {
        Draft {
            token: token(&[7; 43]),
            name: "Pump house".to_owned(),
            purpose: "Fewer outages.\nSoon.".to_owned(),
            pillar: Choice::One("Safe water".to_owned()),
            instead: Choice::None,
            owner: "Ana".to_owned(),
            cost: "250 000".to_owned(),
            asked_by: "Ben".to_owned(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_draft_comes_back_as_it_was() {
        for draft in [
            full(),
            Draft { token: "pq_x".to_owned(), instead: Choice::One(String::new()), ..Draft::default() },
        ] {
            let kept = Json::from(&draft).to_string();
            assert_eq!(Draft::take(&Json::read(&kept).unwrap()), Some(draft));
        }
        assert_eq!(Draft::take(&Json::Null), None);
    }

    #[test]
    fn what_is_missing_is_named_in_the_order_of_the_form() {
        assert_eq!(full().lacks(), []);
        assert_eq!(
            Draft::default().lacks(),
            [Lacks::Name, Lacks::Pillar, Lacks::Instead, Lacks::Owner, Lacks::AskedBy]
        );
        let wrong = Draft {
            instead: Choice::One(" ".to_owned()),
            cost: "much".to_owned(),
            people: "1.5".to_owned(),
            ..full()
        };
        assert_eq!(wrong.lacks(), [Lacks::InsteadName, Lacks::Cost, Lacks::People]);
        assert!(Draft { token: "x".to_owned(), ..Draft::default() }.is_blank() && !full().is_blank());
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        for (typed, figure) in [
            ("", Some(None)),
            ("0", Some(Some(0))),
            ("250000", Some(Some(250_000))),
            ("250,000", Some(Some(250_000))),
            ("1.250.000", Some(Some(1_250_000))),
            (" 1 250 000 ", Some(Some(1_250_000))),
            ("1'000", Some(Some(1_000))),
            ("1.5", None),
            ("1,25", None),
            ("12,3456", None),
            (",000", None),
            ("-4", None),
            ("4 people", None),
            ("1234567890123456", None),
        ] {
            assert_eq!(whole(typed), figure, "{typed}");
        }
    }

    #[test]
    fn what_is_sent_is_what_the_server_takes() {
        let sent = full().sent("", "GBP");
        assert_eq!(sent.get("pillar").text(), Some("Safe water"));
        assert_eq!((sent.get("instead"), sent.get("people")), (&Json::Null, &Json::Null));
        assert_eq!(sent.get("cost").whole(), Some(250_000));
        assert_eq!(sent.get("token").text().map(str::len), Some(46));
        let instead = Draft { instead: Choice::One("Museum ".to_owned()), ..full() }.sent("R-7", "");
        assert_eq!(instead.get("instead").get("name").text(), Some("Museum"));
    }

    #[test]
    fn tokens_have_all_letters_and_nothing_else() {
        let mut random = [0; 43];
        for (at, byte) in random.iter_mut().enumerate() {
            *byte = u8::try_from(at).unwrap() * 5;
        }
        let token = token(&random);
        assert!(token.starts_with("pq_AFKPUZ"), "{token}");
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
    }
}
