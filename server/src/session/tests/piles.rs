//! Cards that are placed on a pillar while somebody takes it away.

use super::*;

fn take_away(client: &Client, pillar: PillarId) -> Vec<u8> {
    client.change(|txn| {
        txn.get_or_insert_map("pillars").remove(txn, &pillar.to_string());
    })
}

#[test]
fn a_card_that_lands_on_a_pillar_that_is_gone_is_back_where_it_was() {
    let mut fold = Fold::new();
    let (ada, facilitator) = (Client::new(1, &fold.session), Client::new(2, &fold.session));
    let Outcome::Done(off) = fold.send(ADA, &ada.place(SCHEME, "off")) else { panic!() };
    facilitator.receive(&off.update);
    // Both at once: neither has seen what the other does.
    let late = ada.place(SCHEME, &CORE.to_string());
    let Outcome::Done(gone) = fold.send(FACILITATOR, &take_away(&facilitator, CORE)) else { panic!() };
    let Outcome::Done(done) = fold.send(ADA, &late) else { panic!() };
    assert_eq!(done.taken_back[0].code, "pillar_gone");
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Off);
    ada.receive(&gone.update);
    ada.receive(&done.update);
    assert_eq!(ada.board(), fold.session.board());
    // She goes on from there, and so does whoever has never been told of the pillar's end.
    assert!(
        matches!(fold.send(ADA, &ada.place(SCHEME, "off")), Outcome::Done(done) if done.taken_back.is_empty())
    );
    fold.check();
}

#[test]
fn a_pillar_that_is_made_and_used_in_one_change_takes_cards() {
    let mut fold = Fold::new();
    let facilitator = Client::new(1, &fold.session);
    let id = Uuid::from_u128(77).to_string();
    let update = facilitator.change(|txn| {
        let entry = txn.get_or_insert_map("pillars").insert(txn, id.as_str(), MapPrelim::default());
        entry.insert(txn, "name", "Made just now");
        let order = plumbline_shared::order::between(None, None);
        let place: Vec<Any> = vec![id.as_str().into(), order.as_str().into()];
        txn.get_or_insert_map("placements").insert(txn, SCHEME.to_string(), place);
    });
    let Outcome::Done(done) = fold.send(FACILITATOR, &update) else { panic!() };
    assert!(done.taken_back.is_empty(), "{:?}", done.taken_back);
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Pillar(PillarId(Uuid::from_u128(77))));
    fold.check();
}

/// What a page was waiting to send goes in one frame when it is back, in which the card comes before the pillar.
#[test]
fn a_card_that_was_moved_before_its_pillar_was_made_lands_there_all_the_same() {
    let mut fold = Fold::new();
    let facilitator = Client::new(1, &fold.session);
    let known = facilitator.doc.transact().state_vector();
    let id = Uuid::from_u128(77).to_string();
    facilitator.place(SCHEME, &CORE.to_string());
    facilitator.change(|txn| {
        let entry = txn.get_or_insert_map("pillars").insert(txn, id.as_str(), MapPrelim::default());
        entry.insert(txn, "name", "Made while away");
    });
    facilitator.place(SCHEME, &id);
    let update = facilitator.doc.transact().encode_state_as_update_v1(&known);
    let Outcome::Done(done) = fold.send(FACILITATOR, &update) else { panic!() };
    assert!(done.taken_back.is_empty(), "{:?}", done.taken_back);
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Pillar(PillarId(Uuid::from_u128(77))));
    fold.check();
}

#[test]
fn an_id_of_no_pillar_is_no_pile() {
    let mut fold = Fold::new();
    let ada = Client::new(1, &fold.session);
    let update = ada.place(SCHEME, &Uuid::from_u128(78).to_string());
    let Outcome::Done(done) = fold.send(ADA, &update) else { panic!() };
    assert_eq!(done.taken_back[0].code, "pillar_gone");
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Unsorted);
    assert!(fold.session.board().placements.is_empty());
    fold.check();
}

#[test]
fn a_session_of_earlier_rules_goes_on_to_leave_such_a_card_unsorted() {
    let mut fold = Fold::under(4);
    let (ada, facilitator) = (Client::new(1, &fold.session), Client::new(2, &fold.session));
    fold.send(ADA, &ada.place(SCHEME, "off"));
    let late = ada.place(SCHEME, &CORE.to_string());
    fold.send(FACILITATOR, &take_away(&facilitator, CORE));
    let Outcome::Done(done) = fold.send(ADA, &late) else { panic!() };
    assert!(done.taken_back.is_empty());
    assert_eq!(fold.session.board().pile(SCHEME), Pile::Unsorted);
    assert!(!fold.session.board().placements.is_empty());
    fold.check();
}
