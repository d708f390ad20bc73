//! Whatever a facilitator does: no token that they have seen tells what was answered by one that they have not.

use std::collections::BTreeSet;

use super::{
    super::super::entry::By,
    doors::{entered, linked, renewed, text},
    *,
};

type Token = [u8; 32];

/// A link that nobody has used, as far as the plan knows.
#[derive(Clone, Copy)]
struct Offer {
    link: Token,
    /// Whether others may come by it: somebody's own link is for themselves.
    for_others: bool,
    seen: bool,
}

/// A session, a facilitator who tries everything, and others who do what honest people do.
struct Plan {
    fold: Fold,
    chance: u64,
    /// Tokens that the facilitator has seen, dead or alive.
    seen: BTreeSet<Token>,
    /// Tokens that others have, and the facilitator has not seen.
    unseen: BTreeSet<Token>,
    offers: Vec<Offer>,
    said: u32,
    /// How often something that was said by others was asked for in vain, so that the test is known to look.
    looked: usize,
}

impl Plan {
    fn new(seed: u64) -> Self {
        let mut fold = at(TEXT);
        fold.open();
        Self {
            fold,
            chance: seed,
            seen: BTreeSet::from([[1; 32], [2; 32]]),
            unseen: BTreeSet::from([[11; 32], [12; 32], [13; 32]]),
            offers: Vec::new(),
            said: 0,
            looked: 0,
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 33) as usize % end.max(1)
    }

    fn token(&mut self) -> Token {
        let mut token = [0; 32];
        for half in token.chunks_mut(4) {
            half.copy_from_slice(&u32::try_from(self.below(1 << 31)).unwrap().to_be_bytes());
        }
        token
    }

    fn who(&self, token: Token) -> Option<(ParticipantId, Role)> {
        let found = self.fold.session.people().identify(&token)?;
        Some((found.participant?, found.role))
    }

    /// One of the tokens, alive or dead.
    fn any_token(&mut self) -> Token {
        let all: Vec<Token> = self.seen.iter().chain(&self.unseen).copied().collect();
        all[self.below(all.len())]
    }

    fn somebody(&mut self) -> ParticipantId {
        let people: Vec<ParticipantId> =
            self.fold.session.people().present().map(|member| member.id).collect();
        people[self.below(people.len())]
    }

    /// A facilitator's seat that the one who tries everything can act from, and the token that opens it.
    fn driver(&mut self) -> Option<(ParticipantId, Token)> {
        let drive = |token: &Token| self.who(*token).filter(|(_, role)| *role == Role::Facilitator);
        let seats: Vec<_> = self.seen.iter().filter_map(|token| Some((drive(token)?.0, *token))).collect();
        if seats.is_empty() { None } else { Some(seats[self.below(seats.len())]) }
    }

    fn keep(&mut self, token: Token, seen: bool) {
        if seen {
            self.seen.insert(token)
        } else {
            self.unseen.insert(token)
        };
    }

    fn step(&mut self) {
        match self.below(15) {
            0 => self.join(),
            1 | 2 => self.renew(),
            3 => self.invite(),
            4..=6 => self.use_link(),
            7 => self.link(),
            8 => self.merge(),
            9 => self.drive(),
            10 => self.renew_own(),
            11 => {
                let token = self.any_token();
                if self.below(4) == 0 {
                    self.fold.append(Body::Left { token });
                }
            }
            _ => self.say(),
        }
        self.look();
    }

    fn join(&mut self) {
        let seen = self.below(2) == 0;
        let token = self.token();
        let participant =
            ParticipantId(Uuid::from_u128(u128::from_be_bytes(token[..16].try_into().unwrap())));
        let name = format!("Somebody {}", self.said);
        let body =
            Joined { participant, name, function: String::new(), role: Role::Participant, token, by: None };
        self.fold.append(Body::Joined(body));
        self.keep(token, seen);
    }

    fn renew(&mut self) {
        let Some((by, with)) = self.driver() else { return };
        let (whose, link) = (self.somebody(), self.token());
        self.fold.append(renewed(Whose::Participant(whose), link, by, with));
        if whose == by {
            self.keep(link, true);
        } else {
            self.offers.push(Offer { link, for_others: true, seen: true });
        }
    }

    fn invite(&mut self) {
        let Some((by, _)) = self.driver() else { return };
        let link = self.token();
        let participant = ParticipantId(Uuid::from_u128(u128::from_be_bytes(link[..16].try_into().unwrap())));
        let role = [Role::Participant, Role::Facilitator][self.below(2)];
        let joined = Joined {
            participant,
            name: "Asked in".into(),
            function: String::new(),
            role,
            token: link,
            by: Some(By(by)),
        };
        self.fold.append(Body::Joined(joined));
        self.offers.push(Offer { link, for_others: true, seen: true });
    }

    fn use_link(&mut self) {
        if self.offers.is_empty() {
            return;
        }
        let at = self.below(self.offers.len());
        let offer = self.offers[at];
        // Links are tried again, too.
        if self.below(3) > 0 {
            self.offers.remove(at);
        }
        let by_facilitator = offer.seen && (!offer.for_others || self.below(2) == 0);
        let token = self.token();
        self.fold.append(entered(offer.link, token));
        self.keep(token, by_facilitator);
    }

    /// Somebody's own link, by a token that may be dead by now.
    fn link(&mut self) {
        let with = self.any_token();
        let participant = match self.who(with) {
            Some((who, _)) => who,
            None => self.somebody(),
        };
        let link = self.token();
        self.fold.append(linked(participant, link, with));
        self.offers.push(Offer { link, for_others: false, seen: self.seen.contains(&with) });
    }

    fn merge(&mut self) {
        let Some((by, _)) = self.driver() else { return };
        let (from, into) = (self.somebody(), self.somebody());
        self.fold.command(by, &Command::Merge { from, into });
    }

    fn drive(&mut self) {
        let Some((by, _)) = self.driver() else { return };
        let participant = self.somebody();
        let seen = self.fold.now();
        let command = match self.below(11) {
            8 => Command::GoTo { seen, step: COMMIT },
            9 => Command::GoTo { seen, step: TEXT },
            0 => Command::Remove { participant },
            1 | 2 => Command::Name { participant, role: Role::Facilitator },
            3 => Command::Name { participant, role: Role::Participant },
            4 => Command::Person { name: "No device".into() },
            5 => Command::Again { seen },
            6 => Command::Seal { seen },
            7 => Command::Rename { participant, name: "Another".into() },
            _ => Command::Open { seen },
        };
        self.fold.command(by, &command);
    }

    /// A facilitator's own tokens, or the facilitators' link, by any token.
    fn renew_own(&mut self) {
        let with = self.any_token();
        let Some((by, _)) = self.who(with) else { return };
        let token = self.token();
        let whose = if self.below(2) == 0 { Whose::Facilitator } else { Whose::Participant(by) };
        if matches!(self.fold.append(renewed(whose, token, by, with)), Outcome::Done(_)) {
            let seen = self.seen.contains(&with);
            self.keep(token, seen);
        }
    }

    /// Somebody says something in private, by any token that opens a seat: whose it is stands in it.
    fn say(&mut self) {
        let token = self.any_token();
        let Some((who, _)) = self.who(token) else { return };
        self.said += 1;
        let mark = if self.seen.contains(&token) { "seen" } else { "others" };
        let words = format!("{mark} {}", self.said);
        let Seen { step, round } = self.fold.now();
        let item = Item::session();
        let project = [SCHEME, OTHER][self.below(2)];
        let command = match self.below(6) {
            0 | 1 => Command::Cast { step, round, item, value: Some(text(&words)) },
            2 => Command::Flag { project, reason: Some(words) },
            3 => Command::Flag { project, reason: None },
            4 => Command::Dissent { about: item, text: Some(words) },
            _ => Command::Done { step, round, done: true },
        };
        self.fold.command(who, &command);
    }

    /// All that the facilitator can be told by any token that they have seen.
    fn look(&mut self) {
        for token in &self.seen {
            let Some((who, _)) = self.who(*token) else { continue };
            let own = self.fold.session.own_ballot(who);
            let answers = own.answers.iter().map(|own| match &own.value {
                Answer::Text { text } => text.clone(),
                other => panic!("{other:?}"),
            });
            let dissent = own.dissent.iter().map(|said| said.text.clone());
            let flags = self.fold.session.own_flags(who).into_iter().map(|flag| flag.reason);
            for words in answers.chain(dissent).chain(flags) {
                assert!(
                    words.starts_with("seen"),
                    "«{words}» is told to a token that the facilitator has seen"
                );
                self.looked += 1;
            }
        }
    }
}

#[test]
fn nothing_that_a_facilitator_does_tells_them_what_others_have_answered() {
    let mut looked = 0;
    for seed in 0..250 {
        let mut plan = Plan::new(seed * 7_919 + 1);
        for _ in 0..60 {
            plan.step();
        }
        looked += plan.looked;
        if seed % 100 == 0 {
            plan.fold.check();
        }
    }
    assert!(looked > 500, "the facilitator is told their own: {looked}");
}
