//! The query on an audit log: written by the gateway, read by a service, and in part written by a client.

use super::Filter;
use crate::http::Request;
use spindle_contracts::{Problem, Timestamp};

/// The maximum number of rows in one response.
pub const MAX_ROWS: usize = 500;
/// The number of rows in one response if the query has no limit.
const DEFAULT_ROWS: usize = 100;

/// A query on the audit log of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The rows to return.
    pub filter: Filter,
    /// Only rows before this number.
    pub before_seq: Option<i64>,
    /// The maximum number of rows in the response, 1 to [`MAX_ROWS`].
    pub limit: usize,
}

impl Filter {
    /// The names of the query parameters of a filter.
    pub const PARAMETERS: [&str; 6] = ["actor", "action", "subject", "source", "after", "before"];

    /// Reads the filter in the query of `request`.
    ///
    /// # Errors
    ///
    /// 400 if a parameter is empty or given twice, or a time is not RFC 3339.
    pub fn from_query(request: &Request) -> Result<Self, Problem> {
        let text = |name| Ok::<_, Problem>(request.query(name)?.map(|text| text.into_owned()));
        let time = |name| request.parse_query::<Timestamp>(name, "a time such as 2026-11-22T09:30:00.000Z");
        Ok(Self {
            actor: text("actor")?,
            action: text("action")?,
            subject: text("subject")?,
            source: text("source")?,
            after: time("after")?,
            before: time("before")?,
        })
    }
}

impl Query {
    /// Reads the query of `request`.
    ///
    /// # Errors
    ///
    /// 400 for a query that [`to_query`](Self::to_query) does not write.
    pub fn from_request(request: &Request) -> Result<Self, Problem> {
        let [actor, action, subject, source, after, before] = Filter::PARAMETERS;
        request.only_query(&[actor, action, subject, source, after, before, "before_seq", "limit"])?;
        let before_seq = request.parse_query("before_seq", "the number of a row")?;
        let limit = request.query_integer("limit", 1..=MAX_ROWS)?.unwrap_or(DEFAULT_ROWS);
        Ok(Self { filter: Filter::from_query(request)?, before_seq, limit })
    }

    /// Returns the query as the part of a URL after the `?`.
    pub fn to_query(&self) -> String {
        let Filter { actor, action, subject, source, after, before } = self.filter.clone();
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let values = [actor, action, subject, source, time(after), time(before)];
        let filter = Filter::PARAMETERS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?)));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filter);
        query.extend_pairs(self.before_seq.map(|seq| ("before_seq", seq.to_string())));
        query.append_pair("limit", &self.limit.to_string());
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, Query};
    use crate::http::{Body, Request};
    use spindle_contracts::Timestamp;

    fn read(query: &str) -> Result<Query, String> {
        let request = http::Request::get(format!("/internal/things/audit?{query}")).body(Body::empty()).unwrap();
        Query::from_request(&Request::new(request)).map_err(|problem| problem.detail)
    }

    #[test]
    fn a_query_is_read_as_it_was_written() {
        let filter = Filter {
            actor: Some("a&b=c+d é".to_owned()),
            action: Some(" %".to_owned()),
            subject: None,
            source: Some("2001:db8::1".to_owned()),
            after: Some(Timestamp::from_millis(0)),
            before: Some(Timestamp::from_millis(1_700_000_000_123)),
        };
        for query in [
            Query { filter, before_seq: Some(7), limit: 101 },
            Query { filter: Filter::default(), before_seq: None, limit: 1 },
        ] {
            assert_eq!(read(&query.to_query()), Ok(query));
        }
        assert_eq!(read("").unwrap().limit, 100);
    }

    #[test]
    fn an_invalid_query_is_refused() {
        for (query, detail) in [
            ("after=yesterday", "The query parameter after must be a time such as 2026-11-22T09:30:00.000Z."),
            ("before=", "The query parameter before must be a time such as 2026-11-22T09:30:00.000Z."),
            ("action=", "The query parameter action is empty. Give it a value, or leave it out."),
            ("before_seq=x", "The query parameter before_seq must be the number of a row."),
            ("limit=0", "The query parameter limit must be an integer from 1 to 500."),
            ("limit=501", "The query parameter limit must be an integer from 1 to 500."),
            ("actor=a&actor=b", "The query parameter actor is given more than once."),
            (
                "user=a",
                "The query parameter \"user\" is not known; the known parameters are: actor, action, subject, source, after, \
                 before, before_seq, limit.",
            ),
        ] {
            assert_eq!(read(query).unwrap_err(), detail, "{query}");
        }
    }
}
