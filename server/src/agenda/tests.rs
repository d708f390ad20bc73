//! The shipped templates keep to the schema and to the reader, and both say the same of everything else.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use jsonschema::Validator;
use plumbline_shared::{
    agenda::{Options, minutes_in_two, option, script},
    schema::{Plain, Root, Shape},
    words::Subjects,
};

use super::*;

fn schema() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::options().build(&schema).unwrap()
}

/// A template of one step, to be bent.
fn one(step: Value) -> Value {
    json!({ "id": "mine", "title": "Mine", "minutes": 90, "steps": [step] })
}

#[test]
fn every_shipped_template_keeps_to_the_schema() {
    let schema = schema();
    for file in FILES {
        let template: Value = serde_json::from_str(file).unwrap();
        let errors: Vec<String> = schema
            .iter_errors(&template)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", template["id"]);
        let again = Template::read(file).unwrap();
        assert!(schema.is_valid(&again.to_json()), "as we write it, too");
        assert_eq!(Template::of(&again.to_json()).unwrap(), again);
    }
}

#[test]
fn the_shipped_templates_are_those_of_the_design() {
    let ids: Vec<&str> = shipped().iter().map(|template| template.id.as_str()).collect();
    let promised = ["align", "quick-sort", "frame", "choose", "checkpoint", "pulse"];
    assert_eq!(ids[..6], promised);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let takes = |id: &str| find(id).unwrap().minutes;
    assert_eq!(promised.map(takes), [90, 30, 60, 60, 45, 10]);
    assert!(find("elsewhere").is_none());
}

#[test]
fn align_keeps_the_time_budget_of_the_design() {
    let steps = &find("align").unwrap().steps;
    let parts: Vec<(&str, u32, u32)> = steps
        .iter()
        .map(|step| {
            let (answer, reveal) = minutes_in_two(step.minutes, &step.options);
            (step.title.as_str(), answer, reveal)
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("Gather", 8, 0),
            // *Reveal* is what this step comes to: fourteen minutes, and five.
            ("Sort alone", 14, 5),
            ("Sort together", 15, 0),
            ("Four questions", 5, 3),
            // *Verdict*, with the dots that order the moves: four minutes.
            ("Verdict", 2, 1),
            ("Order the moves", 1, 0),
            ("Decide", 22, 0),
            ("Commit", 4, 4),
            ("Close", 2, 0),
        ]
    );
    assert_eq!(parts.iter().map(|(_, answer, reveal)| answer + reveal).sum::<u32>(), 86, "four in reserve");
}

#[test]
fn every_step_has_its_whole_script() {
    for template in shipped() {
        assert!(!template.summary.is_empty());
        for step in &template.steps {
            let place = format!("{}, {}", template.id, step.title);
            for name in option::SCRIPT {
                let text = script(&step.options, name, false);
                assert!(text.len() > 10, "{place}: {name}");
                // A script is looked at between two sentences of one's own.
                assert!(text.len() < 900, "{place}: {name} is too long to be used");
            }
            let now = script(&step.options, option::NOW, false);
            assert!(now.len() <= 140, "{place}: one sentence, read at a glance: {now}");
            if let Some(question) = step.question {
                assert_ne!(
                    script(&step.options, option::NOW, true),
                    now,
                    "{place}: it goes on after the reveal"
                );
                let read = Options::read(question, &step.options);
                assert!(read.subjects != Subjects::Statements || read.statements.len() >= 3, "{place}");
            }
        }
    }
}

#[test]
fn what_a_template_becomes_fits_the_board() {
    let shape = |field: &str| {
        Root::Agenda.fields().iter().find(|(name, _)| *name == field).map(|(_, shape)| *shape).unwrap()
    };
    let mut ids = BTreeSet::new();
    for template in shipped() {
        let rows = template.rows();
        assert_eq!(rows.len(), template.steps.len());
        for row in rows {
            assert!(ids.insert(row.id), "every step has an id of its own");
            assert!(shape("title").fits(&Plain::Text(&row.title)));
            assert!(shape("minutes").fits(&Plain::Number(row.minutes.into())));
            assert!(row.question.is_empty() || shape("question").fits(&Plain::Text(&row.question)));
            let pairs = row
                .options
                .iter()
                .map(|(name, text)| Plain::List(vec![Plain::Text(name), Plain::Text(text)]));
            assert_eq!(shape("options"), Shape::Pairs);
            assert!(shape("options").fits(&Plain::List(pairs.collect())));
        }
    }
}

#[test]
fn the_schema_and_the_reader_take_and_refuse_the_same() {
    let schema = schema();
    let ballot = |question: &str, options: Value| {
        one(json!({ "kind": "ballot", "question": question, "title": "x", "minutes": 9, "options": options }))
    };
    let board =
        |options: Value| one(json!({ "kind": "board", "title": "x", "minutes": 9, "options": options }));
    let good = [
        one(json!({ "kind": "gather", "title": "x", "minutes": 0 })),
        one(json!({ "kind": "commit", "question": "scale", "title": "x", "minutes": 3 })),
        board(json!({ "now": "Place.", "say": "One.\nTwo.", "x-mine": "kept", "x-list": ["a", "b"] })),
        ballot("placement", json!({ "subjects": "all", "half": "yes", "reveal": "9" })),
        ballot("hobby", json!({ "subjects": "off", "revealed_now": "Look." })),
        ballot(
            "verdict",
            json!({ "subjects": "shortlist", "shortlist": "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f" }),
        ),
        ballot("dots", json!({ "budget": "7", "cap": "7" })),
        ballot("scale", json!({ "subjects": "statements", "statement": ["a", "b"], "lowest": "1" })),
        ballot("scale", json!({ "subjects": "statements", "statement": "a" })),
        ballot("scale", json!({ "subjects": "stopped", "word": ["No", "Some", "As much"], "asks": "seen" })),
        ballot("scale", json!({ "subjects": "moved", "word": ["No", "Yes"] })),
        ballot("text", json!({ "subjects": "pillars", "prompt": "What does it mean?\nAnd what not?" })),
    ];
    for template in good {
        assert!(schema.is_valid(&template), "{template}");
        let read = Template::of(&template).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Template::of(&read.to_json()).unwrap(), read);
    }
    let step = || json!({ "kind": "board", "title": "x", "minutes": 9 });
    let bent = |name: &str, value: Value| {
        let mut template = one(step());
        template[name] = value;
        template
    };
    let bad = [
        json!([]),
        json!({}),
        bent("id", "Not An Id".into()),
        bent("id", "-".into()),
        bent("id", "a--b".into()),
        bent("id", "x".repeat(41).into()),
        bent("title", "".into()),
        bent("title", "a\nb".into()),
        bent("title", 7.into()),
        bent("summary", "x".repeat(1_001).into()),
        bent("minutes", 0.into()),
        bent("minutes", 1_441.into()),
        bent("minutes", json!(1.5)),
        bent("minutes", "90".into()),
        bent("steps", json!([])),
        bent("steps", json!({})),
        bent("steps", vec![step(); 65].into()),
        bent("author", "me".into()),
        one(json!("board")),
        one(json!({ "kind": "dance", "title": "x", "minutes": 9 })),
        one(json!({ "kind": "board", "title": " ", "minutes": 9 })),
        one(json!({ "kind": "board", "title": "x" })),
        one(json!({ "kind": "board", "titel": "x", "title": "x", "minutes": 9 })),
        one(json!({ "kind": "ballot", "title": "x", "minutes": 9 })),
        one(json!({ "kind": "board", "question": "text", "title": "x", "minutes": 9 })),
        one(json!({ "kind": "commit", "title": "x", "minutes": 9 })),
        one(json!({ "kind": "commit", "question": "text", "title": "x", "minutes": 9 })),
        board(json!([])),
        board(json!({ "subject": "all" })),
        board(json!({ "subjects": "all" })),
        board(json!({ "revealed_now": "Look." })),
        board(json!({ "now": "" })),
        board(json!({ "now": "one\ntwo" })),
        board(json!({ "say": 7 })),
        board(json!({ "say": ["one", "two"] })),
        board(json!({ "say": "x".repeat(4_001) })),
        board(json!({ "x-": "nothing" })),
        ballot("placement", json!({ "subjects": "pillars" })),
        ballot("placement", json!({ "subjects": "everything" })),
        ballot("placement", json!({ "half": "maybe" })),
        ballot("placement", json!({ "budget": "5" })),
        ballot("verdict", json!({ "shortlist": "the first three" })),
        ballot("dots", json!({ "budget": 5 })),
        ballot("dots", json!({ "budget": "05" })),
        ballot("dots", json!({ "budget": "0" })),
        ballot("dots", json!({ "cap": "101" })),
        ballot("dots", json!({ "budget": "many" })),
        ballot("dots", json!({ "lowest": "1" })),
        ballot("scale", json!({ "lowest": "2" })),
        ballot("scale", json!({ "subjects": "statements" })),
        ballot("scale", json!({ "subjects": "statements", "statement": [] })),
        ballot("scale", json!({ "subjects": "statements", "statement": ["a", " "] })),
        ballot("scale", json!({ "subjects": "statements", "statement": vec!["a"; 25] })),
        ballot("scale", json!({ "statement": "a" })),
        ballot("scale", json!({ "word": ["No"] })),
        ballot("scale", json!({ "word": vec!["No"; 7] })),
        ballot("scale", json!({ "word": ["No", " "] })),
        ballot("scale", json!({ "word": ["No", "Yes"], "lowest": "1" })),
        ballot("scale", json!({ "word": ["No", "Yes"], "asks": "seen" })),
        ballot("scale", json!({ "word": ["No", "Some", "Yes"], "asks": "anything" })),
        ballot("scale", json!({ "asks": "seen" })),
        ballot("verdict", json!({ "word": ["No", "Yes"] })),
        ballot("text", json!({ "reveal": "soon" })),
    ];
    for template in bad {
        assert!(!schema.is_valid(&template), "the schema takes {template}");
        let refusal = Template::of(&template).expect_err(&template.to_string()).to_string();
        assert!(refusal.ends_with('.') && refusal.contains(": "), "{refusal}");
    }
}

#[test]
fn what_no_schema_can_say_is_said_by_the_reader() {
    let refusal = |step: Value| Template::of(&one(step)).unwrap_err().to_string();
    let dots = |options: Value| {
        refusal(
            json!({ "kind": "ballot", "question": "dots", "title": "Dots", "minutes": 4, "options": options }),
        )
    };
    assert_eq!(
        dots(json!({ "budget": "3", "cap": "4" })),
        "Step 1 (Dots): `cap` is 4 and `budget` 3: nobody has as many dots."
    );
    assert!(dots(json!({ "reveal": "5" })).contains("the step's 4 minutes"));
    let long = refusal(json!({ "kind": "board", "title": "Sort", "minutes": 91 }));
    assert!(long.contains("its steps take 91 minutes"), "{long}");
    let own: Map<String, Value> = (0..65).map(|n| (format!("x-{n}"), "mine".into())).collect();
    assert!(
        refusal(json!({ "kind": "board", "title": "x", "minutes": 1, "options": own }))
            .contains("more than 64")
    );
}

#[test]
fn a_refusal_names_the_place_and_what_stands_there() {
    let refusal = |json: &str| Template::read(json).unwrap_err().to_string();
    assert!(refusal("{").starts_with("The template is not JSON: "));
    let step =
        one(json!({ "kind": "board", "title": "Sort together", "minutes": 9, "options": { "subjet": "x" } }));
    let told = Template::of(&step).unwrap_err().to_string();
    assert!(
        told.starts_with("Step 1 (Sort together): `subjet` is no option. There are subjects, "),
        "{told}"
    );
    let told = refusal(r#"{"id":"a","title":"b","minutes":1,"steps":[],"step":1}"#);
    assert_eq!(
        told,
        "The template: `step` is no field of a template. It has id, title, summary, minutes and steps."
    );
}

#[test]
fn an_agenda_can_be_taken_along_as_a_template() {
    let board = |(at, row): (usize, StepRow)| BoardStep {
        id: row.id,
        kind: row.kind,
        title: row.title,
        question: Question::parse(&row.question),
        minutes: row.minutes,
        options: row.options,
        order: format!("{at:04}"),
    };
    let align = find("align").unwrap();
    let mut agenda: Vec<BoardStep> = align.rows().into_iter().enumerate().map(board).collect();
    agenda[4].options.push((option::SHORTLIST.to_owned(), Uuid::nil().to_string()));
    let taken = Template::of_agenda("Ours", &agenda);
    assert_eq!((taken.minutes, &taken.steps), (86, &align.steps));
    assert_eq!(Template::of(&taken.to_json()).unwrap(), taken);
}
