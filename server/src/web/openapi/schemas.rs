//! Types that stand for a JSON Schema of the project's own files, so that the description has the very schema.

use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    agenda,
    log::record::{CHANGE_SCHEMA, CHANGE_SCHEMA_1, SCHEMA, SCHEMA_1},
};

/// Anything.
#[derive(ToSchema)]
#[schema(value_type = Value)]
pub(in crate::web) struct Any(#[allow(dead_code)] Value);

/// The steps of a session: `server/templates/schema.json`.
#[derive(ToSchema)]
pub(in crate::web) struct Template;

/// A further entry about a decision, in any of its versions: `server/schemas/change.json` and those before.
#[derive(ToSchema)]
pub(in crate::web) struct Change;

/// The record of a decision, in any of its versions: `server/schemas/decision.json` and those before.
#[derive(ToSchema)]
pub(in crate::web) struct DecisionRecord;

/// The schemas that take the places of these types, by the names of their components.
pub(super) fn of_files() -> [(&'static str, Value); 3] {
    let versions = serde_json::json!({ "anyOf": [own("DecisionRecord/anyOf/0", SCHEMA), own("DecisionRecord/anyOf/1", SCHEMA_1)] });
    let changes = serde_json::json!({ "anyOf": [own("Change/anyOf/0", CHANGE_SCHEMA), own("Change/anyOf/1", CHANGE_SCHEMA_1)] });
    [("Template", own("Template", agenda::SCHEMA)), ("Change", changes), ("DecisionRecord", versions)]
}

/// A schema with its references as they lead within the description.
fn own(place: &str, schema: &str) -> Value {
    let mut schema: Value = serde_json::from_str(schema).expect("our schemas are JSON");
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
        fields.remove("$id");
    }
    lead(&mut schema, place);
    schema
}

fn lead(value: &mut Value, place: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => {
                        if let Some(rest) = target.strip_prefix('#') {
                            *target = format!("#/components/schemas/{place}{rest}");
                        }
                    }
                    value => lead(value, place),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| lead(value, place)),
        _ => {}
    }
}
