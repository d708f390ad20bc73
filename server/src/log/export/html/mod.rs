//! Pages to read and to print: self-contained, without scripts, for A4 and Letter alike.

mod everyone;
mod office;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Reader;
use super::report::{Report, Subject};

/// How a page looks, on the screen and on paper.
const STYLE: &str = include_str!("page.css");

pub(super) fn render(report: &Report, reader: Reader) -> String {
    let (title, content) = match reader {
        Reader::Office => (report.title(), office::page(report)),
        Reader::Everyone => (everyone::title(report), everyone::page(report)),
    };
    frame(report, &title, &content).into_string()
}

fn frame(report: &Report, title: &str, content: &Markup) -> Markup {
    let made = report.exported_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="Plumbline";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 dir="auto" { (title) }
                    @if let Subject::Session(record) = &report.about {
                        @if !record.purpose.trim().is_empty() { p.purpose dir="auto" { (record.purpose.trim()) } }
                        @if !record.closed {
                            p.note { "The session is not closed: what is here may still change." }
                        }
                    }
                }
                main { (content) }
                footer {
                    p {
                        "Made on " time datetime=(report.exported_at.to_string()) { (made) }
                        ". Entries in the decision log: " (report.entries) ". Hash of the last one: "
                        code.head { (report.head) }
                    }
                }
            }
        }
    }
}

/// Text as it was written: line breaks stay, and it runs in the direction of its script.
fn text(text: &str) -> Markup {
    html! { span.text dir="auto" { (text.trim()) } }
}

/// A definition in a list of them, if there is something to say.
fn fact(name: &str, said: &str) -> Markup {
    html! {
        @if !said.trim().is_empty() {
            div { dt { (name) } dd { (text(said)) } }
        }
    }
}
