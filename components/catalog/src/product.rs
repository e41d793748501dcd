//! A product: its fields, how one is created and how one changes. Pure: ids and times come from the caller.

use crate::folding::fold;
use crate::rules;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use spindle_contracts::{Currency, FieldError, Money, ProductId, Timestamp};

/// The number of characters of a name that decide its place in a sorted list. They are part of cursors, which are short.
const NAME_KEY_LENGTH: usize = 100;

/// A product, as stored and as clients see it.
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
    /// Raised by every change of the other fields but the stock, which changes with every sale.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// The units of a product. Operators see all of the numbers, and other clients the one that can be sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stock {
    /// The units on the shelf, which a count finds there.
    pub(crate) on_hand: i64,
    /// The units among them that are reserved for orders that are not paid yet.
    pub(crate) reserved: i64,
    /// The units among them that are sold: they leave the shelf when their order is shipped.
    pub(crate) allocated: i64,
}

/// The body of `GET /v1/products/{id}/stock`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct StockReport {
    on_hand: i64,
    reserved: i64,
    allocated: i64,
    available: i64,
}

/// The sales status of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub(crate) enum Status {
    /// For sale.
    Active,
    /// No longer for sale: in no list and no search, but readable by its id.
    Archived,
}

/// The body of `POST /v1/products`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductInput {
    sku: String,
    name: String,
    #[serde(default)]
    description: String,
    price: Money,
    category: String,
    #[serde(default)]
    attributes: Map<String, Value>,
    stock: Option<StockLevel>,
}

/// A line of an import: a merge patch (RFC 7396) of the product with its SKU. If there is none, the line creates it, and needs the fields that
/// every product has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductLine {
    pub(crate) sku: String,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    price: Option<PricePatch>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    category: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    attributes: Option<Option<Map<String, Value>>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    status: Option<Status>,
    stock: Option<StockLevel>,
}

/// The number of units of a product on the shelf.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StockLevel {
    pub(crate) quantity: u32,
}

/// The body of `PATCH /v1/products/{id}`, a JSON merge patch (RFC 7396): an absent field stays, and `null` clears a field that may be empty and is
/// refused for any other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductPatch {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    sku: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    description: Option<Option<String>>,
    #[serde(default)]
    price: PricePatch,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    category: Option<String>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    attributes: Option<Option<Map<String, Value>>>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    status: Option<Status>,
}

/// A merge patch of a price.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PricePatch {
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    amount: Option<i64>,
    #[serde(default, deserialize_with = "spindle_contracts::present")]
    currency: Option<Currency>,
}

/// Why a product cannot be as a client wants it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProductError {
    /// Fields break rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The quantity is below the number of units that are reserved or allocated.
    #[error("{} units are reserved, and {} allocated", .0.reserved, .0.allocated)]
    BelowPromised(Stock),
}

impl ProductPatch {
    /// Returns the names of the fields that the patch sets or clears.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let PricePatch { amount, currency } = self.price;
        let fields = [
            ("sku", self.sku.is_some()),
            ("name", self.name.is_some()),
            ("description", self.description.is_some()),
            ("price", amount.is_some() || currency.is_some()),
            ("category", self.category.is_some()),
            ("attributes", self.attributes.is_some()),
            ("status", self.status.is_some()),
        ];
        fields.into_iter().filter(|(_, is_present)| *is_present).map(|(name, _)| name).collect()
    }
}

impl Stock {
    /// Returns the number of units that can be sold.
    pub(crate) fn available(self) -> i64 {
        self.on_hand - self.promised()
    }

    /// Returns the number of units that belong to orders.
    pub(crate) fn promised(self) -> i64 {
        self.reserved + self.allocated
    }

    /// Returns the stock with `level` on the shelf.
    ///
    /// # Errors
    ///
    /// [`ProductError::BelowPromised`] if more units belong to orders.
    fn set(self, level: StockLevel) -> Result<Self, ProductError> {
        let on_hand = level.quantity.into();
        if on_hand < self.promised() { Err(ProductError::BelowPromised(self)) } else { Ok(Self { on_hand, ..self }) }
    }
}

impl From<Stock> for StockReport {
    fn from(stock: Stock) -> Self {
        let Stock { on_hand, reserved, allocated } = stock;
        Self { on_hand, reserved, allocated, available: stock.available() }
    }
}

impl Serialize for Stock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct StockRepresentation {
            available: i64,
        }
        StockRepresentation { available: self.available() }.serialize(serializer)
    }
}

impl Status {
    /// Returns the name of the status in JSON and in the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// Returns the status with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Archived].into_iter().find(|status| status.name() == name)
    }
}

/// Deserialised from a string: derived code would accept an object as well, and would call a number a syntax error.
impl TryFrom<String> for Status {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::from_name(&name).ok_or("must be active or archived")
    }
}

impl Product {
    /// Returns a new product with the fields of `input`, active.
    pub(crate) fn create(id: ProductId, input: ProductInput, now: Timestamp) -> Result<Self, ProductError> {
        let ProductInput { sku, name, description, price, category, attributes, stock } = input;
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
        let errors = product.broken_rules();
        product.if_valid(errors)
    }

    /// Returns the new product of `line`, which is active unless the line says otherwise.
    ///
    /// # Errors
    ///
    /// [`ProductError::Invalid`] if a field is missing or breaks a rule.
    pub(crate) fn create_from_line(id: ProductId, line: ProductLine, now: Timestamp) -> Result<Self, ProductError> {
        let ProductLine { sku, name, description, price, category, attributes, status, stock } = line;
        let mut missing = Vec::new();
        let name = required(name, "/name", &mut missing);
        let (amount, currency) = match required(price, "/price", &mut missing) {
            None => (None, None),
            Some(PricePatch { amount, currency }) => {
                (required(amount, "/price/amount", &mut missing), required(currency, "/price/currency", &mut missing))
            }
        };
        let category = required(category, "/category", &mut missing);
        let (Some(name), Some(amount), Some(currency), Some(category)) = (name, amount, currency, category) else {
            return Err(ProductError::Invalid(missing));
        };
        let input = ProductInput {
            sku,
            name,
            description: description.flatten().unwrap_or_default(),
            price: Money::new(amount, currency),
            category,
            attributes: attributes.flatten().unwrap_or_default(),
            stock,
        };
        Ok(Self { status: status.unwrap_or(Status::Active), ..Self::create(id, input, now)? })
    }

    /// Returns this product with the fields that `line` names; every other field stays.
    pub(crate) fn changed_by_line(&self, line: ProductLine, now: Timestamp) -> Result<Self, ProductError> {
        let ProductLine { sku, name, description, price, category, attributes, status, stock } = line;
        let stock = stock.map_or(Ok(self.stock), |level| self.stock.set(level))?;
        let price = price.unwrap_or_default();
        let patch = ProductPatch { sku: Some(sku), name, description, price, category, attributes, status };
        let changed = Self { stock, ..self.patched(patch, now)? };
        Ok(if changed.has_fields_of(self) { Self { stock, ..self.clone() } } else { changed })
    }

    /// Returns the next version of this product, after `patch`.
    pub(crate) fn patched(&self, patch: ProductPatch, now: Timestamp) -> Result<Self, ProductError> {
        let changed = patch.fields();
        let mut product = self.next_version(now);
        product.sku = patch.sku.unwrap_or(product.sku);
        product.name = patch.name.unwrap_or(product.name);
        product.description = patch.description.map_or(product.description, Option::unwrap_or_default);
        product.price.amount = patch.price.amount.unwrap_or(product.price.amount);
        product.price.currency = patch.price.currency.unwrap_or(product.price.currency);
        product.category = patch.category.unwrap_or(product.category);
        product.status = patch.status.unwrap_or(product.status);
        match patch.attributes {
            None => {}
            Some(None) => product.attributes.clear(),
            Some(Some(attributes)) => merge(&mut product.attributes, attributes),
        }
        // A field that was stored before its rule became stricter does not block a change of other fields.
        let mut errors = product.broken_rules();
        errors.retain(|error| error.is_in(&changed));
        product.if_valid(errors)
    }

    /// Returns this product with `level` on the shelf. The version stays: what an operator has read of the other fields is still true.
    pub(crate) fn with_stock(&self, level: StockLevel) -> Result<Self, ProductError> {
        Ok(Self { stock: self.stock.set(level)?, ..self.clone() })
    }

    /// Returns the next version of this product, archived.
    pub(crate) fn archived(&self, now: Timestamp) -> Self {
        Self { status: Status::Archived, ..self.next_version(now) }
    }

    /// Returns whether this and `other` differ in nothing but stock, version and time of change.
    pub(crate) fn has_fields_of(&self, other: &Self) -> bool {
        let Self { stock, updated_at, version, .. } = *other;
        Self { stock, updated_at, version, ..self.clone() } == *other
    }

    fn next_version(&self, now: Timestamp) -> Self {
        Self { updated_at: now, version: self.version + 1, ..self.clone() }
    }

    fn if_valid(self, errors: Vec<FieldError>) -> Result<Self, ProductError> {
        if errors.is_empty() { Ok(self) } else { Err(ProductError::Invalid(errors)) }
    }

    /// Returns an error for each field that breaks a rule.
    fn broken_rules(&self) -> Vec<FieldError> {
        let fields = [
            ("/sku", rules::sku(&self.sku)),
            ("/name", rules::name(&self.name)),
            ("/description", rules::description(&self.description)),
            ("/price/amount", rules::amount(self.price.amount)),
            ("/category", rules::category(&self.category)),
        ];
        let broken = |(pointer, rule): (&str, rules::Rule)| Some(FieldError::new(pointer, rule.err()?));
        fields.into_iter().filter_map(broken).chain(rules::attributes(&self.attributes)).collect()
    }
}

/// Returns `value`, and adds an error for `pointer` to `missing` if there is none.
fn required<T>(value: Option<T>, pointer: &str, missing: &mut Vec<FieldError>) -> Option<T> {
    if value.is_none() {
        missing.push(FieldError::new(pointer, "is required"));
    }
    value
}

/// Applies `patch` to `attributes`: `null` removes an attribute.
fn merge(attributes: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        if value.is_null() {
            attributes.remove(&name);
        } else {
            attributes.insert(name, value);
        }
    }
}

/// Returns the key that all spellings of a SKU share.
pub(crate) fn sku_key(sku: &str) -> String {
    fold(sku)
}

/// Returns the sort key of a name: without case and accents.
pub(crate) fn name_key(name: &str) -> String {
    fold(name).chars().take(NAME_KEY_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::name_key;

    #[test]
    fn names_sort_without_regard_to_case_and_accents() {
        let mut names = ["zebra", "Étagère", "apple", "Ärmel", "eat", "Zoo", "Øre", "Straße", "strasse 2", "Łódź"];
        names.sort_by_key(|name| name_key(name));
        let sorted = ["apple", "Ärmel", "eat", "Étagère", "Łódź", "Øre", "Straße", "strasse 2", "zebra", "Zoo"];
        assert_eq!(names, sorted);
    }
}
