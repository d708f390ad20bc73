//! Numbers read from decimals, in little code: the standard library's reader brings ten kilobytes of powers of five,
//! which do not compress, for a speed that nobody needs who reads what a person has typed.

/// Powers of ten that are exact.
const EXACT_POWERS: i32 = 22;
/// Whole numbers up to this are exact.
const EXACT_MANTISSA: u64 = 1 << 53;
/// Powers of ten beyond this are too large, or as good as nothing.
const LARGEST_POWER: i32 = 400;
/// Bits of a number's mantissa.
const BITS: u32 = 53;

/// The number nearest to `text`: an optional minus, digits, optionally a point and digits, optionally an exponent.
/// Digits may be missing on one side of the point. `None` for anything else, and for what is too large. What is
/// closer to zero than 10^-290 is zero.
#[must_use]
pub fn read(text: &str) -> Option<f64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (decimal, power) = match text.split_once(['e', 'E']) {
        Some((decimal, power)) => (decimal, exponent(power)?),
        None => (text, 0),
    };
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !digits().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let zeros = digits().take_while(|digit| *digit == b'0').count();
    let significant = digits().skip(zeros).map(|digit| u32::from(digit - b'0'));
    let power = power.saturating_sub(i32::try_from(fraction.len()).ok()?);
    let number = nearest(significant, power)?;
    Some(if negative { -number } else { number })
}

/// An exponent; what does not fit is as large as makes no difference.
fn exponent(text: &str) -> Option<i32> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let power = digits.parse().unwrap_or(i32::MAX / 4).min(i32::MAX / 4);
    Some(if negative { -power } else { power })
}

/// The number nearest to the whole number of these digits, the highest first, times that power of ten.
fn nearest(digits: impl Iterator<Item = u32>, power: i32) -> Option<f64> {
    let mut large = Large::default();
    let mut mantissa: u64 = 0;
    let mut count = 0;
    for digit in digits {
        mantissa = mantissa.saturating_mul(10).saturating_add(digit.into());
        large.times_ten_plus(digit);
        count += 1;
    }
    if mantissa == 0 || power + count < -290 {
        return Some(0.0);
    }
    if power + count > LARGEST_POWER {
        return None;
    }
    if mantissa <= EXACT_MANTISSA && power.abs() <= EXACT_POWERS {
        // Both are exact, so that one rounding leads to the nearest.
        let mut ten = 1.0;
        for _ in 0..power.abs() {
            ten *= 10.0;
        }
        #[allow(clippy::cast_precision_loss, reason = "it is at most 2^53")]
        let mantissa = mantissa as f64;
        return Some(if power < 0 { mantissa / ten } else { mantissa * ten });
    }
    for _ in 0..power {
        large.times_ten_plus(0);
    }
    // Room for as many bits as a division by ten takes away, and for the mantissa's own.
    let words = usize::try_from(-power.min(0)).ok()? / 8 + 4;
    if power < 0 {
        large.0.splice(0..0, std::iter::repeat_n(0, words));
    }
    let mut rest = false;
    for _ in power..0 {
        rest |= large.over_ten();
    }
    let shifted = if power < 0 { -i32::try_from(words * 32).ok()? } else { 0 };
    let number = large.rounded(rest, shifted);
    number.is_finite().then_some(number)
}

/// A whole number of any size, in words of 32 bits, the lowest first.
#[derive(Default)]
struct Large(Vec<u32>);

impl Large {
    fn times_ten_plus(&mut self, digit: u32) {
        let mut carry = u64::from(digit);
        for word in &mut self.0 {
            carry += u64::from(*word) * 10;
            *word = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides by ten; gives whether that left a rest.
    fn over_ten(&mut self) -> bool {
        let mut rest = 0;
        for word in self.0.iter_mut().rev() {
            let dividend = rest << 32 | u64::from(*word);
            *word = (dividend / 10) as u32;
            rest = dividend % 10;
        }
        rest > 0
    }

    /// The number nearest to this times 2^`power`, halves to the even one; `rest` says that it is a little more.
    fn rounded(&self, mut rest: bool, power: i32) -> f64 {
        // The highest words that are not zero, and what is below them.
        let length = self.0.iter().rposition(|word| *word > 0).map_or(0, |at| at + 1);
        let below = length.saturating_sub(3);
        let bits =
            self.0[below..length].iter().rev().fold(0, |bits: u128, word| bits << 32 | u128::from(*word));
        rest |= self.0[..below].iter().any(|word| *word > 0);
        let surplus = (u128::BITS - bits.leading_zeros()).saturating_sub(BITS);
        let (kept, lost) = (bits >> surplus, bits & ((1 << surplus) - 1));
        let half = (1_u128 << surplus) >> 1;
        let up = surplus > 0 && (lost > half || (lost == half && (rest || kept & 1 == 1)));
        #[allow(clippy::cast_precision_loss, reason = "it has 53 bits, or is 2^53")]
        let mantissa = (kept + u128::from(up)) as f64;
        let exponent = power + surplus as i32 + 32 * below as i32;
        // In two steps: 2^-1074 times a mantissa is a number, and 2^-1074 alone, of the way there, may be too small.
        let step = |power: i32| f64::from_bits(((1023 + power).clamp(0, 2047) as u64) << 52);
        mantissa * step(exponent / 2) * step(exponent - exponent / 2)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn same(text: &str) {
        let theirs: f64 = text.parse().unwrap();
        assert_eq!(
            read(text).map(f64::to_bits),
            Some(theirs.to_bits()),
            "{text}: {:?}, {theirs:?}",
            read(text)
        );
    }

    #[test]
    fn the_nearest_number_is_read_whatever_it_is() {
        for text in [
            "0",
            "-0",
            "0.0",
            "00012.500",
            "1",
            "-1",
            ".5",
            "5.",
            "1e0",
            "0.1",
            "0.30000000000000004",
            "1e22",
            "1e23",
            "9007199254740993",
            "9007199254740992.5",
            "9007199254740993.0000000000000000000000000000000001",
            "123456789012345678901234567890",
            "1.7976931348623157e308",
            "2.2250738585072014e-280",
            "1e-289",
            "8.5e-05",
            "3.141592653589793238462643383279502884197169399",
            "0.000000000000000000000001234",
            "4503599627370496.5",
            "4503599627370497.5",
            "72057594037927945",
            "1E+2",
            "1e-22",
            "1e-23",
        ] {
            same(text);
            same(&format!("-{}", text.trim_start_matches('-')));
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut seed: u64 = 0x9e37_79b9_7f4a_7c15;
        for _ in 0..4_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let exponent = 1023 - 960 + (seed >> 40) % 1980;
            let number = f64::from_bits(exponent << 52 | seed >> 12);
            same(&format!("{number:e}"));
            same(&format!("{}", (seed >> 20) as f64 / 1024.0));
            same(&format!("{}.{}", seed >> 44, seed % 1_000_000));
            same(&format!("{number:.25e}"));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", ".", "+1", "1e", "1e+", "e5", "1.2.3", "1 ", "0x1", "inf", "nan", "1e999", "--1",
            "1e5.5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!((read("1e-999"), read("0e99999999999999")), (Some(0.0), Some(0.0)));
    }
}
