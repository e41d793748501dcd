//! The rows of the audit log: what a service appends and lists. Appended rows are written by `sql/transaction.rs`, at the end of their transaction.

use super::chain::{Key, RowContent, TEXT_COLUMNS};
use super::pseudonym::{KEY_BYTES, first_kept_month, month, pseudonym};
use super::{Entry, Error, Filter, Record};
use crate::Context;
use crate::params;
use crate::sql::{self, Connection, FromRow, Row, Rows, Transaction};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use std::net::IpAddr;

/// Scans: the keys of a few months.
const SELECT_KEYS: &str = "SELECT month, key FROM audit_pseudonym_keys ORDER BY month";

/// Returns the key of the month: another transaction may have inserted it since this connection was opened.
const INSERT_KEY: &str = "
    INSERT INTO audit_pseudonym_keys (month, key) VALUES (?1, ?2) ON CONFLICT (month) DO UPDATE SET key = key RETURNING key";

const DELETE_KEYS: &str = "DELETE FROM audit_pseudonym_keys WHERE month < ?1";

/// Scans: from the end until a page is full; the whole log only for a filter that matches few rows, which an admin uses rarely.
///
/// Texts are read as bytes: Spin stops a component that reads text which is not UTF-8, so one such row would hide the log.
const SELECT_LATEST: &str = "
    SELECT seq, at, CAST(id AS BLOB) AS id, CAST(actor AS BLOB) AS actor, CAST(action AS BLOB) AS action,
        CAST(subject AS BLOB) AS subject, CAST(request_id AS BLOB) AS request_id, CAST(source AS BLOB) AS source,
        CAST(detail AS BLOB) AS detail, mac
    FROM audit_log
    WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4)
        AND at > ?5 AND at < ?6
        AND (?8 IS NULL OR source IN (SELECT value FROM json_each(?8)))
    ORDER BY seq DESC LIMIT ?7";

const SELECT_REQUEST: &str = "
    SELECT request_id FROM audit_log WHERE subject = ?1 AND action = ?2 ORDER BY seq LIMIT 1";

/// The rows of a person as actor, and then as subject only: each by its index, merged in their order.
pub(super) const SELECT_OF_PERSON: &str = "
    SELECT seq, at, CAST(id AS BLOB) AS id, CAST(actor AS BLOB) AS actor, CAST(action AS BLOB) AS action,
        CAST(subject AS BLOB) AS subject, CAST(request_id AS BLOB) AS request_id, CAST(source AS BLOB) AS source,
        CAST(detail AS BLOB) AS detail, mac
    FROM audit_log WHERE actor = ?1 AND seq > ?2
    UNION ALL
    SELECT seq, at, CAST(id AS BLOB) AS id, CAST(actor AS BLOB) AS actor, CAST(action AS BLOB) AS action,
        CAST(subject AS BLOB) AS subject, CAST(request_id AS BLOB) AS request_id, CAST(source AS BLOB) AS source,
        CAST(detail AS BLOB) AS detail, mac
    FROM audit_log WHERE subject = ?1 AND seq > ?2 AND actor IS NOT ?1
    ORDER BY seq LIMIT ?3";

const SELECT_RANGE: &str = "
    SELECT seq, at, CAST(id AS BLOB) AS id, CAST(actor AS BLOB) AS actor, CAST(action AS BLOB) AS action,
        CAST(subject AS BLOB) AS subject, CAST(request_id AS BLOB) AS request_id, CAST(source AS BLOB) AS source,
        CAST(detail AS BLOB) AS detail, mac
    FROM audit_log WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq LIMIT ?3";

const SELECT_END: &str = "
    SELECT h.seq AS seq, h.mac AS mac, (SELECT max(seq) FROM audit_log) AS last
    FROM (SELECT 1) LEFT JOIN audit_head AS h ON h.id = 1";

/// The head of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// The number of the last row; 0 before the first.
    pub seq: i64,
    /// The MAC over `seq` and the last row's MAC; empty before the first row.
    pub mac: Vec<u8>,
}

/// A row as the table holds it.
pub(super) struct StoredRow {
    pub(super) content: RowContent<Vec<u8>>,
    pub(super) mac: Vec<u8>,
}

/// An entry as a row that has no place in the chain yet.
pub(crate) struct UnchainedRow {
    key: Key,
    at: i64,
    texts: [Option<String>; 7],
}

impl UnchainedRow {
    /// Returns the values of the row after `head`, in the order of the columns of `audit_append`, and the head after the row.
    pub(crate) fn chained(&self, head: &ChainHead) -> (Vec<sql::Value>, ChainHead) {
        // The largest number is the only one without a successor: no row fits there.
        let seq = head.seq.saturating_add(1);
        let content = RowContent { seq, at: self.at, texts: self.texts.each_ref().map(Option::as_deref) };
        let mac = self.key.row(&head.mac, &content).finish();
        let head_mac = self.key.head(seq, &mac).finish();
        let [id, actor, action, subject, request_id, source, detail] = content.texts;
        let values =
            params![seq, id, self.at, actor, action, subject, request_id, source, detail, mac, head_mac, &head.mac];
        (values.to_vec(), ChainHead { seq, mac: head_mac.to_vec() })
    }
}

/// Appends `entry` to the service's log when `transaction` is committed: both are, or neither.
///
/// # Errors
///
/// [`Error::Config`] and [`Error::WeakSecret`] without a proper secret, [`Error::Sql`] if the database fails. If the row cannot be appended, the
/// commit fails.
pub async fn record(transaction: &Transaction<'_>, context: &Context, entry: &Entry) -> Result<(), Error> {
    let key = Key::for_service(context)?;
    let source = match context.source() {
        None => None,
        Some(address) => Some(pseudonym_of(transaction, context, &address.to_string()).await?),
    };
    let texts = [
        Some(context.new_id().to_string()),
        entry.actor.clone(),
        Some(entry.action.to_owned()),
        entry.subject.clone(),
        Some(context.request_id().to_owned()),
        source,
        Some(entry.detail.to_string()),
    ];
    transaction.buffer_audit_row(UnchainedRow { key, at: context.now().as_millis(), texts });
    Ok(())
}

/// Returns a pseudonym of `text` for the detail of an [`Entry`]: the same for the same text until the end of the month.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails.
pub async fn pseudonym_of(transaction: &Transaction<'_>, context: &Context, text: &str) -> Result<String, Error> {
    let month = month(context.now());
    let key = match transaction.pseudonym_key(&month) {
        Some(key) => key,
        None => insert_key(transaction, context, &month).await?,
    };
    Ok(pseudonym(&month, &key, text))
}

/// Returns a new key of `month`, or the one that it has; and deletes the keys that have served their time.
async fn insert_key(transaction: &Transaction<'_>, context: &Context, month: &str) -> Result<Vec<u8>, Error> {
    delete_expired_keys(transaction, context.now()).await?;
    let values = params![month, context.random::<KEY_BYTES>()];
    Ok(transaction.query_one::<(Vec<u8>,)>(INSERT_KEY, values).await?.0)
}

/// Deletes the keys of pseudonyms that have served their time at `now`. A service does so from time to time; one that records an action in a new month
/// does so by itself.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails.
pub async fn delete_expired_keys(connection: &Connection, now: Timestamp) -> Result<(), Error> {
    connection.execute(DELETE_KEYS, params![first_kept_month(now)]).await?;
    Ok(())
}

/// Returns the values that rows from `source` may have, as a JSON array: what it is itself, and the pseudonyms of an address.
async fn stored_sources(connection: &Connection, source: &str) -> Result<String, Error> {
    let mut sources = vec![source.to_owned()];
    if let Ok(address) = source.parse::<IpAddr>() {
        let address = address.to_canonical().to_string();
        let keys: Vec<(String, Vec<u8>)> = connection.query_all(SELECT_KEYS, &[]).await?;
        sources.extend(keys.iter().map(|(month, key)| pseudonym(month, key, &address)));
        sources.push(address);
    }
    Ok(json!(sources).to_string())
}

/// Returns up to `limit` rows before row `before_seq` that match `filter`, newest first.
///
/// The filters have no indexes: the log is written with every sensitive action and read rarely.
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
    let Filter { actor, action, subject, source, created } = filter.clone();
    let (after, before) = created.bounds();
    let source = match source {
        None => None,
        Some(source) => Some(stored_sources(connection, &source).await?),
    };
    let values = params![before_seq, actor, action, subject, after, before, limit, source];
    let rows: Vec<StoredRow> = connection.query_all(SELECT_LATEST, values).await?;
    Ok(rows.into_iter().map(Record::from).collect())
}

/// Returns the id of the request that first performed `action` on `subject`.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails.
pub async fn request_of(connection: &Connection, subject: &str, action: &str) -> Result<Option<String>, Error> {
    let found: Option<(String,)> = connection.query_optional(SELECT_REQUEST, params![subject, action]).await?;
    Ok(found.map(|(request_id,)| request_id))
}

/// Returns up to `limit` rows after row `after` whose actor or subject is the user or service `person`, the oldest first.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails.
pub async fn list_of_person(
    connection: &Connection,
    person: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    let rows: Vec<StoredRow> = connection.query_all(SELECT_OF_PERSON, params![person, after, limit]).await?;
    Ok(rows.into_iter().map(Record::from).collect())
}

/// Returns the head and the number of the last row, as they were at the same moment. Each may be missing.
pub(super) async fn head_and_last_seq(connection: &Connection) -> Result<(Option<ChainHead>, Option<i64>), Error> {
    let (seq, mac, last): (Option<i64>, Option<Vec<u8>>, Option<i64>) = connection.query_one(SELECT_END, &[]).await?;
    Ok((seq.map(|seq| ChainHead { seq, mac: mac.unwrap_or_default() }), last))
}

/// Returns the first `limit` rows from `first` to `last`. The caller reads each as a [`StoredRow`], since single rows may be unreadable.
pub(super) async fn range(connection: &Connection, first: i64, last: i64, limit: u32) -> Result<Rows, Error> {
    Ok(connection.execute(SELECT_RANGE, params![first, last, limit]).await?)
}

impl FromRow for StoredRow {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let (seq, at) = (row.get("seq")?, row.get("at")?);
        let mut texts = [const { None }; 7];
        for (text, column) in texts.iter_mut().zip(TEXT_COLUMNS) {
            *text = row.get(column)?;
        }
        Ok(Self { content: RowContent { seq, at, texts }, mac: row.get("mac")? })
    }
}

impl From<StoredRow> for Record {
    fn from(StoredRow { content: RowContent { seq, at, texts }, .. }: StoredRow) -> Self {
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
