//! A checkpoint: what was decided before stands on its board, and the new portfolio is recognised.

use plumbline_shared::{
    answer::{Answer, Item},
    checkpoint::{Again, again, likenesses},
    results::Counts,
    words::{Found, Question, StepKind, StepState, Verdict},
};

use super::{
    super::entry::{Earlier, EarlierRow, StepRow},
    *,
};

const RAIL: ProjectId = ProjectId(Uuid::from_u128(40));
const ROAD: ProjectId = ProjectId(Uuid::from_u128(41));
const SHIP: ProjectId = ProjectId(Uuid::from_u128(42));
const ASKS: StepId = StepId(Uuid::from_u128(50));

fn earlier_row(id: ProjectId, name: &str, reference: &str, verdict: &str) -> EarlierRow {
    let number = u64::try_from(id.0.as_u128()).unwrap();
    let decided = !verdict.is_empty();
    EarlierRow {
        row: Row {
            summary: format!("What {name} is."),
            owner: "Ana".to_owned(),
            cost: Some(3_000_000_000),
            ..row(id, name, reference)
        },
        pile: CORE.to_string(),
        order: "80".to_owned(),
        number: if decided { number } else { 0 },
        times: u32::from(decided),
        decided_on: "2026-11-20".to_owned(),
        verdict: verdict.to_owned(),
        owner: "Ben".to_owned(),
        rationale: "Not ours.".to_owned(),
        fields: vec![("ends".to_owned(), "2027-01-31".to_owned()), ("unheard_of".to_owned(), "x".to_owned())],
    }
}

fn earlier() -> Earlier {
    Earlier {
        by: FACILITATOR,
        session: SessionId(Uuid::from_u128(3)),
        title: "Before".to_owned(),
        closed_at: 1_700_000_000_000,
        currency: "GBP".to_owned(),
        confidence: Some(vec![0, 1, 2, 3, 4, 1]),
        signed: vec![9, 1, 1],
        rows: vec![
            earlier_row(RAIL, "Type 31", "A-1", "stop"),
            earlier_row(ROAD, "Road", "", "move"),
            earlier_row(SHIP, "UK Gigabit Programme", "", ""),
        ],
    }
}

/// A session on whose board nothing stands, with a ballot in words as its second step.
fn begun(rules: u32) -> Fold {
    let founded = Founded {
        session: SessionId(Uuid::from_u128(2)),
        title: "Checkpoint".into(),
        rules,
        facilitator: FACILITATOR,
        name: "Facilitator".into(),
        facilitator_token: [1; 32],
        observer_token: [2; 32],
        step: STEP,
        step_title: String::new(),
        steps: vec![StepRow {
            id: ASKS,
            kind: StepKind::Ballot,
            question: Question::Scale.as_str().to_owned(),
            title: "What has stopped".to_owned(),
            minutes: 5,
            options: [("subjects", "stopped"), ("word", "No"), ("word", "Some"), ("word", "As before")]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .to_vec(),
        }],
        demonstration: false,
    };
    let entry = Entry { origin: origin(), sequence: 1, body: Body::Founded(founded) };
    let position = Position { at: 1_000, n: 0 };
    let (session, _) = Session::found(position, &entry).unwrap();
    let mut fold = Fold { session, log: vec![(position, entry)] };
    for (who, name) in [(ADA, "Ada"), (BEN, "Ben"), (ParticipantId(Uuid::from_u128(13)), "Cy")] {
        fold.done(Body::Joined(Joined {
            participant: who,
            name: name.into(),
            function: String::new(),
            role: Role::Participant,
            token: [u8::try_from(who.0.as_u128()).unwrap(); 32],
            by: None,
        }));
    }
    fold.done(Body::PillarsImported { by: FACILITATOR, rows: vec![pillar(CORE, "Core")] });
    fold
}

fn opened() -> Fold {
    let mut fold = begun(VERSION);
    fold.done(Body::Earlier(earlier()));
    fold
}

fn import(fold: &mut Fold, rows: Vec<Row>) {
    fold.done(Body::Imported { by: FACILITATOR, rows, currency: None, file: None });
}

fn refused(outcome: Outcome) -> &'static str {
    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    refusal.code
}

#[test]
fn what_was_decided_stands_on_the_board_twice_as_it_was_and_to_be_changed() {
    let fold = opened();
    let board = fold.session.board();
    let session = board.session.earlier.clone().unwrap();
    assert_eq!(
        (session.title.as_str(), session.closed_at, session.signed),
        ("Before", 1_700_000_000_000, [9, 1, 1])
    );
    assert_eq!((session.confidence, session.imported_at), (Some([0, 1, 2, 3, 4, 1]), None));
    let rail = &board.earlier[&RAIL];
    assert_eq!((rail.verdict, rail.number, rail.times), (Some(Verdict::Stop), 40, 1));
    assert_eq!((rail.cost, rail.run_by.as_str(), rail.field("ends")), (Some(3.0e9), "Ana", "2027-01-31"));
    assert_eq!(board.pile(RAIL), Pile::Pillar(CORE));
    let decision = &board.decisions[&RAIL];
    assert_eq!(
        (decision.verdict, decision.owner.as_str(), decision.rationale.as_str()),
        (Some(Verdict::Stop), "Ben", "Not ours.")
    );
    assert_eq!(
        decision.more.keys().collect::<Vec<_>>(),
        ["ends"],
        "what the schema does not know stays away"
    );
    assert_eq!(again(Some(rail), Some(decision)), Again::Untouched);
    assert!(!board.decisions.contains_key(&SHIP), "nothing was decided about it");
    fold.check();
}

#[test]
fn a_checkpoint_is_opened_once_by_a_facilitator_on_an_empty_board_and_under_rules_that_know_it() {
    let mut fold = opened();
    assert_eq!(refused(fold.append(Body::Earlier(earlier()))), "checkpoint_begun");
    let mut fold = begun(VERSION);
    import(&mut fold, vec![row(SCHEME, "Scheme", "")]);
    assert_eq!(refused(fold.append(Body::Earlier(earlier()))), "checkpoint_begun");
    let mut fold = begun(VERSION);
    assert_eq!(refused(fold.append(Body::Earlier(Earlier { by: ADA, ..earlier() }))), "facilitator_only");
    let mut older = begun(3);
    assert_eq!(refused(older.append(Body::Earlier(earlier()))), "older_session");
    let recognise = Command::Recognise { project: RAIL, row: SCHEME, is: true };
    assert_eq!(refused(older.command(FACILITATOR, &recognise)), "unknown_message");
    older.check();
}

#[test]
fn an_import_finds_by_reference_then_by_name_and_never_by_likeness() {
    let mut fold = opened();
    import(
        &mut fold,
        vec![
            row(RAIL, "Type 31 frigate", "a-1"),
            row(ROAD, "Road", "R-9"),
            row(SCHEME, "Project Gigabit", "G-1"),
        ],
    );
    let board = fold.session.board();
    let found = |id| board.earlier[&id].found;
    assert_eq!((found(RAIL), found(ROAD), found(SHIP)), (Some(Found::Reference), Some(Found::Name), None));
    assert_eq!(board.projects[&RAIL].name, "Type 31 frigate");
    assert_eq!(board.earlier[&RAIL].name, "Type 31", "what it was called stays known");
    assert!(board.session.earlier.as_ref().unwrap().imported_at.is_some());
    let pairs = likenesses(&board);
    assert_eq!(pairs.iter().map(|pair| (pair.project, pair.row)).collect::<Vec<_>>(), [(SHIP, SCHEME)]);
    fold.check();
}

#[test]
fn a_person_confirms_a_likeness_takes_it_back_and_nothing_is_lost() {
    let mut fold = opened();
    let theirs = Row { cost: Some(7), summary: "Fibre.".to_owned(), ..row(SCHEME, "Project Gigabit", "G-1") };
    import(&mut fold, vec![theirs]);
    let before = fold.session.board();
    let recognise = |is| Command::Recognise { project: SHIP, row: SCHEME, is };
    assert_eq!(refused(fold.command(ADA, &recognise(true))), "facilitator_only");
    assert!(matches!(fold.command(FACILITATOR, &recognise(true)), Outcome::Done(_)));
    let board = fold.session.board();
    assert!(!board.projects.contains_key(&SCHEME));
    let ship = &board.projects[&SHIP];
    assert_eq!((ship.name.as_str(), ship.cost, ship.owner.as_str()), ("Project Gigabit", Some(7.0), "Ana"));
    assert_eq!((board.earlier[&SHIP].found, board.earlier[&SHIP].row), (Some(Found::Likeness), Some(SCHEME)));
    // The file comes again, under the project's own id: it stays what a person has said.
    import(&mut fold, vec![row(SHIP, "Project Gigabit", "G-1")]);
    assert_eq!(fold.session.board().earlier[&SHIP].found, Some(Found::Likeness));
    // Said twice, it is said once.
    assert!(matches!(fold.command(FACILITATOR, &recognise(true)), Outcome::Done(_)));
    fold.check();
    assert!(matches!(fold.command(FACILITATOR, &recognise(false)), Outcome::Done(_)));
    let board = fold.session.board();
    assert_eq!(board.projects[&SHIP], before.projects[&SHIP]);
    assert_eq!(board.projects[&SCHEME], before.projects[&SCHEME]);
    assert_eq!((board.earlier[&SHIP].found, board.earlier[&SHIP].row), (None, None));
    assert_eq!(likenesses(&board), [], "it was rejected");
    // And who changes their mind once more may.
    assert!(matches!(fold.command(FACILITATOR, &recognise(true)), Outcome::Done(_)));
    assert_eq!(fold.session.board().earlier[&SHIP].found, Some(Found::Likeness));
    fold.check();
}

#[test]
fn what_is_no_likeness_is_refused_with_a_reason() {
    let mut fold = opened();
    import(&mut fold, vec![row(RAIL, "Type 31", "A-1"), row(SCHEME, "Type 31e", "")]);
    let mut say = |project, row| {
        let command = Command::Recognise { project, row, is: true };
        refused(fold.command(FACILITATOR, &command))
    };
    assert_eq!(say(RAIL, SCHEME), "found_already");
    assert_eq!(say(SHIP, RAIL), "no_such_project");
    assert_eq!(say(SCHEME, SHIP), "no_such_project");
    assert_eq!(say(SHIP, ProjectId(Uuid::from_u128(99))), "no_such_project");
    fold.check();
}

#[test]
fn a_scale_in_words_takes_as_many_answers_as_it_has_words() {
    let mut fold = opened();
    let seen = Seen { step: ASKS, round: 1 };
    assert!(matches!(fold.command(FACILITATOR, &Command::Open { seen: seen.clone() }), Outcome::Done(_)));
    let cast = |scale| Command::Cast {
        step: ASKS,
        round: 1,
        item: Item::project(RAIL),
        value: Some(Answer::Scale { scale }),
    };
    assert_eq!(refused(fold.command(ADA, &cast(3))), "bad_answer");
    for (who, scale) in [(ADA, 0), (BEN, 2), (ParticipantId(Uuid::from_u128(13)), 2)] {
        assert!(matches!(fold.command(who, &cast(scale)), Outcome::Done(_)));
    }
    for command in [Command::Seal { seen: seen.clone() }, Command::Reveal { seen }] {
        assert!(matches!(fold.command(FACILITATOR, &command), Outcome::Done(_)));
    }
    let board = fold.session.board();
    assert_eq!(board.session.step_state, Some(StepState::Revealed));
    let round = &board.results[&ASKS].rounds[&1];
    assert_eq!(
        (round.words.len(), round.items.as_slice()),
        (3, [Item::project(RAIL)].as_slice()),
        "of stops alone"
    );
    let Some(Counts::Scale(counts)) = &round.of(&Item::project(RAIL)).unwrap().counts else { panic!() };
    assert_eq!(counts.counts, [1, 0, 2, 0, 0, 0]);
    fold.check();
}

#[test]
fn rules_of_before_read_a_step_as_they_always_did() {
    let mut older = begun(3);
    import(&mut older, vec![row(SCHEME, "Scheme", "")]);
    let seen = Seen { step: ASKS, round: 1 };
    assert!(matches!(older.command(FACILITATOR, &Command::Open { seen }), Outcome::Done(_)));
    let board = older.session.board();
    let round = &board.results[&ASKS].rounds[&1];
    assert_eq!((round.words.len(), round.items.as_slice()), (0, [Item::session()].as_slice()));
    older.check();
}
