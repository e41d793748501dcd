//! The HTTP handlers of users. A customer reads and changes the own profile, an operator also those of others. To a customer, another
//! user's profile is a 404, as if it did not exist.

mod list;

#[cfg(test)]
pub(crate) use list::UserQuery;
pub(crate) use list::list;

use crate::admins;
use crate::auth_client::{self, Invitation};
use crate::erasure_progress;
use crate::error::Error;
use crate::user::{NewUser, Status, User, UserPatch};
use crate::{erasure, rights, store};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json as value;
use spindle_contracts::event::{EmailChanged, UserErased, UserRegistered};
use spindle_contracts::{Problem, Role, UserId};
use spindle_edge::{HandlerResult, Principal, RateClass};
use spindle_events::{Event, PendingEvents, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{ETag, Request, empty, json, versioned_json};
use spindle_platform::sql::{Connection, Transaction};

/// A created user with the invitation to set the first password.
#[derive(Serialize, JsonSchema)]
pub(crate) struct InvitedUser<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// The invitation, which is shown once.
    invitation: &'a Invitation,
}

/// Handles `POST /v1/users`: 201 with the user, and with an invitation to set the first password.
///
/// auth makes the invitation before the user is committed. So each user that a client learns of is invited; and a crash in between leaves an
/// invitation that cannot be accepted, and the request can be repeated.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let new: NewUser = request.json().await?;
    let user = User::create(UserId(context.new_id()), new, context.now(), || context.new_id())?;
    let db = context.sql().await?;
    require_current_role(&db, caller, Role::Admin).await?;
    if store::find_by_email(&db, &user.email).await?.is_some() {
        return Err(Error::EmailTaken.into());
    }
    let invitation = auth_client::invite(context, user.id).await?;
    let transaction = db.transaction().await?;
    require_current_role(&transaction, caller, Role::Admin).await?;
    let events = insert_user(context, &transaction, &user, caller.user().to_string()).await?;
    transaction.commit().await?;
    events.push(context);

    let body = InvitedUser { user: &user, invitation: &invitation };
    let mut response = versioned_json(StatusCode::CREATED, &body, user.version);
    let location = HeaderValue::try_from(format!("/v1/users/{}", user.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// Handles `POST /v1/users/{id}/invitation`: 200 with a new invitation, which replaces an earlier one; 409 if the user has a password. It is no
/// 201, since an invitation has no address of its own: it is shown once.
pub(crate) async fn invite(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let id = request.param("id")?;
    let precondition = request.precondition()?;
    let db = context.sql().await?;
    require_current_role(&db, caller, Role::Admin).await?;
    precondition.check(&etag(&store::get(&db, id).await?))?;
    Ok(json(StatusCode::OK, &auth_client::invite(context, id).await?))
}

/// Handles `GET /v1/users/{id}`: 200 with the user, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    show(context, visible_user(caller, &request)?, &request).await
}

/// Handles `GET /v1/users/me`.
pub(crate) async fn get_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    show(context, caller.user(), &request).await
}

/// Handles `PATCH /v1/users/{id}` with `If-Match`: 200 with the changed user.
pub(crate) async fn change(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    change_user(context, caller, visible_user(caller, &request)?, request).await
}

/// Handles `PATCH /v1/users/me`.
pub(crate) async fn change_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    change_user(context, caller, caller.user(), request).await
}

/// Handles `DELETE /v1/users/{id}` with `If-Match`: 204. The id stays taken, the personal data is deleted, and the sessions end.
pub(crate) async fn erase(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    erase_user(context, caller, visible_user(caller, &request)?, &request).await
}

/// Handles `DELETE /v1/users/me`.
pub(crate) async fn erase_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    erase_user(context, caller, caller.user(), &request).await
}

/// Handles `POST /v1/users/{id}/deactivate`: 200 with the user, whose sessions end, and who cannot log in.
pub(crate) async fn deactivate(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    set_status(context, caller, &request, Status::Deactivated).await
}

/// Handles `POST /v1/users/{id}/reactivate`: 200 with the user, who can log in again.
pub(crate) async fn reactivate(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    set_status(context, caller, &request, Status::Active).await
}

/// Returns the id in the path, or a 404 if the caller may not see that user.
fn visible_user(caller: Principal, request: &Request) -> Result<UserId, Problem> {
    let id = request.param("id")?;
    if caller.may_act_for(id) { Ok(id) } else { Err(Error::NotFound.into()) }
}

async fn show(context: &Context, id: UserId, request: &Request) -> HandlerResult {
    let user = store::get(&context.sql().await?, id).await?;
    request.or_not_modified(versioned_json(StatusCode::OK, &user, user.version), &etag(&user))
}

async fn change_user(context: &Context, caller: Principal, id: UserId, mut request: Request) -> HandlerResult {
    let patch: UserPatch = request.json().await?;
    let precondition = request.if_match()?;
    let db = context.sql().await?;
    let may_change_email = match patch.email() {
        Some(email) if store::get(&db, id).await?.email != email => {
            require_may_change_email(context, caller).await?;
            true
        }
        Some(_) | None => false,
    };
    let other_admins = match patch.role() {
        None | Some(Role::Admin) => Vec::new(),
        Some(_) => admins::others_who_can_log_in(context, &db, caller, id).await?,
    };
    let transaction = db.transaction().await?;
    let before = store::get(&transaction, id).await?;
    require_may_change(&transaction, caller, &before).await?;
    if patch.role().is_some_and(|role| role != before.role) {
        require_current_role(&transaction, caller, Role::Admin).await?;
    }
    precondition.check(&etag(&before))?;
    if patch.email().is_some_and(|email| email != before.email) && !may_change_email {
        // Another request has changed the address since it was found to be the one in the patch.
        return Err(Error::VersionMismatch.into());
    }
    let fields = patch.fields();
    let (role, previous_email) = (before.role, before.email.clone());
    let user = before.apply(patch, context.now(), || context.new_id())?;
    if role == Role::Admin && user.role != role {
        admins::require_another(&transaction, id, &other_admins).await?;
    }
    store::update(&transaction, &user).await?;
    let events = match user.email == previous_email {
        true => PendingEvents::default(),
        false => publish_email_change(context, &transaction, id, &previous_email).await?,
    };
    let entry = |action, detail| Entry {
        actor: Some(caller.user().to_string()),
        action,
        subject: Some(id.to_string()),
        detail,
    };
    audit::record(&transaction, context, &entry("user.changed", value!({ "fields": fields }))).await?;
    if user.role != role {
        let detail = value!({ "from": role, "to": user.role });
        audit::record(&transaction, context, &entry("user.role_changed", detail)).await?;
    }
    transaction.commit().await?;
    events.push(context);
    if user.role != role {
        rights::end_former_rights(context, &db).await;
    }
    Ok(versioned_json(StatusCode::OK, &user, user.version))
}

/// Gives the user in the path the status `status`. A user who has it already stays as it is. The caller is an active admin and stays one, so
/// there is always one.
async fn set_status(context: &Context, caller: Principal, request: &Request, status: Status) -> HandlerResult {
    let id = request.param("id")?;
    let precondition = request.precondition()?;
    let db = context.sql().await?;
    if status == Status::Active {
        // The sessions of the deactivation end first: they must not go on with the user.
        rights::end_former_rights(context, &db).await;
    }
    let transaction = db.transaction().await?;
    require_current_role(&transaction, caller, Role::Admin).await?;
    let before = store::get(&transaction, id).await?;
    precondition.check(&etag(&before))?;
    if id == caller.user() && status == Status::Deactivated {
        return Err(Error::OwnDeactivation.into());
    }
    if before.status == status {
        return Ok(versioned_json(StatusCode::OK, &before, before.version));
    }
    if status == Status::Active && store::has_pending_rights_change(&transaction, id).await? {
        return Err(Error::SessionsNotEnded.into());
    }
    let user = before.with_status(status, context.now());
    store::update(&transaction, &user).await?;
    let action = match status {
        Status::Active => "user.reactivated",
        Status::Deactivated => "user.deactivated",
    };
    let (actor, subject) = (Some(caller.user().to_string()), Some(id.to_string()));
    audit::record(&transaction, context, &Entry { actor, action, subject, detail: value!({}) }).await?;
    transaction.commit().await?;
    rights::end_former_rights(context, &db).await;
    Ok(versioned_json(StatusCode::OK, &user, user.version))
}

/// Refuses to change an address after a log-in that is not recent: the address is what its user logs in with, and a borrowed token must not
/// take it. Counts the request in the class `auth`, since the response says whether another user has the address.
async fn require_may_change_email(context: &Context, caller: Principal) -> Result<(), Problem> {
    caller.require_recent_login(context.now())?;
    spindle_edge::count_request(context, caller, RateClass::Auth).await
}

/// Keeps the address that the user `id` had until now, and publishes the change: the owner is notified at both addresses. The event has no address,
/// since events are kept where the erasure of a user does not look.
async fn publish_email_change(
    context: &Context,
    transaction: &Transaction<'_>,
    id: UserId,
    previous: &str,
) -> Result<PendingEvents, Problem> {
    let change_id = context.new_id();
    store::insert_email_change(transaction, change_id, id, previous, context.now()).await?;
    let changed = Event::new(id, &EmailChanged { user_id: id, change_id });
    Ok(outbox::append(transaction, context, &[changed]).await?)
}

async fn erase_user(context: &Context, caller: Principal, id: UserId, request: &Request) -> HandlerResult {
    let precondition = request.if_match()?;
    if caller.user() == id {
        caller.require_recent_login(context.now())?;
    }
    let db = context.sql().await?;
    let other_admins = admins::others_who_can_log_in(context, &db, caller, id).await?;
    let transaction = db.transaction().await?;
    let user = store::get(&transaction, id).await?;
    require_may_change(&transaction, caller, &user).await?;
    precondition.check(&etag(&user))?;
    if user.role == Role::Admin {
        admins::require_another(&transaction, id, &other_admins).await?;
    }
    let now = context.now();
    store::erase(&transaction, &user, now, erasure_progress::next_check(now, 0)).await?;
    let entry = Entry {
        actor: Some(caller.user().to_string()),
        action: "user.erased",
        subject: Some(id.to_string()),
        detail: value!({}),
    };
    audit::record(&transaction, context, &entry).await?;
    let events = outbox::append(&transaction, context, &[Event::new(id, &UserErased { user_id: id })]).await?;
    transaction.commit().await?;
    events.push(context);
    erasure::erase_pending_credentials(context, &db).await;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Refuses a caller who may not change `user`. Every user may change the own profile; an operator those of customers and operators, but
/// not that of an admin.
async fn require_may_change(db: &Connection, caller: Principal, user: &User) -> Result<(), Problem> {
    if caller.user() == user.id {
        return Ok(());
    }
    require_current_role(db, caller, user.role.max(Role::Operator)).await
}

/// Refuses a caller whose stored role is less than `role`. The edge has looked at the rights of the session, which end when auth learns of a
/// change; here the row itself is at hand, in the transaction that passes on a role: two admins who demote each other at the same time leave
/// one.
async fn require_current_role(db: &Connection, caller: Principal, role: Role) -> Result<(), Problem> {
    let current = store::role(db, caller.user()).await?.ok_or(Error::CallerInactive)?;
    if current.includes(role) { Ok(()) } else { Err(Problem::forbidden(format!("Requires the role {}.", role.name()))) }
}

/// Inserts `user` on behalf of `actor`, with the audit entry and the event `UserRegistered`.
pub(crate) async fn insert_user(
    context: &Context,
    transaction: &Transaction<'_>,
    user: &User,
    actor: String,
) -> Result<PendingEvents, Problem> {
    store::insert(transaction, user).await?;
    let detail = value!({ "role": user.role });
    let entry = Entry { actor: Some(actor), action: "user.created", subject: Some(user.id.to_string()), detail };
    audit::record(transaction, context, &entry).await?;
    let registered = Event::new(user.id, &UserRegistered { user_id: user.id });
    Ok(outbox::append(transaction, context, &[registered]).await?)
}

fn etag(user: &User) -> ETag {
    ETag::of_version(user.version)
}
