//! A product: its fields, how one is created and how one changes. Pure: ids and times come from the caller.

use crate::fields::{
    Amount, Attributes, AttributesPatch, Description, Price, ProductName, Sku, Slug, StockLevel, refuse_product_member,
};
use crate::folding::fold;
use crate::rules;
use deserr::Deserr;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use spindle_contracts::input::Patch;
use spindle_contracts::{Currency, FieldError, InputErrors, Money, ProductId, Timestamp};

/// The number of characters of a name that decide its place in a sorted list. They are part of cursors, which are short.
const NAME_KEY_LENGTH: usize = 100;

/// A product.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Product {
    /// The id.
    pub(crate) id: ProductId,
    /// The SKU. No two products have the same without regard to case, archived ones included.
    pub(crate) sku: String,
    /// The name.
    pub(crate) name: String,
    /// The description, which may have several lines; empty if there is none.
    pub(crate) description: String,
    /// The price of a unit.
    pub(crate) price: Money,
    /// The slug of the category.
    pub(crate) category: String,
    /// The attributes: strings, numbers and booleans by their names.
    #[schemars(schema_with = "crate::fields::stored_attributes_schema")]
    pub(crate) attributes: Map<String, Value>,
    /// The stock. Operators read all of its numbers at `/v1/products/{id}/stock`.
    #[schemars(with = "Availability")]
    pub(crate) stock: Stock,
    /// The sales status.
    pub(crate) status: Status,
    /// The time at which the product was created.
    pub(crate) created_at: Timestamp,
    /// The time of the last change of a field other than the stock.
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

/// The stock of a product, as everyone sees it.
#[derive(Serialize, JsonSchema)]
struct Availability {
    /// The units that can be sold.
    #[schemars(range(min = 0))]
    available: i64,
}

/// The stock of a product, as operators see it.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Stock")]
pub(crate) struct StockReport {
    /// The units on the shelf, as a count finds them.
    #[schemars(range(min = 0))]
    on_hand: i64,
    /// The units among them that are reserved for orders whose payment is pending.
    #[schemars(range(min = 0))]
    reserved: i64,
    /// The units among them that are sold and not shipped yet.
    #[schemars(range(min = 0))]
    allocated: i64,
    /// The units that can be sold: `on_hand - reserved - allocated`.
    #[schemars(range(min = 0))]
    available: i64,
}

/// The sales status of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[deserr(error = InputErrors, rename_all = lowercase)]
#[schemars(rename = "ProductStatus")]
pub(crate) enum Status {
    /// For sale.
    Active,
    /// No longer for sale: in no list and no search, but readable by its id.
    Archived,
}

/// A product to be created.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = refuse_product_member)]
#[schemars(deny_unknown_fields)]
pub(crate) struct NewProduct {
    /// The SKU, which no other product may have without regard to case.
    sku: Sku,
    /// The name.
    name: ProductName,
    /// The description, which may have several lines; empty without it.
    #[deserr(default)]
    description: Patch<Description>,
    /// The price of a unit.
    price: Price,
    /// The slug of the category, which need not exist before.
    category: Slug,
    /// The attributes: strings, numbers and booleans by their names.
    #[deserr(default)]
    #[schemars(default)]
    attributes: Attributes,
    /// The sales status; `active` without it.
    #[deserr(default)]
    status: Patch<Status>,
    /// The units on the shelf; none without it.
    #[deserr(default)]
    stock: Patch<StockLevel>,
}

/// A line of an import: a merge patch (RFC 7396) of the product with its SKU. If no product has it, the line creates one, and requires `name`,
/// `price` and `category`.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = refuse_product_member)]
#[schemars(deny_unknown_fields)]
pub(crate) struct ProductLine {
    /// The SKU of the product, found without regard to case.
    pub(crate) sku: Sku,
    /// The name.
    #[deserr(default)]
    name: Patch<ProductName>,
    /// The description; `null` clears it.
    #[deserr(default)]
    description: Patch<Option<Description>>,
    /// The price of a unit. A member of it that is absent stays.
    #[deserr(default)]
    price: Patch<PricePatch>,
    /// The slug of the category.
    #[deserr(default)]
    category: Patch<Slug>,
    /// The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all.
    #[deserr(default)]
    attributes: Patch<Option<AttributesPatch>>,
    /// The sales status. Without it, an archived product stays archived, and a new one is active.
    #[deserr(default)]
    status: Patch<Status>,
    /// A count of the units on the shelf.
    #[deserr(default)]
    stock: Patch<StockLevel>,
}

/// A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that may be empty, and is refused for any other.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = refuse_product_member)]
#[schemars(deny_unknown_fields)]
pub(crate) struct ProductPatch {
    /// The SKU, which no other product may have without regard to case.
    #[deserr(default)]
    sku: Patch<Sku>,
    /// The name.
    #[deserr(default)]
    name: Patch<ProductName>,
    /// The description; `null` clears it.
    #[deserr(default)]
    description: Patch<Option<Description>>,
    /// The price of a unit. A member of it that is absent stays.
    #[deserr(default)]
    price: Patch<PricePatch>,
    /// The slug of the category, which need not exist before.
    #[deserr(default)]
    category: Patch<Slug>,
    /// The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all.
    #[deserr(default)]
    attributes: Patch<Option<AttributesPatch>>,
    /// The sales status: `active` restores an archived product.
    #[deserr(default)]
    status: Patch<Status>,
    /// A count of the units on the shelf.
    #[deserr(default)]
    stock: Patch<StockLevel>,
}

/// A merge patch of a price.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
struct PricePatch {
    /// The amount in minor units of the currency.
    #[deserr(default)]
    amount: Patch<Amount>,
    /// The code of the currency (ISO 4217).
    #[deserr(default)]
    currency: Patch<Currency>,
}

/// Why a product cannot be as a client wants it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProductError {
    /// Fields break rules.
    #[error("{} rules are broken", .0.len())]
    Invalid(Vec<FieldError>),
    /// The count is below the number of units that belong to orders.
    #[error(transparent)]
    BelowPromised(#[from] BelowPromised),
}

/// Why a count cannot be right: more units of this stock belong to orders.
#[derive(Debug, thiserror::Error)]
#[error("{} units are reserved, and {} allocated", .0.reserved, .0.allocated)]
pub(crate) struct BelowPromised(pub(crate) Stock);

impl ProductPatch {
    /// Returns the names of the fields that the patch sets or clears.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let has_price = |PricePatch { amount, currency }: PricePatch| amount.0.is_some() || currency.0.is_some();
        let fields = [
            ("sku", self.sku.0.is_some()),
            ("name", self.name.0.is_some()),
            ("description", self.description.0.is_some()),
            ("price", self.price.0.is_some_and(has_price)),
            ("category", self.category.0.is_some()),
            ("attributes", self.attributes.0.is_some()),
            ("status", self.status.0.is_some()),
            ("stock", self.stock.0.is_some()),
        ];
        fields.into_iter().filter(|(_, is_present)| *is_present).map(|(name, _)| name).collect()
    }
}

impl Stock {
    /// Returns the stock of a product without orders.
    fn new(level: StockLevel) -> Self {
        Self { on_hand: level.on_hand.get(), ..Self::default() }
    }

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
    /// [`BelowPromised`] if more units belong to orders.
    fn set(self, level: StockLevel) -> Result<Self, BelowPromised> {
        let on_hand = level.on_hand.get();
        if on_hand < self.promised() { Err(BelowPromised(self)) } else { Ok(Self { on_hand, ..self }) }
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
        Availability { available: self.available() }.serialize(serializer)
    }
}

impl Status {
    /// Returns whether products with this status are for sale.
    pub(crate) fn is_active(&self) -> bool {
        *self == Self::Active
    }

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

impl Product {
    /// Returns a new product with the fields of `new`, active unless it says otherwise.
    pub(crate) fn create(id: ProductId, new: NewProduct, now: Timestamp) -> Self {
        let NewProduct { sku, name, description, price, category, attributes, status, stock } = new;
        Self {
            id,
            sku: sku.into_string(),
            name: name.into(),
            description: description.0.map(String::from).unwrap_or_default(),
            price: price.into(),
            category: category.into_string(),
            attributes: attributes.into_map(),
            stock: stock.0.map_or_else(Stock::default, Stock::new),
            status: status.0.unwrap_or(Status::Active),
            created_at: now,
            updated_at: now,
            version: 1,
        }
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
        let new = NewProduct {
            sku,
            name,
            description: Patch(description.0.flatten()),
            price: Price { amount, currency },
            category,
            attributes: Attributes::default(),
            status,
            stock,
        };
        let mut product = Self::create(id, new, now);
        // As in a patch of a product without attributes, `null` removes one that is not there.
        if let Some(attributes) = attributes.0.flatten() {
            product.patch_attributes(attributes)?;
        }
        Ok(product)
    }

    /// Returns this product with the fields that `line` names; every other field stays.
    pub(crate) fn changed_by_line(&self, line: ProductLine, now: Timestamp) -> Result<Self, ProductError> {
        let ProductLine { sku, name, description, price, category, attributes, status, stock } = line;
        let sku = Patch(Some(sku));
        let patch = ProductPatch { sku, name, description, price, category, attributes, status, stock };
        let changed = self.patched(patch, now)?;
        Ok(if changed.has_fields_of(self) { Self { stock: changed.stock, ..self.clone() } } else { changed })
    }

    /// Returns the next version of this product, after `patch`. A patch of the stock alone is a count, which leaves the version.
    pub(crate) fn patched(&self, patch: ProductPatch, now: Timestamp) -> Result<Self, ProductError> {
        let is_count = patch.fields() == ["stock"];
        let mut product = if is_count { self.clone() } else { self.next_version(now) };
        product.stock = patch.stock.0.map_or(Ok(self.stock), |level| self.stock.set(level))?;
        product.sku = patch.sku.0.map_or(product.sku, Sku::into_string);
        product.name = patch.name.0.map_or(product.name, String::from);
        product.description =
            patch.description.0.map_or(product.description, |text| text.map(String::from).unwrap_or_default());
        let PricePatch { amount, currency } = patch.price.0.unwrap_or_default();
        product.price.amount = amount.0.map_or(product.price.amount, Amount::get);
        product.price.currency = currency.0.unwrap_or(product.price.currency);
        product.category = patch.category.0.map_or(product.category, Slug::into_string);
        product.status = patch.status.0.unwrap_or(product.status);
        match patch.attributes.0 {
            None => {}
            Some(None) => product.attributes.clear(),
            Some(Some(attributes)) => product.patch_attributes(attributes)?,
        }
        Ok(product)
    }

    /// Applies `patch` to the attributes: `null` removes one.
    ///
    /// # Errors
    ///
    /// [`ProductError::Invalid`] if there are too many attributes after that.
    fn patch_attributes(&mut self, AttributesPatch(patch): AttributesPatch) -> Result<(), ProductError> {
        for (name, value) in patch {
            if value.is_null() {
                self.attributes.remove(&name);
            } else {
                self.attributes.insert(name, value);
            }
        }
        if self.attributes.len() <= rules::MAX_ATTRIBUTES {
            return Ok(());
        }
        Err(ProductError::Invalid(vec![FieldError::new("/attributes", rules::TOO_MANY_ATTRIBUTES)]))
    }

    /// Returns this product with `level` on the shelf. The version stays: what an operator has read of the other fields is still true.
    pub(crate) fn with_stock(&self, level: StockLevel) -> Result<Self, BelowPromised> {
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
}

/// Returns the value of `field`, and adds an error for `pointer` to `missing` if there is none.
fn required<T>(field: Patch<T>, pointer: &str, missing: &mut Vec<FieldError>) -> Option<T> {
    if field.0.is_none() {
        missing.push(FieldError::new(pointer, "is required"));
    }
    field.0
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
