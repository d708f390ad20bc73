//! Reading numbers as people write them.

use super::unit::{self, Unit};
use super::words;

/// More digits than any amount has; keeps the arithmetic far from overflow.
const DIGITS: usize = 24;

/// Which sign separates the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimal {
    Point,
    Comma,
}

/// A number with its unit, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    /// The number without its separator of decimals.
    digits: i128,
    /// How many of the digits are decimals.
    decimals: u32,
    /// What stands beside it.
    pub(crate) unit: Unit,
    /// The sign of decimals that it cannot be read without, if there is one.
    pub(crate) evidence: Option<Decimal>,
}

impl Amount {
    /// Reads a cell. `decimal` settles what the cell leaves open: `1.234` and `1,234`.
    ///
    /// `None` for anything that is not one amount: words, dates, ranges, percentages, several numbers.
    pub(crate) fn read(text: &str, decimal: Decimal) -> Option<Self> {
        // Nothing that long is an amount, and most cells of a portfolio are prose.
        if text.len() > 80 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let text: String = text
            .to_lowercase()
            .chars()
            .map(|c| match c {
                '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\n' | '\t' => ' ',
                '\u{2212}' | '–' | '—' | '‐' | '‑' => '-',
                '’' | '´' | '`' => '\'',
                c => c,
            })
            .collect();
        let text = text.trim();
        let (text, bracketed) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(inside) => (inside.trim(), true),
            None => (text, false),
        };
        let (start, end) = span(text)?;
        let (before, number, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
        // The dash of *1.200,-* stands for decimals, and so tells their sign.
        let dashed = [(",-", Decimal::Comma), (".-", Decimal::Point)]
            .into_iter()
            .find(|(sign, _)| after.starts_with(sign));
        let (digits, decimals, evidence) = number_of(number, dashed.map_or(decimal, |(_, sign)| sign))?;
        let evidence = evidence.or(dashed.map(|(_, sign)| sign));
        let (front, front_sign) = beside(before, true)?;
        let (back, back_sign) = beside(after, false)?;
        let negative = u8::from(bracketed) + u8::from(front_sign) + u8::from(back_sign);
        if negative > 1 {
            return None;
        }
        let unit = Unit {
            currency: front.currency.or(back.currency),
            // *£m 12*: rare, but it means what it says.
            scale: back.scale.or(front.scale),
        };
        Some(Self { digits: if negative == 1 { -digits } else { digits }, decimals, unit, evidence })
    }

    /// The amount as a whole number after `scale` powers of ten, half rounded away from zero; `None` beyond
    /// `limit` in either direction.
    pub(crate) fn whole(&self, scale: u32, limit: i64) -> Option<i64> {
        let digits = if scale >= self.decimals {
            self.digits.checked_mul(10_i128.checked_pow(scale - self.decimals)?)?
        } else {
            let unit = 10_i128.checked_pow(self.decimals - scale)?;
            let half = unit / 2;
            (self.digits + if self.digits < 0 { -half } else { half }) / unit
        };
        i64::try_from(digits).ok().filter(|whole| (-limit..=limit).contains(whole))
    }

    /// Whether it is more than nothing.
    pub(crate) fn is_positive(&self) -> bool {
        self.digits > 0
    }
}

/// Where the number stands in the text; `None` if there is not exactly one.
fn span(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = bytes.iter().position(u8::is_ascii_digit)?;
    let mut end = start;
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',' | b' ' | b'\'' | b'_')) && digit(end + 1))
    {
        end += 1;
    }
    // *.5* has no digit before its point.
    if start > 0 && matches!(bytes.get(start - 1), Some(b'.' | b',')) {
        start -= 1;
    }
    let rest = bytes.get(end..)?;
    (!rest.iter().any(u8::is_ascii_digit)).then_some((start, end))
}

/// (all digits, how many are decimals, the sign of decimals it must have).
fn number_of(number: &str, decimal: Decimal) -> Option<(i128, u32, Option<Decimal>)> {
    let count = |sign: char| number.matches(sign).count();
    let (points, commas) = (count('.'), count(','));
    let others = number.contains([' ', '\'', '_']);
    let sign_of = |decimal| if decimal == Decimal::Comma { ',' } else { '.' };
    let (separator, evidence) = match (points, commas) {
        (0, 0) => (None, None),
        (1.., 1..) => {
            let last = if number.rfind('.') > number.rfind(',') { Decimal::Point } else { Decimal::Comma };
            if count(sign_of(last)) > 1 {
                return None;
            }
            (Some(sign_of(last)), Some(last))
        }
        (1, 0) | (0, 1) => {
            let written = if points == 1 { Decimal::Point } else { Decimal::Comma };
            let (head, tail) = number.split_once(sign_of(written))?;
            let groups =
                tail.len() == 3 && (1..=3).contains(&head.len()) && !head.starts_with('0') && !others;
            if !groups {
                (Some(sign_of(written)), Some(written))
            } else if decimal == written {
                (Some(sign_of(written)), None)
            } else {
                (None, None)
            }
        }
        (_, 0) => (None, Some(Decimal::Comma)),
        (0, _) => (None, Some(Decimal::Point)),
    };
    let (whole, fraction) = match separator {
        Some(sign) => number.rsplit_once(sign)?,
        None => (number, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || !well_grouped(whole) {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).chain(fraction.chars()).collect();
    if digits.is_empty() || digits.trim_start_matches('0').len() > DIGITS || fraction.len() > DIGITS {
        return None;
    }
    Some((digits.parse().ok()?, u32::try_from(fraction.len()).ok()?, evidence))
}

/// Whether digits are grouped by threes, or by twos before the last three as in India.
fn well_grouped(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split([',', '.', ' ', '\'', '_']).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return true };
    let by = |size: usize| middle.iter().all(|group| group.len() == size);
    last.len() == 3
        && ((by(3) && (1..=3).contains(&first.len())) || (by(2) && (1..=2).contains(&first.len())))
}

/// What stands before or after a number, and whether a minus is there; `None` if it is more than a unit.
fn beside(text: &str, before: bool) -> Option<(Unit, bool)> {
    let mut unit = Unit::default();
    let mut minus = false;
    // *1.200,-* and *500.--* are whole amounts, and *500-* is a negative one.
    let decimals = [",--", ".--", ",-", ".-"].into_iter().find_map(|dash| text.strip_prefix(dash));
    let mut rest = decimals.filter(|_| !before).unwrap_or(text).trim();
    while let Some(c) = rest.chars().next() {
        if let Some((currency, after)) = unit::strip_sign(rest) {
            if unit.currency.is_some() {
                return None;
            }
            unit.currency = Some(currency);
            rest = after;
        } else if c.is_alphabetic() {
            let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            match unit::word(word) {
                Some(found) if found.scale.is_none_or(|_| unit.scale.is_none()) => {
                    unit.currency = unit.currency.or(found.currency);
                    unit.scale = unit.scale.or(found.scale);
                }
                _ if words::is_filler(word) => {}
                _ => return None,
            }
            rest = after;
        } else {
            match c {
                '-' if !minus && (before || rest == "-") => minus = true,
                '~' | '+' if before => {}
                '<' | '>' | '≈' if before => {}
                ' ' | '.' | '/' | '*' | '\'' => {}
                _ => return None,
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    Some((unit, minus))
}

/// Whether a cell looks like a date, a time or a quarter: digits in groups that make no number.
pub(crate) fn looks_like_date(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 30 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    ['-', '/', '.'].iter().any(|sign| {
        let parts: Vec<&str> = day.split(*sign).collect();
        parts.len() == 3
            && parts.iter().all(|part| {
                let length = part.len();
                (1..=4).contains(&length) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
            && parts.iter().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).count() >= 2
            && parts.iter().any(|part| part.len() <= 2)
            && !parts.iter().all(|part| part.len() == 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<i64> {
        whole_with(text, Decimal::Point)
    }

    fn whole_with(text: &str, decimal: Decimal) -> Option<i64> {
        let amount = Amount::read(text, decimal)?;
        amount.whole(amount.unit.scale.unwrap_or(0), i64::MAX)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, expected) in [
            ("1234", 1_234),
            ("£1,234.5m", 1_234_500_000),
            ("1.234,50 €", 1_235),
            ("(1 200)", -1_200),
            ("12k", 12_000),
            ("1.2bn", 1_200_000_000),
            ("Ł2.5bn", 2_500_000_000),
            ("1,234,567", 1_234_567),
            ("1.234.567", 1_234_567),
            ("12,34,567", 1_234_567),
            ("1'200'000.-", 1_200_000),
            ("1\u{a0}200\u{a0}000 €", 1_200_000),
            ("-£3.5k", -3_500),
            ("£-3.5k", -3_500),
            ("500-", -500),
            ("$ 1.5 million", 1_500_000),
            ("EUR 250k", 250_000),
            ("c. £3m p.a.", 3_000_000),
            ("~10 FTE", 10),
            ("0.5", 1),
            ("0.4", 0),
            ("-0.5", -1),
            (".5m", 500_000),
            ("1.200,-", 1_200),
            ("1,200.- CHF", 1_200),
            ("€1.5 mio.", 1_500_000),
        ] {
            assert_eq!(whole(text), Some(expected), "{text}");
        }
        assert_eq!(whole_with("1.200", Decimal::Comma), Some(1_200));
        assert_eq!(whole_with("1,200", Decimal::Comma), Some(1));
        assert_eq!(whole("1,200"), Some(1_200));
        assert_eq!(whole("1.200"), Some(1));
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in [
            "",
            "n/a",
            "tbc",
            "-",
            "Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests).",
            "Section 43",
            "2024-03-31",
            "31/03/2024",
            "10-12m",
            "£3m to £5m",
            "45%",
            "12 34",
            "1.2.3",
            "1,2,3",
            "Phase 2",
            "3 months",
            "999999999999999999999999999999",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn an_amount_beyond_the_limit_is_none() {
        assert_eq!(Amount::read("12", Decimal::Point).and_then(|amount| amount.whole(3, 11_999)), None);
        assert_eq!(
            Amount::read("-12", Decimal::Point).and_then(|amount| amount.whole(3, 12_000)),
            Some(-12_000)
        );
    }

    #[test]
    fn a_number_tells_its_decimal_sign_where_it_can() {
        let evidence = |text| Amount::read(text, Decimal::Point).and_then(|amount| amount.evidence);
        assert_eq!(evidence("1.234,5"), Some(Decimal::Comma));
        assert_eq!(evidence("1,234.5"), Some(Decimal::Point));
        assert_eq!(evidence("12,5"), Some(Decimal::Comma));
        assert_eq!(evidence("1.234.567"), Some(Decimal::Comma));
        assert_eq!(evidence("1.234"), None);
        assert_eq!(evidence("1234"), None);
    }

    #[test]
    fn dates_are_recognised() {
        for text in ["2024-03-31", "31/03/2024", "31.3.24", "01-Apr-2024", "2024-03-31 14:00"] {
            assert!(looks_like_date(text), "{text}");
        }
        for text in ["123.456.789", "1,200", "A-1-x", "P-001", ""] {
            assert!(!looks_like_date(text), "{text}");
        }
    }
}
