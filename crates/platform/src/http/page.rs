//! Pagination: `?limit=` and `?cursor=` in the request, `items` and `next_cursor` in the response.

use super::{Request, Response, json};
use deserr::{
    DeserializeError as _, Deserr, ErrorKind, IntoValue, Map as _, Value, ValueKind, ValuePointerRef, take_cf_content,
};
use http::{HeaderValue, StatusCode, header};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use spindle_contracts::input::{Integer, Parameter};
use spindle_contracts::{Cursor, FieldError, InputErrors, Problem};
use std::borrow::Cow;

/// The number of items on a page if the client sends no limit.
const DEFAULT_LIMIT: usize = 20;

/// The page that a client requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The number of items on the page, 1 to 100.
    pub limit: usize,
    cursor: Option<String>,
}

/// The parameters of a list: the page, and the filters of the list.
#[derive(Clone, Debug)]
pub struct Paged<F> {
    /// The page.
    pub page: PageRequest,
    /// The other parameters.
    pub filters: F,
}

/// The number of items on a page.
type Limit = Integer<1, 100>;

/// The parameters of every list, as they are documented.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct PageParameters {
    /// The number of items on the page; 20 without it.
    limit: Option<Limit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page with the other members of its response.
#[derive(Serialize)]
struct Extended<'a, T, M> {
    #[serde(flatten)]
    page: &'a Page<T>,
    #[serde(flatten)]
    members: &'a M,
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The items, in the order of the list.
    items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    next_cursor: Option<String>,
}

impl PageRequest {
    /// The maximum number of items on a page.
    pub const MAX_LIMIT: usize = 100;

    /// Returns the request for the longest page after `cursor`, or for the first page.
    pub fn longest(cursor: Option<String>) -> Self {
        Self { limit: Self::MAX_LIMIT, cursor }
    }

    fn new(limit: Option<Parameter<Limit>>, cursor: Option<String>) -> Self {
        let limit = limit.and_then(|Parameter(limit)| usize::try_from(limit.get()).ok()).unwrap_or(DEFAULT_LIMIT);
        Self { limit, cursor }
    }

    /// Returns the position in `list` after which the page starts, or `None` for its beginning. A cursor of another list: 400.
    pub fn after<P: DeserializeOwned>(&self, list: &str) -> Result<Option<P>, Problem> {
        let decode = |text: &String| Cursor::decode(list, text).map_err(|_| Self::unknown_cursor());
        self.cursor.as_ref().map(decode).transpose()
    }

    /// Returns 400 for a cursor that is none of the list.
    pub fn unknown_cursor() -> Problem {
        Problem::malformed_fields(vec![FieldError::parameter("cursor", "must be a next_cursor of this list")])
    }

    /// Returns the number of rows to fetch: one more than the page holds, to find out whether there is a next page.
    pub fn rows_to_fetch(&self) -> i64 {
        i64::try_from(self.limit + 1).expect("a page is small")
    }
}

impl<F: Deserr<InputErrors>> Deserr<InputErrors> for Paged<F> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        let mut parameters = match value {
            Value::Map(parameters) => parameters,
            actual => {
                let error = ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Map] };
                return Err(take_cf_content(InputErrors::error(None, error, place)));
            }
        };
        let limit = parameters
            .remove("limit")
            .map(|value| Parameter::<Limit>::deserialize_from_value(value.into_value(), place.push_key("limit")));
        let cursor = parameters
            .remove("cursor")
            .map(|value| String::deserialize_from_value(value.into_value(), place.push_key("cursor")));
        let filters = F::deserialize_from_value(Value::<V>::Map(parameters), place);
        match (limit.transpose(), cursor.transpose(), filters) {
            (Ok(limit), Ok(cursor), Ok(filters)) => Ok(Self { page: PageRequest::new(limit, cursor), filters }),
            (limit, cursor, filters) => {
                let mut errors = filters.err().unwrap_or_default();
                errors.add_known_members(&["limit", "cursor"]);
                errors.extend(limit.err().unwrap_or_default());
                errors.extend(cursor.err().unwrap_or_default());
                Err(errors)
            }
        }
    }
}

impl<F: JsonSchema> JsonSchema for Paged<F> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Paged{}", F::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (mut schema, mut page) = (F::json_schema(generator), PageParameters::json_schema(generator));
        if let Some(serde_json::Value::Object(page)) = page.remove("properties") {
            let properties = schema.ensure_object().entry("properties").or_insert_with(|| serde_json::json!({}));
            if let Some(properties) = properties.as_object_mut() {
                properties.extend(page);
            }
        }
        schema
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

    /// Makes a page of `list` from exactly its items. `next` is the position of the next page, if there is one.
    pub fn with_next<P: Serialize>(list: &str, items: Vec<T>, next: Option<&P>) -> Self {
        Self { items, next_cursor: next.map(|position| Cursor::encode(list, position)) }
    }

    /// Returns 200 with the page, and a `Link` to the next page that keeps the query of `request` (RFC 8288).
    pub fn into_response(self, request: &Request) -> Response {
        self.link(request, json(StatusCode::OK, &self))
    }

    /// Returns what [`into_response`](Self::into_response) does, with the fields of `members` as further members of the body.
    pub fn into_response_with(self, request: &Request, members: &impl Serialize) -> Response {
        self.link(request, json(StatusCode::OK, &Extended { page: &self, members }))
    }

    /// Adds the `Link` to the next page to `response`, if there is one.
    fn link(&self, request: &Request, mut response: Response) -> Response {
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
    use super::super::{Body, NoParameters, Request};
    use super::{Page, PageRequest, Paged};
    use spindle_contracts::Problem;

    fn request(target: &str) -> Request {
        Request::new(http::Request::get(target).body(Body::empty()).unwrap())
    }

    fn page_of(request: &Request) -> Result<PageRequest, Problem> {
        request.query::<Paged<NoParameters>>().map(|paged| paged.page)
    }

    #[test]
    fn a_full_page_links_to_the_next_page_and_the_last_page_does_not() {
        let first = request("/v1/things?limit=2&colour=light%20blue");
        let page_request = page_of(&request("/v1/things?limit=2")).unwrap();
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
        let page_request = page_of(&second).unwrap();
        assert_eq!(page_request.after::<i64>("things").unwrap(), Some(2));
        let response = Page::new(&page_request, "things", vec![3], |row| *row).into_response(&second);
        assert_eq!(response.body(), r#"{"items":[3],"next_cursor":null}"#.as_bytes());
        assert!(!response.headers().contains_key("link"));
    }

    #[test]
    fn a_page_with_further_members_links_to_the_position_it_is_given() {
        let request = request("/v1/things?limit=2");
        let members = serde_json::json!({ "colour": "blue" });
        let page = Page::with_next("things", vec![1], Some(&7));
        let cursor = page.next_cursor.clone().unwrap();
        let response = page.into_response_with(&request, &members);
        let expected = format!(r#"{{"items":[1],"next_cursor":"{cursor}","colour":"blue"}}"#);
        assert_eq!(response.body(), expected.as_bytes());
        assert_eq!(response.headers()["link"], format!("</v1/things?limit=2&cursor={cursor}>; rel=\"next\""));
        let page_request = page_of(&self::request(&format!("/v1/things?cursor={cursor}"))).unwrap();
        assert_eq!(page_request.after::<i64>("things").unwrap(), Some(7));
    }

    #[test]
    fn a_limit_out_of_range_and_a_cursor_of_another_list_are_refused() {
        for target in ["/t?limit=0", "/t?limit=101", "/t?limit=-1", "/t?limit=x", "/t?limit=1&limit=2", "/t?limit="] {
            assert!(page_of(&request(target)).is_err(), "{target}");
        }
        let problem = page_of(&request("/t?limit=x")).unwrap_err();
        assert_eq!(problem.detail, "The query parameter limit must be an integer from 1 to 100.");
        let problem = page_of(&request("/t?cursor=abc")).unwrap().after::<i64>("things").unwrap_err();
        assert_eq!(problem.detail, "The query parameter cursor must be a next_cursor of this list.");
    }
}
