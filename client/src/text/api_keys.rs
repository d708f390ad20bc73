//! The words of the page about API keys.

/// The words.
pub(crate) struct ApiKeys {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    /// The way to the description of the API.
    pub(crate) described: &'static str,
    pub(crate) none_title: &'static str,
    pub(crate) none: &'static str,
    /// As many as there can be.
    pub(crate) full: &'static str,
    pub(crate) form: Form,
    pub(crate) made: Made,
    /// What each scope opens.
    pub(crate) scopes: &'static [Scope],
    pub(crate) good: &'static str,
    /// In how many days it ends.
    pub(crate) ends_in: fn(i32) -> String,
    pub(crate) over: &'static str,
    /// When it was made, and its last day.
    pub(crate) from_to: fn(&str, &str) -> String,
    /// When it was made, and what was its last day.
    pub(crate) was_from_to: fn(&str, &str) -> String,
    pub(crate) used: fn(&str) -> String,
    pub(crate) used_today: &'static str,
    pub(crate) unused: &'static str,
    pub(crate) revoke: &'static str,
    pub(crate) revoke_title: &'static str,
    pub(crate) revoke_says: fn(&str) -> String,
    /// What is said of one whose last day is over.
    pub(crate) revoke_over: fn(&str) -> String,
    pub(crate) revoked: fn(&str) -> String,
}

/// A scope, in words.
pub(crate) struct Scope {
    /// As it is written in the API.
    pub(crate) word: &'static str,
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
}

/// Making a key.
pub(crate) struct Form {
    /// On the button that opens it, and over it.
    pub(crate) title: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) opens: &'static str,
    pub(crate) opens_missing: &'static str,
    pub(crate) until: &'static str,
    pub(crate) until_hint: &'static str,
    /// Between which days it has to be.
    pub(crate) until_wrong: fn(&str, &str) -> String,
    pub(crate) submit: &'static str,
    pub(crate) on_its_way: &'static str,
}

/// A key that was just made.
pub(crate) struct Made {
    pub(crate) title: fn(&str) -> String,
    pub(crate) says: &'static str,
    pub(crate) label: &'static str,
    pub(crate) how: &'static str,
    pub(crate) done: &'static str,
}
