//! What is asked of a log, as a query: how the gateway writes it and a service reads it, and the part that a client writes.

use super::Filter;
use crate::http::Request;
use spindle_contracts::{Problem, Timestamp};

/// The most rows in one answer.
pub const MAX_ROWS: usize = 500;
/// The rows in one answer if nothing is said.
const DEFAULT_ROWS: usize = 100;

/// What is asked of the log of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which rows.
    pub filter: Filter,
    /// Only rows before this one.
    pub before_seq: Option<i64>,
    /// The most rows in the answer, 1 to [`MAX_ROWS`].
    pub limit: usize,
}

impl Filter {
    /// The parameters that make a filter.
    pub const PARAMETERS: [&str; 5] = ["actor", "action", "subject", "after", "before"];

    /// The filter in the query of `request`.
    ///
    /// # Errors
    ///
    /// 400 if a parameter is given twice, or a time is not RFC 3339.
    pub fn from_query(request: &Request) -> Result<Self, Problem> {
        let text = |name| Ok::<_, Problem>(request.query(name)?.map(|text| text.into_owned()));
        let time = |name| match request.query(name)? {
            None => Ok(None),
            Some(text) => match text.parse::<Timestamp>() {
                Ok(time) => Ok(Some(time)),
                Err(_) => Err(Problem::malformed(format!("{name} is a time like 2026-11-22T09:30:00.000Z."))),
            },
        };
        Ok(Self {
            actor: text("actor")?,
            action: text("action")?,
            subject: text("subject")?,
            after: time("after")?,
            before: time("before")?,
        })
    }
}

impl Query {
    /// The query of `request`.
    ///
    /// # Errors
    ///
    /// 400 for anything that [`to_query`](Self::to_query) does not write.
    pub fn from_request(request: &Request) -> Result<Self, Problem> {
        let [actor, action, subject, after, before] = Filter::PARAMETERS;
        request.only_query(&[actor, action, subject, after, before, "before_seq", "limit"])?;
        let before_seq = match request.query("before_seq")? {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| Problem::malformed("before_seq is the number of a row."))?),
        };
        let limit = match request.query("limit")? {
            None => DEFAULT_ROWS,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_ROWS).contains(limit))
                .ok_or_else(|| Problem::malformed(format!("limit is a whole number from 1 to {MAX_ROWS}.")))?,
        };
        Ok(Self { filter: Filter::from_query(request)?, before_seq, limit })
    }

    /// The query as it stands after the `?`.
    pub fn to_query(&self) -> String {
        let Filter { actor, action, subject, after, before } = self.filter.clone();
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let values = [actor, action, subject, time(after), time(before)];
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
            action: Some(String::new()),
            subject: None,
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
    fn what_is_no_query_is_refused() {
        for (query, detail) in [
            ("after=yesterday", "after is a time like 2026-11-22T09:30:00.000Z."),
            ("before=", "before is a time like 2026-11-22T09:30:00.000Z."),
            ("before_seq=x", "before_seq is the number of a row."),
            ("limit=0", "limit is a whole number from 1 to 500."),
            ("limit=501", "limit is a whole number from 1 to 500."),
            ("actor=a&actor=b", "The query parameter actor is given more than once."),
            ("user=a", "The query parameter \"user\" is not known here."),
        ] {
            assert_eq!(read(query).unwrap_err(), detail, "{query}");
        }
    }
}
