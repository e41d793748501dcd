//! Every statement on the audit log, and the two that a service uses: appending and reading.

use super::chain::{Content, Key};
use super::{Entry, Error, Filter, Record};
use crate::Context;
use crate::params;
use crate::sql::{self, Connection, FromRow, Row, Rows, Transaction};
use serde_json::Value;
use spindle_contracts::Timestamp;

const SELECT_HEAD: &str = "SELECT seq, mac FROM audit_head WHERE id = 1";

const APPEND: &str = "
    INSERT INTO audit_append (seq, id, at, actor, action, subject, request_id, source, detail, mac, head_mac)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// Scans: from the end until a page is full; all of it only for a filter that little matches, which an admin asks for now and then.
///
/// Texts are read as bytes: Spin stops a component that reads text which is not UTF-8, so that one such row would hide the log.
const SELECT_LATEST: &str = "
    SELECT seq, at, CAST(id AS BLOB), CAST(actor AS BLOB), CAST(action AS BLOB), CAST(subject AS BLOB), CAST(request_id AS BLOB),
        CAST(source AS BLOB), CAST(detail AS BLOB), mac
    FROM audit_log
    WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4)
        AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
    ORDER BY seq DESC LIMIT ?7";

const SELECT_RANGE: &str = "
    SELECT seq, at, CAST(id AS BLOB), CAST(actor AS BLOB), CAST(action AS BLOB), CAST(subject AS BLOB), CAST(request_id AS BLOB),
        CAST(source AS BLOB), CAST(detail AS BLOB), mac
    FROM audit_log WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq LIMIT ?3";

const SELECT_END: &str = "
    SELECT h.seq, h.mac, (SELECT max(seq) FROM audit_log)
    FROM (SELECT 1) LEFT JOIN audit_head AS h ON h.id = 1";

/// Where a log ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row; 0 before the first.
    pub seq: i64,
    /// The MAC over that and the last row's; empty before the first.
    pub mac: Vec<u8>,
}

/// A row as it is stored.
pub(super) struct Stored {
    pub(super) content: Content<Vec<u8>>,
    pub(super) mac: Vec<u8>,
}

/// Appends `entry` to the service's log, as part of `transaction`: both come to be or neither.
///
/// # Errors
///
/// [`Error::Config`] and [`Error::WeakSecret`] without a proper secret, [`Error::NoHead`] and [`Error::Sql`] if the log takes no row.
pub async fn record(transaction: &Transaction<'_>, context: &Context, entry: &Entry) -> Result<(), Error> {
    let key = Key::of(context)?;
    let head: Head = transaction.query_optional(SELECT_HEAD, &[]).await?.ok_or(Error::NoHead)?;
    let content = Content {
        // The database refuses the row in the only case in which this is not one more.
        seq: head.seq.saturating_add(1),
        at: context.now().as_millis(),
        texts: [
            Some(context.new_id().to_string()),
            entry.actor.clone(),
            Some(entry.action.to_owned()),
            entry.subject.clone(),
            Some(context.request_id().to_owned()),
            context.source().map(|source| source.to_string()),
            Some(entry.detail.to_string()),
        ],
    };
    let mac = key.row(&head.mac, &content).finish();
    let head_mac = key.head(content.seq, &mac).finish();
    let Content { seq, at, texts: [id, actor, action, subject, request_id, source, detail] } = content;
    let values = params![seq, id, at, actor, action, subject, request_id, source, detail, mac, head_mac];
    transaction.execute(APPEND, values).await?;
    Ok(())
}

/// Up to `limit` rows that pass `filter`, newest first, of those before row `before_seq`.
///
/// A filter has no index: the log is written with every sensitive action and read now and then.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails.
pub async fn list(
    connection: &Connection,
    filter: &Filter,
    before_seq: Option<i64>,
    limit: usize,
) -> Result<Vec<Record>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let Filter { actor, action, subject, after, before } = filter.clone();
    let values = params![before_seq, actor, action, subject, after, before, limit];
    let rows: Vec<Stored> = connection.query_all(SELECT_LATEST, values).await?;
    Ok(rows.into_iter().map(Record::from).collect())
}

/// The head, if there is one, and the number of the last row, if there is one: as both were at one moment.
pub(super) async fn end(connection: &Connection) -> Result<(Option<Head>, Option<i64>), Error> {
    let (seq, mac, last): (Option<i64>, Option<Vec<u8>>, Option<i64>) = connection.query_one(SELECT_END, &[]).await?;
    Ok((seq.map(|seq| Head { seq, mac: mac.unwrap_or_default() }), last))
}

/// The first `limit` of the rows from `first` to `last`, each to be read as a [`Stored`] if it can be.
pub(super) async fn range(connection: &Connection, first: i64, last: i64, limit: u32) -> Result<Rows, Error> {
    Ok(connection.execute(SELECT_RANGE, params![first, last, limit]).await?)
}

impl FromRow for Head {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { seq: row.at(0)?, mac: row.at(1)? })
    }
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let mut texts = [const { None }; 7];
        for (text, column) in texts.iter_mut().zip(2..) {
            *text = row.at(column)?;
        }
        Ok(Self { content: Content { seq: row.at(0)?, at: row.at(1)?, texts }, mac: row.at(9)? })
    }
}

impl From<Stored> for Record {
    fn from(Stored { content: Content { seq, at, texts }, .. }: Stored) -> Self {
        let [id, actor, action, subject, request_id, source, detail] =
            texts.map(|text| text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
        let detail = detail.unwrap_or_default();
        Self {
            seq,
            id: id.unwrap_or_default(),
            at: Timestamp::from_millis(at),
            actor,
            action: action.unwrap_or_default(),
            subject,
            request_id: request_id.unwrap_or_default(),
            source,
            detail: serde_json::from_str(&detail).unwrap_or(Value::String(detail)),
        }
    }
}
