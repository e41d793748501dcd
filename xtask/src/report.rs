//! The report that `cargo xtask up` prints once the application is ready.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::admin::{self, Credentials};
use crate::application::{self, Application};
use crate::provider::Choice;
use crate::secrets::{DEMO_PASSWORD, env_name, needed};
use crate::seed::Customer;
use crate::seed::catalog::DemoCatalog;

/// The contents of the report.
#[derive(Debug)]
pub struct Report<'a> {
    /// The URL of the application.
    pub url: &'a str,
    /// The program that runs it, with its version if it is Spin.
    pub runtime: &'a str,
    /// The certificate to trust, if the application serves HTTPS.
    pub cert: Option<&'a Path>,
    /// The time from the host's start until it was ready.
    pub took: Duration,
    /// The application that runs.
    pub application: &'a Application,
    /// The providers that replace those of the manifest.
    pub providers: &'a [Choice],
    /// The value of `event_transport`.
    pub event_transport: &'a str,
    /// The value of `log_level`.
    pub log_level: &'a str,
    /// The folder of the documents.
    pub docs: PathBuf,
    /// The folder of the databases.
    pub state_dir: PathBuf,
    /// The file of the development secrets.
    pub env_file: PathBuf,
    /// The first admin, if there is one.
    pub admin: Option<&'a Credentials>,
    /// Whether the first admin could log in; `None` without an attempt.
    pub admin_logged_in: Option<bool>,
    /// The demo customers that exist.
    pub customers: &'a [Customer],
    /// The log of the event relay, if events go over Redis.
    pub relay: Option<&'a Path>,
    /// The demo catalog; `None` if it was not looked up.
    pub catalog: Option<DemoCatalog>,
}

impl Report<'_> {
    /// Returns the report, ready to print.
    pub fn text(&self) -> String {
        let seconds = self.took.as_secs_f64();
        let mut text = format!(
            "\nSpindle runs on {} (ready in {seconds:.1} s, on {}). Ctrl-C stops it.\n\n",
            self.url, self.runtime
        );
        self.components(&mut text);
        self.settings(&mut text);
        self.accounts(&mut text);
        for line in self.shell_lines() {
            let _ = writeln!(text, "  {line}");
        }
        text
    }

    fn components(&self, text: &mut String) {
        let mut rows = vec![["component".to_owned(), "route".to_owned(), "database".to_owned(), "provider".to_owned()]];
        for component in &self.application.components {
            let databases = match component.databases.as_slice() {
                [] => "-".to_owned(),
                labels => labels.join(", "),
            };
            let chosen = self.providers.iter().find(|choice| choice.component == component.id);
            let provider = match chosen {
                Some(choice) => choice.file.display().to_string(),
                None => component.dependencies.iter().map(|path| application::package(path)).collect(),
            };
            rows.push([component.id.clone(), component.routes.join(" "), databases, provider]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let (first, second, third) = (width(0), width(1), width(2));
        for [component, route, database, provider] in &rows {
            let row = format!("  {component:first$}  {route:second$}  {database:third$}  {provider}");
            let _ = writeln!(text, "{}", row.trim_end());
        }
    }

    fn settings(&self, text: &mut String) {
        let events = match self.relay {
            Some(log) => format!("over Redis, by components/event-relay, whose log is {}", log.display()),
            None => format!("over {} (event_transport)", self.event_transport.to_uppercase()),
        };
        let _ = writeln!(text, "\n  events   {events}");
        let level = env_name("log_level");
        let _ = writeln!(text, "  log      {} and above (log_level; {level}=debug shows all)", self.log_level);
        let _ = writeln!(text, "  api      {0}/openapi.json, {0}/openapi.yaml, events: {0}/asyncapi.json", self.url);
        let _ = writeln!(text, "  docs     {}", self.docs.display());
        let _ = writeln!(text, "  data     {}", self.state_dir.display());
    }

    fn accounts(&self, text: &mut String) {
        if let Some(cert) = self.cert {
            let _ = writeln!(text, "  trust    {}", cert.display());
        }
        let _ = writeln!(text, "  secrets  {} (development only):", self.env_file.display());
        for line in needed(self.application) {
            let _ = writeln!(text, "           {}", line.name);
        }
        if let Some(admin) = self.admin {
            let _ = match self.admin_logged_in {
                Some(false) => writeln!(text, "  admin    {}, but with another password than in secrets", admin.email),
                _ => writeln!(text, "  admin    {}, password: {}", admin.email, env_name(admin::PASSWORD)),
            };
        }
        if !self.customers.is_empty() {
            let emails: Vec<&str> = self.customers.iter().map(|customer| customer.email.as_str()).collect();
            let _ = writeln!(text, "  demo     {}, password: {DEMO_PASSWORD}", emails.join(", "));
        }
        if let Some(DemoCatalog { products, categories }) = self.catalog {
            let _ = writeln!(text, "  catalog  {products} products in {categories} categories");
        }
        text.push('\n');
    }

    /// Returns lines for a shell: readiness; a search (`creme` finds `crème`); and, if there is an admin, a log-in and requests with its token.
    fn shell_lines(&self) -> Vec<String> {
        let url = self.url;
        let curl = match self.cert {
            Some(cert) => format!("curl --cacert {}", quoted(&cert.to_string_lossy())),
            None => "curl".to_owned(),
        };
        let mut lines = vec![format!("{curl} {url}/readyz")];
        if self.catalog.is_some() {
            lines.push(format!("{curl} '{url}/v1/products?q=creme&sort=price&currency=EUR&limit=3'"));
        }
        if self.admin.is_none() || self.admin_logged_in == Some(false) {
            return lines;
        }
        // `printf` is built into the shell, so that the password is in no list of processes.
        lines.push(format!(
            r#"TOKEN=$(. {env_file}; printf '{{"email":"%s","password":"%s"}}' "${email}" "${password}" | {curl} -s {url}/v1/auth/login {JSON} -d @- | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"#,
            env_file = quoted(&self.env_file.to_string_lossy()),
            email = env_name(admin::EMAIL),
            password = env_name(admin::PASSWORD),
        ));
        let bearer = r#"-H "authorization: Bearer $TOKEN""#;
        lines.push(format!("{curl} -i {url}/v1/users {bearer}"));
        lines.push(match self.customers.first() {
            Some(Customer { id, etag, .. }) => format!(
                r#"{curl} -i -X PATCH {url}/v1/users/{id} {bearer} {JSON} -H 'if-match: {etag}' -d '{{"locale":"de-DE"}}'"#
            ),
            None => format!("{curl} -i {url}/v1/users/me {bearer}"),
        });
        lines
    }
}

const JSON: &str = "-H 'content-type: application/json'";

/// Quotes `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted("/home/ada/.env"), "/home/ada/.env");
        assert_eq!(quoted("/home/ada's files/.env"), r"'/home/ada'\''s files/.env'");
    }
}
