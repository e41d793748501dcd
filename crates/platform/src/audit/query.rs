//! The query on an audit log: written by the gateway, read by a service, and in part written by a client.

use super::Filter;
use crate::http::Request;
use deserr::Deserr;
use spindle_contracts::input::{Integer, Parameter};
use spindle_contracts::{CreatedRange, InputErrors, Problem, Timestamp};

/// The maximum number of rows in one response.
pub const MAX_ROWS: i64 = 500;
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

/// The parameters of a query.
#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
struct Parameters {
    #[deserr(default)]
    actor: Option<String>,
    #[deserr(default)]
    action: Option<String>,
    #[deserr(default)]
    subject: Option<String>,
    #[deserr(default)]
    source: Option<String>,
    #[deserr(default)]
    created_after: Option<Timestamp>,
    #[deserr(default)]
    created_before: Option<Timestamp>,
    #[deserr(default)]
    before_seq: Option<Parameter<i64>>,
    #[deserr(default)]
    limit: Option<Parameter<Integer<1, MAX_ROWS>>>,
}

impl Filter {
    /// The names of the query parameters of a filter.
    const PARAMETERS: [&str; 6] = ["actor", "action", "subject", "source", "created_after", "created_before"];
}

impl Query {
    /// Reads the query of `request`.
    ///
    /// # Errors
    ///
    /// 400 for a query that [`to_query`](Self::to_query) does not write.
    pub fn from_request(request: &Request) -> Result<Self, Problem> {
        let Parameters { actor, action, subject, source, created_after, created_before, before_seq, limit } =
            request.query()?;
        let limit = limit.and_then(|Parameter(limit)| usize::try_from(limit.get()).ok()).unwrap_or(DEFAULT_ROWS);
        let created = CreatedRange { after: created_after, before: created_before };
        let filter = Filter { actor, action, subject, source, created };
        Ok(Self { filter, before_seq: before_seq.map(|Parameter(seq)| seq), limit })
    }

    /// Returns the query as the part of a URL after the `?`.
    pub fn to_query(&self) -> String {
        let Filter { actor, action, subject, source, created } = self.filter.clone();
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let values = [actor, action, subject, source, time(created.after), time(created.before)];
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
    use spindle_contracts::{CreatedRange, Timestamp};

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
            created: CreatedRange {
                after: Some(Timestamp::from_millis(0)),
                before: Some(Timestamp::from_millis(1_700_000_000_123)),
            },
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
            (
                "created_after=yesterday",
                "The query parameter created_after must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339).",
            ),
            (
                "created_before=",
                "The query parameter created_before must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339).",
            ),
            ("action=", "The query parameter action is empty. Give it a value, or leave it out."),
            ("before_seq=x", "The query parameter before_seq must be an integer."),
            ("limit=0", "The query parameter limit must be an integer from 1 to 500."),
            ("limit=501", "The query parameter limit must be an integer from 1 to 500."),
            ("actor=a&actor=b", "The query parameter actor is given more than once."),
            (
                "user=a",
                "The query parameter user is not known; the known parameters are: actor, action, subject, source, \
                 created_after, created_before, before_seq, limit.",
            ),
        ] {
            assert_eq!(read(query).unwrap_err(), detail, "{query}");
        }
    }
}
