//! The chief operating officer's page: what has to happen, by whom and when, and where the room was not at one.

use maud::{Markup, html};
use plumbline_shared::{day::Day, words::Verdict};

use super::text;
use crate::log::{
    decisions::Decided,
    export::{
        report::{Report, Subject},
        totals::{Carried, DUES, Due, carried, dues, in_order, load},
    },
    record::Status,
    words,
};

/// How many days ahead the page looks.
const AHEAD: i32 = 30;

pub(super) fn page(report: &Report) -> Markup {
    let of =
        |verdict: Verdict| report.standing().filter(move |decided| decided.record.verdict == Some(verdict));
    let stops = by_day(of(Verdict::Stop).collect(), "ends");
    let waits = by_day(of(Verdict::Wait).collect(), "expires");
    let open = by_day(of(Verdict::Open).collect(), "decide_by");
    let moves = in_order(report.standing());
    let (freed, taken) = (load(of(Verdict::Stop)), load(of(Verdict::Move)));
    html! {
        dl.figures {
            div { dt { "Move" } dd { (moves.len()) } }
            div { dt { "Wait" } dd { (waits.len()) } }
            div { dt { "Stop" } dd { (stops.len()) } }
            div { dt { "Open" } dd { (open.len()) } }
            div { dt { "Cost of what stops" } dd { (freed.cost_words()) } }
            div { dt { "People on what stops" } dd { (freed.people_words()) } }
            div { dt { "Cost of what moves" } dd { (taken.cost_words()) } }
        }
        @if let Subject::Session(record) = &report.about {
            @if let Some(checkpoint) = &record.checkpoint { (checkpoint.html()) }
        }
        (stopping(&stops))
        (moving(&moves))
        (waiting(&waits))
        (undecided(&open))
        (overrides(report))
        (confidence(&carried(report.standing())))
        (days(report))
    }
}

/// In the order of a day that they name; those that name none come last.
fn by_day<'d>(mut decided: Vec<&'d Decided>, field: &str) -> Vec<&'d Decided> {
    decided
        .sort_by_key(|decided| (decided.record.day(field).unwrap_or(Day(i32::MAX)), decided.record.number));
    decided
}

/// The project, with its reference and its number in the log.
fn project(decided: &Decided) -> Markup {
    let project = &decided.record.project;
    let mut about = Vec::new();
    if !project.reference.is_empty() {
        about.push(project.reference.clone());
    }
    if decided.record.number > 0 {
        about.push(format!("decision {}", decided.record.number));
    }
    html! {
        (text(&project.name))
        @if !about.is_empty() { br; span.soft dir="auto" { (about.join(" · ")) } }
    }
}

fn owner(decided: &Decided) -> Markup {
    let owner = decided.record.owner.trim();
    html! { @if owner.is_empty() { strong { "nobody yet" } } @else { (text(owner)) } }
}

/// A day, or that there is none.
fn day(decided: &Decided, field: &str) -> Markup {
    let day = decided.record.field(field);
    html! { @if day.is_empty() { strong { "no day" } } @else { (day) } }
}

/// That what a day is for is done, and when.
fn done(decided: &Decided, field: &str, what: &str) -> Markup {
    html! { @if let Some(done) = decided.done(field) { br; span.soft { (what) " on " (done.on) } } }
}

fn amount(amount: Option<super::super::Amount>, unit: &str) -> String {
    amount.map(|amount| format!("{} {unit}", amount.grouped()).trim().to_owned()).unwrap_or_default()
}

fn days(report: &Report) -> Markup {
    let until = report.today.plus(AHEAD);
    let all = dues(report.standing());
    let near: Vec<&Due<'_>> = all.iter().filter(|due| due.day <= until).collect();
    html! {
        h2 { "The next thirty days" }
        @if near.is_empty() { p.soft { "Nothing is due by " (until) "." } }
        @else {
            table {
                thead { tr { th { "Day" } th { "What" } th { "Project" } th { "Owner" } } }
                tbody {
                    @for due in near {
                        tr {
                            td.day { (due.day) @if due.day < report.today { br; span.late { "past" } } }
                            td { (what(due.field)) @if due.field == "first_step_due" { ": " (text(due.decided.record.field("first_step"))) } }
                            td { (project(due.decided)) }
                            td { (owner(due.decided)) }
                        }
                    }
                }
            }
        }
    }
}

fn what(field: &str) -> &'static str {
    DUES.iter().find(|(name, _)| *name == field).map_or("", |(_, what)| what)
}

fn stopping(stops: &[&Decided]) -> Markup {
    html! {
        h2 { "What stops, and what it frees" }
        @if stops.is_empty() { p.soft { "Nothing stops." } }
        @else {
            table {
                thead { tr {
                    th { "Project" } th { "Ends" } th { "Owner" } th { "First step" } th { "Frees" }
                    th.number { "Cost" } th.number { "People" } th { "Told" }
                } }
                tbody {
                    @for decided in stops {
                        @let record = &decided.record;
                        tr {
                            td { (project(decided)) @if decided.standing.status == Status::WindingDown { br; span.soft { "winding down" } } }
                            td.day { (day(decided, "ends")) (done(decided, "ends", "ended")) }
                            td { (owner(decided)) }
                            td {
                                (text(record.field("first_step")))
                                @if !record.field("first_step_due").is_empty() { br; span.soft { "by " (record.field("first_step_due")) } }
                                (done(decided, "first_step_due", "taken"))
                            }
                            td { (text(record.field("frees"))) }
                            td.number { (amount(record.project.cost, &record.project.currency)) }
                            td.number { (amount(record.project.people, "")) }
                            td { @match &decided.standing.told {
                                Some(told) => { (text(&words::told_of(told))) }
                                None => { strong { "not yet" } }
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn moving(moves: &[&Decided]) -> Markup {
    html! {
        h2 { "What moves, in order" }
        @if moves.is_empty() { p.soft { "Nothing moves." } }
        @else {
            table {
                thead { tr {
                    th.number { "" } th { "Project" } th { "Pillar" } th { "Owner" } th { "Measure" } th { "What will resist" }
                    th.number { "Cost" } th.number { "People" }
                } }
                tbody {
                    @for (at, decided) in (1..).zip(moves) {
                        @let record = &decided.record;
                        tr {
                            td.number { (at) }
                            td { (project(decided)) }
                            td { (text(words::place(&record.to))) }
                            td { (owner(decided)) }
                            td { (text(record.field("measure"))) @if !record.field("measure_due").is_empty() { br; span.soft { "by " (record.field("measure_due")) } } (done(decided, "measure_due", "taken")) }
                            td { (text(record.field("obstacles"))) }
                            td.number { (amount(record.project.cost, &record.project.currency)) }
                            td.number { (amount(record.project.people, "")) }
                        }
                    }
                }
            }
        }
    }
}

fn waiting(waits: &[&Decided]) -> Markup {
    html! {
        h2 { "What waits, and for what" }
        @if waits.is_empty() { p.soft { "Nothing waits." } }
        @else {
            table {
                thead { tr { th { "Project" } th { "Until" } th { "Over on, in any case" } th { "Owner" } } }
                tbody {
                    @for decided in waits {
                        tr {
                            td { (project(decided)) }
                            td { (text(decided.record.field("trigger"))) }
                            td.day { (day(decided, "expires")) }
                            td { (owner(decided)) }
                        }
                    }
                }
            }
        }
    }
}

fn undecided(open: &[&Decided]) -> Markup {
    html! {
        h2 { "What is open" }
        @if open.is_empty() { p.soft { "Nothing is open." } }
        @else {
            table {
                thead { tr { th { "Project" } th { "Who decides" } th { "By" } } }
                tbody {
                    @for decided in open {
                        tr {
                            td { (project(decided)) }
                            td { (text(decided.record.field("decided_by"))) }
                            td.day { (day(decided, "decide_by")) }
                        }
                    }
                }
            }
        }
    }
}

fn overrides(report: &Report) -> Markup {
    let against: Vec<_> = report
        .standing()
        .filter_map(|decided| Some((decided, decided.record.against.as_ref()?, decided.record.verdict?)))
        .collect();
    html! {
        h2 { "Against the room" }
        @if against.is_empty() { p.soft { "Nothing was decided against what most had said in private." } }
        @else {
            table {
                thead { tr { th { "Project" } th { "The room said" } th { "Decided" } th { "By" } th { "Because" } } }
                tbody {
                    @for (decided, against, verdict) in against {
                        tr {
                            td { (project(decided)) }
                            td { (against.room.as_str()) }
                            td { (verdict.as_str()) }
                            td { (text(&against.by)) }
                            td { @if against.reason.trim().is_empty() { strong { "nobody said why" } } @else { (text(&against.reason)) } }
                        }
                    }
                }
            }
        }
    }
}

fn confidence(carried: &[Carried]) -> Markup {
    html! {
        h2 { "In private and in public" }
        @if carried.is_empty() { p.soft { "Nobody was asked how sure they are, and nobody has signed." } }
        @else {
            table {
                thead { tr {
                    th { "Session" } th.number { "Confident, in private" } th.number { "Carry" } th.number { "With a reservation" }
                    th.number { "Do not carry" } th.number { "Gap" }
                } }
                tbody {
                    @for of in carried {
                        tr {
                            td { (text(&of.session)) }
                            td.number { @match of.confident { Some((sure, answered)) => { (sure) " of " (answered) } None => { "–" } } }
                            td.number { (of.signed.carry) }
                            td.number { (of.signed.reservation) }
                            td.number { (of.signed.decline) }
                            td.number { @match of.gap { Some(gap) => { (format!("{gap:+}")) " points" } None => { "–" } } }
                        }
                    }
                }
            }
            p.note { "The gap is what was carried in public beyond what was meant in private. Above zero is the quiet no." }
        }
    }
}
