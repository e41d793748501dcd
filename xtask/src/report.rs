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

/// The contents of the report. Without `Debug`, because it has passwords.
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
    /// The folder of the guides.
    pub guides: PathBuf,
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
    /// The password of the demo customers, if there is one.
    pub demo_password: Option<&'a str>,
    /// Whether a person reads the report, who gets the passwords too. Any other reader gets the names of their variables.
    pub is_terminal: bool,
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
        self.secrets(&mut text);
        self.where_to_look(&mut text);
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
        if let Some(DemoCatalog { products, categories }) = self.catalog {
            let _ = writeln!(text, "  catalog  {products} products in {categories} categories");
        }
        let _ = writeln!(text, "  guides   {}", self.guides.display());
        let _ = writeln!(text, "  data     {}", self.state_dir.display());
    }

    fn secrets(&self, text: &mut String) {
        if let Some(cert) = self.cert {
            let _ = writeln!(text, "  trust    {}", cert.display());
        }
        let _ = writeln!(text, "  secrets  {} (development only):", self.env_file.display());
        for line in needed(self.application) {
            let _ = writeln!(text, "           {}", line.name);
        }
        text.push('\n');
    }

    /// Writes the last lines, which are those that stay in view: the pages, who can log in, and a search (`creme` finds `crème`).
    fn where_to_look(&self, text: &mut String) {
        let url = self.url;
        let _ = writeln!(text, "  shop      {url}/shop");
        let _ = writeln!(text, "  docs      {url}/docs");
        if !self.customers.is_empty() {
            let emails: Vec<&str> = self.customers.iter().map(|customer| customer.email.as_str()).collect();
            let password = self.password(self.demo_password, DEMO_PASSWORD);
            let _ = writeln!(text, "  customer  {}, password: {password}", emails.join(", "));
        }
        if let Some(admin) = self.admin {
            let password = match self.admin_logged_in {
                Some(false) => "another one than in secrets",
                _ => &self.password(Some(&admin.password), &env_name(admin::PASSWORD)),
            };
            let _ = writeln!(text, "  admin     {}, password: {password}", admin.email);
        }
        let curl = match self.cert {
            Some(cert) => format!("curl --cacert {}", quoted(&cert.to_string_lossy())),
            None => "curl".to_owned(),
        };
        let query = if self.catalog.is_some() { "?q=creme&limit=3" } else { "?limit=3" };
        let _ = writeln!(text, "  try       {curl} '{url}/v1/products{query}'");
    }

    /// Returns `password` for a person, and otherwise the name of the variable that has it.
    fn password(&self, password: Option<&str>, variable: &str) -> String {
        password.filter(|_| self.is_terminal).unwrap_or(variable).to_owned()
    }
}

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
