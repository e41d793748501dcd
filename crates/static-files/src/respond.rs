//! The response to a request for a file.

use crate::encoding::accepts_gzip;
use crate::{Content, File, GZIP_FRAME};
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::HandlerResult;
use spindle_platform::http::{Request, Response, empty};

/// The methods of every file.
pub const METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];

/// The same as the value of a header.
const METHOD_LIST: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// The headers of every response below the path of a page, beside its policy: no window or frame of another origin has a handle on it, no link of it
/// says where the reader comes from, and neither the page nor what it embeds can use a device.
const PAGE_HEADERS: [(HeaderName, HeaderValue); 4] = [
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// Returns the file at `path`.
pub fn find(files: &'static [File], path: &str) -> Option<&'static File> {
    let index = files.binary_search_by(|file| file.path.cmp(path)).ok()?;
    files.get(index)
}

/// Returns the file at `path`, or else `page` if the last segment of the path has no file extension: a page that reads its path itself has one at
/// each of them.
pub fn page_or(files: &'static [File], path: &str, page: &str) -> Option<&'static File> {
    let names_a_file = path.rsplit('/').next().is_some_and(|segment| segment.contains('.'));
    find(files, path).or_else(|| if names_a_file { None } else { find(files, page) })
}

/// Responds to `request` with `file`: 200, or 304 if the client has it.
///
/// # Errors
///
/// 404 if there is no such file, 405 if it is not to be read, and 412 if `If-Match` demands another one.
pub fn respond(request: &Request, file: Option<&'static File>) -> HandlerResult {
    let file = file.ok_or_else(|| Problem::not_found("No resource has this address."))?;
    match *request.method() {
        Method::GET | Method::HEAD => read(request, file),
        Method::OPTIONS => {
            let mut response = empty(StatusCode::NO_CONTENT);
            response.headers_mut().insert(ALLOW, METHOD_LIST);
            Ok(response)
        }
        ref method => {
            let detail = format!("Allows {}, not {method}.", METHODS.join(", "));
            Err(Problem { allow: METHODS.to_vec(), ..Problem::new(ProblemKind::MethodNotAllowed, detail) })
        }
    }
}

fn read(request: &Request, file: &'static File) -> HandlerResult {
    let representation = Representation::of(file, accepts_gzip(request.headers()));
    let mut response = empty(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(ETAG, HeaderValue::from_static(representation.etag));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(file.cache_control));
    if matches!(file.content, Content::Gzip { .. }) {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    let etag = representation.etag.parse().expect("the build script writes an entity tag");
    let mut response = request.or_not_modified(response, &etag)?;
    if response.status() == StatusCode::OK {
        if representation.is_gzip {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        *response.body_mut() = representation.bytes();
    }
    Ok(response)
}

/// One form of a file.
struct Representation {
    etag: &'static str,
    is_gzip: bool,
    content: Content,
}

impl Representation {
    fn of(file: &File, as_gzip: bool) -> Self {
        match file.content {
            Content::Gzip { etag, .. } if as_gzip => Self { etag, is_gzip: true, content: file.content },
            content => Self { etag: file.etag, is_gzip: false, content },
        }
    }

    fn bytes(&self) -> Bytes {
        match self.content {
            Content::Plain(bytes) => Bytes::from_static(bytes),
            Content::Gzip { bytes, .. } if self.is_gzip => Bytes::from_static(bytes),
            Content::Gzip { bytes, length, .. } => {
                let deflated = &bytes[GZIP_FRAME.0..bytes.len() - GZIP_FRAME.1];
                decompress_to_vec_with_limit(deflated, length).expect("the build script compressed these bytes").into()
            }
        }
    }
}

/// Adds what every response below the path of a page has: the content security policy `policy`, and the headers that are the same for all pages.
pub fn add_page_headers(response: &mut Response, policy: &'static str) {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.extend(PAGE_HEADERS);
}
