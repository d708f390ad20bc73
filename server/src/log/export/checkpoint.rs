//! What a checkpoint comes to, as the files of its session tell it: the model of the pages, figure by figure.

use maud::{Markup, html};
use plumbline_shared::{
    board::Board,
    checkpoint::{Figure, List, checkpoint_report, figures, lists},
    day::Day,
    ids::{ProjectId, SessionId},
};
use serde::Serialize;

use super::{
    amount::Amount,
    escape::{cell, inline, line},
};

/// What a checkpoint comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checkpoint {
    /// The session that it looks back on.
    earlier: Before,
    /// The day that it is told for: `2027-03-01`.
    on: String,
    figures: Vec<Told>,
    /// What was asked in sentences: each with how many chose 1 to 5, or `null` where too few have answered.
    statements: Vec<Statement>,
    findings: Vec<Found>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Before {
    session: SessionId,
    title: String,
    closed_on: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Told {
    key: &'static str,
    label: &'static str,
    count: Option<Amount>,
    of: Option<Amount>,
    /// Of how many projects it is known, of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<(u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Statement {
    statement: String,
    /// The index is the number, 0 to 5.
    counts: Option<[u32; 6]>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Found {
    key: &'static str,
    label: &'static str,
    projects: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Item {
    id: ProjectId,
    name: String,
    says: String,
}

impl Checkpoint {
    /// What the board of a checkpoint comes to on a day; none where it is the board of no checkpoint.
    pub fn of(board: &Board, today: Day) -> Option<Self> {
        let session = board.session.earlier.as_ref()?;
        let report = checkpoint_report(board, today)?;
        let told = |figure: Figure| Told {
            key: figure.key,
            label: figure.label,
            count: Amount::new(figure.count),
            of: Amount::new(figure.of),
            known: figure.known,
        };
        let found = |list: List| Found {
            key: list.key,
            label: list.label,
            projects: list.items.into_iter().map(|(id, name, says)| Item { id, name, says }).collect(),
        };
        Some(Self {
            earlier: Before {
                session: session.session,
                title: session.title.clone(),
                closed_on: Day::of(session.closed_at).to_string(),
            },
            on: today.to_string(),
            figures: figures(&report).into_iter().map(told).collect(),
            statements: report
                .statements
                .iter()
                .map(|(statement, counts)| Statement {
                    statement: statement.clone(),
                    counts: counts.as_ref().map(|counts| counts.counts),
                })
                .collect(),
            findings: lists(board, &report).into_iter().map(found).collect(),
        })
    }

    /// As a part of the Markdown document.
    pub(super) fn markdown(&self, out: &mut String) {
        line!(out, "## What has happened since {}", inline(&self.earlier.title));
        line!(out);
        line!(out, "Closed on {}; looked at on {}.", self.earlier.closed_on, self.on);
        line!(out);
        line!(out, "| Figure | Count | Of | Known |");
        line!(out, "| --- | ---: | ---: | --- |");
        for told in &self.figures {
            line!(out, "| {} | {} | {} | {} |", told.label, told.count(), told.of(), told.known());
        }
        line!(out);
        for statement in &self.statements {
            line!(out, "- {} {}", inline(&statement.statement), statement.says());
        }
        line!(out);
        for found in &self.findings {
            line!(out, "### {} ({})", found.label, found.projects.len());
            line!(out);
            line!(out, "| Project | |");
            line!(out, "| --- | --- |");
            for item in &found.projects {
                line!(out, "| {} | {} |", cell(&item.name), cell(&item.says));
            }
            line!(out);
        }
    }

    /// As a part of the office's page.
    pub(super) fn html(&self) -> Markup {
        html! {
            h2 { "What has happened since " span dir="auto" { (self.earlier.title) } }
            p.soft { "Closed on " (self.earlier.closed_on) "; looked at on " (self.on) "." }
            table {
                thead { tr { th { "Figure" } th { "Count" } th { "Of" } th { "Known" } } }
                tbody {
                    @for told in &self.figures {
                        tr { td { (told.label) } td { (told.count()) } td { (told.of()) } td { (told.known()) } }
                    }
                }
            }
            @if !self.statements.is_empty() {
                ul { @for statement in &self.statements { li { span dir="auto" { (statement.statement) } " " (statement.says()) } } }
            }
            @for found in &self.findings {
                h3 { (found.label) " (" (found.projects.len()) ")" }
                table {
                    tbody {
                        @for item in &found.projects {
                            tr { td dir="auto" { (item.name) } td dir="auto" { (item.says) } }
                        }
                    }
                }
            }
        }
    }
}

impl Told {
    fn count(&self) -> String {
        self.count.map(|count| count.grouped()).unwrap_or_default()
    }

    fn of(&self) -> String {
        self.of.map(|of| of.grouped()).unwrap_or_default()
    }

    fn known(&self) -> String {
        self.known.map(|(known, of)| format!("for {known} of {of}")).unwrap_or_default()
    }
}

impl Statement {
    fn says(&self) -> String {
        let Some(counts) = self.counts else { return "(too few have answered)".to_owned() };
        let given = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let given: Vec<String> = given.map(|(number, count)| format!("{number}: {count}")).collect();
        format!("({})", given.join(", "))
    }
}
