//! What a decision log of 10,000 decisions costs: written, opened, verified, searched, exported. Prints a Markdown table;
//! `cargo xtask bench decisions` shows it. Aims: verified within a second, searched within 20 ms, exported within five.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    collections::BTreeMap,
    io::Write,
    time::{Duration, Instant},
};

use plumbline::{
    import,
    log::{
        decisions::{DecisionLog, Search, verify},
        export::{Format, Reader, Report, read_log},
        record::{Closed, Says, Status},
    },
    store::{Position, SqliteStore},
};
use plumbline_shared::{
    answer::Item,
    board::{Board, Decision, Pillar, Placement, Project, Step},
    day::Day,
    ids::{PillarId, ProjectId, SessionId, StepId},
    methods::{PileCounts, ScaleCounts, VerdictCounts},
    results::{Counts, ItemTally, Round, StepResults, Tally},
    words::{Question, StepKind, Verdict},
};
use uuid::Uuid;

const SESSIONS: u64 = 50;
const PROJECTS: usize = 200;
/// 2026-11-27T18:00:00Z
const EVENING: u64 = 1_795_802_400_000;

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    let log = DecisionLog::default();
    let mut rows: Vec<(String, Duration, String)> = Vec::new();
    let begun = Instant::now();
    for session in 0..SESSIONS {
        log.log(&store, &closed(session)).await.unwrap();
    }
    rows.push(("written: 50 closes of 200 decisions".to_owned(), begun.elapsed(), String::new()));
    for decision in (1..=10_000).step_by(20) {
        let says = Says::Status { status: Status::Accepted, reason: String::new(), superseded_by: None };
        log.change(&store, decision, "Ana", says, EVENING).await.unwrap();
    }
    let entries = log.all(&store).await.unwrap().entries;
    let size: usize = entries.iter().map(|entry| entry.json.get().len()).sum();
    let about = format!("{} entries, {:.1} MB", entries.len(), size as f64 / 1e6);
    drop(entries);

    let (verified, took) = timed(async || verify(&store, None).await.unwrap()).await;
    assert!(verified.holds());
    rows.push(("verified, every entry".to_owned(), took, about));
    let fresh = DecisionLog::default();
    let any = Search::default();
    let (_, took) = timed(async || fresh.list(&store, &any, None, 50).await.unwrap()).await;
    rows.push(("opened by a server that starts, and its first page".to_owned(), took, String::new()));
    let words = |words: &str| Search { words: words.to_owned(), ..Search::default() };
    for (what, most, search) in [
        ("the newest 50", 50, Search::default()),
        ("four words, all that have them", usize::MAX, words("smart metering quarter 7")),
        ("words that none has", usize::MAX, words("nowhere to be found")),
        (
            "stops that are due, of one pillar",
            usize::MAX,
            Search {
                pillar: "Pillar 2".to_owned(),
                verdict: Some(Verdict::Stop),
                due: Day::parse("2027-03-01"),
                holds: true,
                ..Search::default()
            },
        ),
    ] {
        let (found, took) = timed(async || fresh.list(&store, &search, None, most).await.unwrap()).await;
        rows.push((format!("searched: {what}"), took, format!("{} found", found.len())));
    }
    let (_, took) = timed(async || fresh.get(&store, 5_000).await.unwrap().unwrap()).await;
    rows.push(("one decision with its project's history".to_owned(), took, String::new()));
    // What `GET /api/pillars` reads of its forty sessions, and what it asks instead where nothing has come to them.
    let forty = || (SESSIONS - 40..SESSIONS).map(|session| closed(session).session);
    let sessions: Vec<SessionId> = forty().collect();
    let (_, took) = timed(async || {
        for session in &sessions {
            fresh.of_session(&store, *session).await.unwrap();
        }
    })
    .await;
    rows.push(("read for the pillars: 40 sessions of 200 decisions".to_owned(), took, String::new()));
    let (_, took) = timed(async || sessions.iter().map(|session| fresh.mark_of(*session)).max()).await;
    rows.push(("asked whether anything has come to those".to_owned(), took, String::new()));
    let (book, took) = timed(async || fresh.all(&store).await.unwrap()).await;
    rows.push(("read whole".to_owned(), took, String::new()));
    let report = Report::of_log(book, EVENING);
    for format in Format::ALL {
        for reader in [Reader::Office, Reader::Everyone] {
            if reader == Reader::Everyone && format != Format::Html {
                continue;
            }
            let begun = Instant::now();
            let file = format.render(&report, reader);
            let took = begun.elapsed();
            let whom = if reader == Reader::Everyone { ", for everyone" } else { "" };
            let size = format!("{:.1} MB", file.len() as f64 / 1e6);
            rows.push((format!("exported: decisions.{}{whom}", format.ending()), took, size));
            if format == Format::Json {
                let begun = Instant::now();
                assert_eq!(read_log(&file).unwrap().head(), report.head);
                rows.push(("that file read again and verified".to_owned(), begun.elapsed(), String::new()));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "| 10,000 decisions | ms | |\n| --- | ---: | --- |").unwrap();
    for (what, took, about) in rows {
        writeln!(out, "| {what} | {:.1} | {about} |", took.as_secs_f64() * 1e3).unwrap();
    }
}

async fn timed<T>(work: impl AsyncFnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work().await;
    (done, begun.elapsed())
}

/// A session that has decided on 200 projects, after a sort alone in two rounds, private verdicts and a commitment.
fn closed(session: u64) -> Closed {
    let (portfolio, _) = import::sample();
    let mut board = Board::default();
    let id = |kind: u128, at: usize| Uuid::from_u128((u128::from(session) << 64) | (kind << 32) | at as u128);
    board.session.title = format!("Review of quarter {session}");
    board.session.purpose = "Choose, and keep to it.".to_owned();
    board.session.decider = "The chief executive".to_owned();
    board.session.rule = "The decider, after the room".to_owned();
    board.session.currency = "GBP".to_owned();
    board.session.closed = true;
    board.pillars = (0..6)
        .map(|at| Pillar {
            id: PillarId(id(1, at)),
            name: format!("Pillar {at}"),
            intent: "What it is there for, in a sentence or two.".to_owned(),
            goals: vec!["Halve it by the end of the year".to_owned()],
            ..Pillar::default()
        })
        .collect();
    let mut items = Vec::new();
    for at in 0..PROJECTS {
        let row = &portfolio.projects[at % portfolio.projects.len()];
        let project = ProjectId(id(2, at));
        let named = Project {
            name: format!("{} {}", row.name, at / portfolio.projects.len()),
            reference: format!("P-{at:03}"),
            sponsor: row.sponsor.clone(),
            cost: row.cost.map(|cost| cost as f64),
            people: row.people.map(|people| people as f64),
            ..Project::default()
        };
        board.projects.insert(project, named);
        let pile = if at % 2 == 0 { board.pillars[at % 6].id.to_string() } else { "off".to_owned() };
        board.placements.insert(project, Placement { pile, order: format!("{at:04}") });
        let text = |text: &str| text.to_owned();
        let more = [
            ("ends", text("2027-02-28")),
            ("expires", text("2027-04-30")),
            ("review", text("2027-05-15")),
            ("first_step", text("Tell the team and the supplier")),
            ("frees", text("Nine people for smart metering")),
            ("trigger", text("The regulator's final determination")),
            ("measure", text("Meters read without a visit, by month")),
            ("obstacles", text("The old contract, and those who signed it")),
            ("decided_by", text("The chief executive")),
            ("decide_by", text("2027-01-15")),
        ];
        let decision = Decision {
            verdict: Some(Verdict::ALL[at % 4]),
            owner: format!("Owner {}", at % 17),
            rationale:
                "Worth doing, and not ours to do this year: it binds people whom the programme needs, and \
                        nobody could say which pillar would miss its goal without it."
                    .to_owned(),
            more: more.into_iter().map(|(field, text)| (field.to_owned(), text)).collect::<BTreeMap<_, _>>(),
        };
        board.decisions.insert(project, decision);
        items.push(Item::project(project));
    }
    let of_all = |counts: &dyn Fn(usize) -> Counts| -> Vec<ItemTally> {
        (0..PROJECTS)
            .map(|at| ItemTally { eligible: 12, answered: 12, sat_out: 0, counts: Some(counts(at)) })
            .collect()
    };
    let sorted = of_all(&|at| {
        let on = (PillarId(id(1, at % 6)), 7);
        Counts::Placement(PileCounts { off: 4, pillars: vec![on], unknown: 1 })
    });
    let verdicts = of_all(&|_| Counts::Verdict(VerdictCounts { move_on: 5, wait: 3, stop: 4 }));
    let sure = Counts::Scale(ScaleCounts { counts: [0, 1, 2, 4, 4, 1] });
    let sure = vec![ItemTally { eligible: 12, answered: 12, sat_out: 0, counts: Some(sure) }];
    let steps = [
        (Question::Placement, StepKind::Ballot, items.clone(), sorted, 2),
        (Question::Verdict, StepKind::Ballot, items, verdicts, 1),
        (Question::Scale, StepKind::Commit, vec![Item::session()], sure, 1),
    ];
    for (at, (question, kind, items, tallies, rounds)) in steps.into_iter().enumerate() {
        let step = StepId(id(3, at));
        board.agenda.push(Step {
            id: step,
            kind,
            title: format!("Step {at}"),
            question: Some(question),
            minutes: 5,
            options: Vec::new(),
            order: at.to_string(),
        });
        let round = Round {
            question,
            prompt: String::new(),
            budget: 5,
            cap: 5,
            lowest: 0,
            pillars: Vec::new(),
            statements: Vec::new(),
            words: Vec::new(),
            tally: Some(Tally { eligible: 12, answered: 12, on_paper: 0, items: tallies }),
            items,
        };
        let mut results = StepResults::default();
        results.rounds.extend((1..=rounds).map(|number| (number, round.clone())));
        board.results.insert(step, results);
    }
    Closed {
        session: SessionId(id(4, 0)),
        at: Position { at: EVENING + session, n: 0 },
        board,
        imports: Vec::new(),
        attendance: Vec::new(),
    }
}
