//! From the rows of a table to projects.

use std::collections::HashMap;

use super::amount::{Amount, Decimal};
use super::columns::{self, EXAMPLE_CHARS, Meaning};
use super::error::ImportError;
use super::header::{self, Table};
use super::limits;
use super::map::ColumnMap;
use super::portfolio::{Field, Format, ImportedProject, Note, Portfolio, Skipped};
use super::sheet::{Cell, Row, Sheet};
use super::text::{cut, lines, name_key, one_line, trim};
use super::words;

/// Reads the first sheet whose header names the projects, else the first one that has any.
///
/// # Errors
///
/// That of the sheet with most rows, if none has.
pub(crate) fn first_table(sheets: Vec<Sheet>, map: Option<&ColumnMap>) -> Result<Portfolio, ImportError> {
    let mut worst: Option<(usize, ImportError)> = None;
    let mut guessed: Option<Portfolio> = None;
    let mut found: Option<Portfolio> = None;
    for sheet in sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        match portfolio(sheet, map) {
            Ok((portfolio, true)) => {
                found = Some(portfolio);
                break;
            }
            Ok((portfolio, false)) => guessed = guessed.or(Some(portfolio)),
            Err(error) => {
                if worst.as_ref().is_none_or(|(rows, _)| sheet.rows.len() > *rows) {
                    worst = Some((sheet.rows.len(), error));
                }
            }
        }
    }
    let Some(mut portfolio) = found.or(guessed) else {
        return Err(worst.map_or(ImportError::Empty, |(_, error)| error));
    };
    let others: Vec<String> = sheets
        .iter()
        .filter(|sheet| !sheet.rows.is_empty() && sheet.name != portfolio.sheet)
        .filter_map(|sheet| sheet.name.as_ref().map(|name| format!("“{name}”")))
        .collect();
    if let (Some(name), false) = (&portfolio.sheet, others.is_empty()) {
        let text = format!(
            "The projects were read from the sheet “{name}”. Not read: {}. If one of these has projects, too, import a file with that sheet alone.",
            others.join(", ")
        );
        portfolio.notes.insert(0, Note { row: None, text });
    }
    Ok(portfolio)
}

/// The projects of a sheet, and whether it said which column is their name.
fn portfolio(sheet: &Sheet, map: Option<&ColumnMap>) -> Result<(Portfolio, bool), ImportError> {
    let table = header::table(sheet, map);
    if let (Some(header), true) = (table.header, table.body.is_empty()) {
        return Err(ImportError::NoRows { row: header.number });
    }
    let meanings = columns::meanings(sheet, &table, map)?;
    let named = map.is_some_and(|map| map.mentions(Field::Name))
        || meanings.iter().any(|meaning| {
            meaning.field == Some(Field::Name)
                && words::weight(&words::plain(&meaning.label), Field::Name) >= words::SURE
        });
    let mut reading = Reading::new(sheet, &table, &meanings);
    for row in table.titles {
        let text =
            row.cells.iter().map(|cell| trim(&cell.text)).find(|text| !text.is_empty()).unwrap_or_default();
        reading.skip(
            row.number,
            format!("Stands above the table and was taken for a title: “{}”.", shortened(text)),
        );
    }
    if sheet.keys.is_none() && table.header.is_none() {
        let text = "No row looks like a header, so the first row was read as a project. If that is wrong, add a header row with words like Project, Sponsor and Cost.";
        reading.note(None, text.to_owned());
    }
    for row in table.body {
        reading.row(row);
    }
    Ok((reading.finish(), named))
}

/// A name that has been read, and where.
#[derive(Default)]
struct Named {
    first: u32,
    /// The row that has this name and no reference.
    bare: Option<u32>,
    /// The rows that have this name and a reference.
    referenced: HashMap<String, u32>,
}

/// The state of reading one table.
struct Reading<'t> {
    sheet: &'t Sheet,
    table: &'t Table<'t>,
    meanings: &'t [Meaning],
    projects: Vec<ImportedProject>,
    skipped: Vec<Skipped>,
    /// Skipped rows beyond those that are named: the first, the last, how many.
    unnamed: Option<(u32, u32, u32)>,
    notes: Vec<Note>,
    /// Notes beyond [`limits::NOTES`].
    untold: usize,
    names: HashMap<String, Named>,
    references: HashMap<String, u32>,
    currency: Option<&'static str>,
}

impl<'t> Reading<'t> {
    fn new(sheet: &'t Sheet, table: &'t Table<'t>, meanings: &'t [Meaning]) -> Self {
        let mut reading = Self {
            sheet,
            table,
            meanings,
            projects: Vec::new(),
            skipped: Vec::new(),
            unnamed: None,
            notes: Vec::new(),
            untold: 0,
            names: HashMap::new(),
            references: HashMap::new(),
            currency: currency(table, meanings),
        };
        for note in &sheet.notes {
            reading.note(note.row, note.text.clone());
        }
        reading
    }

    fn note(&mut self, row: Option<u32>, text: String) {
        if self.notes.len() < limits::NOTES {
            self.notes.push(Note { row, text });
        } else {
            self.untold += 1;
        }
    }

    fn skip(&mut self, row: u32, reason: String) {
        if self.skipped.len() < limits::SKIPPED {
            self.skipped.push(Skipped { row, reason });
        } else {
            let (_, last, count) = self.unnamed.get_or_insert((row, row, 0));
            *last = row;
            *count += 1;
        }
    }

    fn column(&self, field: Field) -> Option<usize> {
        self.meanings.iter().position(|meaning| meaning.field == Some(field))
    }

    fn cell<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.column(field).map_or("", |column| row.at(column))
    }

    /// Reads one row into a project, or skips it with a reason.
    fn row(&mut self, row: &Row) {
        let name = one_line(self.cell(row, Field::Name));
        let reference = one_line(self.cell(row, Field::Reference));
        if let Some(reason) = self.reason_to_skip(row, &name, &reference) {
            self.skip(row.number, reason);
            return;
        }
        self.remember(row.number, &name, &reference);
        let mut project = ImportedProject { row: row.number, ..ImportedProject::default() };
        let mut left_out = 0;
        for (meaning, cell) in self.meanings.iter().zip(&row.cells) {
            if cell.is_blank() || meaning.ignored {
                continue;
            }
            let kept = self.take(&mut project, meaning, cell);
            if !kept {
                if project.more.len() < limits::MORE {
                    let text = self.within(row.number, &meaning.label, lines(&cell.text), limits::TEXT_CHARS);
                    project.more.push((meaning.label.clone(), text));
                } else {
                    left_out += 1;
                }
            }
        }
        if left_out > 0 {
            self.note(
                Some(row.number),
                format!("Only the first {} cells without a field of their own are kept with a project; {left_out} more of this row are not.", limits::MORE),
            );
        }
        self.projects.push(project);
    }

    /// Puts a cell into its field. Returns whether the field now says all that the cell said.
    fn take(&mut self, project: &mut ImportedProject, meaning: &Meaning, cell: &Cell) -> bool {
        let row = project.row;
        let label = meaning.label.as_str();
        match meaning.field {
            None => return false,
            Some(Field::Name) => {
                project.name = self.within(row, label, one_line(&cell.text), limits::NAME_CHARS);
            }
            Some(Field::Summary) => {
                project.summary = self.within(row, label, lines(&cell.text), limits::SUMMARY_CHARS);
            }
            Some(Field::Sponsor) => {
                project.sponsor = self.within(row, label, one_line(&cell.text), limits::TEXT_CHARS);
            }
            Some(Field::Owner) => {
                project.owner = self.within(row, label, one_line(&cell.text), limits::TEXT_CHARS);
            }
            Some(Field::Reference) => {
                project.reference = self.within(row, label, one_line(&cell.text), limits::TEXT_CHARS);
            }
            Some(Field::Origin) => {
                project.origin = words::origin(&cell.text);
                return project
                    .origin
                    .is_some_and(|origin| name_key(&cell.text) == name_key(&format!("{origin:?}")));
            }
            Some(Field::Cost) => {
                project.cost = self.cost(row, meaning, cell);
                return project.cost.is_some_and(|cost| trim(&cell.text) == cost.to_string());
            }
            Some(Field::People) => {
                project.people = people(meaning, cell);
                return project.people.is_some_and(|people| trim(&cell.text) == people.to_string());
            }
        }
        true
    }

    /// The cost in a cell, in whole units of the portfolio's currency.
    fn cost(&mut self, row: u32, meaning: &Meaning, cell: &Cell) -> Option<i64> {
        let amount = Amount::read(&cell.text, decimal(meaning, cell))?;
        let currency = amount.unit.currency.or(meaning.unit.currency);
        if let (Some(own), Some(usual)) = (currency, self.currency)
            && own != usual
        {
            self.note(
                Some(row),
                format!(
                    "“{}” is not in {usual} as the other costs are, so it is kept as text and not counted.",
                    shortened(&cell.text)
                ),
            );
            return None;
        }
        let scale = amount.unit.scale.or(meaning.unit.scale).unwrap_or(0);
        let cost = amount.whole(scale, limits::COST);
        if cost.is_none() {
            self.note(Some(row), format!("“{}” is too large for a cost, so it is kept as text and not counted. Check the unit in the header “{}”.", shortened(&cell.text), meaning.label));
        }
        cost
    }

    /// The text, cut to the limit with a note if it is longer.
    fn within(&mut self, row: u32, label: &str, text: String, limit: usize) -> String {
        let (short, was_cut) = cut(&text, limit);
        if was_cut {
            self.note(
                Some(row),
                format!("The text in “{label}” is longer than {limit} characters and was cut."),
            );
        }
        short
    }

    /// Why a row is no project of its own.
    fn reason_to_skip(&self, row: &Row, name: &str, reference: &str) -> Option<String> {
        if name.is_empty() {
            let total = row.cells.iter().find(|cell| words::is_total(&cell.text));
            return Some(match total {
                Some(cell) => format!("A row of sums (“{}”), not a project.", shortened(&cell.text)),
                None => {
                    let label = self.column(Field::Name).and_then(|column| self.meanings.get(column));
                    format!(
                        "Has no name: the column “{}” is empty here.",
                        label.map_or("name", |meaning| meaning.label.as_str())
                    )
                }
            });
        }
        if reference.is_empty() && words::is_total(name) {
            return Some(format!("A row of sums (“{}”), not a project.", shortened(name)));
        }
        if self.repeats_header(row) {
            return Some("Repeats the header.".to_owned());
        }
        if let Some(named) = self.names.get(&name_key(name)) {
            let same = if reference.is_empty() {
                Some(named.first)
            } else {
                named.bare.or_else(|| named.referenced.get(&name_key(reference)).copied())
            };
            if let Some(first) = same {
                return Some(format!(
                    "Has the same name as row {first} (“{}”) and no reference that tells them apart. Give them different references or names and import again if they are two projects.",
                    shortened(name)
                ));
            }
        }
        (self.projects.len() >= limits::PROJECTS).then(|| {
            format!("A session holds {} projects, and the rows before this one fill it.", limits::PROJECTS)
        })
    }

    fn repeats_header(&self, row: &Row) -> bool {
        self.table.header.is_some_and(|header| {
            let width = row.cells.len().max(header.cells.len());
            (0..width).all(|column| name_key(row.at(column)) == name_key(header.at(column)))
        })
    }

    fn remember(&mut self, row: u32, name: &str, reference: &str) {
        let named =
            self.names.entry(name_key(name)).or_insert_with(|| Named { first: row, ..Named::default() });
        if reference.is_empty() {
            named.bare.get_or_insert(row);
            return;
        }
        let reference_key = name_key(reference);
        named.referenced.entry(reference_key.clone()).or_insert(row);
        match self.references.get(&reference_key).copied() {
            Some(first) => self.note(
                Some(row),
                format!("Has the same reference as row {first} (“{}”) and another name. Both are kept as projects.", shortened(reference)),
            ),
            None => {
                self.references.insert(reference_key, row);
            }
        }
    }

    fn finish(mut self) -> Portfolio {
        if let Some((first, last, count)) = self.unnamed {
            self.skipped.push(Skipped {
                row: first,
                reason: format!(
                    "{count} more rows up to row {last} were skipped for reasons like those above."
                ),
            });
        }
        if let Some(unread) = self.sheet.unread {
            self.skipped.push(Skipped {
                row: unread.first,
                reason: format!(
                    "{} rows from here to row {} were not read: an import reads {} rows.",
                    unread.count,
                    unread.last,
                    limits::ROWS
                ),
            });
        }
        if self.untold > 0 {
            self.notes.push(Note { row: None, text: format!("And {} more notes like these.", self.untold) });
        }
        Portfolio {
            columns: self.meanings.iter().filter_map(Meaning::column).collect(),
            format: Format::default(),
            projects: self.projects,
            skipped: self.skipped,
            currency: self.currency.map(str::to_owned),
            notes: self.notes,
            sheet: self.sheet.name.clone(),
        }
    }
}

/// The currency of the costs: the header's, else the one that most cells name, the first of equals.
fn currency(table: &Table<'_>, meanings: &[Meaning]) -> Option<&'static str> {
    let (column, meaning) =
        meanings.iter().enumerate().find(|(_, meaning)| meaning.field == Some(Field::Cost))?;
    if meaning.unit.currency.is_some() {
        return meaning.unit.currency;
    }
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for row in table.body {
        let Some(cell) = row.cells.get(column) else { continue };
        let named = Amount::read(&cell.text, decimal(meaning, cell)).and_then(|amount| amount.unit.currency);
        let Some(named) = named else { continue };
        match counts.iter_mut().find(|(currency, _)| *currency == named) {
            Some((_, count)) => *count += 1,
            None => counts.push((named, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.iter().find(|(_, count)| *count == most).map(|(currency, _)| *currency)
}

/// How many people a cell means.
fn people(meaning: &Meaning, cell: &Cell) -> Option<i64> {
    let amount = Amount::read(&cell.text, decimal(meaning, cell))?;
    if amount.unit.currency.is_some() {
        return None;
    }
    let people = amount.whole(amount.unit.scale.unwrap_or(0), limits::PEOPLE)?;
    // Half a day a week is somebody.
    let people = if people == 0 && amount.is_positive() { 1 } else { people };
    (people >= 0).then_some(people)
}

/// A number of the file's own has a point, whatever its texts have.
fn decimal(meaning: &Meaning, cell: &Cell) -> Decimal {
    if cell.number { Decimal::Point } else { meaning.decimal }
}

/// A text as it can stand in a sentence.
fn shortened(text: &str) -> String {
    cut(&one_line(text), EXAMPLE_CHARS).0
}
