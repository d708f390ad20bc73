//! The description as a page to read: made of the same document, without scripts, for a phone as for paper.

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::prose::{inline, prose};

/// How it looks.
const STYLE: &str = include_str!("page.css");

/// The page, of a description.
pub(super) fn render(document: &Value) -> String {
    let info = &document["info"];
    let title = format!("{} {}: the API", text(&info["title"]), text(&info["version"]));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p.lead { (text(&info["summary"])) ". This page is made of " a href="/api/openapi.json" { "openapi.json" } ", OpenAPI 3.1." }
                    (prose(text(&info["description"])))
                    h2 #keys { "What opens a call" }
                    dl { @for (name, scheme) in fields(&document["components"]["securitySchemes"]) {
                        dt { (words(name)) } dd { (inline(text(&scheme["description"]))) }
                    } }
                }
                nav aria-label="Calls" { (contents(document)) }
                main { @for tag in list(&document["tags"]) { (group(document, tag)) } (types(document)) }
            }
        }
    };
    page.into_string()
}

/// What the browser may do with the page: show it in its own style, and nothing else.
pub(super) fn policy() -> String {
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A name in words: `session_token`.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The calls of a tag: method, path and what is said of each.
fn calls<'d>(document: &'d Value, tag: &'d str) -> impl Iterator<Item = (&'d str, &'d str, &'d Value)> {
    fields(&document["paths"])
        .flat_map(|(path, item)| {
            fields(item).map(move |(method, call)| (method.as_str(), path.as_str(), call))
        })
        .filter(move |(.., call)| call["tags"][0] == tag)
}

fn contents(document: &Value) -> Markup {
    html! {
        @for tag in list(&document["tags"]) {
            section {
                h2 { a href={ "#" (text(&tag["name"])) } { (text(&tag["name"])) } }
                ul { @for (method, path, call) in calls(document, text(&tag["name"])) {
                    li { a href={ "#" (text(&call["operationId"])) } { span class={ "method " (method) } { (method) } " " code { (broken(path)) } } }
                } }
            }
        }
        section { h2 { a href="#types" { "Types" } } }
    }
}

/// A path that may break at its strokes: a phone is narrow.
fn broken(path: &str) -> Markup {
    html! { @for part in path.split_inclusive('/') { (part) wbr; } }
}

fn group(document: &Value, tag: &Value) -> Markup {
    let name = text(&tag["name"]);
    html! {
        section.group #(name) {
            h2 { (name) }
            p { (inline(text(&tag["description"]))) }
            @for (method, path, of) in calls(document, name) { (call(method, path, of)) }
        }
    }
}

fn call(method: &str, path: &str, of: &Value) -> Markup {
    html! {
        article #(text(&of["operationId"])) {
            h3 { span class={ "method " (method) } { (method) } " " code { (broken(path)) } }
            p.summary { (inline(text(&of["summary"]))) }
            (prose(text(&of["description"])))
            (openers(of))
            @if list(&of["parameters"]).next().is_some() {
                h4 { "Parameters" }
                dl { @for parameter in list(&of["parameters"]) { (field(
                    text(&parameter["name"]),
                    &parameter["schema"],
                    parameter["required"] == true,
                    Some(text(&parameter["in"])),
                    text(&parameter["description"]),
                )) } }
            }
            @if let Some(body) = of.get("requestBody") {
                h4 { "Body" @if body["required"] != true { " (may be left out)" } }
                p { (inline(text(&body["description"]))) }
                (content(&body["content"]))
            }
            h4 { "Answers" }
            dl.answers { @for (status, response) in fields(&of["responses"]) {
                dt { code { (status) } }
                dd {
                    (prose(text(&response["description"])))
                    @if !status.starts_with(['4', '5']) { (content(&response["content"])) }
                    @if let Some(named) = response["headers"].as_object() { (headers(named)) }
                }
            } }
        }
    }
}

/// What opens a call.
fn openers(of: &Value) -> Markup {
    let schemes: Vec<(String, Option<String>)> = list(&of["security"])
        .flat_map(fields)
        .map(|(name, scopes)| (words(name), list(scopes).next().map(|scope| text(scope).to_owned())))
        .collect();
    html! {
        p.opens {
            "Opened by: "
            @if schemes.is_empty() { "anybody" }
            @for (n, (name, scope)) in schemes.iter().enumerate() {
                @if n > 0 { ", " }
                (name)
                @if let Some(scope) = scope { " with " code { (scope) } }
            }
        }
    }
}

/// The fields of an answer's head that are not on every one.
fn headers(named: &Map<String, Value>) -> Markup {
    let names: Vec<&String> = named.keys().filter(|name| *name != "x-request-id").collect();
    html! {
        @if !names.is_empty() {
            p.quiet { "With " @for (n, name) in names.iter().enumerate() { @if n > 0 { ", " } code { (name) } } "." }
        }
    }
}

fn content(kinds: &Value) -> Markup {
    html! {
        @for (kind, of) in fields(kinds) {
            p.kind { code { (kind) } @if let Some(schema) = of.get("schema") { ": " (kind_of(schema)) } }
            @if let Some(example) = of.get("example") { pre tabindex="0" { (written(example)) } }
        }
    }
}

/// An example as it is sent.
fn written(example: &Value) -> String {
    match example {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

fn types(document: &Value) -> Markup {
    html! {
        section.group #types {
            h2 { "Types" }
            @for (name, schema) in fields(&document["components"]["schemas"]) {
                article id={ "type-" (name) } {
                    h3 { code { (name) } }
                    (prose(text(&schema["description"])))
                    (shape(schema))
                }
            }
        }
    }
}

/// All that a schema says, but for its description.
fn shape(schema: &Value) -> Markup {
    let required: Vec<&str> = list(&schema["required"]).map(text).collect();
    html! {
        @if schema.get("properties").is_some() {
            dl { @for (name, of) in fields(&schema["properties"]) {
                (field(name, of, required.contains(&name.as_str()), None, text(&of["description"])))
            } }
        } @else if let Some((word, several)) = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| Some((*word, schema[*word].as_array()?))) {
            p { @if word == "allOf" { "All of:" } @else { "One of:" } }
            ul.several { @for one in several {
                li { (prose(text(&one["description"]))) @if one.get("properties").is_some() { (shape(one)) } @else { (kind_of(one)) } }
            } }
        } @else {
            p { (kind_of(schema)) }
        }
    }
}

fn field(name: &str, schema: &Value, required: bool, place: Option<&str>, told: &str) -> Markup {
    html! {
        dt {
            code { (name) } " "
            span.quiet {
                (kind_of(schema))
                @if let Some(place) = place { ", in the " (place) }
                @if !required { ", may be left out" }
            }
        }
        dd { (inline(told)) @if schema.get("properties").is_some() { (shape(schema)) } }
    }
}

/// What kind of value it is, in a line.
fn kind_of(schema: &Value) -> Markup {
    if let Some(name) = text(&schema["$ref"]).strip_prefix("#/components/schemas/") {
        let head = name.split('/').next().unwrap_or(name);
        return html! { a href={ "#type-" (head) } { (name) } };
    }
    if let Some(several) = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| schema[*word].as_array()) {
        return html! { @for (n, one) in several.iter().enumerate() { @if n > 0 { " or " } (kind_of(one)) } };
    }
    if let Some(value) = schema.get("const") {
        return html! { code { (value) } };
    }
    if let Some(words) = schema["enum"].as_array() {
        return html! { @for (n, word) in words.iter().enumerate() { @if n > 0 { " | " } code { (word.as_str().map_or_else(|| word.to_string(), str::to_owned)) } } };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        one => vec![text(one)],
    };
    if kinds.contains(&"array") {
        return match schema.get("prefixItems") {
            Some(places) => {
                html! { "[" @for (n, one) in list(places).enumerate() { @if n > 0 { ", " } (kind_of(one)) } "]" }
            }
            None => html! { "array of " (kind_of(&schema["items"])) },
        };
    }
    let named = kinds.join(" or ");
    let bounds = [
        ("minimum", "from "),
        ("maximum", "to "),
        ("minLength", "at least "),
        ("maxLength", "at most "),
        ("default", "else "),
    ];
    let bounds: Vec<String> =
        bounds.iter().filter_map(|(name, word)| Some(format!("{word}{}", schema.get(*name)?))).collect();
    html! {
        @if named.is_empty() { "anything" } @else { (named) }
        @if let Some(format) = schema["format"].as_str().filter(|format| !format.trim_start_matches('u').starts_with("int")) { ", " (format) }
        @if let Some(more) = schema.get("additionalProperties").filter(|more| more.is_object()) { " of " (kind_of(more)) }
        @if !bounds.is_empty() { " (" (bounds.join(", ")) ")" }
    }
}
