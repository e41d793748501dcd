//! A fake adjuster: the cart's postal code selects the result, and the cart's country is the text in it.

use spindle_contracts::provider::pricing::{Adjustment, Cart, Error, Kind};

pub(crate) fn adjust(cart: Cart) -> Result<Vec<Adjustment>, Error> {
    let Cart { postal_code, country, lines, .. } = cart;
    match postal_code.as_str() {
        "refused" => Err(Error::Refused(country)),
        "unavailable" => Err(Error::Unavailable(country)),
        "other" => Err(Error::Other(country)),
        _ => {
            let amount = lines.iter().map(|line| line.unit_price).sum();
            Ok(vec![Adjustment { kind: Kind::Tax, label: country, amount }])
        }
    }
}
