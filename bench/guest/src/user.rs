//! A user as `users` reads and returns it: the same statement, columns and JSON. The bench checks that the responses are the same.

use serde::{Deserialize, Serialize};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_platform::params;
use spindle_platform::sql::{Connection, Error, FromRow, Row};
use uuid::Uuid;

const SELECT: &str = "
    SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at, updated_at, version
    FROM users WHERE id = ?1 AND erased_at IS NULL";

#[derive(Serialize)]
pub(crate) struct User {
    id: UserId,
    email: String,
    display_name: Option<String>,
    role: Role,
    locale: String,
    phone: Option<String>,
    addresses: Vec<Address>,
    notification_preferences: Preferences,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) version: u64,
}

#[derive(Serialize, Deserialize)]
struct Address {
    id: Uuid,
    #[serde(flatten)]
    fields: AddressFields,
}

#[derive(Serialize, Deserialize)]
struct AddressFields {
    label: Option<String>,
    name: String,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Serialize)]
struct Preferences {
    email: bool,
    sms: bool,
    push: bool,
}

impl User {
    pub(crate) async fn find(db: &Connection, id: UserId) -> Result<Option<Self>, Error> {
        db.query_optional(SELECT, params![id]).await
    }
}

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            display_name: row.get("display_name")?,
            role: row.get("role")?,
            locale: row.get("locale")?,
            phone: row.get("phone")?,
            addresses: serde_json::from_str(&row.get::<String>("addresses")?)
                .map_err(|error| Error::Other(error.to_string()))?,
            notification_preferences: Preferences {
                email: row.get("notify_email")?,
                sms: row.get("notify_sms")?,
                push: row.get("notify_push")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            version: row.get("version")?,
        })
    }
}
