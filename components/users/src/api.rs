//! The operations on users over HTTP.

use crate::store;
use crate::user::User;
use http::header::{CACHE_CONTROL, ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use spindle_contracts::UserId;
use spindle_edge::Outcome;
use spindle_platform::Context;
use spindle_platform::http::{ETag, Page, Request, Response, empty, json};

/// The name under which cursors of the list are made.
const LIST: &str = "users";

/// `POST /v1/users`: 201 with the user.
pub(crate) async fn create(context: &Context, mut request: Request) -> Outcome {
    let draft = request.json().await?;
    let user = User::create(UserId(context.new_id()), draft, context.now(), || context.new_id())?;
    store::insert(&context.sql().await?, &user).await?;

    let mut response = with_user(StatusCode::CREATED, &user);
    let location = HeaderValue::try_from(format!("/v1/users/{}", user.id)).expect("an id is visible ASCII");
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `GET /v1/users`: a page of the users in the order of their creation, or with `?email=` the one who has that address.
pub(crate) async fn list(context: &Context, request: Request) -> Outcome {
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
pub(crate) async fn get(context: &Context, request: Request) -> Outcome {
    let user = store::get(&context.sql().await?, request.param("id")?).await?;
    let mut response = with_user(StatusCode::OK, &user);
    if request.not_modified(&etag(&user)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(http::header::CONTENT_TYPE);
        response.body_mut().clear();
    }
    Ok(response)
}

/// `PATCH /v1/users/{id}` with `If-Match`: 200 with the changed user.
pub(crate) async fn change(context: &Context, mut request: Request) -> Outcome {
    let change = request.json().await?;
    let precondition = request.if_match()?;
    let id = request.param("id")?;
    let db = context.sql().await?;
    let user = store::get(&db, id).await?;
    precondition.check(&etag(&user))?;
    let user = user.changed(change, context.now(), || context.new_id())?;
    store::update(&db, &user).await?;
    Ok(with_user(StatusCode::OK, &user))
}

/// `DELETE /v1/users/{id}` with `If-Match`: 204. The id stays taken, and nothing personal is left under it.
pub(crate) async fn erase(context: &Context, request: Request) -> Outcome {
    let precondition = request.if_match()?;
    let db = context.sql().await?;
    let user = store::get(&db, request.param("id")?).await?;
    precondition.check(&etag(&user))?;
    store::erase(&db, &user, context.now()).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn etag(user: &User) -> ETag {
    ETag::of_version(user.version)
}

/// A user as a body, with its version, to be kept only by the client and checked each time.
fn with_user(status: StatusCode, user: &User) -> Response {
    let mut response = json(status, user);
    let headers = response.headers_mut();
    headers.insert(ETAG, etag(user).header());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
