//! Ids of resources: a newtype for each, so that one cannot be passed for another. All are UUIDv7 (RFC 9562), lower case.

/// Declares a newtype over [`uuid::Uuid`] with the conversions that every id has.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            /// Reads the hyphenated form, in either case. `Uuid` itself takes braces, a URN and bare digits as well: one resource
            /// would have several addresses.
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse::<uuid::fmt::Hyphenated>().map(|id| Self(id.into_uuid()))
            }
        }

        impl deserr::Deserr<crate::InputErrors> for $name {
            fn deserialize_from_value<V: deserr::IntoValue>(
                value: deserr::Value<V>,
                place: deserr::ValuePointerRef<'_>,
            ) -> Result<Self, crate::InputErrors> {
                uuid::Uuid::deserialize_from_value(value, place).map(Self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "uuid" })
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A user, in every service.
    UserId,
    /// A session, from a log-in to its log-out.
    SessionId,
    /// A product of the catalog.
    ProductId,
    /// An order.
    OrderId,
    /// A payment.
    PaymentId,
    /// A notification of one user on one channel.
    NotificationId,
}

#[cfg(test)]
mod tests {
    use super::UserId;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = UserId(uuid::Uuid::from_u128(0x0192_3f5e_7c00_7abc_8def_0123_4567_89ab));
        assert_eq!(id.to_string(), "01923f5e-7c00-7abc-8def-0123456789ab");
        assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        for text in ["", "01923f5e7c007abc8def0123456789ab", "{01923f5e-7c00-7abc-8def-0123456789ab}", "me"] {
            assert!(text.parse::<UserId>().is_err(), "{text}");
        }
    }
}
