//! Choosing a content coding by `Accept-Encoding` (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// A form in which a file can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    /// As it is.
    Identity,
}

/// A weight in thousandths, 0 to 1,000; 0 refuses.
type Weight = u16;

impl Coding {
    /// The name in `Content-Encoding`; none for a file as it is.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    fn is_called(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        };
        names.iter().any(|known| name.eq_ignore_ascii_case(known))
    }
}

/// The offer that the request likes best; of those it likes equally, the first.
///
/// `offered` ends with [`Coding::Identity`], which is also the answer where everything is refused: the standard asks
/// to send the plain file then. Without the header nothing but the plain file is sent, since who does not say that
/// it can decompress often cannot.
pub(super) fn choose<T: Copy>(headers: &HeaderMap, offered: &[(Coding, T)]) -> (Coding, T) {
    let accepted: Vec<(&str, Weight)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(parse)
        .collect();
    let weight = |coding: Coding| {
        let named = accepted.iter().find(|(name, _)| coding.is_called(name));
        let any = accepted.iter().find(|(name, _)| *name == "*");
        named.or(any).map(|(_, weight)| *weight)
    };
    let mut best = *offered.last().expect("the plain file is always offered");
    // Not named, the plain file is acceptable, and liked less than all that is.
    let mut best_weight = weight(Coding::Identity).unwrap_or(0);
    for offer in offered.iter().rev().filter(|(coding, _)| *coding != Coding::Identity) {
        if let Some(weight) = weight(offer.0)
            && weight > 0
            && weight >= best_weight
        {
            (best, best_weight) = (*offer, weight);
        }
    }
    best
}

/// `gzip;q=0.8` → (`gzip`, 800). A weight that is none makes the entry void.
fn parse(entry: &str) -> Option<(&str, Weight)> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some((name, weight.map_or(Some(1_000), parse_weight)?))
}

/// `0.8` → 800: a zero or a one, and up to three decimals.
fn parse_weight(text: &str) -> Option<Weight> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: Weight = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use Coding::{Brotli, Gzip, Identity};

    fn chosen(accept: &[&str]) -> Coding {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
        }
        choose(&headers, &[(Brotli, ()), (Gzip, ()), (Identity, ())]).0
    }

    #[test]
    fn browsers_get_brotli_and_others_what_they_name() {
        assert_eq!(chosen(&["gzip, deflate, br, zstd"]), Brotli);
        assert_eq!(chosen(&["gzip, deflate"]), Gzip);
        assert_eq!(chosen(&["X-GZIP"]), Gzip);
        assert_eq!(chosen(&["deflate"]), Identity);
        assert_eq!(chosen(&["gzip", "br"]), Brotli, "two lines are one list");
    }

    #[test]
    fn who_says_nothing_gets_the_plain_file() {
        assert_eq!(chosen(&[]), Identity);
        assert_eq!(chosen(&[""]), Identity);
    }

    #[test]
    fn weights_decide() {
        assert_eq!(chosen(&["br;q=0.1, gzip;q=1.0"]), Gzip);
        assert_eq!(chosen(&["br ; q=0.8 , gzip ; q=0.7"]), Brotli);
        assert_eq!(chosen(&["br;q=0.5, identity"]), Identity);
        assert_eq!(chosen(&["gzip;q=0.001"]), Gzip);
    }

    #[test]
    fn a_weight_of_zero_refuses() {
        assert_eq!(chosen(&["br;q=0, gzip"]), Gzip);
        assert_eq!(chosen(&["gzip;q=0, br;q=0.000"]), Identity);
        assert_eq!(chosen(&["identity;q=0"]), Identity, "nothing is acceptable, so the plain file is sent");
        assert_eq!(chosen(&["identity;q=0, gzip;q=0.1"]), Gzip);
    }

    #[test]
    fn a_star_stands_for_what_is_not_named() {
        assert_eq!(chosen(&["*"]), Brotli);
        assert_eq!(chosen(&["br;q=0, *;q=0.5"]), Gzip);
        assert_eq!(chosen(&["gzip, *;q=0"]), Gzip);
    }

    #[test]
    fn an_entry_with_a_weight_that_is_none_is_void() {
        for weight in ["", "2", "1.5", "-1", "nan", "0.1234", "0,5", "0.é"] {
            assert_eq!(parse_weight(weight), None, "{weight}");
        }
        assert_eq!(chosen(&["br;q=high, gzip;q=0.2"]), Gzip);
    }
}
