//! The operations on users over HTTP. A user sees and changes the own profile; an operator those of others; who may do neither learns
//! of no one.

use crate::erasure;
use crate::error::Error;
use crate::store;
use crate::user::{Change, Draft, User};
use http::header::{CACHE_CONTROL, ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::json as value;
use spindle_contracts::event::{UserErased, UserRegistered};
use spindle_contracts::{Problem, Role, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::{Event, PendingEvents, outbox};
use spindle_platform::Context;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{ETag, Page, Request, Response, empty, json};
use spindle_platform::sql::{Connection, Transaction};

/// The name under which cursors of the list are made.
const LIST: &str = "users";

/// `POST /v1/users`: 201 with the user, who has no credentials yet.
pub(crate) async fn create(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let draft: Draft = request.json().await?;
    let user = User::create(UserId(context.new_id()), draft, context.now(), || context.new_id())?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    require_still(&transaction, caller, Role::Admin).await?;
    let told = add(context, &transaction, &user, caller.user().to_string()).await?;
    transaction.commit().await?;
    told.push(context);

    let mut response = with_user(StatusCode::CREATED, &user);
    let location = HeaderValue::try_from(format!("/v1/users/{}", user.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `GET /v1/users`: a page of the users in the order of their creation, or with `?email=` the one who has that address.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    request.only_query(&["email", "limit", "cursor"])?;
    let asked = request.page()?;
    let after = asked.after::<UserId>(LIST)?;
    let db = context.sql().await?;
    let users = match request.query("email")? {
        Some(email) => store::find_by_email(&db, &email).await?.into_iter().collect(),
        None => store::page(&db, after, asked.rows_to_fetch()).await?,
    };
    Ok(Page::new(&asked, LIST, users, |user| user.id).into_response(&request))
}

/// `GET /v1/users/{id}`: 200 with the user, or 304.
pub(crate) async fn get(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    show(context, someone(caller, &request)?, &request).await
}

/// `GET /v1/users/me`.
pub(crate) async fn get_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    show(context, caller.user(), &request).await
}

/// `PATCH /v1/users/{id}` with `If-Match`: 200 with the changed user.
pub(crate) async fn change(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    change_user(context, caller, someone(caller, &request)?, request).await
}

/// `PATCH /v1/users/me`.
pub(crate) async fn change_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    change_user(context, caller, caller.user(), request).await
}

/// `DELETE /v1/users/{id}` with `If-Match`: 204. The id stays taken, nothing personal is left under it, and its sessions end.
pub(crate) async fn erase(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    erase_user(context, caller, someone(caller, &request)?, &request).await
}

/// `DELETE /v1/users/me`.
pub(crate) async fn erase_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    erase_user(context, caller, caller.user(), &request).await
}

/// The user in the path, if the caller may see them; everyone else is not there.
fn someone(caller: Principal, request: &Request) -> Result<UserId, Problem> {
    let id = request.param("id")?;
    if caller.may_act_for(id) { Ok(id) } else { Err(Error::NotFound.into()) }
}

async fn show(context: &Context, id: UserId, request: &Request) -> HandlerResult {
    let user = store::get(&context.sql().await?, id).await?;
    Ok(request.or_not_modified(with_user(StatusCode::OK, &user), &etag(&user)))
}

async fn change_user(context: &Context, caller: Principal, id: UserId, mut request: Request) -> HandlerResult {
    let change: Change = request.json().await?;
    let precondition = request.if_match()?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let before = store::get(&transaction, id).await?;
    require_say_over(&transaction, caller, &before).await?;
    if change.role().is_some() {
        require_still(&transaction, caller, Role::Admin).await?;
    }
    precondition.check(&etag(&before))?;
    let fields = change.fields();
    let role = before.role;
    let user = before.changed(change, context.now(), || context.new_id())?;
    if role == Role::Admin && user.role != role && !store::has_other_admin(&transaction, id).await? {
        return Err(Error::LastAdmin.into());
    }
    store::update(&transaction, &user).await?;
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
    Ok(with_user(StatusCode::OK, &user))
}

async fn erase_user(context: &Context, caller: Principal, id: UserId, request: &Request) -> HandlerResult {
    let precondition = request.if_match()?;
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let user = store::get(&transaction, id).await?;
    require_say_over(&transaction, caller, &user).await?;
    precondition.check(&etag(&user))?;
    if user.role == Role::Admin && !store::has_other_admin(&transaction, id).await? {
        return Err(Error::LastAdmin.into());
    }
    store::erase(&transaction, &user, context.now()).await?;
    let entry = Entry {
        actor: Some(caller.user().to_string()),
        action: "user.erased",
        subject: Some(id.to_string()),
        detail: value!({}),
    };
    audit::record(&transaction, context, &entry).await?;
    let told = outbox::append(&transaction, context, &[Event::new(id, &UserErased { user_id: id })]).await?;
    transaction.commit().await?;
    told.push(context);
    erasure::forget_credentials(context, &db).await;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Everyone may change the own profile, and an operator those of customers and operators, but not that of an admin.
async fn require_say_over(db: &Connection, caller: Principal, user: &User) -> Result<(), Problem> {
    if caller.user() == user.id {
        return Ok(());
    }
    require_still(db, caller, user.role.max(Role::Operator)).await
}

/// Refuses a caller whose role is less than `role` by now. A token says what it was up to ten minutes ago, which is good enough to
/// look at something, and not to give away a role that one has lost.
async fn require_still(db: &Connection, caller: Principal, role: Role) -> Result<(), Problem> {
    let now = store::role(db, caller.user()).await?.ok_or(Error::CallerGone)?;
    if now.includes(role) { Ok(()) } else { Err(Problem::forbidden(format!("This takes the role {}.", role.name()))) }
}

/// Adds `user`, whom `actor` creates, with the audit row and the event of it.
pub(crate) async fn add(
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

/// A user as a body, with its version, to be kept only by the client and checked each time.
pub(crate) fn with_user(status: StatusCode, user: &User) -> Response {
    let mut response = json(status, user);
    let headers = response.headers_mut();
    headers.insert(ETAG, etag(user).header());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
