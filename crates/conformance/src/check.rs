//! The checks by name, and the interfaces that each applies to.

use serde::Serialize;

/// An interface that providers implement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Interface {
    /// `spindle:notify/provider`.
    #[serde(rename = "spindle:notify/provider@1.0.0")]
    Notify,
    /// `spindle:payments/provider`.
    #[serde(rename = "spindle:payments/provider@1.0.0")]
    Payments,
    /// `spindle:pricing/adjuster`.
    #[serde(rename = "spindle:pricing/adjuster@1.0.0")]
    Pricing,
}

impl Interface {
    /// Every interface.
    pub const ALL: [Self; 3] = [Self::Notify, Self::Payments, Self::Pricing];

    /// Returns the name under which a component exports it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notify => "spindle:notify/provider@1.0.0",
            Self::Payments => "spindle:payments/provider@1.0.0",
            Self::Pricing => "spindle:pricing/adjuster@1.0.0",
        }
    }
}

/// Declares the checks with their names, in the order in which the kit runs and shows them.
macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $name:literal,)*) => {
        /// A requirement on a provider. docs/conformance.md says for each one how to mend a failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Check {
            $($(#[$doc])* #[serde(rename = $name)] $check,)*
        }

        impl Check {
            /// Every check.
            pub const ALL: &[Self] = &[$(Self::$check),*];

            /// Returns the name of the check.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$check => $name,)*
                }
            }
        }
    };
}

checks! {
    /// The component exports the interface with its functions and types.
    Exports = "contract.exports",
    /// The component imports only interfaces that a provider may use.
    Imports = "contract.imports",
    /// A good request succeeds.
    Answers = "contract.answers",
    /// A repeated request returns the same response.
    Repeat = "idempotency.repeat",
    /// The service can distinguish requests by their key.
    Keys = "idempotency.keys",
    /// After a 400 of the service, the request is not retried.
    ClientError = "errors.client-error",
    /// After a 429 of the service, the request is retried.
    TooMany = "errors.too-many",
    /// After a 5xx of the service, the request is retried.
    ServerError = "errors.server-error",
    /// After a failed connection, the request is retried.
    Connection = "errors.connection",
    /// A request without a response times out and is retried.
    Silence = "errors.silence",
    /// A response body without an end is not read to its end.
    EndlessBody = "errors.endless-body",
    /// A redirect is not a success.
    Redirect = "errors.redirect",
    /// A malformed response does no harm.
    Garbage = "errors.garbage",
    /// Empty texts.
    Empty = "input.empty",
    /// Texts of one mebibyte.
    Long = "input.long",
    /// Texts in any script.
    Unicode = "input.unicode",
    /// A line break in a single-line text does not become a header.
    LineBreaks = "input.line-breaks",
    /// Amounts and quantities outside any plausible range.
    Amounts = "input.amounts",
    /// Unknown and unusual currencies.
    Currency = "input.currency",
    /// Idempotency keys of 36 and of 64 characters.
    KeyLengths = "input.keys",
    /// Attempts from 0 to the largest number.
    Attempts = "input.attempts",
    /// A discount is negative, a tax is positive.
    Signs = "pricing.signs",
    /// A label has 1 to 120 characters.
    Labels = "pricing.labels",
    /// A cart has at most 50 adjustments.
    Count = "pricing.count",
    /// The total of an order is never negative.
    Total = "pricing.total",
    /// A call needs at most 256 MiB of memory.
    Memory = "limits.memory",
    /// A call computes for at most two seconds.
    Cpu = "limits.cpu",
    /// A call returns within the time that its caller waits.
    Time = "limits.time",
    /// A reference has at most 255 characters.
    Texts = "limits.texts",
    /// Requests go to the configured hosts only.
    Hosts = "rights.hosts",
    /// A redirect to another host is not followed.
    Redirects = "rights.redirects",
    /// No socket is opened.
    Sockets = "rights.sockets",
    /// No secret is printed or returned.
    Secrets = "rights.secrets",
}

impl Check {
    /// Returns whether the check applies to providers of `interface`.
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
