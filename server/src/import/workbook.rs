//! Excel workbooks (.xlsx).

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::error::ImportError;
use super::limits;
use super::sheet::{Cell, Row, Sheet};

/// The most strings that a workbook may announce. The reader sets memory aside for as many as are announced.
const ANNOUNCED_STRINGS: usize = 1_000_000;

/// Reads the sheets that a person would see, in their order.
///
/// # Errors
///
/// [`ImportError::UnpacksTooLarge`], [`ImportError::Damaged`], [`ImportError::Unsupported`] and
/// [`ImportError::TooManyColumns`].
pub(crate) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ImportError> {
    inspect(bytes)?;
    // The reader is a library that meets a stranger's file here. Should it panic, that is one refused file; memory
    // and endless loops, which cannot be caught, are what `inspect` is for.
    catch_unwind(AssertUnwindSafe(|| read(bytes)))
        .unwrap_or_else(|_| Err(damaged("it is not built as workbooks are")))
}

fn damaged(detail: impl ToString) -> ImportError {
    ImportError::Damaged { detail: detail.to_string().trim_end_matches('.').to_owned() }
}

/// Unpacks every part once, counting, before anything is read from it.
///
/// The sizes that an archive states are its maker's word; only what comes out of it counts.
fn inspect(bytes: &[u8]) -> Result<(), ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits::WORKBOOK_PARTS {
        return Err(ImportError::UnpacksTooLarge);
    }
    let workbook = archive
        .file_names()
        .filter_map(Result::ok)
        .any(|name| name.eq_ignore_ascii_case("[Content_Types].xml") || name.ends_with(".rels"));
    if !workbook {
        return Err(ImportError::Unsupported {
            what: "an archive, but not an Excel workbook",
            instead: "Open what is inside in a spreadsheet program, save the table as .xlsx or CSV, and import that.",
        });
    }
    let mut left = limits::UNPACKED_BYTES;
    let mut tags = limits::WORKBOOK_TAGS;
    let mut part = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(damaged)?;
        let markup = is_markup(&file.name().map_err(damaged)?);
        part.clear();
        // One byte more than is allowed, to tell *all of it* from *too much*.
        let limit = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        file.take(limit).read_to_end(&mut part).map_err(damaged)?;
        left = left.checked_sub(part.len()).ok_or(ImportError::UnpacksTooLarge)?;
        if markup {
            inspect_markup(&part, &mut tags)?;
        }
    }
    Ok(())
}

/// Whether a part is XML that the reader may open whole. Pictures and the like are only counted.
fn is_markup(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xml", ".rels", ".vml"].iter().any(|ending| name.ends_with(ending))
}

/// Refuses what makes the reader set memory aside out of proportion: masses of tags, and announced counts.
fn inspect_markup(part: &[u8], tags: &mut usize) -> Result<(), ImportError> {
    let count = part.iter().filter(|byte| **byte == b'<').count();
    *tags = tags.checked_sub(count).ok_or(ImportError::UnpacksTooLarge)?;
    // In another encoding than UTF-8 the search below could be led astray. Spreadsheet programs write no other.
    if part.contains(&0) || declares_another_encoding(part) {
        return Err(damaged("a part of it is in an encoding that spreadsheet programs do not write"));
    }
    let key = b"uniqueCount";
    let mut rest = part;
    while let Some(at) = rest.windows(key.len()).position(|window| window == key) {
        rest = rest.get(at + key.len()..).unwrap_or_default();
        let digits: Vec<u8> = rest
            .iter()
            .copied()
            .skip_while(|byte| {
                byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+' | b'0')
            })
            .take_while(u8::is_ascii_digit)
            .take(20)
            .collect();
        // Twenty digits do not parse, and mean more than enough.
        let announced =
            std::str::from_utf8(&digits).unwrap_or_default().parse::<usize>().unwrap_or(usize::MAX);
        if !digits.is_empty() && announced > ANNOUNCED_STRINGS {
            return Err(ImportError::UnpacksTooLarge);
        }
    }
    Ok(())
}

fn declares_another_encoding(part: &[u8]) -> bool {
    let head = part.get(..part.len().min(200)).unwrap_or_default();
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let Some(declaration) = head.find("<?xml").and_then(|at| head.get(at..)) else { return false };
    let declaration = declaration.split("?>").next().unwrap_or_default();
    match declaration.split_once("encoding") {
        Some((_, value)) => {
            let value = value.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
            !["\"utf-8\"", "'utf-8'", "\"us-ascii\"", "'us-ascii'", "\"ascii\""]
                .iter()
                .any(|known| value.starts_with(known))
        }
        None => false,
    }
}

fn read(bytes: &[u8]) -> Result<Vec<Sheet>, ImportError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| {
        let text = error.to_string();
        if text.to_ascii_lowercase().contains("password") {
            ImportError::Unsupported {
                what: "a password-protected workbook",
                instead: "Take the password off, save it, and import it again.",
            }
        } else {
            damaged(text)
        }
    })?;
    let names: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .take(limits::WORKBOOK_SHEETS)
        .collect();
    let mut text_left = limits::UNPACKED_BYTES;
    let mut sheets = Vec::new();
    for name in names {
        let mut sheet = Sheet { name: Some(name.clone()), ..Sheet::default() };
        fill(&mut workbook, &name, &mut sheet, &mut text_left)?;
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Reads the cells of one sheet, one after the other: a sheet's stated extent can be far larger than its content.
fn fill(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut Sheet,
    text_left: &mut usize,
) -> Result<(), ImportError> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(damaged)?;
    let formats: Vec<Format> = reader
        .styles()
        .iter()
        .map(|style| {
            style.number_format.as_ref().map_or(Format::Plain, |format| Format::of(&format.format_code))
        })
        .collect();
    let mut row = Row { number: 0, cells: Vec::new() };
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(damaged)? {
        let (at, column) = cell.get_position();
        let number = at.saturating_add(1);
        if number < row.number {
            // Out of order: then rows could come again and again.
            return Err(damaged(format!("the rows of the sheet {name:?} are not in order")));
        }
        if number > row.number {
            sheet.push(std::mem::replace(&mut row, Row { number, cells: Vec::new() }));
        }
        let format = formats.get(style).copied().unwrap_or_default();
        let Some(cell) = to_cell(cell.get_value(), format) else { continue };
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::COLUMNS {
            return Err(ImportError::TooManyColumns { row: number });
        }
        *text_left = text_left.checked_sub(cell.text.len()).ok_or(ImportError::UnpacksTooLarge)?;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::default());
        }
        if let Some(slot) = row.cells.get_mut(column) {
            *slot = cell;
        }
    }
    sheet.push(row);
    Ok(())
}

/// How a number shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Format {
    #[default]
    Plain,
    Percent,
    /// With a sign of this currency.
    Money(&'static str),
}

impl Format {
    fn of(code: &str) -> Self {
        // Only the part for positive numbers; the others are the same but for their sign.
        let code = code.split(';').next().unwrap_or_default();
        if code.contains('%') {
            return Self::Percent;
        }
        // Locale tags look like `[$€-407]` and `[$-409]`, the latter without a currency.
        let tag =
            code.split_once("[$").and_then(|(_, rest)| rest.split([']', '-']).next()).unwrap_or_default();
        let plain = code.split("[$").next().unwrap_or_default();
        for sign in [
            "£", "€", "US$", "A$", "C$", "$", "¥", "₹", "kr", "zł", "CHF", "EUR", "USD", "GBP", "SEK", "NOK",
            "DKK", "PLN",
        ] {
            if tag == sign || (sign.chars().count() == 1 && plain.contains(sign)) {
                return Self::Money(sign);
            }
        }
        Self::Plain
    }
}

/// The cell as a person sees it; `None` if there is nothing in it.
fn to_cell(value: &DataRef<'_>, format: Format) -> Option<Cell> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => Cell::text(text.as_str()),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::DateTimeIso(text) => Cell::text(text.strip_suffix("T00:00:00").unwrap_or(text)),
        DataRef::DurationIso(text) => Cell::text(text.as_str()),
        DataRef::Bool(value) => Cell::text(if *value { "TRUE" } else { "FALSE" }),
        DataRef::Error(error) => Cell::text(error.to_string()),
        DataRef::Int(number) => Cell::number(with_format(number.to_string(), format)),
        DataRef::Float(number) => match format {
            Format::Percent => Cell::number(format!("{}%", decimal(number * 100.0))),
            format => Cell::number(with_format(decimal(*number), format)),
        },
        DataRef::DateTime(date) => Cell::text(date_text(date)),
    })
    .filter(|cell| !cell.text.is_empty())
}

fn with_format(number: String, format: Format) -> String {
    match format {
        Format::Money(sign) if sign.is_ascii() && !sign.ends_with('$') => format!("{sign} {number}"),
        Format::Money(sign) => format!("{sign}{number}"),
        Format::Percent | Format::Plain => number,
    }
}

/// A number in decimal notation with the fifteen digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there.
fn decimal(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    format!("{rounded}")
}

/// A date in ISO 8601, with the time if there is one; a duration in hours and minutes.
fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if date.is_duration() {
        return format!("{} days", decimal(date.as_f64()));
    }
    let time = match (hour, minute, second) {
        (0, 0, 0) => String::new(),
        (hour, minute, 0) => format!("{hour:02}:{minute:02}"),
        (hour, minute, second) => format!("{hour:02}:{minute:02}:{second:02}"),
    };
    // A time alone is a fraction of the first day.
    let day = if date.as_f64() < 1.0 { String::new() } else { format!("{year:04}-{month:02}-{day:02}") };
    format!("{day} {time}").trim().to_owned()
}
