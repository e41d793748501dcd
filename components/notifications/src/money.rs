//! Formats sums of money in the notation of a language. Pure.

use spindle_contracts::Money;

/// Formats `money` in the notation of `language`: `€1,299.00` in English, `1.299,00 €` in German.
pub(crate) fn format_money(money: Money, language: &str) -> String {
    let (thousands, decimal) = if language == "de" { ('.', ',') } else { (',', '.') };
    let digits = money.currency.minor_digits() as usize;
    // At least one digit before the decimal sign.
    let all = format!("{:0>width$}", money.amount.unsigned_abs(), width = digits + 1);
    let (whole, minor) = all.split_at(all.len() - digits);
    let mut number = group(whole, thousands);
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

/// Groups `digits` by three.
fn group(digits: &str, separator: char) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Returns the sign of a currency if it is unambiguous everywhere; a dollar other than the United States' has only its code.
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
    use super::format_money;
    use spindle_contracts::Money;

    #[test]
    fn a_sum_is_formatted_in_the_notation_of_the_language() {
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
            assert_eq!((format_money(money, "en"), format_money(money, "de")), (english.to_owned(), german.to_owned()));
        }
    }
}
