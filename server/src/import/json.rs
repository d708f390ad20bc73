//! JSON: an array of objects, or an object with one; also arrays of arrays and of names.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::ImportError;
use super::limits;
use super::sheet::{Cell, Row, Sheet};

/// Reads text as JSON; `None` if it plainly is none and nobody said that it should be.
///
/// # Errors
///
/// [`ImportError::Json`] and [`ImportError::TooManyColumns`].
pub(crate) fn sheet(text: &str, expected: bool) -> Result<Option<Sheet>, ImportError> {
    let start = text.trim_start();
    if !expected && !start.starts_with(['{', '[']) {
        return Ok(None);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => table(value).map(Some),
        Err(_) if !expected && !looks_like_json(start) => Ok(None),
        Err(error) => Err(ImportError::Json { detail: error.to_string() }),
    }
}

/// Whether text that begins with a bracket goes on like JSON, and not like a cell that is written in brackets.
fn looks_like_json(start: &str) -> bool {
    let next = start.get(1..).unwrap_or_default().trim_start();
    match start.as_bytes().first() {
        Some(b'{') => next.starts_with(['"', '}']),
        _ => next.starts_with(['{', '[', '"']),
    }
}

/// JSON with its keys in the order of the text.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Value::Object(object))
    }
}

impl Value {
    fn into_cell(self) -> Cell {
        match self {
            Self::Number(number) => Cell::number(number),
            other => Cell::text(other.into_text()),
        }
    }

    /// What a person would read in a cell: the plain text of a scalar, the items of a list of scalars, else JSON.
    fn into_text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Number(text) | Self::Text(text) => text,
            Self::List(items) if items.iter().all(Self::is_scalar) => {
                items.into_iter().map(Self::into_text).collect::<Vec<_>>().join("; ")
            }
            other => {
                let mut out = String::new();
                other.write(&mut out);
                out
            }
        }
    }

    fn is_scalar(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Object(_))
    }

    /// Writes it as JSON again.
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn table(value: Value) -> Result<Sheet, ImportError> {
    let items = items(value)?;
    if items.is_empty() {
        return Err(ImportError::Empty);
    }
    let mut sheet = Sheet::default();
    let mut keys = Keys::default();
    let objects = items.iter().any(|item| matches!(item, Value::Object(_)));
    let names = items.iter().all(Value::is_scalar);
    for (at, item) in items.into_iter().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let cells = match item {
            Value::Object(entries) => {
                let mut cells: Vec<Cell> = Vec::new();
                for (key, value) in entries {
                    let column = keys.column(key).ok_or(ImportError::TooManyColumns { row: number })?;
                    if cells.len() <= column {
                        cells.resize(column + 1, Cell::default());
                    }
                    if let Some(cell) = cells.get_mut(column) {
                        let new = value.into_cell();
                        // A key that comes twice in one object: both of its values are kept.
                        if cell.is_blank() {
                            *cell = new;
                        } else {
                            cell.text.push('\n');
                            cell.text.push_str(&new.text);
                        }
                    }
                }
                cells
            }
            Value::List(row) if !objects => {
                if row.len() > limits::COLUMNS {
                    return Err(ImportError::TooManyColumns { row: number });
                }
                row.into_iter().map(Value::into_cell).collect()
            }
            Value::Null => continue,
            scalar if names => vec![scalar.into_cell()],
            _ => {
                return Err(ImportError::Json {
                    detail: format!("item {number} of the array is no object like the others"),
                });
            }
        };
        sheet.push(Row { number, cells });
    }
    if objects {
        sheet.keys = Some(keys.names);
    } else if names {
        sheet.keys = Some(vec!["name".to_owned()]);
    }
    Ok(sheet)
}

/// The columns, in the order in which their keys first come.
#[derive(Default)]
struct Keys {
    names: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Keys {
    /// The column of a key; `None` if there are too many.
    fn column(&mut self, key: String) -> Option<usize> {
        if let Some(column) = self.positions.get(&key) {
            return Some(*column);
        }
        if self.names.len() >= limits::COLUMNS {
            return None;
        }
        self.names.push(key.clone());
        self.positions.insert(key, self.names.len() - 1);
        Some(self.names.len() - 1)
    }
}

/// The array of projects: the whole, or what stands under `projects`, or the only array there is.
fn items(value: Value) -> Result<Vec<Value>, ImportError> {
    let entries = match value {
        Value::List(items) => return Ok(items),
        Value::Object(entries) => entries,
        _ => return Err(ImportError::Json { detail: "it is a single value".to_owned() }),
    };
    let mut lists: Vec<(String, Vec<Value>)> = entries
        .into_iter()
        .filter_map(|(key, value)| match value {
            Value::List(items) => Some((key, items)),
            _ => None,
        })
        .collect();
    let wanted = match lists.iter().position(|(key, _)| key.eq_ignore_ascii_case("projects")) {
        Some(at) => at,
        None if lists.len() == 1 => 0,
        None => {
            return Err(ImportError::Json {
                detail: "it is an object without an array under \"projects\"".to_owned(),
            });
        }
    };
    Ok(lists.swap_remove(wanted).1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let sheet = sheet(text, false).unwrap().unwrap();
        let rows = sheet.rows.into_iter().map(|row| row.cells.into_iter().map(|cell| cell.text).collect());
        (sheet.keys.unwrap_or_default(), rows.collect())
    }

    #[test]
    fn objects_become_rows_with_their_keys_in_order() {
        let expected = (
            vec!["name".to_owned(), "cost".to_owned(), "tags".to_owned(), "more".to_owned()],
            vec![
                vec!["A".to_owned(), "1.5".to_owned()],
                vec!["B".to_owned(), String::new(), "x; y".to_owned(), "{\"z\":[1,null]}".to_owned()],
            ],
        );
        let array =
            r#"[{"name":"A","cost":1.5},{"name":"B","tags":["x","y"],"cost":null,"more":{"z":[1,null]}}]"#;
        assert_eq!(rows(array), expected);
        assert_eq!(rows(&format!("\n{{\"count\":2,\"projects\":{array}}}")), expected);
        assert_eq!(rows(&format!("{{\"data\":{array}}}")), expected);
    }

    #[test]
    fn arrays_of_names_and_of_rows_are_read() {
        assert_eq!(
            rows(r#"["A","B"]"#),
            (vec!["name".to_owned()], vec![vec!["A".to_owned()], vec!["B".to_owned()]])
        );
        assert_eq!(rows(r#"[["Project","Cost"],["A",1]]"#).1, [["Project", "Cost"], ["A", "1"]]);
    }

    #[test]
    fn what_is_no_json_is_left_to_others_unless_it_was_said_to_be() {
        assert!(sheet("Project,Cost\nA,1", false).unwrap().is_none());
        assert!(sheet("[draft] Project,Cost\nA,1", false).unwrap().is_none());
        assert!(matches!(sheet("Project,Cost\nA,1", true), Err(ImportError::Json { .. })));
        let error = sheet("[{\"name\": \"A\",}]", false).unwrap_err().to_string();
        assert!(error.contains("line 1 column 15"), "{error}");
    }

    #[test]
    fn the_wrong_json_is_named() {
        for text in ["{}", "{\"a\":[],\"b\":[]}", "[{\"name\":\"A\"},5]"] {
            assert!(matches!(sheet(text, false), Err(ImportError::Json { .. })), "{text}");
        }
        assert!(matches!(sheet("5", true), Err(ImportError::Json { .. })));
        assert_eq!(sheet("[]", false).unwrap_err(), ImportError::Empty);
        let deep = format!("[{}", "[".repeat(100_000));
        assert!(matches!(sheet(&deep, false), Err(ImportError::Json { .. })));
    }

    #[test]
    fn a_key_that_comes_twice_keeps_both_values() {
        assert_eq!(rows(r#"[{"name":"A","note":"x","note":"y"}]"#).1, [["A", "x\ny"]]);
    }
}
