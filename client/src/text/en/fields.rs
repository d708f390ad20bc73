//! English: the names of a decision's fields, as every page has them.

/// A field by its name in the schema.
pub(super) fn name(field: &str) -> &'static str {
    match field {
        "owner" => "Owner",
        "coalition" => "Who helps",
        "kind" => "How it stops",
        "ends" => "Ends on",
        "first_step" => "First step",
        "first_step_due" => "First step, by",
        "frees" => "What it frees, and for what",
        "trigger" => "Until what happens",
        "expires" => "Over on, in any case",
        "measure" => "Measure",
        "measure_due" => "Measure due on",
        "obstacles" => "What will resist",
        "outcome" => "What will be different",
        "scope" => "What is in, what is out",
        "assumptions" => "What has to be true",
        "review" => "Looked at again on",
        "decided_by" => "Who decides",
        "decide_by" => "Decided by",
        "alternatives" => "What else was weighed",
        "consulted" => "Who was heard",
        "informed" => "Who is to know",
        "effective" => "In force from",
        "override" => "Why against the room",
        _ => "Further",
    }
}
