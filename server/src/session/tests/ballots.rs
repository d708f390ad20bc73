//! Ballots: who answers what, who is told, what the room gets, and what is left of them.

mod doors;
mod room;
mod seats;

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
    at_under(VERSION, step)
}

fn at_under(rules: u32, step: StepId) -> Fold {
    let mut fold = Fold::under(rules);
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
    let mut fold = at_under(3, SORT);
    fold.open();
    fold.casts(ADA, scheme(), core());
    fold.done(Body::Rotated {
        whose: Whose::Participant(ADA),
        token: [77; 32],
        by: Some(super::super::entry::By(FACILITATOR)),
        with: None,
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
