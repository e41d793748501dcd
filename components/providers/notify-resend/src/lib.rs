//! A notification provider that sends e-mail through the HTTP API of Resend (resend.com/docs/api-reference/emails/send-email). It rejects the
//! other channels.

#[cfg(target_family = "wasm")]
mod component;
pub mod resend;
