//! What is checked, by name, and of whom.

use serde::Serialize;

/// An interface that providers implement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Interface {
    /// Notifications.
    #[serde(rename = "spindle:notify/provider@1.0.0")]
    Notify,
    /// Payments.
    #[serde(rename = "spindle:payments/provider@1.0.0")]
    Payments,
    /// Prices.
    #[serde(rename = "spindle:pricing/adjuster@1.0.0")]
    Pricing,
}

impl Interface {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Payments, Self::Pricing];

    /// As a component exports it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notify => "spindle:notify/provider@1.0.0",
            Self::Payments => "spindle:payments/provider@1.0.0",
            Self::Pricing => "spindle:pricing/adjuster@1.0.0",
        }
    }
}

/// Each check with its name, in the order in which they are made and shown.
macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $name:literal,)*) => {
        /// One thing that a provider has to do, or must not. docs/conformance.md says of each what to do if it fails.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Check {
            $($(#[$doc])* #[serde(rename = $name)] $check,)*
        }

        impl Check {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$check),*];

            /// What it is called.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$check => $name,)*
                }
            }
        }
    };
}

checks! {
    /// The interface is exported with the functions and types that it has.
    Exports = "contract.exports",
    /// Nothing is imported that a provider may not use.
    Imports = "contract.imports",
    /// A good request is answered well.
    Answers = "contract.answers",
    /// The same request has the same answer.
    Repeat = "idempotency.repeat",
    /// Whoever is on the other side can tell one request from another.
    Keys = "idempotency.keys",
    /// What the peer refuses with 400 is not tried again.
    ClientError = "errors.client-error",
    /// What the peer has no time for is tried again.
    TooMany = "errors.too-many",
    /// What the peer failed at is tried again.
    ServerError = "errors.server-error",
    /// What never reached the peer is tried again.
    Connection = "errors.connection",
    /// What the peer never answers is given up, and tried again.
    Silence = "errors.silence",
    /// An answer without an end is not read to its end.
    EndlessBody = "errors.endless-body",
    /// A redirect is no success.
    Redirect = "errors.redirect",
    /// An answer that is no answer harms nobody.
    Garbage = "errors.garbage",
    /// Empty texts.
    Empty = "input.empty",
    /// Texts of a mebibyte.
    Long = "input.long",
    /// Texts in any script.
    Unicode = "input.unicode",
    /// A line break where there is none becomes no header.
    LineBreaks = "input.line-breaks",
    /// Sums and quantities that nobody has.
    Amounts = "input.amounts",
    /// Currencies that there are not.
    Currency = "input.currency",
    /// Idempotency keys of 36 and of 64 characters.
    KeyLengths = "input.keys",
    /// Attempts from the first to the last there can be.
    Attempts = "input.attempts",
    /// A discount is below zero, a tax above.
    Signs = "pricing.signs",
    /// A label has 1 to 120 characters.
    Labels = "pricing.labels",
    /// There are up to 50 adjustments.
    Count = "pricing.count",
    /// No order costs less than nothing.
    Total = "pricing.total",
    /// 256 MiB of memory are enough.
    Memory = "limits.memory",
    /// Two seconds of computation are enough.
    Cpu = "limits.cpu",
    /// There is an answer while somebody waits for it.
    Time = "limits.time",
    /// A reference has at most 255 characters.
    Texts = "limits.texts",
    /// Only the configured hosts are asked.
    Hosts = "rights.hosts",
    /// A redirect to another host is not followed.
    Redirects = "rights.redirects",
    /// No socket is opened.
    Sockets = "rights.sockets",
    /// No secret is told.
    Secrets = "rights.secrets",
}

impl Check {
    /// Whether it is made of providers of `interface`.
    pub fn concerns(self, interface: Interface) -> bool {
        match self {
            Self::Keys | Self::KeyLengths | Self::Attempts | Self::ClientError | Self::Redirect | Self::Texts => {
                interface != Interface::Pricing
            }
            Self::Amounts | Self::Currency => interface != Interface::Notify,
            Self::Signs | Self::Labels | Self::Count | Self::Total => interface == Interface::Pricing,
            _ => true,
        }
    }
}
