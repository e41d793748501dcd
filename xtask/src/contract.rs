//! `cargo xtask contract`: checks the documents of the API against their specifications, our style and the released versions, and a running
//! instance against them. The tools come from PyPI, npm and the Go module proxy, in the versions that `tools/` pins.

mod documents;
mod instance;
mod requests;
mod tools;

use anyhow::Result;

use self::instance::Instance;
use self::requests::Role;
use crate::admin::Credentials;
use crate::checks::Checks;
use crate::workspace::Workspace;

/// The options of `cargo xtask contract`.
#[derive(Debug)]
pub struct Options {
    /// The number of requests to generate, about.
    pub cases: u32,
    /// The seed of the generated requests.
    pub seed: u32,
    /// Whether requests are generated at all.
    pub requests: bool,
    /// A running instance and one of its admins; without one, an instance is built and started.
    pub instance: Option<(String, Credentials)>,
    /// Whether a check whose tool is missing fails, instead of being skipped.
    pub require_all: bool,
}

/// Makes all checks, each with one line of result, and returns an error if one failed.
///
/// # Errors
///
/// If a check failed, or was skipped and may not be.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut checks = Checks::new(options.require_all);
    checks.run("OpenAPI specification", || documents::check_specification(workspace));
    checks.run("style", || documents::check_style(workspace));
    checks.run("breaking changes", || documents::check_breaking_changes(workspace));
    checks.run("AsyncAPI specification", || documents::check_events(workspace));
    if options.requests {
        let mut instance = None;
        for role in [Role::Customer, Role::Admin] {
            checks.run(role.check(), || {
                requests::check(workspace, options, role, || Instance::of(workspace, options, &mut instance))
            });
        }
    }
    checks.finish()
}
