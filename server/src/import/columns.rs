//! What each column is: said by the map, else told by its header and its content.

use std::collections::HashSet;

use super::amount::{Amount, Decimal, looks_like_date};
use super::error::ImportError;
use super::header::Table;
use super::map::{ColumnMap, Other, listed};
use super::portfolio::{Column, Field};
use super::sheet::Sheet;
use super::text::{cut, name_key, one_line, trim};
use super::unit::{self, Unit};
use super::words;

/// Length of a column's example, in characters.
pub(crate) const EXAMPLE_CHARS: usize = 60;

/// A column with its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    /// Its name; empty if there is nothing in it.
    pub(crate) label: String,
    /// What it is read into.
    pub(crate) field: Option<Field>,
    /// How many rows have something in it.
    pub(crate) filled: u32,
    /// The first different things in it.
    pub(crate) samples: Vec<String>,
    /// Whether it is left out.
    pub(crate) ignored: bool,
    /// The unit in its header.
    pub(crate) unit: Unit,
    /// How its numbers are written.
    pub(crate) decimal: Decimal,
}

/// What is in a column, in counts of its filled cells.
#[derive(Debug, Default)]
struct Content {
    rows: usize,
    filled: usize,
    distinct: usize,
    numbers: usize,
    dates: usize,
    /// Cells with a currency sign or code.
    money: usize,
    /// Cells of one word with a digit and a letter in it.
    codes: usize,
    /// Addresses of mail or of the web.
    addresses: usize,
    origins: usize,
    /// Bytes of all cells.
    length: usize,
    /// Numbers that go up by one from row to row: a count of rows, not a reference.
    counting: bool,
    points: usize,
    commas: usize,
    /// The header has a currency, and is not known to mean something else than a cost.
    priced: bool,
    samples: Vec<String>,
    /// Whether the map says that it is no field.
    closed: bool,
}

/// How many examples of a column are kept.
const SAMPLES: usize = 3;

impl Content {
    /// Whether at least `percent` of the filled cells are in a count.
    fn most(&self, count: usize, percent: usize) -> bool {
        self.filled > 0 && count * 100 >= self.filled * percent
    }

    fn average(&self) -> usize {
        self.length / self.filled.max(1)
    }

    fn of(table: &Table<'_>, column: usize) -> Self {
        let mut content = Self { rows: table.body.len(), counting: true, ..Self::default() };
        let mut seen = HashSet::new();
        let mut last: Option<i64> = None;
        for row in table.body {
            let Some(cell) = row.cells.get(column) else { continue };
            let text = trim(&cell.text);
            if text.is_empty() {
                continue;
            }
            content.filled += 1;
            content.length += text.len();
            if seen.insert(name_key(text)) {
                content.distinct += 1;
                if content.samples.len() < SAMPLES {
                    content.samples.push(text.to_owned());
                }
            }
            let amount = Amount::read(text, Decimal::Point);
            let next = amount.and_then(|amount| amount.whole(0, i64::MAX));
            content.counting &= next.is_some() && last.is_none_or(|last| next == last.checked_add(1));
            last = next;
            if let Some(amount) = amount {
                content.numbers += 1;
                content.money += usize::from(amount.unit.currency.is_some());
                if !cell.number {
                    content.points += usize::from(amount.evidence == Some(Decimal::Point));
                    content.commas += usize::from(amount.evidence == Some(Decimal::Comma));
                }
            }
            content.dates += usize::from(looks_like_date(text));
            let one_word = !text.contains(char::is_whitespace) && text.len() <= 40;
            let mixed =
                text.bytes().any(|byte| byte.is_ascii_digit()) && text.chars().any(char::is_alphabetic);
            content.codes += usize::from(one_word && mixed);
            content.addresses += usize::from(text.contains("://") || (one_word && text.contains('@')));
            content.origins += usize::from(words::origin(text).is_some());
        }
        content.counting &= content.filled > 1;
        content
    }

    /// How sure a column is of this field, given how sure its header is.
    fn agrees(&self, field: Field, weight: u32) -> u32 {
        let sure = weight >= words::SURE;
        let empty = self.filled == 0;
        match field {
            // An empty column of a clear name is taken only if there is nothing better.
            _ if empty => weight / 2,
            Field::Name => {
                let mut weight = weight;
                if self.most(self.numbers, 60) || self.most(self.dates, 60) {
                    weight = weight.saturating_sub(70);
                }
                if self.most(self.codes, 80) && self.most(self.distinct, 90) && self.average() < 20 {
                    weight = weight.saturating_sub(30);
                }
                if self.filled * 2 < self.rows {
                    weight = weight.saturating_sub(30);
                }
                if self.rows > 4 && self.distinct * 2 < self.filled {
                    weight = weight.saturating_sub(30);
                }
                weight
            }
            Field::Cost | Field::People if !self.most(self.numbers, 30) => 0,
            Field::Reference if self.counting && weight < 90 => 0,
            Field::Reference if !self.most(self.distinct, if sure { 50 } else { 95 }) => 0,
            Field::Origin if !sure && !self.most(self.origins, 60) => 0,
            Field::Summary | Field::Sponsor | Field::Owner
                if self.most(self.numbers, 60) || self.most(self.dates, 60) =>
            {
                0
            }
            _ => weight,
        }
    }
}

/// Decides what each column is.
///
/// # Errors
///
/// [`ImportError::NoNameColumn`], and those of [`ColumnMap`].
pub(crate) fn meanings(
    sheet: &Sheet,
    table: &Table<'_>,
    map: Option<&ColumnMap>,
) -> Result<Vec<Meaning>, ImportError> {
    let mut contents: Vec<Content> =
        (0..table.labels.len()).map(|column| Content::of(table, column)).collect();
    let mut fields: Vec<Option<Field>> = vec![None; contents.len()];
    let mut ignored = vec![false; contents.len()];
    if let Some(map) = map {
        for (other, column) in map.resolve_others(&table.labels)? {
            if let (Some(content), Some(is_ignored)) = (contents.get_mut(column), ignored.get_mut(column)) {
                content.closed = true;
                *is_ignored = other == Other::Ignored;
            }
        }
        for (field, column) in map.resolve(&table.labels)? {
            if let Some(slot) = fields.get_mut(column) {
                *slot = Some(field);
            }
        }
    }
    for (content, label) in contents.iter_mut().zip(&table.labels) {
        content.priced =
            unit::of_header(label).currency.is_some() && !words::rules_out(&words::plain(label), Field::Cost);
    }
    let open = |field: Field| map.is_none_or(|map| !map.mentions(field));
    by_header(table, &contents, &mut fields, open);
    by_content(&contents, &mut fields, open);
    let columns = table.labels.iter().zip(contents).zip(fields).zip(ignored);
    let meanings: Vec<Meaning> = columns
        .map(|(((label, content), field), ignored)| Meaning {
            label: label.clone(),
            field,
            filled: u32::try_from(content.filled).unwrap_or(u32::MAX),
            unit: unit::of_header(label),
            decimal: decimal(&content, sheet.comma),
            samples: content.samples,
            ignored,
        })
        .collect();
    if !meanings.iter().any(|meaning| meaning.field == Some(Field::Name)) {
        let found = meanings.iter().filter_map(Meaning::column).collect();
        return Err(ImportError::NoNameColumn { columns: listed(&table.labels), found });
    }
    Ok(meanings)
}

impl Meaning {
    /// The column as people are told of it; none if it is empty.
    pub(crate) fn column(&self) -> Option<Column> {
        let samples: Vec<String> =
            self.samples.iter().map(|sample| cut(&one_line(sample), EXAMPLE_CHARS).0).collect();
        (!self.label.is_empty()).then(|| Column {
            header: self.label.clone(),
            field: self.field,
            filled: self.filled,
            example: samples.first().cloned().unwrap_or_default(),
            samples,
            ignored: self.ignored,
        })
    }
}

/// How a column writes its numbers: as most of those that leave no choice do, else as the file suggests.
fn decimal(content: &Content, comma: bool) -> Decimal {
    let comma = match content.commas.cmp(&content.points) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => comma,
    };
    if comma { Decimal::Comma } else { Decimal::Point }
}

/// Gives columns to fields by their headers: the name first, since a project cannot be without one, then whichever
/// fits best.
fn by_header(
    table: &Table<'_>,
    contents: &[Content],
    fields: &mut [Option<Field>],
    open: impl Fn(Field) -> bool,
) {
    let mut claims: Vec<(bool, u32, std::cmp::Reverse<usize>, Field)> = Vec::new();
    for (column, (label, content)) in table.labels.iter().zip(contents).enumerate() {
        if content.closed {
            continue;
        }
        let plain = words::plain(label);
        for field in Field::ALL.into_iter().filter(|field| open(*field)) {
            let weight = content.agrees(field, words::weight(&plain, field));
            if weight > 0 {
                claims.push((field == Field::Name, weight, std::cmp::Reverse(column), field));
            }
        }
    }
    claims.sort_unstable();
    for (_, _, std::cmp::Reverse(column), field) in claims.into_iter().rev() {
        if fields.contains(&Some(field)) {
            continue;
        }
        if let Some(slot @ None) = fields.get_mut(column) {
            *slot = Some(field);
        }
    }
}

/// Fills what headers left open where the content leaves little doubt.
fn by_content(contents: &[Content], fields: &mut [Option<Field>], open: impl Fn(Field) -> bool) {
    let texts = |content: &Content| {
        !content.most(content.numbers, 10)
            && !content.most(content.dates, 10)
            && !content.most(content.addresses, 30)
            && !content.most(content.codes, 50)
    };
    let full = |content: &Content| content.filled > 0 && content.filled * 10 >= content.rows * 8;
    let mut take = |field: Field, fits: &dyn Fn(&Content) -> bool| {
        if !open(field) || fields.contains(&Some(field)) {
            return;
        }
        let found = contents
            .iter()
            .zip(fields.iter_mut())
            .find(|(content, slot)| slot.is_none() && !content.closed && fits(content));
        if let Some((_, slot)) = found {
            *slot = Some(field);
        }
    };
    take(Field::Name, &|content| {
        texts(content)
            && full(content)
            && content.most(content.distinct, 90)
            && (3..=80).contains(&content.average())
    });
    take(Field::Summary, &|content| {
        texts(content)
            && content.average() > 60
            && content.most(content.distinct, 80)
            && content.filled * 2 >= content.rows
    });
    take(Field::Cost, &|content| {
        content.most(content.money, 50) || (content.priced && content.most(content.numbers, 60))
    });
    take(Field::Reference, &|content| {
        full(content)
            && content.most(content.codes, 95)
            && content.filled > 1
            && content.filled == content.distinct
            && content.money == 0
            && !content.most(content.dates, 10)
    });
}
