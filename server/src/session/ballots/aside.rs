//! What people say beside their answers: that they sit out, that they disagree, what they sign; and what a facilitator says
//! of sponsors and of claims.

use std::collections::BTreeMap;

use plumbline_shared::{
    answer::Item,
    ids::{ParticipantId, ProjectId, StepId},
    limits,
    policy::Denied,
    results::{self, Check, DISSENT, SIGNED, Signed},
    words::{Claim, Stance, StepKind, StepState},
};

use super::{About, At, Said, Who};
use crate::session::{Effect, Session, chance::Chance, people::is_blank, refusal::Refusal};

/// A sponsor of the portfolio, and who that is in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SponsorHere {
    /// As the portfolio writes it, on the first project that does.
    pub sponsor: String,
    /// How many projects are theirs.
    pub projects: usize,
    /// Who that is: several where the portfolio names several for one project; nobody where none of them is here.
    pub people: Vec<ParticipantId>,
    /// Whether a facilitator has said so; otherwise it is whoever is called so.
    pub said: bool,
}

/// Who sponsors which project, as far as they are here.
pub(super) type Sponsors = BTreeMap<ProjectId, Vec<ParticipantId>>;

impl Session {
    /// Sits out on a project, or takes part in spite of being its sponsor.
    pub(in crate::session) fn recuse(
        &mut self,
        by: ParticipantId,
        project: ProjectId,
        out: bool,
    ) -> Result<Vec<Effect>, Refusal> {
        if !self.has_project(project) {
            return Err(Denied::Gone.into());
        }
        if self.stand.state == StepState::Sealed {
            return Err(Denied::NotOpen.into());
        }
        self.ballots.recused.entry(Who(by)).or_default().insert(About(project), out);
        self.ballots.keeps_a_secret();
        Ok(vec![Effect::Balloted(by)])
    }

    /// Says who a sponsor of the portfolio is.
    pub(in crate::session) fn match_sponsor(
        &mut self,
        sponsor: &str,
        participant: Option<ParticipantId>,
    ) -> Result<Vec<Effect>, Refusal> {
        let sponsor = folded(sponsor);
        if sponsor.is_empty() {
            return Err(Refusal::new("bad_name", "Name the sponsor as the portfolio does."));
        }
        if let Some(participant) = participant {
            self.people.present_mut(participant)?;
        }
        if !self.ballots.sponsors.contains_key(&sponsor) && self.ballots.sponsors.len() >= limits::PROJECTS {
            return Err(Denied::TooMany.into());
        }
        self.ballots.sponsors.insert(sponsor, participant.map(Who));
        Ok(vec![Effect::Round])
    }

    /// Who sponsors which project: whoever a facilitator has named, else whoever is called like the sponsor.
    pub(super) fn sponsors(&self) -> Sponsors {
        let names = self.folded_names();
        self.board()
            .projects
            .iter()
            .filter(|(_, project)| !project.sponsor.is_empty())
            .map(|(id, project)| (*id, self.is_sponsor(&folded(&project.sponsor), &names)))
            .filter(|(_, people)| !people.is_empty())
            .collect()
    }

    /// The sponsors that the portfolio names, by name, with who they are here. For facilitators: it says who sits out
    /// unless they choose not to.
    #[must_use]
    pub fn sponsors_here(&self) -> Vec<SponsorHere> {
        let names = self.folded_names();
        let mut here = BTreeMap::<String, SponsorHere>::new();
        for project in self.board().projects.values() {
            let whole = folded(&project.sponsor);
            if whole.is_empty() {
                continue;
            }
            let row = here.entry(whole).or_insert_with_key(|whole| SponsorHere {
                sponsor: project.sponsor.trim_matches(is_blank).to_owned(),
                projects: 0,
                people: self.is_sponsor(whole, &names),
                said: self.ballots.sponsors.contains_key(whole),
            });
            row.projects += 1;
        }
        here.into_values().collect()
    }

    fn folded_names(&self) -> Vec<(String, ParticipantId)> {
        self.people.present().map(|member| (folded(&member.name), member.id)).collect()
    }

    /// Who a sponsor is, given by the [`folded`] name, among people of these names.
    fn is_sponsor(&self, whole: &str, names: &[(String, ParticipantId)]) -> Vec<ParticipantId> {
        if let Some(named) = self.ballots.sponsors.get(whole) {
            return named.iter().map(|who| who.0).collect();
        }
        let parts: Vec<&str> =
            whole.split([',', ';', '/', '&']).map(|part| part.trim_matches(is_blank)).collect();
        let is = |name: &String| name == whole || parts.contains(&name.as_str());
        names.iter().filter(|(name, _)| is(name)).map(|(_, id)| *id).collect()
    }

    /// Whether somebody sits out on a project.
    pub(super) fn is_out(&self, by: ParticipantId, project: ProjectId, sponsors: &Sponsors) -> bool {
        let said = self.ballots.recused.get(&Who(by)).and_then(|said| said.get(&About(project)));
        said.copied().unwrap_or_else(|| sponsors.get(&project).is_some_and(|people| people.contains(&by)))
    }

    /// The same for one question.
    pub(super) fn sits_out(&self, by: ParticipantId, project: ProjectId) -> bool {
        let said = self.ballots.recused.get(&Who(by)).and_then(|said| said.get(&About(project)));
        said.copied().unwrap_or_else(|| self.is_out(by, project, &self.sponsors()))
    }

    /// Disagrees, unsigned; or takes that back.
    pub(in crate::session) fn dissent(
        &mut self,
        by: ParticipantId,
        about: &Item,
        text: Option<&str>,
    ) -> Result<Vec<Effect>, Refusal> {
        let text = text.map(|text| text.trim_matches(is_blank)).filter(|text| !text.is_empty());
        if let Some(project) = about.as_project()
            && !self.has_project(project)
        {
            return Err(Denied::Gone.into());
        }
        let own = self.ballots.dissent.entry(Who(by)).or_default();
        match text {
            Some(text) => {
                let said = Said { text: text.to_owned(), withheld: false };
                own.insert(about.as_str().to_owned(), said);
            }
            None => {
                own.remove(about.as_str());
            }
        }
        self.ballots.dissent.retain(|_, said| !said.is_empty());
        self.ballots.keeps_a_secret();
        Ok(vec![Effect::Balloted(by)])
    }

    /// Shows what was said unsigned, all of it, in an order that says nothing.
    pub(in crate::session) fn publish_dissent(&mut self, seed: u64) {
        let mut said: Vec<results::Dissent> = self
            .ballots
            .dissent
            .values()
            .flatten()
            .map(|(about, said)| (about, &said.text))
            .chain(
                self.ballots
                    .unsigned
                    .iter()
                    .flat_map(|(about, texts)| texts.iter().map(move |text| (about, text))),
            )
            .filter_map(|(about, text)| {
                Some(results::Dissent { about: Item::parse(about)?, text: text.clone() })
            })
            .collect();
        if said.is_empty() && self.ballots.dissent_at.is_none() {
            return;
        }
        said.sort_unstable_by(|a, b| (&a.about, &a.text).cmp(&(&b.about, &b.text)));
        Chance::from(seed).shuffle(&mut said);
        said.truncate(limits::PROJECTS);
        let board = self.board();
        let commits = board.agenda.iter().find(|step| step.kind == StepKind::Commit).map(|step| step.id);
        let step = self.ballots.dissent_at.map_or_else(|| commits.unwrap_or(self.stand.step), |at| at.0);
        self.ballots.dissent_at = Some(At(step));
        let said = results::array(said.iter().map(results::Dissent::write));
        self.write(|writer| writer.result(step, DISSENT, said));
    }

    /// Signs by name, or takes the signature back.
    pub(in crate::session) fn sign(
        &mut self,
        by: ParticipantId,
        about: &Item,
        stance: Option<Stance>,
        reason: &str,
    ) -> Result<Vec<Effect>, Refusal> {
        let step = self.stand.step;
        // What somebody says by name would show what they are about to say in private.
        if !matches!(self.stand.state, StepState::Revealed)
            && self.board().step().is_some_and(|step| step.question.is_some())
        {
            return Err(Refusal::new(
                "not_revealed",
                "First the private answers, then the signatures: wait until the round is revealed.",
            ));
        }
        if let Some(project) = about.as_project()
            && !self.has_project(project)
        {
            return Err(Denied::Gone.into());
        }
        let mut signed = self.board().results.remove(&step).unwrap_or_default().signed;
        signed.retain(|known| (known.participant, &known.about) != (by, about));
        if let Some(stance) = stance {
            if signed.len() >= limits::NOTES {
                return Err(Denied::TooMany.into());
            }
            let reason = reason.trim_matches(is_blank).to_owned();
            signed.push(Signed { participant: by, about: about.clone(), stance, reason });
        }
        let signed = results::array(signed.iter().map(Signed::write));
        self.write(|writer| writer.result(step, SIGNED, signed));
        Ok(Vec::new())
    }

    /// Says whether a claim stands.
    pub(in crate::session) fn check(
        &mut self,
        by: ParticipantId,
        step: StepId,
        item: &Item,
        claim: Claim,
        stands: Option<bool>,
    ) -> Result<Vec<Effect>, Refusal> {
        let Some(mut results) = self.board().results.remove(&step) else {
            return Err(Refusal::new("no_such_step", "The agenda has no such step. Reload the page."));
        };
        let asked = results.rounds.values().any(|round| round.of(item).is_some());
        if !asked || !claim.is_checked() {
            return Err(Refusal::new("no_such_item", "Nothing was claimed there that could be checked."));
        }
        results.checks.retain(|known| (&known.item, known.claim) != (item, claim));
        if let Some(stands) = stands {
            results.checks.push(Check { item: item.clone(), claim, stands, by });
        }
        let checks = results::array(results.checks.iter().map(Check::write));
        self.write(|writer| writer.result(step, results::CHECKS, checks));
        Ok(Vec::new())
    }
}

/// A name as it is compared: without blanks around it, and of Latin letters the small ones. No more than that: the fold
/// must not change its mind with a later release of Unicode's tables.
fn folded(name: &str) -> String {
    name.trim_matches(is_blank).to_ascii_lowercase()
}
