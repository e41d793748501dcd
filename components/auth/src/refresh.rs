//! Refreshing: a refresh token in, its successor and a new access token out.

use crate::error::Error;
use crate::secret::Secret;
use crate::secrets::Secrets;
use crate::session::{KnownToken, RefreshToken, Standing};
use crate::signing::{Signer, Tokens};
use crate::store;
use crate::store::sessions::Reason;
use crate::users;
use serde_json::json;
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::sql::{Connection, Transaction};

/// New tokens for whoever has the newest refresh token of a session, or had it a moment ago.
///
/// users is asked each time: whoever was erased gets no more tokens, and a new role counts from here on.
pub(crate) async fn refresh(context: &Context, db: &Connection, presented: &Secret) -> Result<Tokens, Error> {
    let token = RefreshToken::parse(presented.expose()).ok_or(Error::SessionOver)?;
    let known = store::tokens::find(db, &token).await?.ok_or(Error::SessionOver)?;
    match known.standing(&token, context.now()) {
        Standing::Newest | Standing::JustReplaced(_) => {}
        Standing::Ended => return Err(Error::SessionOver),
        // Not even users being down may save a stolen family.
        Standing::Reused => return Err(revoke_family(context, db.transaction().await?, &known).await),
    }
    let identity = users::identity(context, known.user).await?.ok_or(Error::SessionOver)?;
    let signer = Signer::load(context, db, &Secrets::read(context)?).await?;
    let refresh = replace(context, db, &token).await?;
    Ok(signer.issue(context, identity, known.session, refresh))
}

/// The successor of `token`. Of several who present it at once, one makes it and all get it.
async fn replace(context: &Context, db: &Connection, token: &RefreshToken) -> Result<RefreshToken, Error> {
    let transaction = db.transaction().await?;
    let now = context.now();
    let known = store::tokens::find(&transaction, token).await?.ok_or(Error::SessionOver)?;
    match known.standing(token, now) {
        Standing::Newest => {}
        Standing::JustReplaced(successor) => return Ok(successor),
        Standing::Ended => return Err(Error::SessionOver),
        Standing::Reused => return Err(revoke_family(context, transaction, &known).await),
    }
    let successor = RefreshToken::new(context.random());
    store::tokens::forget_successors(&transaction, known.session, now).await?;
    store::tokens::replace(&transaction, token, &token.seal(&successor, context.random()), now).await?;
    store::tokens::insert(&transaction, &successor, known.session, now).await?;
    store::sessions::touch(&transaction, known.session, now).await?;
    transaction.commit().await?;
    Ok(successor)
}

/// Ends the session of a token that came again after it was replaced: either its owner or a thief has the successor, and nobody can
/// say which. What it gives is what to tell the client.
async fn revoke_family(context: &Context, transaction: Transaction<'_>, known: &KnownToken) -> Error {
    record_reuse(context, transaction, known).await.err().unwrap_or(Error::SessionOver)
}

async fn record_reuse(context: &Context, transaction: Transaction<'_>, known: &KnownToken) -> Result<(), Error> {
    if store::sessions::revoke(&transaction, known.session, known.user, Reason::TokenReused, context.now()).await? {
        let entry = Entry {
            actor: None,
            action: "refresh.reused",
            subject: Some(known.session.to_string()),
            detail: json!({ "user": known.user }),
        };
        audit::record(&transaction, context, &entry).await?;
    }
    Ok(transaction.commit().await?)
}
