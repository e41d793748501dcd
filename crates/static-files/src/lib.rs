//! Files that are compiled into a component: a build script compresses them ([`build`]), and the component serves them ([`respond`]).
//!
//! A fresh instance serves each request, so nothing is computed that a build script can compute: media types, entity tags and compressed bytes are
//! in the component, and a response has them without a copy. A file whose compressed bytes are in the component is not there in plain as well; the
//! few clients that do not accept gzip cost an inflation instead.

#[cfg(any(feature = "build", test))]
#[allow(clippy::print_stdout, reason = "a build script speaks to cargo on its standard output")]
pub mod build;
#[cfg(feature = "serve")]
mod encoding;
#[cfg(feature = "serve")]
mod respond;
#[cfg(all(test, feature = "serve"))]
mod tests;

#[cfg(feature = "serve")]
pub use respond::{METHODS, add_page_headers, find, page_or, respond};

/// A file in a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// The path at which it is served.
    pub path: &'static str,
    /// Its `Content-Type`.
    pub media_type: &'static str,
    /// Its `Cache-Control`.
    pub cache_control: &'static str,
    /// The entity tag of its content.
    pub etag: &'static str,
    /// Its bytes.
    pub content: Content,
}

/// The bytes of a file, as the component has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The content itself, which does not become shorter.
    Plain(&'static [u8]),
    /// The content in the coding gzip, as [`build`] writes it: its header has no optional field.
    Gzip {
        /// The compressed bytes.
        bytes: &'static [u8],
        /// The entity tag of the compressed bytes, which are a representation of their own (RFC 9110, section 8.8.3.3).
        etag: &'static str,
        /// The length of the content.
        length: usize,
    },
}

/// The bytes before and after the deflated data of a file in the coding gzip without optional fields (RFC 1952, section 2.3).
#[cfg(any(feature = "build", feature = "serve"))]
const GZIP_FRAME: (usize, usize) = (10, 8);

/// The files that the build script of this crate has written: a `&'static [File]`, sorted by path.
#[macro_export]
macro_rules! files {
    () => {{
        use $crate::{Content, File};
        include!(concat!(env!("OUT_DIR"), "/static_files.rs"))
    }};
}
