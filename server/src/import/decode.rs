//! From bytes to text: what kind of file it is, and in which encoding.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::ImportError;
use super::portfolio::Note;

/// How much of a file is looked at to recognise UTF-16 without a byte order mark, in bytes.
const UTF_16_SAMPLE: usize = 4 * 1024;

/// What a file is, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Workbook,
    Text,
}

/// What the request says about the bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hint {
    /// It says JSON.
    pub(crate) json: bool,
    /// It says tab-separated.
    pub(crate) tabs: bool,
    /// The charset it names.
    pub(crate) charset: Option<&'static Encoding>,
}

impl Hint {
    /// Reads a `Content-Type` header; what is not understood is no hint.
    pub(crate) fn from_content_type(content_type: Option<&str>) -> Self {
        let Some(value) = content_type else { return Self::default() };
        let mut parts = value.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| Encoding::for_label(value.trim().trim_matches('"').as_bytes()))?
        });
        Self {
            json: essence.ends_with("/json") || essence.ends_with("+json"),
            tabs: essence == "text/tab-separated-values",
            charset,
        }
    }
}

/// Recognises the kind of file by its first bytes.
///
/// # Errors
///
/// [`ImportError::Empty`] and [`ImportError::Unsupported`].
pub(crate) fn kind(bytes: &[u8]) -> Result<Kind, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return Ok(Kind::Workbook);
    }
    if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(ImportError::Unsupported {
            what: "an old or a password-protected Office file",
            instead: "Open it, take the password off, save it as .xlsx or CSV, and import that.",
        });
    }
    let what = if starts(b"%PDF") {
        "a PDF"
    } else if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"GIF8") {
        "a picture"
    } else if starts(b"\x1F\x8B") || starts(b"7z\xBC\xAF") || starts(b"Rar!") {
        "a compressed archive"
    } else {
        let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if ["<!doctype html", "<html", "<table", "<meta"].iter().any(|tag| head.starts_with(tag)) {
            "a web page"
        } else if head.starts_with("<?xml") {
            "an XML file"
        } else if head.starts_with("{\\rtf") {
            "a text document"
        } else {
            return Ok(Kind::Text);
        }
    };
    Err(ImportError::Unsupported {
        what,
        instead: "Open it in a spreadsheet program, save the table as .xlsx or CSV, and import that.",
    })
}

/// Decodes text: by its byte order mark, else as the request says, else as UTF-8 if it is valid, else as it
/// looks. Never fails; what cannot be decoded shows as `�` and is noted.
pub(crate) fn text(
    bytes: &[u8],
    charset: Option<&'static Encoding>,
) -> Result<(String, Vec<Note>), ImportError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None => (without_mark(bytes, charset), bytes),
    };
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut notes = Vec::new();
    if damaged {
        notes.push(Note {
            row: None,
            text: format!(
                "Some characters are not valid {name} and show as “�”. If it matters, save the file as UTF-8 and import it again.",
                name = encoding.name()
            ),
        });
    } else if encoding != UTF_8 {
        notes.push(Note {
            row: None,
            text: format!(
                "The file was read as {name}. If letters with accents look wrong, save it as UTF-8 and import it again.",
                name = encoding.name()
            ),
        });
    }
    if super::text::is_blank(&text) {
        return Err(ImportError::Empty);
    }
    Ok((text.into_owned(), notes))
}

fn without_mark(bytes: &[u8], charset: Option<&'static Encoding>) -> &'static Encoding {
    if let Some(charset) = charset.filter(|charset| *charset != UTF_8) {
        return charset;
    }
    if let Some(encoding) = utf_16(bytes) {
        return encoding;
    }
    if mostly_utf_8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: text with Latin letters has a zero in every other byte, nearly always on one side.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(UTF_16_SAMPLE)).unwrap_or_default();
    let pairs = sample.len() / 2;
    if pairs < 2 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Three of ten are enough: text in other scripts still has Latin separators, digits and line breaks.
    let enough = (pairs * 3).div_ceil(10);
    if odd >= enough && even * 10 < odd {
        Some(UTF_16LE)
    } else if even >= enough && odd * 10 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Valid UTF-8, or UTF-8 with a little damage: a file cut in the middle of a character, or one bad paste, should
/// not turn every other accent into two wrong letters.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good >= bad * 4
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        text(bytes, None).unwrap().0
    }

    fn utf_16_bytes(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    const TEXT: &str = "Project,Owner\nCafé renewal,Zoë Müller\n";

    #[test]
    fn utf_8_is_read_with_and_without_a_mark() {
        assert_eq!(decoded(TEXT.as_bytes()), TEXT);
        assert_eq!(decoded(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat()), TEXT);
    }

    #[test]
    fn utf_16_is_read_in_both_orders_with_and_without_a_mark() {
        for little in [true, false] {
            let body = utf_16_bytes(TEXT, little);
            assert_eq!(decoded(&body), TEXT);
            let mark: &[u8] = if little { b"\xFF\xFE" } else { b"\xFE\xFF" };
            assert_eq!(decoded(&[mark, &body].concat()), TEXT);
        }
    }

    #[test]
    fn windows_1252_is_recognised() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode("Projekt;Kosten\nStraßenbahn – Größe;1.200 €\n");
        assert_eq!(decoded(&bytes), "Projekt;Kosten\nStraßenbahn – Größe;1.200 €\n");
    }

    #[test]
    fn a_charset_in_the_content_type_is_followed_and_a_wrong_utf_8_is_not() {
        let hint = Hint::from_content_type(Some("text/csv; charset=\"ISO-8859-2\""));
        assert_eq!(text(b"Po\xE8et", hint.charset).unwrap().0, "Počet");
        let hint = Hint::from_content_type(Some("text/csv;charset=utf-8"));
        assert_eq!(text(b"Caf\xE9 and a bar", hint.charset).unwrap().0, "Café and a bar");
    }

    #[test]
    fn one_bad_byte_does_not_make_utf_8_something_else() {
        let mut bytes = "é".repeat(10).into_bytes();
        bytes.push(0xE9);
        let (text, notes) = text(&bytes, None).unwrap();
        assert_eq!(text, format!("{}�", "é".repeat(10)));
        assert!(notes[0].text.contains("not valid UTF-8"));
    }

    #[test]
    fn other_kinds_of_files_are_named() {
        let kinds: [(&[u8], &str); 4] = [
            (b"%PDF-1.7 ...", "a PDF"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "an old or a password-protected Office file"),
            (b"<!DOCTYPE html><table>", "a web page"),
            (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>", "an XML file"),
        ];
        for (bytes, expected) in kinds {
            let Err(ImportError::Unsupported { what, .. }) = kind(bytes) else { panic!("{expected}") };
            assert_eq!(what, expected);
        }
        assert_eq!(kind(b""), Err(ImportError::Empty));
        assert!(matches!(text(b" \n\t\n", None), Err(ImportError::Empty)));
    }
}
