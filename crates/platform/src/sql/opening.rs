//! The opening of a database: one statement compares the schema with the code's migrations, and reads what the end of a transaction needs. It is the
//! first statement on a connection, and if that begins with a transaction, the first one in it: so a transaction with an audit row reads no head.

use super::session::{OpenTransaction, Session};
use super::{Error, FromRow, Row};
use crate::audit::ChainHead;
use crate::migrate::{self, Migration};
use crate::params;

/// The head of the audit log, and the newest key of its pseudonyms, if the schema is that of version ?1.
const SELECT: &str = "
    SELECT m.fingerprint AS fingerprint, h.seq AS seq, h.mac AS mac, k.month AS month, k.key AS key
    FROM schema_migrations AS m LEFT JOIN audit_head AS h ON h.id = 1
    LEFT JOIN audit_pseudonym_keys AS k ON k.month = (SELECT max(month) FROM audit_pseudonym_keys)
    WHERE m.version = ?1";

/// The state of a database that a connection to it knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// The head of the audit log, as it was when this connection last saw it; the one before the first row if there is none.
    pub(super) head: ChainHead,
    /// The newest key of the log's pseudonyms, and its month.
    pub(super) key: Option<(String, Vec<u8>)>,
}

/// Reads the opening, and migrates the database before if its schema is older.
pub(super) async fn read(session: &Session, migrations: &[Migration]) -> Result<Opening, Error> {
    if let Some(opening) = try_read(session, migrations).await? {
        return Ok(opening);
    }
    migrate::ensure(session, migrations).await?;
    Ok(try_read(session, migrations).await?.unwrap_or_default())
}

/// Begins a transaction and reads the opening in it. If the schema is older, the transaction ends before the database is migrated.
pub(super) async fn begin<'s>(
    session: &'s Session,
    migrations: &[Migration],
) -> Result<(OpenTransaction<'s>, Opening), Error> {
    let transaction = session.begin().await?;
    if let Some(opening) = try_read(session, migrations).await? {
        return Ok((transaction, opening));
    }
    drop(transaction);
    migrate::ensure(session, migrations).await?;
    let transaction = session.begin().await?;
    let opening = try_read(session, migrations).await?.unwrap_or_default();
    Ok((transaction, opening))
}

/// Returns `None` if the schema is not the one of `migrations`, or has no audit log, as early ones.
async fn try_read(session: &Session, migrations: &[Migration]) -> Result<Option<Opening>, Error> {
    let Some(newest) = migrations.last() else { return Ok(Some(Opening::default())) };
    let rows = match session.execute(SELECT, params![newest.version]).await {
        Err(Error::NoSuchTable { .. }) => return Ok(None),
        rows => rows?,
    };
    match rows.iter().next() {
        Some(row) if row.get::<&str>("fingerprint")? == newest.fingerprint => Ok(Some(Opening::from_row(&row)?)),
        _ => Ok(None),
    }
}

impl FromRow for Opening {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let head = match row.get("seq")? {
            Some(seq) => ChainHead { seq, mac: row.get("mac")? },
            None => ChainHead::default(),
        };
        let key: Option<Vec<u8>> = row.get("key")?;
        Ok(Self { head, key: row.get::<Option<String>>("month")?.zip(key) })
    }
}
