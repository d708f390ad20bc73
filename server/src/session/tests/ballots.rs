//! Ballots: who answers what, who is told, what the room gets, and what is left of them.

use plumbline_shared::{
    answer::{Answer, Item, Source},
    messages::OwnAnswer,
    methods::{ClaimCounts, DotCounts, PileCounts, ScaleCounts, VerdictCounts},
    results::{Counts, ItemTally, Round},
    words::{Beat, Claim, Question, Stance, StepKind, StepState, Verdict},
};

use super::{
    super::{Effect, Refusal, entry::StepRow},
    *,
};

const SORT: StepId = StepId(Uuid::from_u128(41));
const HOBBY: StepId = StepId(Uuid::from_u128(42));
const VERDICT: StepId = StepId(Uuid::from_u128(43));
const DOTS: StepId = StepId(Uuid::from_u128(44));
const TEXT: StepId = StepId(Uuid::from_u128(45));
const BOARD: StepId = StepId(Uuid::from_u128(46));
const COMMIT: StepId = StepId(Uuid::from_u128(47));
const CLIO: ParticipantId = ParticipantId(Uuid::from_u128(13));
const DAN: ParticipantId = ParticipantId(Uuid::from_u128(14));
const OTHER: ProjectId = ProjectId(Uuid::from_u128(21));
const GROWTH: PillarId = PillarId(Uuid::from_u128(31));

fn step(id: StepId, kind: StepKind, question: &str, options: &[(&str, &str)]) -> StepRow {
    StepRow {
        id,
        kind,
        question: question.to_owned(),
        title: format!("Step {question}"),
        minutes: 10,
        options: options.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

fn steps() -> Vec<StepRow> {
    vec![
        step(BOARD, StepKind::Board, "", &[]),
        step(SORT, StepKind::Ballot, "placement", &[]),
        step(HOBBY, StepKind::Ballot, "hobby", &[("subjects", "all")]),
        step(VERDICT, StepKind::Ballot, "verdict", &[("subjects", "all")]),
        step(DOTS, StepKind::Ballot, "dots", &[("subjects", "all"), ("budget", "5"), ("cap", "3")]),
        step(TEXT, StepKind::Ballot, "text", &[("prompt", "What does done look like?")]),
        step(COMMIT, StepKind::Commit, "scale", &[]),
    ]
}

/// Three who vote, two projects, two pillars, and an agenda; at the step.
fn at(step: StepId) -> Fold {
    let mut fold = Fold::new();
    fold.join(CLIO, "Clio");
    fold.done(Body::PillarsImported { by: FACILITATOR, rows: vec![pillar(GROWTH, "Growth")] });
    fold.done(Body::Imported {
        by: FACILITATOR,
        rows: vec![row(OTHER, "Other", "")],
        currency: None,
        file: None,
    });
    fold.done(Body::AgendaImported { by: FACILITATOR, steps: steps() });
    if step != BOARD {
        fold.go(step);
    }
    fold
}

impl Fold {
    fn join(&mut self, who: ParticipantId, name: &str) {
        self.done(Body::Joined(Joined {
            participant: who,
            name: name.into(),
            function: String::new(),
            role: Role::Participant,
            token: [u8::try_from(who.0.as_u128()).unwrap(); 32],
            by: None,
        }));
    }

    fn now(&self) -> Seen {
        let (step, round) = self.session.at();
        Seen { step, round }
    }

    fn drive(&mut self, command: impl FnOnce(Seen) -> Command) -> Done {
        let command = command(self.now());
        match self.command(FACILITATOR, &command) {
            Outcome::Done(done) => done,
            other => panic!("{command:?}: {other:?}"),
        }
    }

    fn go(&mut self, step: StepId) {
        self.drive(|seen| Command::GoTo { seen, step });
    }

    fn open(&mut self) {
        self.drive(|seen| Command::Open { seen });
    }

    fn reveal(&mut self) -> Done {
        self.drive(|seen| Command::Seal { seen });
        self.drive(|seen| Command::Reveal { seen })
    }

    fn cast(&mut self, by: ParticipantId, item: Item, value: Option<Answer>) -> Outcome {
        let Seen { step, round } = self.now();
        self.command(by, &Command::Cast { step, round, item, value })
    }

    fn casts(&mut self, by: ParticipantId, item: Item, value: Answer) {
        match self.cast(by, item, Some(value)) {
            Outcome::Done(done) => assert!(done.update.is_empty(), "the board says nothing of it"),
            other => panic!("not cast: {other:?}"),
        }
    }

    fn state(&self) -> StepState {
        self.session.board().session.step_state.unwrap()
    }

    fn round(&self, number: u32) -> Round {
        let (step, _) = self.session.at();
        self.session.board().results[&step].rounds[&number].clone()
    }

    fn tally(&self, item: &Item) -> ItemTally {
        let (_, number) = self.session.at();
        self.round(number).of(item).cloned().unwrap()
    }
}

fn refused(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused(Refusal { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

fn on(pillar: &str) -> Answer {
    Answer::Pile { pillar: pillar.to_owned() }
}

fn core() -> Answer {
    on(&CORE.to_string())
}

fn scheme() -> Item {
    Item::project(SCHEME)
}

#[test]
fn a_round_is_opened_sealed_and_revealed_and_only_then_there_is_a_tally() {
    let mut fold = at(SORT);
    assert_eq!(fold.state(), StepState::Ready);
    assert_eq!(refused(fold.cast(ADA, scheme(), Some(core()))), "not_open");
    fold.open();
    let frozen = fold.round(1);
    assert_eq!(frozen.question, Question::Placement);
    assert_eq!((frozen.items.len(), frozen.pillars.len(), frozen.tally), (2, 2, None));
    let (board, shown) = (fold.session.board(), fold.session.shown());
    for (who, answer) in [(ADA, core()), (BEN, on("off")), (CLIO, on("unknown"))] {
        fold.casts(who, scheme(), answer);
    }
    fold.casts(ADA, scheme(), on("off"));
    assert_eq!((fold.session.board(), fold.session.shown()), (board, shown), "nobody else learns of it");
    fold.drive(|seen| Command::Seal { seen });
    assert_eq!(refused(fold.cast(ADA, scheme(), Some(core()))), "not_open");
    assert_eq!(fold.round(1).tally, None, "sealing tells nothing");
    fold.drive(|seen| Command::Reveal { seen });
    let counts = PileCounts { off: 2, pillars: vec![(CORE, 0), (GROWTH, 0)], unknown: 1 };
    let tally = ItemTally { eligible: 3, answered: 3, sat_out: 0, counts: Some(Counts::Placement(counts)) };
    assert_eq!(fold.tally(&scheme()), tally);
    let nobody = ItemTally { eligible: 3, answered: 0, sat_out: 0, counts: None };
    assert_eq!(fold.tally(&Item::project(OTHER)), nobody);
    fold.check();
}

#[test]
fn under_three_answers_no_counts_are_shown() {
    let mut fold = at(SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    fold.casts(BEN, scheme(), core());
    fold.reveal();
    assert_eq!(fold.tally(&scheme()), ItemTally { eligible: 3, answered: 2, sat_out: 0, counts: None });
}

#[test]
fn an_answer_is_told_to_its_caster_and_to_nobody_else() {
    let mut fold = at(SORT);
    fold.open();
    let Outcome::Done(done) = fold.cast(ADA, scheme(), Some(core())) else { panic!() };
    assert_eq!(done.effects, [Effect::Balloted(ADA)]);
    let own = fold.session.own_ballot(ADA);
    assert_eq!(own.answers, [OwnAnswer { item: scheme(), value: core() }]);
    assert_eq!(own.items.len(), 2);
    for other in [BEN, CLIO, FACILITATOR] {
        assert!(fold.session.own_ballot(other).answers.is_empty());
    }
    fold.cast(ADA, scheme(), None);
    assert!(fold.session.own_ballot(ADA).answers.is_empty(), "taken back");
}

#[test]
fn whoever_can_come_in_by_anothers_token_is_not_told_what_they_answered() {
    let mut fold = at(SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    fold.done(Body::Rotated {
        whose: Whose::Participant(ADA),
        token: [77; 32],
        by: Some(super::super::entry::By(FACILITATOR)),
    });
    assert!(fold.session.own_ballot(ADA).answers.is_empty());
    fold.casts(BEN, scheme(), core());
    fold.command(FACILITATOR, &Command::Merge { from: CLIO, into: BEN });
    assert!(fold.session.own_ballot(BEN).answers.is_empty());
    fold.casts(BEN, scheme(), on("off"));
    assert_eq!(fold.session.own_ballot(BEN).answers.len(), 1, "what they answer anew is theirs");
    fold.reveal();
    assert_eq!((fold.tally(&scheme()).eligible, fold.tally(&scheme()).answered), (2, 2));
    fold.check();
}

#[test]
fn a_repeated_message_counts_once_and_a_stale_one_not_at_all() {
    let mut fold = at(SORT);
    fold.open();
    let message = MessageId(Uuid::from_u128(900));
    let cast = |value: Answer| Command::Cast { step: SORT, round: 1, item: scheme(), value: Some(value) };
    let say = |command: &Command| Body::Commanded {
        by: ADA,
        message,
        json: serde_json::to_string(command).unwrap(),
    };
    fold.done(say(&cast(core())));
    fold.casts(ADA, scheme(), on("off"));
    fold.done(say(&cast(core())));
    assert_eq!(fold.session.own_ballot(ADA).answers[0].value, on("off"), "the repeated one is old");
    fold.reveal();
    fold.drive(|seen| Command::Again { seen });
    fold.open();
    let late = Command::Cast { step: SORT, round: 1, item: scheme(), value: Some(core()) };
    assert_eq!(refused(fold.command(ADA, &late)), "not_open");
    fold.check();
}

#[test]
fn two_facilitators_who_press_at_once_go_one_step() {
    let mut fold = at(SORT);
    let seen = fold.now();
    for command in [
        Command::Open { seen: seen.clone() },
        Command::Open { seen: seen.clone() },
        Command::Seal { seen: seen.clone() },
        Command::Seal { seen: seen.clone() },
        Command::Reveal { seen: seen.clone() },
        Command::Reveal { seen: seen.clone() },
        Command::Again { seen: seen.clone() },
    ] {
        assert!(matches!(fold.command(FACILITATOR, &command), Outcome::Done(_)), "{command:?}");
    }
    assert_eq!(refused(fold.command(FACILITATOR, &Command::Again { seen })), "stale");
    assert_eq!((fold.now().round, fold.state()), (2, StepState::Ready));
    assert_eq!(refused(fold.command(FACILITATOR, &Command::Reveal { seen: fold.now() })), "not_sealed");
    fold.check();
}

#[test]
fn a_second_round_stands_beside_the_first() {
    let mut fold = at(SORT);
    for off in [1, 3] {
        fold.open();
        for (n, who) in [ADA, BEN, CLIO].into_iter().enumerate() {
            fold.casts(who, scheme(), if n < off { on("off") } else { core() });
        }
        fold.reveal();
        if off == 1 {
            fold.drive(|seen| Command::Again { seen });
            assert!(fold.session.own_ballot(ADA).items.is_empty(), "not open yet");
        }
    }
    let off = |number| match fold.round(number).of(&scheme()).cloned().unwrap().counts {
        Some(Counts::Placement(piles)) => piles.off,
        other => panic!("{other:?}"),
    };
    assert_eq!((off(1), off(2)), (1, 3));
    // Back and forth, the step is as it was left.
    fold.go(BOARD);
    fold.go(SORT);
    assert_eq!((fold.now().round, fold.state()), (2, StepState::Revealed));
    fold.check();
}

#[test]
fn a_round_that_was_left_open_goes_on_when_it_is_come_back_to() {
    let mut fold = at(SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    fold.go(BOARD);
    let late = Command::Cast { step: SORT, round: 1, item: scheme(), value: Some(core()) };
    assert_eq!(refused(fold.command(BEN, &late)), "not_in_this_step");
    fold.join(DAN, "Dan");
    fold.go(SORT);
    assert_eq!(fold.state(), StepState::Open);
    assert_eq!(fold.session.own_ballot(ADA).answers.len(), 1);
    fold.casts(DAN, scheme(), core());
    fold.reveal();
    assert_eq!(fold.tally(&scheme()).eligible, 4);
    fold.check();
}

#[test]
fn a_facilitator_counts_once_they_answer_and_an_observer_never() {
    let mut fold = at(SORT);
    fold.command(FACILITATOR, &Command::Name { participant: CLIO, role: Role::Observer });
    fold.open();
    assert_eq!(refused(fold.cast(CLIO, scheme(), Some(core()))), "observer_looks_on");
    for who in [ADA, BEN, FACILITATOR] {
        fold.casts(who, scheme(), core());
    }
    fold.reveal();
    assert_eq!((fold.tally(&scheme()).eligible, fold.tally(&scheme()).answered), (3, 3));
}

#[test]
fn a_sponsor_sits_out_and_may_say_otherwise() {
    let mut fold = Fold::new();
    fold.join(CLIO, "Clio");
    let sponsored = Row { sponsor: "ada ; Nobody Here".into(), ..row(OTHER, "Other", "") };
    fold.done(Body::Imported { by: FACILITATOR, rows: vec![sponsored], currency: None, file: None });
    fold.done(Body::AgendaImported { by: FACILITATOR, steps: steps() });
    fold.go(SORT);
    fold.open();
    let other = Item::project(OTHER);
    assert_eq!(fold.session.own_ballot(ADA).out, [OTHER]);
    assert_eq!(refused(fold.cast(ADA, other.clone(), Some(core()))), "sits_out");
    let here = fold.session.sponsors_here();
    assert_eq!((here[0].people.as_slice(), here[0].projects, here[0].said), ([ADA].as_slice(), 1, false));
    assert_eq!(here[0].sponsor, "ada ; Nobody Here", "as the portfolio writes it");
    // Somebody else is, says the facilitator.
    let sponsor = Command::Sponsor { sponsor: "Ada ; Nobody here".into(), participant: Some(BEN) };
    fold.command(FACILITATOR, &sponsor);
    assert_eq!((fold.session.own_ballot(ADA).out, fold.session.own_ballot(BEN).out), (vec![], vec![OTHER]));
    let here = fold.session.sponsors_here();
    assert_eq!((here.len(), here[0].people.as_slice(), here[0].said), (1, [BEN].as_slice(), true));
    fold.casts(ADA, other.clone(), core());
    fold.command(BEN, &Command::Recuse { project: OTHER, out: false });
    fold.casts(BEN, other.clone(), core());
    fold.casts(CLIO, other.clone(), core());
    // Whoever sits out after all is not counted, whatever they have said.
    fold.command(CLIO, &Command::Recuse { project: OTHER, out: true });
    fold.drive(|seen| Command::Seal { seen });
    assert_eq!(refused(fold.command(CLIO, &Command::Recuse { project: OTHER, out: false })), "not_open");
    fold.drive(|seen| Command::Reveal { seen });
    assert_eq!(fold.tally(&other), ItemTally { eligible: 2, answered: 2, sat_out: 1, counts: None });
    fold.check();
}

#[test]
fn dots_keep_to_the_budget_and_the_cap_in_whatever_order_they_come() {
    let mut fold = at(DOTS);
    fold.open();
    let dots = |dots| Some(Answer::Dots { dots });
    assert_eq!(refused(fold.cast(ADA, scheme(), dots(4))), "over_cap");
    fold.casts(ADA, scheme(), Answer::Dots { dots: 3 });
    assert_eq!(refused(fold.cast(ADA, Item::project(OTHER), dots(3))), "over_budget");
    fold.casts(ADA, Item::project(OTHER), Answer::Dots { dots: 2 });
    fold.casts(ADA, scheme(), Answer::Dots { dots: 1 });
    fold.casts(ADA, Item::project(OTHER), Answer::Dots { dots: 3 });
    fold.casts(ADA, Item::project(OTHER), Answer::Dots { dots: 0 });
    assert_eq!(fold.session.own_ballot(ADA).answers.len(), 1, "no dots are no answer");
    for who in [BEN, CLIO] {
        fold.casts(who, scheme(), Answer::Dots { dots: 2 });
    }
    fold.reveal();
    assert_eq!(fold.tally(&scheme()).counts, Some(Counts::Dots(DotCounts { dots: 5, people: 3 })));
    let none = fold.tally(&Item::project(OTHER));
    assert_eq!((none.answered, none.counts), (3, Some(Counts::Dots(DotCounts::default()))));
    fold.check();
}

#[test]
fn the_four_questions_count_what_was_ticked_and_where_it_can_be_checked() {
    let mut fold = at(HOBBY);
    fold.open();
    let ticks = |claims: &[Claim], source: Option<(Claim, &str)>| Answer::Claims {
        claims: claims.to_vec(),
        sources: source.map(|(claim, text)| Source { claim, text: text.to_owned() }).into_iter().collect(),
    };
    fold.casts(
        ADA,
        scheme(),
        ticks(&[Claim::Revenue, Claim::Revenue], Some((Claim::Revenue, " ledger\n4 "))),
    );
    fold.casts(BEN, scheme(), ticks(&[], Some((Claim::Required, "not ticked"))));
    fold.casts(CLIO, scheme(), ticks(&[Claim::Strategy, Claim::Required], None));
    fold.reveal();
    let counts = ClaimCounts { answered: 3, strategy: 1, revenue: 1, expense: 0, required: 1, none: 1 };
    let sources = vec![(Claim::Revenue, "ledger 4".to_owned())];
    assert_eq!(fold.tally(&scheme()).counts, Some(Counts::Hobby(counts, sources)));
    // What was claimed is checked by who decides, and by nobody else.
    let check = |stands| Command::Check { step: HOBBY, item: scheme(), claim: Claim::Revenue, stands };
    assert_eq!(refused(fold.command(ADA, &check(Some(true)))), "decider_only");
    fold.command(FACILITATOR, &Command::Name { participant: BEN, role: Role::Decider });
    assert!(matches!(fold.command(BEN, &check(Some(true))), Outcome::Done(_)));
    assert!(matches!(fold.command(BEN, &check(Some(false))), Outcome::Done(_)));
    let checks = fold.session.board().results[&HOBBY].checks.clone();
    assert_eq!(checks.iter().map(|check| (check.stands, check.by)).collect::<Vec<_>>(), [(false, BEN)]);
    fold.check();
}

#[test]
fn verdicts_scales_and_texts_are_counted_and_texts_say_nothing_by_their_order() {
    let mut fold = at(VERDICT);
    fold.open();
    let verdicts = [Verdict::Move, Verdict::Stop, Verdict::Stop];
    for (who, verdict) in [ADA, BEN, CLIO].into_iter().zip(verdicts) {
        fold.casts(who, scheme(), Answer::Verdict { verdict });
    }
    let open = Some(Answer::Verdict { verdict: Verdict::Open });
    assert_eq!(refused(fold.cast(ADA, scheme(), open)), "bad_answer");
    fold.reveal();
    let counts = VerdictCounts { move_on: 1, wait: 0, stop: 2 };
    assert_eq!(fold.tally(&scheme()).counts, Some(Counts::Verdict(counts)));

    fold.go(COMMIT);
    fold.open();
    for (who, scale) in [(ADA, 5), (BEN, 0), (CLIO, 5)] {
        fold.casts(who, Item::session(), Answer::Scale { scale });
    }
    assert_eq!(refused(fold.cast(ADA, Item::session(), Some(Answer::Scale { scale: 6 }))), "bad_answer");
    fold.reveal();
    let scale = Counts::Scale(ScaleCounts { counts: [1, 0, 0, 0, 0, 2] });
    assert_eq!(fold.tally(&Item::session()).counts, Some(scale));

    let told = |order: &[ParticipantId]| {
        let mut fold = at(TEXT);
        fold.open();
        for who in order {
            fold.casts(*who, Item::session(), Answer::Text { text: format!(" {who} ") });
        }
        fold.reveal();
        match fold.tally(&Item::session()).counts {
            Some(Counts::Text(texts)) => texts,
            other => panic!("{other:?}"),
        }
    };
    let texts = told(&[ADA, BEN, CLIO]);
    assert_eq!(texts.len(), 3);
    assert_eq!(texts, told(&[CLIO, BEN, ADA]), "not that in which they came");
    fold.check();
}

#[test]
fn a_paper_ballot_is_only_for_who_has_no_device_and_never_over_a_cast() {
    let mut fold = at(SORT);
    fold.command(FACILITATOR, &Command::Person { name: "Pat".into() });
    let pat = fold.session.people().present().last().unwrap().id;
    fold.open();
    let paper = |participant, pillar: &str| Command::Paper {
        participant,
        step: SORT,
        round: 1,
        answers: vec![OwnAnswer { item: scheme(), value: on(pillar) }],
    };
    assert_eq!(refused(fold.command(FACILITATOR, &paper(ADA, "off"))), "has_device");
    assert_eq!(refused(fold.command(BEN, &paper(pat, "off"))), "facilitator_only");
    assert!(matches!(fold.command(FACILITATOR, &paper(pat, "nowhere")), Outcome::Refused(_)));
    fold.command(FACILITATOR, &paper(pat, "unknown"));
    fold.command(FACILITATOR, &paper(pat, "off"));
    fold.casts(ADA, scheme(), core());
    fold.casts(BEN, scheme(), core());
    fold.reveal();
    let round = fold.round(1);
    assert_eq!(
        round.tally.as_ref().map(|tally| (tally.eligible, tally.answered, tally.on_paper)),
        Some((4, 3, 1))
    );
    let counts = PileCounts { off: 1, pillars: vec![(CORE, 2), (GROWTH, 0)], unknown: 0 };
    assert_eq!(fold.tally(&scheme()).counts, Some(Counts::Placement(counts)));
    fold.check();
}

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
