//! What is asked of whoever brings something, whatever becomes of it.

use plumbline_shared::policy::Denied;
use yrs::merge_updates_v1;

use super::*;
use crate::session::entry::By;

const NOTE: &str = "00000000-0000-0000-0000-000000000051";

/// Letters that are each written before all others: each walks over those before it.
fn letters(client: &Client) -> Vec<u8> {
    client.change(|txn| {
        let text = body(txn);
        (0..200).for_each(|_| text.insert(txn, 0, "x"));
    })
}

fn body(txn: &mut yrs::TransactionMut<'_>) -> yrs::TextRef {
    let Some(Out::YMap(note)) = txn.get_or_insert_map("notes").get(txn, NOTE) else { panic!("a note") };
    let Some(Out::YText(text)) = note.get(txn, "text") else { panic!("its text") };
    text
}

fn with_a_note() -> Fold {
    let mut fold = Fold::new();
    let ada = Client::new(50, &fold.session);
    let made = ada.change(|txn| {
        let note = txn.get_or_insert_map("notes").insert(txn, NOTE, MapPrelim::default());
        note.insert(txn, "author", ADA.to_string());
        note.insert(txn, "text", TextPrelim::new("first"));
    });
    assert!(matches!(fold.send(ADA, &made), Outcome::Done(_)));
    fold
}

#[test]
fn an_update_costs_what_it_costs_also_if_nothing_comes_of_it() {
    let fold = with_a_note();
    let costly = letters(&Client::new(7, &fold.session));
    let mut ahead = Ahead::default();
    let passed = fold.session.examine(&mut ahead, ADA, &costly, usize::MAX);
    assert!(matches!(passed, Examined::Pass(_)));
    let cost = ahead.steps();
    assert!(cost > 10_000, "{cost}");

    // Of an observer, and of a full board.
    for (by, reason) in [(None, Denied::ObserverLooksOn), (Some(ADA), Denied::TooMany)] {
        let mut ahead = Ahead::default();
        let closed = fold.session.examine_closed(&mut ahead, by, &costly, usize::MAX, reason);
        assert!(matches!(closed, Examined::Refused(refusal) if refusal.code == reason.code()));
        assert_eq!(ahead.steps(), cost);
    }

    // Refused for what it also does.
    let forger = Client::new(8, &fold.session);
    let letters_first = letters(&forger);
    let forged = forger.change(|txn| {
        txn.get_or_insert_map("session").insert(txn, "locked", true);
    });
    let both = merge_updates_v1([&letters_first, &forged]).unwrap();
    let mut ahead = Ahead::default();
    let refused = fold.session.examine(&mut ahead, ADA, &both, usize::MAX);
    assert!(matches!(refused, Examined::Refused(refusal) if refusal.code == "server_only"));
    assert!(ahead.steps() >= cost);

    // Ends in what is not here.
    let (other, late) = (Client::new(9, &fold.session), Client::new(10, &fold.session));
    let letters_first = letters(&late);
    late.receive(&other.change(|txn| body(txn).insert(txn, 0, "unknown")));
    let after = late.change(|txn| body(txn).insert(txn, 3, "y"));
    let both = merge_updates_v1([&letters_first, &after]).unwrap();
    let mut ahead = Ahead::default();
    let gap = fold.session.examine(&mut ahead, ADA, &both, usize::MAX);
    assert!(matches!(gap, Examined::Gap), "{gap:?}");
    assert!(ahead.steps() >= cost);
}

/// A block that was deleted before anybody saw it, at the key of a note that stands. By its place among the writes of that
/// key it may take nothing away, and then the note would stand on the board and nobody could touch it any more.
#[test]
fn nothing_that_stands_is_taken_for_gone() {
    let fold = with_a_note();
    let mut forged = vec![1, 1, 9, 0, 0x21, 1, 5];
    forged.extend(b"notes");
    forged.push(u8::try_from(NOTE.len()).unwrap());
    forged.extend(NOTE.as_bytes());
    forged.extend([2, 0]);
    let examined = fold.session.examine(&mut Ahead::default(), ADA, &forged, usize::MAX);
    assert!(matches!(&examined, Examined::Refused(refusal) if refusal.code == "occupied"), "{examined:?}");
    // What was taken off is taken off.
    let mut fold = fold;
    let ada = Client::new(60, &fold.session);
    let away = ada.change(|txn| {
        txn.get_or_insert_map("notes").remove(txn, NOTE);
    });
    assert!(matches!(fold.send(ADA, &away), Outcome::Done(_)));
    assert!(fold.session.board().notes.is_empty());
    fold.check();
}

#[test]
fn a_name_that_was_never_seen_takes_none_away() {
    let mut fold = Fold::new();
    let key = Uuid::from_u128(72).to_string();
    let ada = Client::new(7, &fold.session);
    let made = ada.change(|txn| {
        let entry = txn.get_or_insert_map("projects").insert(txn, key.as_str(), MapPrelim::default());
        entry.insert(txn, "name", "Pet");
        entry.insert(txn, "added_by", ADA.to_string());
    });
    assert!(matches!(fold.send(ADA, &made), Outcome::Done(_)));
    // Taken off the board and brought back by a facilitator's program, which leaves the name out.
    let facilitator = Client::new(8, &fold.session);
    let away = facilitator.change(|txn| {
        txn.get_or_insert_map("projects").remove(txn, &key);
    });
    assert!(matches!(fold.send(FACILITATOR, &away), Outcome::Done(_)));
    let back = facilitator.change(|txn| {
        let entry = txn.get_or_insert_map("projects").insert(txn, key.as_str(), MapPrelim::default());
        entry.insert(txn, "name", "Pet");
    });
    assert!(matches!(fold.send(FACILITATOR, &back), Outcome::Done(_)));

    let entry = |txn: &mut yrs::TransactionMut<'_>| match txn.get_or_insert_map("projects").get(txn, &key) {
        Some(Out::YMap(entry)) => entry,
        other => panic!("{other:?}"),
    };
    let ben = Client::new(9, &fold.session);
    let known = ben.doc.transact().state_vector();
    ben.change(|txn| {
        entry(txn).insert(txn, "added_by", BEN.to_string());
    });
    ben.change(|txn| {
        entry(txn).remove(txn, "added_by");
    });
    let trace = ben.doc.transact().encode_state_as_update_v1(&known);
    assert!(matches!(fold.send(BEN, &trace), Outcome::Done(_)));

    let ada = Client::new(10, &fold.session);
    let renamed = ada.change(|txn| {
        entry(txn).insert(txn, "name", "Still mine");
    });
    assert!(matches!(fold.send(ADA, &renamed), Outcome::Done(_)), "Ada's name under it is gone");
    fold.check();
}

#[test]
fn a_role_is_given_by_who_drives_when_it_is_given() {
    let mut fold = Fold::new();
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    let join = |id: u128, role: Role, by: Option<ParticipantId>| {
        Body::Joined(Joined {
            participant: ParticipantId(Uuid::from_u128(id)),
            name: "Cleo".into(),
            function: String::new(),
            role,
            token: [u8::try_from(id).unwrap(); 32],
            by: by.map(By),
        })
    };
    assert!(matches!(fold.append(join(80, Role::Facilitator, Some(ADA))), Outcome::Done(_)));
    // The call was under way when this came.
    fold.command(FACILITATOR, &Command::Remove { participant: ADA });
    for (role, by) in [
        (Role::Facilitator, Some(ADA)),
        (Role::Participant, Some(ADA)),
        (Role::Facilitator, Some(BEN)),
        (Role::Facilitator, None),
        (Role::Decider, None),
    ] {
        assert_eq!(refusal(fold.append(join(81, role, by))), "facilitator_only", "{role:?} {by:?}");
    }
    assert!(fold.session.people().identify(&[81; 32]).is_none());
    assert!(matches!(fold.append(join(82, Role::Participant, None)), Outcome::Done(_)));
    fold.check();
}
