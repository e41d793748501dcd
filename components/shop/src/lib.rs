//! The storefront, compiled into the component. It has no rights: no store, no variable, and no host that it may call. The page calls the API from
//! the browser, as any client does.

#[cfg(test)]
mod tests;

use spindle_edge::serve_public;
use spindle_platform::http::{Request, Response};
use spindle_platform::{Platform, Scope};
use spindle_static_files::{File, add_page_headers, files, page_or, respond};

const SCOPE: Scope = Scope { service: "shop", migrations: &[] };

/// The files of the storefront.
static FILES: &[File] = files!();

/// The path of the storefront, whose page also reads the paths below it.
const PAGE: &str = "/shop";

/// The content security policy: everything comes from this origin, and nothing may be written into the page as code
/// ([ADR 52](../../../docs/adr/0052-pages-from-components-without-rights.md)).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves `request`.
pub async fn serve(platform: Platform, request: Request) -> Response {
    let handle = |request: &Request| respond(request, page_or(FILES, request.path(), PAGE));
    let mut response = serve_public(SCOPE, platform, request, handle).await;
    add_page_headers(&mut response, POLICY);
    response
}

#[cfg(target_family = "wasm")]
spindle_platform::export!(super::serve);
