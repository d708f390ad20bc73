//! The log that all formats tell.

use std::collections::BTreeMap;

use plumbline::{
    log::{
        chain::{self, Content, Hash},
        decisions::{Book, Decided},
        export::{Format, Reader, Report},
        record::{CHANGE_VERSION, Change, Closed, Deed, Says, Status, records},
    },
    session::{Attended, ImportNote, entry::File},
    store::Position,
};
use plumbline_shared::{
    answer::Item,
    board::{Board, Decision, Pillar, Placement, Project, Step},
    deciding::{EVERY, fields},
    ids::{PillarId, ProjectId, SessionId, StepId},
    methods::{PileCounts, VerdictCounts},
    results::{Counts, Dissent, ItemTally, Round, StepResults, Tally},
    schema::{Root, Shape},
    words::{Question, StepKind, Verdict},
};
use uuid::Uuid;

/// 2026-11-27T18:00:00Z
pub(crate) const EVENING: u64 = 1_795_802_400_000;

/// Texts that files get wrong.
pub(crate) fn texts() -> Vec<String> {
    let plain = [
        r#""Double" and 'single' quotes, “typographic” and «French» ones"#,
        "first line\nsecond line\r\nthird line\n\nafter a blank one",
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1+2",
        "-2+3",
        "@SUM(A1:A9)",
        "👩‍👩‍👧‍👦 family, 🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag, e\u{301} composed",
        "مشروع المياه (מים) 123 – ‏نص",
        "<script>alert(1)</script> & | *a* _b_ [c](d) `e` # $f$ ~~g~~ \\ <b>",
        "a;b,c\\n d:e;VALUE=DATE:x\\,",
        "水资源项目 ネットゼロ 프로젝트",
        "- one\n- two\n1. three\n# four\n---\n> five",
        "1.5",
        "[[wiki]] ![img](http://x) https://example.org/?a=1&b=2",
        "Ends in a backslash \\",
        "हिन्दी परियोजना ภาษาไทย",
    ];
    let mut texts: Vec<String> = plain.map(str::to_owned).to_vec();
    let part = "Long “text”, with =1+1; and 🚰 مياه, line\nbreaks | pipes. ";
    texts.push(part.chars().cycle().take(10_000).collect());
    texts
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0192_f0c4_7b1e_7cc3_98c4_dc0c_0c07_0000 + number)
}

fn verdict(at: usize) -> Verdict {
    Verdict::ALL[at % Verdict::ALL.len()]
}

/// A decision on a project for each text, with every field that its verdict has.
fn board() -> Board {
    let texts = texts();
    let text = |at: usize| texts[at % texts.len()].clone();
    let mut board = Board::default();
    board.session.title = text(0);
    board.session.purpose = text(1);
    board.session.decider = text(7);
    board.session.rule = text(3);
    board.session.currency = "EUR".to_owned();
    board.session.closed = true;
    for at in 0..2 {
        board.pillars.push(Pillar {
            id: PillarId(id(900 + at as u128)),
            name: text(6 + at),
            intent: text(16),
            goals: vec![text(2)],
            ..Pillar::default()
        });
    }
    let (mut items, mut sorted, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..texts.len() {
        let project = ProjectId(id(at as u128));
        let days = [("2027-01-31", 0), ("2026-12-20", 1), ("2028-02-29", 2)];
        board.projects.insert(
            project,
            Project {
                name: text(at),
                reference: text(at + 1),
                sponsor: text(at + 2),
                owner: text(at + 3),
                cost: Some(at as f64 * 1_000.5 - 500.0),
                people: (at % 3 != 0).then_some(at as f64),
                ..Project::default()
            },
        );
        let pile = if at % 2 == 0 { id(900).to_string() } else { "off".to_owned() };
        board.placements.insert(project, Placement { pile, order: format!("{at:04}") });
        let mut more = BTreeMap::new();
        // The owner is no further field.
        let further = fields(verdict(at)).iter().chain(EVERY).filter(|field| **field != "owner");
        for (n, field) in further.enumerate() {
            let is_day = Root::Decisions.fields().contains(&(field, Shape::Day));
            let said = if is_day { days[(at + n) % 3].0.to_owned() } else { text(at + n) };
            more.insert((*field).to_owned(), said);
        }
        more.insert("override".to_owned(), text(at + 5));
        more.insert("decided_by".to_owned(), text(at + 6));
        let decision =
            Decision { verdict: Some(verdict(at)), owner: text(at + 4), rationale: text(at + 8), more };
        board.decisions.insert(project, decision);
        items.push(Item::project(project));
        let piles = PileCounts { off: 4, pillars: vec![(PillarId(id(901)), at as u32 % 7)], unknown: 1 };
        sorted.push(Counts::Placement(piles));
        verdicts.push(Counts::Verdict(VerdictCounts { move_on: 1, wait: 2, stop: 9 }));
    }
    for (number, question, counts) in [(1, Question::Placement, sorted), (2, Question::Verdict, verdicts)] {
        let step = StepId(id(800 + number));
        board.agenda.push(Step {
            id: step,
            kind: StepKind::Ballot,
            title: text(number as usize),
            question: Some(question),
            minutes: 5,
            options: Vec::new(),
            order: number.to_string(),
        });
        let tallies = counts.into_iter().map(|counts| ItemTally {
            eligible: 12,
            answered: 12,
            sat_out: 0,
            counts: Some(counts),
        });
        let round = Round {
            question,
            prompt: String::new(),
            budget: 5,
            cap: 5,
            lowest: 0,
            pillars: Vec::new(),
            words: Vec::new(),
            statements: Vec::new(),
            tally: Some(Tally { eligible: 12, answered: 12, on_paper: 0, items: tallies.collect() }),
            items: items.clone(),
        };
        let mut results = StepResults::default();
        results.rounds.insert(1, round);
        if number == 2 {
            let about = |at: usize| Item::project(ProjectId(id(at as u128)));
            results.dissent =
                (0..texts.len()).map(|at| Dissent { about: about(at), text: text(at + 9) }).collect();
        }
        board.results.insert(step, results);
    }
    board
}

pub(crate) fn closed() -> Closed {
    let file = File { sha256: [9; 32], bytes: 77, format: "xlsx".to_owned() };
    Closed {
        session: SessionId(id(700)),
        at: Position { at: EVENING, n: 1 },
        board: board(),
        imports: vec![ImportNote { file, rows: 17, at: EVENING - 60_000 }],
        attendance: vec![Attended { step: StepId(id(801)), here: 11, joined: 12 }],
    }
}

/// The log: the decisions of that session, and what has happened to them since.
pub(crate) fn book() -> Book {
    let mut contents: Vec<Content> = (1..)
        .zip(records(&closed()))
        .map(|(number, mut record)| {
            record.number = number;
            record.into()
        })
        .collect();
    let texts = texts();
    let told = |by: &str| Says::Told { told_by: by.to_owned(), told_on: "2026-12-01".to_owned() };
    let reversed = Says::Status { status: Status::Reversed, reason: texts[8].clone(), superseded_by: None };
    let first = |verdict: Verdict| {
        let is = |content: &&Content| match content {
            Content::Decision(record) => record.verdict == Some(verdict) && record.number != 4,
            Content::Change(_) => false,
        };
        contents.iter().find(is).unwrap().number()
    };
    let done = |what: Deed, by: &str, note: &str, next: Option<&str>| Says::Done {
        what,
        done_by: by.to_owned(),
        done_on: "2026-12-01".to_owned(),
        note: note.to_owned(),
        next_review: next.map(str::to_owned),
    };
    let (moves, waits, stops) = (first(Verdict::Move), first(Verdict::Wait), first(Verdict::Stop));
    for (decision, by, says) in [
        (3, &texts[7], told(&texts[2])),
        (7, &texts[0], told(&texts[6])),
        (4, &texts[3], reversed),
        (stops, &texts[8], done(Deed::FirstStep, &texts[3], &texts[16], None)),
        (stops, &texts[9], done(Deed::Ends, &texts[7], &texts[2], None)),
        (moves, &texts[1], done(Deed::Measure, &texts[6], &texts[4], None)),
        (waits, &texts[5], done(Deed::Review, &texts[0], &texts[1], None)),
        (waits, &texts[5], done(Deed::Review, &texts[5], "", Some("2027-08-15"))),
    ] {
        contents.push(Content::Change(Change {
            // As an earlier release wrote it, and as this one does.
            schema: if matches!(says, Says::Done { .. }) { CHANGE_VERSION } else { 1 },
            number: contents.len() as u64 + 1,
            decision,
            changed_on: "2026-12-02T08:00:00Z".to_owned(),
            by: by.clone(),
            says,
        }));
    }
    let mut previous = Hash::default();
    let entries = contents.iter().map(|content| {
        let (bytes, hash) = chain::seal(previous, content);
        previous = hash;
        chain::read(&bytes).unwrap()
    });
    Book { entries: entries.collect() }
}

pub(crate) fn decided() -> Vec<Decided> {
    book().decided()
}

pub(crate) fn log_file(format: Format, reader: Reader) -> Vec<u8> {
    format.render(&Report::of_log(book(), EVENING), reader)
}

/// The file of the session itself, after its close.
pub(crate) fn session_file(format: Format, reader: Reader) -> Vec<u8> {
    let book = book();
    let log = (book.head(), book.entries.len() as u64);
    format.render(&Report::of_session(&closed(), book.decided(), log, EVENING), reader)
}

/// What a text says, whatever blanks are between its words.
pub(crate) fn words(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}
