//! What the record of decisions needs to know of a session: imports, who was here, and the fields it has room for.

use super::*;
use crate::session::entry::{By, File};

fn file(first: u8) -> File {
    File { sha256: [first; 32], bytes: 10, format: "csv".into() }
}

fn import(fold: &mut Fold, file: File) {
    let rows = vec![row(SCHEME, "Scheme", "")];
    fold.done(Body::Imported { by: FACILITATOR, rows, currency: None, file: Some(file) });
}

#[test]
fn a_file_is_remembered_once_as_it_came_last_and_of_many_the_last() {
    let mut fold = Fold::new();
    assert!(fold.session.imports().is_empty(), "an import without a file is none to remember");
    for first in [1, 2, 1] {
        import(&mut fold, file(first));
    }
    let known =
        |fold: &Fold| -> Vec<u8> { fold.session.imports().iter().map(|note| note.file.sha256[0]).collect() };
    assert_eq!(known(&fold), [2, 1]);
    assert_eq!(fold.session.imports()[1].at, fold.log.last().unwrap().0.at);
    (3..=40).for_each(|first| import(&mut fold, file(first)));
    assert_eq!((known(&fold).len(), known(&fold)[0]), (32, 9));
    // Who may not import leaves no trace.
    fold.append(Body::Imported { by: ADA, rows: Vec::new(), currency: None, file: Some(file(99)) });
    assert!(!known(&fold).contains(&99));
    fold.check();
}

#[test]
fn who_was_here_counts_once_in_each_step_whichever_node_says_so() {
    let mut fold = Fold::new();
    let here = |who: &[ParticipantId]| Body::Attended { here: who.iter().copied().map(By).collect() };
    let of = |fold: &Fold| -> Vec<(u32, u32)> {
        fold.session.attendance().iter().map(|step| (step.here, step.joined)).collect()
    };
    let shown = fold.session.shown();
    let done = fold.done(here(&[FACILITATOR, ADA]));
    assert!(done.update.is_empty() && done.effects.is_empty(), "nobody is told");
    assert_eq!(fold.session.shown(), shown);
    assert_eq!(of(&fold), [(2, 3)]);
    fold.done(here(&[ADA, BEN]));
    assert_eq!(of(&fold), [(3, 3)]);
    // Somebody without a device is in the room; a stranger, and who was taken out, is not.
    fold.command(FACILITATOR, &Command::Person { name: "Cyd".into() });
    fold.command(FACILITATOR, &Command::Remove { participant: BEN });
    fold.done(here(&[BEN, ParticipantId(Uuid::from_u128(77))]));
    assert_eq!(of(&fold), [(4, 3)], "Ben was here, and has left since");
    fold.check();
}

#[test]
fn the_record_has_room_for_what_was_weighed_and_sessions_of_before_go_on_without() {
    let write = |fold: &mut Fold| {
        let page = Client::new(1, &fold.session);
        let update = page.change(|txn| {
            let decisions = txn.get_or_insert_map("decisions");
            let Some(yrs::Out::YMap(decision)) = decisions.get(txn, &SCHEME.to_string()) else { panic!() };
            decision.insert(txn, "alternatives", "Sell it");
            decision.insert(txn, "effective", "2026-12-01");
        });
        fold.send(FACILITATOR, &update)
    };
    let mut fold = Fold::new();
    assert!(matches!(write(&mut fold), Outcome::Done(_)));
    let decision = &fold.session.board().decisions[&SCHEME];
    assert_eq!(decision.more["alternatives"], "Sell it");
    fold.check();
    let mut older = Fold::new();
    older.done(Body::Rules { version: 2 });
    let Outcome::Refused(refusal) = write(&mut older) else { panic!("its rules do not know the field") };
    assert_eq!(refusal.code, "no_such_place");
    assert!(!older.session.board().decisions.contains_key(&SCHEME));
    older.check();
}
