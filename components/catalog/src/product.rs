//! A product: its parts, how one comes to be and how one changes. Pure: ids and times come from the caller.

use crate::error::Error;
use crate::rules;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use spindle_contracts::{Currency, Money, ProductId, Timestamp};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How much of a name decides where it is sorted, in characters. It travels in cursors, which are short.
const NAME_KEY_LENGTH: usize = 100;

/// A product as stored and as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: Money,
    pub(crate) category: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) stock: Stock,
    pub(crate) status: Status,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Raised by every change, of the stock as well, since all of it is shown; shown as the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// How much there is of a product. Only what can be sold is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stock {
    /// What lies in the warehouse.
    pub(crate) on_hand: i64,
    /// How much of that is promised to orders.
    pub(crate) reserved: i64,
}

/// Whether a product is for sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub(crate) enum Status {
    /// It is.
    Active,
    /// Not any more: it is in no list and no search, and can be read by its id.
    Archived,
}

/// A product to be created, as a client describes one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) sku: String,
    name: String,
    #[serde(default)]
    description: String,
    price: Money,
    category: String,
    #[serde(default)]
    attributes: Map<String, Value>,
    stock: Option<StockLevel>,
}

/// How much of a product lies in the warehouse.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockLevel {
    pub(crate) quantity: u32,
}

/// A change of a product: what is absent stays, and `null` clears what may be empty (RFC 7396); elsewhere it is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    sku: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    description: Option<Option<String>>,
    #[serde(default)]
    price: PriceChange,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    category: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    attributes: Option<Option<Map<String, Value>>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    status: Option<Status>,
}

/// A change of a price.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceChange {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    amount: Option<i64>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    currency: Option<Currency>,
}

impl Change {
    /// The names of what it touches.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let PriceChange { amount, currency } = self.price;
        let fields = [
            ("sku", self.sku.is_some()),
            ("name", self.name.is_some()),
            ("description", self.description.is_some()),
            ("price", amount.is_some() || currency.is_some()),
            ("category", self.category.is_some()),
            ("attributes", self.attributes.is_some()),
            ("status", self.status.is_some()),
        ];
        fields.into_iter().filter(|(_, touched)| *touched).map(|(name, _)| name).collect()
    }
}

impl Stock {
    /// What can be sold.
    pub(crate) fn available(self) -> i64 {
        self.on_hand - self.reserved
    }

    /// The stock with `level` in the warehouse, which is no less than what is promised.
    fn set(self, level: StockLevel) -> Result<Self, Error> {
        let on_hand = level.quantity.into();
        if on_hand < self.reserved { Err(Error::StockReserved(self.reserved)) } else { Ok(Self { on_hand, ..self }) }
    }
}

impl Serialize for Stock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown {
            available: i64,
        }
        Shown { available: self.available() }.serialize(serializer)
    }
}

impl Status {
    /// The status as it is stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// The status called `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Archived].into_iter().find(|status| status.name() == name)
    }
}

/// By way of a string, since serde would take an object as well, and call a number no JSON.
impl TryFrom<String> for Status {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::from_name(&name).ok_or("is active or archived")
    }
}

impl Product {
    /// A new product out of `draft`.
    pub(crate) fn create(id: ProductId, draft: Draft, now: Timestamp) -> Result<Self, Error> {
        let Draft { sku, name, description, price, category, attributes, stock } = draft;
        let stock = stock.map_or(Ok(Stock::default()), |level| Stock::default().set(level))?;
        let (status, version) = (Status::Active, 1);
        let product = Self {
            id,
            sku,
            name,
            description,
            price,
            category,
            attributes,
            stock,
            status,
            created_at: now,
            updated_at: now,
            version,
        };
        product.valid()
    }

    /// This product as `draft` describes it, one version on, and for sale. The stock stays where the draft names none.
    pub(crate) fn replaced(&self, draft: Draft, now: Timestamp) -> Result<Self, Error> {
        let stock = draft.stock.map_or(Ok(self.stock), |level| self.stock.set(level))?;
        let product = Self::create(self.id, Draft { stock: None, ..draft }, now)?;
        Ok(Self { stock, created_at: self.created_at, version: self.version + 1, ..product })
    }

    /// This product after `change`, one version on.
    pub(crate) fn changed(&self, change: Change, now: Timestamp) -> Result<Self, Error> {
        let mut product = self.next(now);
        product.sku = change.sku.unwrap_or(product.sku);
        product.name = change.name.unwrap_or(product.name);
        product.description = change.description.map_or(product.description, Option::unwrap_or_default);
        product.price.amount = change.price.amount.unwrap_or(product.price.amount);
        product.price.currency = change.price.currency.unwrap_or(product.price.currency);
        product.category = change.category.unwrap_or(product.category);
        product.status = change.status.unwrap_or(product.status);
        match change.attributes {
            None => {}
            Some(None) => product.attributes.clear(),
            Some(Some(attributes)) => merge(&mut product.attributes, attributes),
        }
        product.valid()
    }

    /// This product with `level` in the warehouse, one version on.
    pub(crate) fn stocked(&self, level: StockLevel, now: Timestamp) -> Result<Self, Error> {
        Ok(Self { stock: self.stock.set(level)?, ..self.next(now) })
    }

    /// This product off the shelves, one version on.
    pub(crate) fn archived(&self, now: Timestamp) -> Self {
        Self { status: Status::Archived, ..self.next(now) }
    }

    /// Whether this and `other` say the same of the product, whenever they were written.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { updated_at, version, .. } = *other;
        Self { updated_at, version, ..self.clone() } == *other
    }

    fn next(&self, now: Timestamp) -> Self {
        Self { updated_at: now, version: self.version + 1, ..self.clone() }
    }

    fn valid(self) -> Result<Self, Error> {
        let errors = rules::check(&self);
        if errors.is_empty() { Ok(self) } else { Err(Error::Invalid(errors)) }
    }
}

/// Lays `patch` over `attributes`: `null` takes one away.
fn merge(attributes: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        if value.is_null() {
            attributes.remove(&name);
        } else {
            attributes.insert(name, value);
        }
    }
}

/// What makes two spellings of a SKU the same.
pub(crate) fn sku_key(sku: &str) -> String {
    sku.to_lowercase()
}

/// Where a name is sorted: without regard to case and accents, as a search finds it.
pub(crate) fn name_key(name: &str) -> String {
    let letters = name.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    letters.take(NAME_KEY_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::name_key;

    #[test]
    fn names_sort_without_regard_to_case_and_accents() {
        let mut names = ["zebra", "Étagère", "apple", "Ärmel", "eat", "Zoo"];
        names.sort_by_key(|name| name_key(name));
        assert_eq!(names, ["apple", "Ärmel", "eat", "Étagère", "zebra", "Zoo"]);
    }
}
