//! Flags: whose they are, when they come onto the board, and what that tells.

use plumbline_shared::{board::Flags, messages::OwnFlag};

use super::*;

/// Time after which a change of a flag has rested.
const REST: u64 = super::super::FLAG_REST;

fn flag(project: ProjectId, reason: Option<&str>) -> Command {
    Command::Flag { project, reason: reason.map(str::to_owned) }
}

impl Fold {
    /// Appends something some time later.
    fn later(&mut self, by: u64, body: Body) -> Outcome {
        let last = self.log.last().unwrap().0;
        let position = Position { at: last.at + by, n: 0 };
        let entry = Entry { origin: origin(), sequence: self.log.len() as u64 + 1, body };
        self.log.push((position, entry.clone()));
        self.session.apply(position, &entry).unwrap()
    }

    fn publish(&mut self, after: u64, seed: u64) -> Done {
        match self.later(after, Body::FlagsPublished { seed }) {
            Outcome::Done(done) => done,
            other => panic!("not published: {other:?}"),
        }
    }

    fn say(&mut self, by: ParticipantId, command: &Command) -> Outcome {
        let message = MessageId(Uuid::from_u128(5_000 + self.log.len() as u128));
        self.later(1, Body::Commanded { by, message, json: serde_json::to_string(command).unwrap() })
    }

    fn flags(&self, project: ProjectId) -> Option<Flags> {
        self.session.board().flags.get(&project).cloned()
    }
}

fn ask(count: u32, reasons: &[&str]) -> Option<Flags> {
    Some(Flags { count, reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect() })
}

#[test]
fn a_flag_is_its_authors_alone_until_it_has_rested() {
    let mut fold = Fold::new();
    let (board, shown) = (fold.session.board(), fold.session.shown());
    let Outcome::Done(done) = fold.say(ADA, &flag(SCHEME, Some(" It is\nsomebody's own "))) else { panic!() };
    assert!(done.update.is_empty());
    assert_eq!(done.effects, [super::super::Effect::Flagged(ADA)]);
    assert_eq!((fold.session.board(), fold.session.shown()), (board, shown), "nobody else learns of it");
    let own = OwnFlag { project: SCHEME, reason: "It is somebody's own".into() };
    assert_eq!(fold.session.own_flags(ADA), [own]);
    assert_eq!(fold.session.own_flags(BEN), []);
    assert_eq!(fold.session.is_flagging(ADA), [SCHEME]);
    assert!(fold.publish(REST - 1, 1).update.is_empty(), "too soon");
    assert!(!fold.publish(1, 1).update.is_empty());
    assert_eq!(fold.flags(SCHEME), ask(1, &["It is somebody's own"]), "with one flagger, like any other");
    assert_eq!(fold.session.shown(), fold.session.position());
    assert!(!fold.session.has_unpublished_flags() && fold.session.is_flagging(ADA).is_empty());
    fold.check();
}

#[test]
fn the_order_of_reasons_says_nothing_of_who_or_when() {
    let order = |first: (ParticipantId, &str), second: (ParticipantId, &str), seed| {
        let mut fold = Fold::new();
        for (by, reason) in [first, second, (FACILITATOR, "C")] {
            fold.say(by, &flag(SCHEME, Some(reason)));
        }
        fold.publish(REST, seed);
        fold.check();
        fold.flags(SCHEME).unwrap().reasons
    };
    let orders: std::collections::BTreeSet<_> =
        (0..64).map(|seed| order((ADA, "A"), (BEN, "B"), seed)).collect();
    assert_eq!(orders.len(), 6, "each order comes up");
    for seed in 0..8 {
        assert_eq!(order((ADA, "A"), (BEN, "B"), seed), order((BEN, "A"), (ADA, "B"), seed));
        assert_eq!(order((ADA, "A"), (BEN, "B"), seed), order((BEN, "B"), (ADA, "A"), seed));
    }
}

#[test]
fn a_flag_taken_back_goes_with_the_next_publication_and_one_that_was_never_shown_is_never_seen() {
    let mut fold = Fold::new();
    fold.say(ADA, &flag(SCHEME, Some("")));
    fold.say(BEN, &flag(SCHEME, Some("Ben's")));
    fold.say(BEN, &flag(SCHEME, None));
    fold.publish(REST, 1);
    assert_eq!(fold.flags(SCHEME), ask(1, &[]), "without a reason it counts");
    fold.say(ADA, &flag(SCHEME, None));
    assert_eq!(fold.session.own_flags(ADA), []);
    assert_eq!(fold.flags(SCHEME), ask(1, &[]));
    fold.publish(REST, 2);
    assert_eq!(fold.flags(SCHEME), None);
    // Taking back what was never raised is no offence, and nothing is left to publish.
    assert!(matches!(fold.say(ADA, &flag(SCHEME, None)), Outcome::Done(_)));
    assert!(!fold.session.has_unpublished_flags());
    fold.check();
}

#[test]
fn going_on_to_another_step_publishes_what_has_rested_and_the_close_what_there_is() {
    let mut fold = Fold::new();
    let next = add_step(&mut fold, 60, "decide");
    fold.say(ADA, &flag(SCHEME, Some("Now")));
    fold.publish(REST - 2, 1);
    fold.say(BEN, &flag(SCHEME, Some("")));
    fold.say(FACILITATOR, &Command::GoTo { seen: seen(), step: next });
    assert_eq!(fold.flags(SCHEME), ask(1, &["Now"]));
    assert!(fold.session.has_unpublished_flags());
    fold.say(FACILITATOR, &Command::Close { seen: Seen { step: next, round: 1 } });
    assert_eq!(fold.flags(SCHEME), ask(2, &["Now"]));
    assert!(matches!(
        fold.say(ADA, &flag(SCHEME, None)),
        Outcome::Refused(refusal) if refusal.code == "closed"
    ));
    fold.check();
}

#[test]
fn going_to_the_step_where_the_session_is_changes_nothing() {
    let mut fold = Fold::new();
    fold.say(FACILITATOR, &Command::Timer { seen: seen(), seconds: 60 });
    fold.say(ADA, &flag(SCHEME, Some("Now")));
    fold.publish(REST - 2, 1);
    let board = fold.session.board();
    let Outcome::Done(done) = fold.say(FACILITATOR, &Command::GoTo { seen: seen(), step: STEP }) else {
        panic!()
    };
    assert_eq!(done, Done::default());
    fold.later(REST, Body::Linked { participant: BEN, token: [9; 32], with: None });
    fold.say(FACILITATOR, &Command::GoTo { seen: seen(), step: STEP });
    assert_eq!(fold.session.board(), board, "the timer runs on, and what has rested waits for its time");
    fold.check();
}

#[test]
fn closing_and_resuming_again_and_again_publishes_only_what_has_rested() {
    let mut fold = Fold::new();
    let next = add_step(&mut fold, 60, "decide");
    let again = |fold: &mut Fold, step| {
        let seen = Seen { step, round: 1 };
        fold.say(FACILITATOR, &Command::Close { seen: seen.clone() });
        fold.say(FACILITATOR, &Command::Resume { seen });
    };
    fold.say(ADA, &flag(SCHEME, Some("A")));
    again(&mut fold, STEP);
    assert_eq!(fold.flags(SCHEME), ask(1, &["A"]), "the first time all");
    fold.say(BEN, &flag(SCHEME, Some("")));
    again(&mut fold, STEP);
    fold.say(FACILITATOR, &Command::GoTo { seen: seen(), step: STEP });
    again(&mut fold, STEP);
    assert_eq!(fold.flags(SCHEME), ask(1, &["A"]));
    fold.say(FACILITATOR, &Command::GoTo { seen: seen(), step: next });
    assert_eq!(fold.flags(SCHEME), ask(1, &["A"]));
    again(&mut fold, next);
    assert_eq!(fold.flags(SCHEME), ask(2, &["A"]), "and once in the next step");
    fold.check();
}

#[test]
fn somebody_who_got_anothers_tokens_is_not_told_their_flags() {
    for (from, into) in [(ADA, FACILITATOR), (FACILITATOR, ADA)] {
        let mut fold = Fold::under(3);
        fold.say(ADA, &flag(SCHEME, Some("Secret")));
        fold.say(FACILITATOR, &Command::Merge { from, into });
        assert_eq!(fold.session.own_flags(into), [], "whichever is merged into the other");
        fold.publish(REST, 1);
        assert_eq!(fold.flags(SCHEME), ask(1, &["Secret"]), "it counts as before");
        assert_eq!(fold.session.own_flags(into), []);
        fold.check();
    }
    let mut fold = Fold::under(3);
    fold.say(ADA, &flag(SCHEME, Some("Secret")));
    let rotated = |by| Body::Rotated {
        whose: Whose::Participant(ADA),
        token: [5; 32],
        by: Some(super::super::entry::By(by)),
        with: None,
    };
    // Somebody who may not leaves everything as it was.
    fold.append(rotated(BEN));
    assert_eq!(fold.session.own_flags(ADA).len(), 1);
    let done = fold.done(rotated(FACILITATOR));
    assert!(done.effects.contains(&super::super::Effect::Flagged(ADA)));
    assert_eq!(fold.session.own_flags(ADA), []);
    fold.publish(REST, 1);
    assert_eq!(fold.flags(SCHEME), ask(1, &["Secret"]));
    fold.check();
}

#[test]
fn flags_are_told_on_after_new_tokens_that_are_ones_own() {
    let mut fold = Fold::under(3);
    fold.say(FACILITATOR, &flag(SCHEME, Some("Mine")));
    let by = Some(super::super::entry::By(FACILITATOR));
    fold.done(Body::Rotated { whose: Whose::Participant(FACILITATOR), token: [5; 32], by, with: None });
    assert_eq!(fold.session.own_flags(FACILITATOR).len(), 1);
    // Somebody who was entered without a device brings no token: nobody else reads by it.
    let message = MessageId(Uuid::from_u128(77));
    let json = serde_json::to_string(&Command::Person { name: "Ada, too".into() }).unwrap();
    fold.done(Body::Commanded { by: FACILITATOR, message, json });
    fold.say(ADA, &flag(SCHEME, Some("Hers")));
    fold.say(FACILITATOR, &Command::Merge { from: ParticipantId(message.0), into: ADA });
    assert_eq!(fold.session.own_flags(ADA)[0].reason, "Hers");
    fold.check();
}

#[test]
fn a_flag_that_is_told_to_nobody_is_replaced_and_taken_back_like_any_other() {
    use super::super::Effect;
    let mut fold = Fold::under(3);
    fold.say(ADA, &flag(SCHEME, Some("Before")));
    fold.publish(REST, 1);
    fold.say(FACILITATOR, &Command::Merge { from: ADA, into: BEN });
    let effects = |fold: &mut Fold, reason| match fold.say(BEN, &flag(SCHEME, reason)) {
        Outcome::Done(done) => done.effects,
        other => panic!("not done: {other:?}"),
    };
    assert_eq!(effects(&mut fold, None), [Effect::Flagging(BEN)], "a message would tell that there was one");
    assert_eq!(fold.session.is_flagging(BEN), [SCHEME]);
    assert_eq!(effects(&mut fold, Some("After")), [Effect::Flagged(BEN)]);
    assert_eq!(fold.session.own_flags(BEN)[0].reason, "After");
    assert_eq!(effects(&mut fold, Some("After")), [], "nothing has changed");
    fold.publish(REST, 1);
    assert_eq!(fold.flags(SCHEME), ask(1, &["After"]));
    fold.check();
}

#[test]
fn what_cannot_be_flagged_is_refused_with_a_reason() {
    let mut fold = Fold::new();
    let refused = |fold: &mut Fold, by, command: &Command| match fold.say(by, command) {
        Outcome::Refused(refusal) => refusal.code,
        other => panic!("not refused: {other:?}"),
    };
    let nothing = ProjectId(Uuid::from_u128(404));
    assert_eq!(refused(&mut fold, ADA, &flag(nothing, Some(""))), "no_such_place");
    let long = "x".repeat(plumbline_shared::limits::REASON + 1);
    assert_eq!(refused(&mut fold, ADA, &flag(SCHEME, Some(&long))), "bad_reason");
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Observer });
    assert_eq!(refused(&mut fold, ADA, &flag(SCHEME, Some(""))), "observer_looks_on");
    let drives = Command::Person { name: "Nora".into() };
    assert_eq!(refused(&mut fold, BEN, &drives), "facilitator_only");
    assert!(!fold.session.has_unpublished_flags());
    fold.check();
}

#[test]
fn the_flags_of_a_project_that_is_taken_away_go_too() {
    let mut fold = Fold::new();
    fold.say(ADA, &flag(SCHEME, Some("Why")));
    fold.publish(REST, 1);
    let client = Client::new(1, &fold.session);
    let gone = client.change(|txn| {
        txn.get_or_insert_map("projects").remove(txn, &SCHEME.to_string());
    });
    let outcome = fold.send(FACILITATOR, &gone);
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!(fold.session.own_flags(ADA), []);
    assert_eq!(fold.flags(SCHEME), None);
    fold.publish(REST, 2);
    assert!(!fold.session.has_unpublished_flags());
    let doc = fold.session.doc.transact();
    assert!(doc.get_map("flags").unwrap().get(&doc, &SCHEME.to_string()).is_none());
    drop(doc);
    fold.check();
}
