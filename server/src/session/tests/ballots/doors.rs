//! Links that are good for one use, tokens that nobody else has, and what is told to whom after them.

use super::{
    super::super::entry::{By, Shown},
    *,
};

const PHONE: [u8; 32] = [70; 32];
const LINK: [u8; 32] = [71; 32];

pub(super) fn linked(participant: ParticipantId, link: [u8; 32], with: [u8; 32]) -> Body {
    Body::Linked { participant, token: link, with: Some(Shown(with)) }
}

pub(super) fn renewed(whose: Whose, token: [u8; 32], by: ParticipantId, with: [u8; 32]) -> Body {
    Body::Rotated { whose, token, by: Some(By(by)), with: Some(Shown(with)) }
}

pub(super) fn entered(link: [u8; 32], token: [u8; 32]) -> Body {
    Body::Entered { link, token }
}

pub(super) fn text(words: &str) -> Answer {
    Answer::Text { text: words.to_owned() }
}

impl Fold {
    fn opens(&self, token: [u8; 32]) -> Option<ParticipantId> {
        self.session.people().identify(&token).and_then(|found| found.participant)
    }

    fn why(&self, token: [u8; 32]) -> &'static str {
        self.session.people().why_dead(&token).map_or("", |refusal| refusal.code)
    }

    fn texts(&self, who: ParticipantId) -> Vec<Answer> {
        self.session.own_ballot(who).answers.into_iter().map(|own| own.value).collect()
    }
}

#[test]
fn a_personal_link_is_good_once_and_carries_the_same_person_to_another_device() {
    let mut fold = at(TEXT);
    fold.open();
    fold.casts(ADA, Item::session(), text("Hers"));
    fold.done(linked(ADA, LINK, [11; 32]));
    assert_eq!(fold.opens(LINK), None, "a link opens nothing by itself");
    let invitation = fold.session.people().invitation(&LINK).unwrap();
    assert_eq!((invitation.participant, invitation.by), (ADA, None));
    let done = fold.done(entered(LINK, PHONE));
    assert_eq!(done.effects, [Effect::Entered(ADA)]);
    assert_eq!((fold.opens(PHONE), fold.opens([11; 32])), (Some(ADA), Some(ADA)));
    assert_eq!(fold.texts(ADA), [text("Hers")], "it is the same person");
    assert_eq!(refused(fold.append(entered(LINK, [72; 32]))), "used");
    assert_eq!(fold.opens([72; 32]), None);
    assert!(fold.session.board().roster[&ADA].let_in_by.is_empty(), "nobody else made it");
    fold.check();
}

#[test]
fn a_link_that_a_facilitator_makes_for_somebody_kills_what_they_had_and_shows_who_came_in_by_it() {
    let mut fold = at(TEXT);
    fold.open();
    fold.casts(ADA, Item::session(), text("Before"));
    fold.done(linked(ADA, [73; 32], [11; 32]));
    fold.done(renewed(Whose::Participant(ADA), LINK, FACILITATOR, [1; 32]));
    assert_eq!((fold.opens([11; 32]), fold.opens(LINK)), (None, None));
    assert_eq!((fold.why([11; 32]), fold.why([73; 32])), ("renewed", "renewed"));
    assert_eq!(refused(fold.append(entered([73; 32], PHONE))), "renewed", "her own link died with it");
    assert!(fold.session.board().roster[&ADA].let_in_by.is_empty(), "nobody has come in yet");
    let done = fold.done(entered(LINK, PHONE));
    assert!(!done.update.is_empty(), "everybody sees it");
    assert_eq!(fold.session.board().roster[&ADA].let_in_by, "Facilitator");
    assert_eq!(fold.texts(ADA), [], "what was answered before is told to nobody");
    fold.casts(ADA, Item::session(), text("After"));
    assert_eq!(fold.texts(ADA), [text("After")]);
    // Whoever sits here now hands the seat on to nobody, so that nobody else reads what they answer.
    assert_eq!(refused(fold.append(linked(ADA, [74; 32], PHONE))), "one_device");
    fold.check();
}

#[test]
fn what_was_asked_for_by_a_token_that_died_meanwhile_opens_nothing() {
    let mut fold = at(TEXT);
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    fold.done(renewed(Whose::Participant(ADA), LINK, FACILITATOR, [1; 32]));
    fold.done(entered(LINK, PHONE));
    // On its way when the old token died.
    for late in [
        linked(ADA, [75; 32], [11; 32]),
        renewed(Whose::Participant(ADA), [75; 32], ADA, [11; 32]),
        renewed(Whose::Facilitator, [75; 32], ADA, [11; 32]),
        Body::Linked { participant: ADA, token: [75; 32], with: None },
    ] {
        assert_eq!(refused(fold.append(late)), "not_admitted");
    }
    assert_eq!((fold.opens([75; 32]), fold.opens(PHONE)), (None, Some(ADA)));
    fold.check();
}

#[test]
fn a_new_link_for_whoever_has_the_facilitators_link_ends_that_too() {
    let mut fold = at(TEXT);
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    fold.done(renewed(Whose::Facilitator, [76; 32], ADA, [11; 32]));
    assert_eq!(fold.opens([76; 32]), Some(ADA));
    // Ben is made facilitator and makes a link in Ada's name: nothing else opens her seat from then on.
    fold.command(ADA, &Command::Name { participant: BEN, role: Role::Facilitator });
    fold.done(renewed(Whose::Participant(ADA), LINK, BEN, [12; 32]));
    assert_eq!((fold.opens([76; 32]), fold.opens([11; 32])), (None, None));
    fold.done(entered(LINK, PHONE));
    assert_eq!(fold.opens(PHONE), Some(ADA));
    fold.check();
}

#[test]
fn merging_hands_no_token_over_and_tells_nothing_of_the_one_to_the_other() {
    let mut fold = at(COMMIT);
    fold.command(ADA, &Command::Dissent { about: Item::session(), text: Some("Ada disagrees".into()) });
    fold.go(TEXT);
    fold.open();
    fold.casts(ADA, Item::session(), text("Ada's"));
    fold.casts(BEN, Item::session(), text("Ben's"));
    fold.command(ADA, &Command::Flag { project: SCHEME, reason: Some("Ada asks".into()) });
    fold.command(ADA, &Command::Recuse { project: OTHER, out: true });
    let Outcome::Done(done) = fold.command(FACILITATOR, &Command::Merge { from: ADA, into: BEN }) else {
        panic!()
    };
    assert!(done.effects.contains(&Effect::Merged(ADA)));
    assert_eq!((fold.opens([11; 32]), fold.opens([12; 32])), (None, Some(BEN)));
    assert_eq!(fold.why([11; 32]), "merged");
    let own = fold.session.own_ballot(BEN);
    assert_eq!(fold.texts(BEN), [text("Ben's")], "what is his stays his");
    assert!(own.dissent.is_empty() && own.out.is_empty());
    assert_eq!(fold.session.own_flags(BEN), []);
    // Nor does he find out by taking back what might be there: it counts on.
    fold.command(BEN, &Command::Flag { project: SCHEME, reason: None });
    fold.go(COMMIT);
    fold.command(BEN, &Command::Dissent { about: Item::session(), text: None });
    fold.drive(|seen| Command::Close { seen });
    let board = fold.session.board();
    assert_eq!(board.flags[&SCHEME].reasons, ["Ada asks"]);
    let dissent: Vec<_> = board.results.values().flat_map(|results| &results.dissent).collect();
    assert_eq!(dissent.len(), 1);
    assert_eq!(dissent[0].text, "Ada disagrees");
    fold.check();
}

#[test]
fn the_facilitators_link_is_never_merged_away_and_somebody_who_can_come_in_goes_on_driving() {
    let mut fold = at(BOARD);
    let merge = |from, into| Command::Merge { from, into };
    assert_eq!(refused(fold.command(FACILITATOR, &merge(FACILITATOR, ADA))), "facilitators_link");
    assert_eq!(refused(fold.command(FACILITATOR, &merge(ADA, ADA))), "same_person");
    assert_eq!(fold.opens([11; 32]), Some(ADA), "a refused merge has ended nothing");
    // Ada drives alone; Nora has no device, so the two cannot be merged into her.
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    fold.done(renewed(Whose::Facilitator, [76; 32], ADA, [11; 32]));
    let Outcome::Done(_) = fold.command(ADA, &Command::Person { name: "Nora".into() }) else { panic!() };
    let nora = *fold.session.board().roster.iter().find(|(_, person)| person.name == "Nora").unwrap().0;
    assert_eq!(refused(fold.command(ADA, &merge(ADA, nora))), "facilitators_link");
    assert!(matches!(fold.command(ADA, &merge(FACILITATOR, nora)), Outcome::Done(_)));
    assert_eq!(fold.opens([1; 32]), None);
    fold.check();
}

#[test]
fn a_device_that_leaves_is_out_and_the_last_one_who_drives_does_not_leave() {
    let mut fold = at(BOARD);
    fold.done(linked(ADA, LINK, [11; 32]));
    fold.done(entered(LINK, PHONE));
    assert_eq!(fold.done(Body::Left { token: PHONE }).effects, [Effect::Left]);
    assert_eq!((fold.opens(PHONE), fold.opens([11; 32])), (None, Some(ADA)));
    assert_eq!(fold.why(PHONE), "left");
    fold.done(Body::Left { token: PHONE });
    fold.done(Body::Left { token: [1; 32] });
    assert_eq!(fold.opens([1; 32]), Some(FACILITATOR), "a link that several hold stays");
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    fold.done(renewed(Whose::Facilitator, [76; 32], ADA, [11; 32]));
    fold.command(ADA, &Command::Name { participant: BEN, role: Role::Facilitator });
    fold.done(renewed(Whose::Facilitator, [77; 32], BEN, [12; 32]));
    fold.command(BEN, &Command::Name { participant: ADA, role: Role::Participant });
    fold.done(renewed(Whose::Participant(BEN), [78; 32], BEN, [12; 32]));
    fold.done(Body::Left { token: [78; 32] });
    assert_eq!(fold.opens([77; 32]), Some(BEN), "he comes by the facilitators' link");
    fold.check();
}

#[test]
fn a_token_says_when_it_was_used_last() {
    let mut fold = at(BOARD);
    let joined = fold.session.people().last_seen(&[11; 32]).unwrap();
    fold.done(Body::Used { tokens: vec![Shown([11; 32])] });
    assert!(fold.session.people().last_seen(&[11; 32]).unwrap() > joined);
    assert_eq!(fold.session.people().last_seen(&[99; 32]), None);
    assert_eq!(at_under(3, BOARD).session.people().last_seen(&[11; 32]), None, "older logs do not say");
    fold.check();
}

#[test]
fn how_many_dots_were_laid_before_cannot_be_worked_out_from_a_refusal() {
    let mut fold = at(DOTS);
    fold.open();
    fold.casts(ADA, scheme(), Answer::Dots { dots: 3 });
    fold.casts(ADA, Item::project(OTHER), Answer::Dots { dots: 1 });
    fold.done(renewed(Whose::Participant(ADA), LINK, FACILITATOR, [1; 32]));
    fold.done(entered(LINK, PHONE));
    // Whoever sits here now has all five, and those from before are gone with the first.
    fold.casts(ADA, scheme(), Answer::Dots { dots: 3 });
    fold.casts(ADA, Item::project(OTHER), Answer::Dots { dots: 2 });
    let third = Answer::Dots { dots: 3 };
    assert_eq!(refused(fold.cast(ADA, Item::project(OTHER), Some(third))), "over_budget");
    fold.reveal();
    assert_eq!(fold.tally(&scheme()).answered, 1);
    fold.check();
}

#[test]
fn who_sits_out_is_not_told_to_whoever_comes_in_by_another_link() {
    let mut fold = at(SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    fold.command(ADA, &Command::Recuse { project: SCHEME, out: true });
    assert_eq!(fold.session.own_ballot(ADA).out, [SCHEME]);
    fold.done(renewed(Whose::Participant(ADA), LINK, FACILITATOR, [1; 32]));
    let own = fold.session.own_ballot(ADA);
    assert!(own.out.is_empty() && !own.done && own.items.len() == 2);
    assert!(matches!(fold.cast(ADA, scheme(), Some(core())), Outcome::Done(_)), "and no refusal says so");
    fold.check();
}

#[test]
fn at_the_close_nobodys_name_stands_with_a_flag_any_more_and_it_counts_on() {
    let mut fold = at(BOARD);
    let ask = |fold: &mut Fold, who, reason: &str| {
        fold.command(who, &Command::Flag { project: SCHEME, reason: Some(reason.into()) })
    };
    ask(&mut fold, ADA, "Whose?");
    ask(&mut fold, BEN, "");
    assert!(!fold.session.owes_erasing());
    fold.drive(|seen| Command::Close { seen });
    assert!(fold.session.owes_erasing(), "the log has to begin anew, though there was no ballot");
    assert_eq!((fold.session.own_flags(ADA), fold.session.own_flags(BEN)), (vec![], vec![]));
    let flags = fold.session.board().flags[&SCHEME].clone();
    assert_eq!((flags.count, flags.reasons), (2, vec!["Whose?".to_owned()]));
    assert!(!holds(&fold.session.snapshot(), ADA, "Whose?"), "nor in the state's bytes");
    fold.done(Body::BallotsErased);
    let seen = fold.now();
    fold.command(FACILITATOR, &Command::Resume { seen });
    ask(&mut fold, CLIO, "Mine");
    fold.drive(|seen| Command::Close { seen });
    // What has not rested keeps its author until it is published, and no longer.
    assert_eq!(fold.session.own_flags(CLIO).len(), 1);
    fold.done(Body::BallotsErased);
    let last = fold.log.last().unwrap().0;
    let position = Position { at: last.at + 20_000, n: 0 };
    let sequence = fold.log.len() as u64 + 1;
    let entry = Entry { origin: origin(), sequence, body: Body::FlagsPublished { seed: 1 } };
    fold.log.push((position, entry.clone()));
    fold.session.apply(position, &entry).unwrap();
    assert_eq!(fold.session.own_flags(CLIO), []);
    assert!(fold.session.owes_erasing(), "and is erased then");
    assert_eq!(fold.session.board().flags[&SCHEME].count, 3);
    // They go along when two projects are one.
    let seen = fold.now();
    fold.command(FACILITATOR, &Command::Resume { seen });
    fold.command(FACILITATOR, &Command::MergeProjects { from: SCHEME, into: OTHER });
    assert_eq!(fold.session.board().flags[&OTHER].count, 3);
    fold.check();
}

/// Whether somebody's id stands close before some words.
fn holds(bytes: &[u8], who: ParticipantId, words: &str) -> bool {
    let find = |what: &[u8]| -> Vec<usize> {
        bytes.windows(what.len()).enumerate().filter(|(_, at)| *at == what).map(|(at, _)| at).collect()
    };
    let ids = find(who.0.as_bytes());
    find(words.as_bytes())
        .iter()
        .any(|at| ids.iter().any(|id| at.checked_sub(*id).is_some_and(|gap| gap < 24)))
}

#[test]
fn a_private_message_that_was_refused_is_owed_like_any_other() {
    let mut fold = at(BOARD);
    let dissent = Command::Dissent { about: Item::session(), text: Some("Late".into()) };
    fold.drive(|seen| Command::Close { seen });
    assert!(!fold.session.owes_erasing());
    assert_eq!(refused(fold.command(ADA, &dissent)), "closed");
    assert!(fold.session.owes_erasing());
    fold.check();
}

#[test]
fn whoever_is_taken_out_leaves_their_place_to_others() {
    use plumbline_shared::limits::PARTICIPANTS;
    let join = |fold: &mut Fold, n: usize| {
        let joined = Joined {
            participant: ParticipantId(Uuid::from_u128(10_000 + n as u128)),
            name: format!("Person {n}"),
            function: String::new(),
            role: Role::Participant,
            token: [200; 32],
            by: None,
        };
        fold.append(Body::Joined(joined))
    };
    for (rules, frees) in [(3, false), (VERSION, true)] {
        let mut fold = Fold::under(rules);
        let mut n = 0;
        while !fold.session.people().is_full() {
            join(&mut fold, n);
            n += 1;
        }
        assert_eq!(n, PARTICIPANTS - 3, "two and the facilitator are here");
        assert_eq!(refused(join(&mut fold, n)), "session_full");
        fold.command(FACILITATOR, &Command::Remove { participant: ADA });
        assert_eq!(matches!(join(&mut fold, n), Outcome::Done(_)), frees, "under rules {rules}");
        assert!(fold.session.people().is_full());
    }
}
