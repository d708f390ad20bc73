//! Taking types out of JSON, in little code: what a derived reader of serde costs a page, [`Json`] says.

use plumbline_shared::{
    day::Day,
    ids::{ParticipantId, SessionId},
    json::Json,
    words::{Question, Role, Stance, Verdict},
};

/// What can be taken out of JSON.
pub(crate) trait Take: Sized {
    /// The value that `json` is; `None` if it is none. What is absent is null: no value, an empty list, a no.
    fn take(json: &Json) -> Option<Self>;
}

/// Structs whose members stand in a JSON object under their own names. All must be there but options, lists and
/// flags; further members are passed over.
macro_rules! taken {
    ($($(#[$outer:meta])* $visible:vis struct $name:ident {
        $($(#[$inner:meta])* $seen:vis $member:ident: $kind:ty),+ $(,)?
    })+) => { $(
        $(#[$outer])*
        $visible struct $name { $($(#[$inner])* $seen $member: $kind),+ }

        impl $crate::take::Take for $name {
            fn take(json: &plumbline_shared::json::Json) -> Option<Self> {
                Some(Self { $($member: $crate::take::Take::take(json.get(stringify!($member)))?),+ })
            }
        }
    )+ };
}
pub(crate) use taken;

impl Take for String {
    fn take(json: &Json) -> Option<Self> {
        json.string()
    }
}

impl Take for bool {
    fn take(json: &Json) -> Option<Self> {
        Some(json.is_true())
    }
}

impl Take for u64 {
    fn take(json: &Json) -> Option<Self> {
        json.whole()
    }
}

impl Take for usize {
    fn take(json: &Json) -> Option<Self> {
        json.small().map(|number| number as usize)
    }
}

impl Take for f64 {
    fn take(json: &Json) -> Option<Self> {
        json.number()
    }
}

impl Take for SessionId {
    fn take(json: &Json) -> Option<Self> {
        json.id()
    }
}

impl Take for ParticipantId {
    fn take(json: &Json) -> Option<Self> {
        json.id()
    }
}

impl Take for Role {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(Self::parse)
    }
}

impl Take for Verdict {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(Self::parse)
    }
}

impl Take for Question {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(Self::parse)
    }
}

impl Take for Stance {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(Self::parse)
    }
}

/// As it is, to be looked into later.
impl Take for Json {
    fn take(json: &Json) -> Option<Self> {
        Some(json.clone())
    }
}

impl Take for Day {
    fn take(json: &Json) -> Option<Self> {
        json.text().and_then(Self::parse)
    }
}

impl<T: Take> Take for Option<T> {
    fn take(json: &Json) -> Option<Self> {
        if *json == Json::Null { Some(None) } else { T::take(json).map(Some) }
    }
}

impl<T: Take> Take for Vec<T> {
    fn take(json: &Json) -> Option<Self> {
        let there = matches!(json, Json::Null | Json::List(_));
        if there { json.list().iter().map(T::take).collect() } else { None }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    taken! {
        #[derive(Debug, PartialEq)]
        struct Page {
            items: Vec<Item>,
            next: Option<String>,
        }
        #[derive(Debug, PartialEq)]
        struct Item {
            name: String,
            cost: Option<f64>,
            open: bool,
        }
    }

    fn page(json: &str) -> Option<Page> {
        Page::take(&Json::read(json).unwrap())
    }

    #[test]
    fn what_is_absent_is_no_value_an_empty_list_or_a_no() {
        assert_eq!(page("{}"), Some(Page { items: Vec::new(), next: None }));
        let item = Item { name: "A".to_owned(), cost: None, open: false };
        assert_eq!(
            page(r#"{"items":[{"name":"A","more":1}],"next":"c"}"#),
            Some(Page { items: vec![item], next: Some("c".to_owned()) })
        );
    }

    #[test]
    fn what_must_be_there_and_is_not_or_is_another_kind_is_no_value() {
        assert_eq!(page(r#"{"items":[{"cost":1}]}"#), None);
        assert_eq!(page(r#"{"items":[{"name":7}]}"#), None);
        assert_eq!(page(r#"{"next":7}"#), None);
        assert_eq!(page(r#"{"items":{}}"#), None);
    }
}
