//! What the room does with what it has answered, and what is left of it.

use super::*;

#[test]
fn what_the_room_agrees_on_is_placed_in_one_go_and_taken_back_in_one() {
    let mut fold = at(SORT);
    assert_eq!(
        refused(fold.command(FACILITATOR, &Command::PlaceAgreed { seen: fold.now(), undo: false })),
        "not_revealed"
    );
    fold.open();
    for who in [ADA, BEN, CLIO] {
        fold.casts(who, scheme(), core());
        fold.casts(who, Item::project(OTHER), on("off"));
    }
    fold.reveal();
    let done = fold.drive(|seen| Command::PlaceAgreed { seen, undo: false });
    assert!(!done.update.is_empty());
    let board = fold.session.board();
    assert_eq!((board.pile(SCHEME), board.pile(OTHER)), (Pile::Pillar(CORE), Pile::Off));
    // Somebody goes on from it: that stays.
    let ada = Client::new(7, &fold.session);
    fold.send(FACILITATOR, &ada.place(OTHER, &GROWTH.to_string()));
    fold.drive(|seen| Command::PlaceAgreed { seen, undo: true });
    let board = fold.session.board();
    assert_eq!((board.pile(SCHEME), board.pile(OTHER)), (Pile::Unsorted, Pile::Pillar(GROWTH)));
    fold.drive(|seen| Command::PlaceAgreed { seen, undo: true });
    assert_eq!(fold.session.board().pile(OTHER), Pile::Pillar(GROWTH), "there is nothing left to take back");
    fold.check();
}

#[test]
fn what_is_taken_back_stays_where_it_is_if_the_pillar_before_is_gone() {
    let mut fold = at(SORT);
    let page = Client::new(7, &fold.session);
    fold.send(FACILITATOR, &page.place(SCHEME, &GROWTH.to_string()));
    fold.open();
    for who in [ADA, BEN, CLIO] {
        fold.casts(who, scheme(), core());
    }
    fold.reveal();
    fold.drive(|seen| Command::PlaceAgreed { seen, undo: false });
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Pillar(CORE));
    let page = Client::new(8, &fold.session);
    let gone = page.change(|txn| {
        txn.get_or_insert_map("pillars").remove(txn, &GROWTH.to_string());
    });
    assert!(matches!(fold.send(FACILITATOR, &gone), Outcome::Done(_)));
    fold.drive(|seen| Command::PlaceAgreed { seen, undo: true });
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Pillar(CORE));
    fold.check();
}

#[test]
fn what_the_room_agrees_to_move_is_decided_in_one_go_and_taken_back_in_one() {
    let mut fold = at(VERDICT);
    fold.open();
    for who in [ADA, BEN, CLIO] {
        fold.casts(who, scheme(), Answer::Verdict { verdict: Verdict::Move });
        fold.casts(who, Item::project(OTHER), Answer::Verdict { verdict: Verdict::Stop });
    }
    fold.reveal();
    fold.drive(|seen| Command::DecideAgreed { seen, undo: false });
    let board = fold.session.board();
    assert_eq!(board.decisions.len(), 1, "a stop needs more than agreement");
    let decision = &board.decisions[&SCHEME];
    assert_eq!(decision.verdict, Some(Verdict::Move));
    assert_eq!(decision.more.get("status").map(String::as_str), Some("proposed"));
    assert_eq!(decision.more.get("measure_due").map(String::as_str), Some("1970-01-08"));
    fold.drive(|seen| Command::DecideAgreed { seen, undo: true });
    assert!(fold.session.board().decisions.is_empty());
    fold.check();
}

#[test]
fn a_reveal_is_told_in_beats_and_each_round_from_the_first_one_on() {
    let mut fold = at(SORT);
    fold.open();
    let show = |seen| Command::Show { seen, beat: Beat::Splits };
    let early = show(fold.now());
    assert_eq!(refused(fold.command(FACILITATOR, &early)), "not_revealed");
    fold.casts(ADA, scheme(), core());
    fold.reveal();
    assert_eq!(fold.session.board().session.beat, None);
    fold.drive(show);
    assert_eq!(fold.session.board().session.beat, Some(Beat::Splits));
    let theirs = show(fold.now());
    assert_eq!(refused(fold.command(ADA, &theirs)), "facilitator_only");
    // A late one changes nothing.
    fold.drive(|seen| Command::Again { seen });
    assert_eq!(refused(fold.command(FACILITATOR, &theirs)), "stale");
    assert_eq!(fold.session.board().session.beat, None);
    fold.open();
    fold.reveal();
    fold.drive(show);
    fold.go(BOARD);
    assert_eq!(fold.session.board().session.beat, None);
    fold.check();
}

#[test]
fn only_the_card_that_is_discussed_can_be_placed_meanwhile() {
    let mut fold = at(BOARD);
    fold.drive(|seen| Command::Focus { seen, project: Some(OTHER), only: true });
    let ada = Client::new(7, &fold.session);
    let Outcome::Done(done) = fold.send(ADA, &ada.place(SCHEME, "off")) else { panic!() };
    assert_eq!(done.taken_back[0].code, "another_card");
    ada.receive(&done.update);
    assert!(matches!(fold.send(ADA, &ada.place(OTHER, "off")), Outcome::Done(_)));
    fold.drive(|seen| Command::Focus { seen, project: None, only: true });
    assert!(matches!(fold.send(ADA, &ada.place(SCHEME, "off")), Outcome::Done(_)));
    fold.check();
}

#[test]
fn the_close_leaves_the_tallies_and_nothing_of_who_answered_what() {
    let mut fold = at(COMMIT);
    fold.open();
    for (who, scale) in [(ADA, 5), (BEN, 1), (CLIO, 5)] {
        fold.casts(who, Item::session(), Answer::Scale { scale });
    }
    let text = "A name nobody would guess";
    fold.command(BEN, &Command::Dissent { about: Item::session(), text: Some(text.into()) });
    assert_eq!(fold.session.own_ballot(BEN).dissent.len(), 1);
    assert!(fold.session.own_ballot(ADA).dissent.is_empty());
    let sign = Command::Sign { about: Item::session(), stance: Some(Stance::Carry), reason: String::new() };
    assert_eq!(refused(fold.command(BEN, &sign)), "not_revealed", "first in private, then by name");
    fold.reveal();
    assert_eq!(fold.session.board().results[&COMMIT].dissent[0].text, text);
    fold.command(BEN, &sign);
    assert_eq!(fold.session.board().results[&COMMIT].signed[0].participant, BEN);
    // A round that is open at the close is never counted.
    fold.go(SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    let done = fold.drive(|seen| Command::Close { seen });
    assert!(done.effects.contains(&Effect::Closed));
    assert!(fold.session.owes_erasing());
    assert_eq!(fold.state(), StepState::Ready);
    for who in [ADA, BEN, CLIO] {
        let own = fold.session.own_ballot(who);
        assert!(own.answers.is_empty() && own.dissent.is_empty());
    }
    let board = fold.session.board();
    assert!(board.results[&COMMIT].rounds[&1].tally.is_some());
    assert_eq!(board.results[&COMMIT].dissent.len(), 1);
    let seen = fold.now();
    fold.command(FACILITATOR, &Command::Resume { seen });
    fold.open();
    fold.casts(BEN, scheme(), core());
    fold.done(Body::BallotsErased);
    assert!(!fold.session.owes_erasing());
    fold.drive(|seen| Command::Close { seen });
    assert!(fold.session.owes_erasing(), "what was answered since is owed anew");
    fold.check();
}

#[test]
fn whoever_sits_out_on_one_project_finds_the_others_in_their_order() {
    let mut fold = Fold::new();
    let rows = (0..12).map(|n| row(ProjectId(Uuid::from_u128(500 + n)), &format!("Project {n}"), ""));
    fold.done(Body::Imported { by: FACILITATOR, rows: rows.collect(), currency: None, file: None });
    fold.done(Body::AgendaImported { by: FACILITATOR, steps: steps() });
    fold.go(SORT);
    fold.open();
    let before = fold.session.own_ballot(ADA).items;
    let mut others = before.clone();
    let out = others.remove(5).as_project().unwrap();
    fold.command(ADA, &Command::Recuse { project: out, out: true });
    let own = fold.session.own_ballot(ADA);
    assert_eq!((own.items, own.out), (others, vec![out]));
    fold.command(ADA, &Command::Recuse { project: out, out: false });
    assert_eq!(fold.session.own_ballot(ADA).items, before);
}

#[test]
fn half_of_the_cards_each_is_six_answers_at_least_for_every_card() {
    let mut fold = Fold::new();
    let people: Vec<ParticipantId> = (100..111).map(|n| ParticipantId(Uuid::from_u128(n))).collect();
    for (n, who) in people.iter().enumerate() {
        fold.join(*who, &format!("Person {n}"));
    }
    let rows = (0..40).map(|n| Row {
        sponsor: format!("Person {}", n % 5),
        ..row(ProjectId(Uuid::from_u128(500 + n)), &format!("Project {n}"), "")
    });
    fold.done(Body::Imported { by: FACILITATOR, rows: rows.collect(), currency: None, file: None });
    let half = step(SORT, StepKind::Ballot, "placement", &[("half", "yes")]);
    fold.done(Body::AgendaImported {
        by: FACILITATOR,
        steps: vec![step(BOARD, StepKind::Board, "", &[]), half],
    });
    fold.go(SORT);
    fold.open();
    let everybody: Vec<ParticipantId> = people.iter().copied().chain([ADA, BEN]).collect();
    let ballots = fold.session.own_ballots(&everybody);
    for item in fold.round(1).items {
        let have = ballots.values().filter(|own| own.items.contains(&item)).count();
        assert!((6..=7).contains(&have), "{item} is with {have}");
    }
    let most = ballots.values().map(|own| own.items.len()).max().unwrap();
    assert!(most < 30, "{most} of 41");
    let [a, b] = [ADA, BEN].map(|who| fold.session.own_ballot(who).items);
    assert_ne!(a, b, "each in an order of their own");
}

#[test]
fn a_session_that_began_under_older_rules_has_no_ballots() {
    let mut fold = Fold::new();
    fold.session = {
        let mut founded = fold.log[0].clone();
        if let Body::Founded(founded) = &mut founded.1.body {
            founded.rules = 1;
        }
        Session::found(founded.0, &founded.1).unwrap().0
    };
    assert_eq!(refused(fold.command(FACILITATOR, &Command::Open { seen: seen() })), "older_session");
    assert!(matches!(
        fold.append(Body::AgendaImported { by: FACILITATOR, steps: steps() }),
        Outcome::Refused(_)
    ));
}

#[test]
fn the_time_of_a_step_begins_when_it_is_entered_and_what_it_took_too_long_is_known() {
    let mut fold = at(BOARD);
    let board = fold.session.board();
    assert!(board.session.entered.is_some() && board.session.deadline.is_some(), "an agenda came late");
    let entered = board.session.entered.unwrap();
    let message = MessageId(Uuid::from_u128(901));
    let json = serde_json::to_string(&Command::GoTo { seen: fold.now(), step: SORT }).unwrap();
    let body = Body::Commanded { by: FACILITATOR, message, json };
    let entry = Entry { origin: origin(), sequence: fold.log.len() as u64 + 1, body };
    let position = Position { at: entered + 13 * 60_000, n: 0 };
    fold.log.push((position, entry.clone()));
    fold.session.apply(position, &entry).unwrap();
    let session = fold.session.board().session;
    assert_eq!(session.late, 180, "thirteen minutes instead of ten");
    assert_eq!(session.deadline, Some(position.at + 600_000));
    fold.check();
}
