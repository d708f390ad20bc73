//! The fold of what the log says of requests.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::ids::{ProjectId, SessionId};

use super::{Door, Says, Wanted};
use crate::{session::codec, tokens::TokenHash};

/// A request for new work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    /// Its number, from 1; never given twice.
    #[n(0)]
    pub number: u64,
    /// The hash of the token that opens its status. By it, too, a request that is sent twice is one.
    #[n(1)]
    pub token: TokenHash,
    /// What is asked for.
    #[n(2)]
    pub wanted: Wanted,
    /// When, in milliseconds since 1970.
    #[n(3)]
    pub asked_at: u64,
    /// On which boards it stands, or stood; the last one last.
    #[n(4)]
    pub taken: Vec<Taken>,
    /// What was said of it without a session.
    #[n(5)]
    pub answer: Option<Answer>,
}

/// A request on a session's board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Taken {
    /// Of which session.
    #[cbor(n(0), with = "codec::id")]
    pub session: SessionId,
    /// As which project.
    #[cbor(n(1), with = "codec::id")]
    pub project: ProjectId,
    /// When it was taken, in milliseconds since 1970.
    #[n(2)]
    pub at: u64,
    /// Whether that session was closed since.
    #[cbor(n(3), default)]
    pub closed: bool,
}

/// What was said of a request without a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// The request that it is the same as; none: it was declined.
    #[n(0)]
    pub duplicate_of: Option<u64>,
    /// Who says so.
    #[n(1)]
    pub by: String,
    /// Why.
    #[n(2)]
    pub reason: String,
    /// When, in milliseconds since 1970.
    #[n(3)]
    pub at: u64,
}

impl Request {
    /// What the organisation calls it by, on the boards that it comes to and in the decision log.
    #[must_use]
    pub fn reference(&self) -> String {
        reference(self.number)
    }
}

/// What a request is called by.
#[must_use]
pub fn reference(number: u64) -> String {
    format!("R-{number}")
}

/// All requests, and the way in.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(in crate::workspace) struct Intake {
    #[n(0)]
    pub(in crate::workspace) door: Option<Door>,
    /// The last number that was given.
    #[n(1)]
    last: u64,
    #[n(2)]
    requests: BTreeMap<u64, Request>,
    /// Who has asked: by the token of the status link. Made of the requests.
    #[cbor(skip)]
    tokens: BTreeMap<TokenHash, u64>,
}

impl Intake {
    /// What came out of a snapshot, with what is made of the rest.
    pub(in crate::workspace) fn restored(mut self) -> Self {
        self.tokens = self.requests.values().map(|request| (request.token, request.number)).collect();
        self
    }

    pub(in crate::workspace) fn set(&mut self, door: &Door) {
        self.door = Some(door.clone());
    }

    pub(in crate::workspace) fn ask(&mut self, token: TokenHash, wanted: &Wanted, at: u64) {
        // What comes a second time is the same request.
        if self.tokens.contains_key(&token) {
            return;
        }
        self.last += 1;
        let number = self.last;
        let (wanted, taken) = (wanted.clone(), Vec::new());
        self.requests.insert(number, Request { number, token, wanted, asked_at: at, taken, answer: None });
        self.tokens.insert(token, number);
    }

    pub(in crate::workspace) fn say(&mut self, number: u64, says: &Says, at: u64) {
        let Some(request) = self.requests.get_mut(&number) else { return };
        match says {
            Says::Taken { session, project } => {
                let taken = Taken { session: *session, project: *project, at, closed: false };
                match request.taken.iter_mut().find(|taken| taken.session == *session) {
                    Some(there) => (there.project, there.closed) = (*project, false),
                    None => request.taken.push(taken),
                }
                request.answer = None;
            }
            Says::Declined { by, reason } => {
                let (by, reason) = (by.clone(), reason.clone());
                request.answer = Some(Answer { duplicate_of: None, by, reason, at });
            }
            Says::Duplicate { of, by, reason } => {
                let (by, reason) = (by.clone(), reason.clone());
                request.answer = Some(Answer { duplicate_of: Some(*of), by, reason, at });
            }
            Says::Waits => request.answer = None,
            Says::Closed { session } => {
                for taken in request.taken.iter_mut().filter(|taken| taken.session == *session) {
                    taken.closed = true;
                }
            }
        }
    }

    pub(in crate::workspace) fn erase(&mut self, number: u64) {
        if let Some(request) = self.requests.remove(&number) {
            self.tokens.remove(&request.token);
        }
    }

    pub(in crate::workspace) fn get(&self, number: u64) -> Option<&Request> {
        self.requests.get(&number)
    }

    pub(in crate::workspace) fn by_token(&self, token: &TokenHash) -> Option<&Request> {
        self.requests.get(self.tokens.get(token)?)
    }

    /// The newest first, from the one before `before`.
    pub(in crate::workspace) fn list(&self, before: Option<u64>) -> impl Iterator<Item = &Request> {
        self.requests.range(..before.unwrap_or(u64::MAX)).rev().map(|(_, request)| request)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn wanted(name: &str) -> Wanted {
        Wanted { name: name.to_owned(), ..Wanted::default() }
    }

    #[test]
    fn what_is_sent_twice_is_one_request_and_no_number_is_given_again() {
        let mut intake = Intake::default();
        let token = |n| TokenHash([n; 32]);
        intake.ask(token(1), &wanted("Depot"), 5);
        intake.ask(token(1), &wanted("Depot, and more"), 6);
        intake.ask(token(2), &wanted("Meters"), 7);
        assert_eq!(intake.list(None).map(|request| request.number).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(intake.by_token(&token(1)).map(|request| request.wanted.name.as_str()), Some("Depot"));
        intake.erase(2);
        assert_eq!(intake.by_token(&token(2)), None);
        intake.ask(token(3), &wanted("Signals"), 8);
        assert_eq!(intake.by_token(&token(3)).map(Request::reference).as_deref(), Some("R-3"));
    }

    #[test]
    fn taken_is_taken_until_somebody_says_otherwise() {
        let mut intake = Intake::default();
        intake.ask(TokenHash([1; 32]), &wanted("Depot"), 5);
        let declined = Says::Declined { by: "Ana".to_owned(), reason: "No money.".to_owned() };
        intake.say(1, &declined, 6);
        assert!(intake.get(1).is_some_and(|request| request.answer.is_some()));
        let (session, project) = (SessionId(Uuid::from_u128(4)), ProjectId(Uuid::from_u128(5)));
        intake.say(1, &Says::Taken { session, project }, 7);
        intake.say(1, &Says::Taken { session, project }, 8);
        let request = intake.get(1).expect("it was asked for");
        assert_eq!((request.answer.as_ref(), request.taken.len(), request.taken[0].at), (None, 1, 7));
        // Of what is not there nothing is said.
        intake.say(9, &Says::Waits, 9);
        assert_eq!(intake.list(None).count(), 1);
    }
}
