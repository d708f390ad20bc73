//! JSON in little code, for pages: one tree that is read and written by one function each.
//!
//! The server reads and writes JSON through serde, which makes a reader and a writer of its own for every type. In
//! a page everybody downloads those (a fifth of its code), so the page reads into this tree and takes from it what it
//! needs. The JSON is the same; tests of whoever uses this compare it with serde's.

use std::fmt::{self, Write};

use uuid::Uuid;

use crate::decimal;

/// How deep lists and objects may stand inside each other. Nothing on our wire is nested deeper than five.
const DEPTH: u32 = 64;

/// Whole numbers below this are exact, and written without a point.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number. Whole numbers are exact below 2^53, as in every browser.
    Number(f64),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order in which it was written.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value; `None` when `text` is not exactly one JSON value, or nested deeper than 64.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        (reader.at == text.len()).then_some(value)
    }

    /// An object with these members.
    #[must_use]
    pub fn object(members: Vec<(&str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// An object with those of these members that are not [`Json::Null`].
    #[must_use]
    pub fn sparse(mut members: Vec<(&str, Self)>) -> Self {
        members.retain(|(_, value)| *value != Self::Null);
        Self::object(members)
    }

    /// The member of that name; null where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Self {
        let Self::Object(members) = self else { return &Self::Null };
        members.iter().rev().find(|(other, _)| other == name).map_or(&Self::Null, |(_, value)| value)
    }

    /// The element at `index`, from 0; null where there is none.
    #[must_use]
    pub fn at(&self, index: usize) -> &Self {
        self.list().get(index).unwrap_or(&Self::Null)
    }

    /// The elements of a list; none of anything else.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        if let Self::List(parts) = self { parts } else { &[] }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A copy of the text, if it is one.
    #[must_use]
    pub fn string(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The number, if it is a whole one from 0 to below 2^53.
    #[must_use]
    pub fn whole(&self) -> Option<u64> {
        let number = self.number()?;
        ((0.0..EXACT).contains(&number) && number.fract() == 0.0).then_some(number as u64)
    }

    /// The number, if it is a whole one below 2^32.
    #[must_use]
    pub fn small(&self) -> Option<u32> {
        self.whole().and_then(|number| u32::try_from(number).ok())
    }

    /// Whether it is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    /// The id, if it is the text of one.
    #[must_use]
    pub fn id<T: From<Uuid>>(&self) -> Option<T> {
        self.uuid().map(T::from)
    }

    fn uuid(&self) -> Option<Uuid> {
        Uuid::try_parse(self.text()?).ok()
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Json {
    /// Exact below 2^53; all ids, clocks and times of ours are.
    #[allow(clippy::cast_precision_loss, reason = "everything that we count is below 2^53")]
    fn from(number: u64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Uuid> for Json {
    fn from(id: Uuid) -> Self {
        Self::Text(id.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(flag) => f.write_str(if *flag { "true" } else { "false" }),
            Self::Number(number) if !number.is_finite() => f.write_str("null"),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                write!(f, "{}", *number as i64)
            }
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write_text(f, text),
            Self::List(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    f.write_char(if at == 0 { '[' } else { ',' })?;
                    part.fmt(f)?;
                }
                f.write_str(if parts.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                for (at, (name, value)) in members.iter().enumerate() {
                    f.write_char(if at == 0 { '{' } else { ',' })?;
                    write_text(f, name)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                f.write_char('\\')?;
                f.write_char(character)?;
            }
            '\n' => f.write_str("\\n")?,
            '\0'..='\x1f' => write!(f, "\\u{:04x}", u32::from(character))?,
            _ => f.write_char(character)?,
        }
    }
    f.write_char('"')
}

struct Reader<'a> {
    text: &'a str,
    /// Bytes read so far: always between two characters.
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether `word` stands next; it is read then.
    fn takes(&mut self, word: &str) -> bool {
        let next = self.text.as_bytes().get(self.at..self.at + word.len());
        let there = next == Some(word.as_bytes());
        if there {
            self.at += word.len();
        }
        there
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        self.space();
        match self.peek()? {
            b'"' => self.string().map(Json::Text),
            b'[' | b'{' if depth == DEPTH => None,
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            b'-' | b'0'..=b'9' => self.number(),
            _ if self.takes("null") => Some(Json::Null),
            _ if self.takes("true") => Some(Json::Bool(true)),
            _ if self.takes("false") => Some(Json::Bool(false)),
            _ => None,
        }
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        let mut parts = Vec::new();
        self.at += 1;
        self.space();
        if self.takes("]") {
            return Some(Json::List(parts));
        }
        loop {
            parts.push(self.value(depth + 1)?);
            self.space();
            if self.takes("]") {
                return Some(Json::List(parts));
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        let mut members = Vec::new();
        self.at += 1;
        self.space();
        if self.takes("}") {
            return Some(Json::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            if !self.takes(":") {
                return None;
            }
            members.push((name, self.value(depth + 1)?));
            self.space();
            if self.takes("}") {
                return Some(Json::Object(members));
            }
            if !self.takes(",") {
                return None;
            }
        }
    }

    /// How many digits stand next; they are read.
    fn digits(&mut self) -> usize {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        self.takes("-");
        let leading_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) || (self.takes(".") && self.digits() == 0) {
            return None;
        }
        if self.takes("e") || self.takes("E") {
            if !self.takes("+") {
                self.takes("-");
            }
            if self.digits() == 0 {
                return None;
            }
        }
        decimal::read(&self.text[from..self.at]).map(Json::Number)
    }

    fn string(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return None;
        }
        let mut text = String::new();
        loop {
            let from = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            text.push_str(&self.text[from..self.at]);
            if self.takes("\"") {
                return Some(text);
            }
            if !self.takes("\\") {
                // A control character must be escaped.
                return None;
            }
            text.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let kind = self.peek()?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let unit = self.unit()?;
                // Half of a pair: the other half must follow.
                let pair = if (0xd800..0xdc00).contains(&unit) {
                    if !self.takes("\\u") {
                        return None;
                    }
                    let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    0x10000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                char::from_u32(pair)?
            }
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const GOOD: &[&str] = &[
        "null",
        " true ",
        "false",
        "0",
        "-0",
        "-12.5e-3",
        "1E+2",
        "9007199254740991",
        "0.1",
        "1e300",
        "123456789.123",
        r#""""#,
        r#""a\"b\\c\/d\n\t\r\b\f\u00e9\uD834\uDD1E é 𝄞""#,
        "[]",
        "[ ]",
        "{ }",
        "[1,[2,{}],\"x\"]",
        "\n{ \"a\" : 1 , \"b\" : [ true , null ] , \"c\" : { \"d\" : \"e\" } }\r\n",
    ];

    const BAD: &[&str] = &[
        "",
        " ",
        "nul",
        "nulll",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "inf",
        "1e999",
        "1 2",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud834\"",
        "\"\\ud834\\u0041\"",
        "\"\\udd1e\"",
        "\"a\nb\"",
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "]",
        "'a'",
    ];

    #[test]
    fn what_serde_reads_is_read_as_serde_reads_it() {
        for text in GOOD {
            let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
            let ours = Json::read(text).unwrap_or_else(|| panic!("{text}"));
            let written: serde_json::Value = serde_json::from_str(&ours.to_string()).unwrap();
            assert!(same(&ours, &theirs) && same(&ours, &written), "{text}: {ours}");
        }
    }

    #[test]
    fn what_serde_refuses_is_refused() {
        for text in BAD {
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
            assert_eq!(Json::read(text), None, "{text}");
        }
    }

    #[test]
    fn no_cut_of_a_text_is_read_past_its_end() {
        for text in GOOD {
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                let theirs = serde_json::from_str::<serde_json::Value>(&text[..at]);
                assert_eq!(Json::read(&text[..at]).is_some(), theirs.is_ok(), "{}", &text[..at]);
            }
        }
    }

    #[test]
    fn every_character_comes_back() {
        let text: String =
            ('\0'..='\u{2100}').chain(['\u{ffff}', '\u{10000}', '\u{10ffff}', '"', '\\']).collect();
        let written = Json::from(text.as_str()).to_string();
        assert_eq!(Json::read(&written).unwrap().text(), Some(text.as_str()));
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::read(&nested(DEPTH as usize)).is_some());
        assert!(Json::read(&nested(DEPTH as usize + 1)).is_none());
        assert!(Json::read(&"[".repeat(1_000_000)).is_none());
    }

    #[test]
    fn a_member_that_is_not_there_is_null() {
        let json = Json::read(r#"{"a":{"b":[1,2.5,-1,"x"]},"a2":true}"#).unwrap();
        let list = json.get("a").get("b");
        assert_eq!((list.at(0).whole(), list.at(1).whole(), list.at(2).whole()), (Some(1), None, None));
        assert_eq!(
            (list.at(3).text(), list.at(4), json.get("c").get("d")),
            (Some("x"), &Json::Null, &Json::Null)
        );
        assert!(json.get("a2").is_true() && !json.get("a").is_true());
    }

    fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Json::Null, serde_json::Value::Null) => true,
            (Json::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Json::Number(a), serde_json::Value::Number(b)) => Some(*a) == b.as_f64(),
            (Json::Text(a), serde_json::Value::String(b)) => a == b,
            (Json::List(a), serde_json::Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Json::Object(a), serde_json::Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
            }
            _ => false,
        }
    }
}
