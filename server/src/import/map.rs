//! The column map that a request can give: `name:Project,cost:Whole Life Cost (£m)`.

use super::error::ImportError;
use super::portfolio::Field;
use super::text::name_key;
use super::words;

/// Which columns to read into which fields, said outright instead of guessed.
///
/// ```
/// use plumbline::import::{ColumnMap, ImportError};
///
/// assert!(ColumnMap::parse("name:Project,cost:Whole Life Cost (£m)").is_ok());
/// assert!(matches!(ColumnMap::parse("nmae:Project"), Err(ImportError::UnknownField { .. })));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnMap {
    entries: Vec<(Field, Option<String>)>,
    /// Columns that are no field, whatever they look like, and what becomes of them.
    others: Vec<(Other, String)>,
}

/// What becomes of a column that is read into no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Other {
    /// It is kept and shown with the project.
    Kept,
    /// It is left out.
    Ignored,
}

impl Other {
    fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "more" => Some(Self::Kept),
            "ignore" => Some(Self::Ignored),
            _ => None,
        }
    }
}

impl ColumnMap {
    /// Reads `field:column,field:column`, already decoded from the query.
    ///
    /// A column is named by its header in any case, or by its letter or as `Column C` where it has no header. A
    /// header with commas can stand as it is, or in double quotes. A field without a column (`summary:`) is left
    /// empty instead of guessed. `more:Column` keeps a column without taking it for a field, `ignore:Column` leaves
    /// it out; both as often as needed.
    ///
    /// # Errors
    ///
    /// [`ImportError::MapSyntax`], [`ImportError::UnknownField`] and [`ImportError::MappedTwice`].
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let mut entries: Vec<(Field, Option<String>)> = Vec::new();
        let mut others = Vec::new();
        for part in parts(text) {
            let Some((word, column)) = part.split_once(':') else {
                return Err(ImportError::MapSyntax { part: part.trim().to_owned(), fields: Field::words() });
            };
            let column = column.trim();
            let column = column.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(column);
            if let Some(other) = Other::from_word(word) {
                others.push((other, column.to_owned()));
                continue;
            }
            let Some(field) = Field::from_word(word) else {
                return Err(ImportError::UnknownField {
                    field: word.trim().to_owned(),
                    fields: Field::words(),
                });
            };
            if entries.iter().any(|(mapped, _)| *mapped == field) {
                return Err(ImportError::MappedTwice { what: format!("the field “{}”", field.as_str()) });
            }
            entries.push((field, (!column.is_empty()).then(|| column.to_owned())));
        }
        Ok(Self { entries, others })
    }

    /// Whether it says anything about a field.
    pub(crate) fn mentions(&self, field: Field) -> bool {
        self.entries.iter().any(|(mapped, _)| *mapped == field)
    }

    /// How many of its columns are among these headers.
    pub(crate) fn matches<S: AsRef<str>>(&self, headers: &[S]) -> usize {
        self.entries
            .iter()
            .filter_map(|(_, column)| column.as_deref())
            .chain(self.others.iter().map(|(_, column)| column.as_str()))
            .filter(|column| position(headers, column).is_some())
            .count()
    }

    /// The fields with the positions of their columns among these headers.
    ///
    /// # Errors
    ///
    /// [`ImportError::UnknownColumn`], and [`ImportError::MappedTwice`] for a column that two fields name.
    pub(crate) fn resolve(&self, headers: &[String]) -> Result<Vec<(Field, usize)>, ImportError> {
        let mut found: Vec<(Field, usize)> = Vec::new();
        for (field, column) in &self.entries {
            let Some(column) = column else { continue };
            let at = find(headers, column)?;
            if found.iter().any(|(_, taken)| *taken == at) {
                return Err(ImportError::MappedTwice { what: format!("the column “{column}”") });
            }
            found.push((*field, at));
        }
        Ok(found)
    }

    /// The positions of the columns that are no field, whatever they look like.
    ///
    /// # Errors
    ///
    /// [`ImportError::UnknownColumn`], and [`ImportError::MappedTwice`] for a column that is named twice.
    pub(crate) fn resolve_others(&self, headers: &[String]) -> Result<Vec<(Other, usize)>, ImportError> {
        let mut taken: Vec<usize> = self.resolve(headers)?.into_iter().map(|(_, at)| at).collect();
        let mut found = Vec::new();
        for (other, column) in &self.others {
            let at = find(headers, column)?;
            if taken.contains(&at) {
                return Err(ImportError::MappedTwice { what: format!("the column “{column}”") });
            }
            taken.push(at);
            found.push((*other, at));
        }
        Ok(found)
    }
}

/// Where the column of this name is.
fn find(headers: &[String], column: &str) -> Result<usize, ImportError> {
    position(headers, column)
        .or_else(|| lettered(headers, column))
        .ok_or_else(|| ImportError::UnknownColumn { column: column.to_owned(), columns: listed(headers) })
}

/// The headers for an error sentence, quoted; very many are cut short.
pub(crate) fn listed(headers: &[String]) -> String {
    const SHOWN: usize = 40;
    let mut list: Vec<String> =
        headers.iter().filter(|header| !header.is_empty()).map(|header| format!("“{header}”")).collect();
    if list.is_empty() {
        return "none".to_owned();
    }
    if list.len() > SHOWN {
        let more = list.len() - SHOWN;
        list.truncate(SHOWN);
        list.push(format!("and {more} more"));
    }
    list.join(", ")
}

/// The name of a column without a header, as a spreadsheet letters it.
pub(crate) fn column_name(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    format!("Column {}", letters.iter().rev().collect::<String>())
}

/// Splits at the commas that begin a new entry: a comma in a header is one only if `word:` follows.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut quoted = false;
    for piece in text.split(',') {
        let begins = piece.split_once(':').is_some_and(|(word, _)| {
            let word = word.trim();
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
        });
        match parts.last_mut() {
            Some(last) if quoted || !begins => {
                last.push(',');
                last.push_str(piece);
            }
            _ => parts.push(piece.to_owned()),
        }
        quoted ^= piece.matches('"').count() % 2 == 1;
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The column of this header: the same but for case and spaces, else the same words.
fn position<S: AsRef<str>>(headers: &[S], column: &str) -> Option<usize> {
    let key = name_key(column);
    let exact = headers.iter().position(|header| name_key(header.as_ref()) == key);
    exact.or_else(|| {
        let plain = words::plain(column);
        let mut same = headers
            .iter()
            .enumerate()
            .filter(|(_, header)| !plain.is_empty() && words::plain(header.as_ref()) == plain);
        match (same.next(), same.next()) {
            (Some((at, _)), None) => Some(at),
            _ => None,
        }
    })
}

/// The column of this letter.
fn lettered(headers: &[String], column: &str) -> Option<usize> {
    let key = column.trim().to_ascii_lowercase();
    let letters = key.strip_prefix("column ").unwrap_or(&key);
    (0..headers.len()).find(|at| {
        column_name(*at).strip_prefix("Column ").is_some_and(|name| name.eq_ignore_ascii_case(letters))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers() -> Vec<String> {
        ["Ref", "Project", "Cost, whole life (£m)", "Cost: real"].map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_are_found_by_header_with_commas_and_colons_in_any_case() {
        let map = ColumnMap::parse("name:project, cost:Cost, whole life (£m),reference:REF").unwrap();
        assert_eq!(
            map.resolve(&headers()).unwrap(),
            [(Field::Name, 1), (Field::Cost, 2), (Field::Reference, 0)]
        );
        let map = ColumnMap::parse("Name:\"Project\",cost:Cost: real").unwrap();
        assert_eq!(map.resolve(&headers()).unwrap(), [(Field::Name, 1), (Field::Cost, 3)]);
    }

    #[test]
    fn columns_are_found_by_letter() {
        let map = ColumnMap::parse("name:B,cost:Column D").unwrap();
        assert_eq!(map.resolve(&headers()).unwrap(), [(Field::Name, 1), (Field::Cost, 3)]);
        assert_eq!(column_name(0), "Column A");
        assert_eq!(column_name(27), "Column AB");
        assert_eq!(column_name(702), "Column AAA");
    }

    #[test]
    fn mistakes_in_a_map_are_answered_with_what_there_is() {
        let error = ColumnMap::parse("nmae:Project").unwrap_err().to_string();
        assert_eq!(
            error,
            "There is no field “nmae” to map a column to. Fields: name, summary, sponsor, owner, origin, cost, people, reference."
        );
        let error = ColumnMap::parse("name:Projekt").unwrap().resolve(&headers()).unwrap_err().to_string();
        assert_eq!(
            error,
            "There is no column “Projekt” in this file. Columns found: “Ref”, “Project”, “Cost, whole life (£m)”, “Cost: real”."
        );
        assert!(matches!(ColumnMap::parse("Project"), Err(ImportError::MapSyntax { .. })));
        assert!(matches!(ColumnMap::parse("name:A,name:B"), Err(ImportError::MappedTwice { .. })));
        assert!(matches!(
            ColumnMap::parse("name:Project,owner:project").unwrap().resolve(&headers()),
            Err(ImportError::MappedTwice { .. })
        ));
    }

    #[test]
    fn a_field_can_be_left_empty() {
        let map = ColumnMap::parse("name:Project,summary:").unwrap();
        assert!(map.mentions(Field::Summary) && !map.mentions(Field::Owner));
        assert_eq!(map.resolve(&headers()).unwrap(), [(Field::Name, 1)]);
        assert_eq!(ColumnMap::parse("").unwrap(), ColumnMap::default());
    }
}
