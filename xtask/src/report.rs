//! What `cargo xtask up` prints once everything runs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::admin::{self, Credentials};
use crate::application::Application;
use crate::secrets::{DEMO_PASSWORD, env_name, needed};
use crate::seed::Customer;
use crate::seed::catalog::Shop;

/// Everything the report tells.
#[derive(Debug)]
pub struct Report<'a> {
    /// Where the application answers.
    pub url: &'a str,
    /// The certificate to trust, if it answers over HTTPS.
    pub cert: Option<&'a Path>,
    /// From the host's start until it was ready.
    pub took: Duration,
    /// What runs.
    pub application: &'a Application,
    /// The folder of the databases.
    pub state_dir: PathBuf,
    /// The file of the development secrets.
    pub env_file: PathBuf,
    /// The first admin, if there is one.
    pub admin: Option<&'a Credentials>,
    /// Whether the first admin could log in; `None` if nobody tried.
    pub admin_logged_in: Option<bool>,
    /// The demo customers that are there.
    pub customers: &'a [Customer],
    /// The log of the event relay, if events go over Redis.
    pub relay: Option<&'a Path>,
    /// What is for sale, if somebody has looked.
    pub shop: Option<Shop>,
}

impl Report<'_> {
    /// The report, ready to print.
    pub fn text(&self) -> String {
        let mut text =
            format!("\nSpindle runs on {} (ready in {:.1} s). Ctrl-C stops it.\n\n", self.url, self.took.as_secs_f64());
        self.components(&mut text);
        self.accounts(&mut text);
        for line in self.shell_lines() {
            let _ = writeln!(text, "  {line}");
        }
        text
    }

    fn components(&self, text: &mut String) {
        let mut rows = vec![["component".to_owned(), "route".to_owned(), "database".to_owned()]];
        for component in &self.application.components {
            let databases = match component.databases.as_slice() {
                [] => "-".to_owned(),
                labels => labels.join(", "),
            };
            rows.push([component.id.clone(), component.routes.join(" "), databases]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let (first, second) = (width(0), width(1));
        for [component, route, database] in &rows {
            let _ = writeln!(text, "  {component:first$}  {route:second$}  {database}");
        }
    }

    fn accounts(&self, text: &mut String) {
        let secrets: Vec<String> = needed(self.application).into_iter().map(|line| line.name).collect();
        let _ = writeln!(text, "\n  data     {}", self.state_dir.display());
        if let Some(cert) = self.cert {
            let _ = writeln!(text, "  trust    {}", cert.display());
        }
        if let Some(log) = self.relay {
            let _ = writeln!(text, "  events   over Redis, by components/event-relay, whose log is {}", log.display());
        }
        let _ = writeln!(text, "  secrets  {} (development only):", self.env_file.display());
        for name in secrets {
            let _ = writeln!(text, "           {name}");
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
        if let Some(Shop { products, categories }) = self.shop {
            let _ = writeln!(text, "  shop     {products} products in {categories} categories");
        }
        text.push('\n');
    }

    /// Lines for a shell: is it ready; what is for sale (`creme` finds `crème`); and, if there is an admin, log in and use the token.
    fn shell_lines(&self) -> Vec<String> {
        let url = self.url;
        let curl = match self.cert {
            Some(cert) => format!("curl --cacert {}", quoted(&cert.to_string_lossy())),
            None => "curl".to_owned(),
        };
        let mut lines = vec![format!("{curl} {url}/readyz")];
        if self.shop.is_some() {
            lines.push(format!("{curl} '{url}/v1/products?q=creme&sort=price&limit=3'"));
        }
        if self.admin.is_none() || self.admin_logged_in == Some(false) {
            return lines;
        }
        // `printf` is the shell's own, so that the password is in no list of processes.
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

/// `text` as one word of a shell.
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
