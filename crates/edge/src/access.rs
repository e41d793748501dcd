//! Whether a request may use the route that it matched.

use crate::route::Access;
use http::header::AUTHORIZATION;
use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::http::Request;
use spindle_platform::{Context, token};

/// Lets the request on, or says why not.
pub(crate) fn check(context: &Context, request: &Request, access: Access) -> Result<(), Problem> {
    match access {
        Access::Public => Ok(()),
        Access::Service => service(context, request),
    }
}

fn service(context: &Context, request: &Request) -> Result<(), Problem> {
    let refused = |cause: &dyn std::fmt::Display| Problem {
        cause: Some(cause.to_string()),
        ..Problem::new(ProblemKind::Unauthorized, "This operation takes calls from other services only.")
    };
    let secret = context.config().get(token::SECRET_VARIABLE)?;
    let presented = request.header(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let presented = presented.ok_or_else(|| refused(&"no service token"))?;
    match token::verify(&secret, presented, context.service(), context.now()) {
        Ok(_caller) => Ok(()),
        Err(error @ token::Error::WeakSecret) => Err(Problem::internal(error)),
        Err(error) => Err(refused(&error)),
    }
}
