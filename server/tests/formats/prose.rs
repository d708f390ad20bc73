//! Markdown, as one document and as one for each decision, by pulldown-cmark.

use std::io::{Cursor, Read};

use plumbline::log::{
    decisions::Decided,
    export::{Format, Reader},
};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::material::{book, decided, log_file, session_file, words};

/// A section: its heading, the items of its lists, its paragraphs.
#[derive(Debug, Default)]
struct Section {
    heading: String,
    items: Vec<String>,
    paragraphs: Vec<String>,
    cells: Vec<String>,
    links: Vec<String>,
}

/// The sections of a document, as a reader of Markdown sees them. Nothing of a text may have become markup.
fn sections(markdown: &str, deepest: HeadingLevel) -> Vec<Section> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let (mut sections, mut text, mut in_item) = (vec![Section::default()], String::new(), false);
    for event in Parser::new_ext(markdown, options) {
        let section = sections.last_mut().unwrap();
        match event {
            Event::Start(Tag::Heading { level, .. }) if level <= deepest => {
                sections.push(Section::default());
                text.clear();
            }
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => text.clear(),
            Event::End(TagEnd::Heading(_)) if section.heading.is_empty() => {
                section.heading = std::mem::take(&mut text);
            }
            Event::Start(Tag::Item) => {
                in_item = true;
                text.clear();
            }
            Event::End(TagEnd::Item) => {
                in_item = false;
                section.items.push(std::mem::take(&mut text));
            }
            Event::Start(Tag::Paragraph) if !in_item => text.clear(),
            Event::End(TagEnd::Paragraph) if !in_item => section.paragraphs.push(std::mem::take(&mut text)),
            Event::End(TagEnd::TableCell) => section.cells.push(std::mem::take(&mut text)),
            Event::Start(Tag::Link { dest_url, .. }) => section.links.push(dest_url.to_string()),
            Event::Text(part) => text.push_str(&part),
            Event::Code(part) => {
                assert!(part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit()), "{part}");
                text.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::InlineHtml(tag) if &*tag == "<br>" => text.push('\n'),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Rule => {
                panic!("a text became markup: {event:?}")
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Emphasis) => {
                panic!("a text became markup: {event:?}")
            }
            _ => {}
        }
    }
    sections
}

/// What the items of a decision say, by their names.
fn facts(decided: &Decided) -> Vec<(&'static str, String)> {
    let record = &decided.record;
    let mut facts = vec![
        ("Decided", record.decided_day()),
        ("Session", record.session.title.clone()),
        ("Owner", record.owner.clone()),
        ("Reference", record.project.reference.clone()),
        ("Decider", record.decider.clone()),
        ("Rule", record.rule.clone()),
        ("Sponsor", record.project.sponsor.clone()),
        ("Run by", record.project.owner.clone()),
        ("Said unsigned", record.dissent[0].text.clone()),
    ];
    for (field, name) in [
        ("coalition", "Carried by"),
        ("assumptions", "Assumptions"),
        ("measure", "Measure"),
        ("obstacles", "What will resist"),
        ("first_step", "First step"),
        ("ends", "Ends"),
        ("frees", "Frees"),
        ("trigger", "Trigger"),
        ("expires", "Expires"),
        ("review", "Review"),
        ("alternatives", "Alternatives considered"),
        ("consulted", "Consulted"),
        ("informed", "Informed"),
        ("effective", "Effective from"),
    ] {
        if !record.field(field).is_empty() {
            facts.push((name, record.field(field).to_owned()));
        }
    }
    facts
}

/// Those of them that a session's own document says at each decision: the others stand there once, or elsewhere.
fn of_session(decided: &Decided) -> Vec<(&'static str, String)> {
    let elsewhere = ["Decided", "Session", "Decider", "Rule", "Run by", "Said unsigned"];
    facts(decided).into_iter().filter(|(name, _)| !elsewhere.contains(name)).collect()
}

fn says(section: &Section, decided: &Decided) {
    for (name, text) in facts(decided) {
        let wanted = words(&format!("{name}: {text}"));
        let found = section.items.iter().any(|item| words(item) == wanted);
        assert!(found, "{name} of {}: {:?}", decided.record.number, section.items);
    }
}

#[test]
fn one_document_has_every_decision_with_every_field() {
    let markdown = String::from_utf8(log_file(Format::Markdown, Reader::Office)).unwrap();
    let sections = sections(&markdown, HeadingLevel::H3);
    assert_eq!(sections[1].heading, "Decision log");
    assert!(sections[1].items.iter().any(|item| item.ends_with(&book().head().to_string())));
    let decided = decided();
    let holding = decided.iter().filter(|decided| decided.holds()).count();
    assert_eq!(sections[2].cells.len(), 7 * (holding + 1), "what holds, in a table");
    assert_eq!(sections.len(), 4 + decided.len());
    for (section, decided) in sections[4..].iter().zip(&decided) {
        let record = &decided.record;
        let heading = format!("{}. {}: {}", record.number, record.project.name, record.verdict.unwrap());
        assert_eq!(words(&section.heading), words(&heading));
        says(section, decided);
        assert_eq!(words(&section.paragraphs.concat()).find(&words(&record.rationale)), Some(0));
        for change in &decided.changes {
            assert!(section.items.iter().any(|item| item.contains(&format!("entry {}: ", change.number))));
        }
    }
}

#[test]
fn the_archive_has_a_file_for_each_decision_and_an_index_that_leads_to_it() {
    let bytes = log_file(Format::Zip, Reader::Office);
    assert_eq!(bytes, log_file(Format::Zip, Reader::Office), "equal logs give equal bytes");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let decided = decided();
    assert_eq!(names.len(), decided.len() + 1);
    assert!(
        names
            .iter()
            .all(|name| name.len() < 200 && !name.contains(['\\', ':', '*', '?', '"', '<', '>', '|', ' ']))
    );
    let index = &sections(&read("README.md"), HeadingLevel::H1)[1];
    assert!(index.items.iter().any(|item| item.ends_with(&book().head().to_string())));
    assert_eq!(index.links.len(), decided.len());
    for (decided, link) in decided.iter().zip(&index.links) {
        let record = &decided.record;
        assert!(link.starts_with(&format!("decisions/{:04}", record.number)), "{link}");
        let file = read(link);
        let (front, markdown) = file.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        let said: std::collections::BTreeMap<&str, String> = front
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
            .collect();
        assert_eq!(said["status"], decided.standing.status.words());
        assert_eq!((&said["date"], &said["owner"]), (&record.decided_day(), &record.owner));
        assert_eq!(
            (&*said["consulted"], &*said["informed"]),
            (record.field("consulted"), record.field("informed"))
        );
        let document = &sections(markdown, HeadingLevel::H1)[1];
        let title = format!("{}: {}", record.project.name, record.verdict.unwrap());
        assert_eq!(words(&document.heading), words(&title));
        let whole = words(&document.paragraphs.concat());
        assert!(
            whole.contains(&words(&record.rationale)) && whole.contains(&words(record.field("alternatives")))
        );
        says(document, decided);
    }
}

#[test]
fn a_sessions_document_has_every_project_with_every_field_of_its_decision() {
    let markdown = String::from_utf8(session_file(Format::Markdown, Reader::Office)).unwrap();
    let sections = sections(&markdown, HeadingLevel::H3);
    assert!(markdown.contains(&book().head().to_string()), "the head of the chain");
    for decided in decided() {
        let record = &decided.record;
        let heading = words(&record.project.name);
        let section = sections
            .iter()
            .find(|section| {
                words(&section.heading).contains(&heading)
                    && words(&section.paragraphs.concat()).contains(&words(&record.rationale))
            })
            .unwrap_or_else(|| panic!("a section of {}", record.number));
        for (name, text) in of_session(&decided) {
            let found = section.items.iter().any(|item| words(item) == words(&format!("{name}: {text}")));
            assert!(found, "{name} of {}: {:?}", record.number, section.items);
        }
    }
}

#[test]
fn a_sessions_archive_has_a_file_for_each_of_its_decisions() {
    let mut archive = zip::ZipArchive::new(Cursor::new(session_file(Format::Zip, Reader::Office))).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let index = read("README.md");
    assert!(index.contains(&book().head().to_string()));
    let of_session: Vec<Decided> = decided().into_iter().filter(Decided::holds).collect();
    assert!(names.len() > of_session.len(), "{names:?}");
    let files: Vec<Section> = names
        .iter()
        .filter(|name| name.ends_with(".md") && *name != "README.md")
        .map(|name| {
            let file = read(name);
            let (_, markdown) = file.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
            sections(markdown, HeadingLevel::H1).remove(1)
        })
        .collect();
    for decided in &of_session {
        let record = &decided.record;
        let title = words(&format!("{}: {}", record.project.name, record.verdict.unwrap()));
        let file = files.iter().find(|file| {
            words(&file.heading) == title
                && file.items.iter().any(|item| words(item).contains(&words(&record.owner)))
        });
        says(file.unwrap_or_else(|| panic!("a file of {}", record.number)), decided);
    }
}
