//! Changes of the board that come from clients: judged before they are appended, and judged for good after.

use minicbor::bytes::ByteVec;
use plumbline_shared::{
    ids::ParticipantId,
    limits,
    policy::{self, Actor, Change, Deed, Denied},
    schema::{DECISION_SINCE_3, DECISION_SINCE_4, Plain, Root},
    words::StepKind,
};
use yrs::{Transact, Update, updates::decoder::Decode};

use super::{
    CHECKPOINTS_SINCE, Done, Fault, Outcome, RECORD_SINCE, Session,
    guard::{self, Judgement, What},
    ledger::{Later, Sight},
    refusal::Refusal,
    writer::{Writer, kind_of, plain_at, text_units},
};

/// What has been examined and appended, or is about to be, and is not folded yet.
#[derive(Default)]
pub struct Ahead {
    guard: guard::Ahead,
    entries: Later,
    steps: u64,
}

impl Ahead {
    /// What the updates cost so far, those included of which nothing came: in steps (see [`guard::MAX_STEPS`]).
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }
}

/// What the pre-check says of an update.
#[derive(Debug)]
pub enum Examined {
    /// There is nothing new in it.
    Nothing,
    /// It may be appended, in this form and no other.
    Pass(Vec<u8>),
    /// It rests on what is not here.
    Gap,
    /// It will not be appended.
    Refused(Refusal),
}

impl Session {
    /// The pre-check: judges an update against the state and what is ahead of it, and notes in `ahead` what passes.
    pub fn examine(&self, ahead: &mut Ahead, by: ParticipantId, update: &[u8], frame: usize) -> Examined {
        let mut steps = 0;
        let judged = self.judge(ahead, by, update, frame, false, &mut steps);
        ahead.steps += u64::from(steps);
        match judged {
            Ok((guard::Examined::Nothing, _)) => Examined::Nothing,
            Ok((guard::Examined::Gap, _)) => Examined::Gap,
            Ok((guard::Examined::Pass(admitted), found)) => {
                ahead.guard.push(&admitted.delta);
                for (root, key, stands) in found.entries.iter() {
                    ahead.entries.note(&self.ledger, root, key, stands);
                }
                for (root, key, who) in found.entries.signatures() {
                    ahead.entries.sign(root, key, who);
                }
                Examined::Pass(admitted.update)
            }
            Ok((guard::Examined::Refused(refusal), _)) => Examined::Refused(refused(refusal)),
            Err(refusal) => Examined::Refused(refusal),
        }
    }

    /// The pre-check where nothing new passes, for this reason: who only looks, or a full board.
    pub fn examine_closed(
        &self,
        ahead: &mut Ahead,
        by: Option<ParticipantId>,
        update: &[u8],
        frame: usize,
        reason: Denied,
    ) -> Examined {
        let (content, made_first) = (limits::NEW_CONTENT, false);
        let limits = guard::Limits { frame, content, cleared_over_made: false, made_first };
        let nobody = guard::Author(u32::MAX);
        let author = by.and_then(|by| self.people.author(by)).unwrap_or(nobody);
        let mut no = |_: &guard::Change<'_>| Judgement::Denied(reason);
        let mut steps = 0;
        let examined =
            guard::examine(&self.guard, &ahead.guard, author, update, &limits, &mut steps, &mut no);
        ahead.steps += u64::from(steps);
        match examined {
            guard::Examined::Nothing => Examined::Nothing,
            guard::Examined::Gap => Examined::Gap,
            guard::Examined::Pass(_) => Examined::Refused(reason.into()),
            guard::Examined::Refused(refusal) => Examined::Refused(refused(refusal)),
        }
    }

    /// The final word on an update.
    pub(super) fn update(&mut self, by: ParticipantId, update: &ByteVec) -> Result<Outcome, Fault> {
        // What stands in the log has passed a frame's limit already.
        let (admitted, found) = match self.judge(&Ahead::default(), by, update, usize::MAX, true, &mut 0) {
            Ok((guard::Examined::Pass(admitted), found)) => (admitted, found),
            Ok((guard::Examined::Nothing, _)) => return Ok(Outcome::Nothing),
            Ok((guard::Examined::Gap, _)) => return Ok(Outcome::Gap),
            Ok((guard::Examined::Refused(refusal), _)) => return Ok(Outcome::Refused(refused(refusal))),
            Err(refusal) => return Ok(Outcome::Refused(refusal)),
        };
        let decoded =
            Update::decode_v1(&admitted.update).map_err(|error| Fault::Document(error.to_string()))?;
        let mut sent = {
            let mut txn = self.doc.transact_mut();
            let old: Vec<_> = admitted.compensate.iter().map(|(path, _)| plain_at(&txn, path)).collect();
            txn.apply_update(decoded).map_err(|error| Fault::Document(error.to_string()))?;
            let mut writer = Writer::new(&mut txn);
            for ((path, _), old) in admitted.compensate.iter().zip(old) {
                writer.restore(path, old);
            }
            for (root, key, stands) in found.entries.iter() {
                if root == Root::Projects && stands {
                    writer.decision(key);
                }
            }
            txn.encode_update_v1()
        };
        self.guard
            .absorb(admitted.delta, &sent)
            .map_err(|disagreement| Fault::Disagreement(disagreement.to_string()))?;
        for (root, key, stands) in found.entries.iter() {
            self.ledger.note(root, key, stands);
            match key.parse() {
                Ok(_) if root == Root::Projects && stands => self.ledger.note(Root::Decisions, key, true),
                Ok(project) if root == Root::Projects => self.flags.lose(project),
                _ => {}
            }
        }
        for (root, key, who) in found.entries.signatures() {
            self.ledger.sign(root, key, who);
        }
        if found.agenda {
            self.kind = self.kind_of_step();
            self.written.clear();
            self.stand_as_edited();
            let stand = self.done().update;
            if !stand.is_empty() {
                sent = yrs::merge_updates_v1([&sent, &stand]).expect("both are updates of our own document");
            }
        }
        let mut taken_back: Vec<Refusal> = Vec::new();
        for (path, denied) in admitted.compensate {
            if !taken_back.iter().any(|told| told.code == denied.code()) {
                taken_back.push(Refusal::from(denied).at(&path));
            }
        }
        Ok(Outcome::Done(Done { update: sent, taken_back, ..Done::default() }))
    }

    /// What is done in the current step, as the agenda says; an open board where it says nothing.
    pub(super) fn kind_of_step(&self) -> StepKind {
        kind_of(&self.doc.transact(), self.stand.step).unwrap_or(StepKind::Board)
    }

    fn judge(
        &self,
        ahead: &Ahead,
        by: ParticipantId,
        update: &[u8],
        frame: usize,
        cleared_over_made: bool,
        steps: &mut u32,
    ) -> Result<(guard::Examined<Denied>, Found), Refusal> {
        let actor = self
            .actor(by)
            .ok_or_else(|| Refusal::new("no_such_person", "You are not in this session any more."))?;
        let author = self
            .people
            .author(by)
            .ok_or_else(|| Refusal::new("no_such_person", "You are not in this session any more."))?;
        let content = if actor.drives() { limits::NEW_CONTENT_FACILITATOR } else { limits::NEW_CONTENT };
        let made_first = self.rules >= policy::PILES_SINCE;
        let mut judge = Judge { session: self, actor, ahead: &ahead.entries, found: Found::default() };
        let examined = guard::examine(
            &self.guard,
            &ahead.guard,
            author,
            update,
            &guard::Limits { frame, content, cleared_over_made, made_first },
            steps,
            &mut |change| judge.judge(change),
        );
        Ok((examined, judge.found))
    }
}

/// Asks the policy about each change, in the order in which they come.
struct Judge<'s> {
    session: &'s Session,
    actor: Actor,
    /// Entries made or taken away ahead of the fold.
    ahead: &'s Later,
    found: Found,
}

/// What the judge has noticed on its way.
#[derive(Default)]
struct Found {
    /// Entries that this update makes, takes away or signs.
    entries: Later,
    /// Whether it touches the agenda.
    agenda: bool,
}

impl Judge<'_> {
    fn judge(&mut self, change: &guard::Change<'_>) -> Judgement<Denied> {
        let (key, field) = match change.keys {
            [key] => (*key, None),
            [key, field] => (*key, Some(*field)),
            _ => return Judgement::Denied(Denied::NoSuchPlace),
        };
        let deed = match change.what {
            What::Set(value) => Deed::Set(plain(value)),
            What::Make(kind) => Deed::Make { text: kind == guard::Kind::Text },
            What::Unset if change.stood.is_none() => Deed::Nothing,
            What::Unset => Deed::Unset,
            What::InsertText { units: 0, .. } => Deed::Nothing,
            What::InsertText { units, .. } => {
                let there = text_units(&self.session.doc.transact(), change.root, change.keys);
                Deed::Write { units: there + units as usize }
            }
            What::DeleteText { .. } => Deed::Erase,
        };
        let people = &self.session.people;
        let root = Root::parse(change.root);
        let facts = Sight { ledger: &self.session.ledger, ahead: self.ahead, newest: &self.found.entries };
        let asked = Change {
            root: change.root,
            key,
            field,
            deed,
            made_by: root.and_then(|root| policy::Facts::signed(&facts, root, key)).or_else(|| {
                let author = change.entry_by.or(change.stood.map(|stood| stood.by))?;
                people.of_author(author)
            }),
        };
        if self.session.rules < RECORD_SINCE
            && root == Some(Root::Decisions)
            && field.is_some_and(|field| DECISION_SINCE_3.contains(&field))
        {
            // What this session's rules do not know they go on refusing.
            return Judgement::Denied(Denied::NoSuchPlace);
        }
        if self.session.rules < CHECKPOINTS_SINCE
            && root == Some(Root::Decisions)
            && field.is_some_and(|field| DECISION_SINCE_4.contains(&field))
        {
            return Judgement::Denied(Denied::NoSuchPlace);
        }
        let permitted = policy::permits(&self.actor, &self.session.moment(), &facts, &asked).and_then(|_| {
            if self.session.rules >= policy::PILES_SINCE { policy::lands(&facts, &asked) } else { Ok(()) }
        });
        match permitted {
            Ok(()) => {
                self.found.agenda |= change.root == Root::Agenda.name();
                if field.is_none()
                    && asked.deed != Deed::Nothing
                    && let Some(root) = root
                    && root != Root::Placements
                {
                    let stands = match change.what {
                        What::Make(_) => Some(true),
                        What::Unset => Some(false),
                        _ => None,
                    };
                    if let Some(stands) = stands {
                        let before = policy::Facts::standing(&facts, root, key) == policy::Standing::Stands;
                        self.found.entries.set(root, key, before, stands);
                    }
                }
                let signature = match &asked.deed {
                    Deed::Set(Plain::Text(id)) => id.parse().ok(),
                    _ => None,
                };
                if let (Some(root), Some(field)) = (root, field)
                    && root.signature() == Some(field)
                    && asked.deed != Deed::Nothing
                {
                    self.found.entries.sign(root, key, signature);
                }
                Judgement::Allowed
            }
            Err(denied) if denied.is_momentary() => Judgement::Later(denied),
            Err(denied) => Judgement::Denied(denied),
        }
    }
}

fn plain(value: guard::Value<'_>) -> Plain<'_> {
    match value {
        guard::Value::Null => Plain::Null,
        guard::Value::Bool(yes) => Plain::Bool(yes),
        guard::Value::Integer(number) => Plain::Number(f64::from(number)),
        guard::Value::Number(number) => Plain::Number(number),
        guard::Value::Text(text) => Plain::Text(text),
        guard::Value::List(list) => Plain::List(list.iter().map(plain).collect()),
    }
}

fn refused(refusal: guard::Refusal<Denied>) -> Refusal {
    match refusal {
        guard::Refusal::Denied { path, reason } => Refusal::from(reason).at(&path),
        guard::Refusal::Occupied(ref path) => Refusal::new(refusal.code(), refusal.to_string()).at(path),
        other => Refusal::new(other.code(), other.to_string()),
    }
}
