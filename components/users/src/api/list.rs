//! The list of users, and its filters.

use crate::store;
use deserr::{Deserr, ValuePointerRef};
use schemars::JsonSchema;
use spindle_contracts::input::{BrokenRule, InputErrors};
use spindle_contracts::{UserId, email};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::http::{Page, Paged, Request};

/// The name of the list in its cursors.
const LIST: &str = "users";

/// The filters of the list of users.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = UserQuery::with_one_filter -> BrokenRule)]
#[schemars(deny_unknown_fields)]
pub(crate) struct UserQuery {
    /// Only the user with this e-mail address, in any spelling.
    #[deserr(default, try_from(String) = searched_email -> BrokenRule)]
    #[schemars(length(max = email::MAX_BYTES), extend("format" = "idn-email"))]
    email: Option<String>,
    /// Only users whose e-mail addresses are also another user's, which accounts of earlier releases may be.
    #[deserr(default)]
    collides: Option<OnlyTrue>,
}

/// The value of a parameter that is absent or true.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors)]
#[schemars(inline)]
enum OnlyTrue {
    #[deserr(rename = "true")]
    #[schemars(rename = "true")]
    True,
}

/// Accepts the form of an e-mail address alone: accounts of earlier releases may have one that is refused today.
fn searched_email(text: String) -> Result<Option<String>, BrokenRule> {
    if email::is_address(&text) { Ok(Some(text)) } else { Err(BrokenRule::new("is not an e-mail address")) }
}

impl UserQuery {
    fn with_one_filter(self, _: ValuePointerRef<'_>) -> Result<Self, BrokenRule> {
        match (&self.email, self.collides) {
            (Some(_), Some(OnlyTrue::True)) => Err(BrokenRule::at("/collides", "excludes the parameter email")),
            _ => Ok(self),
        }
    }
}

/// Handles `GET /v1/users`: a page of the users in the order of their creation; with `?email=` the user with that address in any spelling;
/// with `?collides=true` the users whose addresses are also another user's.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters: UserQuery { email, collides } } = request.query()?;
    let after = page.after::<UserId>(LIST)?;
    let db = context.sql().await?;
    let users = match (email, collides) {
        (Some(email), _) => store::list_by_email(&db, &email, after, page.rows_to_fetch()).await?,
        (None, Some(OnlyTrue::True)) => store::list_colliding(&db, after, page.rows_to_fetch()).await?,
        (None, None) => store::list(&db, after, page.rows_to_fetch()).await?,
    };
    Ok(Page::new(&page, LIST, users, |user| user.id).into_response(&request))
}
