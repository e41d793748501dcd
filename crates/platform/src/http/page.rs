//! Pagination: `?limit=` and `?cursor=` in the request, `items` and `next_cursor` in the response.

use super::{Request, Response, json};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use spindle_contracts::{Cursor, Problem};

/// The number of items on a page if the client sends no limit.
const DEFAULT_LIMIT: usize = 20;

/// The page that a client requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The number of items on the page, 1 to 100.
    pub limit: usize,
    cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl PageRequest {
    /// The maximum number of items on a page.
    pub const MAX_LIMIT: usize = 100;

    /// Returns the request for the longest page after `cursor`, or for the first page.
    pub fn longest(cursor: Option<String>) -> Self {
        Self { limit: Self::MAX_LIMIT, cursor }
    }

    pub(super) fn from_query(request: &Request) -> Result<Self, Problem> {
        let limit = request.query_integer("limit", 1..=Self::MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT);
        Ok(Self { limit, cursor: request.query("cursor")?.map(|text| text.into_owned()) })
    }

    /// Returns the position in `list` after which the page starts, or `None` for its beginning. A cursor of another list: 400.
    pub fn after<P: DeserializeOwned>(&self, list: &str) -> Result<Option<P>, Problem> {
        let decode = |text: &String| {
            Cursor::decode(list, text)
                .map_err(|_| Problem::malformed("The query parameter cursor must be a next_cursor of this list."))
        };
        self.cursor.as_ref().map(decode).transpose()
    }

    /// Returns the number of rows to fetch: one more than the page holds, to find out whether there is a next page.
    pub fn rows_to_fetch(&self) -> i64 {
        i64::try_from(self.limit + 1).expect("a page is small")
    }
}

impl<T: Serialize> Page<T> {
    /// Makes a page of `list` from `rows`, of which there are at most [`PageRequest::rows_to_fetch`]; `position` returns the sort key of a row.
    pub fn new<P: Serialize>(request: &PageRequest, list: &str, mut rows: Vec<T>, position: impl Fn(&T) -> P) -> Self {
        let has_more = rows.len() > request.limit;
        rows.truncate(request.limit);
        let last = rows.last().filter(|_| has_more);
        let next_cursor = last.map(|row| Cursor::encode(list, &position(row)));
        Self { items: rows, next_cursor }
    }

    /// Returns 200 with the page, and a `Link` to the next page that keeps the query of `request` (RFC 8288).
    pub fn into_response(self, request: &Request) -> Response {
        let mut response = json(StatusCode::OK, &self);
        if let Some(cursor) = &self.next_cursor {
            let mut query = form_urlencoded::Serializer::new(String::new());
            let sent = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
            query.extend_pairs(sent.filter(|(name, _)| name != "cursor"));
            query.append_pair("cursor", cursor);
            let link = format!("<{}?{}>; rel=\"next\"", request.path(), query.finish());
            if let Ok(link) = HeaderValue::from_str(&link) {
                response.headers_mut().insert(header::LINK, link);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Request};
    use super::Page;

    fn request(target: &str) -> Request {
        Request::new(http::Request::get(target).body(Body::empty()).unwrap())
    }

    #[test]
    fn a_full_page_links_to_the_next_page_and_the_last_page_does_not() {
        let first = request("/v1/things?limit=2&colour=light%20blue");
        let page_request = first.page().unwrap();
        assert_eq!(page_request.rows_to_fetch(), 3);
        let page = Page::new(&page_request, "things", vec![1, 2, 3], |row| *row);
        let cursor = page.next_cursor.clone().unwrap();
        let response = page.into_response(&first);
        assert_eq!(response.body(), format!(r#"{{"items":[1,2],"next_cursor":"{cursor}"}}"#).as_bytes());
        assert_eq!(
            response.headers()["link"],
            format!("</v1/things?limit=2&colour=light+blue&cursor={cursor}>; rel=\"next\"")
        );

        let second = request(&format!("/v1/things?limit=2&cursor={cursor}"));
        let page_request = second.page().unwrap();
        assert_eq!(page_request.after::<i64>("things").unwrap(), Some(2));
        let response = Page::new(&page_request, "things", vec![3], |row| *row).into_response(&second);
        assert_eq!(response.body(), r#"{"items":[3],"next_cursor":null}"#.as_bytes());
        assert!(!response.headers().contains_key("link"));
    }

    #[test]
    fn a_limit_out_of_range_and_a_cursor_of_another_list_are_refused() {
        for target in ["/t?limit=0", "/t?limit=101", "/t?limit=-1", "/t?limit=x", "/t?limit=1&limit=2", "/t?limit="] {
            assert!(request(target).page().is_err(), "{target}");
        }
        let problem = request("/t?limit=x").page().unwrap_err();
        assert_eq!(problem.detail, "The query parameter limit must be an integer from 1 to 100.");
        let problem = request("/t?cursor=abc").page().unwrap().after::<i64>("things").unwrap_err();
        assert_eq!(problem.detail, "The query parameter cursor must be a next_cursor of this list.");
    }
}
