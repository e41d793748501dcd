//! Sums of money, as people write them in their language. Pure.

use spindle_contracts::Money;

/// `money` as it is written in `language`: `€1,299.00` in English, `1.299,00 €` in German.
pub(crate) fn written(money: Money, language: &str) -> String {
    let (thousands, decimal) = if language == "de" { ('.', ',') } else { (',', '.') };
    let digits = money.currency.minor_digits() as usize;
    // One digit at least before the decimal sign.
    let all = format!("{:0>width$}", money.amount.unsigned_abs(), width = digits + 1);
    let (whole, minor) = all.split_at(all.len() - digits);
    let mut number = grouped(whole, thousands);
    if digits > 0 {
        number.push(decimal);
        number.push_str(minor);
    }
    let sign = if money.amount < 0 { "-" } else { "" };
    let code = money.currency.code();
    match (symbol(code), language) {
        (Some(symbol), "de") => format!("{sign}{number} {symbol}"),
        (None, "de") => format!("{sign}{number} {code}"),
        (Some(symbol), _) => format!("{sign}{symbol}{number}"),
        (None, _) => format!("{sign}{code} {number}"),
    }
}

/// `digits` in groups of three.
fn grouped(digits: &str, separator: char) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Signs that mean one currency wherever a letter is read; a dollar that is none of the United States goes by its code.
fn symbol(code: &str) -> Option<&'static str> {
    match code {
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        "USD" => Some("$"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::written;
    use spindle_contracts::Money;

    #[test]
    fn a_sum_is_written_as_its_readers_write_it() {
        let table = [
            (1_299, "EUR", "€12.99", "12,99 €"),
            (5, "EUR", "€0.05", "0,05 €"),
            (0, "EUR", "€0.00", "0,00 €"),
            (-1_299, "USD", "-$12.99", "-12,99 $"),
            (123_456_789, "GBP", "£1,234,567.89", "1.234.567,89 £"),
            (100_000, "CHF", "CHF 1,000.00", "1.000,00 CHF"),
            (1_500, "JPY", "¥1,500", "1.500 ¥"),
            (1_500, "KWD", "KWD 1.500", "1,500 KWD"),
            (i64::MIN, "EUR", "-€92,233,720,368,547,758.08", "-92.233.720.368.547.758,08 €"),
        ];
        for (amount, currency, english, german) in table {
            let money = Money::new(amount, currency.parse().unwrap());
            assert_eq!((written(money, "en"), written(money, "de")), (english.to_owned(), german.to_owned()));
        }
    }
}
