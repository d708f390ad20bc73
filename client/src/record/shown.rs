//! A decision as its page shows it.

use plumbline_shared::{
    day::Day,
    ids::SessionId,
    json::Json,
    words::{Question, Stance, Verdict},
};

use super::{Deed, Listed, Status, Told};
use crate::take::{Take, taken};

taken! {
    /// A decision, with its place in the log and what happened to it since.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Shown {
        /// The hash of the entry before.
        pub(crate) previous: String,
        /// Its own.
        pub(crate) hash: String,
        /// Where it stands now.
        pub(crate) status: Status,
        /// The decision that has taken its place.
        pub(crate) superseded_by: Option<u64>,
        /// Who has told those whom it concerns.
        pub(crate) told: Option<Told>,
        /// What was written.
        pub(crate) record: Record,
        /// What has been entered about it since, the oldest first.
        pub(crate) changes: Vec<Change>,
        /// All decisions about the same project, the oldest first.
        pub(crate) history: Vec<Listed>,
    }

    /// What was written of a decision.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Record {
        /// Its number.
        pub(crate) number: u64,
        /// The number of the decision whose place it takes.
        pub(crate) supersedes: Option<u64>,
        /// The session that decided.
        pub(crate) session: OfSession,
        /// When that was closed.
        pub(crate) decided_on: String,
        /// The project as it was then.
        pub(crate) project: OfProject,
        /// What was decided; none: an earlier decision was taken back.
        pub(crate) verdict: Option<Verdict>,
        /// Where it came from.
        pub(crate) from: Pile,
        /// Where it stands.
        pub(crate) to: Pile,
        /// Who settles verdicts.
        pub(crate) decider: String,
        /// By what rule.
        pub(crate) rule: String,
        /// The one who answers for it.
        pub(crate) owner: String,
        /// Why.
        pub(crate) rationale: String,
        /// What else the verdict says, by the names of the fields.
        pub(crate) fields: Json,
        /// If it goes against the room.
        pub(crate) against: Option<Against>,
        /// What was asked in private.
        pub(crate) evidence: Vec<Asked>,
        /// How many asked whether it is a hobby.
        pub(crate) flags: usize,
        /// What was said unsigned.
        pub(crate) dissent: Vec<Said>,
        /// What was signed.
        pub(crate) sign_offs: Vec<SignOff>,
        /// The fields that the verdict needs and does not have.
        pub(crate) missing: Vec<String>,
        /// The files that the portfolio came from.
        pub(crate) imports: Vec<Import>,
        /// How many were here in each step.
        pub(crate) attendance: Vec<Attended>,
        /// What the close has erased.
        pub(crate) erased: Option<Erased>,
    }

    /// The session that decided.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct OfSession {
        /// The session.
        pub(crate) id: SessionId,
        /// Its title.
        pub(crate) title: String,
        /// What it was for.
        pub(crate) purpose: String,
    }

    /// The project as it was then.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct OfProject {
        /// Its name.
        pub(crate) name: String,
        /// What the organisation calls it by.
        pub(crate) reference: String,
        /// Who wants it.
        pub(crate) sponsor: String,
        /// Who runs it.
        pub(crate) owner: String,
        /// What it costs.
        pub(crate) cost: Option<f64>,
        /// In which currency.
        pub(crate) currency: String,
        /// How many people work on it.
        pub(crate) people: Option<f64>,
    }

    /// A pile, with the pillar's text as it was then.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Pile {
        /// `pillar`, `off`, `unsorted`, `split` or `unknown`.
        pub(crate) pile: String,
        /// The pillar's name.
        pub(crate) name: Option<String>,
        /// What it is for.
        pub(crate) intent: Option<String>,
        /// Its goals.
        pub(crate) goals: Vec<String>,
        /// By what they are measured.
        pub(crate) measure: Option<String>,
        /// What it rules out.
        pub(crate) rules_out: Option<String>,
    }

    /// A decision against the room.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Against {
        /// What the room said.
        pub(crate) room: Verdict,
        /// Why.
        pub(crate) reason: String,
        /// Who.
        pub(crate) by: String,
    }

    /// A round of what was asked in private.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Asked {
        /// The title of its step.
        pub(crate) title: String,
        /// Which one, from 1.
        pub(crate) round: usize,
        /// What was asked.
        pub(crate) question: Question,
        /// In which words, where they were the session's own.
        pub(crate) prompt: String,
        /// The words of a scale that was answered in words; none for one in numbers.
        pub(crate) words: Vec<String>,
        /// `project` or `session`.
        pub(crate) about: String,
        /// How many could answer.
        pub(crate) eligible: usize,
        /// How many have.
        pub(crate) answered: usize,
        /// How many sat out.
        pub(crate) sat_out: usize,
        /// How many answered on paper.
        pub(crate) on_paper: usize,
        /// The counts, by the question; null where there are none.
        pub(crate) counts: Json,
    }

    /// What was said unsigned.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Said {
        /// `project` or `session`.
        pub(crate) about: String,
        /// What.
        pub(crate) text: String,
    }

    /// A signature.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct SignOff {
        /// `project` or `session`.
        pub(crate) about: String,
        /// Whose.
        pub(crate) name: String,
        /// What it says.
        pub(crate) stance: Stance,
        /// With which reservation, or why not.
        pub(crate) reason: String,
    }

    /// A file that the portfolio came from.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Import {
        /// Its hash.
        pub(crate) sha256: String,
        /// Its format.
        pub(crate) format: String,
        /// How many rows were taken from it.
        pub(crate) rows: usize,
        /// When.
        pub(crate) imported_on: String,
    }

    /// How many were here in a step.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Attended {
        /// The step's title.
        pub(crate) title: String,
        /// How many.
        pub(crate) here: usize,
        /// Of how many who had joined.
        pub(crate) joined: usize,
    }

    /// What the close has erased.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Erased {
        /// In words.
        pub(crate) statement: String,
    }

    /// A further entry about a decision.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Change {
        /// Its number.
        pub(crate) number: u64,
        /// When it was entered.
        pub(crate) changed_on: String,
        /// Who says so.
        pub(crate) by: String,
        /// What.
        pub(crate) says: Says,
    }
}

/// What a further entry says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says {
    /// It stands otherwise now.
    Status {
        /// How.
        status: Status,
        /// Why.
        reason: String,
        /// Which decision has taken its place.
        superseded_by: Option<u64>,
    },
    /// Those whom it concerns have been told.
    Told {
        /// By whom.
        by: String,
        /// On which day.
        on: Day,
    },
    /// Something that it asks for is done.
    Done {
        /// What.
        what: Deed,
        /// By whom.
        by: String,
        /// On which day.
        on: Day,
        /// What came of it.
        note: String,
        /// When it is looked at again.
        next_review: Option<Day>,
    },
    /// A checkpoint has confirmed it.
    Confirmed {
        /// The checkpoint's title.
        title: String,
    },
}

impl Take for Says {
    fn take(json: &Json) -> Option<Self> {
        let (status, told, confirmed) = (json.get("status"), json.get("told"), json.get("confirmed"));
        let done = json.get("done");
        if *done != Json::Null {
            return Some(Self::Done {
                what: Deed::take(done.get("what"))?,
                by: done.get("done_by").string()?,
                on: Day::take(done.get("done_on"))?,
                note: done.get("note").string().unwrap_or_default(),
                next_review: Day::take(done.get("next_review")),
            });
        }
        if *confirmed != Json::Null {
            return Some(Self::Confirmed { title: confirmed.get("title").string()? });
        }
        if *status == Json::Null {
            return Some(Self::Told {
                by: told.get("told_by").string()?,
                on: Day::take(told.get("told_on"))?,
            });
        }
        Some(Self::Status {
            status: Status::take(status.get("status"))?,
            reason: status.get("reason").string().unwrap_or_default(),
            superseded_by: status.get("superseded_by").whole(),
        })
    }
}

impl Shown {
    /// Whether it holds.
    pub(crate) fn holds(&self) -> bool {
        self.record.verdict.is_some() && self.status.holds()
    }

    /// What it can become, as the server would take it: one that does not hold any more, nothing.
    pub(crate) fn may_become(&self) -> Vec<Status> {
        if !self.holds() {
            return Vec::new();
        }
        let may = |status: &Status| match status {
            Status::Accepted => self.record.verdict != Some(Verdict::Open) && self.status != Status::Accepted,
            Status::WindingDown => {
                self.record.verdict == Some(Verdict::Stop) && self.status != Status::WindingDown
            }
            Status::Superseded | Status::Reversed => true,
            Status::Proposed | Status::Open => false,
        };
        Status::ALL.into_iter().filter(may).collect()
    }

    /// This decision in short, as the project's history has it.
    pub(crate) fn listed(&self) -> Option<&Listed> {
        self.history.iter().find(|listed| listed.number == self.record.number)
    }

    /// What of it can be done, what is due first before the rest.
    pub(crate) fn may_be_done(&self) -> Vec<Deed> {
        let mut deeds: Vec<Deed> =
            Deed::ALL.into_iter().filter(|deed| deed.is_of(self.record.verdict)).collect();
        let due = self.listed().and_then(Listed::due).and_then(|(name, _)| name.deed());
        // The others stay in their order.
        deeds.sort_by_key(|deed| Some(*deed) != due);
        deeds
    }

    /// The later decisions about the same project that hold: which take its place, if one does.
    pub(crate) fn successors(&self) -> Vec<&Listed> {
        self.history.iter().filter(|of| of.number > self.record.number && of.holds()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn shown(verdict: &str, status: &str) -> Shown {
        let json = format!(
            r#"{{"previous":"00","hash":"ab","status":"{status}","superseded_by":null,"told":null,"changes":[
                {{"schema":1,"number":2,"decision":1,"changed_on":"2026-12-01T09:00:00Z","by":"Office",
                  "says":{{"told":{{"told_by":"Ben","told_on":"2026-11-30"}}}}}},
                {{"schema":1,"number":3,"decision":1,"changed_on":"2026-12-02T09:00:00Z","by":"",
                  "says":{{"status":{{"status":"superseded","reason":"Too late","superseded_by":7}}}}}}],
            "history":[],"record":{{"schema":2,"number":1,"supersedes":null,
                "session":{{"id":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f","title":"Autumn","purpose":""}},
                "decided_on":"2026-11-20T10:00:00Z",
                "project":{{"id":"x","name":"Tram","reference":"","sponsor":"","owner":"","cost":null,"currency":"","people":4}},
                "verdict":{verdict},"status":"proposed","from":{{"pile":"split"}},
                "to":{{"pile":"pillar","id":"y","name":"Net zero"}},"decider":"","rule":"","owner":"Ben","rationale":"",
                "fields":{{"ends":"2027-03-31"}},"against":null,"evidence":[],"flags":0,"dissent":[],"sign_offs":[],
                "missing":[]}}}}"#
        );
        Shown::take(&Json::read(&json).unwrap()).unwrap()
    }

    #[test]
    fn a_record_of_the_first_version_is_read_and_what_it_has_no_place_for_is_empty() {
        let Shown { record, changes, .. } = shown(r#""stop""#, "proposed");
        assert_eq!((record.imports.len(), record.attendance.len(), record.erased), (0, 0, None));
        assert_eq!(record.to.name.as_deref(), Some("Net zero"));
        assert_eq!(record.fields.get("ends").text(), Some("2027-03-31"));
        let day = Day::parse("2026-11-30").unwrap();
        assert_eq!(changes[0].says, Says::Told { by: "Ben".to_owned(), on: day });
        let reason = "Too late".to_owned();
        let superseded = Says::Status { status: Status::Superseded, reason, superseded_by: Some(7) };
        assert_eq!(changes[1].says, superseded);
        let done = r#"{"done":{"what":"ends","done_by":"Ben","done_on":"2026-11-30","note":"Sold","next_review":null}}"#;
        let says = Says::take(&Json::read(done).unwrap());
        let (by, note) = ("Ben".to_owned(), "Sold".to_owned());
        assert_eq!(says, Some(Says::Done { what: Deed::Ends, by, on: day, note, next_review: None }));
        let confirmed = Json::read(r#"{"confirmed":{"session":"x","title":"Winter","close":{}}}"#).unwrap();
        assert_eq!(Says::take(&confirmed), Some(Says::Confirmed { title: "Winter".to_owned() }));
    }

    #[test]
    fn a_decision_becomes_what_follows_upon_how_it_stands() {
        use Status::{Accepted, Reversed, Superseded, WindingDown};
        let may = |verdict, status| shown(verdict, status).may_become();
        assert_eq!(may(r#""stop""#, "proposed"), [Accepted, WindingDown, Superseded, Reversed]);
        assert_eq!(may(r#""move""#, "accepted"), [Superseded, Reversed]);
        assert_eq!(may(r#""open""#, "open"), [Superseded, Reversed]);
        for (verdict, status) in
            [(r#""stop""#, "superseded"), (r#""stop""#, "reversed"), ("null", "reversed")]
        {
            assert_eq!(may(verdict, status), [], "{verdict} {status}");
        }
    }
}
