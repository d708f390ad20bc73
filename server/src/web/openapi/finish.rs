//! What holds for all calls, said once: who may call, how refusals look, repetition, limits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use axum::http::Method;

use super::schemas;
use crate::web::admission::scope_of;

/// What the description says before its calls.
const INTRODUCTION: &str = "\
JSON in and out, where nothing else is said. Tokens go as `Authorization: Bearer …`; in a browser the token of a session also \
comes as its cookie.

**Refusals** are `application/problem+json` (RFC 9457): `code` is for programs and does not change, `detail` is a sentence that \
says what to do. Fields and options that a call does not have are refused by name. With a `429` and a `503` comes `Retry-After`, \
in seconds.

**Repetition.** Every `POST` takes an `Idempotency-Key`: repeated with the same content under the same key within an hour, it is \
carried out once, and the same answer comes again with `Idempotency-Replayed: true`. The same key with another content is refused.

**Lists** are `{items, next}`. Ask for the page after with `?cursor=` and what `next` says; at the end `next` is `null`.

**Times** are milliseconds since 1970 or RFC 3339 in UTC, **days** are `2026-11-20`, **ids** are UUIDs.";

/// What the calls are sorted by, in the order in which they are shown.
pub(super) const TAGS: [(&str, &str); 9] = [
    ("Sessions", "Workshops: founded, prepared, driven, exported, erased."),
    ("Joining", "How people come into a session."),
    ("Decisions", "The workspace's decision log, across its sessions."),
    ("Pillars", "Line of sight: the strategy over the sessions of the workspace, and what stands on it."),
    ("Requests", "New work that people ask for between sessions."),
    ("Webhooks", "Who outside is told what happens, and what became of it."),
    ("Keys", "What opens the workspace."),
    ("Templates", "Agendas that sessions are founded with."),
    ("Server", "The server itself."),
];

/// The schemes, by name: what is sent, and what it opens.
fn schemes() -> Value {
    let bearer =
        |description: &str| json!({ "type": "http", "scheme": "bearer", "description": description });
    json!({
        "workspace_key": bearer("The workspace key, made at the first start and printed once; `pw_…`. It opens every call of the workspace."),
        "intake_link": bearer("The token of the link by which people ask for new work, `pi_…`. It opens the form and nothing else."),
        "status_link": bearer("The token of the link at which somebody who has asked sees what becomes of it, `pq_…`."),
        "api_key": bearer("A key of an integration, `pk_…`, made with the workspace key. It opens the calls of its scopes, until it expires or is revoked."),
        "session_token": bearer("The token of somebody in one session, `pf_…`, `pp_…` or `po_…`. What it opens, the role says; as a cookie it is sent by browsers."),
    })
}

/// A refusal that many calls have: its code and what is behind it.
type Refused = (u16, &'static str, &'static str);

const ALWAYS: [Refused; 3] = [
    (403, "foreign_origin", "a page of another site calls."),
    (500, "fault", "the server has a fault; tell whoever runs it the `x-request-id`."),
    (503, "unavailable", "not now; nothing was changed. Try again as `Retry-After` says."),
];
const WITH_TOKEN: [Refused; 2] = [
    (401, "not_admitted", "no token, or one that is not valid (any more)."),
    (403, "forbidden", "the token does not open this."),
];
const WITH_WORKSPACE_KEY: [Refused; 2] = [
    (401, "expired_key", "the API key has expired."),
    (
        429,
        "too_many_wrong_keys",
        "too many wrong keys came from this address; wait as long as `Retry-After` says.",
    ),
];
const WITH_API_KEY: [Refused; 1] = [(403, "missing_scope", "the API key has not the scope that opens this.")];
const WITHOUT_API_KEY: [Refused; 1] = [(403, "no_api_key", "no API key opens this.")];
const OF_A_SESSION: [Refused; 1] = [(404, "no_such_session", "there is no such session.")];
const WITH_QUERY: [Refused; 1] =
    [(400, "malformed", "the part behind the question mark is not what this call takes.")];
const WITH_KEY: [Refused; 4] = [
    (
        400,
        "malformed",
        "the `Idempotency-Key` is too short or too long, or has a space or a letter beyond ASCII.",
    ),
    (
        409,
        "still_being_made",
        "the first call under this `Idempotency-Key` is not finished; repeat it in a moment.",
    ),
    (422, "key_used_for_another_call", "the `Idempotency-Key` was used with another content."),
    (413, "too_large", "the body is larger than this call takes."),
];
const WITH_BODY: [Refused; 4] = [
    (400, "malformed", "the body is not what it says it is, or broke off."),
    (408, "too_slow", "the body took longer than two minutes to arrive."),
    (413, "too_large", "the body is larger than this call takes."),
    (422, "unprocessable", "understood, and not possible; `detail` says why."),
];
const WITH_JSON: [Refused; 1] = [(415, "unsupported", "the body is not said to be JSON.")];

/// The whole description.
pub(super) fn finish(described: OpenApi) -> Value {
    let mut document = serde_json::to_value(described).expect("a description can be written as JSON");
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Plumbline",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Sort a portfolio onto a strategy, decide, and keep the decisions",
        "description": INTRODUCTION,
        "license": { "name": "MIT OR Apache-2.0", "identifier": env!("CARGO_PKG_LICENSE") },
    });
    document["servers"] = json!([{ "url": "/", "description": "This server" }]);
    document["tags"] = TAGS.iter().map(|(name, what)| json!({ "name": name, "description": what })).collect();
    let components = &mut document["components"];
    components["securitySchemes"] = schemes();
    components["responses"] = json!({});
    for (name, schema) in schemas::of_files() {
        if let Some(place) = components["schemas"].get_mut(name) {
            *place = schema;
        }
    }
    components["schemas"]["Problem"] = problem();
    spread(&mut components["schemas"], "ClientMessage", "Command");
    components["headers"] = headers();
    bound(&mut document["components"]["schemas"]);
    bound(&mut document["paths"]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            finish_call(method, path, operation);
        }
    }
    document
}

/// Writes an object that takes in one of several as one of several objects: each of them closed, as it is read.
fn spread(schemas: &mut Value, outer: &str, inner: &str) {
    let own = schemas[outer]["allOf"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|part| part.get("properties").is_some());
    let own = own.cloned().unwrap_or_default();
    let mut variants = schemas[inner]["oneOf"].as_array().cloned().unwrap_or_default();
    for variant in &mut variants {
        for (name, field) in own["properties"].as_object().into_iter().flatten() {
            variant["properties"][name] = field.clone();
        }
        let required = [&own, &*variant].map(|part| part["required"].as_array().cloned().unwrap_or_default());
        variant["required"] = required.concat().into();
        variant["additionalProperties"] = json!(false);
    }
    let description = schemas[outer]["description"].clone();
    schemas[outer] = json!({ "description": description, "oneOf": variants });
}

/// Says how large whole numbers may be that are not negative, and that they are not signed ones: the generator says only how
/// small, and names formats that end at half of that.
fn bound(schema: &mut Value) {
    for (signed, unsigned, most) in [("int32", "uint32", u64::from(u32::MAX)), ("int64", "uint64", u64::MAX)]
    {
        let is_whole = schema["format"] == signed && schema["minimum"].as_u64().is_some();
        if is_whole && schema.get("maximum").is_none() {
            schema["maximum"] = json!(most);
        }
        if is_whole && schema["maximum"].as_u64().is_some_and(|maximum| maximum > most / 2) {
            schema["format"] = json!(unsigned);
        }
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(bound),
        Value::Array(values) => values.iter_mut().for_each(bound),
        _ => {}
    }
}

fn problem() -> Value {
    json!({
        "type": "object",
        "title": "Problem",
        "description": "A refusal, or a fault: RFC 9457.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string", "const": "about:blank" },
            "title": { "type": "string", "description": "The status's own phrase." },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string", "description": "What to do, in a sentence." },
            "code": { "type": "string", "pattern": "^[a-z][a-z0-9_]*$", "description": "For programs; does not change." },
        },
        "additionalProperties": false,
    })
}

fn headers() -> Value {
    json!({
        "RequestId": { "description": "Names this call in the server's log.", "schema": { "type": "string" } },
        "RetryAfter": {
            "description": "After how many seconds to try again.", "required": true,
            "schema": { "type": "integer", "minimum": 1 },
        },
        "SometimesRetryAfter": {
            "description": "After how many seconds to try again, where waiting helps.",
            "schema": { "type": "integer", "minimum": 1 },
        },
        "WwwAuthenticate": {
            "description": "How tokens are sent.", "required": true, "schema": { "type": "string", "const": "Bearer" },
        },
        "Replayed": {
            "description": "`true` where the answer was given before, under the same `Idempotency-Key`.",
            "schema": { "type": "string", "const": "true" },
        },
    })
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn finish_call(method: &str, path: &str, operation: &mut Value) {
    operation["operationId"] = json!(name(method, path));
    let is_post = method == "post";
    let takes = |kind: &str| operation["requestBody"]["content"].get(kind).is_some();
    let has_body = operation.get("requestBody").is_some();
    let only_json = takes("application/json")
        && operation["requestBody"]["content"].as_object().is_some_and(|kinds| kinds.len() == 1);
    let must_have_body = operation["requestBody"]["required"] == json!(true);
    let has_query =
        operation["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["in"] == "query");
    let mut refusals: Vec<Refused> = ALWAYS.to_vec();
    if operation.get("security").is_some() {
        refusals.extend(WITH_TOKEN);
        refusals.extend(WITH_WORKSPACE_KEY);
        let method = method.to_uppercase().parse::<Method>().unwrap_or_default();
        match (scope_of(&method, path), operation["security"].as_array_mut()) {
            (Some(scope), Some(schemes)) => {
                schemes.push(json!({ "api_key": [scope.as_str()] }));
                refusals.extend(WITH_API_KEY);
            }
            _ => refusals.extend(WITHOUT_API_KEY),
        }
    }
    if path.starts_with("/api/sessions/{id}") {
        refusals.extend(OF_A_SESSION);
    }
    if has_query {
        refusals.extend(WITH_QUERY);
    }
    if is_post {
        refusals.extend(WITH_KEY);
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let key = json!({
            "name": "Idempotency-Key", "in": "header",
            "description": "Names this call, so that it can be repeated safely: 16 to 255 characters that nobody else uses, for instance a UUID.",
            "schema": { "type": "string", "minLength": 16, "maxLength": 255, "pattern": "^[!-~]+$" },
            "example": "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f",
        });
        operation["parameters"] = parameters.into_iter().chain([key]).collect();
    }
    if has_body {
        refusals.extend(WITH_BODY);
    }
    if only_json && must_have_body {
        refusals.extend(WITH_JSON);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    refuse(responses, &refusals);
    for (status, response) in responses.iter_mut() {
        finish_response(status, response, is_post);
    }
    responses.sort_keys();
}

/// A call's name: `get_sessions_id`.
fn name(method: &str, path: &str) -> String {
    let words = path.split(['/', '{', '}', '.', '-']).filter(|word| !word.is_empty() && *word != "api");
    [method].into_iter().chain(words).collect::<Vec<_>>().join("_")
}

/// Adds the refusals to those that the call names itself.
fn refuse(responses: &mut Map<String, Value>, refusals: &[Refused]) {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (status, code, why) in refusals {
        let lines = by_status.entry(*status).or_default();
        let line = format!("- `{code}`: {why}");
        let is_known = |told: &str| told.contains(&format!("- `{code}`"));
        let by_call = responses.get(&status.to_string()).and_then(|own| own["description"].as_str());
        if !by_call.is_some_and(is_known) && !lines.iter().any(|line| is_known(line)) {
            lines.push(line);
        }
    }
    for (status, lines) in by_status.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        let response = responses.entry(status.to_string()).or_insert_with(|| json!({ "description": "" }));
        let own = response["description"].as_str().unwrap_or_default().to_owned();
        let told: Vec<String> = Some(own).filter(|own| !own.is_empty()).into_iter().chain(lines).collect();
        response["description"] = json!(told.join("\n"));
    }
}

/// The codes that a response's description names.
pub(super) fn codes(told: &str) -> BTreeSet<&str> {
    told.lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next()).collect()
}

fn finish_response(status: &str, response: &mut Value, is_post: bool) {
    let told = response["description"].as_str().unwrap_or_default().to_owned();
    let named = codes(&told);
    let is_refusal = status.starts_with(['4', '5']) && !named.is_empty();
    if is_refusal {
        let schema = json!({ "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "properties": { "code": { "enum": named }, "status": { "const": status.parse::<u16>().unwrap_or_default() } } },
        ] });
        match response["content"].as_object_mut() {
            Some(content) => {
                content.insert("application/problem+json".to_owned(), json!({ "schema": schema }));
            }
            None => response["content"] = json!({ "application/problem+json": { "schema": schema } }),
        }
    }
    let fields = response["headers"].as_object().cloned().unwrap_or_default();
    let mut fields: Map<String, Value> = fields;
    fields.insert("x-request-id".to_owned(), header("RequestId"));
    match status {
        "401" => drop(fields.insert("www-authenticate".to_owned(), header("WwwAuthenticate"))),
        "429" => drop(fields.insert("retry-after".to_owned(), header("RetryAfter"))),
        "403" | "409" | "503" => drop(fields.insert("retry-after".to_owned(), header("SometimesRetryAfter"))),
        "200" | "201" if is_post => {
            drop(fields.insert("idempotency-replayed".to_owned(), header("Replayed")))
        }
        _ => {}
    }
    response["headers"] = Value::Object(fields);
}
