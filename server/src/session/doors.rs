//! What lets people in under the rules since version 4: tokens that only their holder has, links that are good for one
//! use, and why something that let somebody in does not any more.
//!
//! Whoever reads a person's private answers must be that person. So nobody gets a token by what somebody else does: a
//! link is exchanged, once, for a token that only its user has; a link that somebody else made opens a seat whose tokens
//! have all died by then, and whoever came in by one makes no further links. At any time all tokens of a seat are one
//! holder's, or have been handed out by that one on purpose.

use minicbor::{Decode, Encode};
use plumbline_shared::ids::ParticipantId;
use subtle::ConstantTimeEq;

use super::{
    people::{Member, People, TOKENS_PER_PERSON},
    refusal::Refusal,
};

/// How many dead tokens of a person are remembered, so that whoever shows one is told why it is dead.
const ENDED_REMEMBERED: usize = 32;

/// A token's hash, and since when it has not been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Held {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(super) hash: [u8; 32],
    /// When it was last known to be used, in milliseconds since 1970; 0 where that is not known.
    #[cbor(n(1), default)]
    pub(super) seen: u64,
}

impl Held {
    pub(super) fn is(&self, token: &[u8; 32]) -> bool {
        self.hash.ct_eq(token).into()
    }
}

/// A person's ways in, beside their tokens.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Doors {
    /// Links that nobody has used yet, the oldest first.
    #[n(0)]
    links: Vec<Link>,
    /// What opened the seat once and does not any more, the oldest first.
    #[n(1)]
    ended: Vec<Ended>,
    /// By whose link the one who sits here came in, by the place in the order of joining.
    #[n(2)]
    let_in_by: Option<u32>,
}

/// A link that is good for one use.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
struct Link {
    #[cbor(n(0), with = "minicbor::bytes")]
    hash: [u8; 32],
    /// Who made it, where that was not the person themself.
    #[n(1)]
    by: Option<u32>,
}

/// Something that let somebody in once.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
struct Ended {
    #[cbor(n(0), with = "minicbor::bytes")]
    hash: [u8; 32],
    #[n(1)]
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
enum Why {
    /// Somebody made a new link in the person's name.
    #[n(0)]
    Renewed {
        #[n(0)]
        by: u32,
    },
    /// It was a link, and was used.
    #[n(1)]
    Used,
    /// The person was found to be somebody else.
    #[n(2)]
    Merged {
        #[n(0)]
        into: u32,
    },
    /// The device has left.
    #[n(3)]
    Left,
    /// The person was taken out.
    #[n(4)]
    Removed,
}

/// A link as it is told to whoever is about to use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Whose seat it opens.
    pub participant: ParticipantId,
    /// Their name.
    pub name: String,
    /// Who made it, by name; none where the person did.
    pub by: Option<String>,
}

impl Doors {
    fn end(&mut self, hash: [u8; 32], why: Why) {
        if self.ended.len() >= ENDED_REMEMBERED {
            self.ended.remove(0);
        }
        self.ended.push(Ended { hash, why });
    }

    pub(super) fn has_links(&self) -> bool {
        !self.links.is_empty()
    }
}

impl Member {
    /// Whoever had a way in is out for good.
    pub(super) fn end_removed(&mut self) {
        self.end_all(Why::Removed);
    }

    /// All that opens this seat is dead.
    fn end_all(&mut self, why: Why) {
        for held in std::mem::take(&mut self.tokens) {
            self.doors.end(held.hash, why);
        }
        for link in std::mem::take(&mut self.doors.links) {
            self.doors.end(link.hash, why);
        }
    }

    fn offer(&mut self, hash: [u8; 32], by: Option<u32>) {
        if self.doors.links.len() >= TOKENS_PER_PERSON {
            self.doors.links.remove(0);
        }
        self.doors.links.push(Link { hash, by });
    }
}

impl People {
    /// Somebody has joined whom somebody else has asked in: they come by the link.
    pub(super) fn expect(&mut self, id: ParticipantId, link: [u8; 32], by: ParticipantId) {
        let by = self.place(by);
        if let Ok(member) = self.present_mut(id) {
            member.offer(link, by);
        }
    }

    /// Makes a link that carries somebody to another device of theirs. `with` is the token by which they ask: it must
    /// open their seat still.
    ///
    /// # Errors
    /// When it does not, or when they came in by somebody else's link themselves.
    pub(super) fn offer(
        &mut self,
        id: ParticipantId,
        link: [u8; 32],
        with: Option<[u8; 32]>,
    ) -> Result<(), Refusal> {
        self.opens(id, with)?;
        let member = self.present_mut(id)?;
        if member.doors.let_in_by.is_some() {
            return Err(Refusal::new(
                "one_device",
                "You came in by a link that somebody else made: it is good for one device, so that nobody but you \
                 reads what you answer. Join with the code on the other device, and ask the facilitator to merge the \
                 two into the new one.",
            ));
        }
        member.offer(link, None);
        Ok(())
    }

    /// Whether a token opens somebody's seat, the facilitators' link included.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn opens(&self, id: ParticipantId, with: Option<[u8; 32]>) -> Result<(), Refusal> {
        let found = with.and_then(|with| self.identify(&with)).and_then(|found| found.participant);
        if found == Some(id) {
            return Ok(());
        }
        Err(Refusal::new("not_admitted", "Your link is not valid any more. Join again with the code."))
    }

    /// All that opens somebody's seat is dead, and there is one link to it, for one use.
    ///
    /// # Errors
    /// When there is no such person here.
    pub(super) fn renew(
        &mut self,
        id: ParticipantId,
        link: [u8; 32],
        by: Option<ParticipantId>,
    ) -> Result<(), Refusal> {
        let is_host = self.host().is_some_and(|host| host.id == id);
        let by = by.and_then(|by| self.place(by)).or_else(|| self.place(id)).unwrap_or_default();
        let facilitators = if is_host { self.facilitators.take() } else { None };
        let member = self.present_mut(id)?;
        member.end_all(Why::Renewed { by });
        if let Some(held) = facilitators {
            member.doors.end(held.hash, Why::Renewed { by });
        }
        member.offer(link, Some(by));
        Ok(())
    }

    /// One's own tokens are dead, and there is a new one.
    ///
    /// # Errors
    /// When there is no such person here.
    pub(super) fn replace(&mut self, id: ParticipantId, token: [u8; 32], at: u64) -> Result<(), Refusal> {
        let by = self.place(id).unwrap_or_default();
        let member = self.present_mut(id)?;
        member.end_all(Why::Renewed { by });
        member.tokens = vec![Held { hash: token, seen: at }];
        Ok(())
    }

    /// A link is used: from here on `token` opens the seat, and the link is dead. Who came in, and whether by somebody
    /// else's link.
    ///
    /// # Errors
    /// When the link is not good any more.
    pub(super) fn come_in(
        &mut self,
        link: &[u8; 32],
        token: [u8; 32],
        at: u64,
    ) -> Result<(ParticipantId, bool), Refusal> {
        let is = |offered: &Link| bool::from(offered.hash.ct_eq(link));
        let found = self.members.iter_mut().filter(|member| !member.removed).find_map(|member| {
            let which = member.doors.links.iter().position(is)?;
            let link = member.doors.links.remove(which);
            Some((member, link))
        });
        let Some((member, Link { hash, by })) = found else {
            return Err(self.why_dead(link).unwrap_or_else(|| {
                Refusal::new("not_admitted", "This link is not valid any more. Ask for a new one.")
            }));
        };
        member.doors.end(hash, Why::Used);
        if by.is_some() {
            member.doors.let_in_by = by;
        }
        if member.tokens.len() >= TOKENS_PER_PERSON {
            // The first one is their own; of the others, the oldest.
            let oldest = member.tokens.remove(1);
            member.doors.end(oldest.hash, Why::Left);
        }
        member.tokens.push(Held { hash: token, seen: at });
        Ok((member.id, by.is_some()))
    }

    /// A device leaves: its token is dead. Links that several may hold stay as they are. Whether there was one.
    ///
    /// # Errors
    /// When nobody could drive the session any more.
    pub(super) fn leave(&mut self, token: &[u8; 32]) -> Result<bool, Refusal> {
        let theirs = |member: &Member| member.tokens.iter().any(|held| held.is(token));
        let Some(at) = self.members.iter().position(theirs) else { return Ok(false) };
        let (id, tokens) = (self.members[at].id, self.members[at].tokens.len());
        let is_host = self.facilitators.is_some() && self.host().is_some_and(|host| host.id == id);
        if tokens == 1 && !self.members[at].doors.has_links() && !is_host {
            self.keep_a_facilitator(id)?;
        }
        let member = &mut self.members[at];
        member.tokens.retain(|held| !held.is(token));
        member.doors.end(*token, Why::Left);
        Ok(true)
    }

    /// Whether several people may have a token: the observers' link, and the facilitators'.
    #[must_use]
    pub fn is_shared(&self, token: &[u8; 32]) -> bool {
        [self.observers.as_ref(), self.facilitators.as_ref()].into_iter().flatten().any(|held| held.is(token))
    }

    /// A token was used.
    pub(super) fn saw(&mut self, token: &[u8; 32], at: u64) {
        let held = self.members.iter_mut().flat_map(|member| &mut member.tokens);
        let held = held.chain(self.observers.as_mut()).chain(self.facilitators.as_mut());
        for held in held.filter(|held| held.is(token)) {
            held.seen = held.seen.max(at);
        }
    }

    /// When a token that opens something was last known to be used, in milliseconds since 1970. None: that is not known.
    #[must_use]
    pub fn last_seen(&self, token: &[u8; 32]) -> Option<u64> {
        let held = self.members.iter().flat_map(|member| &member.tokens);
        let mut held = held.chain(self.observers.as_ref()).chain(self.facilitators.as_ref());
        held.find(|held| held.is(token)).map(|held| held.seen).filter(|seen| *seen > 0)
    }

    /// `from` goes, and nothing that opened it opens anything any more.
    ///
    /// # Errors
    /// When one of them is not here, or `from` comes by the facilitators' link, which is nobody else's.
    pub(super) fn merge_seats(
        &mut self,
        from: ParticipantId,
        into: ParticipantId,
    ) -> Result<&Member, Refusal> {
        if self.host().is_some_and(|host| host.id == from) && self.facilitators.is_some() {
            return Err(Refusal::new(
                "facilitators_link",
                "The facilitators' link is this person's way in, and is never handed over. Merge the other one into \
                 this one, or make somebody else facilitator first and have them make a new link.",
            ));
        }
        if from != into {
            self.present_mut(into)?;
            if !self.comes_in(into) {
                self.keep_a_facilitator(from)?;
            }
            let place = self.place(into).unwrap_or_default();
            self.present_mut(from)?.end_all(Why::Merged { into: place });
        }
        self.merge(from, into)
    }

    /// What a link that has not been used yet opens.
    #[must_use]
    pub fn invitation(&self, link: &[u8; 32]) -> Option<Invitation> {
        let is = |offered: &&Link| bool::from(offered.hash.ct_eq(link));
        self.present().find_map(|member| {
            let link = member.doors.links.iter().find(is)?;
            let by = link.by.map(|by| self.name_at(by));
            Some(Invitation { participant: member.id, name: member.name.clone(), by })
        })
    }

    /// By whose link somebody came in, by name: the person cannot have made it.
    #[must_use]
    pub fn let_in_by(&self, id: ParticipantId) -> Option<String> {
        self.get(id)?.doors.let_in_by.map(|by| self.name_at(by))
    }

    /// Why something that let somebody in does not any more, in words for whoever shows it.
    #[must_use]
    pub fn why_dead(&self, token: &[u8; 32]) -> Option<Refusal> {
        let is = |ended: &&Ended| bool::from(ended.hash.ct_eq(token));
        // The newest word counts.
        let (member, ended) = self
            .members
            .iter()
            .find_map(|member| member.doors.ended.iter().rev().find(is).map(|ended| (member, ended)))?;
        let seat = &member.name;
        Some(match ended.why {
            Why::Renewed { by } if self.members.get(by as usize).is_some_and(|by| by.id == member.id) => {
                Refusal::new(
                    "renewed",
                    "You have made a new link for yourself, and this one is dead. Use the new one.",
                )
            }
            Why::Renewed { by } => Refusal::new(
                "renewed",
                format!(
                    "{} made a new link in the name of {seat}, and what this device had is dead. Ask for that link: it \
                     is good for one use. If somebody else has used it, the list of people shows it: tell the room.",
                    self.name_at(by)
                ),
            ),
            Why::Used => Refusal::new(
                "used",
                format!(
                    "This link has been used: it is good once. If that was not you, somebody is in the session as \
                     {seat}: tell the room. You can join with the code."
                ),
            ),
            Why::Merged { into } => {
                let into = self.name_at(into);
                Refusal::new(
                    "merged",
                    format!(
                        "A facilitator found that {seat} and {into} are one person; {into} stays. To come in as that one \
                         on this device, make a personal link where you are {into}. Is that not you? Join again with \
                         the code, and tell the room."
                    ),
                )
            }
            Why::Left => Refusal::new(
                "left",
                "This device has left the session. Join again with the code, or by a personal link.",
            ),
            Why::Removed => {
                Refusal::new("removed", "You were taken out of this session. Ask the facilitator.")
            }
        })
    }

    fn name_at(&self, place: u32) -> String {
        self.members.get(place as usize).map(|member| member.name.clone()).unwrap_or_default()
    }
}
