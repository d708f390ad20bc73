//! People and projects that came twice.

use plumbline_shared::words::Verdict;

use super::{super::entry::Shown, *};

const TWIN: ProjectId = ProjectId(Uuid::from_u128(21));
const NOTE: &str = "00000000-0000-0000-0000-000000000050";

/// A note about a project, and a project of one's own, made by one page.
fn make_some(fold: &mut Fold, client: &Client, by: ParticipantId, about: ProjectId) {
    let made = client.change(|txn| {
        let map = txn.get_or_insert_map("notes").insert(txn, NOTE, MapPrelim::default());
        map.insert(txn, "about", about.to_string());
        map.insert(txn, "author", by.to_string());
        map.insert(txn, "text", TextPrelim::new("Keeps two of my best"));
        let project = txn.get_or_insert_map("projects").insert(txn, TWIN.to_string(), MapPrelim::default());
        project.insert(txn, "name", "Scheme again");
        project.insert(txn, "added_by", by.to_string());
    });
    let Outcome::Done(done) = fold.send(by, &made) else { panic!() };
    client.receive(&done.update);
}

#[test]
fn somebody_who_came_twice_is_one_person_with_all_that_they_made() {
    let mut fold = Fold::under(3);
    let page = Client::new(1, &fold.session);
    make_some(&mut fold, &page, ADA, SCHEME);
    fold.command(ADA, &Command::Flag { project: SCHEME, reason: Some("Ada's".into()) });
    fold.command(BEN, &Command::Flag { project: SCHEME, reason: Some(String::new()) });
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Scribe });
    let Outcome::Done(done) = fold.command(FACILITATOR, &Command::Merge { from: ADA, into: BEN }) else {
        panic!()
    };
    page.receive(&done.update);
    assert!(done.effects.contains(&super::super::Effect::Merged(ADA)));
    let board = fold.session.board();
    assert_eq!(board.roster.len(), 2);
    assert_eq!(board.roster[&BEN].role, Role::Scribe, "of two roles the one that may more");
    assert_eq!(board.projects[&TWIN].added_by, Some(BEN));
    assert_eq!(board.notes.values().next().unwrap().author, Some(BEN));
    // The token of the one opens the other.
    let found = fold.session.people().identify(&[11; 32]).unwrap();
    assert_eq!((found.participant, found.role), (Some(BEN), Role::Scribe));
    fold.command(FACILITATOR, &Command::Close { seen: seen() });
    fold.command(FACILITATOR, &Command::Resume { seen: seen() });
    let flags = fold.session.board().flags[&SCHEME].clone();
    assert_eq!((flags.count, flags.reasons), (1, vec!["Ada's".to_owned()]));
    // The page goes on, under the client id that it had, as who it is now, and edits what it made.
    let rename = page.change(|txn| {
        let projects = txn.get_or_insert_map("projects");
        let Some(yrs::Out::YMap(map)) = projects.get(txn, &TWIN.to_string()) else { panic!() };
        map.insert(txn, "name", "Scheme, renamed");
    });
    assert!(matches!(fold.send(ADA, &rename), Outcome::Refused(refusal) if refusal.code == "no_such_person"));
    assert!(matches!(fold.send(BEN, &rename), Outcome::Done(_)));
    assert_eq!(fold.session.board().projects[&TWIN].name, "Scheme, renamed");
    fold.check();
}

#[test]
fn whoever_comes_by_the_facilitators_link_is_who_the_first_facilitator_became() {
    let mut fold = Fold::under(3);
    fold.command(FACILITATOR, &Command::Merge { from: FACILITATOR, into: ADA });
    let found = fold.session.people().identify(&[1; 32]).unwrap();
    assert_eq!((found.participant, found.role), (Some(ADA), Role::Facilitator));
    assert!(matches!(
        fold.command(ADA, &Command::Merge { from: BEN, into: BEN }),
        Outcome::Refused(refusal) if refusal.code == "same_person"
    ));
    assert!(matches!(
        fold.command(ADA, &Command::Merge { from: FACILITATOR, into: BEN }),
        Outcome::Refused(refusal) if refusal.code == "no_such_person"
    ));
    fold.check();
}

#[test]
fn a_new_facilitators_link_is_its_makers_and_the_session_is_handed_over() {
    let mut fold = Fold::new();
    fold.command(FACILITATOR, &Command::Name { participant: ADA, role: Role::Facilitator });
    let by = Some(super::super::entry::By(ADA));
    fold.done(Body::Rotated { whose: Whose::Facilitator, token: [3; 32], by, with: Some(Shown([11; 32])) });
    assert_eq!(fold.session.people().identify(&[3; 32]).unwrap().participant, Some(ADA));
    assert_eq!(fold.session.people().identify(&[1; 32]), None);
    // The first facilitator has no way in any more, and does not count as one.
    let step_down = Command::Name { participant: ADA, role: Role::Participant };
    let outcome = fold.command(ADA, &step_down);
    assert!(matches!(outcome, Outcome::Refused(refusal) if refusal.code == "last_facilitator"));
    let by = Some(super::super::entry::By(BEN));
    let rotated = fold.append(Body::Rotated {
        whose: Whose::Facilitator,
        token: [4; 32],
        by,
        with: Some(Shown([12; 32])),
    });
    assert!(matches!(rotated, Outcome::Refused(refusal) if refusal.code == "facilitator_only"));
    fold.check();
}

#[test]
fn somebody_without_a_device_is_in_the_roster_and_drives_nothing() {
    let mut fold = Fold::new();
    let message = MessageId(Uuid::from_u128(77));
    let json = serde_json::to_string(&Command::Person { name: " Nora ".into() }).unwrap();
    let body = Body::Commanded { by: FACILITATOR, message, json };
    fold.done(body.clone());
    // The same message again is the same person.
    fold.done(body);
    let nora = ParticipantId(message.0);
    let board = fold.session.board();
    assert_eq!((board.roster.len(), board.roster[&nora].name.as_str()), (4, "Nora"));
    fold.command(FACILITATOR, &Command::Name { participant: nora, role: Role::Facilitator });
    assert!(matches!(
        fold.command(FACILITATOR, &Command::Remove { participant: FACILITATOR }),
        Outcome::Refused(refusal) if refusal.code == "last_facilitator"
    ));
    assert!(matches!(
        fold.command(FACILITATOR, &Command::Person { name: "  ".into() }),
        Outcome::Refused(refusal) if refusal.code == "bad_name"
    ));
    fold.check();
}

#[test]
fn of_two_projects_that_are_one_nothing_is_lost() {
    let mut fold = Fold::new();
    let page = Client::new(1, &fold.session);
    make_some(&mut fold, &page, ADA, TWIN);
    let more = page.change(|txn| {
        let projects = txn.get_or_insert_map("projects");
        let Some(yrs::Out::YMap(map)) = projects.get(txn, &TWIN.to_string()) else { panic!() };
        map.insert(txn, "sponsor", "Finance");
        map.insert(txn, "summary", "Not this one");
        map.insert(txn, "cost", 7);
        let pair = |heading: &str, text: &str| Any::from(vec![Any::from(heading), Any::from(text)]);
        map.insert(txn, "more", vec![pair("Heading", "Other"), pair("Site", "North")]);
    });
    assert!(matches!(fold.send(ADA, &more), Outcome::Done(_)));
    assert!(matches!(fold.send(ADA, &page.place(TWIN, "off")), Outcome::Done(_)));
    let lead = Client::new(2, &fold.session);
    let decided = lead.change(|txn| {
        let decisions = txn.get_or_insert_map("decisions");
        let Some(yrs::Out::YMap(map)) = decisions.get(txn, &TWIN.to_string()) else { panic!() };
        map.insert(txn, "verdict", "stop");
        map.insert(txn, "ends", "2026-12-31");
        let Some(yrs::Out::YText(text)) = map.get(txn, "rationale") else { panic!() };
        text.push(txn, "Twice is once too often");
    });
    assert!(matches!(fold.send(FACILITATOR, &decided), Outcome::Done(_)));
    for (by, project, reason) in [(ADA, TWIN, "A"), (ADA, SCHEME, ""), (BEN, TWIN, "B")] {
        fold.command(by, &Command::Flag { project, reason: Some(reason.into()) });
    }
    let focus = Command::Focus { seen: seen(), project: Some(TWIN), only: false };
    let Outcome::Done(done) = fold.command(FACILITATOR, &focus) else { panic!() };
    lead.receive(&done.update);
    let Outcome::Done(done) = fold.command(FACILITATOR, &Command::MergeProjects { from: TWIN, into: SCHEME })
    else {
        panic!()
    };
    lead.receive(&done.update);
    let board = fold.session.board();
    assert_eq!(lead.board(), board);
    assert_eq!(board.projects.keys().collect::<Vec<_>>(), [&SCHEME]);
    let kept = &board.projects[&SCHEME];
    assert_eq!((kept.name.as_str(), kept.summary.as_str()), ("Scheme", "What it is"));
    assert_eq!((kept.sponsor.as_str(), kept.cost), ("Finance", Some(5e9)));
    let pair = |heading: &str, text: &str| (heading.to_owned(), text.to_owned());
    assert_eq!(kept.more, [pair("Heading", "Text"), pair("Site", "North")]);
    assert_eq!(board.pile(SCHEME), Pile::Off);
    assert_eq!(board.notes.values().next().unwrap().about, SCHEME.to_string());
    assert_eq!(board.session.focus, Some(SCHEME));
    let decision = &board.decisions[&SCHEME];
    assert_eq!(
        (decision.verdict, decision.rationale.as_str()),
        (Some(Verdict::Stop), "Twice is once too often")
    );
    assert_eq!(decision.more["ends"], "2026-12-31");
    assert!(board.flags.is_empty(), "what waits goes on waiting");
    assert_eq!(fold.session.own_flags(ADA)[0].reason, "A");
    assert_eq!(fold.session.own_flags(BEN).len(), 1);
    fold.check();
    // It is gone for whoever still had it in their hand.
    let late = page.place(TWIN, "off");
    assert!(matches!(fold.send(ADA, &late), Outcome::Done(done) if done.taken_back[0].code == "gone"));
    fold.check();
}

#[test]
fn flags_on_both_of_two_projects_count_each_person_once() {
    let mut fold = Fold::under(3);
    fold.done(Body::Imported {
        by: FACILITATOR,
        rows: vec![row(TWIN, "Twin", "")],
        currency: None,
        file: None,
    });
    for (by, project) in [(ADA, TWIN), (ADA, SCHEME), (BEN, TWIN)] {
        fold.command(by, &Command::Flag { project, reason: Some(String::new()) });
    }
    fold.command(FACILITATOR, &Command::Close { seen: seen() });
    fold.command(FACILITATOR, &Command::Resume { seen: seen() });
    fold.command(FACILITATOR, &Command::MergeProjects { from: TWIN, into: SCHEME });
    let board = fold.session.board();
    assert_eq!((board.flags.len(), board.flags[&SCHEME].count), (1, 2));
    assert!(matches!(
        fold.command(FACILITATOR, &Command::MergeProjects { from: TWIN, into: SCHEME }),
        Outcome::Refused(refusal) if refusal.code == "no_such_project"
    ));
    fold.check();
}
