//! Who is in the session, what they are, and the tokens that prove it.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::{ids::ParticipantId, limits, schema::COLOURS, words::Role};

use super::{
    codec,
    doors::{Doors, Held},
    entry::{Founded, Joined, Whose},
    guard::Author,
    refusal::Refusal,
};

/// How many tokens one person may have: their own and those of their other devices. The oldest link goes first.
pub(super) const TOKENS_PER_PERSON: usize = 16;

/// How many people a session has had at most, the removed included: their blocks stay on the board.
const EVER_JOINED: usize = 20_000;

/// Somebody who has joined, the removed included: their blocks stay on the board.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Member {
    /// Their id.
    #[cbor(n(0), with = "codec::id")]
    pub id: ParticipantId,
    /// Their name.
    #[n(1)]
    pub name: String,
    /// What they do in the organisation.
    #[n(2)]
    pub function: String,
    /// What they are.
    #[cbor(n(3), with = "codec::word")]
    pub role: Role,
    /// A design token.
    #[n(4)]
    pub colour: String,
    /// Whether they were removed.
    #[n(5)]
    pub removed: bool,
    /// The hashes of their tokens, the oldest first.
    #[n(6)]
    pub(super) tokens: Vec<Held>,
    /// Who they were found to be, by their place in the order of joining.
    #[n(7)]
    merged: Option<u32>,
    /// Their ways in beside the tokens: see `doors`.
    #[cbor(n(8), default)]
    pub(super) doors: Doors,
}

/// Who holds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person; none for who only looks.
    pub participant: Option<ParticipantId>,
    /// What they are.
    pub role: Role,
}

/// Everybody, in the order in which they joined.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct People {
    #[n(0)]
    pub(super) members: Vec<Member>,
    #[n(1)]
    pub(super) observers: Option<Held>,
    /// The hash of the facilitators' link: a token of one facilitator's, apart from their personal ones.
    #[n(2)]
    pub(super) facilitators: Option<Held>,
    /// Whose that is, by their place in the order of joining: at first the first one's.
    #[cbor(n(3), default)]
    host: u32,
    /// Whether somebody who was taken out leaves their place to others.
    #[cbor(n(4), default)]
    frees_places: bool,
}

impl People {
    /// Begins with the first facilitator, who comes by the facilitators' link and has no token besides. `seen`: when, in
    /// milliseconds since 1970; 0 under rules that do not keep it.
    ///
    /// # Errors
    /// When the name is missing or too long.
    pub(super) fn found(&mut self, founded: &Founded, seen: u64) -> Result<&Member, Refusal> {
        self.frees_places = seen > 0;
        self.facilitators = Some(Held { hash: founded.facilitator_token, seen });
        self.observers = Some(Held { hash: founded.observer_token, seen });
        self.add(founded.facilitator, &founded.name, "", Role::Facilitator, Vec::new())
    }

    /// Lets somebody in and gives them a colour. `token`: what they come by at once.
    ///
    /// # Errors
    /// When the session is full, the name is missing or too long, or the id is taken.
    pub(super) fn join(&mut self, joined: &Joined, token: Option<Held>) -> Result<&Member, Refusal> {
        function(&joined.function)?;
        let tokens = token.into_iter().collect();
        self.add(joined.participant, &joined.name, &joined.function, joined.role, tokens)
    }

    /// Enters somebody without a device.
    ///
    /// # Errors
    /// When the session is full, the name is missing or too long, or the id is taken.
    pub(super) fn enter(&mut self, id: ParticipantId, name: &str) -> Result<&Member, Refusal> {
        self.add(id, name, "", Role::Participant, Vec::new())
    }

    fn add(
        &mut self,
        id: ParticipantId,
        called: &str,
        function: &str,
        role: Role,
        tokens: Vec<Held>,
    ) -> Result<&Member, Refusal> {
        if self.is_full() {
            return Err(Refusal::new(
                "session_full",
                "This session is full: it takes 2,000 people. Ask the facilitator to take somebody out, or for another one.",
            ));
        }
        if self.get(id).is_some() {
            return Err(Refusal::new("already_joined", "This person has joined already."));
        }
        let name = name(called)?;
        let colour = COLOURS[self.members.len() % COLOURS.len()].to_owned();
        let function = function.trim_matches(is_blank).to_owned();
        let doors = Doors::default();
        self.members.push(Member {
            id,
            name,
            function,
            role,
            colour,
            removed: false,
            tokens,
            merged: None,
            doors,
        });
        Ok(self.members.last().expect("one was just pushed"))
    }

    /// Whether nobody else can join.
    #[must_use]
    pub fn is_full(&self) -> bool {
        if !self.frees_places {
            return self.members.len() >= limits::PARTICIPANTS;
        }
        self.present().count() >= limits::PARTICIPANTS || self.members.len() >= EVER_JOINED
    }

    /// The person, removed or not.
    #[must_use]
    pub fn get(&self, id: ParticipantId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// The person to change, unless they were removed.
    ///
    /// # Errors
    /// When there is no such person here.
    pub(super) fn present_mut(&mut self, id: ParticipantId) -> Result<&mut Member, Refusal> {
        self.members
            .iter_mut()
            .find(|member| member.id == id && !member.removed)
            .ok_or_else(|| Refusal::new("no_such_person", "This person is not in the session."))
    }

    /// Everybody who is in the session now.
    pub fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| !member.removed)
    }

    /// The number under which the guard knows a person: from 1 in the order of joining, 0 being the server.
    #[must_use]
    pub fn author(&self, id: ParticipantId) -> Option<Author> {
        let at = self.members.iter().position(|member| member.id == id)?;
        u32::try_from(at + 1).ok().map(Author)
    }

    /// The person whom the guard knows under a number.
    #[must_use]
    pub fn of_author(&self, author: Author) -> Option<ParticipantId> {
        let at = usize::try_from(author.0).ok()?.checked_sub(1)?;
        self.members.get(at).map(|member| member.id)
    }

    /// Who holds the token with this hash.
    #[must_use]
    pub fn identify(&self, token: &[u8; 32]) -> Option<Identity> {
        let is = |held: &Held| held.is(token);
        if self.observers.as_ref().is_some_and(is) {
            return Some(Identity { participant: None, role: Role::Observer });
        }
        if self.facilitators.as_ref().is_some_and(is) {
            return self.host().filter(|member| !member.removed).map(Member::identity);
        }
        self.present().find(|member| member.tokens.iter().any(is)).map(Member::identity)
    }

    /// Gives somebody one more token.
    ///
    /// # Errors
    /// When there is no such person here.
    pub(super) fn link(&mut self, id: ParticipantId, token: [u8; 32]) -> Result<(), Refusal> {
        let member = self.present_mut(id)?;
        if member.tokens.len() >= TOKENS_PER_PERSON {
            // The first one is their own; of the links, the oldest.
            member.tokens.remove(1);
        }
        member.tokens.push(Held { hash: token, seen: 0 });
        Ok(())
    }

    /// Replaces tokens; the old ones are dead.
    ///
    /// # Errors
    /// When there is no such person here.
    pub(super) fn rotate(
        &mut self,
        whose: Whose,
        token: [u8; 32],
        by: Option<ParticipantId>,
        seen: u64,
    ) -> Result<(), Refusal> {
        let held = Held { hash: token, seen };
        match whose {
            Whose::Facilitator => {
                self.facilitators = Some(held);
                // Nobody goes on under the name of who handed the session over.
                if let Some(host) = by.and_then(|by| self.place(by)) {
                    self.host = host;
                }
            }
            Whose::Observer => self.observers = Some(held),
            Whose::Participant(id) => self.present_mut(id)?.tokens = vec![held],
        }
        Ok(())
    }

    /// Takes somebody out; `remembers`: whether whoever comes back is told why.
    ///
    /// # Errors
    /// When there is no such person here, or when nobody could drive the session any more.
    pub(super) fn remove(&mut self, id: ParticipantId, remembers: bool) -> Result<(), Refusal> {
        self.keep_a_facilitator(id)?;
        let member = self.present_mut(id)?;
        if remembers {
            member.end_removed();
        }
        member.removed = true;
        member.tokens.clear();
        Ok(())
    }

    /// Gives somebody a role.
    ///
    /// # Errors
    /// When there is no such person here, or when nobody could drive the session any more.
    pub(super) fn name_as(&mut self, id: ParticipantId, role: Role) -> Result<&Member, Refusal> {
        if role != Role::Facilitator {
            self.keep_a_facilitator(id)?;
        }
        let member = self.present_mut(id)?;
        member.role = role;
        Ok(member)
    }

    /// Corrects somebody's name.
    ///
    /// # Errors
    /// When there is no such person here, or the name is missing or too long.
    pub(super) fn rename(&mut self, id: ParticipantId, new: &str) -> Result<&Member, Refusal> {
        let new = name(new)?;
        let member = self.present_mut(id)?;
        member.name = new;
        Ok(member)
    }

    /// Finds that two people are one: `from` goes, and `into` has what both had.
    ///
    /// # Errors
    /// When they are one already, or one of them is not here.
    pub(super) fn merge(&mut self, from: ParticipantId, into: ParticipantId) -> Result<&Member, Refusal> {
        if from == into {
            return Err(Refusal::new("same_person", "That is one person. Choose two to merge."));
        }
        self.present_mut(into)?;
        let place = self.place(into);
        let is_host = self.host().is_some_and(|host| host.id == from);
        let gone = self.present_mut(from)?;
        gone.removed = true;
        gone.merged = place;
        let (tokens, role) = (std::mem::take(&mut gone.tokens), gone.role);
        let function = gone.function.clone();
        if let (true, Some(place)) = (is_host, place) {
            self.host = place;
        }
        let member = self.present_mut(into)?;
        member.tokens.extend(tokens);
        while member.tokens.len() > TOKENS_PER_PERSON {
            member.tokens.remove(1);
        }
        if standing(role) > standing(member.role) {
            member.role = role;
        }
        if member.function.is_empty() {
            member.function = function;
        }
        Ok(member)
    }

    /// Whether somebody has a token to come in by, or a link that gives them one.
    pub(super) fn comes_in(&self, id: ParticipantId) -> bool {
        self.get(id).is_some_and(|member| !member.tokens.is_empty() || member.doors.has_links())
            || (self.facilitators.is_some() && self.host().is_some_and(|host| host.id == id))
    }

    /// Who comes by the facilitators' link.
    pub(super) fn host(&self) -> Option<&Member> {
        self.members.get(usize::try_from(self.host).ok()?)
    }

    pub(super) fn place(&self, id: ParticipantId) -> Option<u32> {
        self.members.iter().position(|member| member.id == id).and_then(|at| u32::try_from(at).ok())
    }

    /// Only a facilitator who can come in counts: somebody without a device drives nothing.
    pub(super) fn keep_a_facilitator(&self, leaving: ParticipantId) -> Result<(), Refusal> {
        let drives = |member: &&Member| member.role == Role::Facilitator;
        let is_one = self.present().filter(drives).any(|member| member.id == leaving);
        let others =
            self.present().filter(drives).any(|member| member.id != leaving && self.comes_in(member.id));
        if is_one && !others {
            return Err(Refusal::new(
                "last_facilitator",
                "This is the only facilitator who can come in. Make somebody else facilitator first.",
            ));
        }
        Ok(())
    }
}

impl Member {
    fn identity(&self) -> Identity {
        Identity { participant: Some(self.id), role: self.role }
    }
}

/// How much a role may: of two that are one person's, the greater stays.
fn standing(role: Role) -> u8 {
    match role {
        Role::Observer => 0,
        Role::Participant => 1,
        Role::Scribe => 2,
        Role::Decider => 3,
        Role::Facilitator => 4,
    }
}

/// A name as it is shown: without blanks around it, and of one line.
fn name(name: &str) -> Result<String, Refusal> {
    let name = name.trim_matches(is_blank);
    if name.is_empty() || name.chars().count() > limits::NAME || name.chars().any(char::is_control) {
        return Err(Refusal::new("bad_name", "Give a name of 1 to 80 characters."));
    }
    Ok(name.to_owned())
}

/// A function, as long as it stands in the log.
fn function(function: &str) -> Result<(), Refusal> {
    if function.chars().count() > limits::NAME {
        return Err(Refusal::new("bad_function", "The function is too long: 80 characters at most."));
    }
    Ok(())
}

impl Joined {
    /// The same as it may come into a log: a name that nobody can have would stay there, refused or not.
    ///
    /// # Errors
    /// When the name is missing or too long, or the function is too long.
    pub fn fit_to_keep(self) -> Result<Self, Refusal> {
        function(&self.function)?;
        Ok(Self { name: name(&self.name)?, ..self })
    }
}

/// Blanks, listed: the fold must not change its mind when a later release of the standard library brings later
/// Unicode tables.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// A map from people to something, in a fixed order.
pub(super) type ByPerson<T> = BTreeMap<[u8; 16], T>;
