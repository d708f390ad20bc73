//! Currencies and powers of ten, in headers and beside amounts.

use super::words;

/// Signs and words for currencies, lower case, longest first, and what they are called: an ISO 4217 code, or the
/// sign itself where several currencies share it.
const CURRENCIES: &[(&str, &str)] = &[
    ("us$", "USD"),
    ("nz$", "NZD"),
    ("hk$", "HKD"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("s$", "SGD"),
    ("r$", "BRL"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("kr", "kr"),
    ("£", "GBP"),
    // What a pound sign becomes when Latin-1 is read as Latin-2, as in published portfolio data.
    ("ł", "GBP"),
    ("€", "EUR"),
    ("$", "$"),
    ("¥", "¥"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₴", "UAH"),
    ("₦", "NGN"),
];

/// ISO 4217 codes that are recognised as words.
const CODES: &[&str] = &[
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD",
    "PHP", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND",
    "ZAR",
];

/// What stands beside an amount, or in a header: a currency, a power of ten, both or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Unit {
    pub(crate) currency: Option<&'static str>,
    pub(crate) scale: Option<u32>,
}

impl Unit {
    /// Takes in what another one says; the first word on each counts.
    fn and(self, other: Self) -> Self {
        Self { currency: self.currency.or(other.currency), scale: self.scale.or(other.scale) }
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The currency sign that lower-case text begins with, and what follows it.
pub(crate) fn strip_sign(text: &str) -> Option<(&'static str, &str)> {
    CURRENCIES.iter().find_map(|(sign, name)| {
        let rest = text.strip_prefix(sign)?;
        // *kr* in *kraków* is no krone.
        let word = sign.chars().all(char::is_alphabetic) && *sign != "ł";
        (!word || !rest.starts_with(char::is_alphabetic)).then_some((*name, rest))
    })
}

/// The unit that a lower-case word is: a code, a power of ten, or a code with a power of ten attached (`eurm`,
/// `teur`, `keur`).
pub(crate) fn word(word: &str) -> Option<Unit> {
    if let Some(scale) = words::scale(word) {
        return Some(Unit { currency: None, scale: Some(scale) });
    }
    let code = |text: &str| CODES.iter().find(|code| code.eq_ignore_ascii_case(text)).copied();
    if let Some(currency) = code(word) {
        return Some(Unit { currency: Some(currency), scale: None });
    }
    if !word.is_ascii() || word.len() < 4 {
        return None;
    }
    let (head, tail) = word.split_at(3);
    if let (Some(currency), Some(scale)) = (code(head), words::scale(tail)) {
        return Some(Unit { currency: Some(currency), scale: Some(scale) });
    }
    let (head, tail) = word.split_at(word.len() - 3);
    let scale = if head == "t" { Some(3) } else { words::scale(head) };
    Some(Unit { currency: Some(code(tail)?), scale: Some(scale?) })
}

/// The unit of a column, from its header: `(£m)`, `[USD k]`, `£'000`, `in EUR million`, `Budget £m`.
pub(crate) fn of_header(header: &str) -> Unit {
    let lower = header.to_lowercase();
    let mut unit = Unit::default();
    let mut rest = lower.as_str();
    while let Some(open) = rest.find(['(', '[']) {
        let inside = rest.get(open + 1..).unwrap_or_default();
        let close = inside.find([')', ']']).unwrap_or(inside.len());
        unit = unit.and(of_words(inside.get(..close).unwrap_or_default()));
        rest = inside.get(close..).unwrap_or_default();
    }
    if !unit.is_empty() {
        return unit;
    }
    // Outside of brackets only what stands at the end, so that an *m* in a name is no million.
    for word in lower.split([' ', '_', ',', '\n', '-']).rev().filter(|word| !word.is_empty()) {
        match of_word(word) {
            Some(found) => unit = unit.and(found),
            None if words::is_filler(word) => {}
            None => break,
        }
    }
    unit
}

/// The unit that a few words make, the ones that are none ignored.
fn of_words(text: &str) -> Unit {
    text.split([' ', '/', ',', '-', '_'])
        .filter(|word| !word.is_empty())
        .filter_map(of_word)
        .fold(Unit::default(), Unit::and)
}

/// The unit that a word of a header is: signs, codes and powers of ten in a row.
fn of_word(text: &str) -> Option<Unit> {
    let mut unit = Unit::default();
    let mut rest = text.trim_end_matches('.').trim_matches(|c| c == '\'' || c == '’');
    while !rest.is_empty() {
        if let Some((currency, after)) = strip_sign(rest) {
            unit = unit.and(Unit { currency: Some(currency), scale: None });
            rest = after.trim_start_matches(['\'', '’']);
            continue;
        }
        let length =
            rest.find(|c: char| CURRENCIES.iter().any(|(sign, _)| sign.starts_with(c) && !c.is_alphabetic()));
        let (head, tail) = rest.split_at(length.unwrap_or(rest.len()));
        let found = match head {
            "000" | "000s" | "000's" | "t" | "ths" | "1000" | "1,000" => {
                Unit { currency: None, scale: Some(3) }
            }
            "000000" | "1,000,000" => Unit { currency: None, scale: Some(6) },
            head => word(head.trim_end_matches('s')).or_else(|| word(head))?,
        };
        unit = unit.and(found);
        rest = tail;
    }
    (!unit.is_empty()).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_headers_are_read() {
        for (header, currency, scale) in [
            ("Whole Life Cost (£m)", Some("GBP"), Some(6)),
            ("Budget £m", Some("GBP"), Some(6)),
            ("Budget (£'000)", Some("GBP"), Some(3)),
            ("Budget £000s", Some("GBP"), Some(3)),
            ("Cost [USD k]", Some("USD"), Some(3)),
            ("Kosten (Mio. €)", Some("EUR"), Some(6)),
            ("Kosten in TEUR", Some("EUR"), Some(3)),
            ("Cost (k€)", Some("EUR"), Some(3)),
            ("Cost (€ million)", Some("EUR"), Some(6)),
            ("Cost (real) (GBP millions)", Some("GBP"), Some(6)),
            ("Cost in thousands", None, Some(3)),
            ("Cost $", Some("$"), None),
            ("cost_eur", Some("EUR"), None),
            ("Cost (incl. VAT)", None, None),
            ("Programme cost", None, None),
            ("Cost", None, None),
        ] {
            assert_eq!(of_header(header), Unit { currency, scale }, "{header}");
        }
    }
}
