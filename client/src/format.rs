//! Numbers, money and dates in the browser's own locale, by its `Intl`.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use plumbline_shared::day::Day;
use wasm_bindgen::JsValue;

thread_local! {
    // Making a formatter costs some fifty microseconds, using it one: a board shows hundreds of figures.
    static FORMATTERS: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
}

/// The formatter named `name`, made with `options` at its first use.
fn number_formatter(name: &str, options: &[(&str, JsValue)]) -> Function {
    FORMATTERS.with_borrow_mut(|formatters| {
        if let Some((_, format)) = formatters.iter().find(|(other, _)| other == name) {
            return format.clone();
        }
        let format = Intl::NumberFormat::new(&Array::new(), &object(options)).format();
        formatters.push((name.to_owned(), format.clone()));
        format
    })
}

fn object(options: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in options {
        Reflect::set(&object, &JsValue::from_str(name), value).ok();
    }
    object
}

fn call(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A number, with at most one digit behind the point.
pub(crate) fn number(value: f64) -> String {
    call(&number_formatter("number", &[("maximumFractionDigits", 1.into())]), &value.into())
}

/// A number with two digits behind the point, for who reads statistics.
pub(crate) fn hundredths(value: f64) -> String {
    let options = [("minimumFractionDigits", 2.into()), ("maximumFractionDigits", 2.into())];
    call(&number_formatter("hundredths", &options), &value.into())
}

/// A number as it is typed: no signs for thousands, all digits.
pub(crate) fn plain(value: f64) -> String {
    js_sys::Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// A share between 0 and 1, in per cent.
pub(crate) fn percent(share: f64) -> String {
    let options = [("style", "percent".into()), ("maximumFractionDigits", 0.into())];
    call(&number_formatter("percent", &options), &share.into())
}

/// Money in full. `currency` is an ISO 4217 code, or a sign, or empty.
pub(crate) fn money(value: f64, currency: &str) -> String {
    formatted(value, currency, false)
}

/// Money in few characters, such as `£3.1M`, for cards and bars.
pub(crate) fn short_money(value: f64, currency: &str) -> String {
    formatted(value, currency, true)
}

fn formatted(value: f64, currency: &str, short: bool) -> String {
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut options = vec![("maximumFractionDigits", JsValue::from(if short { 1 } else { 0 }))];
    if short {
        options.push(("notation", "compact".into()));
    }
    if is_code {
        options.push(("style", "currency".into()));
        options.push(("currency", currency.into()));
        options.push(("currencyDisplay", "narrowSymbol".into()));
        options.push(("minimumFractionDigits", 0.into()));
    }
    let code = if is_code { currency } else { "" };
    let text = call(&number_formatter(&format!("money {code} {short}"), &options), &value.into());
    if is_code || currency.is_empty() { text } else { format!("{currency}{text}") }
}

/// A time of day, such as *11:37*, of milliseconds since 1970.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of this century are exact")]
pub(crate) fn time(milliseconds: u64) -> String {
    thread_local! {
        static TIME: Function =
            Intl::DateTimeFormat::new(&Array::new(), &object(&[("timeStyle", "short".into())])).format();
    }
    let date = Date::new(&JsValue::from_f64(milliseconds as f64));
    TIME.with(|format| call(format, &date))
}

/// A moment in RFC 3339, such as *20 Nov 2026, 11:37*, by this device's clock.
pub(crate) fn moment(text: &str) -> String {
    thread_local! {
        static MOMENT: Function = {
            let options = object(&[("dateStyle", "medium".into()), ("timeStyle", "short".into())]);
            Intl::DateTimeFormat::new(&Array::new(), &options).format()
        };
    }
    let date = Date::new(&JsValue::from_str(text));
    MOMENT.with(|format| call(format, &date))
}

/// The day that it is here, by this device's clock and calendar.
pub(crate) fn today() -> Day {
    let now = Date::new_0();
    // Both in milliseconds: what lies between here and Greenwich is the difference of the two days.
    let here = Date::now() - now.get_timezone_offset() * 60_000.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a date of this century")]
    let milliseconds = here as u64;
    Day::of(milliseconds)
}

/// A day of the calendar, such as *20 Nov 2026*, the same wherever it is read.
pub(crate) fn calendar_day(day: Day) -> String {
    thread_local! {
        static DAY: Function = {
            let options = object(&[("dateStyle", "medium".into()), ("timeZone", "UTC".into())]);
            Intl::DateTimeFormat::new(&Array::new(), &options).format()
        };
    }
    let date = Date::new(&JsValue::from_f64(f64::from(day.0) * 86_400_000.0));
    DAY.with(|format| call(format, &date))
}

/// A day, such as *20 Nov 2026*, of milliseconds since 1970.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of this century are exact")]
pub(crate) fn day(milliseconds: u64) -> String {
    thread_local! {
        static DAY: Function =
            Intl::DateTimeFormat::new(&Array::new(), &object(&[("dateStyle", "medium".into())])).format();
    }
    let date = Date::new(&JsValue::from_f64(milliseconds as f64));
    DAY.with(|format| call(format, &date))
}
