//! Numbers of a record.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A cost or a number of people. Whole numbers are written without a point: they were typed as such.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Amount(f64);

/// Below this every whole number is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Amount {
    /// An amount; what is not finite is none.
    pub fn new(value: f64) -> Option<Self> {
        // Adding nothing turns a negative zero into zero.
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// Its value.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The whole number that it is, if it is one.
    fn whole(self) -> Option<i64> {
        // A whole number in the exact range has the same digits in both types.
        (self.0.fract() == 0.0 && self.0.abs() < EXACT).then(|| format!("{:.0}", self.0).parse().ok())?
    }

    /// With commas between the thousands.
    pub(super) fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
        let (whole, fraction) =
            digits.split_once('.').map_or((digits, ""), |(whole, fraction)| (whole, fraction));
        let mut out = sign.to_owned();
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        out
    }
}

impl From<u32> for Amount {
    fn from(count: u32) -> Self {
        Self(count.into())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never in scientific notation.
        write!(f, "{}", self.0)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.whole() {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("not a finite number"))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum::<f64>() + 0.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whole_numbers_have_no_point_and_thousands_have_commas() {
        for (value, plain, grouped) in [
            (33_730_000.0, "33730000", "33,730,000"),
            (-1_200.0, "-1200", "-1,200"),
            (2.5, "2.5", "2.5"),
            (999.0, "999", "999"),
            (-0.0, "0", "0"),
            (1e15, "1000000000000000", "1,000,000,000,000,000"),
        ] {
            let amount = Amount::new(value).unwrap();
            assert_eq!((amount.to_string().as_str(), amount.grouped().as_str()), (plain, grouped));
            assert_eq!(serde_json::to_string(&amount).unwrap(), plain);
        }
        assert_eq!(Amount::new(f64::NAN), None);
    }
}
