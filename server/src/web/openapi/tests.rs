//! The description is of this server: what it says there is, there is, and the other way round.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{finish, json};
use crate::web::routes;

/// The calls of the description, by path and method.
fn described() -> BTreeMap<String, BTreeMap<String, Value>> {
    let document = json();
    let paths = document["paths"].as_object().unwrap();
    let calls = |item: &Value| item.as_object().unwrap().clone().into_iter().collect();
    paths.iter().map(|(path, item)| (path.clone(), calls(item))).collect()
}

/// The paths of a router. It lists them in its `Debug` alone; a test below notices when it does so no more.
fn paths(router: &impl std::fmt::Debug) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let paths = told.split('"').filter(|part| part.starts_with('/') && *part != "/" && !part.contains("{*"));
    paths.map(str::to_owned).collect()
}

#[test]
fn every_route_is_described_and_every_description_is_of_a_route() {
    let (router, _) = routes::calls(Default::default()).split_for_parts();
    let routed = paths(&router);
    assert!(routed.len() > 20, "the router does not tell its paths any more: {routed:?}");
    let described: BTreeSet<String> = described().into_keys().collect();
    let undescribed: Vec<_> = routed.difference(&described).collect();
    assert!(
        undescribed.is_empty(),
        "describe these with `#[utoipa::path]` and add them by `.routes(routes!(…))`: {undescribed:?}"
    );
    assert_eq!(described.difference(&routed).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn nothing_beside_the_calls_answers_under_api() {
    // What is added to the router itself, and not to the calls, would be in no description.
    let source = include_str!("../routes/mod.rs");
    let beside = source.lines().filter(|line| line.contains(".route(") || line.contains(".nest("));
    let beside: Vec<&str> = beside.collect();
    assert!(beside.is_empty(), "add these to `calls`, with a description: {beside:?}");
}

#[tokio::test]
async fn a_path_takes_the_methods_that_are_described_and_no_others() {
    let calls = routes::tests::Calls::new().await;
    for (path, item) in described() {
        let path = path.replace("{number}", "1").replace('{', "x").replace('}', "");
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let request = Request::builder().method(&method).uri(&path).body(Body::empty()).unwrap();
            let refused =
                calls.router().oneshot(request).await.unwrap().status() == StatusCode::METHOD_NOT_ALLOWED;
            let is_described = item.contains_key(&method.as_str().to_lowercase());
            assert_eq!(refused, !is_described, "{method} {path}");
        }
    }
}

#[test]
fn the_description_is_openapi_as_its_schema_says() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/openapi-3.1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let document = json();
    let wrong: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The schema says no to something.
    let mut broken = document.clone();
    broken["paths"]["/api/sessions"]["get"]["responses"] = json!({ "two hundred": {} });
    assert!(!validator.is_valid(&broken));
}

#[test]
fn every_schema_of_it_is_one_and_every_reference_leads_somewhere() {
    let document = json();
    each(&document, &mut |name, value| {
        if name == "$ref" {
            let target = value.as_str().unwrap();
            let place =
                target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads out of the document"));
            assert!(document.pointer(place).is_some(), "{target} leads nowhere");
        }
    });
    let meta = jsonschema::draft202012::meta::validator();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(meta.is_valid(schema), "{name} is no schema");
        assert!(
            schema["description"].as_str().is_none_or(|told| !told.contains("[`") && !told.contains("::")),
            "{name}: its description names what only the code has"
        );
        assert!(
            !["Listed", "Shown", "Report", "Row", "Created", "Wish", "Item_", "Note_"]
                .contains(&name.as_str()),
            "{name} is a name that several types have: say `#[schema(as = …)]`"
        );
    }
}

#[test]
fn the_page_tells_all_of_it_and_needs_nothing_from_anywhere() {
    let page = super::page::render(&json());
    for (path, item) in described() {
        for (method, call) in item {
            let place = call["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("<article id=\"{place}\">")), "{method} {path}");
        }
    }
    let linked = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
    for place in linked {
        assert!(page.contains(&format!("id=\"{place}\"")), "nothing is at #{place}");
    }
    // It loads nothing and leads nowhere else. A text may name an address; nobody is taken there.
    let document = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    assert!(document.errors.borrow().is_empty(), "{:?}", document.errors.borrow());
    let mut elements = 0;
    elements_of(&document.document, &mut |name, attributes, text| {
        elements += 1;
        let loads = ["script", "iframe", "object", "embed", "base", "img", "link", "video", "audio", "svg"];
        assert!(!loads.contains(&name), "<{name}>");
        for (field, value) in attributes {
            let is_plain =
                ["href", "id", "class", "lang", "charset", "name", "content", "tabindex", "aria-label"]
                    .contains(&field.as_str());
            assert!(is_plain, "<{name} {field}>");
            let is_own = value.starts_with('#') || value == "/api/openapi.json";
            assert!(field != "href" || is_own, "<{name} href=\"{value}\">");
        }
        let style = name == "style";
        assert!(!style || (text.len() > 500 && !text.contains("url(") && !text.contains("@import")));
    });
    assert!(elements > 1_000, "{elements}");
    let policy = super::page::policy();
    assert!(
        policy.starts_with("default-src 'none';") && !policy.contains("unsafe") && !policy.contains("http")
    );
}

/// Each element with its attributes and its text.
fn elements_of(node: &Handle, look: &mut impl FnMut(&str, &[(String, String)], &str)) {
    let children = node.children.borrow();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes: Vec<(String, String)> =
            attrs.borrow().iter().map(|one| (one.name.local.to_string(), one.value.to_string())).collect();
        let text = children.iter().filter_map(|child| match &child.data {
            NodeData::Text { contents } => Some(contents.borrow().to_string()),
            _ => None,
        });
        look(&name.local, &attributes, &text.collect::<String>());
    }
    children.iter().for_each(|child| elements_of(child, look));
}

fn each(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            look(name, value);
            each(value, look);
        }),
        Value::Array(values) => values.iter().for_each(|value| each(value, look)),
        _ => {}
    }
}

#[test]
fn every_call_says_what_it_does_what_it_takes_and_how_it_is_refused() {
    let mut names = BTreeSet::new();
    for (path, item) in described() {
        for (method, call) in item {
            let told = format!("{method} {path}");
            let text = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
            assert!(
                text("summary").ends_with('.') && !text("summary").contains('`'),
                "{told}: a summary in a sentence"
            );
            assert!(
                names.insert(text("operationId")),
                "{told}: two calls are called {}",
                text("operationId")
            );
            let tags: Vec<&str> = call["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert!(
                finish::TAGS.iter().any(|(tag, _)| tags == [*tag]),
                "{told}: one of the tags, not {tags:?}"
            );
            let named = call["parameters"].as_array().cloned().unwrap_or_default();
            for parameter in &named {
                assert!(parameter["description"].is_string(), "{told}: say what `{}` is", parameter["name"]);
            }
            let in_path: BTreeSet<&str> = named
                .iter()
                .filter(|one| one["in"] == "path")
                .filter_map(|one| one["name"].as_str())
                .collect();
            let wanted: BTreeSet<&str> =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(in_path, wanted, "{told}");
            assert_eq!(method == "post", named.iter().any(|one| one["name"] == "Idempotency-Key"), "{told}");
            if let Some(body) = call["requestBody"].as_object() {
                for (kind, content) in body["content"].as_object().unwrap() {
                    let has_example = content.get("example").is_some() || !kind.contains("json");
                    assert!(
                        has_example || content["schema"]["$ref"] == "#/components/schemas/Template",
                        "{told}: an example of {kind}"
                    );
                }
            }
            let responses = call["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with(['1', '2'])), "{told}");
            for (status, response) in responses {
                if status.starts_with(['4', '5']) && !path.ends_with("/readyz") {
                    assert!(
                        !finish::codes(response["description"].as_str().unwrap()).is_empty(),
                        "{told}: the codes of {status}, a line each: - `code`: why"
                    );
                    assert!(response["content"].get("application/problem+json").is_some(), "{told} {status}");
                }
            }
        }
    }
}
